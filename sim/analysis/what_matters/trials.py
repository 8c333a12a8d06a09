"""Futures of a scenario with some of its numbers moved, reduced to one outcome."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.analysis.quantities import Quantity, in_futures
from sim.experiment.sweeps.designs.invalid import invalid_points
from sim.experiment.sweeps.points import PointRunner, points_together

if TYPE_CHECKING:
    from sim.analysis.what_matters.movers import Mover
    from sim.data import Facts
    from sim.model.ensemble import Ensemble

Values = NDArray[np.float64]
Progress = Callable[[int, int], None]


@dataclass
class Count:
    """Futures done so far, of how many."""

    total: int
    report: Progress | None
    done: int = 0

    def add(self, futures: int) -> None:
        """Count some futures."""
        self.done += futures
        if self.report is not None:
            self.report(min(self.done, self.total), self.total)


@dataclass(frozen=True)
class Trials:
    """Runs points of one scenario, all with the same futures, and keeps one outcome.

    Parameters
    ----------
    baseline : Ensemble
        The scenario as it stands.
    quantity : Quantity
        The outcome.
    facts : Facts or None
    workers : int or None
        Threads; one per core unless given.
    count : Count
        Told of every future that is done.
    """

    baseline: Ensemble
    quantity: Quantity
    facts: Facts | None
    workers: int | None
    count: Count

    def outcome(self, movers: Sequence[Mover], shares: Values, replicates: int) -> Values:
        """Return the outcome in each future of each point, (points, R).

        Parameters
        ----------
        movers : sequence of Mover
            What is moved, axis J; the scenario has its own values and distributions for the rest.
        shares : ndarray, shape (points, J)
            Where in its range each lies, 0-1.
        replicates : int
            Futures at each point, R.

        Returns
        -------
        ndarray
            NaN at points that break a rule of the scenario.
        """
        scenario = self.baseline.scenario
        fields = [field for mover in movers for field in mover.fields]
        cells = np.hstack([mover.at(shares[:, j]) for j, mover in enumerate(movers)])
        runner = PointRunner(scenario, fields, replicates, self.baseline.seed, self.facts)
        found = np.full((len(cells), replicates), np.nan)
        broken = invalid_points(scenario, fields, cells)
        sound = np.array([row for row in range(len(cells)) if row not in broken], np.int64)
        self.count.add(replicates * len(broken))
        size = points_together(replicates)

        def run(rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], Values]:
            numbers = [int(row) + 1 for row in rows]
            parts = runner.run(self.baseline, numbers, cells[rows], 1)
            values = [in_futures(part.rows, self.quantity) for part in parts]
            return rows, np.concatenate(values).reshape(len(rows), replicates)

        with ThreadPoolExecutor(self.workers or os.cpu_count() or 1) as pool:
            jobs = [pool.submit(run, sound[at : at + size]) for at in range(0, len(sound), size)]
            try:
                for job in jobs:
                    rows, values = job.result()
                    found[rows] = values
                    self.count.add(values.size)
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
        return found
