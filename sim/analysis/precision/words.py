"""Precision in words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.analysis.precision.estimates import DIFFERENCE, MEAN
from sim.model.requests import MOST_REPLICATES
from sim.words.wording import counted, error_in_words, number, percent, with_sign

if TYPE_CHECKING:
    from sim.analysis.precision.requirements import EnoughFutures, FuturesNeeded

_MOST_SAID = 6


def amount(value: float, unit: str) -> str:
    """Return an amount in the digits that its size needs; a probability in points."""
    return f"{error_in_words(100 * value)} points" if "0-1" in unit else error_in_words(value)


def precision_sentences(found: EnoughFutures) -> list[str]:
    """Return for each outcome its error in hand, and how many futures are enough."""
    if found.kind == "sweep":
        lines = [line for what in (MEAN, DIFFERENCE) for line in _of_points(found, what)]
    else:
        lines = [_of_one(found, each) for each in found.requirements[:_MOST_SAID]]
        if len(found.requirements) > _MOST_SAID:
            lines.append(f"{len(found.requirements) - _MOST_SAID} more are in the table.")
    if any(math.isfinite(each.low) for each in found.requirements):
        lines.append(
            "The error falls with the square root of the number: four times as many halve it."
        )
    return lines


def _of_one(found: EnoughFutures, row: FuturesNeeded) -> str:
    """Return what one estimate needs."""
    estimate, unit = row.estimate, row.estimate.quantity.unit
    is_difference = estimate.what == DIFFERENCE
    if "0-1" in unit:
        value = f"{100 * estimate.value:+.1f} points" if is_difference else percent(estimate.value)
    else:
        value = with_sign(estimate.value) if is_difference else number(estimate.value)
    head = f"{estimate.quantity.title}: {'change ' if is_difference else ''}{value}"
    hand = counted(found.futures, "future")
    if row.is_constant:
        return (
            f"{head} in every one of {hand}. Nothing varies, so there is no error to reduce; what "
            "has not been seen yet may still happen."
        )
    width = f"± {amount(row.half_width, unit)}"
    if estimate.is_unseen:
        head = f"{head}: the same in all {hand}, though no rule makes it certain"
    else:
        head = f"{head} {width} (90 % interval, Monte Carlo) from {hand}"
    if math.isnan(row.futures):
        return f"{head}. A share of 0 is no precision: give one in {unit or 'its unit'}."
    return f"{head}. {_needed(row, unit)}"


def _needed(row: FuturesNeeded, unit: str) -> str:
    """Return how many futures are enough."""
    text = f"For ± {amount(row.within, unit)}, {row.futures:,.0f} futures are enough"
    if math.isfinite(row.low):
        text += f" ({row.low:,.0f} to {row.high:,.0f})"
    if row.half_width <= row.within:
        text += ": those in hand are"
    if row.futures > MOST_REPLICATES:
        text += f"; a run takes at most {MOST_REPLICATES:,}"
    return f"{text}."


def _of_points(found: EnoughFutures, what: str) -> list[str]:
    """Return what the points of a sweep need, outcome by outcome: the most, and the middle."""
    lines = []
    for name in dict.fromkeys(each.estimate.quantity.text for each in found.requirements):
        own = [
            each
            for each in found.requirements
            if each.estimate.quantity.text == name and each.estimate.what == what
        ]
        known = sorted((each for each in own if math.isfinite(each.futures)), key=_futures)
        if not known:
            continue
        most, middle = known[-1], known[len(known) // 2]
        quantity = most.estimate.quantity
        title = quantity.title
        if what == DIFFERENCE:
            title = f"{title}, change from point 0"
        most_error = amount(max(map(_width, own)), quantity.unit)
        errors = f"the error of 1 point is ± {most_error}"
        if len(own) > 1:
            least = amount(min(map(_width, own)), quantity.unit).removesuffix(" points")
            errors = f"the errors of {len(own):,} points are ± {least} to ± {most_error}"
        lines.append(
            f"{title}: {errors} (90 % interval) from "
            f"{counted(found.futures, 'future')} each. For {found.wanted}, {middle.futures:,.0f} "
            f"futures are enough at half of the points, and {most.futures:,.0f} at point "
            f"{most.estimate.point}, which needs most."
        )
    return lines


def _futures(each: FuturesNeeded) -> float:
    return each.futures


def _width(each: FuturesNeeded) -> float:
    return each.half_width
