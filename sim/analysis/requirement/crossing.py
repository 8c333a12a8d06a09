"""Where a probability reaches a level, with an interval by resampling the draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.experiment.intervals import HIGH, LOW
from sim.model.rows import FUTURES_PER_DRAW

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

RESAMPLES = 500


def resampled_means(happens: NDArray[np.bool_], seed: int, resamples: int = RESAMPLES) -> Array:
    """Return means over futures when draws are resampled, (resamples, ...).

    Parameters
    ----------
    happens : ndarray, shape (R, ...)
        Futures that share a draw stay together; the same draws are taken in all columns.
    seed : int
    resamples : int
    """
    starts = np.arange(0, happens.shape[0], FUTURES_PER_DRAW)
    totals = np.add.reduceat(happens.astype(np.float64), starts, axis=0)
    sizes = np.diff(np.append(starts, happens.shape[0])).astype(np.float64)
    n = starts.size
    taken = np.random.default_rng(seed).multinomial(n, np.full(n, 1.0 / n), size=resamples)
    weights = taken.astype(np.float64)
    means = np.tensordot(weights, totals, axes=1)
    return means / (weights @ sizes).reshape(-1, *(1,) * (happens.ndim - 1))


def crossings(at: Array, chances: Array, level: float) -> Array:
    """Return where each curve first reaches a level, straight between its points.

    Parameters
    ----------
    at : ndarray, shape (m,)
        Rising.
    chances : ndarray, shape (curves, m)
    level : float

    Returns
    -------
    ndarray, shape (curves,)
        Infinite where a curve never reaches it.

    Examples
    --------
    >>> crossings(np.array([0.0, 1.0, 2.0]), np.array([[0.2, 0.4, 0.8], [0.1, 0.2, 0.3]]), 0.6)
    array([1.5, inf])
    """
    reached = chances >= level
    first = reached.argmax(axis=1)
    curve = np.arange(chances.shape[0])
    before = np.maximum(first - 1, 0)
    low, high = chances[curve, before], chances[curve, first]
    rise = np.where(high > low, high - low, 1.0)
    between = at[before] + (at[first] - at[before]) * (level - low) / rise
    found = np.where(first == 0, at[0], between)
    return np.where(reached.any(axis=1), found, np.inf)


def crossing_interval(
    at: Array, happens: NDArray[np.bool_], level: float, seed: int
) -> tuple[float, float, float]:
    """Return where the mean of futures first reaches a level, and the ends of its 90 % interval.

    Parameters
    ----------
    at : ndarray, shape (m,)
        Rising.
    happens : ndarray of bool, shape (R, m)
    level : float
    seed : int
        Of the resampling.

    Returns
    -------
    found, low, high : float
        Infinite where it is not reached.
    """
    found = crossings(at, happens.mean(axis=0)[None], level)[0]
    ends = np.quantile(
        crossings(at, resampled_means(happens, seed), level), (LOW, HIGH), method="inverted_cdf"
    )
    return float(found), float(ends[0]), float(ends[1])
