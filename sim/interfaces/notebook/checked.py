"""Cards of what holds the model against the record: estimates, backtests, forecasts, checks."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import TYPE_CHECKING

from sim.analysis.backtests.onestep.words import step_lines
from sim.analysis.backtests.words import backtest_lines
from sim.interfaces.notebook.card import Card
from sim.words.wording import counted, month_in_words

if TYPE_CHECKING:
    from sim.analysis.backtests.from_launch import Backtest
    from sim.analysis.backtests.onestep.stepping import StepBacktest
    from sim.analysis.calibration.calibrating import Calibration
    from sim.analysis.forecasts.ledger import Ledger
    from sim.analysis.forecasts.scoring import ForecastScores
    from sim.analysis.verification.verifying import Verification
    from sim.experiment.replaying import ReplayReport


def of_calibration(found: Calibration) -> Card:
    """Return the card of an estimation: what it rests on, and the numbers."""
    n = len(found.fit.layout.programmes)
    known = f"what was known before {month_in_words(found.as_of)}" if found.as_of else "all records"
    numbers = found.numbers
    return Card(
        "Numbers of the model, estimated from earlier programmes",
        [f"{counted(n, 'programme')}, {known}. Means with 90 % intervals, for each kind."],
        numbers,
        len(numbers),
        [
            "`.numbers` is the whole table; `.programmes` has the intercept and rate of each "
            "programme, `.posterior()` joint draws.",
            "`.plot()` draws the estimates beside their priors; `.write(folder)` saves the tables.",
        ],
    )


def of_backtest(found: Backtest) -> Card:
    """Return the card of a backtest from the launch: how many joined, the verdict, the scores."""
    table = found.table()
    return Card(
        f"Backtest: {found.scenario.title}",
        paragraphs(backtest_lines(found)),
        table,
        len(table),
        [
            "`.table()` has all scores, `.countries()` each probability, `.uptake()` joiners by "
            "month.",
            "`.plot()` draws joiners over time, forecast and on record; `.write(folder)` saves "
            "the tables.",
        ],
    )


def of_step_backtest(found: StepBacktest) -> Card:
    """Return the card of a backtest one step ahead: how many joined, the verdict, the scores."""
    table = found.table()
    return Card(
        f"Backtest one step ahead: {found.scenario.title}",
        paragraphs(step_lines(found)),
        table,
        len(table),
        [
            "`.table()` has all scores, `.months()` each step, `.surprise()` the surprise index, "
            "`.countries()` each probability; `.write(folder)` saves them."
        ],
    )


def paragraphs(lines: Iterable[str]) -> list[str]:
    """Return the paragraphs of lines for a terminal; what is indented is a table, and left out."""
    blocks = [
        [*block] for is_text, block in groupby(lines, lambda line: bool(line.strip())) if is_text
    ]
    return [" ".join(block) for block in blocks if not block[0].startswith(" ")]


def of_ledger(found: Ledger) -> Card:
    """Return the card of a forecast on record: when it was frozen, and its rows."""
    says = (
        f"Frozen on {found.origin['frozen_on']}: {len(found.table):,} probabilities from "
        f"{counted(found.replicates, 'future')}."
    )
    rest = (
        "`.table` is the whole ledger; `.path` and `.origin` say where it is and how it was made."
    )
    return Card(f"Forecast {found.name}", [says], found.table, len(found.table), [rest])


def of_scores(found: ForecastScores) -> Card:
    """Return the card of scored forecasts: to when answers are known, and the scores."""
    from sim.analysis.forecasts.scoring import ALL_OFFERS, SCORED

    totals = found.table[found.table["offer"] == ALL_OFFERS]
    n_scored = int((totals["status"] == SCORED).sum())
    says = (
        f"Answers are known to the end of {month_in_words(found.known_to)}: {n_scored} of "
        f"{counted(len(totals), 'horizon')} can be scored."
    )
    rest = "`.table` has all scores, `.answers` each pair of country and offer that was scored."
    return Card("Scores of frozen forecasts", [says], found.table, len(found.table), [rest])


def of_verification(found: Verification) -> Card:
    """Return the card of the known answers: how many hold, and which do not."""
    n, n_failed = len(found.findings), len(found.failed)
    says = [f"{n - n_failed} of {counted(n, 'check')} passed."]
    if n_failed:
        says.append(f"Failed: {', '.join(found.failed)}.")
    table = found.table
    return Card("The model against known answers", says, table, n, ["`.table` has every check."])


def of_replay(found: ReplayReport) -> Card:
    """Return the card of a replay: the verdict, and the files."""
    import pandas as pd

    verdict, *details = found.lines()
    files = pd.DataFrame(
        [
            (name, word)
            for word in ("different", "missing", "new", "damaged", "equal")
            for name in getattr(found, word)
        ],
        columns=["file", "is"],
    )
    says = [verdict, " ".join(f"{line.strip()}." for line in details)]
    return Card("Replay of a result", says, files, len(files), ["`.lines()` has the report."])
