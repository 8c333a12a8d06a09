"""Measures of robustness over a table of settings and worlds.

In all functions ``outcome`` has the shape (A, S): each setting of the levers in each world.
``sign`` is 1 if more of the outcome is better, and -1 if less is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
# What a setting costs unless something else is named.
GIVEN_UP = "what it gives up on average"


def regret_from_best(outcome: Values, sign: int) -> Values:
    """Return by how much each setting falls short of the best setting of the same world, (A, S).

    This is regret type II, that of Savage (1951); never below 0, and 0 for the best.

    Examples
    --------
    >>> regret_from_best(np.array([[3.0, 1.0], [2.0, 5.0]]), 1).tolist()
    [[0.0, 4.0], [1.0, 0.0]]
    """
    return np.asarray((sign * outcome).max(axis=0) - sign * outcome)


def regret_error(outcome: Values, error: Values, sign: int) -> Values:
    """Return the Monte Carlo standard error of the regret from the best setting, (A, S).

    Only the error of a difference from the scenario as it stands is known, not that between two
    settings. Two errors never add up to more than their sum, so the sum says at most how far
    chance goes. It is 0 for the best setting, which is compared with itself.

    Parameters
    ----------
    outcome, sign
        See there.
    error : ndarray, shape (A, S)
        Monte Carlo standard errors of the difference from the scenario as it stands, over the
        same futures.

    Examples
    --------
    >>> regret_error(np.array([[3.0], [2.0]]), np.array([[0.25], [0.5]]), 1).tolist()
    [[0.0], [0.75]]
    """
    best = (sign * outcome).argmax(axis=0)
    of_best = np.take_along_axis(error, best[None, :], axis=0)
    return np.asarray(np.where(np.arange(len(outcome))[:, None] == best, 0.0, of_best + error))


def regret_from_expected(outcome: Values, expected: int, sign: int) -> Values:
    """Return by how much each setting falls short of itself in the expected world, (A, S).

    This is regret type I (Herman, Reed, Zeff and Characklis 2015), of which only losses count: a
    world that is kinder than expected is no reason for regret.

    Parameters
    ----------
    outcome, sign
        See there.
    expected : int
        Index of the expected world.

    Examples
    --------
    >>> regret_from_expected(np.array([[3.0, 1.0], [2.0, 5.0]]), 0, 1).tolist()
    [[0.0, 2.0], [0.0, 0.0]]
    """
    own = outcome[:, expected][:, None]
    return np.asarray(np.maximum(sign * (own - outcome), 0.0))


def as_share(regret: Values, baseline: Values) -> Values:
    """Return regrets as shares of a baseline; NaN where that is 0, since no share is defined.

    Examples
    --------
    >>> as_share(np.array([1.0, 1.0, 0.0]), np.array([4.0, 0.0, 0.0])).tolist()
    [0.25, nan, nan]
    """
    size = np.broadcast_to(np.abs(baseline), regret.shape)
    is_defined = size > 0
    return np.asarray(np.where(is_defined, regret / np.where(is_defined, size, 1.0), np.nan))


def satisficing(outcome: Values, threshold: float, sign: int) -> Values:
    """Return in which share of the worlds each setting is good enough, (A,), 0-1 (Starr 1963).

    Examples
    --------
    >>> satisficing(np.array([[3.0, 1.0], [2.0, 5.0]]), 2.0, 1).tolist()
    [0.5, 1.0]
    """
    return np.asarray((sign * outcome >= sign * threshold).mean(axis=1))


def percentile_from_worst(outcome: Values, percent: float, sign: int) -> Values:
    """Return the value that each setting exceeds in all but some percent of the worlds, (A,).

    Examples
    --------
    >>> percentile_from_worst(np.array([[4.0, 1.0, 3.0]]), 0, 1).tolist()
    [1.0]
    >>> percentile_from_worst(np.array([[4.0, 1.0, 3.0]]), 0, -1).tolist()
    [4.0]
    """
    return np.asarray(sign * np.percentile(sign * outcome, percent, axis=1, method="inverted_cdf"))


def on_front(gain: Values, loss: Values) -> NDArray[np.bool_]:
    """Return which settings no other beats in one measure without losing in the other, (A,).

    Parameters
    ----------
    gain : ndarray, shape (A,)
        More is better.
    loss : ndarray, shape (A,)
        Less is better.

    Examples
    --------
    >>> on_front(np.array([1.0, 2.0, 2.0]), np.array([0.0, 1.0, 2.0])).tolist()
    [True, True, False]
    """
    as_good = (gain[:, None] >= gain) & (loss[:, None] <= loss)
    better = (gain[:, None] > gain) | (loss[:, None] < loss)
    return np.asarray(~(as_good & better).any(axis=0))
