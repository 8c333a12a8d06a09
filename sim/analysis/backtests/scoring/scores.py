"""Scores of a forecast with their intervals, and scores pooled over programmes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.analysis.backtests.scoring import counts
from sim.analysis.backtests.scoring.forecast import Forecast
from sim.analysis.backtests.scoring.measures import SCORING_RULES, ScoringRule
from sim.analysis.backtests.scoring.resampling import RESAMPLES, interval, resampled_weights
from sim.analysis.backtests.scoring.sample import WeightedForecast
from sim.analysis.backtests.scoring.weighted import divided
from sim.errors import InputError, Problem

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]


class Score(NamedTuple):
    """A score, the ends of its 90 % interval, and its reference; NaN where not defined."""

    value: float
    low: float
    high: float
    reference: float


@dataclass(frozen=True)
class Scores:
    """All scores of a forecast of one programme.

    Parameters
    ----------
    programme : str
        Its name.
    n_countries, n_joined : int
        Countries asked, and those that joined.
    n_expected : float
        Joiners that the forecast expects: mean of its counts, or sum of its probabilities.
    n_low, n_high : float
        Numbers between which 90 % of its counts lie; NaN without counts.
    by_name : dict of Score
        A score for each name in `SCORING_RULES` of `sim.analysis.backtests.scoring.measures`, in
        its order.
    """

    programme: str
    n_countries: int
    n_joined: int
    n_expected: float
    n_low: float
    n_high: float
    by_name: dict[str, Score]

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each score.

        Returns
        -------
        DataFrame
            score, value, low, high (90 % interval over resampled countries), reference, better
            (``higher``, ``lower``, ``closer`` to the reference, ``neither``) and meaning.
        """
        return _frame([{"score": name, **one._asdict()} for name, one in self.by_name.items()])


def score_forecast(forecast: Forecast, *, n_resamples: int = RESAMPLES, seed: int = 0) -> Scores:
    """Return all scores of a forecast, each with an interval by resampling countries.

    Parameters
    ----------
    forecast : Forecast
        Predicted and on record.
    n_resamples : int
        Resamples of the countries asked. Every score sees the same ones, and so does every forecast
        of the same programme for as many countries.
    seed : int
        Seed of the resamples, which are keyed by the programme's name.

    Returns
    -------
    Scores
        A score that needs what the forecast does not have is NaN (`month` for the concordance,
        `by_month` too for the integrated Brier score, `count` for the scores of the count).

    Notes
    -----
    Degenerate cases. *Nobody or everybody joined*: AUC and skills against the own share are NaN;
    the log score at the right count is 0, as the count then says all; nobody: hits are NaN too.
    *One country*: intervals are NaN, as one country says nothing about others. *A resample* in
    which a score is not defined is left out of its interval.

    Countries that decide together are less than independent, so that true intervals are wider.

    Examples
    --------
    >>> scores = score_forecast(Forecast("accords", [0, 0, 1, 1], [0.1, 0.6, 0.4, 0.9]))
    >>> scores.by_name["auc"].value, scores.by_name["hits"].value
    (0.75, 0.5)
    """
    n = forecast.n_countries
    sample = WeightedForecast(forecast, resampled_weights(n, forecast.programme, n_resamples, seed))
    once = WeightedForecast(forecast, np.ones((1, n)))
    low = high = float("nan")
    expected = float(forecast.probability.sum())
    if forecast.count is not None:
        low, high = counts.band(forecast.count)
        expected = float(forecast.count.mean())
    return Scores(
        forecast.programme, n, forecast.n_joined, expected, low, high,
        {name: _score(rule, sample, once) for name, rule in SCORING_RULES.items()},
    )  # fmt: skip


def _score(rule: ScoringRule, sample: WeightedForecast, once: WeightedForecast) -> Score:
    """Return one score: its value with every country once, and its interval over resamples."""
    if rule.library is not None:
        value = rule.library(once.forecast)
    else:
        value = float(rule.resampled(once)[0]) if rule.resampled else float("nan")
    low = high = float("nan")
    if rule.resampled is not None and sample.forecast.n_countries > 1 and np.isfinite(value):
        low, high = interval(rule.resampled(sample))
    return Score(value, low, high, float(rule.reference(once)[0]))


