"""Statistics of patterns, one value for each future.

Axes: future r (R), country i (n). A month is an index from the launch, negative where the country
never joins. A value is NaN where a future has too few countries to say anything.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Bools = NDArray[np.bool_]

FEWEST_JOINERS = 8  # two for each quarter
FEWEST_IN_A_GROUP = 3  # of which a mean month is taken


def s_shape(month: NDArray[Any]) -> Array:
    """Return by how much uptake first speeds up and then slows down, as a share of its span, (R,).

    Joiners are cut by their order into quarters. An S-shaped curve needs longer for the first
    quarter than for the second, and longer for the last than for the third. The value is the
    smaller of these two differences, as a share of the time from the launch to the last joining:
    positive for an S, 0 at a constant pace, negative where uptake is fastest at either end.

    Parameters
    ----------
    month : ndarray of int, shape (R, n)

    Notes
    -----
    A country joins in the middle of its month. For a Bass curve with p = 0.03 and q = 0.38 among
    190 countries the value is about 0.08, for an exponential approach to a limit about -0.03.

    References
    ----------
    Bass 1969.

    Examples
    --------
    >>> slow_fast_slow = np.array([[0, 4, 5, 6, 6, 7, 8, 12]])
    >>> s_shape(slow_fast_slow).round(2).tolist()
    [0.28]
    """
    found = np.full(len(month), np.nan)
    is_known = (month >= 0).sum(axis=1) >= FEWEST_JOINERS
    if not is_known.any():
        return found
    joined = np.where(month >= 0, month + 0.5, np.nan)[is_known]
    ends = np.nanquantile(joined, (0.25, 0.5, 0.75, 1.0), axis=1)
    first, second, third, last = np.diff(ends, axis=0, prepend=0.0)
    found[is_known] = np.minimum(first - second, last - third) / ends[-1]
    return found


def clustering(has_joined: Bools, region: NDArray[Any]) -> Array:
    """Return Moran's I of joining within regions, less its expectation without clustering, (R,).

    Parameters
    ----------
    has_joined : ndarray of bool, shape (R, n)
        Of the countries that could join, and no others.
    region : ndarray of str, shape (n,)

    Notes
    -----
    ``I = (n / sum(w)) * sum(w_ij z_i z_j) / sum(z_i**2)`` with ``z`` the deviation from the mean
    and ``w_ij`` one over the number of other countries in the region of i, 0 outside it. If the
    same answers were dealt out at random, the expectation is ``-1 / (n - 1)``, whatever the
    weights.

    References
    ----------
    Moran 1950.

    Examples
    --------
    >>> answers = np.array([[True, True, False, False], [True, False, True, False]])
    >>> clustering(answers, np.array(["a", "a", "b", "b"])).round(3).tolist()
    [1.333, -0.667]
    """
    n = region.size
    beside = (region[:, None] == region[None, :]) & ~np.eye(n, dtype=bool)
    weight = beside / np.maximum(beside.sum(axis=1, keepdims=True), 1)
    z = has_joined - has_joined.mean(axis=1, keepdims=True)
    variation = (z**2).sum(axis=1)
    alike = ((z @ weight) * z).sum(axis=1)
    varies = variation > 0.0
    index = n / weight.sum() * alike / np.where(varies, variation, 1.0)
    return np.asarray(np.where(varies, index + 1.0 / (n - 1), np.nan))


def months_between(month: NDArray[Any], group: Bools, others: Bools) -> Array:
    """Return the mean month in which a group joins less that of others, of those that join, (R,).

    Parameters
    ----------
    month : ndarray of int, shape (R, n)
    group, others : ndarray of bool, shape (n,)

    Examples
    --------
    >>> month = np.array([[1, 2, 3, 7, 8, 9, -1]])
    >>> is_ally = np.array([True, True, True, False, False, False, False])
    >>> months_between(month, is_ally, ~is_ally).tolist()
    [-6.0]
    """
    has_joined = month >= 0
    return difference_of_means(month, has_joined & group, has_joined & others, FEWEST_IN_A_GROUP)


def difference_of_means(
    values: NDArray[Any], inside: Bools, outside: Bools, fewest: int = 1
) -> Array:
    """Return the mean of values over some countries less that over others, (R,).

    Parameters
    ----------
    values : ndarray, shape (n,) or (R, n)
    inside, outside : ndarray of bool, shape (R, n)
    fewest : int
        Countries needed on either side.

    Examples
    --------
    >>> joined = np.array([[True, False, False], [False, False, False]])
    >>> difference_of_means(np.array([0.9, 0.2, 0.4]), joined, ~joined).round(2).tolist()
    [0.6, nan]
    """
    counts = [np.asarray(side.sum(axis=1)) for side in (inside, outside)]
    means = [
        np.where(side, values, 0.0).sum(axis=1) / np.maximum(count, 1)
        for side, count in zip((inside, outside), counts, strict=True)
    ]
    is_known = np.minimum(*counts) >= fewest
    return np.asarray(np.where(is_known, means[0] - means[1], np.nan))


def share_difference(happens: Bools, inside: Bools, outside: Bools) -> Array:
    """Return how often it happens among some countries less among others, (R,).

    Parameters
    ----------
    happens, inside, outside : ndarray of bool, shape (R, n)

    Examples
    --------
    >>> happens = np.array([[True, True, False, False]])
    >>> weak = np.array([[True, True, False, False]])
    >>> share_difference(happens, weak, ~weak).tolist()
    [1.0]
    """
    return difference_of_means(happens.astype(np.float64), inside, outside)


def late_or_both(month: NDArray[Any], holds_both: Bools, is_ally: Bools) -> Array:
    """Return how much more often others join late, or hold both sides' offers, than allies, (R,).

    Late is after the median month in which allies join. Only countries that join count.

    Parameters
    ----------
    month : ndarray of int, shape (R, n)
    holds_both : ndarray of bool, shape (R, n)
    is_ally : ndarray of bool, shape (n,)

    Examples
    --------
    >>> month = np.array([[1, 2, 3, 1, 8, 9]])
    >>> both = np.array([[False, False, False, True, False, False]])
    >>> late_or_both(month, both, np.array([True] * 3 + [False] * 3)).round(3).tolist()
    [0.667]
    """
    has_joined = month >= 0
    median = np.full(len(month), np.nan)
    is_known = (has_joined & is_ally).any(axis=1)
    if is_known.any():
        allied = np.where(has_joined & is_ally, month, np.nan)[is_known]
        median[is_known] = np.nanmedian(allied, axis=1)
    happens = (month > median[:, None]) | holds_both
    return share_difference(happens, has_joined & ~is_ally, has_joined & is_ally)
