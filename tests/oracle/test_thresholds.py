"""Peers without chance: the thresholds of Granovetter (1978).

Country k joins once at least its threshold of the 99 others have joined. A tie enters utility
without bounds, so it carries the threshold.
"""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from worlds import make_world, offer, provider, run_futures, uniform_influence, write_scenario

N = 100
MONTHS = 110


def joined_by_month(threshold: NDArray[np.float64]) -> list[int]:
    """Return how many countries have joined at each month's end."""
    weights = {"w_peer": N - 1.0, "w_tie": 1.0, "w_own_cost": 20.0}
    scenario = write_scenario([provider(0, offer())], MONTHS, weights)
    # The half decides at equality, well clear of the quantum of peer weights.
    tie = (0.5 - threshold)[:, None]
    built = make_world(scenario, N, uniform_influence(N), {"tie": tie})
    counts: list[int] = run_futures(built, 0, [0]).path_count[0, :, 2].tolist()
    return counts


def test_with_thresholds_0_to_99_all_join_one_a_month() -> None:
    assert joined_by_month(np.arange(100.0)) == [min(t + 1, N) for t in range(MONTHS)]


def test_with_the_1_changed_to_2_one_joins() -> None:
    threshold = np.arange(100.0)
    threshold[1] = 2
    assert joined_by_month(threshold) == [1] * MONTHS


@pytest.mark.parametrize("gap", [10, 50])
def test_a_gap_stops_the_cascade_where_it_stands(gap: int) -> None:
    threshold = np.arange(100.0)
    threshold[gap:] += 1
    assert joined_by_month(threshold)[-1] == gap
