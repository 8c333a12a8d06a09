"""An outcome over one number: points with what the futures span, and where things stand now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.analysis.sweeps.shown import ShownSweep
from sim.analysis.sweeps.words import field_title, point_tip
from sim.interfaces.charts.base import Spec, specification
from sim.interfaces.charts.palette import Theme
from sim.interfaces.charts.sweeps.heat_map import PICKED, measure_colour


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


def sweep_line_spec(
    theme: Theme,
    marks: Sequence[Mark],
    titles: tuple[str, str],
    colour: str,
    now: float | None,
    is_joined: bool = True,
    chosen: int | None = None,
    ends: tuple[float, float] | None = None,
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
    ends : (float, float), optional
        Least and greatest value of what is varied, also where it has not run yet; those of the
        marks unless given.
    """
    domain = {} if ends is None or ends[0] == ends[1] else {"domain": list(ends)}
    x = {
        "field": "x", "type": "quantitative", "title": titles[0],
        "scale": {"zero": False, "nice": False, "padding": 14} | domain,
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
    return specification(
        theme,
        300,
        f"{titles[1]} over {titles[0]}, {len(marks)} points.",
        {"data": {"values": [_row(mark) for mark in marks]}, "layer": layers},
    )


def plot_sweep_line(
    shown: ShownSweep,
    theme: Theme,
    *,
    across: str | None = None,
    points: Sequence[int] | None = None,
    is_change: bool = False,
    chosen: int | None = None,
) -> Spec:
    """Return a measure over one of the numbers that are varied.

    A line joins the points of a grid over this number alone; all others are a cloud.

    Parameters
    ----------
    shown : ShownSweep
    theme : Theme
    across : str, optional
        Name of the number; the first unless given.
    points : sequence of int, optional
        Points that are drawn; all unless given.
    is_change : bool
        Whether the change from point 0 is drawn.
    chosen : int, optional
        The point that is looked at.
    """
    measure = shown.measure
    axis = shown.names.index(across) if across else 0
    rows = {int(row["point"]): row for row in shown.known.to_dict("records")}
    columns = ("low", "high") if measure.is_probability else ("p05", "p95")
    if is_change:
        columns = ("change_low", "change_high")
    value = "change" if is_change else "value"
    scale = 100.0 if measure.is_probability else 1.0

    def mark(point: int) -> Mark:
        own, row = shown.cells[point], rows[point]
        low, high = (scale * float(row[column]) for column in columns)
        tip = point_tip(shown.fields, own, measure, row)
        return Mark(point, own[axis], scale * float(row[value]), low, high, tip)

    asked = [p for p in points or shown.points if not np.isnan(shown.cells[p][axis])]
    drawn = [p for p in asked if p in rows]
    places = [shown.cells[p][axis] for p in asked]
    stands = rows.get(0)
    unit = ("points" if is_change else "%") if measure.is_probability else measure.unit
    return sweep_line_spec(
        theme,
        sorted(map(mark, drawn), key=lambda one: one.x),
        (field_title(shown.fields[axis]), f"change, {unit}" if is_change else unit),
        measure_colour(shown, theme),
        None if stands is None else scale * float(stands[value]),
        shown.is_grid and len(shown.fields) == 1,
        chosen,
        (min(places), max(places)) if places else None,
    )
