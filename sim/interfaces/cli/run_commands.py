"""Commands that simulate: run, compare, replay."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.interfaces.cli.interrupts import unwinding
from sim.interfaces.cli.making.made_results import Request, made_comparison, made_run
from sim.interfaces.cli.options import (
    AsJson,
    AsOf,
    Changes,
    Fresh,
    Levers,
    Quiet,
    Replicates,
    ScenarioName,
    Seed,
    Workers,
    WrittenResults,
    all_or_problems,
    changed,
    folder_given,
)
from sim.interfaces.cli.output import records, show_json, show_summary
from sim.interfaces.cli.progress import shown_progress
from sim.interfaces.places import RESULTS

if TYPE_CHECKING:
    from sim.experiment.result_views import ComparisonView, RunView

First = Annotated[
    str, typer.Argument(metavar="A", help="Scenario to compare with: a file or a name.")
]
Second = Annotated[
    str, typer.Argument(metavar="B", help="Scenario whose effect is in question: a file or a name.")
]
Focus = Annotated[
    str | None,
    typer.Option(
        "--focus",
        metavar="ISO3",
        help="Country to look at closely in the summary; South Korea (KOR) unless given.",
    ),
]
RunFolder = Annotated[
    Path,
    typer.Argument(
        metavar="RUN_DIR",
        parser=folder_given,
        help="Folder of a finished run, comparison or sweep.",
    ),
]


def run(
    scenario: ScenarioName,
    replicates: Replicates = 1000,
    seed: Seed = 1,
    workers: Workers = None,
    results: WrittenResults = RESULTS,
    changes: Changes = None,
    lever: Levers = None,
    as_of: AsOf = None,
    focus: Focus = None,
    fresh: Fresh = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Simulate many futures of a scenario; print a summary.

    The tables go to results/<scenario>/<run id>/. The run id follows from the inputs: the same
    command finds the finished run and does not simulate again.

    \b
    Examples:
      alignsim run baseline
      alignsim run scenarios/today.yaml -n 5000 --seed 7
      alignsim run baseline --set providers.us.offers.infrastructure.slots=20
      alignsim run baseline --lever local_control=0.7 --focus BRA
      alignsim run baseline --as-of 2026-11
    """  # noqa: D301 (the mark keeps click from joining the lines)
    from sim.experiment.summaries.focus import checked_focus
    from sim.scenario import load_scenario

    wanted = changed(load_scenario(scenario), changes, lever)
    if focus is not None:
        focus = checked_focus(focus, wanted, "--focus")
    is_silent = as_json or quiet
    size = (replicates, seed, workers, results)
    view, folder = made_run(
        scenario, wanted, Request(*size, changes, lever, as_of, fresh, is_silent)
    )
    if as_json:
        from sim.experiment.stored import StoredRun

        show_json(_run_as_data(view, folder, is_reused=isinstance(view, StoredRun)))
        return
    if not quiet:
        show_summary(view.summary(focus))
        print()
    print(folder if quiet else f"Tables: {folder}")


def compare(
    a: First,
    b: Second,
    replicates: Replicates = 1000,
    seed: Seed = 1,
    workers: Workers = None,
    results: WrittenResults = RESULTS,
    changes: Changes = None,
    lever: Levers = None,
    as_of: AsOf = None,
    fresh: Fresh = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Compare two scenarios over the same futures.

    Random numbers and uncertain numbers are the same in both, so any difference is due to the
    scenarios. Differences are B minus A, with 90 % intervals, per country and in total. --set and
    --lever change only B, so a scenario can be compared with a variant of itself. Scenarios of
    different spans are compared over the months that both have.

    \b
    Examples:
      alignsim compare baseline twenty-slots
      alignsim compare baseline baseline --lever local_control=0.7
      alignsim compare baseline today --as-of 2028-12
    """  # noqa: D301 (the mark keeps click from joining the lines)
    from sim.scenario import load_scenario

    first, second = all_or_problems(
        lambda: load_scenario(a), lambda: changed(load_scenario(b), changes, lever)
    )
    is_silent = as_json or quiet
    size = (replicates, seed, workers, results)
    asked = Request(*size, changes, lever, as_of, fresh, is_silent)
    view, folder = made_comparison((a, b), (first, second), asked)
    if as_json:
        from sim.experiment.stored import StoredComparison

        show_json(_comparison_as_data(view, folder, is_reused=isinstance(view, StoredComparison)))
        return
    if not quiet:
        show_summary(view.summary())
        print()
    print(folder if quiet else f"Tables: {folder}")


def replay(
    run_dir: RunFolder,
    workers: Workers = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Repeat a finished run and compare the bytes.

    It is repeated from the manifest, and nothing in the folder is changed. Exit status 1 means that
    a file or the manifest differs, 2 that there is no readable result.

    \b
    Example:
      alignsim replay results/baseline/0123456789abcdef
    """  # noqa: D301 (the mark keeps click from joining the lines)
    from dataclasses import asdict

    from sim.errors import InputError, Problem, ResultError
    from sim.experiment import replay as replay_result
    from sim.experiment.replaying import futures_to_replay

    try:
        futures = futures_to_replay(run_dir)
    except ResultError as error:
        # The folder is user input; a failed replay would say that the bytes differ.
        raise InputError([Problem("", 0, str(error))]) from error
    with unwinding(), shown_progress(futures, as_json or quiet) as progress:
        report = replay_result(run_dir, workers, progress)
    if as_json:
        show_json({**asdict(report), "path": str(report.path), "agrees": report.agrees})
    else:
        print("\n".join(report.lines()[: 1 if quiet else None]))
    if not report.agrees:
        raise typer.Exit(1)


def _run_as_data(view: RunView, folder: Path, is_reused: bool) -> dict[str, Any]:
    timeline = view.timeline[view.timeline["month"] == view.months[-1]]
    kept = [name for name in view.countries if not str(name).startswith("driver_")]
    return {
        "run_id": folder.name,
        "folder": str(folder),
        "is_reused": is_reused,
        "scenario": view.scenario.name,
        "title": view.scenario.title,
        "first_month": view.months[0],
        "last_month": view.months[-1],
        "replicates": view.replicates,
        "seed": view.seed,
        "totals": records(view.totals.drop(columns="scenario")),
        "paths": records(timeline.drop(columns=["scenario", "month"])),
        "countries": records(view.countries[kept].drop(columns="scenario")),
    }


def _comparison_as_data(view: ComparisonView, folder: Path, is_reused: bool) -> dict[str, Any]:
    scenarios = ["scenario_a", "scenario_b"]
    return {
        "run_id": folder.name,
        "folder": str(folder),
        "is_reused": is_reused,
        "scenario_a": view.scenario_a.name,
        "scenario_b": view.scenario_b.name,
        "first_month": view.months[0],
        "last_month": view.months[-1],
        "replicates": view.replicates,
        "seed": view.seed,
        "changes": records(view.changes.drop(columns=scenarios)),
        "totals": records(view.totals.drop(columns=scenarios)),
        "countries": records(view.countries.drop(columns=scenarios)),
        "notes": list(view.notes),
    }
