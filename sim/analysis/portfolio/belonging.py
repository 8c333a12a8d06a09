"""How often each country belongs to the best set, if the uncertain numbers were known."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.portfolio.additive import best_sum
from sim.analysis.portfolio.market import Promise
from sim.analysis.portfolio.simulated import share

if TYPE_CHECKING:
    from sim.analysis.portfolio.market import Limits
    from sim.analysis.portfolio.objective import Values
    from sim.analysis.splitting.shares import Estimate

CORE, FRINGE, NEVER = "core", "fringe", "never"
LEAST_OF_CORE = 0.75


def group_of(times_share: float) -> str:
    """Return a group by the share of draws in which a country belongs, 0-1.

    Core: at least three draws in four; fringe: in some; never: in none.

    Examples
    --------
    >>> group_of(0.9), group_of(0.1), group_of(0.0)
    ('core', 'fringe', 'never')
    """
    if times_share >= LEAST_OF_CORE:
        return CORE
    return FRINGE if times_share > 0.0 else NEVER


def belongings(
    gains: Values,
    promise: Promise,
    limits: Limits,
    candidates: Collection[int],
    forced: Collection[int],
    futures_per_draw: int,
) -> dict[int, Estimate]:
    """Return in which share of the draws each candidate belongs to the best set, 0-1.

    Parameters
    ----------
    gains : ndarray, shape (R, n)
        What each country adds in each future; `futures_per_draw` successive futures share a draw.
    promise : Promise
        Of the same futures.
    limits : Limits
        Places and limits; what countries are promised is taken from each draw.
    candidates, forced : collection of int
        As for `best_sum`.
    futures_per_draw : int

    Notes
    -----
    The best set of a draw is that of the means over its futures, of which there are few: chance
    moves countries that are nearly as good as each other, so the fringe is drawn too wide.
    """

    def by_draw(values: Values) -> Values:
        return np.asarray(values.reshape(-1, futures_per_draw, values.shape[1]).mean(axis=1))

    each = zip(by_draw(gains), by_draw(promise.size_mw), by_draw(promise.bill_usd_m), strict=True)
    chosen = []
    for mean, size, bill in each:
        own = replace(limits, size_mw=size, bill_usd_m=bill)
        # Countries that must be asked may not fit in every draw.
        kept = forced if own.admit(tuple(forced)) else ()
        chosen.append(best_sum(mean, candidates, own, kept))
    return {i: share(sum(i in best for best in chosen), len(chosen)) for i in sorted(candidates)}
