"""Interrupts of a process: answered with one line and a status, whenever they come.

While there is nothing to clean up, such as during imports, the process ends at once: an exception
there would come out of whichever library is being loaded, with a traceback or swallowed. While
files are being written, an interrupt is an exception, and unfinished files are deleted.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import contextmanager, suppress

# Defined as in `typing`: imports here run before interrupts are answered.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

INTERRUPTED = 128 + signal.SIGINT
NOTHING_LEFT = "interrupted; nothing is left half done."
# Other requests to end a process besides Ctrl-C; by default each would end it at once.
_ENDINGS = ("SIGTERM", "SIGHUP")
_AGAIN_SECONDS = 0.05
_latest = signal.SIGINT


def answer_at_once() -> None:
    """Let an interrupt end this process with one line, unless interrupts are ignored."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _leave)


def leave() -> None:
    """End this process with the status that shells expect after the last signal."""
    os._exit(128 + _latest)


def _leave(*_: Any) -> None:
    with suppress(OSError):
        os.write(2, f"{NOTHING_LEFT}\n".encode())
    leave()


@contextmanager
def unwinding() -> Iterator[None]:
    """Turn interrupts and requests to end into exceptions while the context lasts.

    If interrupts are not answered by `answer_at_once`, nothing changes.
    """
    if signal.getsignal(signal.SIGINT) is not _leave:
        yield
        return
    kept: dict[int, Any] = {signal.SIGINT: _leave}
    for number in (getattr(signal, name, None) for name in _ENDINGS):
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            kept[number] = signal.SIG_DFL
    hook = sys.unraisablehook
    sys.unraisablehook = _raise_again
    for number in kept:
        signal.signal(number, _interrupt)
    try:
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)
        sys.unraisablehook = hook


def _interrupt(number: int, _: Any) -> None:
    from sim.interfaces.cli.compiling import leave_if_compiling

    global _latest
    _latest = signal.Signals(number)
    # A thread that compiles cannot be stopped, and ending it loses nothing.
    leave_if_compiling(128 + _latest)
    _watch_compilers(128 + _latest)
    raise KeyboardInterrupt


def _watch_compilers(status: int) -> None:
    """End the program if a kernel is compiled while it unwinds.

    An interrupt can come between two kernels. The next kernel would delay the end of its thread,
    and so of the program, by half a minute.
    """
    import threading

    from sim.interfaces.cli.compiling import leave_if_compiling

    def watch() -> None:
        while True:
            time.sleep(_AGAIN_SECONDS)
            leave_if_compiling(status)

    threading.Thread(target=watch, name="interrupted", daemon=True).start()


def _raise_again(unraisable: Any) -> None:
    """Raise an interrupt again that came where Python drops exceptions, as in a destructor."""
    if not issubclass(unraisable.exc_type, KeyboardInterrupt):
        sys.__unraisablehook__(unraisable)
        return
    import _thread
    import threading

    # From another thread, and a little later: here it would be dropped again.
    again = threading.Timer(_AGAIN_SECONDS, _thread.interrupt_main, (_latest,))
    again.daemon = True
    again.start()
