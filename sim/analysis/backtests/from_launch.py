"""The task *from launch*: who joins, how many and when, forecast with what was known then."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.analysis.backtests.forecasting.case import OfCase, PastProgramme
from sim.analysis.backtests.forecasting.knowledge import Knowledge
from sim.analysis.backtests.forecasting.simulating import SimulatedAnswers, simulate_answers
from sim.analysis.backtests.names import RULE
from sim.analysis.backtests.rivals.rivals import ASSUMED, RIVALS, joiner_counts
from sim.analysis.backtests.scoring.forecast import Forecast
from sim.analysis.backtests.scoring.scores import Scores, score_forecast
from sim.analysis.history.answers import Answers
from sim.analysis.history.launches import launch_table
from sim.analysis.history.written import write_tables
from sim.notebook.showing import Draws
from sim.scenario.months import month_name, month_number

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.model.world.building import Built

BAND = (0.05, 0.95)
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Backtest(OfCase, Draws):
    """A forecast of one programme from its launch, and how it and its rivals fared.

    Parameters
    ----------
    case : PastProgramme
        The programme, its answers, and what was known at its launch.
    simulated : SimulatedAnswers
        The forecast.
    scores : mapping of str to Scores
        Of the rule, and of each rival that was asked for.
    probability : mapping of str to ndarray, shape (n,)
        That each country joins, by the rule and by each rival; NaN where it is not scored.

    Examples
    --------
    >>> import sim
    >>> found = sim.backtest("artemis-accords", replicates=20, rivals=False)
    >>> found.countries().columns[:4].tolist()
    ['iso3', 'is_scored', 'has_joined', 'month_joined']
    """

    simulated: SimulatedAnswers
    scores: Mapping[str, Scores]
    probability: Mapping[str, np.ndarray]

    def countries(self) -> pd.DataFrame:
        """Return one row for each country: what was forecast, and what it did."""
        first = month_number(self.scenario.months[0])
        answers = self.answers
        names = [_month_or_empty(first, last) for last in answers.last]
        table = pd.DataFrame(
            {
                "iso3": answers.country,
                "is_scored": answers.is_scored,
                "has_joined": answers.has_joined,
                "month_joined": names,
                "weight": answers.weight,
            }
        )
        for name, values in self.probability.items():
            table[f"p_{name}"] = values
        return table

    def uptake(self) -> pd.DataFrame:
        """Return one row a month: how many had joined, forecast (mean and 90 % band) and real."""
        counts = self.simulated.counts(self.answers.is_scored)
        low, high = np.quantile(counts, BAND, axis=0)
        joined = self.answers.last[self.answers.has_joined]
        months = np.arange(self.simulated.n_months)
        return pd.DataFrame(
            {
                "month": self.scenario.months,
                "forecast_mean": counts.mean(axis=0),
                "forecast_low": low,
                "forecast_high": high,
                "on_record": [int((joined <= month).sum()) for month in months],
            }
        )

    def table(self) -> pd.DataFrame:
        """Return the scores of the rule and of its rivals, one row each and score."""
        parts = []
        for name, scores in self.scores.items():
            part = scores.to_frame()
            part.insert(0, "forecaster", name)
            parts.append(part)
        return pd.concat(parts, ignore_index=True)

    def write(self, folder: Path) -> Path:
        """Write scores, countries and uptake as CSV, and how they came about.

        Raises
        ------
        InputError
            If the folder cannot be written.
        """
        about = self.case.about() | {
            "task": "from-launch",
            "replicates": len(self.simulated.month_joined),
        }
        tables = {
            "scores": self.table(), "countries": self.countries(), "uptake": self.uptake(),
        }  # fmt: skip
        return write_tables(folder, tables, about)


def _month_or_empty(first: int, index: int) -> str:
    return month_name(first + index) if index >= 0 else ""


def forecast_from_launch(
    case: PastProgramme,
    futures: int,
    seed: int,
    rivals: bool,
    workers: int | None,
    progress: Progress,
) -> Backtest:
    """Return the forecast of a programme from its launch, scored; parameters as for `backtest`."""
    answers, known = case.answers, case.knowledge
    progress(f"simulating {futures:,} futures of {case.scenario.title}")
    names, draws = known.draws_for(case.scenario)
    simulated = simulate_answers(case.built, names, draws, futures, seed, workers)
    probability = {RULE: np.where(answers.is_scored, simulated.probability(), np.nan)}
    scores = {RULE: _score_rule(answers, simulated, case.programme)}
    if rivals:
        progress("simulating with the numbers as first assumed")
        nothing = np.zeros((1, 0))
        assumed = simulate_answers(case.built, (), nothing, futures, seed, workers, silent={})
        probability[ASSUMED] = np.where(answers.is_scored, assumed.probability(), np.nan)
        scores[ASSUMED] = _score_rule(answers, assumed, case.programme)
        for name, values, scored in _score_rivals(case.built, answers, known, futures, progress):
            probability[name], scores[name] = values, scored
    return Backtest(case, simulated, scores, probability)


def _score_rule(answers: Answers, simulated: SimulatedAnswers, programme: str) -> Scores:
    """Return the scores of the rule's own forecast."""
    asked = answers.is_scored
    month = np.where(answers.last >= 0, answers.last, np.nan)[asked]
    return score_forecast(
        Forecast(
            programme,
            answers.has_joined[asked],
            simulated.probability()[asked],
            count=simulated.counts(asked)[:, -1].astype(np.float64),
            month=month,
            by_month=simulated.by_month()[asked],
        )
    )


def _score_rivals(
    built: Built, answers: Answers, knowledge: Knowledge, futures: int, progress: Progress
) -> Iterator[tuple[str, NDArray[np.float64], Scores]]:
    """Yield the name, the probabilities (n,) and the scores of each rival."""
    test = launch_table(built, answers)
    asked = answers.is_scored
    for rival in RIVALS.values():
        progress(f"fitting a rival: {rival.title.lower()}")
        each = rival.by_programme(knowledge.history, test)
        values = np.full(len(answers.country), np.nan)
        values[asked] = each.mean(axis=0)
        count = joiner_counts(each, answers.programme, futures)
        forecast = Forecast(
            answers.programme, answers.has_joined[asked], values[asked], count=count
        )
        yield rival.name, values, score_forecast(forecast)
