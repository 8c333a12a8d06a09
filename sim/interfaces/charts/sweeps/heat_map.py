"""A grid over two numbers: each cell with its figure, the point of now outlined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.analysis.sweeps.shown import ShownSweep
from sim.analysis.sweeps.words import field_title, point_tip, value_in_words
from sim.errors import InputError, Problem
from sim.interfaces.charts.base import Spec, specification
from sim.interfaces.charts.palette import Theme
from sim.interfaces.charts.shades import diverging_shade, ink_on, shade
from sim.words.text import readable

# Name of the selection that a click makes; it holds the number of the point.
PICKED = "picked"
# Values closer than this, as a share or as a probability, are not driven apart by colours.
_LEAST_RANGE = 0.05
_ROW_PX, _AXES_PX = 44, 76
_GAP_ACROSS, _GAP_UP = 0.015, 0.05


@dataclass(frozen=True)
class Cell:
    """One point of a grid.

    Parameters
    ----------
    point : int
        Its number.
    x, y : str
        Its place, as the axes show it.
    label : str
        Its figure, as it is written into the cell; "" while it has none.
    fill : str
        Colour of the cell, "#rrggbb"; "" while it has no figure.
    tip : str
        What is known of it, in words.
    """

    point: int
    x: str
    y: str
    label: str
    fill: str
    tip: str


def _row(cell: Cell) -> Spec:
    return {
        "point": cell.point,
        "x": cell.x,
        "y": cell.y,
        "label": cell.label,
        "fill": cell.fill or "transparent",
        "ink": ink_on(cell.fill) if cell.fill else "transparent",
        "tip": cell.tip,
    }


def _place(x_title: str, y_title: str, x: Sequence[str], y: Sequence[str]) -> Spec:
    across, up = ({"paddingInner": gap, "paddingOuter": 0} for gap in (_GAP_ACROSS, _GAP_UP))
    return {
        "x": {
            "field": "x", "type": "ordinal", "sort": list(x), "title": x_title, "scale": across,
            "axis": {"labelAngle": 0, "labelOverlap": False, "titlePadding": 10},
        },
        "y": {
            "field": "y", "type": "ordinal", "sort": list(reversed(y)), "scale": up,
            "title": y_title,
            "axis": {
                "titleAngle": 0, "titleAlign": "left", "titleAnchor": "start", "titleX": 0,
                "titleY": -12, "titleBaseline": "bottom",
            },
        },
    }  # fmt: skip


def _outline(
    place: Spec, points: Sequence[int], colour: str, dash: Sequence[int] = (), width: float = 3
) -> Spec:
    return {
        "transform": [{"filter": {"field": "point", "oneOf": list(points)}}],
        "mark": {
            "type": "rect", "filled": False, "stroke": colour, "strokeWidth": width,
            "strokeDash": list(dash), "aria": False,
        },
        "encoding": place,
    }  # fmt: skip


def heat_map_spec(
    theme: Theme,
    cells: Sequence[Cell],
    titles: tuple[str, str],
    ticks: tuple[Sequence[str], Sequence[str]],
    now: Sequence[int] = (),
    chosen: int | None = None,
    start: Sequence[int] = (),
) -> Spec:
    """Return the grid; a click selects `PICKED`, a point.

    Parameters
    ----------
    theme : Theme
    cells : sequence of Cell
    titles : (str, str)
        What the two axes are.
    ticks : (sequence of str, sequence of str)
        Their values in rising order, as the cells name them.
    now : sequence of int
        Points that are outlined as those of now.
    chosen : int, optional
        The point that is looked at, outlined with a dashed line.
    start : sequence of int
        Points that others are compared with, where these are not those of now: outlined thinly.
    """
    place = _place(*titles, *ticks)
    empty = {
        "mark": {"type": "rect", "filled": False, "stroke": theme.grid, "aria": False},
        "encoding": place,
    }
    filled = {
        "params": [{"name": PICKED, "select": {"type": "point", "fields": ["point"]}}],
        "mark": {"type": "rect", "cursor": "pointer"},
        "encoding": place
        | {
            "fill": {"field": "fill", "type": "nominal", "scale": None},
            "opacity": {"value": 1},
            "tooltip": {"field": "tip", "type": "nominal"},
        },
    }
    written = {
        "mark": {"type": "text", "fontSize": 13, "aria": False},
        "encoding": place
        | {
            "text": {"field": "label"},
            "color": {"field": "ink", "type": "nominal", "scale": None},
        },
    }
    layers = [empty, filled, written, _outline(place, now, theme.ink)]
    if start:
        layers.append(_outline(place, start, theme.ink, width=1.2))
    if chosen is not None:
        layers.append(_outline(place, [chosen], theme.ink, (5, 4)))
    return specification(
        theme,
        _ROW_PX * len(ticks[1]) + _AXES_PX,
        f"A grid of {len(cells)} points over {titles[0]} and {titles[1]}.",
        {"data": {"values": [_row(cell) for cell in cells]}, "layer": layers},
    )


def plot_sweep_grid(
    shown: ShownSweep,
    theme: Theme,
    *,
    across: str | None = None,
    up: str | None = None,
    held: Mapping[str, float] | None = None,
    is_change: bool = False,
    chosen: int | None = None,
) -> Spec:
    """Return a measure in the cells of a grid over two of the numbers that are varied.

    Parameters
    ----------
    shown : ShownSweep
    theme : Theme
    across, up : str, optional
        Names of the two numbers; the last, and the first of the others, unless given.
    held : mapping, optional
        Where the other numbers are held, by name; at their least value unless given.
    is_change : bool
        Whether the change from point 0 is drawn.
    chosen : int, optional
        The point that is looked at.
    """
    axes = _two_axes(shown, across, up)
    points = shown.points_with(_all_held(shown, axes, held or {}))
    places = [shown.cells[point] for point in points]
    rows = {int(row["point"]): row for row in shown.known.to_dict("records")}
    column = "change" if is_change else "value"
    drawn = [point for point in points if point in rows]
    values = [float(rows[point][column]) for point in drawn]
    colour = measure_colour(shown, theme)
    levels = [abs(float(rows[point]["value"])) for point in drawn]
    least = _LEAST_RANGE if shown.measure.is_probability else _LEAST_RANGE * max(levels, default=0)
    fills = dict(zip(drawn, _fills(theme, values, colour, is_change, least), strict=True))
    in_words = shown.measure.shown_change if is_change else shown.measure.shown
    fields = [shown.fields[axis] for axis in axes]

    def cell(point: int) -> Cell:
        own, row = shown.cells[point], rows.get(point)
        x, y = (value_in_words(shown.fields[axis], own[axis]) for axis in axes)
        label = "" if row is None else readable(in_words(float(row[column])))
        tip = point_tip(shown.fields, own, shown.measure, row)
        return Cell(point, x, y, label, fills.get(point, ""), tip)

    # In rising order, null last.
    ticks = [
        [value_in_words(field, value) for value in np.unique([own[axis] for own in places])]
        for field, axis in zip(fields, axes, strict=True)
    ]
    now, start = (
        [point for point in shown.points_at(scenario) if point in points]
        for scenario in (shown.scenario, shown.start)
    )
    return heat_map_spec(
        theme,
        [cell(point) for point in points],
        (field_title(fields[0]), field_title(fields[1])),
        (ticks[0], ticks[1]),
        now,
        chosen if chosen in points else None,
        [] if start == now else start,
    )


def _two_axes(shown: ShownSweep, across: str | None, up: str | None) -> tuple[int, int]:
    """Return the places of the two numbers among those that are varied."""
    names = shown.names
    if not shown.is_grid or len(names) < 2:
        rule = "the chart sweep_grid needs a grid over two numbers or more."
        raise InputError([Problem("", 0, rule, "Choose sweep_line for other designs.")])
    first = across or next(name for name in reversed(names) if name != up)
    second = up or next(name for name in names if name != first)
    if first == second:
        rule = f"across and up are both {first}."
        raise InputError([Problem("", 0, rule, "Choose two numbers.")])
    return names.index(first), names.index(second)


def _all_held(
    shown: ShownSweep, axes: Sequence[int], held: Mapping[str, float]
) -> dict[int, float]:
    """Return where every number beside the two axes is held, by its place."""
    return {
        j: held.get(name, float(np.unique(shown.values[:, j])[0]))
        for j, name in enumerate(shown.names)
        if j not in axes
    }


def _fills(
    theme: Theme, values: Sequence[float], colour: str, is_change: bool, least: float
) -> list[str]:
    """Return the colours of values; those that differ by less than `least` look much alike."""
    if not values:
        return []
    least = max(least, 1e-12)
    if is_change:
        reach = max(max(abs(value) for value in values), least)
        return [diverging_shade(theme, value / reach) for value in values]
    low, high = min(values), max(values)
    middle, reach = (low + high) / 2, max(high - low, least)
    return [shade(theme, colour, 0.5 + (value - middle) / reach) for value in values]


def measure_colour(shown: ShownSweep, theme: Theme) -> str:
    """Return the colour of the measure of a sweep: that of its provider."""
    return theme.colour(shown.measure.provider or "two", tuple(shown.scenario.providers))
