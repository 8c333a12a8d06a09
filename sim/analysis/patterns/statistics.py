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

FEWEST_JOINERS = 6  # two for each third of a span
FEWEST_IN_A_GROUP = 3  # of which a mean month is taken


def middle_excess(month: NDArray[Any]) -> Array:
    """Return how far the middle third of the uptake exceeds the greater of its outer thirds, (R,).

    The span from the launch to the last joining is cut into three equal parts; the value is the
    share of joiners in the middle part less the greater of the shares in the other two. It is
    positive for an S-shaped curve, and negative where uptake is fastest at either end.

    Parameters
    ----------
    month : ndarray of int, shape (R, n)

    Examples
    --------
    >>> slow_fast_slow = np.array([[0, 3, 4, 4, 4, 5, 5, 8]])
    >>> middle_excess(slow_fast_slow).tolist()
    [0.625]
    """
    has_joined = month >= 0
    span = month.max(axis=1, keepdims=True, initial=0) + 1
    third = ((month + 0.5) / span * 3).astype(np.int64)
    count = has_joined.sum(axis=1)
    share = [
        (has_joined & (third == part)).sum(axis=1) / np.maximum(count, 1) for part in range(3)
    ]
    excess = share[1] - np.maximum(share[0], share[2])
    return np.asarray(np.where(count >= FEWEST_JOINERS, excess, np.nan))


def clustering(has_joined: Bools, region: NDArray[Any]) -> Array:
    """Return Moran's I of joining within regions, less its expectation without clustering, (R,).

    Parameters
    ----------
    has_joined : ndarray of bool, shape (R, n)
        Of the countries that could join, and no others.
    region : ndarray of str, shape (n,)

    Notes
    -----
    ``I = (n / sum(w)) * sum(w_ij z_i z_j) / sum(z_i**2)`` with ``z`` the deviation from the mean and
    ``w_ij`` one over the number of other countries in the region of i, 0 outside it. If the same
    answers were dealt out at random, the expectation is ``-1 / (n - 1)``, whatever the weights.

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
    allied = np.ma.masked_array(month, ~(has_joined & is_ally))
    median = np.ma.filled(np.ma.median(allied, axis=1), np.nan).astype(np.float64)
    happens = (month > median[:, None]) | holds_both
    return share_difference(happens, has_joined & ~is_ally, has_joined & is_ally)
