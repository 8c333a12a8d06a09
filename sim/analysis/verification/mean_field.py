"""Peers alone: the mean field of Brock and Durlauf (2001), and what tips it.

One offer, everybody watches everybody, every country reviews every month. With noise 1 the share
F committed moves by F' = 1 / (1 + exp(-(intercept + w_peer F))). In the symmetric notation of the
paper m = 2F - 1, intercept = 2 beta h - 2 beta J and w_peer = 4 beta J.
"""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from sim.analysis.verification.check import STANDARD_ERRORS, Check, CheckResult, number_within
from sim.analysis.verification.worlds import (
    FIRST_OFFER,
    commit,
    first_futures,
    make_world,
    offer,
    provider,
    write_scenario,
)
from sim.model.layout import LIVE

GROUP = "Peers"
SOURCE = "Brock and Durlauf 2001"
N = 2048  # 1 / N is a whole multiple of the quantum of peer weights
MONTHS = 60
SETTLED = 30  # months after which the start is forgotten
FUTURES = 4
SEED = 7
EVERYBODY, NOBODY = "everybody", "nobody"
# beta J, beta h, who starts committed, and m in the steady state.
STEADY = (
    (1.5, 0.0, EVERYBODY, 0.85856),
    (1.5, 0.0, NOBODY, -0.85856),
    (2.0, 0.0, EVERYBODY, 0.95750),
    (2.0, 0.0, NOBODY, -0.95750),
    (0.8, 0.1, EVERYBODY, 0.39053),
    (0.8, 0.1, NOBODY, 0.39053),
    (0.5, 0.0, EVERYBODY, 0.0),
    (0.5, 0.0, NOBODY, 0.0),
)


def steady_magnetisation(beta_j: float, beta_h: float, start: str) -> NDArray[np.float64]:
    """Return m over futures and months in the steady state."""
    offered = offer(intercept=2 * beta_h - 2 * beta_j)
    weights = {"w_peer": 4 * beta_j, "choice_noise": 1.0, "w_own_cost": 20.0}
    scenario = write_scenario([provider(0, offered)], MONTHS, weights)
    built = make_world(scenario, N, np.full((N, N), 1.0 / N))
    commit(built, range(N if start == EVERYBODY else 0), 0, LIVE)
    count = first_futures(built, SEED, FUTURES).path_count
    # Sovereign AI is out of reach; otherwise this is not the model of the paper.
    if count[:, :, 1].any():
        return np.full((FUTURES, MONTHS - SETTLED), np.nan)
    share: NDArray[np.float64] = count[:, SETTLED:, FIRST_OFFER] / N
    return 2.0 * share - 1.0


def standard_error(m: float, beta_j: float) -> float:
    """Return the standard error of m averaged over the settled months of all futures.

    A month adds binomial noise, which the map carries on with its slope beta J (1 - m^2).
    """
    slope = beta_j * (1 - m * m)
    months = FUTURES * (MONTHS - SETTLED)
    return float(np.sqrt((1 - m * m) / N / months) / (1 - slope))


def _steady_state(beta_j: float, beta_h: float, start: str, known: float) -> CheckResult:
    m = steady_magnetisation(beta_j, beta_h, start).mean()
    return number_within(known, float(m), STANDARD_ERRORS * standard_error(known, beta_j))


def _ends(beta_j: float) -> tuple[float, float]:
    """Return m in the steady state from everybody and from nobody."""
    high, low = (steady_magnetisation(beta_j, 0.0, start).mean() for start in (EVERYBODY, NOBODY))
    return float(high), float(low)


def _one_end() -> CheckResult:
    high, low = _ends(0.9)
    return CheckResult("both starts within 0.2", f"{low:.3f} and {high:.3f}", abs(high - low), 0.2)


def _two_ends() -> CheckResult:
    # They are at +-0.6586.
    high, low = _ends(1.2)
    short = max(0.5 - high, low + 0.5, 0.0)
    return CheckResult("below -0.5 and above 0.5", f"{low:.3f} and {high:.3f}", short)


CHECKS = (
    *(
        Check(
            f"mean-field-{beta_j:g}-{beta_h:g}-{start}",
            GROUP,
            f"steady state m at beta J = {beta_j:g}, beta h = {beta_h:g}; {start} starts committed",
            SOURCE,
            partial(_steady_state, beta_j, beta_h, start, known),
        )
        for beta_j, beta_h, start, known in STEADY
    ),
    Check(
        "one-equilibrium", GROUP, "m at beta J = 0.9, from nobody and everybody", SOURCE, _one_end
    ),
    Check(
        "two-equilibria", GROUP, "m at beta J = 1.2, from nobody and everybody", SOURCE, _two_ends
    ),
)
