"""Six significant digits: every number of every table passes through here.

So CSV, Parquet and repeated runs agree.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

SIGNIFICANT_DIGITS = 6
# Powers of ten that a float holds exactly.
_EXACT_POWER = 22
# Closer than this to half a unit of the last digit, only exact arithmetic decides the rounding.
_NEAR_HALF = 1e-6


def round_number(value: float) -> float:
    """Return a number with six significant digits, never a negative zero.

    Examples
    --------
    >>> round_number(1 / 3), round_number(123456789.0), str(round_number(-0.0))
    (0.333333, 123457000.0, '0.0')
    """
    return float(f"{value:.{SIGNIFICANT_DIGITS - 1}e}") + 0.0


def round_numbers(values: NDArray[Any]) -> NDArray[np.float64]:
    """Return numbers rounded as by `round_number`, in the same shape.

    Notes
    -----
    A number is scaled to six digits before the decimal point, rounded there, and scaled back: a
    whole number below 10**6 times or divided by an exact power of ten is the float nearest to that
    decimal. Numbers near half a unit, or beyond those powers, are rounded one by one.
    """
    given = np.asarray(values, np.float64)
    size = np.abs(given)
    is_plain = (size > 1e-16) & (size < 1e27)
    safe = np.where(is_plain, given, 1.0)
    power = SIGNIFICANT_DIGITS - 1 - np.floor(np.log10(np.abs(safe))).astype(np.int64)
    up, down = (10.0 ** np.clip(side, 0, _EXACT_POWER) for side in (power, -power))
    scaled = safe * up / down
    digits = np.rint(scaled)
    size = np.abs(scaled)
    is_plain &= np.abs(size - np.floor(size) - 0.5) > _NEAR_HALF
    is_plain &= (size >= 10.0 ** (SIGNIFICANT_DIGITS - 1)) & (size < 10.0**SIGNIFICANT_DIGITS)
    rounded = digits / up * down + 0.0
    rest = ~is_plain
    if rest.any():
        distinct, position = np.unique(given[rest], return_inverse=True)
        exact = np.array([round_number(value) for value in distinct.tolist()], np.float64)
        rounded[rest] = exact[position.reshape(-1)]
    return np.asarray(rounded)
