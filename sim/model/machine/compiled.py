"""One decorator that compiles a kernel function and keeps it for the next process.

Numba keys its cache on the file that defines a function, not on the files that define what it
calls, so an edit in one kernel file would leave a stale caller in another. Kernels are therefore
kept by `sim.model.machine.kernel_cache`, in a folder named by everything that they follow from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, cast

import numba
import numpy as np
from numba.core.dispatcher import Dispatcher

from sim.model.machine.by_address import all_by_address
from sim.model.machine.inlining import EntryCompiler, PartCompiler
from sim.model.machine.kernel_cache import KernelCache

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
R = TypeVar("R")


def _compile(function: Callable[P, R], **options: Any) -> Callable[P, R]:
    return numba.njit(function, nogil=True, error_model="numpy", _nrt=False, **options)


def entry(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function that Python calls: no Python objects inside, no lock held, cached.

    ``fastmath`` stays off and ``error_model`` follows NumPy: equal inputs give equal bytes on
    every processor, because nothing is reordered, fused, or taken from a maths library. The
    function itself and all that it calls get named tuples by address (`by_address`).
    """
    part: Callable[..., R] = inlined(function)

    def call(*arguments: Any) -> R:
        return part(*all_by_address(arguments))

    compiled = _compile(call, no_cfunc_wrapper=True, pipeline_class=EntryCompiler)
    # Not a dispatcher where compilation is switched off.
    if isinstance(compiled, Dispatcher):
        compiled._cache = KernelCache(function)  # type: ignore[attr-defined]
    return cast("Callable[P, R]", compiled)


def inlined(function: Callable[P, R]) -> Callable[P, R]:
    """Compile as `entry` does, for callers that are compiled themselves, always in line.

    A loop around a call does not vectorise. Nothing of it is kept: the entries it goes into are.
    """
    return _compile(
        function,
        no_cpython_wrapper=True,
        no_cfunc_wrapper=True,
        forceinline=True,
        pipeline_class=PartCompiler,
    )


def constant(value: int) -> int:
    """Return a whole number that kernels pass on to each other.

    For each plain int that it is passed Numba would compile a function anew.
    """
    return np.int64(value)  # type: ignore[return-value]
