"""Linear algebra on one thread, so that results do not depend on the cores of a machine.

The library behind NumPy shares a large product out over its threads, and the order in which it sums
follows from how many there are. A search amplifies that rounding: the posterior of an estimation on
one core differed from that on two in the fifth digit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from threadpoolctl import threadpool_limits

P = ParamSpec("P")
Found = TypeVar("Found")


def one_thread(function: Callable[P, Found]) -> Callable[P, Found]:
    """Return a function during which linear algebra takes one thread.

    The limit holds for the whole process. Such functions may call one another; one that calls
    others on threads of its own needs the limit itself, since only its thread can set it.

    Examples
    --------
    >>> import numpy as np
    >>> @one_thread
    ... def inverse(matrix):
    ...     return np.linalg.inv(matrix)
    >>> inverse(2.0 * np.eye(2)).diagonal().tolist()
    [0.5, 0.5]
    """
    limited: Callable[P, Found] = threadpool_limits.wrap(limits=1)(function)
    return limited
