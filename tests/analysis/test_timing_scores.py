"""Scores of timing and of the count against brute force and values by hand."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from analysis.forecasts import Answers, answers
from sim.analysis.backtests.scoring import counts, timing
from tolerances import ROUNDING

N_MONTHS = 6
NEVER = np.nan


@st.composite
def months(draw: st.DrawFn, joined: np.ndarray) -> np.ndarray:
    """Return a month for each joiner; one in seven or so is not known."""
    known = draw(st.lists(st.integers(0, N_MONTHS), min_size=joined.size, max_size=joined.size))
    given_months = np.array(known, np.float64)
    return np.where(joined & (given_months < N_MONTHS), given_months, NEVER)


@given(st.data(), answers(least=2))
def test_concordance_is_the_share_of_pairs_in_the_right_order(
    data: st.DataObject, drawn: Answers
) -> None:
    joined, risk, weight = drawn
    month = data.draw(months(joined))
    won = compared = 0.0
    for i, j in permutations(range(joined.size), 2):
        if not joined[i] or np.isnan(month[i]) or (joined[j] and np.isnan(month[j])):
            continue
        if not joined[j] or month[i] < month[j]:
            both = weight[i] * weight[j]
            compared += both
            won += both * (1.0 if risk[i] > risk[j] else 0.5 if risk[i] == risk[j] else 0.0)
    expected = won / compared if compared else np.nan
    assert_allclose(timing.concordance(joined, month, risk, weight[None]), [expected])


def test_concordance_by_hand() -> None:
    joined = np.array([True, True, False])
    month = np.array([1.0, 4.0, NEVER])
    # Pairs: 0 before 1 (wrong), 0 before 2 (right), 1 before 2 (a tie).
    risk = np.array([0.5, 0.6, 0.1])
    assert_allclose(timing.concordance(joined, month, risk, np.ones((1, 3))), [2 / 3])
    tied = np.array([0.5, 0.6, 0.6])
    assert_allclose(timing.concordance(joined, month, tied, np.ones((1, 3))), [0.5 / 3])


@given(st.data(), answers(least=2))
def test_integrated_brier_score_is_a_mean_over_months_and_countries(
    data: st.DataObject, drawn: Answers
) -> None:
    joined, p, weight = drawn
    month = data.draw(months(joined))
    by_month = np.minimum(p[:, None] * np.linspace(0.2, 1.0, N_MONTHS), 1.0)
    total = counted = 0.0
    for i in range(joined.size):
        if joined[i] and np.isnan(month[i]):
            continue
        for t in range(N_MONTHS):
            was_in = joined[i] and month[i] <= t
            total += weight[i] * (was_in - by_month[i, t]) ** 2 / N_MONTHS
        counted += weight[i]
    expected = total / counted if counted else np.nan
    found = timing.integrated_brier(joined, month, by_month, weight[None])
    assert_allclose(found, [expected], atol=ROUNDING)


@given(st.data(), answers(least=2))
def test_the_share_of_each_month_is_the_best_forecast_that_is_the_same_for_all(
    data: st.DataObject, drawn: Answers
) -> None:
    joined, p, weight = drawn
    month = data.draw(months(joined))
    same = np.sort(np.resize(p, N_MONTHS))
    reference = timing.integrated_brier_of_shares(joined, month, N_MONTHS, weight[None])
    other = timing.integrated_brier(joined, month, np.tile(same, (joined.size, 1)), weight[None])
    assert np.array_equal(np.isnan(reference), np.isnan(other))
    assert not (reference > other + ROUNDING).any()


@given(st.lists(st.integers(0, 30), min_size=1, max_size=40), st.integers(0, 30))
def test_ranked_probability_score_by_brute_force(sample: list[int], n_joined: int) -> None:
    x = np.array(sample, np.float64)
    expected = np.abs(x - n_joined).mean() - 0.5 * np.abs(x[:, None] - x[None, :]).mean()
    assert_allclose(counts.crps(x, n_joined), expected, atol=1e-9)


@pytest.mark.parametrize(("n_joined", "inside"), [(5, 1.0), (95, 1.0), (4, 0.0), (96, 0.0)])
def test_the_band_holds_nine_futures_of_ten(n_joined: int, inside: float) -> None:
    futures = np.arange(1.0, 101.0)
    assert counts.band(futures) == (5.0, 95.0)
    assert counts.is_covered(futures, n_joined) == inside
