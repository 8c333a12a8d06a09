"""Running a sweep: point by point on threads, chunk by chunk to disk."""

from __future__ import annotations

import operator
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from sim.errors import RunError, checked_path
from sim.experiment.given import check_heading, check_saving
from sim.experiment.result import make_log, run_futures
from sim.experiment.store.manifest import read_manifest
from sim.experiment.store.results import check_writable, find_finished, write_result
from sim.experiment.sweeps.assembling import assembled_files
from sim.experiment.sweeps.chunks import ChunksLostError, ChunkStore
from sim.experiment.sweeps.designs.design import check_design
from sim.experiment.sweeps.designs.plan import Heading
from sim.experiment.sweeps.designs.swept import check_points
from sim.experiment.sweeps.inputs import SweepInputs
from sim.experiment.sweeps.point_tables import PointTables, point_tables
from sim.experiment.sweeps.points import (
    PointRunner,
    Points,
    points_of_baseline,
    points_together,
)
from sim.experiment.sweeps.stored import StoredSweep
from sim.experiment.tables.files import arrow_table
from sim.model.requests import check_extras, check_request, check_scenario

if TYPE_CHECKING:
    from sim.data import Facts
    from sim.experiment.sweeps.designs.design import Design
    from sim.scenario import Scenario

Progress = Callable[[int, int], None]

# How often a sweep restarts if another process deletes its chunks, or if they are damaged.
_MOST_BEGINNINGS = 10


class _StoppedError(Exception):
    """Ends a point whose result is no longer needed."""


def plan_sweep(
    scenario: Scenario,
    design: Design,
    replicates: int = 100,
    seed: int = 1,
    heading: Heading | None = None,
    facts: Facts | None = None,
) -> SweepInputs:
    """Return the inputs of a sweep; their identifier tells whether it already exists.

    Raises
    ------
    InputError
        If `replicates` or `seed` is out of range, or the design has a name that is not a number of
        the scenario.
    """
    from sim.data import load_facts
    from sim.model.rows import FUTURES_PER_DRAW

    check_request(replicates, seed)
    check_scenario(scenario)
    check_design(design)
    check_heading(heading)
    check_extras(facts)
    inputs = SweepInputs(
        kind="sweep",
        scenarios=(scenario,),
        seed=operator.index(seed),
        replicates=operator.index(replicates),
        futures_per_draw=FUTURES_PER_DRAW,
        facts_hash=(facts or load_facts()).hash,
        design=design,
        heading=Heading(scenario.name) if heading is None else heading,
    )
    # Looked up here, so that an unknown name is reported first.
    _ = inputs.fields
    return inputs


def sweep(
    scenario: Scenario,
    design: Design,
    replicates: int = 100,
    seed: int = 1,
    out: str | Path = "results",
    workers: int | None = None,
    progress: Progress | None = None,
    *,
    heading: Heading | None = None,
    facts: Facts | None = None,
    fresh: bool = False,
    command_line: tuple[str, ...] | None = None,
) -> StoredSweep:
    """Run a scenario at many points and return the futures as tables on disk.

    The scenario as it stands runs first, as point 0. Every point has the same seed: random numbers
    belong to countries, months and purposes, so future r of every point has common random numbers,
    and any difference between points is due to the points. A number that the design sets is no
    longer drawn at its points.

    Parameters
    ----------
    scenario : Scenario
        The scenario to vary.
    design : Design
        The points: `Design.grid`, `Design.latin_hypercube`, `Design.table`, `Design.from_csv`.
    replicates : int
        Futures at each point, 1 to 1,000,000.
    seed : int
        0 to 2**32 - 1. Equal inputs give equal bytes, on any number of workers, and however often
        the sweep was stopped.
    out : path
        Root of all results; the sweep goes to ``<out>/sweeps/<name>/<run id>/``.
    workers : int, optional
        Points at once, each on a thread; one per core unless given.
    progress : callable, optional
        Called with (points done, points in all), including points of earlier calls.
    heading : Heading, optional
        Name and texts of the sweep; the scenario's name unless given.
    facts : Facts, optional
        The shipped facts unless others are given.
    fresh : bool
        Run everything again, even what already exists.
    command_line : tuple of str, optional
        The command that started it, for the manifest.

    Returns
    -------
    StoredSweep

    Raises
    ------
    InputError
        If the design has a name that is not a number of the scenario, a point breaks a rule,
        `replicates`, `seed` or `workers` is out of range, or `out` is not a path. Nothing has run
        by then.
    RunError
        If the folder cannot be written, or holds the same sweep but is damaged.

    Notes
    -----
    A sweep that is stopped, in whatever way, leaves a folder ``<run id>.unfinished``; the same
    call continues it. Memory holds the design (8 bytes per cell), the futures of point 0, and, for
    each worker, those of the points that run together: one point, or as many as make 400 futures.
    It does not grow with the number of points.

    Examples
    --------
    >>> import sim, tempfile
    >>> design = sim.Design.grid({"linkage": [0, 1]})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     found = sim.sweep(sim.load_scenario("baseline"), design, replicates=8, out=folder)
    ...     found.points[["point", "linkage"]].to_numpy().tolist()
    [[0.0, 0.5], [1.0, 0.0], [2.0, 1.0]]
    """
    check_request(replicates, seed, workers)
    check_extras(facts, progress)
    check_saving(fresh, command_line)
    inputs = plan_sweep(scenario, design, replicates, seed, heading, facts)
    root = checked_path(out, "the root of results")
    begin = time.monotonic()
    chunks = ChunkStore(root, inputs)
    if fresh:
        # Left by an earlier attempt.
        chunks.clear()
    left = _MOST_BEGINNINGS
    found = None if fresh else find_finished(root, inputs)
    while found is None:
        left -= 1
        try:
            _fill(inputs, chunks, root, workers, progress, facts, fresh)
            files = assembled_files(inputs, chunks)
            log = make_log(time.monotonic() - begin, workers)
            found = write_result(root, inputs, files, command_line, log, fresh=fresh)
        except (RunError, OSError) as error:
            # Another process may have finished the same sweep or started it over, or a written
            # chunk may have been damaged since.
            found = None if fresh else find_finished(root, inputs)
            if found is None and not (left > 0 and isinstance(error, ChunksLostError)):
                raise
    # Chunks of this call, and those left by a kill at the very end of an earlier one.
    chunks.clear()
    return StoredSweep(found, read_manifest(found))


