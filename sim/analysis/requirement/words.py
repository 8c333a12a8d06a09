"""An answer to what it would take, in words."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

from sim.analysis.requirement.bound import NOT_ASKED, NOT_TAKEN_UP, SAYS_NO
from sim.analysis.requirement.found import ALREADY, BARELY, BEYOND, STATES, Found
from sim.words.titles import country_names
from sim.words.wording import by_when, counted, number, percent, points, span, with_sign

if TYPE_CHECKING:
    from sim.analysis.requirement.bound import Binding
    from sim.analysis.requirement.catalogue import Movable
    from sim.analysis.requirement.found import Span
    from sim.analysis.requirement.moving import Moves
    from sim.analysis.requirement.question import Question
    from sim.analysis.requirement.trials import Chance

_MOST_NAMED = 4
_WHAT_BINDS = {
    NOT_ASKED: "it is not asked in time, because places and pace go to others",
    NOT_TAKEN_UP: "it does not take the question up in time",
    SAYS_NO: "it says no",
}


def with_interval(found: Chance) -> str:
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


def listed(parts: Iterable[str]) -> str:
    """Return things one after another.

    Examples
    --------
    >>> listed(["a"]), listed(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    *rest, last = parts
    return f"{', '.join(rest)} and {last}" if rest else last


def lever_words(lever: Movable, value: float) -> str:
    """Return a lever that moves: from where to where."""
    return f"“{lever.title}” from {lever.shown(lever.start)} to {lever.shown(value)}"


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
    lines += [_binds(found.question, each) for each in found.binding]
    if found.moved:
        lines.append(_costs(found))
    if found.has_falls:
        lines.append(
            "Better terms do not always help: the probability falls on part of the way, because "
            "others who are asked first sign too and fewer places are left. The answer is the "
            "least that was found to be enough."
        )
    if found.state != ALREADY:
        lines.append(_who_moves(found))
    return lines


def _asked(found: Found) -> str:
    asked = found.question
    return f"{asked.name} signs {asked.offer} {by_the_end(asked.month)}"


def _answer(found: Found) -> str:
    asked, level = found.question, percent(found.question.level)
    now = with_interval(found.as_it_is)
    if found.state == ALREADY:
        return (
            f"In the model, {_asked(found)} with a probability of {now} on the terms as they "
            f"stand: {level} is reached already."
        )
    if found.state == BEYOND:
        limits = listed(lever_words(lever, lever.limit) for lever in found.levers)
        return (
            f"In the model, no terms within the limits make it {level} likely that "
            f"{_asked(found)}: at most it is {with_interval(found.answer.chance)}, against {now} "
            f"on the terms as they stand. Tried were {limits}."
        )
    whose = "for it alone, with a place set aside, " if asked.is_alone else ""
    moved = (
        listed(lever_words(found.levers[j], found.spans[j].value) for j in found.moved)
        if found.moved
        else ""
    )
    what = f"if {whose}the terms moved {moved}" if moved else "if a place were set aside for it"
    return (
        f"In the model, {_asked(found)} with a probability of at least {level} {what}; on the "
        f"terms as they stand the probability is {now}."
    )


def _certified(found: Found) -> str:
    made, level = found.certificate, percent(found.question.level)
    many = counted(made.replicates, "fresh future")
    if found.state == ALREADY:
        does = "confirms" if made.confirms(found.question.level) else "does not confirm"
        return f"A check in {many} gives {with_interval(made.after)} and {does} it."
    if found.state == BEYOND:
        does = "confirms" if not made.confirms(found.question.level) else "does not confirm"
        return (
            f"A check of the best that can be had in {many} gives {with_interval(made.after)} and "
            f"{does} that it falls short of {level}."
        )
    does = "confirms" if made.confirms(found.question.level) else "does not confirm"
    spans = (
        listed(_span(found.levers[j], found.spans[j]) for j in found.moved) if found.moved else ""
    )
    line = f"A check in {many} gives {with_interval(made.after)} and {does} the answer."
    if spans:
        line += f" {level} itself is reached at {spans} (90 % interval, Monte Carlo error alone)."
    if found.state == BARELY:
        line += f" Within the limits there is no margin: {STATES[BARELY]}."
    return line


def _span(lever: Movable, each: Span) -> str:
    if math.isinf(each.low):
        return f"beyond {lever.shown(lever.limit)} of “{lever.title}”"
    if math.isinf(each.high):
        return f"{lever.shown(each.low)} of “{lever.title}” at the least, or not within the limits"
    return f"{lever.shown(each.low)} to {lever.shown(each.high)} of “{lever.title}”"


def _binds(asked: Question, each: Binding) -> str:
    where = {
        "as_it_is": "On the terms as they stand",
        "answer": "At the answer",
        "best": "At the best that can be had",
    }[each.where]
    shares = {name: percent(each.shares[name].mean) for name in each.shares}
    strongest = _WHAT_BINDS[each.strongest]
    full = (
        f", in {percent(each.full.mean)} with every place held at the end" if each.full.mean else ""
    )
    return (
        f"{where} {asked.name} is asked in {percent(each.asked.mean)} of futures{full}. It signs "
        f"in {shares['signs']}; in {shares[NOT_ASKED]} it would sign if places and pace did not "
        f"limit whom {asked.provider} asks; in {shares[NOT_TAKEN_UP]} if it also took the question "
        f"up every month; in {shares[SAYS_NO]} not even then. What stands in the way most: "
        f"{strongest}."
    )


def _costs(found: Found) -> str:
    asked = found.question
    mw, usd_m = found.costs[found.answer.positions]
    was_mw, was_usd_m = found.costs[tuple(0 for _ in found.levers)]
    way = listed(
        f"{percent(lever.share(position))} of the way to the limit of “{lever.title}”"
        for lever, position in zip(found.levers, found.answer.positions, strict=True)
        if position
    )
    return (
        f"The terms go {way}. A partnership with {asked.name} would cost {asked.provider} "
        f"{usd_words(usd_m)} for {number(round(mw))} MW and the fund, after the host's share; on "
        f"the terms as they stand {usd_words(was_usd_m)} for {number(round(was_mw))} MW."
    )


def _who_moves(found: Found) -> str:
    asked, moves = found.question, found.moves
    own = moves.country.index(asked.country)
    up, down = ([i for i in moves.movers(way) if i != own] for way in (1, -1))
    whose = "for it alone" if asked.is_alone else "to all who are asked"
    begin = f"With these terms {whose}, "
    if not up and not down:
        text = f"{begin}no other country becomes likelier or less likely to sign, beyond chance."
    else:
        said = []
        if up:
            said.append(f"{counted_countries(len(up))} likelier to sign ({_named(moves, up)})")
        if down:
            said.append(f"{counted_countries(len(down))} less likely ({_named(moves, down)})")
        text = f"{begin}{listed(said)}."
    mean, low, high, _ = moves.total
    ends = span(low, high, with_sign)
    return f"{text} Signatures of all others together: {with_sign(mean)} ({ends})."


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
    said = [
        f"{names.get(moves.country[i], moves.country[i])} {points(float(moves.difference[i]))}"
        for i in which[:_MOST_NAMED]
    ]
    more = ", ..." if len(which) > _MOST_NAMED else ""
    return f"{', '.join(said)}{more} points"
