"""The most that a country can ask: how often the provider still gives it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.analysis.requirement.host.bargaining import MostAsked
from sim.interfaces.charts.answers.requirement import level_rule, lever_axis, lever_cells
from sim.interfaces.charts.base import Spec, specification, upright_title
from sim.words.wording import percent, span

if TYPE_CHECKING:
    from sim.interfaces.charts.palette import Theme


def plot_most_asked(shown: MostAsked, theme: Theme) -> Spec:
    """Return the share of futures in which the provider accepts, over what is asked."""
    levers = shown.question.levers
    first = levers[0]
    rows = []
    for m, positions in enumerate(shown.asks):
        words = "; ".join(
            f"{lever.title}: {lever.shown(lever.value(position))}"
            for lever, position in zip(levers, positions, strict=True)
        )
        ends = span(float(shown.low[m]), float(shown.high[m]), percent)
        rows.append(
            lever_cells(first, positions[0], "x")
            | {
                "p": 100.0 * float(shown.accepted[m]),
                "low": 100.0 * float(shown.low[m]),
                "high": 100.0 * float(shown.high[m]),
                "tip": f"{words}: given in {percent(float(shown.accepted[m]))} ({ends}); the "
                f"country signs with {percent(float(shown.signs[m]))}",
            }
        )
    colour = theme.colour("first")
    x = lever_axis(first, "x")
    y: Spec = {
        "field": "p", "type": "quantitative", "scale": {"domain": [0, 100]},
        "axis": upright_title("Futures in which the provider gives it (%)"),
    }  # fmt: skip
    layers: list[Spec] = [
        {
            "mark": {"type": "area", "color": colour, "opacity": 0.18},
            "encoding": {"x": x, "y": y | {"field": "low"}, "y2": {"field": "high"}},
        },
        {
            "mark": {"type": "line", "color": colour, "strokeWidth": 2, "point": {"color": colour}},
            "encoding": {"x": x, "y": y, "tooltip": {"field": "tip", "type": "nominal"}},
        },
        level_rule(theme, shown.question.level, f"wanted: {percent(shown.question.level)}"),
    ]
    says = f"{shown.title}: how often the provider gives what is asked."
    return specification(theme, 280, says, {"data": {"values": rows}, "layer": layers})
