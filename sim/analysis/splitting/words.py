"""A split in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sim.analysis.groups.members import REGION
from sim.analysis.pairing import name_of_second
from sim.words.wording import by_when, number, percent, points, with_sign, with_span

if TYPE_CHECKING:
    from sim.analysis.shared.estimates import Estimate
    from sim.analysis.splitting.shares import Shares

Show = Callable[[float], str]
# Of the difference: what parts do only together is worth a sentence from there on.
WORTH_SAYING = 0.1


def shows(found: Shares) -> tuple[Show, Show]:
    """Return how a level of the outcome is written, and how a change."""
    if found.quantity.is_probability:
        return percent, points
    return number, with_sign


# A level whose Monte Carlo error is larger is given in whole numbers.
_COARSE = 0.5


def level_with_error(show: Show, error: float) -> Show:
    """Return how a level is written, given its Monte Carlo error: without decimals if it is large.

    Examples
    --------
    >>> level_with_error(number, 3.6)(6.42), level_with_error(number, 0.04)(6.42)
    ('6', '6.4')
    """
    return "{:,.0f}".format if error >= _COARSE else show


def estimate_in_words(estimate: Estimate, show: Show) -> str:
    """Return a mean with its interval, such as *+5.0 (90 %: +4.8 to +5.2)*."""
    value, ends = with_span(estimate.mean, estimate.low, estimate.high, show)
    return f"{value} (90 %: {ends})" if ends != "-" else value


def split_sentences(found: Shares) -> list[str]:
    """Return what came out: the difference, what each part adds, and what they do together."""
    level, change = shows(found)
    level = level_with_error(level, found.in_a.error)
    difference = found.difference
    a, b = found.scenario_a.name, name_of_second(found.scenario_a, found.scenario_b)
    lines = [
        f"{found.quantity.title}, {by_when(found.months[-1])}: {level(found.in_a.mean)} in {a}, "
        f"{level(found.in_b.mean)} in {b}; the difference is "
        f"{estimate_in_words(difference, change)}."
    ]
    pairs = sorted(
        zip(found.parts, found.contributions, strict=True), key=lambda pair: -abs(pair[1].mean)
    )
    if len(pairs) == 1:
        lines.append(f"All of it is due to one part: {pairs[0][0].title}.")
        return [*lines, *_where_in_words(found, change)]
    shares = "; ".join(f"{part.title} {estimate_in_words(each, change)}" for part, each in pairs)
    lines.append(f"Divided among what was changed: {shares}.")
    alone = sum(each.mean for each in found.alone)
    if abs(difference.mean - alone) > max(
        WORTH_SAYING * abs(difference.mean), 2.0 * difference.error
    ):
        lines.append(
            f"The parts act together: each changed alone, they would add up to {change(alone)}."
        )
    return [*lines, *_where_in_words(found, change)]


def _where_in_words(found: Shares, change: Show) -> list[str]:
    """Return how much of the difference is in each group of countries."""
    lines = []
    regions = [each for each in found.by_place if each.place.kind == REGION]
    if regions:
        regions.sort(key=lambda each: -abs(each.difference.mean))
        named = "; ".join(
            f"{each.place.title} {estimate_in_words(each.difference, change)}" for each in regions
        )
        lines.append(f"By UN region: {named}.")
    others = [each for each in found.by_place if each.place.kind != REGION]
    if others:
        named = "; ".join(
            f"{each.place.title} {estimate_in_words(each.difference, change)}" for each in others
        )
        lines.append(f"By membership: {named}.")
    return lines
