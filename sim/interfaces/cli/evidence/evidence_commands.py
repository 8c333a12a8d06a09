"""The commands about evidence: calibrate and backtest."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.interfaces.cli.options import (
    AsJson,
    Quiet,
    Replicates,
    Seed,
    Workers,
    folder_given,
    month_given,
)
from sim.interfaces.cli.output import notice, records, show_json

if TYPE_CHECKING:
    from sim.analysis.backtests.from_launch import Backtest
    from sim.analysis.backtests.onestep.stepping import StepBacktest
    from sim.analysis.calibration.calibrating import Calibration

GOOD_K = 0.7  # Vehtari et al. 2024
KnownBefore = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="MONTH",
        parser=month_given,
        help="Use only what was known before a month such as 2025-05; everything if left out.",
    ),
]
BeforeLaunch = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="MONTH",
        parser=month_given,
        help="Know only what was known before a month earlier than the launch; with --split time.",
    ),
]
LeaveOut = Annotated[
    list[str] | None,
    typer.Option(
        "--leave-out",
        metavar="PROGRAMME",
        help="Leave out a programme of the events table; may be given more than once.",
    ),
]
Events = Annotated[
    Path | None,
    typer.Option(
        "--events",
        metavar="CSV",
        parser=folder_given,
        help="Table of what countries did, with columns iso3, date and event; the project's own "
        "if left out.",
    ),
]
Programme = Annotated[
    str,
    typer.Argument(
        metavar="PROGRAMME",
        help="A programme that ships, such as artemis-accords, or a scenario file.",
    ),
]
OutEvidence = Annotated[
    Path | None,
    typer.Option(
        "--out", metavar="PATH", parser=folder_given, help="Also write tables to this folder."
    ),
]
SplitBy = Annotated[
    str,
    typer.Option(
        "--split",
        metavar="SPLIT",
        help="What is known: time (what was known at the launch) or leave-one-out (all other "
        "programmes, later ones too; takes a minute).",
    ),
]
TaskOf = Annotated[
    str,
    typer.Option(
        "--task",
        metavar="TASK",
        help="What is forecast: from-launch (who, how many and when, knowing only the offer) or "
        "one-step-ahead (who joins in each month, knowing who had joined before).",
    ),
]
NoRivals = Annotated[
    bool, typer.Option("--no-rivals", help="Score the rule alone, without simpler rules beside it.")
]


def calibrate(
    as_of: KnownBefore = None,
    leave_out: LeaveOut = None,
    out: OutEvidence = None,
    workers: Workers = None,
    as_json: AsJson = False,
    is_quiet: Quiet = False,
) -> None:
    """Estimate numbers of the model from history.

    The history is how countries answered earlier programmes. Takes about a minute. Prints which
    numbers it tells, for each kind of programme, and how far the result can be trusted.

    \b
    Examples:
      alignsim calibrate
      alignsim calibrate --as-of 2025-05 --out results/calibration
    """  # noqa: D301 (the mark keeps click from joining the lines)
    from sim.analysis.calibration.calibrating import calibrate as estimate
    from sim.interfaces.cli.progress import announce_compilation

    if not is_quiet:
        announce_compilation()
    found = estimate(
        as_of, leave_out or (), workers=workers, checks=True,
        progress=(lambda text: None) if is_quiet else notice,
    )  # fmt: skip
    if out is not None:
        found.write(out)
    if as_json:
        show_json({"numbers": records(found.numbers), "programmes": records(found.programmes)})
    elif not is_quiet:
        _show_calibration(found)
    if out is not None and not as_json:
        print(f"Written to {out}")


def _show_calibration(found: Calibration) -> None:
    """Print what an estimation found."""
    numbers = found.numbers
    layout = found.fit.layout
    when = f"what was known before {found.as_of}" if found.as_of else "everything on record"
    print(f"Numbers of the model, estimated from {len(layout.programmes)} programmes ({when})")
    print("  Mean and 90 % interval, shared by all kinds of programmes")
    for row in numbers[numbers["kind"] == "all"].itertuples():
        interval = f"{row.low:6.2f} to {row.high:5.2f}"
        print(f"  {row.number:18} {row.mean:6.2f}   {interval}   {row.identification}")
    print()
    print("Means by kind of programme")
    kinds = numbers[numbers["kind"] != "all"].pivot_table(
        index="number", columns="kind", values="mean", sort=False
    )
    print(f"  {'':18} " + " ".join(f"{kind:>12}" for kind in kinds))
    for name, means in kinds.iterrows():
        print(f"  {name!s:18} " + " ".join(f"{value:12.2f}" for value in means))
    print()
    print("How far it can be trusted")
    intercept, rate = found.fit.spreads.programmes.diagonal() ** 0.5
    print(f"  A new programme's intercept differs from those of its kind by {intercept:.1f} (sd),")
    print(f"  the logarithm of its rate of reviews by {rate:.1f}: launches can hardly be foretold.")
    if found.check is not None:
        k = found.check.khat
        word = "confirms" if k < GOOD_K else "does not confirm"
        print(
            f"  Importance sampling {word} the normal approximation (Pareto k = {k:.1f}; good below"
        )
        rough = "" if k < GOOD_K else " Take intervals of numbers as rough."
        print(f"  {GOOD_K}).{rough}")


def backtest(
    programme: Programme,
    events: Events = None,
    task: TaskOf = "from-launch",
    split: SplitBy = "time",
    as_of: BeforeLaunch = None,
    replicates: Replicates = 1000,
    seed: Seed = 1,
    no_rivals: NoRivals = False,
    out: OutEvidence = None,
    workers: Workers = None,
    as_json: AsJson = False,
    is_quiet: Quiet = False,
) -> None:
    """Forecast an earlier programme and score it.

    The forecast knows only what was known at the launch: facts of that time, and numbers
    estimated on earlier programmes. Simpler rules are fitted to the same history and scored
    beside it. A programme of your own is a scenario file with one offer, and a table of who
    joined when, both anywhere. One step ahead nothing is simulated: -n is the number of draws of
    the numbers, which the programme's own record weights as months pass. 'alignsim scenarios
    scenarios/history' lists those that ship.

    \b
    Examples:
      alignsim backtest artemis-accords
      alignsim backtest artemis-accords --task one-step-ahead -n 200
      alignsim backtest my-programme.yaml --events who-joined.csv
    """  # noqa: D301 (the mark keeps click from joining the lines)
    from sim.analysis.backtests.backtesting import backtest as run_backtest
    from sim.interfaces.cli.progress import announce_compilation

    if not is_quiet:
        announce_compilation()
    found = run_backtest(
        programme, events, task=task, split=split, as_of=as_of, replicates=replicates, seed=seed,
        rivals=not no_rivals, workers=workers, progress=(lambda text: None) if is_quiet else notice,
    )  # fmt: skip
    if out is not None:
        found.write(out)
    if as_json:
        show_json(
            {
                "scores": records(found.table()),
                "countries": records(found.countries()),
                "rows_left_out": dict(found.left_out),
            }
        )
    elif not is_quiet:
        _show_backtest(found)
    if out is not None and not as_json:
        print(f"Written to {out}")


def _show_backtest(found: Backtest | StepBacktest) -> None:
    """Print how a forecast and its rivals fared."""
    from sim.analysis.backtests.onestep.stepping import StepBacktest
    from sim.analysis.backtests.onestep.words import step_lines
    from sim.analysis.backtests.words import backtest_lines

    lines = step_lines(found) if isinstance(found, StepBacktest) else backtest_lines(found)
    for line in lines:
        print(line)
