"""How many futures bring a Monte Carlo error down to a stated size: the law of the square root."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from sim.experiment.intervals import HIGH, LOW, NORMAL_95, unseen_error


class Needed(NamedTuple):
    """How many draws of the uncertain numbers are enough, with a 90 % interval.

    The interval is NaN where the variance is not estimated but bounded.
    """

    draws: float
    low: float
    high: float


def half_width(error: float, draws: float) -> float:
    """Return half the width of the 90 % interval of a mean with some standard error.

    Parameters
    ----------
    error : float
        Standard error; draws are the independent units.
    draws : float
        At least 2.
    """
    from scipy import special

    return error * float(special.stdtrit(max(draws - 1, 1), HIGH))


def draws_needed(error: float, draws: int, within: float) -> Needed:
    """Return how many draws bring half the width of the 90 % interval to a size.

    Parameters
    ----------
    error : float
        Standard error with the draws in hand; above 0.
    draws : int
        In hand, at least 2.
    within : float
        Half the width that is wanted, above 0, in the same unit.

    Notes
    -----
    The error falls with the square root of the number of draws, so ``error**2 * draws`` is the
    variance of one draw. It is itself an estimate: the interval is that of a variance of normal
    values, by the chi-squared distribution.

    Examples
    --------
    >>> round(draws_needed(2.0, 1000, 1.0).draws / draws_needed(2.0, 1000, 2.0).draws, 2)
    4.0
    """
    from scipy import special

    variance = error**2 * draws
    degrees = draws - 1
    ends = (degrees / float(special.chdtri(degrees, q)) for q in (LOW, HIGH))
    least, most = (_solved(variance * end, within) for end in ends)
    return Needed(_solved(variance, within), least, most)


def _solved(variance: float, within: float) -> float:
    """Return the least number of draws whose interval is narrow enough, 2 at least."""
    n = max((NORMAL_95**2) * variance / within**2, 2.0)
    # Student's t is a little wider than the normal, and depends on the number itself.
    for _ in range(50):
        wider = max(variance * (half_width(1.0, n) / within) ** 2, 2.0)
        if abs(wider - n) < 1e-6 * n:
            break
        n = 0.5 * (n + wider)
    return n


def draws_needed_unseen(within: float) -> Needed:
    """Return how many draws bound the probability of something that was never seen.

    Examples
    --------
    >>> round(draws_needed_unseen(0.01).draws)
    191
    """
    low, high = 1.0, 1e9
    while high / low > 1.0001:
        middle = math.sqrt(low * high)
        is_enough = NORMAL_95 * float(unseen_error(middle)) <= within
        low, high = (low, middle) if is_enough else (middle, high)
    return Needed(max(high, 2.0), np.nan, np.nan)


def as_futures(draws: float, per_draw: int) -> float:
    """Return draws as a number of futures, rounded up to two digits, a multiple of those of a draw.

    Examples
    --------
    >>> as_futures(893.4, 4), as_futures(3.0, 4)
    (3600.0, 12.0)
    """
    if not math.isfinite(draws):
        return draws
    futures = draws * per_draw
    step = max(10.0 ** (math.floor(math.log10(futures)) - 1), 1.0)
    return float(math.ceil(math.ceil(futures / step - 1e-9) * step / per_draw) * per_draw)
