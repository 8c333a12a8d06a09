"""Scores of probabilities against scikit-learn, and what must hold for any forecast."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import special
from sklearn import metrics
from sklearn.calibration import calibration_curve

from analysis.forecasts import Answers, Array, answers
from sim.analysis.backtests.scoring import weighted
from sim.analysis.backtests.scoring.calibration import calibration, quantile_bins
from tolerances import ROUNDING


@given(answers(both=True, least=2))
def test_weighted_scores_are_those_of_scikit_learn(drawn: Answers) -> None:
    joined, p, weight = drawn
    inner = np.clip(p, 0.01, 0.99)
    found = [
        weighted.weighted_mean(weighted.log_loss(joined, inner), weight[None])[0],
        weighted.weighted_mean((joined - p) ** 2, weight[None])[0],
        weighted.auc(joined, p, weight[None])[0],
    ]
    expected = [
        metrics.log_loss(joined, inner, sample_weight=weight),
        metrics.brier_score_loss(joined, p, sample_weight=weight),
        metrics.roc_auc_score(joined, p, sample_weight=weight),
    ]
    assert_allclose(found, expected, rtol=ROUNDING)


@given(answers(), st.integers(1, 5))
def test_many_weightings_are_as_one_after_the_other(drawn: Answers, n: int) -> None:
    joined, p, weight = drawn
    many = np.stack([np.roll(weight, k) for k in range(n)])
    inner = np.clip(p, 0.01, 0.99)
    bins = quantile_bins(p)
    scores: list[Callable[[Array], Array]] = [
        lambda w: weighted.auc(joined, p, w),
        lambda w: weighted.hits(joined, p, w),
        lambda w: weighted.shift_to_count(joined, inner, w),
        lambda w: np.stack(weighted.brier_parts(joined, p, bins, w), axis=1),
    ]
    for score in scores:
        single = np.concatenate([score(row[None]) for row in many])
        assert_allclose(score(many), single, rtol=ROUNDING, atol=ROUNDING)


@given(answers(), st.integers(1, 12))
def test_parts_of_the_brier_score_add_up(drawn: Answers, n_bins: int) -> None:
    joined, p, weight = drawn
    parts = weighted.brier_parts(joined, p, quantile_bins(p, n_bins), weight[None])
    total = parts.reliability - parts.resolution + parts.uncertainty + parts.within_bins
    assert_allclose(total, weighted.weighted_mean((joined - p) ** 2, weight[None]), atol=ROUNDING)


def test_parts_of_the_brier_score_by_hand() -> None:
    joined = np.array([False, True, True, True])
    p = np.array([0.2, 0.2, 0.6, 0.8])
    found = weighted.brier_parts(joined, p, np.array([0, 0, 1, 1]), np.ones((1, 4)))
    # Bins say 0.2 and 0.7, where shares of 0.5 and 1 joined, of 0.75 overall. Within the second
    # bin forecasts are 0.1 from their mean, and all joined.
    expected = [[0.09], [0.0625], [0.1875], [0.005]]
    assert_allclose(found, expected, rtol=ROUNDING)


@given(answers())
def test_three_parts_are_enough_where_forecasts_of_a_bin_are_equal(drawn: Answers) -> None:
    joined, p, weight = drawn
    _, bins = np.unique(p, return_inverse=True)
    within = weighted.brier_parts(joined, p, bins, weight[None]).within_bins
    assert_allclose(within, 0.0, atol=ROUNDING)


@given(answers(both=True, least=2))
def test_the_shift_makes_the_count_right_and_keeps_the_differences(drawn: Answers) -> None:
    joined, p, weight = drawn
    inner = np.clip(p, 0.01, 0.99)
    (shifted,) = weighted.shift_to_count(joined, inner, weight[None])
    assert_allclose(weight @ shifted, weight @ joined, rtol=1e-9)
    moved = special.logit(shifted) - special.logit(inner)
    assert_allclose(moved, moved[0], atol=1e-9)


@given(answers(both=True, least=2))
def test_a_forecast_with_the_right_count_is_not_moved(drawn: Answers) -> None:
    joined, p, _ = drawn
    once = np.ones((1, joined.size))
    right = weighted.shift_to_count(joined, np.clip(p, 0.01, 0.99), once)[0]
    again = weighted.shift_to_count(joined, np.clip(right, 1e-12, 1 - 1e-12), once)[0]
    assert_allclose(again, right, atol=1e-9)


@pytest.mark.parametrize("everybody", [False, True])
def test_the_count_says_all_where_nobody_or_everybody_joined(everybody: bool) -> None:
    joined = np.full(3, everybody)
    shifted = weighted.shift_to_count(joined, np.array([0.2, 0.5, 0.9]), np.ones((2, 3)))
    assert np.array_equal(shifted, np.full((2, 3), float(everybody)))


@given(answers(both=True, least=2))
def test_orders_are_all_that_auc_and_hits_see(drawn: Answers) -> None:
    joined, p, weight = drawn
    for score in (weighted.auc, weighted.hits):
        plain = score(joined, p, weight[None])
        assert np.array_equal(score(joined, np.exp(3.0 * p) - 7.0, weight[None]), plain)
    mirrored = weighted.auc(joined, -p, weight[None])
    assert_allclose(mirrored, 1.0 - weighted.auc(joined, p, weight[None]), rtol=ROUNDING)


@given(answers(both=True, least=2))
def test_hits_are_the_mean_over_orders_of_equal_probabilities(drawn: Answers) -> None:
    joined, p, _ = drawn
    (found,) = weighted.hits(joined, p, np.ones((1, joined.size)))
    n = int(joined.sum())
    above = np.sort(p)[::-1][n - 1]
    sure = joined[p > above].sum()
    tied = joined[p == above]
    assert_allclose(found, (sure + (n - (p > above).sum()) * tied.mean()) / n, rtol=ROUNDING)


def test_hits_by_hand() -> None:
    joined = np.array([True, False, True, False, True])
    p = np.array([0.9, 0.8, 0.7, 0.6, 0.5])
    assert_allclose(weighted.hits(joined, p, np.ones((1, 5))), [2 / 3])
    # The first counts twice: four joiners, of whom the first four places hold three.
    assert_allclose(weighted.hits(joined, p, np.array([[2.0, 1, 1, 1, 1]])), [3 / 4])


@given(answers(), st.integers(1, 12))
def test_bins_are_those_of_scikit_learn(drawn: Answers, n_bins: int) -> None:
    joined, p, _ = drawn
    bins = quantile_bins(p, n_bins)
    _, predicted = calibration_curve(joined, p, n_bins=n_bins, strategy="quantile")
    assert_allclose([p[bins == k].mean() for k in np.unique(bins)], predicted, rtol=ROUNDING)


@given(answers())
def test_the_calibration_curve_holds_every_country_once(drawn: Answers) -> None:
    joined, p, _ = drawn
    curve = calibration(joined, p)
    assert curve["countries"].sum() == joined.size
    assert_allclose((curve["observed"] * curve["countries"]).sum(), joined.sum(), rtol=ROUNDING)
    assert_allclose((curve["predicted"] * curve["countries"]).sum(), p.sum(), atol=ROUNDING)
    assert (curve["low"] <= curve["observed"]).all()
    assert (curve["observed"] <= curve["high"]).all()
