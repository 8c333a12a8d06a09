"""From one scenario to another: what each change adds, one below the other."""

from __future__ import annotations

from sim.analysis.groups.members import REGION
from sim.analysis.pairing import name_of_second
from sim.analysis.shared.estimates import Estimate
from sim.analysis.splitting.splitting import Split
from sim.analysis.splitting.words import estimate_in_words, shows
from sim.interfaces.charts.base import Spec
from sim.interfaces.charts.choices import WAYS_TO_SPLIT
from sim.interfaces.charts.palette import Theme
from sim.interfaces.charts.reading.waterfall import (
    Contribution,
    end_row,
    part_rows,
    plotted_waterfall,
)

BY_PART, BY_REGION = WAYS_TO_SPLIT
_BY = {BY_PART: "what was changed", BY_REGION: "UN region"}


def plot_split(shown: Split, theme: Theme, *, by: str = BY_PART) -> Spec:
    """Return the outcome of both scenarios, and between them a bar for each part.

    Parameters
    ----------
    shown : Split
    theme : Theme
    by : str
        ``part`` of the change, or ``region`` of the United Nations.
    """
    scale = 100.0 if shown.quantity.is_probability else 1.0
    a = shown.scenario_a.name
    last = name_of_second(shown.scenario_a, shown.scenario_b)
    unit = "%" if shown.quantity.is_probability else shown.quantity.unit
    return plotted_waterfall(
        theme,
        _rows(shown, scale, a, last, by),
        f"{shown.quantity.title} ({unit})",
        f"{shown.quantity.title}, from {a} to {last}, by {_BY[by]}.",
    )


def _rows(shown: Split, scale: float, first: str, last: str, by: str) -> list[Spec]:
    """Return the rows: the first scenario, each part from where the one above ends, the last."""
    level, change = shows(shown)
    order = sorted(_estimates(shown, by).items(), key=lambda pair: -abs(pair[1].mean))
    parts = [
        Contribution(title, scale * each.mean, scale * each.low, scale * each.high,
             estimate_in_words(each, change))
        for title, each in order
    ]  # fmt: skip
    start, end = scale * shown.in_a.mean, scale * shown.in_b.mean
    return [
        end_row(first, start, estimate_in_words(shown.in_a, level)),
        *part_rows(start, parts),
        end_row(last, end, estimate_in_words(shown.in_b, level)),
    ]


def _estimates(shown: Split, by: str) -> dict[str, Estimate]:
    """Return what adds up to the difference, by title."""
    if by == BY_PART:
        titles = [part.title for part in shown.parts]
        return dict(zip(titles, shown.contributions, strict=True))
    return {
        each.place.title: each.difference for each in shown.by_place if each.place.kind == REGION
    }
