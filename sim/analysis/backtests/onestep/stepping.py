"""A programme of the past, forecast one step ahead, month after month, and scored."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from sim.analysis.backtests.forecasting.case import OfCase, PastProgramme
from sim.analysis.backtests.names import RULE
from sim.analysis.backtests.onestep.filtering import filtered, more_draws
from sim.analysis.backtests.onestep.scores import StepScores, score_steps, step_score_table
from sim.analysis.backtests.onestep.share import SHARE, prior_from, share_chances
from sim.analysis.backtests.onestep.steps import Step, steps_of
from sim.analysis.backtests.onestep.surprise import step_surprise, surprise_table
from sim.analysis.history.written import write_tables

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

Progress = Callable[[str], None]


@dataclass(frozen=True)
class StepBacktest(OfCase):
    """Forecasts of one programme one step ahead, and how they and their rival fared.

    Parameters
    ----------
    case : PastProgramme
        The programme, its answers, and what was known at its launch.
    steps : tuple of Step
        Months, or intervals, that are forecast.
    probability : mapping of str to ndarray, shape (G, n)
        That each country joins in each step, by the rule and by the rival.
    scores : mapping of str to StepScores
        Of both.
    n_draws : int
        Draws of the numbers.
    effective : ndarray, shape (G,)
        Draws that the weighted ones are worth before each step.
    surprises : DataFrame
        From `step_surprise`.

    Examples
    --------
    >>> import sim
    >>> found = sim.backtest("seoul-declaration", task="one-step-ahead", replicates=8)
    >>> found.months().columns[:4].tolist()
    ['first', 'last', 'at_risk', 'joined']
    """

    steps: tuple[Step, ...]
    probability: Mapping[str, Array]
    scores: Mapping[str, StepScores]
    n_draws: int
    effective: Array
    surprises: pd.DataFrame

    def table(self) -> pd.DataFrame:
        """Return the scores of the rule and of its rival; see `step_score_table`."""
        return step_score_table(self.scores)

    def surprise(self) -> pd.DataFrame:
        """Return the surprise index of each month; see `surprise_table`."""
        found = surprise_table([self.surprises])
        return found[found["programme"] != ""].reset_index(drop=True)

    def months(self) -> pd.DataFrame:
        """Return one row a step: at risk, joined, expected by each forecaster, effective draws."""
        names, answers = self.scenario.months, self.answers
        rows = []
        for g, step in enumerate(self.steps):
            scored = step.scored(answers)
            row: dict[str, object] = {"first": names[step.first], "last": names[step.last]}
            row |= {"at_risk": int(scored.sum()), "joined": int(step.joined(answers).sum())}
            for name, chance in self.probability.items():
                row[f"expected_{name}"] = float(chance[g, scored].sum())
            rows.append(row | {"effective_draws": float(self.effective[g])})
        return pd.DataFrame(rows)

    def countries(self) -> pd.DataFrame:
        """Return one row for each answer that is scored: its step, outcome and probabilities."""
        names, answers = self.scenario.months, self.answers
        country = pd.Series(answers.country)
        parts = []
        for g, step in enumerate(self.steps):
            scored = step.scored(answers)
            part = pd.DataFrame({"iso3": country[scored]})
            part.insert(0, "last", names[step.last])
            part.insert(0, "first", names[step.first])
            part["has_joined"] = step.joined(answers)[scored]
            for name, chance in self.probability.items():
                part[f"p_{name}"] = chance[g, scored]
            parts.append(part)
        return pd.concat(parts, ignore_index=True)

    def write(self, folder: Path) -> Path:
        """Write scores, countries, months and surprise as CSV, and how they came about.

        Raises
        ------
        InputError
            If the folder cannot be written.
        """
        about = self.case.about() | {"task": "one-step-ahead", "draws": self.n_draws}
        tables = {
            "scores": self.table(), "countries": self.countries(), "months": self.months(),
            "surprise": self.surprise(),
        }  # fmt: skip
        return write_tables(folder, tables, about)


def forecast_one_step(
    case: PastProgramme, n_draws: int, seed: int, workers: int | None, progress: Progress
) -> StepBacktest:
    """Return the forecasts of a programme one step ahead, scored.

    Parameters
    ----------
    case : PastProgramme
        The programme, and what was known at its launch.
    n_draws : int
        Draws of the numbers; rounded up to a multiple of those that the posterior has.
    seed, workers, progress
        As for `backtest`.
    """
    answers = case.answers
    steps = steps_of(answers)
    names, draws = case.knowledge.draws_for(case.scenario)
    draws = more_draws(names, draws, n_draws, seed)
    progress(f"forecasting {len(steps)} steps of {case.scenario.title} with {len(draws):,} draws")
    found = filtered(case.built, answers, steps, names, draws, workers)
    prior = prior_from(case.knowledge.earlier_answers(case.programme))
    probability = {
        RULE: found.forecasts(),
        SHARE: share_chances(answers, steps, prior),
    }
    return StepBacktest(
        case, steps, probability, score_steps(answers, steps, probability, SHARE), len(draws),
        found.effective, step_surprise(answers, steps, case.scenario.months, found),
    )  # fmt: skip
