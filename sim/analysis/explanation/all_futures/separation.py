"""How well single numbers tell futures in which something happens from those in which it does not.

The area under the ROC curve: how likely a future in which it happens has the larger number of the
two, a tie counting half. Futures that share a draw of the uncertain numbers are one unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.experiment.intervals import NORMAL_95

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]


# Fewer futures of either kind say nothing about what tells the two apart.
FEWEST = 10


@dataclass(frozen=True)
class Separation:
    """Numbers compared between two kinds of futures; axis F is the number.

    Parameters
    ----------
    mean_with, mean_without : ndarray, shape (F,)
        Means in the futures in which it happens and in the others.
    difference : ndarray, shape (F,)
        Standardised: the difference of the means in pooled standard deviations; 0 where nothing
        varies.
    auc, low, high : ndarray, shape (F,)
        Area under the ROC curve with its 90 % interval, 0-1; NaN with fewer than `FEWEST` futures
        of either kind.
    is_clear : ndarray of bool, shape (F,)
        Whether the area differs from one half by more than chance gives any of the F numbers in one
        of ten such comparisons (Bonferroni).
    """

    mean_with: Array
    mean_without: Array
    difference: Array
    auc: Array
    low: Array
    high: Array
    is_clear: NDArray[np.bool_]


def separate(values: Array, happens: NDArray[np.bool_], size: int) -> Separation:
    """Compare numbers between futures in which something happens and the others.

    Parameters
    ----------
    values : ndarray, shape (R, F)
    happens : ndarray of bool, shape (R,)
    size : int
        Successive futures that share a draw.

    Notes
    -----
    The error of the area is that of clustered data (Obuchowski 1997): each future has a placement,
    its share of futures of the other kind that it is above or below, and placements are summed over
    the futures of a draw.

    Examples
    --------
    >>> import numpy as np
    >>> found = separate(np.arange(40.0)[:, None], np.arange(40) % 4 > 1, 1)
    >>> found.mean_with.tolist(), found.auc.tolist()
    ([20.5], [0.55])
    """
    with_, without = values[happens], values[~happens]
    if min(len(with_), len(without)) < FEWEST:
        unknown = np.full(values.shape[1], np.nan)
        first, second = (part.mean(axis=0) if len(part) else unknown for part in (with_, without))
        no = np.zeros(values.shape[1], np.bool_)
        return Separation(first, second, unknown, unknown, unknown, unknown, no)
    pooled = np.sqrt(0.5 * (with_.var(axis=0, ddof=1) + without.var(axis=0, ddof=1)))
    gap = with_.mean(axis=0) - without.mean(axis=0)
    difference = np.divide(gap, pooled, out=np.zeros_like(gap), where=pooled > 0.0)
    auc, error = _area(values, happens, np.arange(len(values)) // size)
    low, high = np.maximum(0.0, auc - NORMAL_95 * error), np.minimum(1.0, auc + NORMAL_95 * error)
    is_clear = np.abs(auc - 0.5) > _bonferroni(values.shape[1]) * error
    means = with_.mean(axis=0), without.mean(axis=0)
    return Separation(*means, difference, auc, low, high, is_clear)


def _bonferroni(count: int) -> float:
    """Return the standard errors that hold for `count` comparisons at once, nine times in ten."""
    from scipy.special import ndtri

    return float(ndtri(1.0 - 0.05 / max(count, 1)))


def _area(
    values: Array, happens: NDArray[np.bool_], unit: NDArray[np.int64]
) -> tuple[Array, Array]:
    """Return the area of each number and its standard error."""
    from scipy.stats import rankdata

    rank = rankdata(values, axis=0)
    m, n = int(happens.sum()), int((~happens).sum())
    above = (rank[happens] - rankdata(values[happens], axis=0)) / n
    below = 1.0 - (rank[~happens] - rankdata(values[~happens], axis=0)) / m
    auc = above.mean(axis=0)
    first = _by_unit(above - auc, unit[happens], int(unit[-1]) + 1)
    second = _by_unit(below - auc, unit[~happens], int(unit[-1]) + 1)
    n_first, n_second = np.unique(unit[happens]).size, np.unique(unit[~happens]).size
    n_units = np.unique(unit).size
    variance = (
        _scale(n_first) * (first**2).sum(axis=0) / m**2
        + _scale(n_second) * (second**2).sum(axis=0) / n**2
        + 2.0 * _scale(n_units) * (first * second).sum(axis=0) / (m * n)
    )
    return auc, np.sqrt(np.maximum(variance, 0.0))


def _by_unit(values: Array, unit: NDArray[np.int64], n_units: int) -> Array:
    total = np.zeros((n_units, values.shape[1]))
    np.add.at(total, unit, values)
    return total


def _scale(count: int) -> float:
    return count / (count - 1) if count > 1 else 1.0
