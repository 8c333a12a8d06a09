"""The words of the Sweep page: the varied numbers, their values, and the results of a point."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.analysis.levers import position_in_words
from sim.data import load_parameters
from sim.data.parameters import parameter_label
from sim.words.text import readable
from sim.words.wording import span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from sim.analysis.sweeps.surface import SurfaceMeasure
    from sim.experiment.sweeps.designs.swept import SweptField


MOST_IN_A_NAME = 2


def field_title(field: SweptField) -> str:
    """Return the title of a varied number."""
    if field.lever is not None:
        return " ".join(field.lever.title.split())
    name = field.address.removeprefix("parameters.")
    if name != field.address and name in load_parameters():
        return parameter_label(name)
    return field.address


def unit_in_words(unit: str) -> str:
    """Return a unit as it stands after a number; "" for plain numbers, shares and indices."""
    return "" if unit in ("1", "share", "index") else unit


def field_header(field: SweptField) -> str:
    """Return the header of its column in a download: its title with the unit."""
    unit = field.spec.unit
    title = field_title(field)
    return f"{title} ({unit})" if unit and unit not in title else title


def value_in_words(field: SweptField, cell: float) -> str:
    """Return one of its values, short enough for an axis."""
    if math.isnan(cell):
        return "none"
    if field.spec.kind == "switch":
        return "yes" if cell else "no"
    return f"{cell:,.0f}" if cell == int(cell) and abs(cell) >= 1000 else f"{cell:g}"


def place_in_words(fields: Sequence[SweptField], cells: Sequence[float]) -> str:
    """Return the values of a point: each number by title, with its value."""
    return "; ".join(
        f"{field_title(field)} = {value_in_words(field, cell)}"
        for field, cell in zip(fields, cells, strict=True)
    )


def point_in_words(fields: Sequence[SweptField], point: int, cells: Sequence[float]) -> str:
    """Return the name of a point: its values, or its number if they would be too long."""
    if len(fields) > MOST_IN_A_NAME:
        return f"point {point}"
    return place_in_words(fields, cells)


def stop_in_words(field: SweptField, cell: float) -> str:
    """Return the meaning of a value of a lever, from its labelled stops; "" if they have none."""
    if field.lever is None or math.isnan(cell):
        return ""
    return position_in_words(field.lever, cell)


def level_in_words(measure: SurfaceMeasure, row: Mapping[Any, Any]) -> str:
    """Return the value at a point, with the range of 90 % of futures or the 90 % interval."""
    if measure.is_probability:
        ends, words = (row["low"], row["high"]), "90 %"
    else:
        ends, words = (row["p05"], row["p95"]), "90 % of futures"
    return f"{measure.shown(row['value'])} ({words}: {span(*ends, measure.shown)})"


def change_in_words(measure: SurfaceMeasure, row: Mapping[Any, Any]) -> str:
    """Return the change from point 0 in the same futures, with its interval."""
    shown = measure.shown_change
    unit = " points" if measure.is_probability else ""
    ends = span(row["change_low"], row["change_high"], shown)
    return f"{shown(row['change'])}{unit} (90 % interval: {ends})"


def point_tip(
    fields: Sequence[SweptField],
    cells: Sequence[float],
    measure: SurfaceMeasure,
    row: Mapping[Any, Any] | None,
) -> str:
    """Return what is known of a point: where it lies and what it comes to; None: not run yet."""
    place = place_in_words(fields, cells)
    if row is None:
        return f"{place}. Not run yet."
    level, change = level_in_words(measure, row), change_in_words(measure, row)
    return readable(f"{place}. {level}. Change {change}")
