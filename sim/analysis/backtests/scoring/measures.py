"""The scores of a forecast: their names, what they mean, and how each is worked out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim.analysis.backtests.scoring import counts
from sim.analysis.backtests.scoring.forecast import Forecast
from sim.analysis.backtests.scoring.sample import WeightedForecast
from sim.analysis.backtests.scoring.weighted import divided
from sim.experiment.intervals import HIGH, LOW

Array = NDArray[np.float64]
Better = Literal["higher", "lower", "closer", "neither"]


@dataclass(frozen=True)
class ScoringRule:
    """A score of forecasts, and how it is worked out.

    Parameters
    ----------
    name, title : str
        Its name in tables and in text.
    better : str
        Which values are better: ``higher``, ``lower``, those ``closer`` to the reference, or
        ``neither`` where the score depends on what happened alone.
    meaning : str
        One paragraph for readers.
    resampled : callable, optional
        From a `WeightedForecast` of B weightings to values (B,). None for a score of the whole
        programme, which has no interval over countries.
    reference : callable
        From a `WeightedForecast` to the values (B,) of a forecast without skill, or of a perfect
        one; NaN if there is none.
    library : callable, optional
        From a `Forecast` to the value of a library. Without it the value is `resampled` with every
        country once.
    """

    name: str
    title: str
    better: Better
    meaning: str
    resampled: Callable[[WeightedForecast], Array] | None
    reference: Callable[[WeightedForecast], Array]
    library: Callable[[Forecast], float] | None = None


def _log_score(forecast: Forecast) -> float:
    from sklearn import metrics

    probability = forecast.clipped(forecast.probability)
    return float(metrics.log_loss(forecast.joined, probability, labels=[False, True]))


def _brier(forecast: Forecast) -> float:
    from sklearn import metrics

    return float(
        metrics.brier_score_loss(forecast.joined, forecast.probability, labels=[False, True])
    )


def _auc(forecast: Forecast) -> float:
    from sklearn import metrics

    if forecast.n_joined in (0, forecast.n_countries):
        return float("nan")
    return float(metrics.roc_auc_score(forecast.joined, forecast.probability))


def _count_crps(forecast: Forecast) -> float:
    return (
        float("nan") if forecast.count is None else counts.crps(forecast.count, forecast.n_joined)
    )


def _count_covered(forecast: Forecast) -> float:
    if forecast.count is None:
        return float("nan")
    return counts.is_covered(forecast.count, forecast.n_joined)


def _base_rate_crps(sample: WeightedForecast) -> Array:
    rate = sample.forecast.base_rate
    if rate is None:
        return sample.unknown
    return np.asarray(sample.weight.sum(axis=1) * np.abs(rate - sample.share))


def _constant(value: float) -> Callable[[WeightedForecast], Array]:
    return lambda sample: np.full(len(sample.weight), value)


_RULES = (
    ScoringRule(
        "log_score",
        "Log score",
        "lower",
        "The mean over countries of minus the natural logarithm of the probability that the "
        "forecast gave to what the country did. It is 0 for a forecast that was certain and right, "
        "and grows without limit for one that was certain and wrong, so it punishes false "
        "certainty most. Probabilities count as at least half a future and at most all but half a "
        "future. The reference gives the base rate to every country.",
        lambda sample: sample.log_score,
        lambda sample: sample.reference_log_score,
        _log_score,
    ),
    ScoringRule(
        "log_skill",
        "Skill of the log score",
        "higher",
        "The share of the base rate's log score that the forecast saves: 1 is a perfect forecast, "
        "0 is no better than the base rate, and a negative value is worse than saying the same of "
        "every country.",
        lambda sample: 1.0 - divided(sample.log_score, sample.reference_log_score),
        _constant(0.0),
    ),
    ScoringRule(
        "log_score_at_count",
        "Log score at the right count",
        "lower",
        "The log score after all log odds are moved by the same amount, so that the probabilities "
        "sum to the number of countries that joined. It asks how well the forecast tells countries "
        "apart and how sure it should be of that, whether or not it foresaw how many would join. "
        "The reference gives the true share of joiners to every country.",
        lambda sample: sample.log_score_at_count,
        lambda sample: sample.entropy,
    ),
    ScoringRule(
        "log_skill_at_count",
        "Skill at the right count",
        "higher",
        "The share of the log score of the true share of joiners that the forecast saves once its "
        "count is set right. A positive value means that the forecast knows something about which "
        "countries join.",
        lambda sample: 1.0 - divided(sample.log_score_at_count, sample.entropy),
        _constant(0.0),
    ),
    ScoringRule(
        "brier",
        "Brier score",
        "lower",
        "The mean over countries of the squared distance between the probability and what "
        "happened, 1 for joining and 0 for not. A certain and right forecast has 0, a certain and "
        "wrong one has 1. It equals reliability less resolution plus uncertainty plus what happens "
        "within bins. The reference gives the base rate to every country.",
        lambda sample: sample.brier,
        lambda sample: sample.reference_brier,
        _brier,
    ),
    ScoringRule(
        "brier_reliability",
        "Brier score: reliability",
        "lower",
        "How far predicted probabilities are from what happens at those probabilities. Countries "
        "are put into ten bins of about equal size by their probability; the part is the mean "
        "squared distance between the mean probability of a bin and the share of it that joined. "
        "Calibrated forecasts have 0, apart from chance.",
        lambda sample: sample.brier_parts.reliability,
        _constant(0.0),
    ),
    ScoringRule(
        "brier_resolution",
        "Brier score: resolution",
        "higher",
        "How far the shares of joiners in the bins lie from the share of joiners overall. A "
        "forecast that says the same of every country has 0. A forecast that separates joiners "
        "from others fully reaches the uncertainty.",
        lambda sample: sample.brier_parts.resolution,
        _constant(0.0),
    ),
    ScoringRule(
        "brier_uncertainty",
        "Brier score: uncertainty",
        "neither",
        "How uncertain the outcome is to someone who knows only the share that joined: that share "
        "times the rest. It is 0.25 if half joined, and 0 if nobody or everybody did. It belongs "
        "to the programme, and no forecast can change it.",
        lambda sample: sample.brier_parts.uncertainty,
        _constant(np.nan),
    ),
    ScoringRule(
        "brier_within_bins",
        "Brier score: within bins",
        "lower",
        "What the three parts leave out, because the probabilities in a bin differ: their variance "
        "within bins, less twice their covariance with what happened there. It is 0 if all "
        "probabilities of a bin are equal, and negative if the forecast also tells countries of "
        "the same bin apart.",
        lambda sample: sample.brier_parts.within_bins,
        _constant(0.0),
    ),
    ScoringRule(
        "auc",
        "Area under the ROC curve",
        "higher",
        "The probability that a country that joined had a higher predicted probability than one "
        "that did not, ties counted half. It looks at the order of countries alone: 1 is a perfect "
        "order, 0.5 is chance. It is not defined if nobody or everybody joined.",
        lambda sample: sample.auc,
        _constant(0.5),
        _auc,
    ),
    ScoringRule(
        "hits",
        "Hits at the top",
        "higher",
        "If n countries joined: the share of them that is among the n countries with the highest "
        "probability. Where equal probabilities straddle the cut, it is the mean over their "
        "orders. The reference is what a random order finds, the share that joined. It is not "
        "defined if nobody joined.",
        lambda sample: sample.hits,
        lambda sample: np.where(sample.share > 0.0, sample.share, np.nan),
    ),
    ScoringRule(
        "concordance",
        "Concordance of timing",
        "higher",
        "Of all pairs of countries in which one joined while the other had not yet, the share in "
        "which the forecast expected the first to join sooner, ties counted half. Countries that "
        "had not joined by the end count as later than all that had. 1 is a perfect order, 0.5 is "
        "chance. Countries that joined in an unknown month are left out.",
        lambda sample: sample.concordance,
        _constant(0.5),
    ),
    ScoringRule(
        "integrated_brier",
        "Integrated Brier score",
        "lower",
        "The Brier score of having joined by the end of a month, averaged over all months. It "
        "judges who, how many and when at once. The reference gives each month's share of joiners "
        "to every country, so it knows how fast the programme grew. Countries that joined in an "
        "unknown month are left out.",
        lambda sample: sample.integrated_brier,
        lambda sample: sample.reference_integrated_brier,
    ),
    ScoringRule(
        "count_crps",
        "Ranked probability score of the count",
        "lower",
        "How far the predicted distribution of the number of joiners is from the number on record, "
        "in countries: the expected distance to it, less half the expected distance between two "
        "futures. A forecast without spread scores its absolute error. The reference expects the "
        "base rate. A programme has one count, so there is an interval over programmes only.",
        None,
        _base_rate_crps,
        _count_crps,
    ),
    ScoringRule(
        "count_covered",
        "Count within the 90 % band",
        "closer",
        "1 if the number of joiners lies between the 5 and 95 % quantiles of the futures, else 0. "
        "Over many programmes 90 % of the bands should hold the number: fewer means that the bands "
        "are too narrow, more that they are too wide. There is an interval over programmes only.",
        None,
        _constant(HIGH - LOW),
        _count_covered,
    ),
)

# All scores by name, in the order of tables.
SCORING_RULES: Mapping[str, ScoringRule] = MappingProxyType({one.name: one for one in _RULES})
