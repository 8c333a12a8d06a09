"""Ctrl-C while the model is being compiled ends the program at once.

A thread that compiles cannot be stopped, and Python waits for its threads before it ends. Skipping
that wait loses nothing: a kernel is kept complete or not at all, and no result is being written.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from sim.interfaces.cli.output import show_error

_WHILE_COMPILING = "interrupted while compiling; the same command starts again."
_closers: list[Callable[[], None]] = []


@contextmanager
def tidied_at_end(close: Callable[[], None]) -> Iterator[None]:
    """Call a function if the program is ended at once meanwhile, to clear the terminal."""
    _closers.append(close)
    try:
        yield
    finally:
        _closers.remove(close)


def leave_if_compiling(status: int) -> None:
    """End the program with one line and a status if a kernel is being compiled; else return."""
    # Most commands never load compiled code.
    kernels = sys.modules.get("sim.model.machine.kernel_cache")
    if kernels is None or not kernels.is_compiling():
        return
    for close in _closers:
        with suppress(Exception):
            close()
    show_error(_WHILE_COMPILING)
    os._exit(status)
