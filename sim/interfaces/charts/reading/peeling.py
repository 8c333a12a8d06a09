"""The trajectory of a search for a box: coverage against density, step by step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.analysis.discovery.discovering import Discovery
from sim.interfaces.charts.base import Spec, specification, upright_title
from sim.interfaces.charts.palette import Theme
from sim.words.wording import percent


def plot_peeling(shown: Discovery, theme: Theme, *, box: int = 1) -> Spec:
    """Return the coverage and the density of each step of a search.

    Parameters
    ----------
    shown : Discovery
    theme : Theme
    box : int
        Number of the box.
    """
    steps = shown.frame("trajectory")
    own = steps[steps["box"] == box]
    rows = [
        {
            "step": int(row["step"]),
            "coverage": float(row["coverage"]),
            "density": float(row["density"]),
            "limits": int(row["n_limits"]),
            "chosen": bool(row["is_chosen"]),
            "tip": _tip(row),
        }
        for row in own.to_dict("records")
    ]
    axis = {"format": ".0%", "tickCount": 5}
    x = {
        "field": "coverage", "type": "quantitative", "scale": {"domain": [0, 1]},
        "axis": axis | {"title": "coverage: share of all cases with the condition", "grid": False,
                        "titlePadding": 10},
    }  # fmt: skip
    y = {
        "field": "density", "type": "quantitative", "scale": {"domain": [0, 1]},
        "axis": axis | upright_title("density: how often it holds inside"),
    }  # fmt: skip
    height = {key: value for key, value in y.items() if key != "field"}
    layers: list[Spec] = [
        {
            "mark": {"type": "rule", "color": theme.soft, "strokeDash": [6, 4], "aria": False},
            "encoding": {"y": height | {"datum": shown.cases.density}},
        },
        {
            "mark": {"type": "line", "color": theme.soft, "strokeWidth": 1.5, "aria": False},
            "encoding": {"x": x, "y": y, "order": {"field": "step", "type": "quantitative"}},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 60, "opacity": 0.9,
                     "color": theme.colour("first")},
            "encoding": {"x": x, "y": y, "tooltip": {"field": "tip", "type": "nominal"}},
        },
        {
            "transform": [{"filter": "datum.chosen"}],
            "mark": {"type": "point", "size": 280, "strokeWidth": 2.5, "color": theme.ink,
                     "aria": False},
            "encoding": {"x": x, "y": y},
        },
    ]  # fmt: skip
    return specification(
        theme,
        280,
        f"Coverage and density of {len(rows)} steps towards box {box}.",
        {"data": {"values": rows}, "layer": layers},
    )


def _tip(row: Mapping[Any, Any]) -> str:
    """Return what is known of a step, in words."""
    what = f"limits {row['title']}" if isinstance(row["title"], str) else "no limits"
    return (
        f"Step {row['step']}: {what}. Coverage {percent(row['coverage'])}, density "
        f"{percent(row['density'])}, {row['n_limits']} inputs limited."
    )
