"""The command that runs sweeps."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from sim.interfaces.cli.interrupts import unwinding
from sim.interfaces.cli.options import AsJson, Fresh, Quiet, Workers, WrittenResults, shown_scenario
from sim.interfaces.cli.output import EXISTS_ALREADY, notice, show_json, show_summary
from sim.interfaces.cli.progress import SweepProgress, shown_sweep_progress
from sim.interfaces.cli.sweeping.asked import SweepRequest, check_together
from sim.interfaces.cli.sweeping.options import (
    BUDGET_HOURS,
    Budget,
    ChunksAt,
    Cluster,
    EstimateOption,
    Merge,
    Replicates,
    Seed,
    ShardOption,
    Status,
    SweepName,
    Yes,
)
from sim.interfaces.places import RESULTS
from sim.model.requests import check_request

if TYPE_CHECKING:
    from sim.experiment.sweeps.scaling.shards import Shard
    from sim.experiment.sweeps.stored import StoredSweep


class SweepStoppedError(Exception):
    """An interrupt ended a sweep; says what is left and how to continue."""


def sweep(
    sweep_file: SweepName,
    replicates: Replicates = None,
    seed: Seed = None,
    workers: Workers = None,
    cluster: Cluster = None,
    chunks_at: ChunksAt = None,
    shard: ShardOption = None,
    merge: Merge = None,
    status: Status = False,
    estimate: EstimateOption = False,
    budget: Budget = BUDGET_HOURS,
    yes: Yes = False,
    results: WrittenResults = RESULTS,
    fresh: Fresh = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Simulate a scenario at many points.

    The points are a grid, a zip, a sample (Latin hypercube, Sobol', Saltelli, Morris), or those of
    a table, in one scenario or in several. The scenario as it stands runs first, as point 0, and
    every point has the same random numbers. Every point is checked before anything runs. The tables
    go to results/sweeps/<sweep>/<run id>/. The same command continues a sweep that was stopped,
    reuses one that is finished, and tries failed points again. Points that another finished sweep
    has are taken from it. Exit status 1 means that some points failed.

    \b
    Examples:
      alignsim sweep control-and-linkage
      alignsim sweep scenarios/sweeps/weights-and-terms.yaml -n 200 --workers 4
      alignsim sweep weights-and-terms --cluster tcp://head-node:8786
    """  # noqa: D301 (the mark keeps click from joining the lines)
    from sim.experiment.sweeps.scaling.shards import read_shard
    from sim.interfaces.cli.sweeping.reports import check_budget, show_estimate, show_status

    check_together(
        {
            "--status": status,
            "--estimate": estimate,
            "--shard": shard is not None,
            "--merge": bool(merge),
            "--fresh": fresh,
            "--cluster": cluster is not None,
            "--workers": workers is not None,
        }
    )
    part = None if shard is None else read_shard(shard)
    asked = _asked(sweep_file, replicates, seed, workers, results, fresh, as_json, quiet, chunks_at)
    if status:
        show_status(asked)
        return
    exit_status = 0
    with unwinding(), _on_cluster(asked, cluster) as asked:
        if estimate:
            show_estimate(asked)
            return
        if not (yes or merge):
            check_budget(asked, budget, 1 if part is None else part.of)
        if part is not None:
            _run_shard(asked, part)
        else:
            exit_status = _run_whole(asked, merge)
    if exit_status:
        raise typer.Exit(exit_status)


def _asked(
    sweep_file: str,
    replicates: int | None,
    seed: int | None,
    workers: int | None,
    results: Path,
    fresh: bool,
    as_json: bool,
    quiet: bool,
    chunks_at: str | None,
) -> SweepRequest:
    """Read the sweep file, and return what is asked of the sweep."""
    from sim.experiment import load_sweep

    plan = load_sweep(sweep_file)
    n = plan.replicates if replicates is None else replicates
    start = plan.seed if seed is None else seed
    check_request(n, start, workers)
    numbers = ("--replicates", str(n), "--seed", str(start))
    command = ("alignsim", "sweep", shown_scenario(sweep_file), *numbers)
    return SweepRequest(plan, n, start, results, workers, fresh, as_json, quiet, command, chunks_at)


@contextmanager
def _on_cluster(asked: SweepRequest, cluster: str | None) -> Iterator[SweepRequest]:
    """Yield what is asked, with a cluster if one is given and there is work for it."""
    if cluster is None or _failed_before(asked) == 0:
        yield asked
        return
    from sim.experiment.sweeps.scaling.connecting import connected
    from sim.words.wording import counted

    with connected(cluster) as client:
        if not asked.is_silent:
            threads = sum(client.nthreads().values())
            waiting = "" if threads else "; the sweep begins when a worker joins"
            notice(f"{counted(threads, 'thread')} of Dask workers{waiting}.")
            notice(f"Dashboard: {client.dashboard_link}")
        yield replace(asked, cluster=client)


