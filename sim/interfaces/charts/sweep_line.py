"""An outcome over one number: points with what the futures span, and where things stand now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.interfaces.charts.base import Spec, chart
from sim.interfaces.charts.heat_map import PICKED
from sim.interfaces.charts.palette import Theme


@dataclass(frozen=True)
class Mark:
    """One point.

    Parameters
    ----------
    point : int
        Its number.
    x, y : float
        The number that is varied, and the outcome.
    low, high : float
        What the band spans there; NaN where there is none.
    tip : str
        What is known of it, in words.
    """

    point: int
    x: float
    y: float
    low: float
    high: float
    tip: str


def _row(mark: Mark) -> Spec:
    row: Spec = {"point": mark.point, "x": mark.x, "y": mark.y, "tip": mark.tip}
    has_band = mark.low == mark.low and mark.high == mark.high
    return row | ({"low": mark.low, "high": mark.high} if has_band else {})


def plot_sweep_line(
    theme: Theme,
    marks: Sequence[Mark],
    titles: tuple[str, str],
    colour: str,
    now: float | None,
    is_joined: bool = True,
    chosen: int | None = None,
) -> Spec:
    """Return the points, joined by a line or not; a click selects `PICKED`, a point.

    Parameters
    ----------
    theme : Theme
    marks : sequence of Mark
    titles : (str, str)
        What is varied, and what comes out.
    colour : str
        Colour of the outcome.
    now : float or None
        The outcome as things stand: a dashed line across.
    is_joined : bool
        Whether the points lie on one line, with a band around them.
    chosen : int, optional
        The point that is looked at.
    """
    x = {
        "field": "x", "type": "quantitative", "title": titles[0],
        "scale": {"zero": False, "nice": False, "padding": 14},
        "axis": {"grid": False, "titlePadding": 10, "tickCount": 6},
    }  # fmt: skip
    y = {
        "field": "y", "type": "quantitative", "title": titles[1],
        "scale": {"zero": False},
        "axis": {
            "tickCount": 5, "titleAngle": 0, "titleAlign": "left", "titleAnchor": "start",
            "titleX": 0, "titleY": -12, "titleBaseline": "bottom",
        },
    }  # fmt: skip
    layers: list[Spec] = []
    if is_joined:
        band = {"x": x, "y": y | {"field": "low"}, "y2": {"field": "high"}}
        layers.append({
            "transform": [{"filter": "isValid(datum.low)"}],
            "mark": {"type": "area", "color": colour, "opacity": 0.18, "aria": False},
            "encoding": band,
        })  # fmt: skip
        line = {"type": "line", "color": colour, "strokeWidth": 2.5, "aria": False}
        layers.append({"mark": line, "encoding": {"x": x, "y": y}})
    if now is not None:
        rule = {"type": "rule", "color": theme.soft, "strokeDash": [6, 4], "aria": False}
        height = {key: value for key, value in y.items() if key != "field"} | {"datum": now}
        layers.append({"mark": rule, "encoding": {"y": height}})
    if chosen is not None:
        ring = {"type": "point", "size": 260, "color": theme.ink, "strokeWidth": 2, "aria": False}
        layers.append({
            "transform": [{"filter": {"field": "point", "equal": chosen}}],
            "mark": ring,
            "encoding": {"x": x, "y": y},
        })  # fmt: skip
    layers.append({
        "params": [{"name": PICKED, "select": {"type": "point", "fields": ["point"]}}],
        "mark": {
            "type": "point", "filled": True, "size": 90, "color": colour, "opacity": 0.9,
            "cursor": "pointer",
        },
        "encoding": {"x": x, "y": y, "tooltip": {"field": "tip", "type": "nominal"}},
    })  # fmt: skip
    return chart(
        theme,
        300,
        f"{titles[1]} over {titles[0]}, {len(marks)} points.",
        {"data": {"values": [_row(mark) for mark in marks]}, "layer": layers},
    )
