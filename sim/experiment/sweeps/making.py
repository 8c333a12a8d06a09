"""Making chunks: the tables of any points of a sweep, and the threads that share the work."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from sim.experiment.recent import RecentlyUsed
from sim.experiment.result import run_futures
from sim.experiment.sweeps.earlier.reused import joined
from sim.experiment.sweeps.failing import StoppedError, tables_of_points
from sim.experiment.sweeps.point_tables import PointTables, point_tables
from sim.experiment.sweeps.points import PointRunner, points_of_baseline, points_together
from sim.experiment.tables.files import arrow_table

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from sim.data import Facts
    from sim.experiment.sweeps.chunks import ChunkStore
    from sim.experiment.sweeps.designs.swept import SweptField
    from sim.experiment.sweeps.earlier.reused import EarlierPoints
    from sim.experiment.sweeps.inputs import ScenarioPoints, SweepInputs
    from sim.model.ensemble import Ensemble
    from sim.scenario import Scenario

# Scenarios as they stand that are kept in memory: the one at work, and the one before it.
_MOST_BASELINES = 2

Progress = Callable[[int, int], None]


class Wanted(NamedTuple):
    """A chunk that is wanted, and what has to be simulated for it.

    Parameters
    ----------
    chunk : int
        Number of the chunk.
    left : list of int
        Places in the sweep of those of its points that no earlier sweep has.
    """

    chunk: int
    left: list[int]


class Making(Protocol):
    """Makes chunks of a sweep and sees that they are written."""

    @property
    def workers(self) -> int:
        """Points that are under way at once."""

    def made(
        self, chunks: ChunkStore, earlier: EarlierPoints, todo: Sequence[Wanted]
    ) -> Generator[int, None, None]:
        """Make some chunks; yield the number of points simulated whenever it has grown."""


class TableMaker:
    """Makes the tables of points; each depends only on its scenario, number and own cells.

    Parameters
    ----------
    scenarios : sequence of Scenario
        The scenarios to vary.
    fields_of_each : sequence of sequences of SweptField
        The numbers that the points set, as each scenario has them.
    replicates, seed : int
        Futures of each point, and their seed.
    facts : Facts, optional
        The shipped facts unless others are given.
    """

    def __init__(
        self,
        scenarios: Sequence[Scenario],
        fields_of_each: Sequence[Sequence[SweptField]],
        replicates: int,
        seed: int,
        facts: Facts | None = None,
    ) -> None:
        self._scenarios = scenarios
        self._fields = fields_of_each
        self._replicates = replicates
        self._seed = seed
        self._facts = facts
        self._runners = [
            PointRunner(scenario, fields, replicates, seed, facts)
            for scenario, fields in zip(scenarios, fields_of_each, strict=True)
        ]
        self._baselines: RecentlyUsed[int, Ensemble] = RecentlyUsed(_MOST_BASELINES)
        self._running = threading.Lock()

    def baseline(self, which: int, threads: int = 1, progress: Progress | None = None) -> Ensemble:
        """Return a scenario as it stands, from which the differences of its points are taken."""
        with self._running:
            found = self._baselines.get(which)
            if found is None:
                found = run_futures(
                    self._scenarios[which], self._replicates, self._seed, threads, self._facts,
                    progress,
                )  # fmt: skip
                self._baselines.put(which, found)
        return found

    def tables(
        self,
        part: ScenarioPoints,
        cells: NDArray[np.float64],
        baseline: Ensemble,
        threads: int = 1,
        progress: Progress | None = None,
    ) -> list[dict[str, pa.Table]]:
        """Return the tables of some points of a scenario, those of one world together.

        Parameters
        ----------
        part : ScenarioPoints
            The points; 0 is the scenario as it stands.
        cells : ndarray, shape (points without point 0, J)
            Values that the design sets at them.
        baseline : Ensemble
            The scenario as it stands.
        threads : int
            Threads over which the futures are spread.
        progress : callable, optional
            Called now and then; may raise an error to end the work.
        """
        fields, points = self._fields[part.which], part.points
        found = []
        if points[0] == 0:
            found.append(point_tables(points_of_baseline(baseline, fields), fields))
            points = points[1:]
        if points:
            found += tables_of_points(
                self._runners[part.which], baseline, fields, points, cells, threads, progress
            )
        return [_as_arrow(tables) for tables in found]


def _as_arrow(tables: PointTables) -> dict[str, pa.Table]:
    return {
        name: arrow_table(table) for name, table in zip(PointTables._fields, tables, strict=True)
    }


def cells_of(inputs: SweepInputs, part: ScenarioPoints) -> NDArray[np.float64]:
    """Return the values that the design sets at the points of a part, without point 0."""
    return inputs.design.points[np.array([point for point in part.points if point], np.int64) - 1]


def completed(
    inputs: SweepInputs,
    chunks: ChunkStore,
    earlier: EarlierPoints,
    wanted: Wanted,
    made: Sequence[Mapping[str, pa.Table]],
) -> dict[str, pa.Table]:
    """Return the tables of a chunk: the points that were simulated, and those of earlier sweeps."""
    points = chunks.points(wanted.chunk)
    kept = sorted({*points} - {*wanted.left})
    return joined(inputs, [*made, *earlier.tables(kept)], len(points))


class ThreadedMaking:
    """Makes chunks on threads of this process.

    Parameters
    ----------
    inputs : SweepInputs
        The sweep.
    workers : int, optional
        Threads; one per core unless given.
    facts : Facts, optional
        The shipped facts unless others are given.
    """

    def __init__(self, inputs: SweepInputs, workers: int | None, facts: Facts | None) -> None:
        self._inputs = inputs
        self._facts = facts
        self.workers = workers or os.cpu_count() or 1

    def made(
        self, chunks: ChunkStore, earlier: EarlierPoints, todo: Sequence[Wanted]
    ) -> Generator[int, None, None]:
        """Make some chunks and write each as soon as its last point is done."""
        # Closed at once whatever happens, so that an interrupt does not wait for the workers.
        with closing(self._tables([wanted.left for wanted in todo])) as tables:
            for wanted in todo:
                made: list[dict[str, pa.Table]] = []
                n_ready = 0
                while n_ready < len(wanted.left):
                    made.append(next(tables))
                    n_points = made[-1]["points"].num_rows
                    n_ready += n_points
                    yield n_points
                chunks.write(wanted.chunk, completed(self._inputs, chunks, earlier, wanted, made))

    def _tables(
        self, chunks: Sequence[Sequence[int]]
    ) -> Generator[dict[str, pa.Table], None, None]:
        """Yield the tables of some points, in the order of the lists of their numbers."""
        inputs, stop = self._inputs, threading.Event()

        def check_stop(*_: int) -> None:
            if stop.is_set():
                raise StoppedError

        maker = TableMaker(
            inputs.scenarios, inputs.fields_of_each, inputs.replicates, inputs.seed, self._facts
        )
        size = points_together(inputs.replicates)
        parts = [part for numbers in chunks for part in inputs.parts(numbers, size)]
        # With few points on many cores, the futures are spread over threads too.
        threads = max(1, self.workers // max(1, len(parts)))
        pending: deque[Future[list[dict[str, pa.Table]]]] = deque()
        with ThreadPoolExecutor(self.workers) as pool:
            try:
                for part in parts:
                    baseline = maker.baseline(part.which, self.workers, check_stop)
                    cells = cells_of(inputs, part)
                    work = (part, cells, baseline, threads, check_stop)
                    pending.append(pool.submit(maker.tables, *work))
                    # Limited look-ahead, which bounds what waits in memory to be written.
                    if len(pending) > 2 * self.workers:
                        yield from pending.popleft().result()
                while pending:
                    yield from pending.popleft().result()
            except BaseException:
                stop.set()
                pool.shutdown(cancel_futures=True)
                raise
