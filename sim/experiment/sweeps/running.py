"""Running a sweep: point by point on threads or on a cluster, chunk by chunk to disk."""

from __future__ import annotations

import operator
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sim.errors import InputError, Problem, RunError, checked_path
from sim.experiment.given import check_heading, check_saving
from sim.experiment.result import make_log
from sim.experiment.store.manifest import read_manifest
from sim.experiment.store.results import check_writable, find_finished, write_result
from sim.experiment.sweeps.assembling import assembled_files
from sim.experiment.sweeps.chunks import ChunksLostError, ChunkStore
from sim.experiment.sweeps.designs.design import check_design
from sim.experiment.sweeps.designs.factor import check_all_points, check_factor
from sim.experiment.sweeps.designs.plan import Heading
from sim.experiment.sweeps.designs.point_problems import refuse
from sim.experiment.sweeps.earlier.reused import EarlierPoints
from sim.experiment.sweeps.inputs import SweepInputs
from sim.experiment.sweeps.making import ThreadedMaking, Wanted
from sim.experiment.sweeps.stored import StoredSweep
from sim.model.requests import check_extras, check_request, check_scenario
from sim.scenario.wording import shown_value

if TYPE_CHECKING:
    from distributed import Client

    from sim.data import Facts
    from sim.experiment.sweeps.designs.design import Design
    from sim.experiment.sweeps.making import Making
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
    # A text is a sequence of texts; `check_scenario` says what to do about it.
    is_one = isinstance(scenario, str) or not isinstance(scenario, Sequence)
    scenarios = (cast("Scenario", scenario),) if is_one else tuple(cast("Any", scenario))
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
    cluster: str | Client | None = None,
    chunks_at: str | None = None,
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
    cluster : str or distributed.Client, optional
        Dask workers that make the points instead of threads: a client, the address of a scheduler,
        the path of a scheduler file, ``local`` or ``local:N`` (processes of this machine).
    chunks_at : str, optional
        URL of a shared folder or an object store in which unfinished points are kept, such as
        ``s3://bucket/sweeps``. Workers write there; without it, what they make travels to this
        process.

    Returns
    -------
    StoredSweep

    Raises
    ------
    InputError
        If the design has a name that is not a number of the scenario, a point breaks a rule,
        `replicates`, `seed` or `workers` is out of range, or `out` is not a path. Nothing has run
        by then.
    UnavailableError
        If the folder or `chunks_at` cannot be written to, no scheduler answers or it is lost, or a
        worker runs other code than this process. What is done is kept. It is both an `InputError`
        and a `RunError`.
    RunError
        If the folder holds the same sweep but is damaged, or points fail.

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
    check_sharing(workers, facts, cluster)
    if invalid_points not in (REFUSE, FAIL):
        message = f"invalid_points = {shown_value(invalid_points)} must be {REFUSE} or {FAIL}."
        raise refuse(message, f"Use {REFUSE} to check every point before anything runs.")
    inputs = plan_sweep(scenario, design, replicates, seed, heading, facts)
    root = checked_path(out, "the root of results")
    begin = time.monotonic()
    chunks = chunk_store(root, inputs, chunks_at)
    if fresh:
        # Left by an earlier attempt.
        chunks.clear()
    found = None if fresh else find_finished(root, inputs)
    has_failed = found is not None and StoredSweep(found, read_manifest(found)).n_failed > 0
    replaces = fresh or has_failed
    if found is None or has_failed:
        shared = chunks if chunks_at else None
        with opened(inputs, workers, facts, cluster, shared) as making:
            found = None
            left = _MOST_BEGINNINGS
            while found is None:
                left -= 1
                try:
                    # If a sweep failed at some points, the others are reused.
                    earlier = EarlierPoints(None if fresh else root, inputs)
                    fill(inputs, chunks, earlier, root, making, progress, replaces, invalid_points)
                    files = assembled_files(inputs, chunks)
                    log = make_log(time.monotonic() - begin, making.workers)
                    found = write_result(root, inputs, files, command_line, log, fresh=replaces)
                except (RunError, OSError) as error:
                    # Another process may have finished the same sweep or started it over, or a
                    # written chunk may have been damaged since.
                    found = None if replaces else find_finished(root, inputs)
                    if found is None and not (left > 0 and isinstance(error, ChunksLostError)):
                        raise
    # Chunks of this call, and those left by a kill at the very end of an earlier one.
    chunks.clear()
    return StoredSweep(found, read_manifest(found))


def check_sharing(workers: int | None, facts: Facts | None, cluster: object) -> None:
    """Check that what is given besides a cluster goes with it.

    Raises
    ------
    InputError
        If threads are given too, or facts other than the shipped ones.
    """
    from sim.data import load_facts

    if cluster is None:
        return
    problems = []
    if workers is not None:
        rule = f"workers = {workers} counts threads of this process, but cluster is given."
        remedy = "Leave workers out; for processes of this machine give cluster = local:N."
        problems.append(Problem("", 0, rule, remedy))
    if facts is not None and facts.hash != load_facts().hash:
        rule = "facts must be the shipped ones if cluster is given: workers read their own."
        problems.append(Problem("", 0, rule, "Leave out facts, or leave out cluster."))
    if problems:
        raise InputError(problems)


def chunk_store(root: Path, inputs: SweepInputs, chunks_at: str | None = None) -> ChunkStore:
    """Return the chunks of a sweep below a root of results, or at a URL."""
    if chunks_at is None:
        return ChunkStore(root, inputs)
    from sim.experiment.sweeps.scaling.places import place_at

    return ChunkStore(root, inputs, place_at(chunks_at, inputs.folder))


@contextmanager
def opened(
    inputs: SweepInputs,
    workers: int | None,
    facts: Facts | None,
    cluster: str | Client | None,
    shared: ChunkStore | None = None,
) -> Iterator[Making]:
    """Yield what makes the chunks of a sweep: threads, or a cluster while it is connected.

    Parameters
    ----------
    inputs : SweepInputs
    workers, facts, cluster
        As `sweep` has them.
    shared : ChunkStore, optional
        The chunks, if workers of a cluster write them themselves.
    """
    if cluster is None:
        yield ThreadedMaking(inputs, workers, facts)
        return
    from sim.experiment.sweeps.scaling.connecting import connected
    from sim.experiment.sweeps.scaling.sending import ClusterMaking

    with connected(cluster) as client:
        yield ClusterMaking(client, inputs, None if shared is None else shared.place)


def fill(
    inputs: SweepInputs,
    chunks: ChunkStore,
    earlier: EarlierPoints,
    root: Path,
    making: Making,
    progress: Progress | None,
    replaces: bool = False,
    invalid: str = REFUSE,
    some: Iterable[int] | None = None,
) -> None:
    """Make every missing chunk, of all or of some; start the sweep if it has not started."""
    if not chunks.is_begun:
        if invalid == REFUSE:
            check_all_points(inputs.scenarios, inputs.design)
        check_writable((root / inputs.folder).parent)
        chunks.begin()
    asked = [*range(chunks.n_chunks)] if some is None else [*some]
    todo = [Wanted(chunk, earlier.missing(chunks.points(chunk))) for chunk in chunks.missing(asked)]
    total = chunks.count(asked)
    done = total - sum(len(wanted.left) for wanted in todo)
    if progress is not None:
        progress(done, total)
    # Closed at once whatever happens, so that an interrupt does not wait for the workers.
    with chunks.at_work(), closing(making.made(chunks, earlier, todo)) as made:
        for n_points in made:
            done += n_points
            if progress is not None:
                progress(done, total)
            if not replaces and (root / inputs.folder).exists():
                # Another process was faster.
                return
