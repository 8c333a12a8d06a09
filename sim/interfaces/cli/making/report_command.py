"""The command that makes the report of a result."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.interfaces.cli.interrupts import unwinding
from sim.interfaces.cli.making.made_results import Request, made_comparison, made_run
from sim.interfaces.cli.options import (
    AsJson,
    AsOf,
    Changes,
    Levers,
    ResultsFolder,
    Workers,
    all_or_problems,
    changed,
    folder_given,
    shown_scenario,
)
from sim.interfaces.cli.output import notice, show_json
from sim.interfaces.cli.progress import shown_progress, shown_sweep_progress
from sim.interfaces.places import REPORTS, RESULTS
from sim.model.requests import LARGEST_SEED, MOST_REPLICATES

if TYPE_CHECKING:
    from sim.analysis.what_matters.matters import WhatMatters
    from sim.interfaces.report.subject import Reported, Subject

Target = Annotated[
    str,
    typer.Argument(
        metavar="RESULT",
        help="Folder of a finished result; or a scenario or a sweep, by file or name, which is run "
        "if it has no finished result.",
    ),
]
Other = Annotated[
    str | None,
    typer.Argument(metavar="[B]", help="Scenario that is compared with the first."),
]
Replicates = Annotated[
    int | None,
    typer.Option(
        "--replicates",
        "-n",
        min=1,
        max=MOST_REPLICATES,
        help="How many futures; unless given, 1,000 for a scenario, or as in the file of a sweep.",
    ),
]
Seed = Annotated[
    int | None,
    typer.Option(
        "--seed",
        min=0,
        max=LARGEST_SEED,
        help="Seed of the result; unless given, 1, or that in a sweep's file.",
    ),
]
Out = Annotated[
    Path | None,
    typer.Option(
        "--out",
        metavar="PATH",
        parser=folder_given,
        help="Folder of the report; one in reports, named by the result, unless given.",
    ),
]
Provider = Annotated[
    str,
    typer.Option(
        "--provider",
        metavar="KEY",
        help="Provider whose partners come first; the first of the scenario unless given.",
    ),
]
Country = Annotated[
    str,
    typer.Option(
        "--focus",
        metavar="ISO3",
        help="Country to look at closely in the report; South Korea (KOR) unless given.",
    ),
]
Mattering = Annotated[
    bool,
    typer.Option(
        "--what-matters",
        help="Also rank what the result of a run hangs on, as what-matters does; takes a minute.",
    ),
]
Again = Annotated[
    bool,
    typer.Option("--fresh", help="Make the result and the report again, even if they exist."),
]
OnlyPath = Annotated[
    bool, typer.Option("--quiet", "-q", help="No progress: only the path of the report.")
]


def report(
    result: Target,
    scenario_b: Other = None,
    replicates: Replicates = None,
    seed: Seed = None,
    changes: Changes = None,
    lever: Levers = None,
    as_of: AsOf = None,
    provider: Provider = "",
    focus: Country = "",
    what_matters: Mattering = False,
    workers: Workers = None,
    results: ResultsFolder = RESULTS,
    out: Out = None,
    fresh: Again = False,
    as_json: AsJson = False,
    quiet: OnlyPath = False,
) -> None:
    """Make a report that can be sent.

    One HTML page that works offline and prints well: the question, the answer, map, charts, tables,
    assumptions and sources, the record of skill, limits, how to reproduce and how to cite it.
    Beside it the tables as CSV with their data dictionary, and as an Excel workbook. --set and
    --lever change the second scenario, or the only one.

    \b
    Examples:
      alignsim report baseline
      alignsim report baseline sovereignty-guarantees
      alignsim report control-and-linkage --out reports/control
      alignsim report results/baseline/0123456789abcdef
    """  # noqa: D301 (the mark keeps click from joining the lines)
    from sim.interfaces.pictures import check_renderer
    from sim.interfaces.report.making import report_files, write_report

    check_renderer("A report")
    is_silent = as_json or quiet
    size = (1000 if replicates is None else replicates, 1 if seed is None else seed)
    asked = Request(*size, workers, results, changes, lever, as_of, fresh, is_silent)
    own = {"-n": replicates, "--seed": seed, "--set": changes, "--lever": lever, "--as-of": as_of}
    given = [name for name, value in own.items() if value is not None]
    found = _result(result, scenario_b, asked, given, (replicates, seed))
    about = _subject(found, provider, focus, is_silent)
    mattered = _mattered(about, workers, is_silent) if what_matters else None
    if not is_silent:
        notice("Drawing the report ...")
    place = write_report(out or REPORTS / about.folder_name, report_files(about, mattered), fresh)
    if as_json:
        files = sorted(each.name for each in place.parent.iterdir() if each.is_file())
        about_it = {"run_id": about.run_id, "kind": about.kind, "title": about.title}
        show_json({"report": str(place), **about_it, "files": files})
        return
    print(place if quiet else f"Report: {place}")


def _result(
    given: str,
    other: str | None,
    asked: Request,
    options: list[str],
    of_sweep: tuple[int | None, int | None],
) -> Reported:
    """Return the result that is meant: a folder's, or that of scenarios or a sweep.

    Raises
    ------
    InputError
        If there is no such thing, or options do not fit it.
    """
    from sim.errors import at_home
    from sim.experiment.store.manifest import MANIFEST_FILE
    from sim.scenario import load_scenario
    from sim.scenario.reading.named import is_bare, is_known, names_sweep

    if other is not None:
        first, second = all_or_problems(
            lambda: load_scenario(given),
            lambda: changed(load_scenario(other), asked.changes, asked.levers),
        )
        return made_comparison((given, other), (first, second), asked)[0]
    path = at_home(Path(given))
    if (path / MANIFEST_FILE).is_file():
        from sim.experiment.stored import load_run

        _refuse(options, f"{given} is a finished result")
        return load_run(path)
    if names_sweep(given) if is_bare(given) else _is_sweep(given):
        _refuse([name for name in options if name not in ("-n", "--seed")], f"{given} is a sweep")
        return _made_sweep(given, asked, of_sweep)
    if is_bare(given) and not is_known(given):
        from sim.interfaces.cli.reading.finished_result import newest_result

        folder = newest_result(given, asked.results)
        if folder is not None:
            from sim.experiment.stored import load_run

            _refuse(options, f"{folder} is a finished result")
            return load_run(folder)
    scenario = changed(load_scenario(given), asked.changes, asked.levers)
    return made_run(given, scenario, asked)[0]


def _is_sweep(given: str) -> bool:
    from sim.experiment.sweeps.designs.sweep_files import is_sweep_file

    return is_sweep_file(given)


def _refuse(options: list[str], what: str) -> None:
    """Refuse options that would make another result than the one that is there."""
    from sim.errors import InputError, Problem

    if options:
        rule = f"{what}, which {', '.join(options)} cannot change."
        raise InputError([Problem("", 0, rule, "Leave the option out, or name a scenario.")])


def _made_sweep(given: str, asked: Request, of_sweep: tuple[int | None, int | None]) -> Reported:
    """Return the result of a sweep, which is found if it is finished."""
    from sim.experiment import load_sweep, sweep

    plan = load_sweep(given)
    n = plan.replicates if of_sweep[0] is None else of_sweep[0]
    seed = plan.seed if of_sweep[1] is None else of_sweep[1]
    command = ("alignsim", "sweep", shown_scenario(given), "--replicates", f"{n}", "--seed")
    with unwinding(), shown_sweep_progress(asked.is_silent) as progress:
        return sweep(
            plan.scenarios,
            plan.design,
            n,
            seed,
            asked.results,
            asked.workers,
            progress.report,
            heading=plan.heading,
            fresh=asked.fresh,
            invalid_points=plan.invalid_points,
            command_line=(*command, f"{seed}"),
        )


def _subject(found: Reported, provider: str, country: str, is_silent: bool) -> Subject:
    """Return what the report is of; futures that are not at hand are simulated again."""
    from sim.experiment.stored import StoredComparison, StoredRun
    from sim.interfaces.report.making import drawn_meanwhile
    from sim.interfaces.report.subject import subject_of

    if not isinstance(found, StoredRun | StoredComparison):
        return subject_of(found, provider, country)
    futures = found.replicates * (1 if isinstance(found, StoredRun) else 2)
    with unwinding(), drawn_meanwhile(), shown_progress(futures, is_silent) as progress:
        return subject_of(found, provider, country, progress)


def _mattered(about: Subject, workers: int | None, is_silent: bool) -> WhatMatters:
    """Return what the partners of the provider hang on.

    Raises
    ------
    InputError
        If the result is not a whole run.
    """
    from sim.analysis.what_matters.matters import what_matters
    from sim.analysis.what_matters.movers import movers_of
    from sim.analysis.what_matters.sizes import Sizes
    from sim.errors import InputError, Problem

    if about.kind != "run" or about.as_of is not None:
        what = "an earlier month" if about.kind == "run" else f"a {about.kind}"
        rule = f"--what-matters is about the end of a run, not about {what}."
        raise InputError([Problem("", 0, rule, "Leave the option out.")])
    (scenario,) = about.scenarios
    futures = Sizes().futures(len(movers_of(scenario)))
    with unwinding(), shown_progress(futures, is_silent) as progress:
        return what_matters(
            scenario,
            f"n_countries({about.provider})",
            seed=about.seed,
            workers=workers,
            progress=progress,
        )
