"""Making chunks: the tables of any points of a sweep, and the threads that share the work."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING, Protocol

import pyarrow as pa

from sim.experiment.result import run_futures
from sim.experiment.sweeps.point_tables import PointTables, point_tables
from sim.experiment.sweeps.points import (
    PointRunner,
    Points,
    points_of_baseline,
    points_together,
)
from sim.experiment.tables.files import arrow_table

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sim.data import Facts
    from sim.experiment.sweeps.chunks import ChunkStore
    from sim.experiment.sweeps.designs.swept import SweptField
    from sim.experiment.sweeps.inputs import SweepInputs
    from sim.scenario import Scenario

Progress = Callable[[int, int], None]


class StoppedError(Exception):
    """Ends a point whose result is no longer needed."""


class Making(Protocol):
    """Makes chunks of a sweep and sees that they are written."""

    @property
    def workers(self) -> int:
        """Points that are under way at once."""

    def made(self, chunks: ChunkStore, todo: Sequence[int]) -> Generator[int, None, None]:
        """Make some chunks; yield the number of points done whenever it has grown."""


class TableMaker:
    """Makes the tables of points; each point depends only on its number and its own cells.

    Point 0, from which every difference is taken, is simulated once, when it is first needed.

    Parameters
    ----------
    scenario : Scenario
        The scenario to vary.
    fields : sequence of SweptField
        The numbers that the points set.
    replicates, seed : int
        Futures of each point, and their seed.
    facts : Facts, optional
        The shipped facts unless others are given.
    """

    def __init__(
        self,
        scenario: Scenario,
        fields: Sequence[SweptField],
        replicates: int,
        seed: int,
        facts: Facts | None = None,
    ) -> None:
        self._scenario = scenario
        self._fields = fields
        self._replicates = replicates
        self._seed = seed
        self._facts = facts
        self._runner = PointRunner(scenario, fields, replicates, seed, facts)
        self._running = threading.Lock()

    def prepare(self, threads: int, progress: Progress | None = None) -> None:
        """Simulate point 0, unless that is done."""
        with self._running:
            if not hasattr(self, "_baseline"):
                self._baseline = run_futures(
                    self._scenario, self._replicates, self._seed, threads, self._facts, progress
                )

    def tables(
        self,
        numbers: range,
        cells: NDArray[np.float64],
        threads: int = 1,
        progress: Progress | None = None,
    ) -> list[PointTables]:
        """Return the tables of successive points, those of one world together.

        Parameters
        ----------
        numbers : range
            Numbers of the points; 0 is the scenario as it stands.
        cells : ndarray, shape (points without point 0, J)
            Values that the design sets at each point except point 0.
        threads : int
            Threads over which the futures are spread.
        progress : callable, optional
            Called now and then; may raise an error to end the work.
        """
        self.prepare(threads, progress)
        found: list[Points] = []
        if numbers[0] == 0:
            found.append(points_of_baseline(self._baseline, self._fields))
            numbers = numbers[1:]
        if numbers:
            found += self._runner.run(self._baseline, numbers, cells, threads, progress)
        return [point_tables(points, self._fields) for points in found]


def cells_of(inputs: SweepInputs, numbers: range) -> NDArray[np.float64]:
    """Return the values of successive points of a sweep, without point 0."""
    return inputs.design.points[max(0, numbers[0] - 1) : numbers[-1]]


def parts_of(numbers: range, replicates: int) -> list[range]:
    """Return successive points in parts that run together.

    Examples
    --------
    >>> parts_of(range(8, 16), 100)
    [range(8, 12), range(12, 16)]
    """
    size = points_together(replicates)
    return [numbers[at : at + size] for at in range(0, len(numbers), size)]


def joined(found: Sequence[PointTables]) -> dict[str, pa.Table]:
    """Return the tables of some points, joined into one of each kind."""
    return {
        name: pa.concat_tables([arrow_table(tables[j]) for tables in found]).combine_chunks()
        for j, name in enumerate(PointTables._fields)
    }


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

    def made(self, chunks: ChunkStore, todo: Sequence[int]) -> Generator[int, None, None]:
        """Make some chunks and write each as soon as its last point is done."""
        in_hand: list[PointTables] = []
        waiting = deque(todo)
        # Closed at once whatever happens, so that an interrupt does not wait for the workers.
        with closing(self._tables([chunks.points(chunk) for chunk in todo])) as tables:
            for found in tables:
                in_hand.append(found)
                yield len(found.points.frame)
                ready = sum(len(each.points.frame) for each in in_hand)
                if ready == len(chunks.points(waiting[0])):
                    chunks.write(waiting.popleft(), joined(in_hand))
                    in_hand = []

    def _tables(self, chunks: Sequence[range]) -> Generator[PointTables, None, None]:
        """Yield the tables of the points of some chunks, in the order of their numbers."""
        inputs, stop = self._inputs, threading.Event()

        def check_stop(*_: int) -> None:
            if stop.is_set():
                raise StoppedError

        maker = TableMaker(
            inputs.scenarios[0], inputs.fields, inputs.replicates, inputs.seed, self._facts
        )
        maker.prepare(self.workers, check_stop)
        parts = [part for chunk in chunks for part in parts_of(chunk, inputs.replicates)]
        # With few points on many cores, the futures are spread over threads too.
        threads = max(1, self.workers // len(parts))
        pending: deque[Future[list[PointTables]]] = deque()
        with ThreadPoolExecutor(self.workers) as pool:
            try:
                for part in parts:
                    cells = cells_of(inputs, part)
                    pending.append(pool.submit(maker.tables, part, cells, threads, check_stop))
                    # Limited look-ahead, which bounds what waits in memory to be written.
                    if len(pending) > 2 * self.workers:
                        yield from pending.popleft().result()
                while pending:
                    yield from pending.popleft().result()
            except BaseException:
                stop.set()
                pool.shutdown(cancel_futures=True)
                raise
