"""One decorator that compiles a kernel function and keeps it for the next process.

Numba keys its cache on the file that defines a function, not on the files that define what it
calls, so an edit in one kernel file would leave a stale caller in another. Kernels are therefore
kept by `sim.model.kernel_cache`, in a folder named by everything that they follow from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ParamSpec, TypeVar

import numba
import numpy as np
from numba.core.dispatcher import Dispatcher

from sim.model.kernel_cache import KernelCache

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
R = TypeVar("R")


def _compile(function: Callable[P, R], **options: bool) -> Callable[P, R]:
    compiled = numba.njit(function, nogil=True, error_model="numpy", _nrt=False, **options)
    # Not a dispatcher where compilation is switched off.
    if isinstance(compiled, Dispatcher):
        compiled._cache = KernelCache(function)  # type: ignore[attr-defined]
    return compiled


def entry(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function that Python calls: no Python objects inside, no lock held, cached.

    ``fastmath`` stays off and ``error_model`` follows NumPy: equal inputs give equal bytes on
    every processor, because nothing is reordered, fused, or taken from a maths library.
    """
    return _compile(function)


def inlined(function: Callable[P, R]) -> Callable[P, R]:
    """Compile as `entry` does, for callers that are compiled themselves, always in line.

    A loop around a call does not vectorise; and a call would pass the world, the draw and the
    state as some four hundred words.
    """
    return _compile(function, no_cpython_wrapper=True, no_cfunc_wrapper=True, forceinline=True)


def constant(value: int) -> int:
    """Return a whole number that kernels pass on to each other.

    For each plain int that it is passed Numba would compile a function anew.
    """
    return np.int64(value)  # type: ignore[return-value]
