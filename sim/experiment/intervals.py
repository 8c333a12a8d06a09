"""Means, intervals and shares of variance over futures that come in groups.

Futures ``r`` with equal ``r // size`` share one draw of the uncertain numbers and differ only by
chance. Variation between groups beyond chance is due to the numbers; variation within groups is
chance. In all functions the first axis is that of futures; all others are separate outcomes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

LOW, HIGH = 0.05, 0.95
NORMAL_95 = 1.6448536269514722
# Above this, a Beta distribution is almost two points, and its quantiles are unreliable.
LARGEST_CORRELATION = 0.999
# Below these, a correlation or a probability counts as zero.
LEAST_CORRELATION = 1e-9
LEAST_PROBABILITY = 1e-9


@dataclass(frozen=True)
class Probability:
    """The probability of a 0/1 outcome, with separate errors from parameters and from chance.

    Parameters
    ----------
    mean : ndarray
        Share of futures in which it happens, 0-1.
    low, high : ndarray
        90 % interval of the probability over plausible values of the uncertain numbers, 0-1.
    standard_error : ndarray
        Monte Carlo standard error of ``mean``; NaN with fewer than two draws of the numbers. It is
        `unseen_error` if the outcome happens in no future or in all and no rule makes that certain.
    """

    mean: Array
    low: Array
    high: Array
    standard_error: Array


@dataclass(frozen=True)
class _Groups:
    """Sums over each group of futures."""

    total: Array  # (groups, ...) sum of the outcome
    size: Array  # (groups,)
    squares: Array  # (...) sum of squared outcomes over all futures

    @property
    def futures(self) -> float:
        return float(self.size.sum())


def _grouped(outcome: NDArray[Any], size: int) -> _Groups:
    """Return the sums of an outcome over groups of `size` successive futures."""
    n_futures = outcome.shape[0]
    starts = np.arange(0, n_futures, size)
    counts = np.diff(np.append(starts, n_futures)).astype(np.float64)
    is_exact = outcome.dtype.kind in "bui"
    total = np.add.reduceat(outcome, starts, axis=0, dtype=np.int64 if is_exact else np.float64)
    if outcome.dtype.kind == "b":
        squares = total.sum(axis=0)
    else:
        squares = np.einsum("r...,r...->...", outcome, outcome, dtype=np.float64)
    return _Groups(total.astype(np.float64), counts, np.asarray(squares, np.float64))


def _column(values: Array, like: Array) -> Array:
    """Return one value per group, shaped to broadcast with an array (groups, ...)."""
    return values.reshape(-1, *(1,) * (like.ndim - 1))


def _correlation(groups: _Groups) -> Array:
    """Return the intra-class correlation by one-way analysis of variance; may be below 0."""
    n_groups, n = groups.size.size, groups.futures
    size = _column(groups.size, groups.total)
    by_group = (groups.total**2 / size).sum(axis=0)
    if n_groups < 2:
        return np.full_like(by_group, np.nan)
    if n <= n_groups:
        # With one future per draw, chance and parameters cannot be separated.
        return np.full_like(by_group, np.nan)
    overall = groups.total.sum(axis=0) ** 2 / n
    between = (by_group - overall) / (n_groups - 1)
    within = np.maximum(groups.squares - by_group, 0.0) / (n - n_groups)
    typical = (n - float((groups.size**2).sum()) / n) / (n_groups - 1)
    # If an outcome never varies, what is left here is rounding, not variance.
    floor = 1e-12 * np.maximum(groups.squares, 1.0)
    varies = between + (typical - 1.0) * within > floor
    below = np.where(varies, between + (typical - 1.0) * within, 1.0)
    return np.where(varies, (between - within) / below, 0.0)


def variance_share(outcome: NDArray[Any], size: int) -> Array:
    """Return the share of an outcome's variance that is due to the uncertain numbers, 0-1.

    Parameters
    ----------
    outcome : ndarray, shape (R, ...)
        Value in each future.
    size : int
        Futures that share one draw.

    Returns
    -------
    ndarray, shape (...)
        Intra-class correlation by one-way analysis of variance, with negative estimates set to 0;
        NaN with fewer than two draws or one future per draw; 0 if nothing varies.

    Notes
    -----
    ``(MSB - MSW) / (MSB + (m - 1) MSW)``, with ``m`` the mean group size corrected for unequal
    groups (Donner 1986). An estimate from few draws is imprecise: with D draws of four futures its
    standard error is about ``0.4 / sqrt(D)`` if none of the variance is due to the numbers.

    Examples
    --------
    >>> import numpy as np
    >>> float(variance_share(np.array([1.0, 1.0, 3.0, 3.0]), 2))
    1.0
    """
    return np.clip(_correlation(_grouped(outcome, size)), 0.0, 1.0)


def _pooled(rho: Array, mean: Array, n_groups: int, group_size: float) -> Array:
    """Return correlations (outcomes, ...), shrunk towards their common value.

    Empirical Bayes: an estimate from few draws is mostly noise, and would give one country a wide
    interval and a similar country a narrow one. Each is weighted by how much the estimates differ
    beyond their sampling error (Donner 1986), relative to that error. Outcomes that hardly vary
    carry no information and take the common value.
    """
    if rho.ndim < 1 or rho.shape[0] < 3 or n_groups < 2 or group_size <= 1.0:
        return rho
    informative = (mean > 0.02) & (mean < 0.98) & np.isfinite(rho)
    count = informative.sum(axis=0)
    weight = np.where(informative, 1.0, 0.0) / np.maximum(count, 1)
    common = (weight * np.where(informative, rho, 0.0)).sum(axis=0)
    common = np.maximum(common, 0.0)
    error = 2.0 * ((1.0 - common) * (1.0 + (group_size - 1.0) * common)) ** 2
    error = error / (group_size * (group_size - 1.0) * (n_groups - 1))
    spread = (weight * np.where(informative, (rho - common) ** 2, 0.0)).sum(axis=0)
    signal = np.maximum(spread - error, 0.0)
    trust = np.where(informative, signal / np.maximum(signal + error, 1e-300), 0.0)
    varies = (mean > 0.0) & (mean < 1.0)
    drawn = trust * np.nan_to_num(rho) + (1.0 - trust) * common
    return np.where((count >= 3) & varies & np.isfinite(rho), drawn, rho)


def _clustered_error(groups: _Groups) -> Array:
    """Return the standard error of the mean over futures, with groups as the units."""
    n_groups, n = groups.size.size, groups.futures
    mean = groups.total.sum(axis=0) / n
    if n_groups < 2:
        return np.full_like(mean, np.nan)
    residual = groups.total - _column(groups.size, groups.total) * mean
    return np.asarray(np.sqrt(n_groups / (n_groups - 1) * (residual**2).sum(axis=0)) / n)


def mean_interval(outcome: NDArray[Any], size: int) -> tuple[Array, Array, Array, Array]:
    """Return the mean over futures, its 90 % confidence interval, and its standard error.

    Parameters
    ----------
    outcome : ndarray, shape (R, ...)
        Value in each future, such as a paired difference.
    size : int
        Futures that share one draw; the draws are the independent units.

    Returns
    -------
    mean, low, high, standard_error : ndarray, shape (...)
        The last three are NaN with fewer than two draws.

    Notes
    -----
    Student's t; its degrees of freedom are the number of draws less one.

    Examples
    --------
    >>> import numpy as np
    >>> mean, low, high, error = mean_interval(np.array([1.0, 1.0, 3.0, 3.0]), 2)
    >>> float(mean), float(error)
    (2.0, 1.0)
    """
    from scipy import special

    groups = _grouped(outcome, size)
    mean = np.asarray(groups.total.sum(axis=0) / groups.futures)
    error = _clustered_error(groups)
    width = error * float(special.stdtrit(max(groups.size.size - 1, 1), HIGH))
    return mean, mean - width, mean + width, error


def conditional_error(happens: NDArray[np.bool_], given: NDArray[np.bool_], size: int) -> Array:
    """Return the Monte Carlo standard error of the share of given futures in which it happens.

    Parameters
    ----------
    happens, given : ndarray of bool, shape (R, ...)
        Whether it happens, and whether the condition holds, in each future.
    size : int
        Futures that share one draw; the draws are the independent units.

    Returns
    -------
    ndarray, shape (...)
        NaN where the condition holds in fewer than two draws. Where it always or never happens: as
        `unseen_error` of the draws in which the condition holds.

    Notes
    -----
    The share is a ratio of two sums over draws, so its error is that of the linearised ratio
    (Cochran 1977, section 6.3).

    Examples
    --------
    >>> import numpy as np
    >>> happens = np.array([True, False, True, True, False, False])
    >>> given = np.array([True, True, True, True, False, True])
    >>> round(float(conditional_error(happens, given, 2)), 3)
    0.25
    """
    held = _grouped(given, size).total
    both = _grouped(happens & given, size).total
    futures, n_draws = held.sum(axis=0), (held > 0).sum(axis=0)
    ratio = both.sum(axis=0) / np.maximum(futures, 1.0)
    residual = both - held * ratio
    scale = n_draws / np.maximum(n_draws - 1, 1)
    error = np.sqrt(scale * (residual**2).sum(axis=0)) / np.maximum(futures, 1.0)
    is_certain = (ratio == 0.0) | (ratio == 1.0)
    error = np.where(is_certain, unseen_error(n_draws), error)
    return np.where(n_draws < 2, np.nan, error)


def unseen_error(units: ArrayLike) -> Array:
    """Return a standard error for a probability of an outcome that never varied, 0-1.

    The observed error would be 0, as if a finite number of futures could prove certainty. This is
    the upper end of the 90 % interval by Jeffreys' prior (Brown, Cai and DasGupta 2001), divided by
    `NORMAL_95`, so that an interval made from standard errors has the same end.

    Examples
    --------
    >>> round(float(NORMAL_95 * unseen_error(250)), 4)
    0.0076
    """
    from scipy import special

    upper_end = special.betaincinv(0.5, np.asarray(units) + 0.5, HIGH)
    return np.asarray(upper_end, np.float64) / NORMAL_95


def probability(
    happens: NDArray[np.bool_],
    size: int,
    has_uncertainty: bool = True,
    is_open: NDArray[np.bool_] | None = None,
) -> Probability:
    """Return the probability of a 0/1 outcome, its interval over parameters and its error.

    Parameters
    ----------
    happens : ndarray of bool, shape (R, ...)
        Whether it happens in each future.
    size : int
        Futures that share one draw.
    has_uncertainty : bool
        False if no number is uncertain: then the probability is a single value, not a range.
    is_open : ndarray of bool, shape (...), optional
        Where no rule decides the outcome, so that no number of futures makes it certain. False
        everywhere unless given.

    Returns
    -------
    Probability

    Notes
    -----
    Over plausible parameters the probability is assumed to follow a Beta distribution with the
    observed mean and the observed intra-class correlation rho: ``a + b = 1 / rho - 1``. The
    interval spans its 5 and 95 % quantiles and is widened to include the mean, which can lie
    outside if the Beta is very skewed. If rho is 0, both ends equal the mean. Along the first axis
    of outcomes (countries) the correlations are shrunk towards their common value.

    Examples
    --------
    >>> import numpy as np
    >>> always = probability(np.ones((8, 1), bool), 4)
    >>> always.mean.item(), always.low.item(), always.high.item(), always.standard_error.item()
    (1.0, 1.0, 1.0, 0.0)
    """
    groups = _grouped(happens, size)
    mean = np.asarray(groups.total.sum(axis=0) / groups.futures)
    rho = np.zeros_like(mean)
    if has_uncertainty:
        group_size = groups.futures / groups.size.size
        rho = _pooled(_correlation(groups), mean, groups.size.size, group_size).clip(0.0, 1.0)
    low, high = beta_interval(mean, rho)
    error = _clustered_error(groups)
    if is_open is not None:
        is_unseen = is_open & ((mean == 0.0) | (mean == 1.0)) & np.isfinite(error)
        error = np.where(is_unseen, unseen_error(groups.size.size), error)
    return Probability(mean, low, high, error)


def beta_interval(mean: Array, correlation: Array) -> tuple[Array, Array]:
    """Return the 5 and 95 % quantiles of a Beta with a mean and an intra-class correlation.

    Parameters
    ----------
    mean, correlation : ndarray, equal shapes, 0-1
        NaN correlations give NaN.

    Examples
    --------
    >>> import numpy as np
    >>> low, high = beta_interval(np.array([0.5]), np.array([1 / 3]))  # the uniform distribution
    >>> [round(float(end[0]), 6) for end in (low, high)]
    [0.05, 0.95]
    """
    from scipy import special

    spread = np.minimum(correlation, LARGEST_CORRELATION)
    varies = (
        (spread > LEAST_CORRELATION) & (mean > LEAST_PROBABILITY) & (mean < 1.0 - LEAST_PROBABILITY)
    )
    weight = 1.0 / np.where(varies, spread, 0.5) - 1.0
    centre = np.where(varies, mean, 0.5)
    low, high = (
        special.betaincinv(centre * weight, (1.0 - centre) * weight, q) for q in (LOW, HIGH)
    )
    unknown = np.isnan(correlation)
    ends = (
        np.where(varies, np.minimum(low, mean), mean),
        np.where(varies, np.maximum(high, mean), mean),
    )
    return np.where(unknown, np.nan, ends[0]), np.where(unknown, np.nan, ends[1])


def quantiles(outcome: NDArray[Any], probabilities: tuple[float, ...]) -> Array:
    """Return quantiles over futures, each a value that occurred, shape (quantiles, ...).

    Examples
    --------
    >>> import numpy as np
    >>> quantiles(np.array([3, 1, 2, 10]), (0.05, 0.5, 0.95)).tolist()
    [1.0, 2.0, 10.0]
    """
    found = np.quantile(outcome, probabilities, axis=0, method="inverted_cdf")
    return np.asarray(found, np.float64)
