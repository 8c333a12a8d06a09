"""Scores of forecasts one step ahead, of one programme and pooled over several."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.analysis.backtests.scoring.resampling import RESAMPLES, interval, resampled_weights
from sim.analysis.backtests.scoring.scores import Score
from sim.analysis.backtests.scoring.weighted import divided, log_loss

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from sim.analysis.backtests.onestep.steps import Step
    from sim.analysis.history.answers import Answers

    Array = NDArray[np.float64]

LEAST = 1e-9  # probability of what happened: its logarithm stays finite
LOG_SCORE, SKILL, AUC = "log_score", "log_skill", "auc"
MEANINGS = {
    LOG_SCORE: "The mean over countries and months of minus the natural logarithm of the "
    "probability that the forecast gave to what the country did in that month, until it joins. "
    "Lower is better. It is small, since in most months most countries do not join.",
    SKILL: "1 less the log score over that of the share that joined so far: above 0 is better "
    "than this rival, 1 is perfect.",
    AUC: "The probability that a country that joins next had a higher probability than one that "
    "was at risk in the same months and did not join, ties counted half. 0.5 is chance.",
}


@dataclass(frozen=True)
class _Sums:
    """What the scores of one forecaster add up from: losses by country (n,), pairs (n, n)."""

    loss: Array
    count: Array
    won: Array
    pairs: Array

    def log_score(self, weight: Array) -> Array:
        """Return the log score under weightings of the countries (B, n), shape (B,)."""
        return divided(weight @ self.loss, weight @ self.count)

    def auc(self, weight: Array) -> Array:
        """Return the share of pairs in which the joiner had the higher probability, (B,)."""
        won = ((weight @ self.won) * weight).sum(axis=1)
        return divided(won, ((weight @ self.pairs) * weight).sum(axis=1))


def _sums(answers: Answers, steps: Sequence[Step], chance: Array) -> _Sums:
    n = len(answers.country)
    loss, count, won, pairs = np.zeros(n), np.zeros(n), np.zeros((n, n)), np.zeros((n, n))
    for step, each in zip(steps, chance, strict=True):
        joined, scored = step.joined(answers), step.scored(answers)
        p = np.clip(each, LEAST, 1.0 - LEAST)
        loss[scored] += log_loss(joined, p)[scored]
        count += scored
        joiner, other = np.flatnonzero(joined), np.flatnonzero(step.at_risk(answers) & ~joined)
        cell = np.ix_(joiner, other)
        won[cell] += p[joiner, None] > p[other]
        won[cell] += 0.5 * (p[joiner, None] == p[other])
        pairs[cell] += 1.0
    return _Sums(loss, count, won, pairs)


@dataclass(frozen=True)
class StepScores:
    """The scores of one forecaster of one programme.

    Parameters
    ----------
    programme : str
    n_answers, n_joined : int
        Country-months (or intervals) that are scored, and those in which a country joined.
    n_expected : float
        Joiners that the forecasts expected in them.
    by_name : mapping of str to Score
        By the names of `MEANINGS`. The interval resamples countries.
    """

    programme: str
    n_answers: int
    n_joined: int
    n_expected: float
    by_name: Mapping[str, Score]


def score_steps(
    answers: Answers, steps: Sequence[Step], chances: Mapping[str, Array], rival: str,
    n_resamples: int = RESAMPLES, seed: int = 0,
) -> dict[str, StepScores]:  # fmt: skip
    """Return the scores of each forecaster.

    Parameters
    ----------
    answers, steps
        What countries did, and when.
    chances : mapping of str to ndarray, shape (G, n)
        Forecasters, and the probability that each country joins in each step.
    rival : str
        The forecaster that skill is measured against.
    n_resamples, seed : int
        Resamples of countries, the same for all forecasters.
    """
    n = len(answers.country)
    sums = {name: _sums(answers, steps, chance) for name, chance in chances.items()}
    once = np.ones((1, n))
    weight = resampled_weights(n, answers.programme, n_resamples, seed)
    base = float(sums[rival].log_score(once)[0])
    found = {}
    for name, own in sums.items():

        def skill(w: Array, own: _Sums = own) -> Array:
            return 1.0 - own.log_score(w) / sums[rival].log_score(w)

        by_name = {
            score: Score(float(of(once)[0]), *interval(of(weight)), reference)
            for score, of, reference in (
                (LOG_SCORE, own.log_score, base), (SKILL, skill, 0.0), (AUC, own.auc, 0.5),
            )
        }  # fmt: skip
        n_expected = sum(
            float(chances[name][g][step.scored(answers)].sum()) for g, step in enumerate(steps)
        )
        n_joined = sum(int(step.joined(answers).sum()) for step in steps)
        found[name] = StepScores(
            answers.programme, int(own.count.sum()), n_joined, n_expected, by_name
        )
    return found


def step_score_table(scores: Mapping[str, StepScores]) -> pd.DataFrame:
    """Return one row for each forecaster and score.

    Columns forecaster, score, value, low, high (90 % interval over resampled countries) and
    reference: the log score of the share so far, a skill of 0, an AUC of 0.5.
    """
    rows = [
        {"forecaster": name, "score": score, **one._asdict()}
        for name, own in scores.items()
        for score, one in own.by_name.items()
    ]
    return pd.DataFrame(rows)


def pool_step_scores(
    scores: Sequence[Mapping[str, StepScores]], n_resamples: int = RESAMPLES, seed: int = 0
) -> pd.DataFrame:
    """Return the mean of each score over programmes, with an interval by resampling programmes.

    Columns forecaster, score, value, low, high, reference and programmes. Every programme counts
    the same. A programme in which a score is not defined is left out of its mean.
    """
    weight = resampled_weights(len(scores), "programmes", n_resamples, seed)
    rows = []
    for name in scores[0]:
        for score in MEANINGS:
            each = np.array([own[name].by_name[score].value for own in scores])
            base = np.array([own[name].by_name[score].reference for own in scores])
            known = np.isfinite(each)
            kept = np.where(known, each, 0.0)
            low, high = interval(divided(weight @ kept, weight @ known.astype(np.float64)))
            row = {"forecaster": name, "score": score, "value": float(each[known].mean())}
            row |= {"low": low, "high": high, "reference": float(base[known].mean())}
            rows.append(row | {"programmes": int(known.sum())})
    return pd.DataFrame(rows)
