"""The chart of a sweep: a grid of cells, a line over one number, or a cloud of points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.interfaces.charts.heat_map import Cell, plot_heat_map
from sim.interfaces.charts.shades import diverging_shade, shade
from sim.interfaces.charts.sweep_line import Mark, plot_sweep_line
from sim.interfaces.explorer.state.lever_values import start_value
from sim.interfaces.explorer.sweep.words import (
    change_in_words,
    field_title,
    level_in_words,
    place_in_words,
    value_in_words,
)
from sim.words.text import readable

if TYPE_CHECKING:
    from sim.analysis.surface import SurfaceMeasure
    from sim.experiment.sweeps.designs.swept import SweptField
    from sim.interfaces.charts.base import Spec
    from sim.interfaces.charts.palette import Theme
    from sim.scenario import Scenario

Cells = Mapping[int, tuple[float, ...]]


@dataclass(frozen=True)
class Look:
    """How a sweep is drawn.

    Parameters
    ----------
    theme : Theme
    scenario : Scenario
        The scenario as it stands; if it is a point of the grid, it is outlined.
    start : Scenario
        The scenario from which changes are counted; if it is another point, it has a thin outline.
    axes : tuple of int
        Which of the varied numbers is drawn across, and, for a grid, which one up.
    points : sequence of int
        The points to draw.
    is_grid : bool
        Whether they are the cells of a grid, or lie on one line.
    is_change : bool
        Whether to draw the change from the scenario as it stands.
    chosen : int or None
        The picked point.
    """

    theme: Theme
    scenario: Scenario
    start: Scenario
    axes: tuple[int, ...]
    points: Sequence[int]
    is_grid: bool
    is_change: bool
    chosen: int | None


def colour_of(look: Look, measure: SurfaceMeasure) -> str:
    """Return the colour of a measure: that of its provider."""
    providers = tuple(look.scenario.providers)
    return look.theme.colour(measure.provider or "two", providers)


def present_cell(scenario: Scenario, field: SweptField) -> float:
    """Return the value of a number in a scenario; NaN if it is null."""
    if field.lever is not None:
        return float(f"{start_value(scenario, field.lever):.6g}")
    return field.cell(field.present)


def points_of_now(scenario: Scenario, fields: Sequence[SweptField], cells: Cells) -> list[int]:
    """Return the points at which all numbers have their present values."""
    now = np.array([present_cell(scenario, field) for field in fields])
    return [
        point
        for point, own in cells.items()
        if point > 0 and np.allclose(own, now, rtol=1e-5, atol=1e-12, equal_nan=True)
    ]


def sweep_chart(
    fields: Sequence[SweptField],
    cells: Cells,
    measure: SurfaceMeasure,
    known: pd.DataFrame,
    look: Look,
) -> Spec:
    """Return the chart of a measure over one or two of the varied numbers."""
    by_point = {int(row["point"]): row for row in known.to_dict("records")}
    if look.is_grid and len(look.axes) == 2:
        return _grid(fields, cells, measure, by_point, look)
    return _line(fields, cells, measure, by_point, look)


Rows = Mapping[int, Mapping[Any, Any]]


def _tip(
    fields: Sequence[SweptField],
    cells: Sequence[float],
    measure: SurfaceMeasure,
    row: Mapping[Any, Any] | None,
) -> str:
    place = place_in_words(fields, cells)
    if row is None:
        return f"{place}. Not run yet."
    level, change = level_in_words(measure, row), change_in_words(measure, row)
    return readable(f"{place}. {level}. Change {change}")


def _grid(
    fields: Sequence[SweptField], cells: Cells, measure: SurfaceMeasure, rows: Rows, look: Look
) -> Spec:
    across, up = (fields[axis] for axis in look.axes)
    drawn = [point for point in look.points if point in rows]
    column = "change" if look.is_change else "value"
    values = [float(rows[point][column]) for point in drawn]
    fills = dict(zip(drawn, _fills(values, look, colour_of(look, measure)), strict=True))
    shown = measure.shown_change if look.is_change else measure.shown

    def cell(point: int) -> Cell:
        own = cells[point]
        row = rows.get(point)
        return Cell(
            point,
            value_in_words(across, own[look.axes[0]]),
            value_in_words(up, own[look.axes[1]]),
            "" if row is None else readable(shown(float(row[column]))),
            fills.get(point, ""),
            _tip(fields, own, measure, row),
        )

    ticks = tuple(
        [value_in_words(fields[axis], value) for value in _distinct(cells, look.points, axis)]
        for axis in look.axes
    )
    now, start = (
        [p for p in points_of_now(scenario, fields, cells) if p in look.points]
        for scenario in (look.scenario, look.start)
    )
    return plot_heat_map(
        look.theme,
        [cell(point) for point in look.points],
        (field_title(across), field_title(up)),
        (ticks[0], ticks[1]),
        now,
        look.chosen if look.chosen in look.points else None,
        [] if start == now else start,
    )


def _distinct(cells: Cells, points: Sequence[int], axis: int) -> list[float]:
    """Return the values of an axis in ascending order, null last."""
    found: list[float] = np.unique([cells[point][axis] for point in points]).tolist()
    return found


def _fills(values: Sequence[float], look: Look, colour: str) -> list[str]:
    if not values:
        return []
    if look.is_change:
        reach = max(max(abs(value) for value in values), 1e-12)
        return [diverging_shade(look.theme, value / reach) for value in values]
    low, high = min(values), max(values)
    reach = high - low
    shares = [(value - low) / reach if reach > 0 else 0.5 for value in values]
    return [shade(look.theme, colour, share) for share in shares]


def _line(
    fields: Sequence[SweptField], cells: Cells, measure: SurfaceMeasure, rows: Rows, look: Look
) -> Spec:
    axis = look.axes[0]
    columns = ("low", "high") if measure.is_probability else ("p05", "p95")
    if look.is_change:
        columns = ("change_low", "change_high")
    value = "change" if look.is_change else "value"
    scale = 100.0 if measure.is_probability else 1.0

    def mark(point: int) -> Mark:
        own, row = cells[point], rows[point]
        low, high = (scale * float(row[column]) for column in columns)
        tip = _tip(fields, own, measure, row)
        return Mark(point, own[axis], scale * float(row[value]), low, high, tip)

    marks = [mark(p) for p in look.points if p in rows and not np.isnan(cells[p][axis])]
    stands = rows.get(0)
    unit = ("points" if look.is_change else "%") if measure.is_probability else measure.unit
    what = f"change, {unit}" if look.is_change else unit
    return plot_sweep_line(
        look.theme,
        sorted(marks, key=lambda one: one.x),
        (field_title(fields[axis]), what),
        colour_of(look, measure),
        None if stands is None else scale * float(stands[value]),
        look.is_grid,
        look.chosen,
    )
