"""From one scenario to another: what each change adds, one below the other."""

from __future__ import annotations

from sim.analysis.splitting.splitting import Split
from sim.analysis.splitting.words import estimate_in_words, shows
from sim.interfaces.charts.base import Spec
from sim.interfaces.charts.palette import Theme
from sim.interfaces.charts.reading.waterfall import Part, end_row, part_rows, plotted_waterfall


def plot_split(shown: Split, theme: Theme) -> Spec:
    """Return the outcome of both scenarios, and between them a bar for each part."""
    scale = 100.0 if shown.quantity.is_probability else 1.0
    a, b = shown.scenario_a.name, shown.scenario_b.name
    last = f"{b} as changed" if a == b else b
    unit = "%" if shown.quantity.is_probability else shown.quantity.unit
    return plotted_waterfall(
        theme,
        _rows(shown, scale, a, last),
        f"{shown.quantity.title} ({unit})",
        f"{shown.quantity.title}, from {a} to {last}, by what was changed.",
    )


def _rows(shown: Split, scale: float, first: str, last: str) -> list[Spec]:
    """Return the rows: the first scenario, each part from where the one above ends, the last."""
    level, change = shows(shown)
    order = sorted(
        zip(shown.parts, shown.contributions, strict=True), key=lambda pair: -abs(pair[1].mean)
    )
    parts = [
        Part(part.title, scale * each.mean, scale * each.low, scale * each.high,
             estimate_in_words(each, change))
        for part, each in order
    ]  # fmt: skip
    start, end = scale * shown.in_a.mean, scale * shown.in_b.mean
    return [
        end_row(first, start, estimate_in_words(shown.in_a, level)),
        *part_rows(start, parts),
        end_row(last, end, estimate_in_words(shown.in_b, level)),
    ]
