"""Reviews alone: the diffusion curve of Bass (1969).

Acceptance is certain, so a country commits at its first review: hazard p + q F. With p = 0.03 and
q = 0.38 a year adoption peaks at t = ln(q / p) / (p + q) = 6.1926 years, where F = 0.46053.
"""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from sim.analysis.verification.check import STANDARD_ERRORS, Check, CheckResult, number_within
from sim.analysis.verification.worlds import (
    FIRST_OFFER,
    first_futures,
    make_world,
    offer,
    provider,
    write_scenario,
)

GROUP = "Diffusion"
SOURCE = "Bass 1969"
P, Q = 0.03, 0.38
STEP = 0.05  # years in a month of the model
N = 2048
MONTHS = 240
FUTURES = 24
SEED = 2
YEARS = (2.0, 4.0, 6.2, 8.0, 10.0, 12.0)
PEAK, F_AT_PEAK = 6.1926, 0.46053
Floats = NDArray[np.float64]


def committed_share() -> Floats:
    """Return F at the end of each month in each future, (futures, months)."""
    weights = {"review_rate": P * STEP, "review_rate_peers": Q * STEP, "w_own_cost": 20.0}
    scenario = write_scenario([provider(0, offer(intercept=20))], MONTHS, weights)
    built = make_world(scenario, N, np.full((N, N), 1.0 / N))
    share: Floats = first_futures(built, SEED, FUTURES).path_count[:, :, FIRST_OFFER] / N
    return share


def curve(t: float) -> float:
    """Return the closed form of F(t)."""
    decay = np.exp(-(P + Q) * t)
    return float((1 - decay) / (1 + Q / P * decay))


def lag(t: float) -> float:
    """Return how far F of the months is behind F of the equation, to first order in the step.

    Euler steps of F' = g(F) fall short by STEP / 2 * g(F) * log(g(F) / g(0)).
    """
    rate = (P + Q * curve(t)) * (1 - curve(t))
    return float(STEP / 2 * rate * np.log(rate / P))


def _error(of_futures: Floats) -> float:
    """Return the standard error of a mean over futures, (futures,)."""
    return float(of_futures.std(ddof=1) / np.sqrt(FUTURES))


def _share(years: float) -> CheckResult:
    share = committed_share()[:, round(years / STEP) - 1]
    second_order = lag(years) ** 2 + 1 / N
    tolerance = STANDARD_ERRORS * _error(share) + second_order
    return number_within(curve(years) - lag(years), float(share.mean()), tolerance)


def _share_at_the_peak() -> CheckResult:
    months = np.arange(1, MONTHS + 1) * STEP
    share = np.array([np.interp(PEAK, months, future) for future in committed_share()])
    tolerance = STANDARD_ERRORS * _error(share) + 1 / N
    return number_within(F_AT_PEAK, float(share.mean()) + lag(PEAK), tolerance)


def _time_of_the_peak() -> CheckResult:
    # Near its top the rate is a parabola in time; each future has its own clock.
    months = np.arange(1, MONTHS) * STEP
    peaks = []
    window = np.abs(months - PEAK) < 3.0
    for future in committed_share():
        bend, slope, _ = np.polyfit(months[window], np.diff(future)[window], 2)
        peaks.append(-slope / (2 * bend))
    delay = lag(PEAK) / ((P + Q * F_AT_PEAK) * (1 - F_AT_PEAK))
    found = np.array(peaks)
    return number_within(PEAK, float(found.mean()) - delay, STANDARD_ERRORS * _error(found))


CHECKS = (
    *(
        Check(
            f"bass-share-{years:g}-years",
            GROUP,
            f"share committed after {years:g} years, less the lag of monthly steps",
            SOURCE,
            partial(_share, years),
        )
        for years in YEARS
    ),
    Check("bass-peak-share", GROUP, "share committed at the peak", SOURCE, _share_at_the_peak),
    Check("bass-peak-time", GROUP, "years until adoption peaks", SOURCE, _time_of_the_peak),
)
