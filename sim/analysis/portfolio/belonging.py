"""How often each country belongs to the best set, if the uncertain numbers were known."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.portfolio.additive import best_sum
from sim.analysis.shared.estimates import frequency_apart

if TYPE_CHECKING:
    from sim.analysis.portfolio.market import Limits
    from sim.analysis.portfolio.objective import Values
    from sim.analysis.shared.estimates import Estimate

CORE, FRINGE, NEVER = "core", "fringe", "never"
LEAST_OF_CORE = 0.5


def group_of(times_share: float) -> str:
    """Return a group by the share of draws in which a country belongs, 0-1.

    Core: at least one draw in two; fringe: in some; never: in none.

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
    limits : Limits
        Places and limits, the same in every draw: what may be promised is settled beforehand.
    candidates, forced : collection of int
        As for `best_sum`.
    futures_per_draw : int

    Notes
    -----
    The best set of a draw is that of what each country adds in it. A mean over the few futures of
    one draw is mostly chance, so it is drawn towards the country's mean over all draws, by the
    share of the variance between draws that is chance (`shrunk`).
    """
    adds = shrunk(gains.reshape(-1, futures_per_draw, gains.shape[1]))
    chosen = [best_sum(mean, candidates, limits, forced) for mean in adds]
    return {
        i: frequency_apart(sum(i in best for best in chosen), len(chosen))
        for i in sorted(candidates)
    }


def shrunk(values: Values) -> Values:
    """Return means over the futures of each draw without the part of their spread that is chance.

    Parameters
    ----------
    values : ndarray, shape (D, F, n)

    Returns
    -------
    ndarray, shape (D, n)
        Linear empirical Bayes (James and Stein 1961): mean + B (mean of the draw - mean), with B
        the estimated share of the variance between draws that is not chance.

    Examples
    --------
    >>> import numpy as np
    >>> by_chance = np.array([[[0.0], [1.0]], [[1.0], [0.0]], [[1.0], [1.0]]])
    >>> shrunk(by_chance).round(3).ravel().tolist()
    [0.667, 0.667, 0.667]
    >>> certain = np.array([[[0.0], [0.0]], [[1.0], [1.0]]])
    >>> shrunk(certain).ravel().tolist()
    [0.0, 1.0]
    """
    n_draws, n_futures = values.shape[:2]
    mean = values.mean(axis=1)
    if n_draws < 2 or n_futures < 2:
        return np.asarray(mean)
    chance = values.var(axis=1, ddof=1).mean(axis=0) / n_futures
    spread = mean.var(axis=0, ddof=1)
    kept = np.clip(1.0 - chance / np.where(spread > 0.0, spread, 1.0), 0.0, 1.0)
    centre = mean.mean(axis=0)
    return np.asarray(centre + kept * (mean - centre))
