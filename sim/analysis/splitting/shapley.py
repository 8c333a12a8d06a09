"""The Shapley value: a total divided among parts that act together."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Values = NDArray[np.float64]


def shapley_values(values: Values) -> Values:
    """Return what each part adds, as a mean over all orders in which parts may be added.

    Parameters
    ----------
    values : ndarray, shape (2**G, ...)
        Value of each set of parts: part g is in set s if bit g of s is set.

    Returns
    -------
    ndarray, shape (G, ...)
        They add up to the value of all parts less that of none.

    Notes
    -----
    Shapley (1953): the only way to share that adds up, gives nothing to a part that changes
    nothing, treats equal parts alike, and shares a sum of two games as the sum of both shares.

    Examples
    --------
    >>> import numpy as np
    >>> shapley_values(np.array([0.0, 1.0, 2.0, 7.0])).tolist()
    [3.0, 4.0]
    """
    return np.tensordot(weights_of_sets(len(values).bit_length() - 1), values, axes=1)


def weights_of_sets(n: int) -> Values:
    """Return what the value of each set of parts counts for in the Shapley value of each part.

    Parameters
    ----------
    n : int
        Number of parts.

    Returns
    -------
    ndarray, shape (n, 2**n)

    Examples
    --------
    >>> weights_of_sets(2).tolist()
    [[-0.5, 0.5, -0.5, 0.5], [-0.5, -0.5, 0.5, 0.5]]
    """
    sets = np.arange(1 << n)
    size = np.array([int(s).bit_count() for s in sets])
    weight = [math.factorial(k) * math.factorial(n - k - 1) / math.factorial(n) for k in range(n)]
    has = (sets >> np.arange(n)[:, None]) & 1
    joined = np.array([0.0, *weight])[size]
    left = np.array([*weight, 0.0])[size]
    return np.asarray(np.where(has, joined, -left), np.float64)
