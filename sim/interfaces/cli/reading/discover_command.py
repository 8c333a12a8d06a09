"""The command that finds where a condition holds."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.interfaces.cli.interrupts import unwinding
from sim.interfaces.cli.options import AsJson, Quiet, ResultsFolder
from sim.interfaces.cli.output import notice
from sim.interfaces.cli.reading.answers import show_answer
from sim.interfaces.cli.reading.finished_result import (
    USUAL_RESULTS,
    OfScenario,
    OutTables,
    ResultName,
    finished_result,
)
from sim.model.requests import LARGEST_SEED

ConditionText = Annotated[
    str,
    typer.Argument(
        metavar="CONDITION",
        help="For example 'n_countries(us) < 60' or, for a run, 'KOR signs before JPN'.",
    ),
]
Method = Annotated[
    str,
    typer.Option(
        "--method", metavar="METHOD", help="prim (peels slices off a box) or cart (grows a tree)."
    ),
]
Density = Annotated[
    float | None,
    typer.Option(
        "--density",
        metavar="SHARE",
        help="Least share of the cases in a box in which the condition holds, such as 0.8; the "
        "best trade-off with coverage unless given.",
    ),
]
Boxes = Annotated[
    int, typer.Option("--boxes", min=1, max=10, help="Most boxes, each outside the others.")
]
Resamples = Annotated[
    int,
    typer.Option("--resamples", min=19, max=9999, help="Resamples behind each p value."),
]
ResampleSeed = Annotated[
    int, typer.Option("--seed", min=0, max=LARGEST_SEED, help="Seed of the resamples.")
]


def discover(
    result: ResultName,
    condition: ConditionText,
    method: Method = "prim",
    density: Density = None,
    boxes: Boxes = 3,
    resamples: Resamples = 199,
    seed: ResampleSeed = 1,
    scenario: OfScenario = None,
    results: ResultsFolder = USUAL_RESULTS,
    out: OutTables = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Find the values for which a condition holds.

    For a sweep, it looks at the points and the numbers that they vary; for a run, at its futures
    and the uncertain numbers (the run is simulated again for this). The answer is one box or more:
    limits on a few inputs, how often the condition holds inside (density), how much of it that
    covers (coverage), and how easily chance alone would find such limits (p).

    \b
    Examples:
      alignsim discover weights-and-terms 'n_countries(us) < 47'
      alignsim discover weights-and-terms 'fewer than six of ten places filled by the end'
      alignsim discover baseline 'KOR signs before JPN' --out results/korea-first
    """  # noqa: D301 (the mark keeps click from joining the lines)
    from sim.analysis.discovery.discovering import discover as find_boxes

    is_silent = as_json or quiet
    found = finished_result(result, results, scenario, is_silent)
    with unwinding():
        answer = find_boxes(
            found,  # type: ignore[arg-type] # a comparison is refused in words
            condition,
            method=method,
            density=density,
            boxes=boxes,
            resamples=resamples,
            seed=seed,
            progress=None if is_silent else notice,
        )
    show_answer(answer, "peeling", out, as_json, quiet)
