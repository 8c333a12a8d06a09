"""What a sweep will take, in time and on disk, from a few of its points."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.experiment.sweeps.assembling import MOST_CSV_ROWS
from sim.experiment.sweeps.chunks import encoded
from sim.experiment.sweeps.earlier.reused import joined
from sim.experiment.sweeps.inputs import ScenarioPoints
from sim.experiment.sweeps.making import TableMaker
from sim.experiment.sweeps.points import points_together
from sim.experiment.tables.csv_text import csv_text

if TYPE_CHECKING:
    from sim.experiment.sweeps.chunks import ChunkStore
    from sim.experiment.sweeps.earlier.reused import EarlierPoints
    from sim.experiment.sweeps.inputs import SweepInputs

# Futures at each point that is tried: its time is taken to grow with the futures beyond them.
_MOST_FUTURES = 100
_TRIES = 2
# No thread of any machine that matters makes fewer, whatever the scenario.
FEWEST_FUTURES_A_SECOND = 50


@dataclass(frozen=True)
class RemainingWork:
    """What the rest of a sweep will take.

    Parameters
    ----------
    n_points, n_left : int
        Points in all, point 0 included, and those that are not done.
    replicates : int
        Futures at each point.
    threads : int
        Points that are under way at once.
    seconds_a_point : float
        Seconds for which one thread works on a point.
    chunk_bytes : int
        Size of the chunks of all points, in bytes.
    result_bytes : int
        Size of the finished tables, in bytes.
    """

    n_points: int
    n_left: int
    replicates: int
    threads: int
    seconds_a_point: float
    chunk_bytes: int
    result_bytes: int

    @property
    def seconds(self) -> float:
        """Seconds until the sweep is done, if every thread has a core to itself."""
        return self.n_left * self.seconds_a_point / min(self.threads, max(1, self.n_left))

    @property
    def most_bytes(self) -> int:
        """Bytes on disk while the tables are joined, which is when they are most."""
        return self.chunk_bytes + self.result_bytes


def points_left(chunks: ChunkStore, earlier: EarlierPoints) -> int:
    """Return the number of points that have no record yet, and that no earlier sweep has."""
    recorded = chunks.recorded()
    left = (chunk for chunk in range(chunks.n_chunks) if chunk not in recorded)
    return sum(len(earlier.missing(chunks.points(chunk))) for chunk in left)


def threads_here(workers: int | None) -> int:
    """Return the threads of this machine that can be at work at once."""
    cores = os.cpu_count() or 1
    return min(workers or cores, cores)


def estimate_sweep(inputs: SweepInputs, n_left: int, threads: int) -> RemainingWork:
    """Return what a sweep will take, after trying a few of its points.

    Parameters
    ----------
    inputs : SweepInputs
        The sweep; its points have been checked.
    n_left : int
        Points that are not done.
    threads : int
        Points under way at once.

    Notes
    -----
    The points that are tried lie evenly in the design. One thread of this machine runs them, with
    at most 100 futures each, and writes their tables to memory. A cluster may be faster or slower.
    """
    few = min(inputs.replicates, _MOST_FUTURES)
    design = inputs.design
    maker = TableMaker(inputs.scenarios, inputs.fields_of_each, few, inputs.seed)
    # Compiles or loads the kernels, which is not part of a point.
    baseline = maker.baseline(0)
    n = min(points_together(few), design.n_points)
    cells = design.points[np.linspace(0, design.n_points - 1, n).round().astype(int)]
    seconds = []
    for _ in range(_TRIES):
        begin = time.perf_counter()
        tables = maker.tables(ScenarioPoints(0, tuple(range(1, n + 1))), cells, baseline)
        rows = joined(inputs, tables, n)
        contents = encoded(rows)
        seconds.append(time.perf_counter() - begin)
    chunk_bytes = sum(map(len, contents.values())) / n * inputs.n_points
    csv_bytes = sum(
        len(csv_text(table, has_header=False)) / n * inputs.n_points
        for table in rows.values()
        if table.num_rows / n * inputs.n_points <= MOST_CSV_ROWS
    )
    return RemainingWork(
        n_points=inputs.n_points,
        n_left=n_left,
        replicates=inputs.replicates,
        threads=threads,
        seconds_a_point=min(seconds) / n * inputs.replicates / few,
        chunk_bytes=round(chunk_bytes),
        # Joined, the tables take about as much as their chunks.
        result_bytes=round(chunk_bytes + csv_bytes),
    )
