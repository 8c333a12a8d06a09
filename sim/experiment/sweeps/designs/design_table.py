"""The table of a design: its points, and what is recorded of how they were made."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError, checked_text
from sim.experiment.rounding import round_numbers
from sim.experiment.sweeps.designs.limits import check_names, check_number_of_points
from sim.experiment.sweeps.designs.point_problems import refuse
from sim.model.requests import check_whole
from sim.notebook.showing import ShowsItself

if TYPE_CHECKING:
    from sim.experiment.sweeps.designs.roles import Role
    from sim.experiment.sweeps.designs.samples.sampling import Sampling

# The first words of a Latin hypercube's method.
LATIN_HYPERCUBE = "Latin hypercube"
# Rounding needs several times the memory of what is rounded.
_CELLS_ROUNDED_AT_ONCE = 1_000_000
# A list of more names is too long for a sentence.
_MOST_NAMED = 12


@dataclass(frozen=True, eq=False, repr=False)
class DesignTable(ShowsItself):
    """A table of points with checks and an identity; see `Design` for its fields."""

    names: tuple[str, ...]
    points: NDArray[np.float64]
    method: str = "a table of points"
    switches: NDArray[np.bool_] | None = None
    roles: Mapping[str, Role] | None = None
    sampling: Sampling | None = None

    def __post_init__(self) -> None:
        check_names(self.names)
        checked_text(self.method, "the method of a design")
        try:
            values = np.array(self.points, np.float64, ndmin=2)
        except (OverflowError, TypeError, ValueError):
            message = "the points of a design must be rows of numbers of equal length."
            raise refuse(message, "For example: [[0, 10], [0.5, 20]].") from None
        if values.ndim != 2 or values.shape[1] != len(self.names):
            message = f"a design with {len(self.names)} names must have as many columns of values."
            raise refuse(message, f"Its values have the shape {values.shape}.")
        check_number_of_points(values.shape[0], values.shape[1])
        if np.isinf(values).any():
            row, column = np.argwhere(np.isinf(values))[0]
            message = f"point {row + 1}: {self.names[column]} must be a finite number."
            raise refuse(message, "Use the largest number that makes sense.")
        rounded = _rounded(values)
        rounded.setflags(write=False)
        object.__setattr__(self, "points", rounded)
        if self.switches is not None:
            given = np.array(self.switches, np.bool_, ndmin=2)
            if given.shape != values.shape:
                message = f"its switches have the shape {given.shape}, its values {values.shape}."
                raise refuse(message, "Give one for each value, or leave them out.")
            given.setflags(write=False)
            object.__setattr__(self, "switches", given if given.any() else None)

    @property
    def n_points(self) -> int:
        """Number of points, not counting the unchanged scenario."""
        return int(self.points.shape[0])

    @property
    def is_sampled(self) -> bool:
        """Whether the points are a sample of some ranges."""
        # Sweeps of earlier versions do not record the sampling.
        return self.sampling is not None or self.method.startswith(LATIN_HYPERCUBE)

    @property
    def switched(self) -> tuple[str, ...]:
        """Names whose value was given as true or false at some point."""
        if self.switches is None:
            return ()
        return tuple(self.names[j] for j in np.unique(np.nonzero(self.switches)[1]).tolist())

    def row(self, index: int) -> tuple[float | None, ...]:
        """Return the values of a point, counted from 0; None stands for null.

        Raises
        ------
        InputError
            If the point does not exist.
        """
        remedy = "Points are counted from 0; the point 0 of tables is the scenario as it stands."
        problems = check_whole("the point", index, 0, self.n_points - 1, remedy)
        if problems:
            raise InputError(problems)
        return tuple(None if math.isnan(cell) else cell for cell in self.points[index].tolist())

    @cached_property
    def hash(self) -> str:
        """SHA-256 over names, values, method, roles and sampling, in hexadecimal."""
        parts: list[Any] = [self.names, self.method, self.points.shape]
        if self.roles or self.sampling is not None:
            sampling = None if self.sampling is None else self.sampling.record()
            parts += [dict(self.roles or {}), sampling]
        head = json.dumps(parts, separators=(",", ":"))
        digest = hashlib.sha256(head.encode())
        # One bit pattern for every NaN.
        digest.update(np.where(np.isnan(self.points), np.nan, self.points).astype("<f8").tobytes())
        return digest.hexdigest()

    def __eq__(self, other: object) -> bool:
        return self.hash == other.hash if isinstance(other, DesignTable) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.hash)

    def __repr__(self) -> str:
        return f"<Design of {self.n_points} points over {named(self.names)}: {self.method}>"


def _rounded(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return values rounded like those of every table, some rows at a time."""
    found = np.empty_like(values)
    rows = max(1, _CELLS_ROUNDED_AT_ONCE // values.shape[1])
    for at in range(0, len(values), rows):
        found[at : at + rows] = round_numbers(values[at : at + rows])
    return found


def named(names: Sequence[str]) -> str:
    """Return some names for a sentence: all, or the first ones and the number of the others.

    Examples
    --------
    >>> named(["a", "b"]), named([f"x{j}" for j in range(50)])[-20:]
    ('a, b', 'and 38 other numbers')
    """
    if len(names) <= _MOST_NAMED:
        return ", ".join(names)
    return f"{', '.join(names[:_MOST_NAMED])} and {len(names) - _MOST_NAMED} other numbers"
