"""The command that says how many futures are enough."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.interfaces.cli.interrupts import unwinding
from sim.interfaces.cli.options import AsJson, Quiet, ResultsFolder
from sim.interfaces.cli.reading.answers import show_answer
from sim.interfaces.cli.reading.finished_result import (
    USUAL_RESULTS,
    OfScenario,
    OutTables,
    ResultName,
    finished_result,
)

Outcomes = Annotated[
    list[str] | None,
    typer.Option(
        "--outcome",
        metavar="OUTCOME",
        help="For example 'n_countries(us)' or 'p_committed(KOR, us)'; may be given more than "
        "once. The partners of each provider unless given.",
    ),
]
Within = Annotated[
    str,
    typer.Option(
        "--within",
        metavar="SIZE",
        help="Half the width of the 90 % interval that you want: a number in the unit of the "
        "outcome, or a percentage of the mean such as '2%' (of a probability: points).",
    ),
]


def enough(
    result: ResultName,
    outcome: Outcomes = None,
    within: Within = "5%",
    scenario: OfScenario = None,
    results: ResultsFolder = USUAL_RESULTS,
    out: OutTables = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Say how many futures are enough for a precision.

    The number follows from how much the futures in hand differ: for a run it is about the means,
    for a comparison about the differences over the same futures, for a sweep about both at every
    point. A run is simulated again for this.

    \b
    Examples:
      alignsim enough baseline --outcome 'n_countries(us)' --within 1
      alignsim enough control-and-linkage --within 2%
    """  # noqa: D301 (the mark keeps click from joining the lines)
    from sim.analysis.precision.enough import enough as futures_needed

    found = finished_result(result, results, scenario, as_json or quiet)
    with unwinding():
        answer = futures_needed(found, outcome or (), within=within)
    show_answer(answer, "futures_needed", out, as_json, quiet)
