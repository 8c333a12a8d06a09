"""Why two scenarios differ: by what decided, or by country."""

from __future__ import annotations

from sim.analysis.explanation.two_scenarios.difference_tables import cause_title
from sim.analysis.explanation.two_scenarios.difference_words import shows
from sim.analysis.explanation.two_scenarios.differing import WhyDifference
from sim.analysis.pairing import name_of_second
from sim.analysis.shared.estimates import Estimate
from sim.analysis.splitting.words import estimate_in_words
from sim.interfaces.charts.base import Spec
from sim.interfaces.charts.palette import Theme
from sim.interfaces.charts.reading.waterfall import (
    Contribution,
    end_row,
    part_rows,
    plotted_waterfall,
)
from sim.words.titles import country_names
from sim.words.wording import with_capital

# Bars that are drawn one by one; the others are one bar.
_MOST = {"cause": 10, "country": 12}


def plot_why_difference(shown: WhyDifference, theme: Theme, *, by: str = "cause") -> Spec:
    """Return the outcome in both scenarios, and between them a bar for each cause or country."""
    level, change = shows(shown)
    scale = 100.0 if shown.is_share else 1.0
    a = shown.scenario_a.name
    last = name_of_second(shown.scenario_a, shown.scenario_b)
    parts = [
        Contribution(title, scale * each.mean, scale * each.low, scale * each.high,
             estimate_in_words(each, change))
        for title, each in _parts(shown, by)
    ]  # fmt: skip
    start, end = scale * shown.total_a.mean, scale * shown.total_b.mean
    rows = [
        end_row(a, start, estimate_in_words(shown.total_a, level)),
        *part_rows(start, parts),
        end_row(last, end, estimate_in_words(shown.total_b, level)),
    ]
    unit = "%" if shown.is_share else shown.quantity.unit
    how = "what decided" if by == "cause" else "country"
    description = f"{shown.quantity.title}, from {a} to {last}, by {how}."
    return plotted_waterfall(theme, rows, f"{shown.quantity.title} ({unit})", description)


def _parts(shown: WhyDifference, by: str) -> list[tuple[str, Estimate]]:
    """Return titles and parts, the largest first, and what is left of the difference last."""
    values = shown.by_cause if by == "cause" else shown.by_country
    names = country_names()
    ordered = sorted(values, key=lambda name: -abs(values[name].mean))
    chosen = [name for name in ordered[: _MOST[by]] if values[name].mean != 0.0]
    found = [
        (with_capital(cause_title(name)) if by == "cause" else names[name], values[name])
        for name in chosen
    ]
    rest = shown.rest(by, chosen)
    return [*found, ("All others", rest)] if rest is not None else found
