"""What weighs for and against an offer: bars left and right of nothing."""

from __future__ import annotations

from collections.abc import Mapping

from sim.interfaces.charts.base import Spec, chart
from sim.interfaces.charts.palette import Theme

LEAST = 0.005


def plot_drivers(
    theme: Theme,
    values: Mapping[str, float],
    colour: str,
    other: Mapping[str, float] | None = None,
    reach: tuple[float, float] | None = None,
) -> Spec:
    """Return the chart of the mean drivers of a country towards one provider.

    Parameters
    ----------
    values : mapping
        Words for each reason to what it adds, in utility, over staying uncommitted.
    other : mapping, optional
        The same in the scenario compared with, as hollow marks.
    reach : (float, float), optional
        Ends of the scale, so that charts beside each other can be held against each other.
    """
    against = other or {}
    kept = [
        name
        for name, value in sorted(values.items(), key=lambda item: -item[1])
        if abs(value) >= LEAST or abs(against.get(name, 0.0)) >= LEAST
    ]
    rows = [
        {"reason": name, "A": round(values[name], 4), "B": round(against.get(name, 0.0), 4)}
        for name in kept
    ]
    tips = [
        {"field": "reason"},
        {"field": "A", "format": "+.2f", "title": "A" if other else "adds"},
    ]
    if other:
        tips.append({"field": "B", "format": "+.2f", "title": "B"})
    y = {
        "field": "reason",
        "type": "nominal",
        "sort": None,
        "axis": {"title": None, "labelLimit": 260, "labelColor": theme.ink},
    }
    x = {
        "field": "A",
        "type": "quantitative",
        "axis": {"title": "utility over waiting", "tickCount": 5, "format": "+.1f"},
    }
    if reach is not None:
        x["scale"] = {"domain": list(reach)}
    layers = [
        {
            "mark": {"type": "rule", "color": theme.soft, "aria": False},
            "encoding": {"x": {"datum": 0}},
        },
        {
            "mark": {"type": "bar", "height": 14, "cornerRadius": 2, "color": colour},
            "encoding": {"x": x, "y": y, "tooltip": tips},
        },
    ]
    if other:
        ring = {"type": "point", "size": 70, "strokeWidth": 2, "color": theme.ink, "filled": False}
        marks = {"x": x | {"field": "B"}, "y": y, "tooltip": tips}
        layers.append({"mark": ring, "encoding": marks})
    return chart(
        theme,
        26 * max(len(rows), 1),
        "Reasons for and against, in utility.",
        {"data": {"values": rows}, "layer": layers},
    )
