"""Samples of the unit cube: what fills a space, and what sensitivity analysis asks for.

Every sampler returns shares from 0 to 1, one row per point; `Spread` turns them into values. The
record of a sample holds what the analysis of SALib needs, so that a finished sweep can be analysed
without the program that made it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.experiment.sweeps.designs.limits import check_number_of_points
from sim.experiment.sweeps.designs.point_problems import refuse
from sim.model.requests import LARGEST_SEED
from sim.scenario.wording import shown_value

LATIN, SOBOL, SALTELLI, MORRIS = "latin_hypercube", "sobol", "saltelli", "morris"
MAXIMIN, DISCREPANCY = "maximin", "discrepancy"
# Distances between all pairs are needed for each of the hypercubes that are compared.
MOST_OPTIMISED = 2000
_HYPERCUBES = 100
# The levels of every row are in the manifest.
MOST_TRAJECTORIES = 500
LEVELS = (4, 6, 8, 10)
Shares = NDArray[np.float64]


@dataclass(frozen=True)
class Sampling:
    """How the points of a sampled design were made, and what an analysis needs to know of it.

    Parameters
    ----------
    method : str
        ``latin_hypercube``, ``sobol``, ``saltelli`` or ``morris``.
    size : int
        Points; for Saltelli, points of the base sequence; for Morris, trajectories.
    seed : int
        Seed of the sample.
    names : tuple of str
        The numbers, in the order of the columns.
    spreads : tuple of dict
        How each number spreads, as `Spread.record` gives it.
    groups : tuple of str
        Group of each number, if they are moved in groups.
    second_order : bool, optional
        For Saltelli, whether the rows for indices of the second order are there.
    levels : int, optional
        For Morris, levels of each number.
    rows : tuple of str
        For Morris, the rows: one digit for each number, the level from 0 to ``levels - 1``.
    """

    method: str
    size: int
    seed: int
    names: tuple[str, ...]
    spreads: tuple[dict[str, Any], ...]
    groups: tuple[str, ...] = ()
    second_order: bool | None = None
    levels: int | None = None
    rows: tuple[str, ...] = ()

    @property
    def problem(self) -> dict[str, Any]:
        """The problem as SALib takes it: ``num_vars``, ``names``, ``bounds``, and ``groups``."""
        found: dict[str, Any] = {
            "num_vars": len(self.names),
            "names": list(self.names),
            "bounds": [[spread["low"], spread["high"]] for spread in self.spreads],
        }
        return found | {"groups": list(self.groups)} if self.groups else found

    @property
    def shares(self) -> Shares:
        """The rows of a Morris sample in the unit cube, (points, names), as its analysis needs."""
        top = (self.levels or 1) - 1
        return np.array([[int(digit) / top for digit in row] for row in self.rows], np.float64)

    def record(self) -> dict[str, Any]:
        """Return the sample as plain data, without what does not apply."""
        found: dict[str, Any] = {"method": self.method, "size": self.size, "seed": self.seed}
        if self.second_order is not None:
            found["second_order"] = self.second_order
        if self.levels is not None:
            found["levels"] = self.levels
        if self.groups:
            found["groups"] = list(self.groups)
        found["ranges"] = dict(zip(self.names, self.spreads, strict=True))
        if self.rows:
            found["rows"] = list(self.rows)
        return found

    @classmethod
    def of_record(cls, record: Mapping[str, Any]) -> Sampling:
        """Return the sample that a record describes.

        Raises
        ------
        KeyError, TypeError
            If the record is not whole.
        """
        return cls(
            record["method"],
            record["size"],
            record["seed"],
            tuple(record["ranges"]),
            tuple(record["ranges"].values()),
            tuple(record.get("groups", ())),
            record.get("second_order"),
            record.get("levels"),
            tuple(record.get("rows", ())),
        )


def check_seed(seed: Any) -> None:
    """Check the seed of a design.

    Raises
    ------
    InputError
        If it is not a whole number from 0 to 2**32 - 1.
    """
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed <= LARGEST_SEED:
        message = f"the seed of a design must be a whole number from 0 to {LARGEST_SEED}."
        raise refuse(message, "Use 1.")


def check_power_of_two(points: Any, what: str = "points") -> None:
    """Check the size of a Sobol' sequence, whose balance holds for powers of two alone.

    Raises
    ------
    InputError
        If it is not a power of two; the remedy names the nearest.
    """
    check_number_of_points(points, what=what)
    if points & (points - 1):
        raise refuse(f"{what} = {points:,} must be a power of two.", next_powers(points))


def next_powers(points: int) -> str:
    """Return the powers of two on both sides of a number, as a remedy.

    Examples
    --------
    >>> next_powers(100)
    'Use 128, the next one, or 64.'
    """
    above = 1 << (points - 1).bit_length()
    return f"Use {above:,}, the next one, or {above // 2:,}."


def latin_shares(n_names: int, points: int, seed: int, optimise: str | None) -> Shares:
    """Return a Latin hypercube, (points, names): each slice of each number holds one point.

    Parameters
    ----------
    n_names, points, seed : int
    optimise : str or None
        ``maximin`` takes the hypercube with the greatest least distance between two points, of a
        hundred (Johnson, Moore and Ylvisaker 1990). ``discrepancy`` exchanges coordinates until
        the centred discrepancy falls no more.

    Raises
    ------
    InputError
        If `optimise` is neither, or there are more than 2,000 points to optimise.
    """
    from scipy.stats import qmc

    rng = np.random.default_rng(seed)
    if optimise is None:
        return qmc.LatinHypercube(n_names, seed=rng).random(points)
    if optimise not in (MAXIMIN, DISCREPANCY):
        message = f"optimise = {shown_value(optimise)} must be {MAXIMIN} or {DISCREPANCY}."
        raise refuse(message, "Leave it out for a hypercube drawn once.")
    if points > MOST_OPTIMISED:
        message = f"a Latin hypercube of {points:,} points cannot be optimised."
        remedy = f"Use at most {MOST_OPTIMISED:,} points, a Sobol' sequence, or no optimisation."
        raise refuse(message, remedy)
    if points == 1:
        return qmc.LatinHypercube(n_names, seed=rng).random(1)
    if optimise == DISCREPANCY:
        return qmc.LatinHypercube(n_names, optimization="random-cd", seed=rng).random(points)
    sampler = qmc.LatinHypercube(n_names, seed=rng)
    candidates = (sampler.random(points) for _ in range(_HYPERCUBES))
    return max(candidates, key=lambda shares: qmc.geometric_discrepancy(shares, method="mindist"))


def sobol_shares(n_names: int, points: int, seed: int) -> Shares:
    """Return the first points of a scrambled Sobol' sequence, (points, names).

    The sequence nests: under one seed, the first 128 of 256 points are those of a design of 128.
    """
    from scipy.stats import qmc

    return qmc.Sobol(n_names, scramble=True, seed=np.random.default_rng(seed)).random(points)


def saltelli_shares(
    names: Sequence[str], groups: Sequence[str], points: int, seed: int, second_order: bool
) -> Shares:
    """Return Saltelli's rows over a Sobol' sequence, in the order of SALib.

    The rows nest as the sequence does: those of 128 base points are the first of 256.
    """
    from SALib.sample import sobol

    n_rows = saltelli_rows(points, len({*groups}) or len(names), second_order)
    check_number_of_points(n_rows, len(names))
    problem = _unit_problem(names, groups)
    return np.asarray(
        sobol.sample(problem, points, calc_second_order=second_order, seed=seed), np.float64
    )


def saltelli_rows(points: int, n_groups: int, second_order: bool) -> int:
    """Return how many rows a Saltelli design has.

    Examples
    --------
    >>> saltelli_rows(1024, 50, second_order=True), saltelli_rows(1024, 50, second_order=False)
    (104448, 53248)
    """
    return points * ((2 * n_groups if second_order else n_groups) + 2)


def morris_levels(
    names: Sequence[str], groups: Sequence[str], trajectories: int, seed: int, levels: int
) -> NDArray[np.int64]:
    """Return Morris's rows as levels, in the order of SALib: trajectory after trajectory.

    In each trajectory every number, or group, moves once. The rows nest: those of 10 trajectories
    are the first of 20.
    """
    from SALib.sample import morris

    found = morris.sample(_unit_problem(names, groups), trajectories, num_levels=levels, seed=seed)
    return np.asarray(np.round(found * (levels - 1)), np.int64)


def _unit_problem(names: Sequence[str], groups: Sequence[str]) -> dict[str, Any]:
    problem: dict[str, Any] = {
        "num_vars": len(names),
        "names": list(names),
        "bounds": [[0.0, 1.0]] * len(names),
    }
    return problem | {"groups": list(groups)} if groups else problem


def groups_of(names: Sequence[str], groups: Any) -> tuple[str, ...]:
    """Return the group of each name; a name in no group is a group of its own.

    Parameters
    ----------
    names : sequence of str
    groups : mapping or None
        Name of each group to the list of its numbers.

    Raises
    ------
    InputError
        If it is not such a map, a group names a number that does not vary or that another group
        has, or there are fewer than two groups.
    """
    if not groups:
        return ()
    if not isinstance(groups, Mapping):
        raise refuse("the groups must be a map.", "For example: {'terms': ['linkage', 'slots']}.")
    found: dict[str, str] = {}
    for group, members in groups.items():
        if isinstance(members, str) or not isinstance(members, Sequence):
            message = f"group {shown_value(group)} must be a list of names."
            raise refuse(message, "For example: ['linkage', 'slots'].")
        for name in members:
            if name not in names:
                shown = f"{shown_value(group)} has {shown_value(name)}"
                message = f"group {shown}, which is not varied."
                raise refuse(message, "Vary it, or leave it out of the group.")
            if name in found:
                message = f"{name} is in two groups, {found[name]} and {group}."
                raise refuse(message, "Keep it in one.")
            found[name] = str(group)
    clash = next((name for name in names if name not in found and name in found.values()), None)
    if clash is not None:
        raise refuse(f"group {clash} has the name of a number.", "Call the group something else.")
    listed = tuple(found.get(name, name) for name in names)
    if len({*listed}) < 2:
        raise refuse("all numbers are in one group.", "Make at least two groups.")
    return listed
