"""A grid over two numbers: each cell with its figure, the point of now outlined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.interfaces.charts.base import Spec, chart
from sim.interfaces.charts.palette import Theme
from sim.interfaces.charts.shades import ink_on

# Name of the selection that a click makes; it holds the number of the point.
PICKED = "picked"
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


def plot_heat_map(
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
    return chart(
        theme,
        _ROW_PX * len(ticks[1]) + _AXES_PX,
        f"A grid of {len(cells)} points over {titles[0]} and {titles[1]}.",
        {"data": {"values": [_row(cell) for cell in cells]}, "layer": layers},
    )
