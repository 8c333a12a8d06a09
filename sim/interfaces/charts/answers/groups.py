"""Groups of countries: how their members, or what these weigh, divide at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.analysis.groups.totals import COUNTRIES, GDP, POPULATION, READINESS
from sim.interfaces.charts.base import Spec, specification
from sim.words.wording import percent, span

if TYPE_CHECKING:
    from sim.analysis.groups.grouping import Groups
    from sim.analysis.groups.totals import GroupTotals
    from sim.interfaces.charts.palette import Theme

_AXES = {
    COUNTRIES: "members that decide, %",
    GDP: "GDP of the members that decide, %",
    POPULATION: "population of the members that decide, %",
    READINESS: "AI readiness of the members that decide, %",
}
_ROW_PX = 24
# Legend, axis and its title are part of a chart's height.
_BESIDE_PX = 90


def plot_groups(shown: Groups, theme: Theme, *, weight: str = COUNTRIES) -> Spec:
    """Return a bar for each group, divided by how its members end.

    Parameters
    ----------
    shown : Groups
    theme : Theme
    weight : str
        What is divided: the number of members, or their GDP, population or readiness.
    """
    drawn = [each for each in shown.totals if each.deciding]
    rows = [row for each in drawn for row in _rows(shown, each, weight)]
    keys = list(shown.standings)
    colour: Spec = {
        "field": "standing", "type": "nominal",
        "scale": {
            "domain": [shown.standings[key] for key in keys],
            "range": [theme.colour(key, tuple(shown.providers)) for key in keys],
        },
        "legend": {"direction": "horizontal", "columns": 3},
    }  # fmt: skip
    encoding: Spec = {
        "x": {
            "field": "share", "type": "quantitative", "stack": "zero",
            "scale": {"domain": [0, 100]},
            "axis": {"title": _AXES[weight], "tickCount": 5, "titlePadding": 10},
        },
        "y": {
            "field": "group", "type": "nominal", "sort": [each.group.title for each in drawn],
            "axis": {"title": None, "labelLimit": 220, "labelColor": theme.ink},
        },
        "color": colour,
        "order": {"field": "order", "type": "quantitative"},
        "tooltip": {"field": "tip", "type": "nominal"},
    }  # fmt: skip
    return specification(
        theme,
        _ROW_PX * max(len(drawn), 1) + _BESIDE_PX,
        f"How {len(drawn)} groups of countries divide at the end: {_AXES[weight]}.",
        {"data": {"values": rows}, "mark": {"type": "bar", "height": 16}, "encoding": encoding},
    )


def _rows(shown: Groups, each: GroupTotals, weight: str) -> list[Spec]:
    """Return the parts of a group's bar, in per cent; none where they are not known."""
    whole = len(each.deciding) if weight == COUNTRIES else 1.0
    rows = []
    for order, (key, title) in enumerate(shown.standings.items()):
        found = each.standing[key][weight]
        if found.mean != found.mean:
            return []
        mean, low, high = (value / whole for value in (found.mean, found.p05, found.p95))
        ends = span(low, high, percent)
        rows.append(
            {
                "group": each.group.title,
                "standing": title,
                "share": 100.0 * mean,
                "order": order,
                "tip": f"{each.group.title}, {title}: {percent(mean)} (90 % of futures: {ends})",
            }
        )
    return rows
