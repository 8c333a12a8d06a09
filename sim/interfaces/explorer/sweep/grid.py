"""The grid of a visitor: its points, which of them are known, and how one is computed.

A point is reduced to the tables that ``alignsim sweep`` writes for it, by the same functions, and
these are kept for all visitors while there is room. So a grid that was stopped continues where it
was, whoever asks, and each point takes its turn among the runs of all visitors.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from sim.analysis.sweeps.surface import PointRows
from sim.experiment.recent import RecentlyUsed
from sim.experiment.sweeps.designs.swept import SweptField, fields_of
from sim.experiment.sweeps.point_tables import point_tables
from sim.experiment.sweeps.points import PointRunner, points_of_baseline
from sim.interfaces.explorer.state.runs import run, run_key
from sim.interfaces.explorer.state.shared_futures import STORE

if TYPE_CHECKING:
    from sim.experiment.sweeps.designs.design import Design
    from sim.experiment.tables import Table
    from sim.scenario import Scenario

# A point of the baseline takes about 60 kB.
MOST_POINTS = 1500


class PointStore(RecentlyUsed[Hashable, PointRows]):
    """Rows of points by key, for all visitors.

    Parameters
    ----------
    most : int
        Number of points kept.
    """

    def __init__(self, most: int = MOST_POINTS) -> None:
        super().__init__(most)


POINTS = PointStore()
# Runners of grids by scenario and levers; each holds a world of a few megabytes.
_RUNNERS: RecentlyUsed[Hashable, PointRunner] = RecentlyUsed(8)


@dataclass(frozen=True)
class Grid:
    """A scenario at every combination of some values, each over the same futures.

    Parameters
    ----------
    scenario : Scenario
        The scenario to vary; unchanged, it is point 0.
    design : Design
        The other points.
    futures, seed : int
        As on the command line.
    """

    scenario: Scenario
    design: Design
    futures: int
    seed: int

    @property
    def key(self) -> Hashable:
        """Distinguishes this grid from all others."""
        return (run_key(self.scenario, self.futures, self.seed), self.design.hash)

    @cached_property
    def fields(self) -> tuple[SweptField, ...]:
        """The varied numbers, in the order of the design."""
        return fields_of(self.scenario, self.design)

    @property
    def n_points(self) -> int:
        """Number of points, including the scenario as it stands."""
        return self.design.n_points + 1

    def cells(self, point: int) -> tuple[float, ...]:
        """Return the values set at a point; at point 0, those of the scenario (NaN: computed)."""
        if point == 0:
            return tuple(field.cell(field.present) for field in self.fields)
        return tuple(self.design.points[point - 1].tolist())

    def _point_key(self, point: int) -> Hashable:
        # Not the number of the point: two grids share their common points.
        place = None if point == 0 else self.cells(point)
        return (run_key(self.scenario, self.futures, self.seed), self.design.names, place)

    def known(self) -> dict[int, PointRows]:
        """Return the rows of every known point, by number."""
        found = {point: POINTS.get(self._point_key(point)) for point in range(self.n_points)}
        return {point: rows for point, rows in found.items() if rows is not None}

    def compute(self, points: Sequence[int]) -> None:
        """Run some points in one turn, and keep their rows.

        Raises
        ------
        ScenarioError
            If a run would be too large; see `check_run_size`.
        """
        base = run(self.scenario, self.futures, self.seed).ensemble
        found = [points_of_baseline(base, self.fields)] if 0 in points else []
        moved = [point for point in points if point > 0]
        if moved:
            cells = self.design.points[[point - 1 for point in moved]]
            runner = self._runner
            key = (self.key, tuple(moved))
            found += STORE.in_passing(key, lambda: runner.run(base, moved, cells))
        for part in found:
            tables = point_tables(part, self.fields)
            for number in part.numbers:
                rows = (_rows_of(table, number) for table in (tables.outcomes, tables.countries))
                POINTS.put(self._point_key(number), PointRows(*rows))

    @property
    def _runner(self) -> PointRunner:
        """The runner of the points; it keeps their worlds from one page to the next."""
        key = (self.key, self.design.names)
        runner = _RUNNERS.get(key)
        if runner is None:
            runner = PointRunner(self.scenario, self.fields, self.futures, self.seed)
            _RUNNERS.put(key, runner)
        return runner


def _rows_of(table: Table, number: int) -> pd.DataFrame:
    """Return the rows of a point, with the columns of its own table."""
    return table.frame[table.frame["point"] == number].reset_index(drop=True)
