"""The command that runs sweeps."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.interfaces.cli.interrupts import unwinding
from sim.interfaces.cli.options import (
    AsJson,
    Fresh,
    Out,
    Quiet,
    Workers,
    shown_scenario,
)
from sim.interfaces.cli.output import notice, show_json, show_summary
from sim.interfaces.cli.progress import SweepProgress, shown_sweep_progress
from sim.interfaces.places import RESULTS
from sim.model.requests import LARGEST_SEED, MOST_REPLICATES, check_request

if TYPE_CHECKING:
    from sim.experiment.sweeps.designs.plan import SweepPlan
    from sim.experiment.sweeps.inputs import SweepInputs
    from sim.experiment.sweeps.stored import StoredSweep

SweepName = Annotated[
    str,
    typer.Argument(
        metavar="SWEEP", help="A sweep file, or the name of one in the folder scenarios/sweeps."
    ),
]
Replicates = Annotated[
    int | None,
    typer.Option(
        "--replicates",
        "-n",
        min=1,
        max=MOST_REPLICATES,
        help="Futures at each point; the number in the file unless given.",
    ),
]
Seed = Annotated[
    int | None,
    typer.Option(
        "--seed",
        min=0,
        max=LARGEST_SEED,
        help="Start of the random numbers, the same at each point; what the file says unless "
        "given.",
    ),
]


class SweepStoppedError(Exception):
    """An interrupt ended a sweep; says what is left and how to continue."""


def sweep(
    sweep_file: SweepName,
    replicates: Replicates = None,
    seed: Seed = None,
    workers: Workers = None,
    out: Out = RESULTS,
    fresh: Fresh = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Simulate a scenario at many points, over the same futures.

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
    """  # noqa: D301 (the mark keeps click from joining the lines)
    from sim.experiment import load_sweep

    plan = load_sweep(sweep_file)
    n = plan.replicates if replicates is None else replicates
    start = plan.seed if seed is None else seed
    check_request(n, start, workers)
    command = ["alignsim", "sweep", shown_scenario(sweep_file)]
    command += ["--replicates", str(n), "--seed", str(start)]
    is_silent = as_json or quiet
    n_failed = None if fresh else _failed_before(plan, n, start, out)
    is_reused = n_failed == 0
    if not is_silent:
        _tell_of_earlier(plan, n, start, out, n_failed)
    with unwinding(), shown_sweep_progress(is_silent or is_reused) as progress:
        found = _run(plan, n, start, out, workers, fresh, tuple(command), progress)
    if as_json:
        show_json(_as_data(found, is_reused))
    elif not quiet:
        from sim.experiment.sweeps.summary import summarise_sweep

        show_summary(summarise_sweep(found))
        print()
    if not as_json:
        print(found.path if quiet else f"Tables: {found.path}")
    if found.n_failed:
        raise typer.Exit(1)


def _failed_before(plan: SweepPlan, replicates: int, seed: int, out: Path) -> int | None:
    """Return how many points of the finished sweep failed; None if it has not finished."""
    from sim.experiment.store.manifest import read_manifest
    from sim.experiment.store.results import find_finished
    from sim.experiment.sweeps.stored import StoredSweep

    found = find_finished(out, _inputs(plan, replicates, seed))
    return None if found is None else StoredSweep(found, read_manifest(found)).n_failed


def _tell_of_earlier(
    plan: SweepPlan, replicates: int, seed: int, out: Path, n_failed: int | None
) -> None:
    """Say what there is of this sweep, and in what an earlier result of the same name differs."""
    from sim.experiment.sweeps.earlier.changed import changes_since

    if n_failed == 0:
        notice("This result exists already; --fresh simulates again.")
    elif n_failed:
        failed = f"{n_failed:,} points failed" if n_failed > 1 else "1 point failed"
        notice(f"{failed} when this sweep ran; simulating again what failed.")
    else:
        for line in changes_since(out, _inputs(plan, replicates, seed)):
            notice(line)


def _inputs(plan: SweepPlan, replicates: int, seed: int) -> SweepInputs:
    from sim.experiment.sweeps.running import plan_sweep

    return plan_sweep(plan.scenarios, plan.design, replicates, seed, plan.heading)


def _run(
    plan: SweepPlan,
    replicates: int,
    seed: int,
    out: Path,
    workers: int | None,
    fresh: bool,
    command: tuple[str, ...],
    progress: SweepProgress,
) -> StoredSweep:
    """Run the sweep; if interrupted, say what is left.

    Raises
    ------
    SweepStoppedError
        On an interrupt.
    """
    from sim.experiment import sweep as run_sweep

    try:
        return run_sweep(
            plan.scenarios,
            plan.design,
            replicates,
            seed,
            out,
            workers,
            progress.report,
            heading=plan.heading,
            fresh=fresh,
            invalid_points=plan.invalid_points,
            command_line=command,
        )
    except KeyboardInterrupt:
        progress.close()
        # A damaged result counts too: it prevents continuing with the points of this attempt.
        is_there = os.path.lexists(out / _inputs(plan, replicates, seed).folder)
        raise SweepStoppedError(_ending(progress, is_there, fresh)) from None


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
