"""Designs: tables of points, and the ways to make them."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError, checked_path
from sim.experiment.sweeps.designs.columns import check_values_differ, column_of, listed_values
from sim.experiment.sweeps.designs.csv_points import PointsFile, read_points
from sim.experiment.sweeps.designs.design_table import LATIN_HYPERCUBE, DesignTable
from sim.experiment.sweeps.designs.limits import check_names, check_number_of_points
from sim.experiment.sweeps.designs.point_problems import check_points_differ, refuse
from sim.experiment.sweeps.designs.roles import checked_roles
from sim.experiment.sweeps.designs.samples.sampling import (
    LATIN,
    LEVELS,
    MORRIS,
    MOST_TRAJECTORIES,
    SALTELLI,
    SOBOL,
    Sampling,
    check_power_of_two,
    check_seed,
    groups_of,
    latin_shares,
    morris_levels,
    saltelli_shares,
    sobol_shares,
)
from sim.experiment.sweeps.designs.samples.spreads import Spread, spreads_of
from sim.model.requests import check_whole
from sim.scenario.wording import shown_value

if TYPE_CHECKING:
    import pandas as pd

Ranges = Mapping[str, "tuple[float, float] | Spread"]


class Design(DesignTable):
    """A table of points: one row per point, one column per number of the scenario.

    Parameters
    ----------
    names : tuple of str
        Levers by name, or numbers by dotted address, 1 to 100.
    points : ndarray, shape (points, names)
        Value of each number at each point: in its own unit, 1 and 0 for true and false, NaN for
        null. 1 to 10,000,000 rows and at most 50,000,000 cells. Rounded to six significant digits,
        like every table of a result, so that the tables show exactly what ran.
    method : str
        How the points were made, in words.
    switches : ndarray of bool, shape (points, names), optional
        Which values were given as true or false, if any: only a switch takes those. They are not
        part of the design's identity; 1 and true make the same point.
    roles : mapping, optional
        ``lever`` or ``uncertainty`` for the numbers that are named as one or the other; the others
        have the role that they usually have. See `with_roles`.
    sampling : Sampling, optional
        How a sampled design was made, for the analysis of its results.

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

    def with_roles(
        self, *, levers: Collection[str] = (), uncertainties: Collection[str] = ()
    ) -> Design:
        """Return the design with some of its numbers named as levers or as uncertainties.

        Levers are what an actor chooses, uncertainties what nobody chooses. A number that is not
        named is a lever if it is a lever of the scenario or a term of an offer or a provider, and
        an uncertainty if it is a parameter, a corporate tie, or drawn by the scenario.

        Raises
        ------
        InputError
            If a name is not one of the design's, or is named as both.
        """
        return replace(self, roles=checked_roles(self.names, levers, uncertainties))

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
        check_names(tuple(listed))
        check_number_of_points(math.prod(len(values) for values in listed.values()), len(listed))
        columns = {name: column_of(name, values) for name, values in listed.items()}
        check_values_differ(columns)
        rows = _combined([column.cells for column in columns.values()])
        switches = _combined([column.switches for column in columns.values()])
        sizes = " x ".join(str(len(values)) for values in listed.values())
        return cls(tuple(listed), rows, f"grid of {sizes}", switches.astype(np.bool_))

    @classmethod
    def zip(cls, axes: Mapping[str, Iterable[Any]]) -> Design:
        """Return points that pair the first values of all names, the second values, and so on.

        Parameters
        ----------
        axes : mapping
            As in `grid`; all lists must have the same length. A value may be listed twice.

        Raises
        ------
        InputError
            If a value is not a number, the lists differ in length, or a point appears twice.
        """
        listed = listed_values(axes)
        sizes = {name: len(values) for name, values in listed.items()}
        if len({*sizes.values()}) > 1:
            shown = ", ".join(f"{name} has {size}" for name, size in sizes.items())
            raise refuse(f"a zip needs lists of the same length; {shown}.", "Add or drop values.")
        made = cls.table(listed)
        return replace(made, method=f"zip of {made.n_points} values")

    @classmethod
    def latin_hypercube(
        cls,
        ranges: Ranges,
        points: int,
        seed: int = 1,
        *,
        whole: Collection[str] = (),
        log: Collection[str] = (),
        optimise: str | None = None,
    ) -> Design:
        """Return points that fill the space of some ranges evenly.

        Each range is divided into as many slices as there are points, and every slice holds exactly
        one of them (McKay, Beckman and Conover 1979). A Latin hypercube does not nest: one of 256
        points shares none with one of 128. Use `sobol` for a design that is to grow.

        Parameters
        ----------
        ranges : mapping
            Lever or address to its least and greatest value, or to a `Spread`; `default_ranges`
            returns those of a scenario.
        points : int
            1 to 10,000,000.
        seed : int
            0 to 2**32 - 1; the same seed gives the same points. It is unrelated to the seed of the
            futures.
        whole : collection of str
            Names whose values are whole numbers, both ends included and equally likely. Whole
            numbers of the scenario must be among them; points may then repeat.
        log : collection of str
            Names whose logarithm is spread evenly; their ranges must be above 0.
        optimise : str, optional
            ``maximin`` keeps the points apart: of a hundred hypercubes, the one with the greatest
            least distance. ``discrepancy`` spreads them evenly. For at most 2,000 points.

        Raises
        ------
        InputError
            If a range is invalid, or `points`, `seed` or `optimise` is not allowed.
        """
        spreads = spreads_of(ranges, "a Latin hypercube", whole, log)
        check_number_of_points(points, len(spreads))
        check_seed(seed)
        shares = latin_shares(len(spreads), points, seed, optimise)
        words = "" if optimise is None else f", {optimise}"
        method = f"{LATIN_HYPERCUBE} of {points} points, seed {seed}{words}"
        about = Sampling(LATIN, points, seed, *_about(spreads))
        return cls._sampled(spreads, shares, method, about)

    @classmethod
    def sobol(
        cls,
        ranges: Ranges,
        points: int,
        seed: int = 1,
        *,
        whole: Collection[str] = (),
        log: Collection[str] = (),
    ) -> Design:
        """Return the first points of a scrambled Sobol' sequence (Sobol' 1967, Owen 1998).

        The sequence nests: the first 128 of 256 points are those of a design of 128, under the same
        seed, so a sweep that grows runs the new half alone.

        Parameters
        ----------
        ranges, seed, whole, log
            As in `latin_hypercube`.
        points : int
            A power of two, for which the sequence is balanced.

        Raises
        ------
        InputError
            If a range is invalid, or `points` or `seed` is not allowed.
        """
        spreads = spreads_of(ranges, "a Sobol' sequence", whole, log)
        check_power_of_two(points)
        check_number_of_points(points, len(spreads))
        check_seed(seed)
        shares = sobol_shares(len(spreads), points, seed)
        method = f"Sobol' sequence of {points} points, seed {seed}"
        about = Sampling(SOBOL, points, seed, *_about(spreads))
        return cls._sampled(spreads, shares, method, about)

    @classmethod
    def saltelli(
        cls,
        ranges: Ranges,
        points: int,
        seed: int = 1,
        *,
        whole: Collection[str] = (),
        log: Collection[str] = (),
        second_order: bool = False,
        groups: Mapping[str, Iterable[str]] | None = None,
    ) -> Design:
        """Return the rows from which Sobol' indices are estimated (Saltelli 2002), by SALib.

        Over k numbers or groups that are ``points * (k + 2)`` rows, or ``points * (2 k + 2)`` with
        the second order. The rows nest, like the sequence that they are made from.

        Parameters
        ----------
        ranges, seed, whole, log
            As in `latin_hypercube`.
        points : int
            Points of the base sequence, a power of two.
        second_order : bool
            Whether indices of pairs can be estimated too.
        groups : mapping, optional
            Name of a group to the numbers that move together; the others move alone.

        Raises
        ------
        InputError
            If a range is invalid, or `points`, `seed` or `groups` is not allowed.
        """
        spreads = spreads_of(ranges, "a Saltelli design", whole, log)
        check_power_of_two(points)
        check_seed(seed)
        listed = groups_of([*spreads], groups)
        shares = saltelli_shares([*spreads], listed, points, seed, bool(second_order))
        about = Sampling(SALTELLI, points, seed, *_about(spreads), listed, bool(second_order))
        method = f"Saltelli design of {points} base points, seed {seed}"
        return cls._sampled(spreads, shares, method, about)

    @classmethod
    def morris(
        cls,
        ranges: Ranges,
        trajectories: int,
        seed: int = 1,
        *,
        whole: Collection[str] = (),
        log: Collection[str] = (),
        levels: int = 4,
        groups: Mapping[str, Iterable[str]] | None = None,
    ) -> Design:
        """Return the trajectories from which elementary effects are estimated (Morris 1991).

        Over k numbers or groups that are ``trajectories * (k + 1)`` rows, made by SALib. They nest:
        10 trajectories are the first of 20, under the same seed.

        Parameters
        ----------
        ranges, seed, whole, log, groups
            As in `saltelli`.
        trajectories : int
            1 to 500; 10 to 50 are usual.
        levels : int
            How many values each number takes: 4, 6, 8 or 10.

        Raises
        ------
        InputError
            If a range is invalid, or `trajectories`, `seed`, `levels` or `groups` is not allowed.
        """
        spreads = spreads_of(ranges, "a Morris design", whole, log)
        check_seed(seed)
        remedy = f"Use 10 to 50; at most {MOST_TRAJECTORIES:,}."
        found = check_whole("trajectories", trajectories, 1, MOST_TRAJECTORIES, remedy)
        if found:
            raise InputError(found)
        if levels not in LEVELS:
            message = f"levels = {shown_value(levels)} must be one of 4, 6, 8 and 10."
            raise refuse(message, "Use 4, which is usual.")
        listed = groups_of([*spreads], groups)
        check_number_of_points(trajectories * (len({*listed} or spreads) + 1), len(spreads))
        rows = morris_levels([*spreads], listed, trajectories, seed, levels)
        written = tuple("".join(map(str, row)) for row in rows.tolist())
        about = Sampling(
            MORRIS, trajectories, seed, *_about(spreads), listed, levels=levels, rows=written
        )
        method = f"Morris design of {trajectories} trajectories, {levels} levels, seed {seed}"
        return cls._sampled(spreads, about.shares, method, about)

    @classmethod
    def _sampled(
        cls,
        spreads: Mapping[str, Spread],
        shares: NDArray[np.float64],
        method: str,
        sampling: Sampling,
    ) -> Design:
        """Return the design of a sample of the unit cube."""
        points = np.empty_like(shares)
        for j, spread in enumerate(spreads.values()):
            points[:, j] = spread.at(shares[:, j])
        return cls(tuple(spreads), points, method, sampling=sampling)

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
        check_names(tuple(found))
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


def _combined(lists: list[list[Any]]) -> NDArray[np.float64]:
    """Return every combination of the entries of some lists, the last fastest, one per row."""
    n_rows = math.prod(map(len, lists))
    rows, inner = np.empty((n_rows, len(lists))), n_rows
    for j, listed in enumerate(lists):
        inner //= len(listed)
        rows[:, j] = np.tile(np.repeat(listed, inner), n_rows // (inner * len(listed)))
    return rows


def _about(spreads: Mapping[str, Spread]) -> tuple[tuple[str, ...], tuple[dict[str, Any], ...]]:
    return tuple(spreads), tuple(spread.record() for spread in spreads.values())


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