def _frame(rows: list[dict[str, object]]) -> pd.DataFrame:
    """Return rows of scores as a table, with what each means."""
    import pandas as pd

    found = pd.DataFrame(rows)
    names = found["score"]
    return found.assign(
        better=names.map({name: one.better for name, one in SCORING_RULES.items()}),
        meaning=names.map({name: one.meaning for name, one in SCORING_RULES.items()}),
    )


def _table(scores: Sequence[Scores]) -> tuple[Array, Array]:
    """Return values and references of all scores, each (programmes, scores)."""
    if not scores:
        raise InputError([Problem("", 0, "There are no scores to pool.", "Score a programme.")])
    found = np.array(
        [[[one.value, one.reference] for one in own.by_name.values()] for own in scores]
    )
    return found[..., 0], found[..., 1]


def _pooled(value: Array, n_resamples: int, seed: int) -> list[tuple[float, float, float, int]]:
    """Return the mean of each column over the programmes that have it, interval, and how many."""
    weight = resampled_weights(len(value), "programmes", n_resamples, seed)
    known = np.isfinite(value)
    kept = np.where(known, value, 0.0)
    found = []
    for column, has in zip(kept.T, known.T, strict=True):
        n = int(has.sum())
        mean = float(column.sum() / n) if n else float("nan")
        low = high = float("nan")
        if n > 1:
            low, high = interval(divided(weight @ column, weight @ has.astype(np.float64)))
        found.append((mean, low, high, n))
    return found


def pool_scores(
    scores: Sequence[Scores], *, n_resamples: int = RESAMPLES, seed: int = 0
) -> pd.DataFrame:
    """Return each score's mean over programmes, with an interval by resampling programmes.

    Parameters
    ----------
    scores : sequence of Scores
        One for each programme; every programme counts the same.
    n_resamples, seed : int
        Resamples of programmes, and their seed.

    Returns
    -------
    DataFrame
        As `Scores.to_frame`, and `programmes`: how many have the score. Others are left out of its
        mean and of its reference. With fewer than two the interval is NaN.
    """
    value, reference = _table(scores)
    reference = np.where(np.isfinite(value), reference, np.nan)
    means = [mean for mean, *_ in _pooled(reference, 1, seed)]
    rows = [
        {"score": name, "value": mean, "low": low, "high": high, "reference": own, "programmes": n}
        for name, (mean, low, high, n), own in zip(
            SCORING_RULES, _pooled(value, n_resamples, seed), means, strict=True
        )
    ]
    return _frame(rows)


def compare_scores(
    a: Sequence[Scores], b: Sequence[Scores], *, n_resamples: int = RESAMPLES, seed: int = 0
) -> pd.DataFrame:
    """Return how much each score of A exceeds that of B on the same programmes, on average.

    Parameters
    ----------
    a, b : sequence of Scores
        Of two forecasters, for the same programmes in the same order.
    n_resamples, seed : int
        Resamples of programmes, and their seed.

    Returns
    -------
    DataFrame
        As `pool_scores`, of the difference A - B in each programme. The reference is 0. Where lower
        is better, a negative difference favours A. Scores whose difference says nothing about which
        is better are left out: the uncertainty, and whether the band covers the count.

    Raises
    ------
    InputError
        If the programmes differ.
    """
    names = [[own.programme for own in side] for side in (a, b)]
    if names[0] != names[1]:
        message = f"A has scores of {', '.join(names[0])}; B of {', '.join(names[1])}."
        raise InputError([Problem("", 0, message, "Score the same programmes in the same order.")])
    rows = [
        {"score": name, "value": mean, "low": low, "high": high, "reference": 0.0, "programmes": n}
        for (name, rule), (mean, low, high, n) in zip(
            SCORING_RULES.items(),
            _pooled(_table(a)[0] - _table(b)[0], n_resamples, seed),
            strict=True,
        )
        if rule.better in ("higher", "lower")
    ]
    return _frame(rows)
