"""A portfolio in words: whom to ask, what it is worth, and who is a partner in fact."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from sim.analysis.portfolio.belonging import CORE, FRINGE, NEVER
from sim.analysis.portfolio.blocking import BY_AIM, BY_RANKING
from sim.analysis.shared.estimates import Estimate
from sim.words.text import with_article
from sim.words.titles import country_names, offer_title, provider_name
from sim.words.wording import (
    by_when,
    counted,
    listed,
    month_in_words,
    number,
    percent,
    with_capital,
    with_span,
)

if TYPE_CHECKING:
    from sim.analysis.portfolio.found import Further, Other, Selection

_IN_TEXT = {
    "gdp": "the largest economies", "readiness": "the countries readiest for AI",
    "ranking": "those that its own ranking asks first", "random": "countries drawn at random",
    "in_fact": "the partners in fact",
}  # fmt: skip
# The rule of the scenario, which is no set that is asked alone.
_RULE = "its own ranking, which asks others after a refusal"
_MOST_NAMES = 12


def amount(value: float) -> str:
    """Return a number of partners, gigawatts or percent.

    Examples
    --------
    >>> amount(4.248), amount(0.2314), amount(0.0)
    ('4.2', '0.23', '0')
    """
    return f"{value:.2f}" if 0.0 < abs(value) < 1.0 else number(value)


def signed_change(value: float) -> str:
    """Return a difference with its sign.

    Examples
    --------
    >>> signed_change(0.2314), signed_change(-1.24), signed_change(0.001)
    ('+0.23', '-1.2', '0')
    >>> signed_change(float("nan"))
    '-'
    """
    text = amount(abs(value))
    if text in ("-", "0", "0.0", "0.00"):
        return text.removesuffix(".00").removesuffix(".0")
    return f"{'+' if value > 0 else '-'}{text}"


def portfolio_sentences(found: Selection) -> list[str]:
    """Return what came out: two sentences to quote, then what lies behind them."""
    lines = [line for line in (_by_rule(found), _whom(found), _worth(found)) if line]
    single = found.asked.objective.single
    lines += [single.note] if single is not None and single.note else []
    lines += [line for line in (_in_fact(found), _by_terms(found), _places(found)) if line]
    lines += [_limit(each) for each in found.further]
    lines += [line for line in (_belongs(found), _blocks(found), _optimism(found)) if line]
    return lines


def _who(found: Selection) -> str:
    return with_article(provider_name(found.scenario, found.provider))


def _names(codes: Collection[str]) -> str:
    known = country_names()
    names = [with_article(known.get(code, code)) for code in codes]
    if len(names) > _MOST_NAMES:
        names = [*names[:_MOST_NAMES], f"{len(names) - _MOST_NAMES} more"]
    return listed(names) if names else "nobody"


def _end(found: Selection) -> str:
    return by_when(found.months[-1])


def _span(each: Estimate) -> str:
    value, ends = with_span(each.mean, each.low, each.high, signed_change)
    return f"{value} (90 %: {ends})" if ends != "-" else value


def _offer(found: Selection) -> str:
    return offer_title(found.scenario, found.asked.offer).split(": ", 1)[1]


def _better_rule(found: Selection) -> Other | None:
    """Return the rule of the scenario, if it does better beyond chance than any set asked alone."""
    rule = found.other("rule")
    return rule if rule is not None and rule.fits and rule.ahead.high < 0.0 else None


def _by_rule(found: Selection) -> str:
    """Return that the rule of the scenario does better, where it does; then this comes first."""
    rule = _better_rule(found)
    if rule is None:
        return ""
    more = Estimate(-rule.ahead.mean, -rule.ahead.high, -rule.ahead.low, rule.ahead.error)
    return (
        f"For {found.asked.objective.aim} by {_end(found)}, {_who(found)} does better to leave its "
        f"{_offer(found)} offer to {_RULE}, than to ask any one set of countries and no others: by "
        f"{_span(more)} over the best set that was found."
    )


def _whom(found: Selection) -> str:
    """Return whom to ask; the first sentence to quote unless the rule does better."""
    offer = _offer(found)
    aim, who = f"{found.asked.objective.aim} by {_end(found)}", _who(found)
    head = f"For {aim}"
    if _better_rule(found) is not None:
        head = f"Of sets that are asked alone, for {aim}"
    of_places = f"with its {counted(found.asked.places, 'place')}"
    if found.held:
        n_held = len(found.held)
        verb = "holds" if n_held == 1 else "hold"
        places = counted(found.asked.places, "place")
        head = (
            f"{_names(found.held)} {verb} {n_held} of {places} on record; "
            f"{head[:1].lower()}{head[1:]}"
        )
        of_places = f"with the other {found.asked.places - n_held}"
        head = with_capital(head)
    if not found.members:
        return f"{head}, the model would have {who} make its {offer} offer to nobody."
    return (
        f"{head}, the model would have {who} make its {offer} offer, {of_places}, to "
        f"{_names(found.codes)}."
    )


def _worth(found: Selection) -> str:
    """Return what it is worth beside other sets; the second sentence to quote."""
    low, high = (amount(each) for each in found.spread)
    says = found.asked.objective.says.format(who=_who(found), amount=amount(found.value.mean))
    if found.value.mean < 0.0 and says.endswith(" fewer partners"):
        more = amount(-found.value.mean)
        says = says.replace(f"{amount(found.value.mean)} fewer partners", f"{more} more partners")
    text = (
        f"If it asks these and no others, {says} by {_end(found)}, on average over the futures of "
        f"the model ({low} to {high} in nine futures of ten); compared with asking nobody, that is "
        f"{_span(found.adds)}"
    )
    told = [
        f"{words}{_beyond(other)} {signed_change(found.adds.mean - other.ahead.mean)}"
        for name, words in _IN_TEXT.items()
        if (other := found.other(name)) is not None
    ]
    text = f"{text}. Other sets, asked in the same way, would bring: {'; '.join(told)}."
    rule = found.other("rule")
    if rule is not None:
        brings = signed_change(found.adds.mean - rule.ahead.mean)
        text += f" With {_RULE}{_beyond(rule)}, it would be {brings}."
    if found.adds.low <= 0.0 <= found.adds.high:
        text += " No set that was tried can be told from asking nobody."
    return f"{text}{_ahead(found)}"


def _ahead(found: Selection) -> str:
    """Return which other set does better in the fresh futures, if one does beyond chance."""
    better = [
        other for name in _IN_TEXT
        if (other := found.other(name)) is not None
        and other.codes and other.fits and other.ahead.high < 0.0
    ]  # fmt: skip
    told = "; ".join(
        f"{_IN_TEXT[other.name]} ({_names(other.codes)}) bring "
        f"{signed_change(-other.ahead.mean)} more"
        for other in better
    )
    return (
        f" In these fresh futures {told}: sets as close as this the search cannot tell apart."
        if told
        else ""
    )


def _beyond(other: Other) -> str:
    return "" if other.fits else " (beyond the limits)"


def _in_fact(found: Selection) -> str:
    holders = found.holders_in_fact
    if not found.record:
        return f"No record of answers to offers of {_who(found)} is kept, so none stands beside it."
    since = month_in_words(found.scenario.horizon.known_since or found.months[0])
    if not holders:
        return f"On record, no country has accepted this offer since {since}."
    ended = {each.code for each in found.record if each.ended}
    both = [code for code in holders if code in found.codes]
    new = [code for code in holders if code not in (*found.codes, *found.held)]
    text = f"On record since {since}, {counted(len(holders), 'government')} accepted this offer"
    gone = [code for code in holders if code in ended]
    if gone:
        text += f", and it has ended in {_names(gone)}"
    text += f". Of those to ask, {_names(both) if both else 'none'} did"
    if new:
        text += f"; the model would not ask {_names(new)}, which did too"
    light = [
        each.code for each in found.record
        if each.code in found.codes and each.offer != found.asked.offer and each.code not in holders
    ]  # fmt: skip
    if light:
        text += f"; {_names(dict.fromkeys(light))} took another offer of it"
    return f"{text}."


def _by_terms(found: Selection) -> str:
    if not found.settings:
        return ""
    best = next(each for each in found.settings if each.is_chosen)
    others = "; ".join(
        f"“{each.name}” {_span(each.behind)}" for each in found.settings if not each.is_chosen
    )
    return (
        f"Of {len(found.settings)} settings of its terms, each with the best countries for it, "
        f"“{best.name}” comes first; less far go {others}."
    )


def _places(found: Selection) -> str:
    own = [each for each in found.slots if not each.is_beyond]
    if not own:
        return ""
    last = own[-1]
    text = (
        f"The first place to fill adds {_span(own[0].adds)} ({with_article(own[0].name)}), "
        f"the last {_span(last.adds)} ({with_article(last.name)})"
    )
    beyond = [each for each in found.slots if each.is_beyond]
    if beyond and not beyond[0].adds.high > 0.0:
        return f"{text}; one place more would add nothing."
    if beyond:
        who = with_article(beyond[0].name)
        return f"{text}; one place more would add {_span(beyond[0].adds)} ({who})."
    if len(found.members) + len(found.held) < found.asked.places:
        why = "no other country fits and adds anything" if found.further else (
            "no other country would add anything"
        )  # fmt: skip
        return f"{text}; {why}, so places stay empty."
    return f"{text}; no other country fits."


def _limit(each: Further) -> str:
    text = (
        f"Were all to sign, partners would take {number(each.expected)} {each.unit} on average, "
        f"and no more than {number(each.amount)} in 95 % of the draws of the uncertain numbers"
    )
    moves = []
    if each.joins:
        moves.append(f"{_names(each.joins)} would join")
    if each.leaves:
        moves.append(f"{_names(each.leaves)} would not be asked")
    if not moves or not each.adds.mean > 0.0:
        return f"{text}. {number(each.step)} {each.unit} more would change nothing."
    return f"{text}. {number(each.step)} {each.unit} more would add {_span(each.adds)}: " + (
        f"{listed(moves)}."
    )


def _belongs(found: Selection) -> str:
    # Who is asked in any case belongs by wish.
    free = [each for each in found.belonging if each.code not in found.asked.include]
    by_group = {
        group: [each.code for each in free if each.group == group]
        for group in (CORE, FRINGE, NEVER)
    }
    core, fringe, never = by_group[CORE], by_group[FRINGE], by_group[NEVER]
    if core:
        text = f"{_names(core)} {'belongs' if len(core) == 1 else 'belong'}"
    else:
        text = "many countries are nearly as good as each other: none belongs"
    text = (
        f"Over {found.draws} draws of the uncertain numbers, {text} to the best set in at least "
        "half of them"
    )
    if fringe:
        verb = "belongs" if len(fringe) == 1 else "belong"
        text += f"; {len(fringe)} {verb} in some, most often {_names(fringe[:4])}"
    return f"{text}; {len(never)} of {len(free)} never do."


def _blocks(found: Selection) -> str:
    stable = found.stability
    share = stable.any_pair[BY_AIM]
    empty = f"{amount(stable.empty_places)} of {found.asked.places} places are empty at the end"
    if share.mean == 0.0:
        return (
            f"On average {empty}; in no future would a country that is not asked take a place to "
            "the provider's gain."
        )
    first = next(each for each in stable.pairs if each.by == BY_AIM)
    names = country_names()
    who = with_article(names.get(first.outside, first.outside))
    where = f"in the place of {_names([first.inside])}" if first.inside else "in an empty place"
    return (
        f"On average {empty}. In {percent(share.mean)} of the futures there is a country that is "
        "not asked, would say yes, and would bring the provider more than an empty place or one of "
        f"its partners does; most often {who}, {where} ({percent(first.share.mean)}). A country "
        "that its own ranking would rather have than a partner or an empty place is there in "
        f"{percent(stable.any_pair[BY_RANKING].mean)}: the ranking goes by other things than this "
        "aim."
    )


def _optimism(found: Selection) -> str:
    if not found.members:
        return ""
    return (
        f"In the futures in which {counted(found.screened, 'set')} were compared, this one added "
        f"{signed_change(found.searched)}: the best of many looks better there than it is. All of "
        f"the above rests on {counted(found.replicates, 'fresh future')}."
    )
