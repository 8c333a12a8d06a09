"""Who else moves when terms are offered: paired differences in the same futures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.shared.estimates import Estimate, estimate
from sim.experiment.intervals import mean_interval
from sim.model.rows import FUTURES_PER_DRAW

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.analysis.requirement.trials import TrialResult

# Of those that are said to move, the share that may do so by chance alone.
FALSE_SHARE = 0.05


@dataclass(frozen=True)
class Moves:
    """How likely each country is to sign before and after; axis n.

    Parameters
    ----------
    country : tuple of str
    before, after : ndarray
        Probabilities of signing the offer by the month.
    difference, low, high, error : ndarray
        After less before, future by future, with its 90 % interval and standard error.
    rival : ndarray
        Difference of the probability of being with another provider at the end of the month.
    moves : ndarray of bool
        Whether the difference is more than its Monte Carlo error: among all that are said to move,
        5 % are expected to do so by chance alone.
    total : Estimate
        Difference of the number of other countries that sign.
    """

    country: tuple[str, ...]
    before: NDArray[np.float64]
    after: NDArray[np.float64]
    difference: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    error: NDArray[np.float64]
    rival: NDArray[np.float64]
    moves: NDArray[np.bool_]
    total: Estimate

    def movers(self, way: int) -> list[int]:
        """Return the countries that move up (1) or down (-1), the farthest first."""
        found = np.flatnonzero(self.moves & (np.sign(self.difference) == way))
        return [int(i) for i in found[np.argsort(-np.abs(self.difference[found]), kind="stable")]]


def moves_between(
    country: tuple[str, ...], own: str, before: TrialResult, after: TrialResult
) -> Moves:
    """Return who moves from one outcome to another, in the same futures.

    Parameters
    ----------
    country : tuple of str
        Codes, axis n.
    own : str
        The country that the terms are for; it is among the rows, but not in the total.
    before, after : TrialResult
    """
    paired = after.signed.astype(np.float64) - before.signed
    mean, low, high, error = mean_interval(paired, FUTURES_PER_DRAW)
    n_draws = -(-paired.shape[0] // FUTURES_PER_DRAW)
    others = paired[:, [code != own for code in country]].sum(axis=1)
    return Moves(
        country, before.signed.mean(axis=0), after.signed.mean(axis=0), mean, low, high, error,
        after.with_rival.mean(axis=0) - before.with_rival.mean(axis=0),
        _beyond_chance(mean, error, n_draws),
        estimate(others),
    )  # fmt: skip


def _beyond_chance(
    mean: NDArray[np.float64], error: NDArray[np.float64], n_draws: int
) -> NDArray[np.bool_]:
    """Return which differences are more than chance (Benjamini and Hochberg 1995)."""
    # Slow to import, and charts import this module.
    from scipy import special, stats

    varies = error > 0.0
    # Where all futures agree nothing is left to chance.
    found = np.asarray(~varies & (mean != 0.0), np.bool_)
    if not varies.any():
        return found
    t = np.abs(mean[varies]) / error[varies]
    p = 2.0 * special.stdtr(max(n_draws - 1, 1), -t)
    # Countries that move in no future are settled: they are not among those that are tested.
    found[varies] = stats.false_discovery_control(p) <= FALSE_SHARE
    return found
