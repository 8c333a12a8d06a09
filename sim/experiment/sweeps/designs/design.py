"""Designs: tables of points, and three ways to make them."""

from __future__ import annotations

import hashlib
import itertools
import json
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError, checked_path, checked_text
from sim.experiment.rounding import round_numbers
from sim.experiment.sweeps.designs.columns import check_values_differ, column_of, listed_values
from sim.experiment.sweeps.designs.csv_points import PointsFile, read_points
from sim.experiment.sweeps.designs.point_problems import (
    MOST_FIELDS,
    MOST_POINTS,
    check_points_differ,
    refuse,
)
from sim.model.requests import LARGEST_SEED, check_whole
from sim.scenario.wording import shown_value

if TYPE_CHECKING:
    import pandas as pd

_FEWER = "Use fewer points, or split the sweep in two."
_LATIN_HYPERCUBE = "Latin hypercube"

Range = tuple[float, float]


@dataclass(frozen=True, eq=False, repr=False)
class Design:
    """A table of points: one row per point, one column per number of the scenario.

    Parameters
    ----------
    names : tuple of str
        Levers by name, or numbers by dotted address, 1 to 50.
    points : ndarray, shape (points, names)
        Value of each number at each point: in its own unit, 1 and 0 for true and false, NaN for
        null. 1 to 100,000 rows. Rounded to six significant digits, like every table of a result, so
        that the tables show exactly what ran.
    method : str
        How the points were made, in words.
    switches : ndarray of bool, shape (points, names), optional
        Which values were given as true or false, if any: only a switch takes those. They are not
        part of the design's identity; 1 and true make the same point.

    Raises
    ------
    InputError
        If there are no points or names or too many, a name appears twice, or a value is infinite.

    Examples
    --------
    >>> design = Design.grid({"linkage": [0, 0.5], "slots": [10, 20, None]})
    >>> design.n_points, design.row(1), design.row(2)
    (6, (0.0, 20.0), (0.0, None))
    """

    names: tuple[str, ...]
    points: NDArray[np.float64]
    method: str = "a table of points"
    switches: NDArray[np.bool_] | None = None

    def __post_init__(self) -> None:
        _check_names(self.names)
        checked_text(self.method, "the method of a design")
        try:
            values = np.array(self.points, np.float64, ndmin=2)
        except (OverflowError, TypeError, ValueError):
            message = "the points of a design must be rows of numbers of equal length."
            raise refuse(message, "For example: [[0, 10], [0.5, 20]].") from None
        if values.ndim != 2 or values.shape[1] != len(self.names):
            message = f"a design with {len(self.names)} names must have as many columns of values."
            raise refuse(message, f"Its values have the shape {values.shape}.")
        _check_number_of_points(values.shape[0])
        if np.isinf(values).any():
            row, column = np.argwhere(np.isinf(values))[0]
            message = f"point {row + 1}: {self.names[column]} must be a finite number."
            raise refuse(message, "Use the largest number that makes sense.")
        rounded = round_numbers(values)
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
    def is_latin_hypercube(self) -> bool:
        """Whether the points fill the space of some ranges."""
        return self.method.startswith(_LATIN_HYPERCUBE)

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
        """SHA-256 over names, values and method, in hexadecimal."""
        head = json.dumps([self.names, self.method, self.points.shape], separators=(",", ":"))
        digest = hashlib.sha256(head.encode())
        # One bit pattern for every NaN.
        digest.update(np.where(np.isnan(self.points), np.nan, self.points).astype("<f8").tobytes())
        return digest.hexdigest()

    def __eq__(self, other: object) -> bool:
        return self.hash == other.hash if isinstance(other, Design) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.hash)

    def __repr__(self) -> str:
        return f"<Design of {self.n_points} points over {', '.join(self.names)}: {self.method}>"

    @classmethod
    def grid(cls, axes: Mapping[str, Iterable[Any]]) -> Design:
        """Return every combination of some values; the last name varies fastest.

        Parameters
        ----------
        axes : mapping
            Lever or address to the list of its values: numbers, True, False, or None for null.

        Raises
        ------
        InputError
            If a value is not a number or appears twice, or there are too many combinations.
        """
        listed = listed_values(axes)
        _check_number_of_points(math.prod(len(values) for values in listed.values()))
        columns = {name: column_of(name, values) for name, values in listed.items()}
        check_values_differ(columns)
        rows = np.array([*itertools.product(*(c.cells for c in columns.values()))], np.float64)
        switches = np.array([*itertools.product(*(c.switches for c in columns.values()))])
        sizes = " x ".join(str(len(values)) for values in listed.values())
        return cls(tuple(listed), rows, f"grid of {sizes}", switches)

    @classmethod
    def latin_hypercube(
        cls,
        ranges: Mapping[str, Range],
        points: int,
        seed: int = 1,
        *,
        whole: Collection[str] = (),
        log: Collection[str] = (),
    ) -> Design:
        """Return points that fill the space of some ranges evenly.

        Each range is divided into as many slices as there are points, and every slice holds exactly
        one of them (McKay, Beckman and Conover 1979).

        Parameters
        ----------
        ranges : mapping
            Lever or address to its least and greatest value.
        points : int
            1 to 100,000.
        seed : int
            0 to 2**32 - 1; the same seed gives the same points. It is unrelated to the seed of the
            futures.
        whole : collection of str
            Names whose values are whole numbers, both ends included and equally likely. Whole
            numbers of the scenario must be among them; points may then repeat.
        log : collection of str
            Names whose logarithm is spread evenly; their ranges must be above 0.

        Raises
        ------
        InputError
            If a range is invalid, or `points` or `seed` is out of range.
        """
        from scipy.stats import qmc

        _check_number_of_points(points)
        if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed <= LARGEST_SEED:
            message = f"the seed of a design must be a whole number from 0 to {LARGEST_SEED}."
            raise refuse(message, "Use 1.")
        _check_ranges(ranges, whole=whole, log=log)
        ends = [_ends(name, pair, name in log) for name, pair in ranges.items()]
        sampler = qmc.LatinHypercube(len(ranges), seed=np.random.default_rng(seed))
        shares = sampler.random(points)
        columns = [
            _spread(shares[:, j], low, high, name in whole, name in log)
            for j, (name, (low, high)) in enumerate(zip(ranges, ends, strict=True))
        ]
        method = f"{_LATIN_HYPERCUBE} of {points} points, seed {seed}"
        return cls(tuple(ranges), np.stack(columns, axis=1), method)

    @classmethod
    def table(cls, columns: Mapping[str, Iterable[Any]] | pd.DataFrame) -> Design:
        """Return points of your own: name to column, or a frame with names as headers.

        Raises
        ------
        InputError
            If a cell is not a number, the columns differ in length, or a point appears twice.
        """
        listed = {str(name): values for name, values in listed_values(columns).items()}
        found = {name: column_of(name, values) for name, values in listed.items()}
        _check_names(tuple(found))
        if len({len(column.cells) for column in found.values()}) > 1:
            raise refuse("the columns of a design must have the same length.", "Fill the gaps.")
        rows = np.array([column.cells for column in found.values()], np.float64).T
        switches = np.array([column.switches for column in found.values()], np.bool_).T
        made = cls(tuple(found), rows, switches=switches)
        check_points_differ(made.points)
        return made

    @classmethod
    def from_csv(cls, path: str | Path) -> Design:
        """Return the points of a CSV file with names in its first line; see `read_points`.

        Raises
        ------
        InputError
            With every cell that is not a number, by line and column, or every duplicate point.
        """
        file = checked_path(path, "the file of points")
        return cls.of_file(read_points(file, str(path)))

    @classmethod
    def of_file(cls, file: PointsFile) -> Design:
        """Return the points of a file that has been read."""
        return cls(file.names, file.points, file.method, file.switches)


