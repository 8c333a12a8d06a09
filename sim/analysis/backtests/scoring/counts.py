"""Scores of the number of joiners, from the numbers in simulated futures."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.experiment.intervals import HIGH, LOW, quantiles

Array = NDArray[np.float64]


def crps(count: Array, n_joined: int) -> float:
    """Return the continuous ranked probability score of a sample, in countries.

    Parameters
    ----------
    count : ndarray, shape (R,)
        Number of joiners in each future.
    n_joined : int
        Number on record.

    Notes
    -----
    It is the integral of the squared difference between the sample's distribution function and the
    step at the number on record, ``E|X - y| - E|X - X'| / 2`` (Gneiting and Raftery 2007); half the
    squared energy distance of SciPy. A sample without spread scores its absolute error.

    Examples
    --------
    >>> round(crps(np.array([3.0, 3.0]), 5), 12), round(crps(np.array([0.0, 2.0]), 1), 12)
    (2.0, 0.5)
    """
    from scipy import stats

    return float(stats.energy_distance(count, [n_joined]) ** 2 / 2.0)


def band(count: Array) -> tuple[float, float]:
    """Return the numbers between which 90 % of futures lie, each a number that occurred."""
    low, high = quantiles(count, (LOW, HIGH))
    return float(low), float(high)


def is_covered(count: Array, n_joined: int) -> float:
    """Return 1 if the number on record lies in the 90 % band of futures, else 0.

    Examples
    --------
    >>> is_covered(np.arange(100.0), 4), is_covered(np.arange(100.0), 3)
    (1.0, 0.0)
    """
    low, high = band(count)
    return float(low <= n_joined <= high)
