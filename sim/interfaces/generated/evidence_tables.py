"""Tables of evidence beside the forecasts from the launch: one step ahead, and leave-one-out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from sim.analysis.backtests.backtesting import backtest
from sim.analysis.backtests.onestep.scores import pool_step_scores
from sim.analysis.backtests.onestep.surprise import surprise_table
from sim.analysis.history.programmes import history_scenarios

if TYPE_CHECKING:
    from sim.analysis.calibration.fitting import Fit
    from sim.scenario import Scenario

FOLDER = Path("docs") / "evidence"
# With 200 and with 4,000 draws the log scores of four programmes differed by a hundredth at most.
STEP_DRAWS = 400
Progress = Callable[[str], None]


def write_table(root: Path, name: str, table: pd.DataFrame) -> None:
    """Write a table of the evidence, five digits of every number."""
    folder = root / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    text = table.to_csv(index=False, float_format="%.5g", lineterminator="\n")
    (folder / f"{name}.csv").write_text(text, "utf-8", newline="")


def read_evidence_table(root: Path, name: str) -> pd.DataFrame:
    """Return a table of the evidence that ships, below the root of the repository."""
    return pd.read_csv(root / FOLDER / f"{name}.csv")


def scored_scenarios(since: str) -> Iterator[Scenario]:
    """Yield the programmes that begin to be watched in a month "YYYY-MM" or later."""
    return (scenario for scenario in history_scenarios() if scenario.months[0] >= since)


def step_tables(scenarios: Sequence[Scenario], progress: Progress) -> dict[str, pd.DataFrame]:
    """Return the tables of the forecasts one step ahead.

    Parameters
    ----------
    scenarios : sequence of Scenario
        Programmes to forecast.
    progress : callable
        Called with a line on each.

    Returns
    -------
    dict of str to DataFrame
        ``one_step``: scores by programme; ``one_step_pooled``: their means; ``surprise``: the
        surprise index by month.
    """
    found = []
    for scenario in scenarios:
        progress(f"one step ahead: {scenario.name}")
        found.append(backtest(scenario, task="one-step-ahead", replicates=STEP_DRAWS))
    parts = []
    for test in found:
        part = test.table()
        part.insert(0, "programme", test.programme)
        part.insert(0, "scenario", test.case.scenario.name)
        part["steps"] = len(test.steps)
        part["n_joined"] = [test.scores[name].n_joined for name in part["forecaster"]]
        part["n_expected"] = [test.scores[name].n_expected for name in part["forecaster"]]
        parts.append(part)
    return {
        "one_step": pd.concat(parts, ignore_index=True),
        "one_step_pooled": pool_step_scores([test.scores for test in found]),
        "surprise": surprise_table([test.surprises for test in found]),
    }


def leave_one_out_table(
    scenarios: Sequence[Scenario], start: Fit, progress: Progress
) -> pd.DataFrame:
    """Return the model's scores of each programme, forecast from its launch knowing all others.

    Rivals are not fitted: tuning them on all programmes takes several times as long.

    Parameters
    ----------
    scenarios : sequence of Scenario
        Programmes to forecast.
    start : Fit
        Of all programmes: each estimation begins there.
    progress : callable
        Called with a line on each.

    Returns
    -------
    DataFrame
        programme, forecaster, score, value and reference.
    """
    parts = []
    for scenario in scenarios:
        progress(f"leaving out {scenario.name}")
        test = backtest(scenario, split="leave-one-out", start=start, rivals=False)
        part = test.table()[["forecaster", "score", "value", "reference"]]
        part.insert(0, "programme", test.programme)
        parts.append(part)
    return pd.concat(parts, ignore_index=True)
