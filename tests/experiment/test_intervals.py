"""Intervals against known answers: textbook formulas, and outcomes made with known causes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import stats

from sim.experiment.intervals import (
    beta_interval,
    mean_interval,
    probability,
    quantiles,
    unseen_error,
    variance_share,
)
from sim.experiment.probability_interval import probability_interval
from tolerances import ROUNDING, STANDARD_ERRORS

SIZE = 4


def test_variance_share_is_that_of_the_one_way_analysis_of_variance() -> None:
    rng = np.random.default_rng(1)
    groups = rng.normal(size=(30, SIZE)) + rng.normal(size=(30, 1))
    f = stats.f_oneway(*groups).statistic
    expected = (f - 1.0) / (f + SIZE - 1.0)
    assert_allclose(variance_share(groups.ravel(), SIZE), expected, rtol=ROUNDING)


def test_variance_share_allows_for_a_last_group_that_is_short() -> None:
    x = np.array([1.0, 2.0, 4.0, 4.0, 9.0, 7.0, 8.0, 5.0, 5.0])
    parts = [x[:4], x[4:8], x[8:]]
    between = sum(len(g) * (g.mean() - x.mean()) ** 2 for g in parts) / 2
    within = sum(((g - g.mean()) ** 2).sum() for g in parts) / 6
    typical = (9 - (16 + 16 + 1) / 9) / 2
    expected = (between - within) / (between + (typical - 1) * within)
    assert_allclose(variance_share(x, SIZE), expected, rtol=ROUNDING)


@pytest.mark.parametrize("dtype", [bool, np.int8, np.int32, np.float64])
def test_variance_share_does_not_depend_on_how_an_outcome_is_stored(dtype: type) -> None:
    happens = np.random.default_rng(2).random((40, 3)) < 0.3
    expected = variance_share(happens.astype(np.float64), SIZE)
    assert_allclose(variance_share(happens.astype(dtype), SIZE), expected, rtol=ROUNDING)


def test_variance_share_of_a_constant_is_zero_however_large_it_is() -> None:
    assert variance_share(np.full(16, 0.1), SIZE) == 0.0
    assert variance_share(np.full(16, 1e9 / 3), SIZE) == 0.0


@pytest.mark.parametrize(("a", "b"), [(1.0, 1.0), (2.0, 6.0), (0.5, 9.5)])
def test_probabilities_recover_a_beta_binomial(a: float, b: float) -> None:
    n_draws, columns = 2000, 60
    rng = np.random.default_rng(3)
    theta = rng.beta(a, b, size=(n_draws, 1, columns))
    happens = (rng.random((n_draws, SIZE, columns)) < theta).reshape(-1, columns)
    found = probability(happens, SIZE)
    # Each column is an experiment of its own: their spread is the error of one.
    for value, truth in (
        (found.mean, a / (a + b)),
        (variance_share(happens, SIZE), 1.0 / (a + b + 1.0)),
        (found.low, stats.beta.ppf(0.05, a, b)),
        (found.high, stats.beta.ppf(0.95, a, b)),
    ):
        assert abs(value.mean() - truth) < STANDARD_ERRORS * value.std() / np.sqrt(columns) + 2e-3
    spread = found.mean.std(ddof=1)
    error_of_spread = spread / np.sqrt(2 * (columns - 1))
    assert abs(found.standard_error.mean() - spread) < STANDARD_ERRORS * error_of_spread


def test_the_interval_of_chance_alone_vanishes_with_the_number_of_draws() -> None:
    happens = np.random.default_rng(4).random((40_000, 50)) < 0.4
    many, few = (probability(happens[:n], SIZE) for n in (40_000, 400))
    width_many, width_few = ((found.high - found.low).mean() for found in (many, few))
    alone = np.mean(
        [
            float(np.ptp(np.ravel([o.low, o.high])))
            for o in (probability(happens[:400, i], SIZE) for i in range(50))
        ]
    )
    # Drawn towards each other, fifty outcomes of pure chance already look like it in 100 draws.
    assert width_many < width_few < 0.5 * alone
    # Half of the estimates fall below zero, and are zero.
    separate = [probability(happens[:, i], SIZE) for i in range(50)]
    collapsed = np.mean([bool(found.high == found.low) for found in separate])
    assert abs(collapsed - 0.5) < STANDARD_ERRORS * 0.5 / np.sqrt(50)


def test_without_uncertain_numbers_the_probabilities_are_one_value() -> None:
    happens = np.random.default_rng(5).random((40, 20)) < 0.5
    found = probability(happens, SIZE, has_uncertainty=False)
    assert (found.low == found.mean).all()
    assert (found.high == found.mean).all()


def test_one_draw_says_nothing_about_parameters() -> None:
    found = probability(np.ones((3, 2), bool), SIZE)
    assert np.isnan([found.low, found.high, found.standard_error]).all()
    assert np.isnan(variance_share(np.arange(3.0), SIZE))
    assert np.isnan(mean_interval(np.arange(3.0), SIZE)[3])


def test_one_future_a_draw_cannot_tell_chance_from_parameters() -> None:
    assert np.isnan(variance_share(np.arange(9.0), 1))


@given(
    st.lists(st.booleans(), min_size=1, max_size=60),
    st.integers(1, 7),
)
def test_probabilities_lie_within_their_interval(outcome: list[bool], size: int) -> None:
    found = probability(np.array(outcome)[:, None], size)
    p, low, high = found.mean.item(), found.low.item(), found.high.item()
    assert 0.0 <= p <= 1.0
    assert np.isnan(low) == np.isnan(high)
    assert np.isnan(low) or 0.0 <= low <= p <= high <= 1.0


@given(st.floats(0, 1), st.floats(0, 1))
def test_beta_intervals_hold_the_mean(mean: float, correlation: float) -> None:
    low, high = beta_interval(np.array([mean]), np.array([correlation]))
    assert 0.0 <= low.item() <= mean <= high.item() <= 1.0


def test_errors_count_draws_and_not_futures() -> None:
    draws = np.random.default_rng(6).normal(size=50)
    mean, low, high, error = mean_interval(np.repeat(draws, SIZE), SIZE)
    expected = draws.std(ddof=1) / np.sqrt(50)
    assert_allclose(error, expected, rtol=ROUNDING)
    limits = stats.t.interval(0.9, 49, loc=draws.mean(), scale=expected)
    assert_allclose([mean, low, high], [draws.mean(), *limits], rtol=ROUNDING)


def test_quantiles_are_values_that_occurred() -> None:
    counts = np.random.default_rng(7).integers(0, 9, size=(37, 2))
    found = quantiles(counts, (0.05, 0.5, 0.95))
    assert found.shape == (3, 2)
    assert np.isin(found, counts).all()
    assert (np.diff(found, axis=0) >= 0).all()


def test_intervals_gain_from_what_outcomes_have_in_common() -> None:
    a, b, n_draws, columns = 3.0, 7.0, 60, 100
    rng = np.random.default_rng(8)
    theta = rng.beta(a, b, size=(n_draws, 1, columns))
    happens = (rng.random((n_draws, SIZE, columns)) < theta).reshape(-1, columns)
    found = probability(happens, SIZE)
    alone = beta_interval(found.mean, variance_share(happens, SIZE))
    truth = [stats.beta.ppf(q, a, b) for q in (0.05, 0.95)]
    for together, single, end in zip((found.low, found.high), alone, truth, strict=True):
        errors = [np.sqrt(((ends - end) ** 2).mean()) for ends in (together, single)]
        assert errors[0] < 0.8 * errors[1]


def test_the_order_of_outcomes_does_not_matter() -> None:
    happens = np.random.default_rng(9).random((80, 6)) < np.linspace(0.1, 0.9, 6)
    found, turned = probability(happens, SIZE), probability(happens[:, ::-1], SIZE)
    for name in ("mean", "low", "high", "standard_error"):
        expected = getattr(found, name)[::-1]
        assert_allclose(getattr(turned, name), expected, rtol=ROUNDING, strict=True)


def test_an_outcome_never_seen_is_not_certain_unless_a_rule_makes_it_so() -> None:
    happens = np.zeros((1000, 4), bool)
    happens[:, 1] = True
    happens[0, 3] = True
    found = probability(happens, SIZE, is_open=np.array([True, True, False, True]))
    assert found.standard_error[2] == 0.0
    low, high = probability_interval(found.mean, found.low, found.high, found.standard_error)
    # Jeffreys' interval of 0 in 250 is the 95 % quantile of Beta(1/2, 250 + 1/2).
    bound = stats.beta(0.5, 1000 / SIZE + 0.5).ppf(0.95)
    assert low[:3].tolist() == [0.0, 1.0 - high[0], 0.0]
    assert high[0] == pytest.approx(bound, rel=1e-9)
    assert high[1:3].tolist() == [1.0, 0.0]
    assert found.standard_error[3] == probability(happens, SIZE).standard_error[3]


def test_more_draws_leave_less_room_for_what_was_never_seen() -> None:
    errors = [unseen_error(n) for n in (2, 25, 250, 2500)]
    assert errors == sorted(errors, reverse=True)
    alone = probability(np.zeros((3, 1), bool), SIZE, is_open=np.ones(1, bool))
    assert np.isnan(alone.standard_error[0])
