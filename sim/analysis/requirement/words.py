"""An answer to what it would take, in words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.analysis.requirement.bound import NOT_ASKED, NOT_TAKEN_UP, SAYS_NO, SIGNS
from sim.analysis.requirement.found import ALREADY, BARELY, BEYOND, GIVEN, Found
from sim.words.text import with_article
from sim.words.titles import country_names
from sim.words.wording import (
    by_when,
    counted,
    listed,
    month_in_words,
    number,
    percent,
    points,
    span,
    with_sign,
)

if TYPE_CHECKING:
    from sim.analysis.requirement.bound import Binding
    from sim.analysis.requirement.catalogue import Movable
    from sim.analysis.requirement.found import LeverInterval
    from sim.analysis.requirement.moving import Moves
    from sim.analysis.shared.estimates import Estimate

_MOST_NAMED = 4
_INTERVALS = (
    "An interval is a 90 % interval of the mean over these futures, Monte Carlo error alone: it "
    "leaves out that the numbers of the model are uncertain."
)
_QUOTED = {"slots": "more places", "pace": "faster invitations"}
_WHAT_BINDS = {
    NOT_ASKED: "it is not asked in time",
    NOT_TAKEN_UP: "it does not take the question up in time",
    SAYS_NO: "it would say no",
}


def with_interval(found: Estimate) -> str:
    """Return a probability with its interval, such as *23 % (18 to 28 %)*."""
    return f"{percent(found.mean)} ({span(found.low, found.high, percent)})"


def by_the_end(month: str) -> str:
    """Return the end of a month inside a sentence.

    Examples
    --------
    >>> by_the_end("2027-12"), by_the_end("2027-06")
    ('by the end of 2027', 'by the end of June 2027')
    """
    return f"by the end of {by_when(month)}"


def lever_words(lever: Movable, value: float) -> str:
    """Return a lever that moves: to where, and from where."""
    return f"“{lever.title}” were {lever.shown(value)} instead of {lever.shown(lever.start)}"


def usd_words(usd_m: float) -> str:
    """Return a sum of money for readers.

    Examples
    --------
    >>> usd_words(6180.4), usd_words(230.0)
    ('USD 6.2 billion', 'USD 230 million')
    """
    if usd_m >= 1000.0:
        return f"USD {usd_m / 1000.0:,.1f} billion"
    return f"USD {usd_m:,.0f} million"


def requirement_sentences(found: Found) -> list[str]:
    """Return what came out: the answer, its certificate, what binds, what it costs, who moves."""
    lines = [_answer(found), _certified(found)]
    lines += [_binds(found, each) for each in found.binding]
    lines += [line for line in (_advice(found), _set_aside(found)) if line]
    if found.moved and found.state != BEYOND:
        lines.append(_costs(found))
    lines += _overruled(found)
    if found.has_falls:
        why = (
            ", which may be chance in so few futures"
            if found.question.is_alone
            else ": others who are asked first sign too, and fewer places are left"
        )
        lines.append(
            f"Better terms do not always help: the probability falls on part of the way{why}."
        )
    if (found.moved or found.question.is_alone) and found.state != BEYOND:
        lines += _who_moves(found)
    return lines


def _asked(found: Found) -> str:
    asked = found.question
    return f"{asked.name} signs {asked.offer} {by_the_end(asked.month)}"


def _moves_made(found: Found) -> str:
    """Return the terms of the answer inside a sentence."""
    if not found.moved:
        return "if a place were set aside for it, without better terms"
    moved = listed(lever_words(found.levers[j], found.spans[j].value) for j in found.moved)
    alone = " for it alone, with a place set aside" if found.question.is_alone else ""
    return f"if {moved}{alone}"


def _answer(found: Found) -> str:
    level, made = percent(found.question.level), found.certificate
    fresh = counted(made.replicates, "fresh future")
    now = with_interval(made.before)
    if found.state == ALREADY:
        return (
            f"In the model, {_asked(found)} with a probability of {now} on the terms as they "
            f"stand, in {fresh}; {level} is reached already: in {_searched(found)} it is "
            f"{with_interval(found.as_it_is)}."
        )
    if found.state == BEYOND:
        limits = listed(
            f"“{lever.title}” from {lever.shown(lever.start)} to {lever.shown(lever.limit)}"
            for lever in found.levers
        )
        return (
            f"In the model, no terms within the limits make it {level} likely that "
            f"{_asked(found)}: at most it is {with_interval(made.after)}, "
            f"{_best_terms(found)}, and as things stand {now}, both in the same {fresh}. "
            f"The search tried {limits}."
        )
    likely, both = f"at least {level}", ""
    if found.state == GIVEN:
        likely, both = with_interval(made.after), "both "
    return (
        f"In the model, {_asked(found)} with a probability of {likely} {_moves_made(found)}; as "
        f"things stand it is {now}, {both}in the same {fresh}."
    )


def _searched(found: Found) -> str:
    """Return the futures in which terms are tried, which are not those of the check."""
    return f"the {counted(found.replicates, 'future')} of the search"


def _best_terms(found: Found) -> str:
    """Return the terms at which the probability is greatest."""
    best = [
        f"“{lever.title}” at {lever.shown(lever.value(position))}"
        for lever, position in zip(found.levers, found.answer.positions, strict=True)
        if position
    ]
    return f"with {listed(best)}" if best else "on the terms as they stand"


def _certified(found: Found) -> str:
    made, level = found.certificate, percent(found.question.level)
    is_reached = made.confirms(found.question.level)
    if found.state == GIVEN:
        return _INTERVALS
    is_open = made.after.low <= found.question.level <= made.after.high
    if found.state == BEYOND:
        searched = with_interval(found.answer.chance)
        does = "confirm" if not is_reached else "do not confirm"
        open_ = ", though only just" if is_open else ""
        return (
            f"These fresh futures {does} that it falls short of {level}{open_}; the best of the "
            f"terms tried had {searched} in {_searched(found)}. {_INTERVALS}"
        )
    does = "confirm" if is_reached else "do not confirm"
    gives = "" if found.state == ALREADY else f" give {with_interval(made.after)} and"
    line = f"These fresh futures{gives} {does} the answer{', if only just' if is_open else ''}."
    if found.moved:
        spans = listed(_span(found.levers[j], found.spans[j]) for j in found.moved)
        line += (
            f" The answer keeps a margin; {level} itself is reached with {spans} (90 % interval)."
        )
    if found.state == BARELY:
        line = line.replace("The answer keeps a margin; ", "The limits leave no margin; ")
    return f"{line} {_INTERVALS}"


def _advice(found: Found) -> str:
    """Return what to ask instead where the country is asked too seldom to reach the level."""
    asked, last = found.question, found.binding[-1]
    moved = {lever.name for lever in found.levers}
    if found.state != BEYOND or last.asked.mean >= asked.level or asked.is_alone:
        return ""
    others = [name for name in ("slots", "pace") if name not in moved]
    if not others:
        return ""
    named = listed(_QUOTED[name] for name in others)
    return (
        "A better package cannot help a country that is not asked. What could help: "
        f"{named}, or a place set aside for it, with terms for it alone."
    )


def _overruled(found: Found) -> list[str]:
    """Return which events set a number that a lever moves: from then on the lever is idle."""
    return [
        f"The event “{event.title}” of {month_in_words(event.date)} sets “{lever.title}” itself: "
        "until then the lever acts, and no longer."
        for lever in found.levers
        for event in found.question.scenario.events
        if lever.address in (event.set or {}) and event.date <= found.question.month
    ]


def _set_aside(found: Found) -> str:
    """Return what the place alone does, where terms are for one country."""
    if not found.question.is_alone or not found.moved:
        return ""
    return (
        f"A place set aside for {found.question.name} alone, on the terms as they stand, makes it "
        f"{with_interval(found.set_aside)} in {_searched(found)}."
    )


def _span(lever: Movable, each: LeverInterval) -> str:
    if math.isinf(each.low):
        return f"“{lever.title}” beyond {lever.shown(lever.limit)}"
    if math.isinf(each.high):
        return f"“{lever.title}” from {lever.shown(each.low)} on, if within the limits at all"
    return f"“{lever.title}” between {lever.shown(each.low)} and {lever.shown(each.high)}"


def _binds(found: Found, each: Binding) -> str:
    asked = found.question
    where = {
        "as_it_is": "as things stand",
        "answer": "on these terms",
        "best": "on the best terms that can be had",
    }[each.where]
    shares = {name: percent(each.shares[name].mean) for name in each.shares}
    # Asked in every future, and asking at once would change none: nothing to say of it.
    is_settled = each.asked.mean == 1.0 and each.shares[NOT_ASKED].mean == 0.0
    sooner = (
        f"In {shares[NOT_TAKEN_UP]} it would sign if it took the question up "
        if is_settled
        else f"In {shares[NOT_ASKED]} it would sign if {asked.provider} asked {_everybody(each)}; "
        f"in a further {shares[NOT_TAKEN_UP]} if it also took the question up "
    )
    text = (
        f"In {_searched(found)}, {where}, {asked.name} is asked in {percent(each.asked.mean)} and "
        f"signs in {shares[SIGNS]}. {sooner}every month; in {shares[SAYS_NO]} not even then."
    )
    return f"{text} What stands in the way most: {_WHAT_BINDS[each.strongest]}."


def _everybody(each: Binding) -> str:
    """Return whom a provider without limits asks: a country that is always asked, only earlier."""
    return "it at once" if each.asked.mean == 1.0 else "everybody at once"


def _costs(found: Found) -> str:
    asked = found.question
    mw, usd_m = found.costs[found.answer.positions]
    was_mw, was_usd_m = found.costs[tuple(0 for _ in found.levers)]
    way = listed(
        f"{percent(lever.share(position))} of the way to the limit of “{lever.title}”"
        for lever, position in zip(found.levers, found.answer.positions, strict=True)
        if position
    )
    before = (
        f"on the terms as they stand {usd_words(was_usd_m)} for {number(round(was_mw))} MW"
        if usd_words(usd_m) != usd_words(was_usd_m)
        else "these terms do not change that"
    )
    text = "" if found.state == GIVEN else f"The terms go {way}. "
    return (
        f"{text}A partnership with {asked.name} would cost {asked.provider} "
        f"{usd_words(usd_m)} for {number(round(mw))} MW and the fund, after the host's share; "
        f"{before}."
    )


def _who_moves(found: Found) -> list[str]:
    whose = "for it alone" if found.question.is_alone else "to all who are asked"
    total = found.moves.total
    told = f"{with_sign(total.mean)} ({span(total.low, total.high, with_sign)})"
    lines = [
        f"{_movers(found, found.moves, f'With these terms {whose}')} Signatures of all others "
        f"together: {told}."
    ]
    if found.moves_by_terms is not None:
        begin = "Beyond the place set aside, by the terms themselves"
        lines.append(_movers(found, found.moves_by_terms, begin))
    return lines


def _movers(found: Found, moves: Moves, begin: str) -> str:
    """Return who else becomes likelier to sign, and who less likely."""
    own = moves.country.index(found.question.country)
    up, down = ([i for i in moves.movers(way) if i != own] for way in (1, -1))
    if not up and not down:
        return f"{begin}, no other country becomes likelier or less likely to sign, beyond chance."
    said = []
    if up:
        said.append(f"{counted_countries(len(up))} likelier to sign ({_named(moves, up)})")
    if down:
        word = "less likely" if up else "less likely to sign"
        said.append(f"{counted_countries(len(down))} {word} ({_named(moves, down)})")
    return f"{begin}, {listed(said)}."


def counted_countries(count: int) -> str:
    """Return how many other countries become something.

    Examples
    --------
    >>> counted_countries(1), counted_countries(3)
    ('1 other country becomes', '3 other countries become')
    """
    return "1 other country becomes" if count == 1 else f"{count} other countries become"


def _named(moves: Moves, which: list[int]) -> str:
    names = country_names()
    shown = [(names.get(moves.country[i], ""), moves.difference[i]) for i in which[:_MOST_NAMED]]
    said = [f"{with_article(name)} {points(float(change))}" for name, change in shown]
    more = ", ..." if len(which) > _MOST_NAMED else ""
    return f"{', '.join(said)}{more} points"
