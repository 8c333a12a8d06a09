"""The best set where each country adds a fixed amount: a small whole-number programme."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from sim.analysis.portfolio.market import Limits
    from sim.analysis.portfolio.objective import Values

Chosen = frozenset[int]


def best_sum(
    gains: Values,
    candidates: Collection[int],
    limits: Limits,
    forced: Collection[int] = (),
) -> Chosen:
    """Return the set of greatest sum that the limits admit.

    Parameters
    ----------
    gains : ndarray, shape (n,)
        What each country adds. One that adds nothing is chosen only if it is forced.
    candidates : collection of int
        Countries that can be chosen.
    limits : Limits
        They must admit the forced countries.
    forced : collection of int
        Countries that are chosen in any case.

    Notes
    -----
    With places alone these are the countries that add most. With megawatts or money it is a
    knapsack with a bound on the number of things, which HiGHS solves to optimality by branch and
    bound (Huangfu and Hall 2018).
    """
    listed = [i for i in sorted(candidates) if gains[i] > 0.0 and i not in forced]
    room = limits.to_choose - len(forced)
    if not limits.loads:
        best = sorted(listed, key=lambda i: (-gains[i], i))[: max(room, 0)]
        return frozenset([*forced, *best])
    if not listed or room < 1:
        return frozenset(forced)
    from scipy.optimize import Bounds, LinearConstraint, milp

    kept = [*forced]
    rows, most = [np.ones(len(listed))], [float(room)]
    for load, left in limits.loads:
        # In shares of the limit, so that one tolerance fits money and megawatts.
        scale = max(left, 1.0)
        rows.append(load[listed] / scale)
        most.append((left - float(load[kept].sum())) / scale)
    found = milp(
        -gains[listed] / gains[listed].max(),
        constraints=LinearConstraint(np.array(rows), ub=np.array(most)),
        integrality=np.ones(len(listed), np.int64),
        bounds=Bounds(0, 1),
    )
    taken = () if found.x is None else np.flatnonzero(np.round(found.x)).tolist()
    return frozenset([*forced, *(listed[j] for j in taken)])
