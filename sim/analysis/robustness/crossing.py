"""Settings of levers in the same uncertain worlds: the table behind every measure of robustness."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.analysis.quantities import AtPoints, refusal, texts_of

if TYPE_CHECKING:
    from sim.experiment.sweeps.designs.swept import SweptField
    from sim.experiment.sweeps.stored import StoredSweep

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Crossing:
    """Which points of a sweep have the same levers, and which the same uncertainties.

    Parameters
    ----------
    levers, uncertainties : tuple of SweptField
        Axes L and U.
    settings : ndarray, shape (A, L)
        Values of the levers, each setting once, in the order of the points.
    worlds : ndarray, shape (S, U)
        Values of the uncertainties, each world once in each scenario.
    rows : ndarray of int, shape (A, S)
        Row of the design that has each setting in each world.
    scenarios : tuple of str
        Names of the scenarios of the worlds; the first is the one that the others depart from.
    scenario_of : ndarray of int, shape (S,)
        Which of them each world is in.
    """

    levers: tuple[SweptField, ...]
    uncertainties: tuple[SweptField, ...]
    settings: Values
    worlds: Values
    rows: NDArray[np.int64]
    scenarios: tuple[str, ...]
    scenario_of: NDArray[np.int64]

    def table(self, found: Sequence[AtPoints], column: str) -> Values:
        """Return a column of a number, given in each of the scenarios, as a table, (A, S)."""
        values = np.stack([each.at_points[column] for each in found])
        return np.asarray(values[self.scenario_of, self.rows])

    def some(self, is_kept: NDArray[np.bool_]) -> Crossing:
        """Return the crossing with some of its worlds (S,)."""
        return replace(
            self,
            worlds=self.worlds[is_kept],
            rows=self.rows[:, is_kept],
            scenario_of=self.scenario_of[is_kept],
        )

    @property
    def expected(self) -> int:
        """The world whose uncertainties are nearest to what the scenario itself says.

        Distances are in shares of the range of each uncertainty. Of several scenarios, it is in the
        first of which a world is left.
        """
        is_first = self.scenario_of == self.scenario_of.min()
        if not self.uncertainties:
            return int(is_first.argmax())
        present = np.array([each.cell(each.present) for each in self.uncertainties])
        reach = np.nanmax(self.worlds, axis=0) - np.nanmin(self.worlds, axis=0)
        off = (self.worlds - present) / np.where(reach > 0, reach, 1.0)
        distance = np.nan_to_num(off**2, nan=0.0).sum(axis=1)
        return int(np.where(is_first, distance, np.inf).argmin())

    @property
    def now(self) -> int | None:
        """The setting at which the levers of the scenario stand; None if it is not among them."""
        present = np.array([each.cell(each.present) for each in self.levers])
        is_there = np.isclose(self.settings, present, rtol=1e-5, atol=1e-12, equal_nan=True)
        found = np.flatnonzero(is_there.all(axis=1))
        return int(found[0]) if found.size else None


def cross(found: StoredSweep, levers: str | Sequence[str] | None) -> Crossing:
    """Return the settings and worlds of a sweep; its scenarios are worlds too.

    Parameters
    ----------
    found : StoredSweep
    levers : str or sequence of str, optional
        Names of the numbers that somebody chooses; the others are uncertainties. As the sweep has
        them unless given.

    Raises
    ------
    InputError
        If the sweep has no such number, no lever or no uncertainty, only one setting, or does not
        have every setting in every world; says which design it needs.
    """
    fields = found.fields
    names = [each.name for each in fields]
    chosen = [*found.levers] if levers is None else texts_of(levers, "levers")
    for name in chosen:
        if name not in names:
            rule = f"the lever {name} is not varied by this sweep."
            raise refusal(rule, f"It varies {', '.join(names)}.")
    is_lever = np.isin(names, chosen)
    scenarios = found.shown_scenarios
    _check_both(found, names, is_lever)
    points = found.design.points
    settings, setting_of = _distinct(points[:, is_lever])
    worlds, world_of = _distinct(points[:, ~is_lever])
    rows = np.full((len(settings), len(worlds)), -1, np.int64)
    rows[setting_of, world_of] = np.arange(len(points))
    n_missing = int((rows < 0).sum())
    if n_missing:
        rule = (
            f"the sweep {found.heading.name} does not have every setting of its levers in every "
            f"world: of {len(settings):,} settings in {len(worlds):,} worlds, {n_missing:,} "
            f"combinations are missing ({found.design.method})."
        )
        raise refusal(rule, _needed(names, is_lever))
    if len(settings) < 2:
        raise refusal("the sweep has one setting of its levers.", _needed(names, is_lever))
    pick = [field for field, is_own in zip(fields, is_lever, strict=True) if is_own]
    rest = [field for field in fields if field not in pick]
    n = len(scenarios)
    return Crossing(
        tuple(pick),
        tuple(rest),
        settings,
        np.tile(worlds, (n, 1)),
        np.tile(rows, (1, n)),
        scenarios,
        np.repeat(np.arange(n), len(worlds)),
    )


def _check_both(found: StoredSweep, names: Sequence[str], is_lever: NDArray[np.bool_]) -> None:
    """Refuse a sweep of levers alone in one scenario, or of uncertainties alone."""
    has_worlds = not is_lever.all() or len(found.shown_scenarios) > 1
    if is_lever.any() and has_worlds:
        return
    lacks = "an uncertainty" if is_lever.any() else "a lever"
    rule = f"the sweep {found.heading.name} varies {', '.join(names)}, but not {lacks}."
    raise refusal(rule, _needed(names, is_lever))


def _needed(names: Sequence[str], is_lever: NDArray[np.bool_]) -> str:
    """Return which design robustness needs."""
    lever = next((n for n, is_own in zip(names, is_lever, strict=True) if is_own), "linkage")
    world = next(
        (n for n, is_own in zip(names, is_lever, strict=True) if not is_own),
        "parameters.w_waiting",
    )
    return (
        f"Robustness needs levers crossed with uncertainties: a grid over both, such as {lever} "
        f"and {world}, a table that has every setting of the levers in every world, or levers in "
        "several scenarios. Name the levers (--lever, levers=) if others are meant."
    )


def _distinct(values: Values) -> tuple[Values, NDArray[np.int64]]:
    """Return the distinct rows in the order in which they come, and which of them each row is."""
    if not values.shape[1]:
        return values[:1], np.zeros(len(values), np.int64)
    # Nulls are alike here, unlike NaN.
    keys = np.where(np.isnan(values), np.inf, values)
    _, first, inverse = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    order = np.argsort(first)
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    return values[first[order]], place[inverse.ravel()]
