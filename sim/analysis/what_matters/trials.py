"""Futures of a scenario with some of its numbers moved, reduced to one outcome."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.analysis.quantities import Quantity, in_futures, means_in_months
from sim.experiment.sweeps.designs.invalid import invalid_points
from sim.experiment.sweeps.points import PointRunner, points_together

if TYPE_CHECKING:
    from sim.analysis.shared.tally import Tally
    from sim.analysis.what_matters.movers import Mover
    from sim.data import Facts
    from sim.model.ensemble import Ensemble

Values = NDArray[np.float64]


class Outcomes(NamedTuple):
    """One outcome at some points; NaN at points that break a rule of the scenario.

    Parameters
    ----------
    futures : ndarray, shape (points, R)
        At the end of the last month, in each future.
    over_time : ndarray, shape (points, months)
        Mean over the futures at the end of each of the months asked for.
    """

    futures: Values
    over_time: Values


@dataclass(frozen=True)
class OutcomeRunner:
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
    tally : Tally
        Told of every future that is done.
    """

    baseline: Ensemble
    quantity: Quantity
    facts: Facts | None
    workers: int | None
    tally: Tally

    def outcomes(
        self,
        movers: Sequence[Mover],
        shares: Values,
        replicates: int,
        months: Sequence[int] = (),
    ) -> Outcomes:
        """Return the outcome at each point.

        Parameters
        ----------
        movers : sequence of Mover
            What is moved, axis J; the scenario has its own values and distributions for the rest.
        shares : ndarray, shape (points, J)
            Where in its range each lies, 0-1.
        replicates : int
            Futures at each point, R.
        months : sequence of int
            Indices of months whose means are wanted besides.
        """
        scenario = self.baseline.scenario
        fields = [field for mover in movers for field in mover.fields]
        cells = np.hstack([mover.at(shares[:, j]) for j, mover in enumerate(movers)])
        has_sums = self.quantity.is_probability and len(months) > 0
        runner = PointRunner(
            scenario, fields, replicates, self.baseline.seed, self.facts, has_sums=has_sums
        )
        found = Outcomes(
            np.full((len(cells), replicates), np.nan), np.full((len(cells), len(months)), np.nan)
        )
        broken = invalid_points(scenario, fields, cells)
        sound = np.array([row for row in range(len(cells)) if row not in broken], np.int64)
        self.tally.add(replicates * len(broken))
        size = points_together(replicates)

        def run(rows: NDArray[np.int64]) -> None:
            numbers = [int(row) + 1 for row in rows]
            parts = runner.run(self.baseline, numbers, cells[rows], 1)
            values = [in_futures(part.rows, self.quantity) for part in parts]
            found.futures[rows] = np.concatenate(values).reshape(len(rows), replicates)
            if months:
                means = [means_in_months(part.rows, self.quantity, months) for part in parts]
                found.over_time[rows] = np.concatenate(means)

        with ThreadPoolExecutor(self.workers or os.cpu_count() or 1) as pool:
            jobs = [pool.submit(run, sound[at : at + size]) for at in range(0, len(sound), size)]
            try:
                for number, job in enumerate(jobs):
                    job.result()
                    left = len(sound) - number * size
                    self.tally.add(replicates * min(size, left))
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
        return found
