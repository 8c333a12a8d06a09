"""The Shapley value: a total shared out over parts that act together."""

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
    n = len(values).bit_length() - 1
    sets = np.arange(len(values))
    size = np.array([int(s).bit_count() for s in sets])
    weight = np.array(
        [math.factorial(k) * math.factorial(n - k - 1) / math.factorial(n) for k in range(n)]
    )
    found = np.empty((n, *values.shape[1:]))
    for g in range(n):
        without = sets[(sets >> g) & 1 == 0]
        gain = values[without | (1 << g)] - values[without]
        found[g] = np.tensordot(weight[size[without]], gain, axes=1)
    return found
