"""Reviews alone: the diffusion curve of Bass (1969).

Acceptance is certain, so a country commits at its first review: hazard p + q F. With p = 0.03 and
q = 0.38 a year adoption peaks at t = ln(q / p) / (p + q) = 6.1926 years, where F = 0.46053.
"""

from __future__ import annotations

import functools

import numpy as np
import pytest
from numpy.typing import NDArray

from tolerances import STANDARD_ERRORS
from worlds import make_world, offer, provider, run_futures, write_scenario

P, Q = 0.03, 0.38
STEP = 0.05  # years in a month of the model
N = 2048
MONTHS = 240
FUTURES = 24
PEAK, F_AT_PEAK = 6.1926, 0.46053


@functools.cache
def committed_share() -> NDArray[np.float64]:
    """Return F at the end of each month in each future, (futures, months)."""
    weights = {"review_rate": P * STEP, "review_rate_peers": Q * STEP, "w_own_cost": 20.0}
    scenario = write_scenario([provider(0, offer(intercept=20))], MONTHS, weights)
    built = make_world(scenario, N, np.full((N, N), 1.0 / N))
    share: NDArray[np.float64] = run_futures(built, 2, range(FUTURES)).path_count[:, :, 2] / N
    return share


def curve(t: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the closed form of F(t)."""
    decay = np.exp(-(P + Q) * t)
    share: NDArray[np.float64] = (1 - decay) / (1 + Q / P * decay)
    return share


def lag(t: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far F of the months is behind F of the equation, to first order in the step.

    Euler steps of F' = g(F) fall short by STEP / 2 * g(F) * log(g(F) / g(0)).
    """
    rate = (P + Q * curve(t)) * (1 - curve(t))
    short: NDArray[np.float64] = STEP / 2 * rate * np.log(rate / P)
    return short


@pytest.mark.parametrize("years", [2.0, 4.0, 6.2, 8.0, 10.0, 12.0])
def test_the_share_follows_the_curve(years: float) -> None:
    share = committed_share()[:, round(years / STEP) - 1]
    error = share.std(ddof=1) / np.sqrt(FUTURES)
    at = np.array([years])
    expected = float((curve(at) - lag(at))[0])
    second_order = float(lag(at)[0]) ** 2 + 1 / N
    assert abs(share.mean() - expected) < STANDARD_ERRORS * error + second_order


def test_the_share_at_the_peak() -> None:
    at = np.array([PEAK])
    assert curve(at)[0] == pytest.approx(F_AT_PEAK, abs=1e-5)
    months = np.arange(1, MONTHS + 1) * STEP
    share = np.array([np.interp(PEAK, months, future) for future in committed_share()])
    error = share.std(ddof=1) / np.sqrt(FUTURES)
    assert abs(share.mean() + lag(at)[0] - F_AT_PEAK) < STANDARD_ERRORS * error + 1 / N


def test_adoption_peaks_when_the_equation_says() -> None:
    # Near its top the rate is a parabola in time; each future has its own clock.
    months = np.arange(1, MONTHS) * STEP
    peaks = []
    window = np.abs(months - PEAK) < 3.0
    for future in committed_share():
        bend, slope, _ = np.polyfit(months[window], np.diff(future)[window], 2)
        peaks.append(-slope / (2 * bend))
    error = np.std(peaks, ddof=1) / np.sqrt(FUTURES)
    delay = float(lag(np.array([PEAK]))[0]) / ((P + Q * F_AT_PEAK) * (1 - F_AT_PEAK))
    assert abs(np.mean(peaks) - delay - PEAK) < STANDARD_ERRORS * error
