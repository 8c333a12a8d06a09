"""One decorator that compiles a kernel function and caches it for the next process.

Numba keys its cache on the file that defines a function, not on the files that define what it
calls, so an edit in one kernel file would leave a stale caller in another. Here the cache folder
is named after a digest of every kernel source, which makes a stale hit impossible.
"""

from __future__ import annotations

import hashlib
import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import numba
import numpy as np
import platformdirs

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
R = TypeVar("R")


@cache
def kernel_cache_folder() -> Path:
    """Return the folder of compiled kernels for these sources; ``ALIGNSIM_CACHE`` moves its root.

    A root in memory or on a shared disk can be named by the environment variable. Only the folder
    of the present sources is used; older ones can be deleted at any time.
    """
    digest = hashlib.sha256(numba.__version__.encode())
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.name.encode())
        digest.update(source.read_bytes())
    root = os.environ.get("ALIGNSIM_CACHE") or platformdirs.user_cache_dir("alignsim")
    return Path(root) / f"kernels-{digest.hexdigest()[:16]}"


def _compile(function: Callable[P, R], **options: bool) -> Callable[P, R]:
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(kernel_cache_folder())
    try:
        return numba.njit(
            function, cache=True, nogil=True, error_model="numpy", _nrt=False, **options
        )
    finally:
        numba.config.CACHE_DIR = before


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
