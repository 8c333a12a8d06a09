"""Values given in Python, on their way into a design."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sim.errors import Problem
from sim.experiment.rounding import round_number
from sim.experiment.sweeps.designs.point_problems import MOST_PROBLEMS, PointsError, refuse
from sim.scenario.reading.scalars import is_number
from sim.scenario.wording import shown_value


class DesignColumn(NamedTuple):
    """Values of one number (1 and 0 for switches, NaN for null), and which of them are switches."""

    cells: list[float]
    switches: list[bool]


def listed_values(columns: Any) -> dict[Any, list[Any]]:
    """Return the values of each name as a list.

    Raises
    ------
    InputError
        If there are no names, or the values are not a list.
    """
    if not callable(getattr(columns, "items", None)):
        message = "a design is made from a map of names to lists of values."
        raise refuse(message, "For example: sim.Design.grid({'linkage': [0, 0.5, 1]}).")
    found = {}
    for name, values in columns.items():
        try:
            # A text would be split into letters, and a map would lose its values.
            listed = None if isinstance(values, str | bytes | Mapping) else [*values]
        except TypeError:
            listed = None
        if listed is None:
            message = f"the values of {name} = {shown_value(values)} must be a list."
            raise refuse(message, f"For example: {{{str(name)!r}: [0, 0.5, 1]}}.")
        found[name] = listed
    return found


def column_of(name: str, values: Sequence[Any]) -> DesignColumn:
    """Return values as cells of a design.

    Raises
    ------
    InputError
        If a value is not a number.
    """
    found = DesignColumn([], [])
    for place, value in enumerate(values, 1):
        plain = value.item() if getattr(value, "shape", None) == () else value
        if plain is None:
            found.cells.append(math.nan)
        elif is_number(plain):
            found.cells.append(float(plain))
        else:
            message = f"value {place} of {name} = {shown_value(plain)} must be a finite number."
            raise refuse(message, "Use numbers, True, False, or None for no limit.")
        found.switches.append(isinstance(plain, bool))
    return found


def kept_value(value: float | bool | None) -> float | None:
    """Return a value as a design keeps it: six significant digits, and 1 and 0 for switches.

    Examples
    --------
    >>> kept_value(0.12345678), kept_value(True), kept_value(None)
    (0.123457, 1.0, None)
    """
    return None if value is None or math.isnan(value) else round_number(value)


def check_values_differ(columns: Mapping[str, DesignColumn]) -> None:
    """Check that no name has the same value twice.

    Raises
    ------
    InputError
        With the first twenty duplicates.
    """
    problems = []
    for name, column in columns.items():
        seen = set()
        for place, cell in enumerate(column.cells, 1):
            kept = kept_value(cell)
            if kept in seen:
                shown = bool(cell) if column.switches[place - 1] else kept
                message = f"value {place} of {name} = {shown_value(shown)} is listed twice."
                problems.append(Problem("", 0, message, "Keep one of them."))
            seen.add(kept)
    if problems:
        raise PointsError(problems[:MOST_PROBLEMS])
