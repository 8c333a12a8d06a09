"""How large a design may be, and what its names must look like."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.experiment.sweeps.designs.point_problems import (
    MOST_CELLS,
    MOST_FIELDS,
    MOST_POINTS,
    refuse,
)
from sim.scenario.wording import shown_value

_FEWER = "Use fewer points, or split the sweep in two."


def check_names(names: Any) -> None:
    """Check the names of the numbers that a design sets.

    Raises
    ------
    InputError
        If they are not a list of different texts, 1 to 100.
    """
    if isinstance(names, str | bytes) or not isinstance(names, Sequence):
        message = f"the names of a design = {shown_value(names)} must be a list of names."
        raise refuse(message, "For example: ('linkage', 'slots').")
    for name in names:
        if not isinstance(name, str) or not name:
            raise refuse(f"{shown_value(name)} is not a lever or an address.", "Use text.")
    twice = [name for place, name in enumerate(names) if name in names[:place]]
    if twice:
        raise refuse(f"the column {shown_value(twice[0])} appears twice.", "Keep one of them.")
    if not 1 <= len(names) <= MOST_FIELDS:
        message = f"a design varies {len(names)} numbers and must vary 1 to {MOST_FIELDS}."
        raise refuse(message, "Vary those that the question is about.")


def check_number_of_points(points: Any, n_names: int = 1, what: str = "points") -> None:
    """Check how many points a design has, before they are made.

    Raises
    ------
    InputError
        If there are none, more than 10,000,000, or more than 50,000,000 cells.
    """
    is_count = isinstance(points, int) and not isinstance(points, bool)
    if not is_count or not 1 <= points <= MOST_POINTS:
        shown = f"{points:,}" if is_count and abs(points) < 1e15 else shown_value(points)
        raise refuse(f"{what} = {shown} must be a whole number from 1 to {MOST_POINTS:,}.", _FEWER)
    if points * n_names > MOST_CELLS:
        message = (
            f"{what} = {points:,} over {n_names} numbers are {points * n_names:,} cells, and a "
            f"design must have at most {MOST_CELLS:,}."
        )
        raise refuse(message, f"Use at most {MOST_CELLS // n_names:,} points, or fewer numbers.")