def _run_whole(asked: SweepRequest, merge: list[str] | None) -> int:
    """Run a whole sweep, or join its shards; show what it says, and return the exit status."""
    n_failed = _failed_before(asked)
    is_reused = n_failed == 0
    if not asked.is_silent:
        _tell_of_earlier(asked, n_failed)
    with shown_sweep_progress(asked.is_silent or is_reused or bool(merge)) as progress:
        found = _merged(asked, merge) if merge else _run(asked, progress)
    if asked.as_json:
        show_json(_as_data(found, is_reused))
    elif not asked.quiet:
        from sim.experiment.sweeps.summary import summarise_sweep

        show_summary(summarise_sweep(found))
        print()
    if not asked.as_json:
        print(found.path if asked.quiet else f"Tables: {found.path}")
    return 1 if found.n_failed else 0


def _failed_before(asked: SweepRequest) -> int | None:
    """Return how many points of the finished sweep failed; None if it is to be made anew."""
    from sim.experiment.store.manifest import read_manifest
    from sim.experiment.store.results import find_finished
    from sim.experiment.sweeps.stored import StoredSweep

    found = None if asked.fresh else find_finished(asked.results, asked.inputs)
    return None if found is None else StoredSweep(found, read_manifest(found)).n_failed


def _tell_of_earlier(asked: SweepRequest, n_failed: int | None) -> None:
    """Say what exists of this sweep, and how an earlier result of the same name differs."""
    from sim.experiment.sweeps.earlier.changed import changes_since

    if n_failed == 0:
        notice(EXISTS_ALREADY)
    elif n_failed:
        failed = f"{n_failed:,} points failed" if n_failed > 1 else "1 point failed"
        notice(f"{failed} when this sweep ran; simulating again what failed.")
    else:
        for line in changes_since(asked.results, asked.inputs):
            notice(line)


def _run(asked: SweepRequest, progress: SweepProgress) -> StoredSweep:
    """Run the sweep; if interrupted, say what is left.

    Raises
    ------
    SweepStoppedError
        On an interrupt.
    """
    from sim.experiment import sweep as run_sweep

    try:
        return run_sweep(
            asked.plan.scenarios,
            asked.plan.design,
            asked.replicates,
            asked.seed,
            asked.results,
            asked.workers,
            progress.report,
            heading=asked.plan.heading,
            fresh=asked.fresh,
            invalid_points=asked.plan.invalid_points,
            command_line=asked.command,
            cluster=asked.cluster,
            chunks_at=asked.chunks_at,
        )
    except KeyboardInterrupt:
        progress.close()
        # A damaged result counts too: it prevents continuing with the points of this attempt.
        is_there = os.path.lexists(asked.results / asked.inputs.folder)
        raise SweepStoppedError(_ending(progress, is_there, asked.fresh)) from None


def _merged(asked: SweepRequest, sources: list[str]) -> StoredSweep:
    """Join the shards of a sweep."""
    from sim.experiment.sweeps.scaling.shards import merge_shards

    return merge_shards(
        asked.inputs,
        sources,
        asked.results,
        invalid_points=asked.plan.invalid_points,
        command_line=asked.command,
        chunks_at=asked.chunks_at,
    )


def _run_shard(asked: SweepRequest, shard: Shard) -> None:
    """Make one shard of a sweep, and say where it is.

    Raises
    ------
    SweepStoppedError
        On an interrupt.
    """
    from sim.experiment.sweeps.scaling.shards import make_shard

    with shown_sweep_progress(asked.is_silent) as progress:
        try:
            chunks = make_shard(
                asked.inputs,
                shard,
                asked.results,
                asked.workers,
                progress.report,
                invalid_points=asked.plan.invalid_points,
                cluster=asked.cluster,
                chunks_at=asked.chunks_at,
            )
        except KeyboardInterrupt:
            progress.close()
            raise SweepStoppedError(_ending(progress, False, False)) from None
    n_points = chunks.count(shard.chunks(chunks.n_chunks))
    if asked.as_json:
        about = {"shard": list(shard), "n_points": n_points, "place": str(chunks.place)}
        show_json({"sweep": asked.plan.heading.name, "run_id": asked.inputs.run_id, **about})
    elif asked.quiet:
        print(chunks.place)
    else:
        print(f"Shard {shard.number} of {shard.of}: {n_points:,} points in {chunks.place}")
        print("When all shards are made, --merge joins them.")


def _ending(progress: SweepProgress, is_there: bool, fresh: bool) -> str:
    """Return how far a sweep came, and what the next command does."""
    stopped = f"stopped with {progress.done:,} of {progress.total:,} points done"
    if not progress.total:
        stopped = "stopped before the first point"
    if is_there and fresh:
        return f"{stopped}; the earlier result is unchanged, and the same command starts over."
    if is_there:
        return f"{stopped}; another process has finished it: the same command shows the result."
    again = "the same command without --fresh" if fresh else "the same command"
    return f"{stopped}; {again} continues the sweep."


def _as_data(found: StoredSweep, is_reused: bool) -> dict[str, Any]:
    return {
        "run_id": found.path.name,
        "folder": str(found.path),
        "is_reused": is_reused,
        "sweep": found.heading.name,
        "title": found.heading.title,
        "scenario": found.scenario.name,
        "scenarios": [scenario.name for scenario in found.scenarios],
        "method": found.design.method,
        "fields": {field.name: field.address for field in found.inputs.fields},
        "levers": list(found.levers),
        "uncertainties": list(found.uncertainties),
        "n_points": found.inputs.n_points,
        "n_failed": found.n_failed,
        "replicates": found.replicates,
        "seed": found.seed,
        "files": sorted(found.manifest["files"]),
    }
