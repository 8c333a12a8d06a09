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

import numpy as np
import pyarrow as pa

from sim.errors import RunError, checked_path
from sim.experiment.given import check_heading, check_saving
from sim.experiment.result import make_log, run_futures
from sim.experiment.store.manifest import read_manifest
from sim.experiment.store.results import check_writable, find_finished, write_result
from sim.experiment.sweeps.assembling import assembled_files
from sim.experiment.sweeps.chunks import ChunksLostError, ChunkStore
from sim.experiment.sweeps.designs.design import check_design
from sim.experiment.sweeps.designs.factor import check_all_points, check_factor
from sim.experiment.sweeps.designs.plan import Heading
from sim.experiment.sweeps.designs.point_problems import refuse
from sim.experiment.sweeps.earlier.reused import EarlierPoints, joined
from sim.experiment.sweeps.failing import StoppedError, tables_of_points
from sim.experiment.sweeps.inputs import SweepInputs
from sim.experiment.sweeps.point_tables import PointTables, point_tables
from sim.experiment.sweeps.points import PointRunner, points_of_baseline, points_together
from sim.experiment.sweeps.stored import StoredSweep
from sim.experiment.tables.files import arrow_table
from sim.model.requests import check_extras, check_request, check_scenario
from sim.scenario.wording import shown_value

if TYPE_CHECKING:
    from sim.data import Facts
    from sim.experiment.sweeps.designs.design import Design
    from sim.experiment.sweeps.inputs import Part
    from sim.model.ensemble import Ensemble
    from sim.scenario import Scenario

Progress = Callable[[int, int], None]
REFUSE, FAIL = "refuse", "fail"

# How often a sweep restarts if another process deletes its chunks, or if they are damaged.
_MOST_BEGINNINGS = 10


