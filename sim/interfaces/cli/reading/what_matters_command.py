"""The command that says what an outcome of a scenario hangs on."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.interfaces.cli.interrupts import unwinding
from sim.interfaces.cli.options import (
    AsJson,
    Changes,
    Levers,
    Quiet,
    ScenarioName,
    Seed,
    Workers,
    changed,
)
from sim.interfaces.cli.progress import shown_progress
from sim.interfaces.cli.reading.answers import show_answer
from sim.interfaces.cli.reading.finished_result import OutTables

Outcome = Annotated[
    str | None,
    typer.Option(
        "--outcome",
        metavar="OUTCOME",
        help="For example 'live_mw(us)' or 'p_committed(KOR, china)'; the partners of the first "
        "provider unless given.",
    ),
]
OfCountry = Annotated[
    str | None,
    typer.Option(
        "--country",
        metavar="ISO3",
        help="The probability that this country ends with the first provider.",
    ),
]
Replicates = Annotated[
    int,
    typer.Option("--replicates", "-n", min=8, max=100_000, help="Futures at each point."),
]
Trajectories = Annotated[
    int,
    typer.Option(
        "--trajectories",
        min=4,
        max=500,
        help="Trajectories of the Morris design over everything that can be moved.",
    ),
]
Kept = Annotated[
    int,
    typer.Option("--kept", min=2, max=20, help="How many of the strongest get Sobol' indices."),
]
Points = Annotated[
    int,
    typer.Option(
        "--points", min=8, max=65_536, help="Base points of the Sobol' indices, a power of two."
    ),
]


def what_matters(
    scenario: ScenarioName,
    country: OfCountry = None,
    outcome: Outcome = None,
    replicates: Replicates = 24,
    seed: Seed = 1,
    trajectories: Trajectories = 8,
    kept: Kept = 6,
    points: Points = 128,
    changes: Changes = None,
    lever: Levers = None,
    workers: Workers = None,
    out: OutTables = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Rank what an outcome of a scenario hangs on.

    Levers and uncertainties stand in one ranking.

    Every lever and every uncertain number is moved over its range (Morris). The strongest are moved
    again for their shares of the variance (Sobol'), and then one at a time to both ends of their
    ranges. All points have the same futures.

    \b
    Examples:
      alignsim what-matters baseline
      alignsim what-matters baseline --country KOR
      alignsim what-matters today --outcome 'live_mw(us)' --out results/live
    """  # noqa: D301 (the mark keeps click from joining the lines)
    from sim.analysis.what_matters.matters import what_matters as find
    from sim.analysis.what_matters.movers import movers_of
    from sim.analysis.what_matters.sizes import checked_sizes
    from sim.scenario import load_scenario

    sizes = checked_sizes(trajectories, replicates, kept, points, seed)
    wanted = changed(load_scenario(scenario), changes, lever)
    futures = sizes.futures(len(movers_of(wanted)))
    with unwinding(), shown_progress(futures, as_json or quiet) as progress:
        answer = find(
            wanted,
            outcome,
            country=country,
            replicates=replicates,
            seed=seed,
            trajectories=trajectories,
            kept=kept,
            points=points,
            workers=workers,
            progress=progress,
        )
    show_answer(answer, "tornado", out, as_json, quiet)