def _check_ranges(ranges: Any, **named: Any) -> None:
    """Check that ranges are a map, and that all names in `named` have a range."""
    if not isinstance(ranges, Mapping):
        message = "a Latin hypercube is made from a map of names to ranges."
        raise refuse(message, "For example: {'linkage': (0, 1)}.")
    for what, names in named.items():
        # A text would be split into letters.
        is_array = isinstance(names, np.ndarray) and names.ndim != 1
        if isinstance(names, str | bytes) or not isinstance(names, Collection) or is_array:
            message = f"{what} = {shown_value(names)} must be a list of names."
            raise refuse(message, f"For example: {what}=['slots'].")
        for name in names:
            if not isinstance(name, str) or name not in ranges:
                raise refuse(f"{shown_value(name)} has no range.", "Name one of the ranges.")
    _check_names(tuple(ranges))


def _check_names(names: Any) -> None:
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


def _check_number_of_points(points: Any) -> None:
    is_count = isinstance(points, int) and not isinstance(points, bool)
    if not is_count or not 1 <= points <= MOST_POINTS:
        shown = f"{points:,}" if is_count and abs(points) < 1e15 else shown_value(points)
        raise refuse(f"points = {shown} must be a whole number from 1 to {MOST_POINTS:,}.", _FEWER)


def check_design(design: Any) -> None:
    """Check that an argument is a design, and not the data for one.

    Raises
    ------
    InputError
        If it is not.
    """
    if not isinstance(design, Design):
        message = f"a value of type {type(design).__name__} is not a design."
        raise refuse(message, "Make one first: sim.Design.grid({'linkage': [0, 0.5, 1]}).")


def _ends(name: str, pair: Any, is_log: bool) -> Range:
    """Return the ends of a range, checked."""
    try:
        low, high = (float(end) for end in pair)
    except (OverflowError, TypeError, ValueError):
        raise refuse(f"the range of {name} must be two numbers.", "For example: (0, 1).") from None
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise refuse(f"the range of {name} must go from a number to a greater one.", "Swap them.")
    if is_log and low <= 0:
        raise refuse(f"the range of {name} must be above 0.", "Use a small positive number.")
    return low, high


def _spread(
    shares: NDArray[np.float64], low: float, high: float, is_whole: bool, is_log: bool
) -> NDArray[np.float64]:
    """Return shares from 0 to 1 as values of a range."""
    if is_whole:
        low, high = math.ceil(low) - 0.5, math.floor(high) + 0.5
    if is_log:
        low, high = math.log(low), math.log(high)
    values = low + shares * (high - low)
    if is_log:
        values = np.exp(values)
    return np.floor(values + 0.5) if is_whole else values
