"""Peers without chance: the thresholds of Granovetter (1978).

Country k joins once at least its threshold of the 99 others have joined. A tie enters utility
without bounds, so it carries the threshold.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from sim.analysis.verification.check import Check, CheckResult, all_equal
from sim.analysis.verification.worlds import (
    FIRST_OFFER,
    first_futures,
    make_world,
    offer,
    provider,
    uniform_influence,
    write_scenario,
)

GROUP = "Thresholds"
SOURCE = "Granovetter 1978"
N = 100
MONTHS = 110
GAPS = (10, 50)
Thresholds = NDArray[np.float64]


def joined_by_month(threshold: Thresholds) -> list[int]:
    """Return how many countries have joined at each month's end."""
    weights = {"w_peer": N - 1.0, "w_tie": 1.0, "w_own_cost": 20.0}
    scenario = write_scenario([provider(0, offer())], MONTHS, weights)
    # The half decides at equality, well clear of the quantum of peer weights.
    tie = (0.5 - threshold)[:, None]
    built = make_world(scenario, N, uniform_influence(N), {"tie": tie})
    counts: list[int] = first_futures(built, 0, 1).path_count[0, :, FIRST_OFFER].tolist()
    return counts


def in_sequence() -> Thresholds:
    """Return the thresholds 0 to 99."""
    return np.arange(float(N))


def _joined(threshold: Thresholds, must_be: Sequence[int]) -> CheckResult:
    found = joined_by_month(threshold)
    differing = all_equal(must_be, found).deviation
    shown = _in_words(found[-1])
    if differing and found[-1] == must_be[-1]:
        shown = f"{shown}, in other months"
    return CheckResult(_in_words(must_be[-1]), shown, differing)


def _in_words(count: int) -> str:
    return f"{count} join{'s' if count == 1 else ''}"


def _all_in_sequence() -> CheckResult:
    return _joined(in_sequence(), [min(t + 1, N) for t in range(MONTHS)])


def _one_changed() -> CheckResult:
    threshold = in_sequence()
    threshold[1] = 2
    return _joined(threshold, [1] * MONTHS)


def _gap(first: int) -> CheckResult:
    threshold = in_sequence()
    threshold[first:] += 1
    return _joined(threshold, [min(t + 1, first) for t in range(MONTHS)])


CHECKS = (
    Check(
        "thresholds-0-to-99", GROUP, "thresholds 0 to 99: one joins a month", SOURCE,
        _all_in_sequence,
    ),
    Check("threshold-1-made-2", GROUP, "the threshold 1 changed to 2", SOURCE, _one_changed),
    *(
        Check(
            f"threshold-gap-{first}", GROUP, f"nobody has the threshold {first}", SOURCE,
            partial(_gap, first),
        )
        for first in GAPS
    ),
)  # fmt: skip
