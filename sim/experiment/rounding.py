"""How numbers of tables and of designs are rounded."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

SIGNIFICANT_DIGITS = 6


def round_number(value: float) -> float:
    """Return a number with six significant digits, never a negative zero.

    Every number of every table passes through here, so that CSV, Parquet and repeated runs agree.

    Examples
    --------
    >>> round_number(1 / 3), round_number(123456789.0), str(round_number(-0.0))
    (0.333333, 123457000.0, '0.0')
    """
    return float(f"{value:.{SIGNIFICANT_DIGITS - 1}e}") + 0.0


def round_numbers(values: NDArray[Any]) -> NDArray[np.float64]:
    """Return numbers as `round_number` does, each distinct one rounded once."""
    distinct, position = np.unique(np.asarray(values, np.float64), return_inverse=True)
    rounded = np.array([round_number(value) for value in distinct.tolist()], np.float64)
    return rounded[position.reshape(-1)]
