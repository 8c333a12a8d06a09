"""Monte Carlo noise among the points of a sweep: the part of their variance that is chance.

The points of a sweep have the same futures. What these have in common moves all points together and
does not make them differ; only what is left of chance does. It acts like a number of its own: it
lowers first orders, and it may raise total orders and elementary effects, by as much as its share.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
# Above this share, first and total orders are off by a tenth of the variance or more.
MUCH_NOISE = 0.1


def noise_at_most(outcome: Values, error: Values, paired_error: Values) -> float:
    """Return an upper bound of the share of the variance among points that is noise, 0-1.

    Parameters
    ----------
    outcome : ndarray, shape (points,)
        The means over futures; they must vary.
    error, paired_error : ndarray, shape (points,)
        Standard error of each mean, and of its difference from point 0; NaN where unknown.

    Returns
    -------
    float
        NaN if no error is known.

    Notes
    -----
    The variance of the errors around their own mean is at most their mean square around anything
    else: around zero, or around the error of point 0. So both errors give a bound, and the smaller
    one is taken.
    """
    bounds = [float(np.mean(each**2)) for each in (error, paired_error) if np.isfinite(each).all()]
    if not bounds:
        return math.nan
    return min(1.0, min(bounds) / float(np.var(outcome, ddof=1)))


def noise_share(futures: Values, size: int) -> float:
    """Return the share of the variance among points that is noise, from the futures, 0-1.

    Parameters
    ----------
    futures : ndarray, shape (points, R)
        The outcome in each future of each point, the same futures at all.
    size : int
        Futures that share one draw; the draws are the independent units.

    Returns
    -------
    float
        NaN with fewer than two whole draws.

    Notes
    -----
    The residual of a two-way layout of points and draws, divided by the number of draws: what is
    left of chance once the luck that all points share is taken out (Searle, Casella and McCulloch
    1992).

    Examples
    --------
    >>> luck = np.array([0.0, 1.0, -1.0, 2.0])
    >>> round(noise_share(np.array([[1.0], [2.0], [5.0]]) + luck, 1), 9)
    0.0
    """
    n_points, n_draws = futures.shape[0], futures.shape[1] // size
    if n_draws < 2:
        return math.nan
    means = futures[:, : n_draws * size].reshape(n_points, n_draws, size).mean(axis=2)
    at_point = means.mean(axis=1, keepdims=True)
    left = means - at_point - means.mean(axis=0) + means.mean()
    freedom = (n_points - 1) * (n_draws - 1)
    noise = float((left**2).sum()) / freedom / n_draws
    between = float(np.var(at_point, ddof=1))
    return min(1.0, noise / between) if between > 0 else math.nan


def noise_of_effects(share: float, outcome: Values, levels: int) -> float:
    """Return the mean absolute elementary effect that noise alone gives, in the outcome's unit.

    Parameters
    ----------
    share : float
        Share of the variance among points that is noise.
    outcome : ndarray, shape (points,)
        The means over futures.
    levels : int
        Levels of the Morris design.

    Notes
    -----
    The mean absolute difference of two normal errors of standard deviation s is 2 s / sqrt(pi). A
    step of a Morris design is ``levels / (2 (levels - 1))`` of a range.
    """
    spread = math.sqrt(share * float(np.var(outcome, ddof=1)))
    return 2.0 * spread / math.sqrt(math.pi) * 2.0 * (levels - 1) / levels
