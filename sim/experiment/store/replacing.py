"""Putting a folder in the place of another so that one of the two is always to be found.

Linux and macOS exchange two names in one step. Elsewhere the old folder is renamed aside first;
between the two renames readers wait, and what a kill leaves there is put back: see
`sim.experiment.store.writers`.
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
    """Exchange two names in one step; return whether the system can.

    Raises
    ------
    FileNotFoundError
        If one of the two is not there.
    """
    call = _exchange_call()
    if call is None:
        return False
    if call(os.fsencode(first), os.fsencode(second)) == 0:
        return True
    if ctypes.get_errno() == errno.ENOENT:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(second))
    # Not every disk can, and what else is wrong a plain rename says as well.
    return False


@cache
def _exchange_call() -> _Call | None:
    """Return what exchanges two names; None where the system has nothing of the kind."""
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
