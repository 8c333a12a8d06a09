"""A discovery in words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.words.wording import percent

if TYPE_CHECKING:
    from sim.analysis.discovery.cases import Input
    from sim.analysis.discovery.found import FoundBox, FoundBoxes, Limit


def limit_in_words(one: Input, limit: Limit) -> str:
    """Return a limit in words, such as *Weight of waiting is at least 0.8*."""
    has_low, has_high = math.isfinite(limit.low), math.isfinite(limit.high)
    nulls = " or none" if limit.has_null and one.may_be_null else ""
    unit = f" {one.unit}" if one.unit and one.unit not in one.title else ""
    if limit.low > limit.high:
        return f"{one.title} is none"
    if not (has_low or has_high):
        return f"{one.title} is not none"
    if limit.low == limit.high:
        return f"{one.title} is {one.shown(limit.low)}{unit}{nulls}"
    if has_low and has_high:
        return f"{one.title} is from {one.shown(limit.low)} to {one.shown(limit.high)}{unit}{nulls}"
    end = f"at least {one.shown(limit.low)}" if has_low else f"at most {one.shown(limit.high)}"
    return f"{one.title} is {end}{unit}{nulls}"


def box_in_words(found: FoundBoxes, box: FoundBox) -> str:
    """Return the limits of a box in words; "" if it has none."""
    if not box.is_found:
        return ""
    kept = [limit for limit in box.limits if limit.is_kept]
    return "; ".join(limit_in_words(found.cases.inputs[limit.input], limit) for limit in kept)


def discovery_sentences(found: FoundBoxes) -> list[str]:
    """Return what was found, in plain words: how often the condition holds, then box by box."""
    cases = found.cases
    n = int(cases.weight.sum())
    held = round(float(cases.share @ cases.weight))
    kind = f"{cases.kind}s"
    lines = [
        f"{cases.condition.words}: this holds in {held:,} of {n:,} {kind} "
        f"({percent(cases.density)})."
    ]
    for number, box in enumerate(found.found, 1):
        inside = round(box.fit.n)
        before = "box" if number == 2 else "boxes"
        rest = "Inside, it" if number == 1 else f"Inside, but outside the {before} before, it"
        lines.append(
            f"Box {number}: {box_in_words(found, box)}. {rest} holds in "
            f"{percent(box.fit.density)} of {inside:,} {kind}; that covers {percent(box.coverage)} "
            f"of all {kind} in which it holds. Chance alone finds such a box with probability "
            f"{_p(box.p)}."
        )
        lines += _about_limits(found, box)
    if not found.found:
        p = _p(found.boxes[0].p) if found.boxes else ""
        lines.append(
            "No box is better than chance: "
            f"the search finds one as good with probability {p} where inputs and condition are "
            "unrelated. So these inputs do not tell where the condition holds, or there are too "
            f"few {kind} to see it."
        )
    if found.density is not None and found.found:
        best = max(box.fit.density for box in found.found)
        if best < found.density:
            lines.append(
                f"No box reaches a density of {percent(found.density)}; the densest has "
                f"{percent(best)}."
            )
    return lines


def _about_limits(found: FoundBoxes, box: FoundBox) -> list[str]:
    """Return a sentence on what each limit adds, and one on limits that chance explains."""
    inputs = found.cases.inputs
    kept = [
        f"{inputs[each.input].title}: {percent(each.density_without)} without it (p = {_p(each.p)})"
        for each in box.limits
        if each.is_kept
    ]
    lines = [f"What each limit adds to the density: {'; '.join(kept)}."]
    dropped = [inputs[each.input].title for each in box.limits if not each.is_kept]
    if dropped:
        lines.append(f"Left out, since chance explains them: {'; '.join(dropped)}.")
    return lines


def _p(value: float) -> str:
    """Return a probability by resampling, in as many digits as it supports."""
    return f"{value:.3f}" if value < 0.095 else f"{value:.2f}"
