"""What it would take for each country: where one lever reaches the level."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.requirement.each.everybody import Requirements
from sim.interfaces.charts.answers.requirement import lever_axis
from sim.interfaces.charts.base import Spec, specification
from sim.words.titles import country_names
from sim.words.wording import percent

if TYPE_CHECKING:
    from sim.interfaces.charts.palette import Theme

_MOST = 40


def plot_requirements(shown: Requirements, theme: Theme) -> Spec:
    """Return a dot for each country that reaches the level, those that need least first."""
    names, lever = country_names(), shown.lever
    already, reached = shown.those("already"), shown.those("reached")
    rows = []
    for i in [*already, *reached][:_MOST]:
        ends = [shown.low[i], shown.high[i]]
        low, high = (float(end) if np.isfinite(end) else lever.limit for end in ends)
        needed = lever.start if i in already else float(shown.needed[i])
        if i in already:
            low = high = needed
        name = names.get(shown.country[i], shown.country[i])
        words = "as it stands" if i in already else lever.shown(needed)
        rows.append(
            {
                "country": name, "x": needed, "low": low, "high": high,
                "x_words": lever.shown(needed), "low_words": lever.shown(low),
                "high_words": lever.shown(high),
                "tip": f"{name}: {words}; now {percent(float(shown.chances[i, 0]))}, at the limit "
                f"{percent(float(shown.chances[i, -1]))}",
            }
        )  # fmt: skip
    x = lever_axis(lever, "x")
    y: Spec = {
        "field": "country", "type": "nominal", "sort": None,
        "axis": {"title": None, "labelLimit": 240, "labelColor": theme.ink},
    }  # fmt: skip
    colour = theme.colour("first")
    layers: list[Spec] = [
        {
            "mark": {"type": "rule", "strokeWidth": 1.5, "color": theme.soft, "aria": False},
            "encoding": {
                "x": x | {"field": x["field"].replace("x", "low", 1)},
                "x2": {"field": x["field"].replace("x", "high", 1)},
                "y": y,
            },
        },
        {
            "mark": {"type": "point", "filled": True, "size": 80, "opacity": 1, "color": colour},
            "encoding": {"x": x, "y": y, "tooltip": {"field": "tip", "type": "nominal"}},
        },
    ]
    says = f"{shown.title}: the value of “{lever.title}” at which each reaches the level."
    height = 22 * max(1, len(rows))
    return specification(theme, height, says, {"data": {"values": rows}, "layer": layers})