def plan_sweep(
    scenario: Scenario | Sequence[Scenario],
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
        If `replicates` or `seed` is out of range, the design has a name that is not a number of a
        scenario, or the scenarios cannot be swept together.
    """
    from sim.data import load_facts
    from sim.model.rows import FUTURES_PER_DRAW

    check_request(replicates, seed)
    scenarios: tuple[Scenario, ...]
    scenarios = tuple(scenario) if isinstance(scenario, Sequence) else (scenario,)
    if not scenarios:
        raise refuse("a sweep needs at least one scenario.", "For example: 'baseline'.")
    for each in scenarios:
        check_scenario(each)
    check_factor(scenarios)
    check_design(design)
    check_heading(heading)
    check_extras(facts)
    inputs = SweepInputs(
        kind="sweep",
        scenarios=scenarios,
        seed=operator.index(seed),
        replicates=operator.index(replicates),
        futures_per_draw=FUTURES_PER_DRAW,
        facts_hash=(facts or load_facts()).hash,
        design=design,
        heading=heading or Heading("_and_".join(each.name for each in scenarios)[:60]),
    )
    # Looked up here, so that an unknown name is reported first.
    _ = inputs.fields
    return inputs


def sweep(
    scenario: Scenario | Sequence[Scenario],
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
    invalid_points: str = REFUSE,
    command_line: tuple[str, ...] | None = None,
) -> StoredSweep:
    """Run a scenario at many points and return the futures as tables on disk.

    The scenario as it stands runs first, as point 0. Every point has the same seed: random numbers
    belong to countries, months and purposes, so future r of every point has common random numbers,
    and any difference between points is due to the points. A number that the design sets is no
    longer drawn at its points.

    Parameters
    ----------
    scenario : Scenario or sequence of Scenario
        The scenario to vary. Several make the scenario a factor: the design runs in each, and the
        differences of a point are taken from point 0 of its own scenario.
    design : Design
        The points: `Design.grid`, `zip`, `latin_hypercube`, `sobol`, `saltelli`, `morris`,
        `table`, `from_csv`.
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
    invalid_points : str
        ``refuse`` checks every point before anything runs; ``fail`` runs the others, and a point
        that breaks a rule is one that failed.
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
    Points that a finished sweep below `out` has are taken from it: same scenario, same values, same
    seed, futures, facts and code. A point that fails has a row with its error in the table of
    points and no outcomes; the others go on. The same call tries failed points again.

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
    if invalid_points not in (REFUSE, FAIL):
        message = f"invalid_points = {shown_value(invalid_points)} must be {REFUSE} or {FAIL}."
        raise refuse(message, f"Use {REFUSE} to check every point before anything runs.")
    inputs = plan_sweep(scenario, design, replicates, seed, heading, facts)
    root = checked_path(out, "the root of results")
    begin = time.monotonic()
    chunks = ChunkStore(root, inputs)
    if fresh:
        # Left by an earlier attempt.
        chunks.clear()
    left = _MOST_BEGINNINGS
    found = None if fresh else find_finished(root, inputs)
    has_failed = found is not None and StoredSweep(found, read_manifest(found)).n_failed > 0
    replaces = fresh or has_failed
    if has_failed:
        # Its other points are reused.
        found = None
    while found is None:
        left -= 1
        try:
            earlier = EarlierPoints(None if fresh else root, inputs)
            _fill(inputs, chunks, earlier, root, workers, progress, facts, replaces, invalid_points)
            files = assembled_files(inputs, chunks)
            log = make_log(time.monotonic() - begin, workers)
            found = write_result(root, inputs, files, command_line, log, fresh=replaces)
        except (RunError, OSError) as error:
            # Another process may have finished the same sweep or started it over, or a written
            # chunk may have been damaged since.
            found = None if replaces else find_finished(root, inputs)
            if found is None and not (left > 0 and isinstance(error, ChunksLostError)):
                raise
    # Chunks of this call, and those left by a kill at the very end of an earlier one.
    chunks.clear()
    return StoredSweep(found, read_manifest(found))


def _fill(
    inputs: SweepInputs,
    chunks: ChunkStore,
    earlier: EarlierPoints,
    root: Path,
    workers: int | None,
    progress: Progress | None,
    facts: Facts | None,
    replaces: bool,
    invalid: str,
) -> None:
    """Make every missing chunk; start the sweep if it has not started."""
    if not chunks.is_begun:
        if invalid == REFUSE:
            check_all_points(inputs.scenarios, inputs.design)
        check_writable(chunks.folder.parent)
        chunks.begin()
    waiting = deque((chunk, earlier.missing(chunks.points(chunk))) for chunk in chunks.missing())
    done = chunks.n_points - sum(len(left) for _, left in waiting)
    if progress is not None:
        progress(done, chunks.n_points)
    runner = _Runner(inputs, workers, facts)
    in_hand: list[PointTables] = []
    # Closed at once whatever happens, so that an interrupt does not wait for the workers.
    with closing(runner.run([left for _, left in waiting])) as results:
        while waiting:
            chunk, left = waiting.popleft()
            while sum(len(tables.points.frame) for tables in in_hand) < len(left):
                found = next(results)
                in_hand.append(found)
                done += len(found.points.frame)
                if progress is not None:
                    progress(done, chunks.n_points)
            kept = {*chunks.points(chunk)} - {*left}
            parts = [*map(_as_arrow, in_hand), *earlier.tables(sorted(kept))]
            chunks.write(chunk, joined(inputs, parts))
            in_hand = []
            if not replaces and (root / inputs.folder).exists():
                # Another process was faster.
                return


def _as_arrow(tables: PointTables) -> dict[str, pa.Table]:
    return {
        name: arrow_table(table) for name, table in zip(PointTables._fields, tables, strict=True)
    }


class _Runner:
    """Runs points of a sweep on threads; each depends only on the inputs and its own number."""

    def __init__(self, inputs: SweepInputs, workers: int | None, facts: Facts | None) -> None:
        self._inputs = inputs
        self._facts = facts
        self._n_workers = workers or os.cpu_count() or 1
        self._runners = [
            PointRunner(scenario, fields, inputs.replicates, inputs.seed, facts)
            for scenario, fields in zip(inputs.scenarios, inputs.fields_of_each, strict=True)
        ]
        self._stop = threading.Event()

    def run(self, chunks: Sequence[Sequence[int]]) -> Generator[PointTables, None, None]:
        """Yield the tables of some points, in the order of the lists of their numbers."""
        inputs = self._inputs
        size = points_together(inputs.replicates)
        parts = [part for numbers in chunks for part in inputs.parts(numbers, size)]
        # With few points on many cores, the futures are spread over threads too.
        threads = max(1, self._n_workers // max(1, len(parts)))
        pending: deque[Future[list[PointTables]]] = deque()
        baseline, of = None, -1
        with ThreadPoolExecutor(self._n_workers) as pool:
            try:
                for part in parts:
                    if baseline is None or part.which != of:
                        baseline, of = self._baseline(part.which), part.which
                    pending.append(pool.submit(self._tables, part, baseline, threads))
                    # Limited look-ahead, which bounds what waits in memory to be written.
                    if len(pending) > 2 * self._n_workers:
                        yield from pending.popleft().result()
                while pending:
                    yield from pending.popleft().result()
            except BaseException:
                self._stop.set()
                pool.shutdown(cancel_futures=True)
                raise

    def _baseline(self, which: int) -> Ensemble:
        """Return a scenario as it stands, from which the differences of its points are taken."""
        inputs = self._inputs
        return run_futures(
            inputs.scenarios[which], inputs.replicates, inputs.seed, self._n_workers, self._facts,
            self._check_stop,
        )  # fmt: skip

    def _tables(self, part: Part, baseline: Ensemble, threads: int) -> list[PointTables]:
        """Return the tables of some points of a scenario."""
        fields, points = self._inputs.fields_of_each[part.which], part.points
        found = []
        if points[0] == 0:
            found.append(point_tables(points_of_baseline(baseline, fields), fields))
            points = points[1:]
        if points:
            cells = self._inputs.design.points[np.array(points) - 1]
            found += tables_of_points(
                self._runners[part.which], baseline, fields, points, cells, threads,
                self._check_stop,
            )  # fmt: skip
        return found

    def _check_stop(self, *_: int) -> None:
        if self._stop.is_set():
            raise StoppedError
