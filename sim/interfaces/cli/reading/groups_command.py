"""The command groups: partners and shares of groups of countries."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from sim.interfaces.cli.interrupts import unwinding
from sim.interfaces.cli.options import AsJson, AsOf, Changes, Levers, Quiet, Workers
from sim.interfaces.cli.progress import shown_progress
from sim.interfaces.cli.reading.answers import show_answer
from sim.interfaces.cli.reading.finished_result import OutTables
from sim.interfaces.cli.reading.run_or_scenario import refuse_options, run_or_scenario
from sim.model.requests import LARGEST_SEED, MOST_REPLICATES

_REPLICATES, _SEED = 500, 1
What = Annotated[
    str,
    typer.Argument(
        metavar="SCENARIO|RUN",
        help="A scenario, or the folder of a finished run, whose own futures are then read.",
    ),
]
Names = Annotated[
    list[str] | None,
    typer.Option(
        "--countries",
        metavar="NAME",
        help="A group such as EU, FIVE_EYES, 'African Union' or Asia; may be given more than once. "
        "All of them if left out.",
    ),
]
Against = Annotated[
    str | None,
    typer.Option(
        "--against",
        metavar="NAME",
        help="A second scenario, from which changes are counted, future by future.",
    ),
]
Futures = Annotated[
    int | None,
    typer.Option(
        "--replicates", "-n", min=1, max=MOST_REPLICATES,
        help=f"How many futures of a scenario; {_REPLICATES} if left out.",
    ),
]  # fmt: skip
Seed = Annotated[
    int | None,
    typer.Option("--seed", min=0, max=LARGEST_SEED, help=f"Seed of a scenario's futures; {_SEED}."),
]


def groups(
    scenario: What,
    countries: Names = None,
    against: Against = None,
    changes: Changes = None,
    lever: Levers = None,
    as_of: AsOf = None,
    replicates: Futures = None,
    seed: Seed = None,
    workers: Workers = None,
    out: OutTables = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Count partners in the EU, NATO and other groups.

    For each group: how many of its members end with each provider, with a data centre or by a light
    agreement, how many wait, and what share of its GDP, population and AI readiness that is. Groups
    are blocs, with their members as of mid-2025, and the regions of the United Nations. --set and
    --lever do not change the scenario of --against.

    \b
    Examples:
      alignsim groups baseline
      alignsim groups baseline --countries EU --countries "African Union"
      alignsim groups today --against baseline --countries NATO
      alignsim groups results/baseline/0123456789abcdef --countries NATO --out results/nato
    """  # noqa: D301 (the mark keeps click from joining the lines)
    from sim.analysis.groups.grouping import chosen_groups
    from sim.analysis.groups.grouping import groups as find
    from sim.data import load_facts
    from sim.experiment.comparison import compare
    from sim.experiment.result import simulate
    from sim.experiment.stored import StoredRun
    from sim.scenario import load_scenario

    run, last = run_or_scenario(scenario, changes, lever), as_of
    if isinstance(run, StoredRun):
        refuse_options(
            {"--replicates": replicates, "--seed": seed, "--against": against}, "a finished run"
        )
        given, n, own_seed, last = run.scenario, run.replicates, run.seed, as_of or run.months[-1]
    else:
        given, n = run, _REPLICATES if replicates is None else replicates
        own_seed = _SEED if seed is None else seed
    # Before anything is simulated.
    chosen_groups(load_facts(), countries or ())
    start = None if against is None else load_scenario(against)
    n_runs = 1 if start is None else 2
    with unwinding(), shown_progress(n_runs * n, as_json or quiet) as progress:
        how: dict[str, Any] = {"progress": progress, "as_of": last}
        if start is None:
            found: Any = simulate(given, n, own_seed, workers, **how)
        else:
            found = compare(start, given, n, own_seed, workers, **how)
    show_answer(find(found, countries or ()), "groups", out, as_json, quiet)
