"""Scores of probabilities for many weightings of the countries at once.

scikit-learn scores one weighting at a time. A thousand resamples of forty programmes and a dozen
forecasts would take it minutes. These functions take all weightings in one pass over arrays; the
tests hold each against scikit-learn, weight by weight.

Arrays: `joined` (n,) bool, `probability` (n,) 0-1, `weight` (B, n) of at least 0, which count each
country that many times. Each function returns one value for each weighting, (B,).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


def weighted_mean(value: Array, weight: Array) -> Array:
    """Return the mean of a value of each country (n,) under each weighting."""
    return divided(np.asarray(weight @ value), weight.sum(axis=1))


def divided(above: Array, below: Array) -> Array:
    """Return a quotient, NaN where the divisor is 0."""
    found = np.full(np.broadcast(above, below).shape, np.nan)
    np.divide(above, below, out=found, where=below != 0.0)
    return found


def log_loss(joined: Flags, probability: Array) -> Array:
    """Return the negative log likelihood of what each country did; shapes broadcast.

    Examples
    --------
    >>> log_loss(np.array([True, False]), np.array([0.5, 0.0])).round(3).tolist()
    [0.693, 0.0]
    """
    from scipy import special

    hit, miss = joined.astype(np.float64), (~joined).astype(np.float64)
    return np.asarray(-special.xlogy(hit, probability) - special.xlog1py(miss, -probability)) + 0.0


def shift_to_count(joined: Flags, probability: Array, weight: Array) -> Array:
    """Return the probabilities after one shift of all log odds that makes their sum right, (B, n).

    Parameters
    ----------
    joined, probability, weight : ndarray
        As above; probabilities strictly between 0 and 1.

    Notes
    -----
    The shift s solves ``sum w expit(logit p + s) = sum w joined`` for each weighting. Where nobody
    or everybody joined no finite shift does, and the probabilities become 0 or 1.
    """
    from scipy import special
    from scipy.optimize import elementwise

    odds = special.logit(probability)
    total = weight.sum(axis=1)
    target = weight @ joined.astype(np.float64)
    shifted = np.broadcast_to((target == total)[:, None], weight.shape).astype(np.float64)
    (open_rows,) = np.nonzero((target > 0.0) & (target < total))
    if not open_rows.size:
        return shifted

    def excess(shift: Array, row: NDArray[np.int64]) -> Array:
        predicted = weight[row] * special.expit(odds + shift[..., None])
        return np.asarray(predicted.sum(axis=-1) - target[row])

    # With the first shift no probability is above the share that joined, with the second none is
    # below; one more on either side, in case all probabilities are equal.
    level = special.logit(target[open_rows] / total[open_rows])
    ends = (level - odds.max() - 1.0, level - odds.min() + 1.0)
    root = elementwise.find_root(excess, ends, args=(open_rows,)).x
    shifted[open_rows] = special.expit(odds + root[:, None])
    return shifted


class BrierParts(NamedTuple):
    """Brier score = reliability - resolution + uncertainty + within bins; each (B,)."""

    reliability: Array
    resolution: Array
    uncertainty: Array
    within_bins: Array


def brier_parts(
    joined: Flags, probability: Array, bins: NDArray[np.int64], weight: Array
) -> BrierParts:
    """Return the parts of the Brier score (Murphy 1973).

    Parameters
    ----------
    joined, probability, weight : ndarray
        As above.
    bins : ndarray of int, shape (n,)
        Bin of each country, as from `sim.analysis.backtests.scoring.calibration.quantile_bins`.

    Notes
    -----
    Murphy's three parts add up if all forecasts of a bin are equal. Otherwise two more belong to
    the sum (Stephenson, Coelho and Jolliffe 2008): the variance of forecasts within bins, less
    twice their covariance with what happened. `within_bins` is both together.
    """
    membership = np.equal.outer(bins, np.unique(bins)).astype(np.float64)
    hit = joined.astype(np.float64)
    size = weight @ membership
    share = np.where(size > 0, size, 1.0)
    seen = (weight * hit) @ membership / share
    said = (weight * probability) @ membership / share
    total = weight.sum(axis=1)
    rate = divided(weight @ hit, total)
    over = probability - said @ membership.T
    beyond = hit - seen @ membership.T
    return BrierParts(
        divided((size * (said - seen) ** 2).sum(axis=1), total),
        divided((size * (seen - rate[:, None]) ** 2).sum(axis=1), total),
        rate * (1.0 - rate),
        divided((weight * (over**2 - 2.0 * over * beyond)).sum(axis=1), total),
    )


def _by_level(value: Array, weight: Array) -> Array:
    """Return weights summed over countries with the same value, by rising value, (B, levels)."""
    order = np.argsort(value, kind="stable")
    _, start = np.unique(value[order], return_index=True)
    return np.add.reduceat(weight[:, order], start, axis=1)


def auc(joined: Flags, probability: Array, weight: Array) -> Array:
    """Return the area under the ROC curve, ties counted half; NaN if nobody or everybody joined."""
    hit = _by_level(probability, weight * joined)
    miss = _by_level(probability, weight * ~joined)
    below = np.cumsum(miss, axis=1) - miss
    won = (hit * (below + 0.5 * miss)).sum(axis=1)
    return divided(won, hit.sum(axis=1) * miss.sum(axis=1))


def hits(joined: Flags, probability: Array, weight: Array) -> Array:
    """Return the share of joiners among the most probable countries, as many as joined.

    Where equal probabilities straddle the cut, the value is the mean over their orders. NaN if
    nobody joined.
    """
    everyone = _by_level(-probability, weight)
    hit = _by_level(-probability, weight * joined)
    before = np.cumsum(everyone, axis=1) - everyone
    n_joined = hit.sum(axis=1)
    room = n_joined[:, None] - before
    taken = np.clip(room / np.where(everyone > 0, everyone, 1.0), 0.0, 1.0)
    return divided((hit * taken).sum(axis=1), n_joined)
