"""Scores of when countries join, for many weightings of the countries at once.

Countries that have not joined by the end are censored there. No country leaves the record earlier,
so no weighting for censoring is needed. A country that joined in an unknown month is left out.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.analysis.backtests.scoring.weighted import divided

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


def known_timing(joined: Flags, month: Array) -> Flags:
    """Return which countries have a known time: a month, or not joined by the end, (n,)."""
    return ~joined | ~np.isnan(month)


def concordance(joined: Flags, month: Array, risk: Array, weight: Array) -> Array:
    """Return Harrell's concordance: how often the country that joins sooner had the higher risk.

    Parameters
    ----------
    joined, month : ndarray, shape (n,)
        Whether and in which month each country joined; NaN where it did not, or the month is
        unknown.
    risk : ndarray, shape (n,)
        Higher for a country predicted to join sooner.
    weight : ndarray, shape (B, n)
        How often each country counts.

    Returns
    -------
    ndarray, shape (B,)
        NaN where no pair can be compared.

    Notes
    -----
    A pair counts if one country joined in a month in which the other had not yet joined. Equal
    risks count half (Harrell, Lee and Mark 1996).
    """
    known = known_timing(joined, month)
    joins = joined & known
    time = np.where(joins, month, np.inf)
    counted = (joins[:, None] & known[None, :] & (time[:, None] < time[None, :])).astype(np.float64)
    right = (risk[:, None] > risk[None, :]) + 0.5 * (risk[:, None] == risk[None, :])
    won = ((weight @ (counted * right)) * weight).sum(axis=1)
    return divided(won, ((weight @ counted) * weight).sum(axis=1))


def has_joined(month: Array, n_months: int) -> Array:
    """Return 1 where a country has joined by the end of a month, else 0, (n, T)."""
    # A comparison with NaN is false: never joined.
    return np.asarray(month[:, None] <= np.arange(n_months), np.float64)


def integrated_brier(joined: Flags, month: Array, by_month: Array, weight: Array) -> Array:
    """Return the Brier score of having joined by each month, averaged over months.

    Parameters
    ----------
    joined, month : ndarray, shape (n,)
        As in `concordance`.
    by_month : ndarray, shape (n, T) or (B, T), 0-1
        Predicted probability that each country has joined by the end of each month.
    weight : ndarray, shape (B, n)
        How often each country counts.

    Returns
    -------
    ndarray, shape (B,)
        NaN where no country has a known time.

    Notes
    -----
    The weights for censoring of the original score (Graf, Schmoor, Sauerbrei and Schumacher 1999)
    are all 1, as no country leaves the record early.
    """
    counted = weight * known_timing(joined, month)
    error = ((by_month - has_joined(month, by_month.shape[1])) ** 2).mean(axis=1)
    return divided(counted @ error, counted.sum(axis=1))


def integrated_brier_of_shares(joined: Flags, month: Array, n_months: int, weight: Array) -> Array:
    """Return the integrated Brier score of giving each month's share of joiners to all, (B,)."""
    counted = weight * known_timing(joined, month)
    share = divided(counted @ has_joined(month, n_months), counted.sum(axis=1)[:, None])
    return np.asarray((share * (1.0 - share)).mean(axis=1))
