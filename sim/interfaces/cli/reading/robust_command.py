"""The command that compares settings of levers across uncertain worlds."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.interfaces.cli.options import AsJson, Quiet, ResultsFolder
from sim.interfaces.cli.reading.answers import show_answer
from sim.interfaces.cli.reading.finished_result import (
    USUAL_RESULTS,
    OfScenario,
    OutTables,
    SweepName,
    finished_result,
)

OutcomeText = Annotated[
    str,
    typer.Argument(
        metavar="OUTCOME", help="For example 'n_countries(us)' or 'p_committed(KOR, us)'."
    ),
]
LeverNames = Annotated[
    list[str] | None,
    typer.Option(
        "--as-lever",
        metavar="NAME",
        help="A varied number that somebody chooses; may be given more than once. Those that the "
        "sweep calls levers unless given.",
    ),
]
Less = Annotated[bool, typer.Option("--less", help="Less of the outcome is better.")]
GoodEnough = Annotated[
    float | None,
    typer.Option(
        "--good-enough",
        metavar="NUMBER",
        help="What counts as good enough; the outcome of the scenario as it stands unless given.",
    ),
]
Percent = Annotated[
    float,
    typer.Option(
        "--percent", metavar="NUMBER", help="Percent of the worlds, the worst, to leave out."
    ),
]
Cost = Annotated[
    str | None,
    typer.Option(
        "--cost",
        metavar="OUTCOME",
        help="What a setting costs: an outcome such as 'fund_usd_m(us)', or a lever; what it gives "
        "up on average unless given.",
    ),
]


def robust(
    sweep: SweepName,
    outcome: OutcomeText,
    lever: LeverNames = None,
    less: Less = False,
    good_enough: GoodEnough = None,
    percent: Percent = 10.0,
    cost: Cost = None,
    scenario: OfScenario = None,
    results: ResultsFolder = USUAL_RESULTS,
    out: OutTables = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Find the least regretted setting of the levers.

    It also says what that setting costs.

    The sweep must have every setting of its levers in every uncertain world, such as a grid over
    both; its scenarios are worlds too. Each setting is compared with the best one of the same world
    (regret type II), with itself in the expected world (type I), and with what is good enough.

    \b
    Examples:
      alignsim robust terms-in-worlds 'n_countries(us)'
      alignsim robust terms-in-worlds 'n_countries(china)' --less --cost 'fund_usd_m(us)'
    """  # noqa: D301 (the mark keeps click from joining the lines)
    from sim.analysis.robustness.comparing import LESS, MORE
    from sim.analysis.robustness.comparing import robust as compare_settings

    answer = compare_settings(
        finished_result(  # type: ignore[arg-type] # what is no sweep is refused in words
            sweep, results, scenario, as_json or quiet
        ),
        outcome,
        levers=lever,
        aim=LESS if less else MORE,
        good_enough=good_enough,
        percent=percent,
        cost=cost,
    )
    show_answer(answer, "trade_off", out, as_json, quiet)
