"""The command that says how far each number of a finished sweep moves its outcomes."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.interfaces.cli.interrupts import unwinding
from sim.interfaces.cli.options import AsJson, Quiet, ResultsFolder
from sim.interfaces.cli.progress import shown_outcomes
from sim.interfaces.cli.reading.answers import show_answer
from sim.interfaces.cli.reading.finished_result import (
    USUAL_RESULTS,
    OfScenario,
    OutTables,
    SweepName,
    finished_result,
)
from sim.model.requests import LARGEST_SEED

Outcomes = Annotated[
    list[str] | None,
    typer.Option(
        "--outcome",
        metavar="OUTCOME",
        help="For example 'n_countries(us)' or 'p_committed(KOR, us)'; may be given more than "
        "once, and all means every outcome over the world. The partners of each provider unless "
        "given.",
    ),
]
OfCountry = Annotated[
    str | None,
    typer.Option(
        "--country",
        metavar="ISO3",
        help="The probability that this country ends with each provider; all for every country.",
    ),
]
Method = Annotated[
    str | None,
    typer.Option(
        "--method",
        metavar="METHOD",
        help="sobol (needs a Saltelli design), morris (needs a Morris design) or scores (any "
        "design); the first that fits unless given.",
    ),
]
ResampleSeed = Annotated[
    int,
    typer.Option("--seed", min=0, max=LARGEST_SEED, help="Seed of the resamples and the forests."),
]


def sensitivity(
    sweep: SweepName,
    outcome: Outcomes = None,
    country: OfCountry = None,
    method: Method = None,
    seed: ResampleSeed = 1,
    scenario: OfScenario = None,
    results: ResultsFolder = USUAL_RESULTS,
    out: OutTables = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Say how far the numbers of a sweep move outcomes.

    A Saltelli design gives Sobol' indices, a Morris design elementary effects, and any other design
    scores of a forest. The share of the variance among the points that is Monte Carlo noise stands
    beside them. A sweep keeps outcomes at its end; what-matters has shares over time.

    \b
    Examples:
      alignsim sensitivity weights-and-terms
      alignsim sensitivity weights-and-terms --country KOR
      alignsim sensitivity weights-and-terms --outcome 'live_mw(us)' --out results/live
    """  # noqa: D301 (the mark keeps click from joining the lines)
    from sim.analysis.sensitivity.analysing import sensitivity as analyse
    from sim.analysis.sensitivity.outcomes import ALL

    found = finished_result(sweep, results, scenario, as_json or quiet)
    wanted = ALL if outcome == [ALL] else outcome
    with unwinding(), shown_outcomes(as_json or quiet) as progress:
        answer = analyse(
            found,  # type: ignore[arg-type] # what is no sweep is refused in words
            wanted,
            country=country,
            method=method,
            seed=seed,
            progress=progress,
        )
    show_answer(answer, "sensitivity", out, as_json, quiet)
