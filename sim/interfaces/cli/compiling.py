"""Ctrl-C while the model is compiled: the program ends at once.

A thread that compiles cannot be stopped, and Python waits for its threads before it ends. Nothing
is lost without that wait: a kernel is kept whole or not at all, and no result is being written.
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
def tidied(close: Callable[[], None]) -> Iterator[None]:
    """Call a function if the program ends at once meanwhile, to take away what a terminal shows."""
    _closers.append(close)
    try:
        yield
    finally:
        _closers.remove(close)


def leave_if_compiling(status: int) -> None:
    """End the program with one line and a status if a kernel is being compiled; else return."""
    # Most commands never load what compiles.
    kernels = sys.modules.get("sim.model.machine.kernel_cache")
    if kernels is None or not kernels.is_compiling():
        return
    for close in _closers:
        with suppress(Exception):
            close()
    show_error(_WHILE_COMPILING)
    os._exit(status)
