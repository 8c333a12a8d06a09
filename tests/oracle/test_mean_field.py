"""Peers alone: the mean field of Brock and Durlauf (2001), and what tips it.

One offer, everybody watches everybody, every country reviews every month. With noise 1 the share
F committed moves by F' = 1 / (1 + exp(-(intercept + w_peer F))). In the symmetric notation of the
paper m = 2F - 1, intercept = 2 beta h - 2 beta J and w_peer = 4 beta J.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest

from sim.model.layout import LIVE
from tolerances import STANDARD_ERRORS
from worlds import commit, make_world, offer, provider, run_futures, write_scenario

N = 2048  # 1 / N is a whole multiple of the quantum of peer weights
MONTHS = 60
SETTLED = 30  # months after which the start is forgotten
FUTURES = 4
EVERYBODY = range(N)
NOBODY: Iterable[int] = ()


def steady_magnetisation(beta_j: float, beta_h: float, start: Iterable[int]) -> np.ndarray:
    """Return m over months and futures in the steady state."""
    offered = offer(intercept=2 * beta_h - 2 * beta_j)
    weights = {"w_peer": 4 * beta_j, "choice_noise": 1.0, "w_own_cost": 20.0}
    scenario = write_scenario([provider(0, offered)], MONTHS, weights)
    built = make_world(scenario, N, np.full((N, N), 1.0 / N))
    commit(built, tuple(start), 0, LIVE)
    record = run_futures(built, 7, range(FUTURES))
    assert (record.path_count[:, :, 1] == 0).all()
    return 2.0 * record.path_count[:, SETTLED:, 2] / N - 1.0


def standard_error(m: float, beta_j: float) -> float:
    """Return the standard error of m averaged over the settled months of all futures.

    A month adds binomial noise, which the map carries on with its slope beta J (1 - m^2).
    """
    slope = beta_j * (1 - m * m)
    months = FUTURES * (MONTHS - SETTLED)
    return float(np.sqrt((1 - m * m) / N / months) / (1 - slope))


@pytest.mark.parametrize(
    ("beta_j", "beta_h", "start", "known"),
    [
        (1.5, 0.0, EVERYBODY, 0.85856),
        (1.5, 0.0, NOBODY, -0.85856),
        (2.0, 0.0, EVERYBODY, 0.95750),
        (2.0, 0.0, NOBODY, -0.95750),
        (0.8, 0.1, EVERYBODY, 0.39053),
        (0.8, 0.1, NOBODY, 0.39053),
        (0.5, 0.0, EVERYBODY, 0.0),
        (0.5, 0.0, NOBODY, 0.0),
    ],
)
def test_steady_states(beta_j: float, beta_h: float, start: Iterable[int], known: float) -> None:
    m = steady_magnetisation(beta_j, beta_h, start)
    assert abs(m.mean() - known) < STANDARD_ERRORS * standard_error(known, beta_j)


@pytest.mark.parametrize(("beta_j", "is_unique"), [(0.9, True), (1.2, False)])
def test_the_start_decides_only_where_peers_weigh_more_than_four_times_the_noise(
    beta_j: float, *, is_unique: bool
) -> None:
    high = steady_magnetisation(beta_j, 0.0, EVERYBODY).mean()
    low = steady_magnetisation(beta_j, 0.0, NOBODY).mean()
    # At beta J = 0.9 both ends at m = 0; at 1.2 they end at +-0.6586.
    assert (high - low < 0.2) == is_unique
    assert (high > 0.5 and low < -0.5) == (not is_unique)
