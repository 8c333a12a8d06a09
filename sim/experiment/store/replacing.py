"""Replacing a folder by another so that one of the two always exists.

Linux and macOS exchange two names in one step. On other systems the old folder is first renamed;
readers wait between the two renames, and if the writer is killed there, the old folder is put back:
see `sim.experiment.store.writers`.
"""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

_Call = Callable[[bytes, bytes], int]
_AT_FDCWD = -100
# RENAME_EXCHANGE of Linux and RENAME_SWAP of macOS have the same value.
_EXCHANGE = 2


def exchange(first: Path, second: Path) -> bool:
    """Exchange two names in one step; return whether the system supports it.

    Raises
    ------
    FileNotFoundError
        If one of the two does not exist.
    """
    call = _exchange_call()
    if call is None:
        return False
    if call(os.fsencode(first), os.fsencode(second)) == 0:
        return True
    if ctypes.get_errno() == errno.ENOENT:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(second))
    # Not every file system supports it; the plain rename reports any other problem as well.
    return False


@cache
def _exchange_call() -> _Call | None:
    """Return the function that exchanges two names; None if the system has none."""
    if sys.platform.startswith("linux"):
        name = "renameat2"
    elif sys.platform == "darwin":
        name = "renamex_np"
    else:
        return None
    call = getattr(ctypes.CDLL(None, use_errno=True), name, None)
    if call is None:
        return None
    if name == "renamex_np":
        call.argtypes = [ctypes.c_char_p, ctypes.c_char_p, ctypes.c_uint]
        return lambda first, second: int(call(first, second, _EXCHANGE))
    place, text = ctypes.c_int, ctypes.c_char_p
    call.argtypes = [place, text, place, text, ctypes.c_uint]
    return lambda first, second: int(call(_AT_FDCWD, first, _AT_FDCWD, second, _EXCHANGE))