def _fill(
    inputs: SweepInputs,
    chunks: ChunkStore,
    root: Path,
    workers: int | None,
    progress: Progress | None,
    facts: Facts | None,
    fresh: bool,
) -> None:
    """Make every missing chunk; start the sweep if it has not started."""
    if not chunks.is_begun:
        check_points(inputs.scenarios[0], inputs.design, inputs.fields)
        check_writable(chunks.folder.parent)
        chunks.begin()
    todo = [*chunks.missing()]
    done = chunks.n_points - sum(len(chunks.points(chunk)) for chunk in todo)
    if progress is not None:
        progress(done, chunks.n_points)
    if not todo:
        return
    runner = _Runner(inputs, workers, facts)
    in_hand: list[PointTables] = []
    waiting = deque(todo)
    # Closed at once whatever happens, so that an interrupt does not wait for the workers.
    parts = [chunks.points(chunk) for chunk in todo]
    with chunks.at_work(), closing(runner.run(parts)) as results:
        for found in results:
            in_hand.append(found)
            done += len(found.points.frame)
            if progress is not None:
                progress(done, chunks.n_points)
            ready = sum(len(tables.points.frame) for tables in in_hand)
            if ready == len(chunks.points(waiting[0])):
                chunks.write(waiting.popleft(), _joined(in_hand))
                in_hand = []
                if not fresh and (root / inputs.folder).exists():
                    # Another process was faster.
                    return


def _joined(found: list[PointTables]) -> dict[str, pa.Table]:
    """Return the tables of some points, joined into one of each kind."""
    return {
        name: pa.concat_tables([arrow_table(tables[j]) for tables in found]).combine_chunks()
        for j, name in enumerate(PointTables._fields)
    }


class _Runner:
    """Runs points of a sweep on threads; each depends only on the inputs and its own number."""

    def __init__(self, inputs: SweepInputs, workers: int | None, facts: Facts | None) -> None:
        self._inputs = inputs
        self._facts = facts
        self._n_workers = workers or os.cpu_count() or 1
        scenario, fields = inputs.scenarios[0], inputs.fields
        self._runner = PointRunner(scenario, fields, inputs.replicates, inputs.seed, facts)
        self._stop = threading.Event()

    def run(self, chunks: Sequence[range]) -> Generator[PointTables, None, None]:
        """Yield the tables of the points of some chunks, in the order of their numbers."""
        inputs = self._inputs
        self._baseline = run_futures(
            inputs.scenarios[0], inputs.replicates, inputs.seed, self._n_workers, self._facts,
            self._check_stop,
        )  # fmt: skip
        size = points_together(inputs.replicates)
        parts = [chunk[at : at + size] for chunk in chunks for at in range(0, len(chunk), size)]
        # With few points on many cores, the futures are spread over threads too.
        threads = max(1, self._n_workers // len(parts))
        pending: deque[Future[list[PointTables]]] = deque()
        with ThreadPoolExecutor(self._n_workers) as pool:
            try:
                for part in parts:
                    pending.append(pool.submit(self._tables, part, threads))
                    # Limited look-ahead, which bounds what waits in memory to be written.
                    if len(pending) > 2 * self._n_workers:
                        yield from pending.popleft().result()
                while pending:
                    yield from pending.popleft().result()
            except BaseException:
                self._stop.set()
                pool.shutdown(cancel_futures=True)
                raise

    def _tables(self, numbers: range, threads: int) -> list[PointTables]:
        """Return the tables of successive points, those of one world together."""
        inputs, fields = self._inputs, self._inputs.fields
        found: list[Points] = []
        if numbers[0] == 0:
            found.append(points_of_baseline(self._baseline, fields))
            numbers = numbers[1:]
        if numbers:
            cells = inputs.design.points[numbers[0] - 1 : numbers[-1]]
            found += self._runner.run(self._baseline, numbers, cells, threads, self._check_stop)
        return [point_tables(points, fields) for points in found]

    def _check_stop(self, *_: int) -> None:
        if self._stop.is_set():
            raise _StoppedError
