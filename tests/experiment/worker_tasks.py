"""What tests make workers of a cluster do: worker processes import this module."""

from __future__ import annotations

import os
import resource
import signal
from pathlib import Path
from typing import Any


def die(*_: Any) -> None:
    """End the worker, as a lack of memory does."""
    os._exit(9)


def count_and_fail(folder: str, *_: Any) -> None:
    """Leave a file for each call and fail."""
    (Path(folder) / f"{os.getpid()}-{os.urandom(4).hex()}").touch()
    raise ValueError("no such thing")


def limit_files(most_bytes: int) -> None:
    """Let the worker write no file of more bytes, as on a disk that is full; -1 lifts the limit."""
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, hard))


def ignores_interrupts() -> bool:
    """Return whether Ctrl-C leaves the worker alone."""
    return signal.getsignal(signal.SIGINT) is signal.SIG_IGN
