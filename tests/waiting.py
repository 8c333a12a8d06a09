"""Waiting until something holds, never for a time."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

PATIENCE_SECONDS = 120.0  # of a machine that is busy with other tests
PAUSE_SECONDS = 0.02  # the processor belongs to what is waited for


def wait_for(state: Callable[[], Any]) -> Any:
    """Wait until something holds, and return it."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not (found := state()):
        assert time.monotonic() < end, "it never came to hold"
        time.sleep(PAUSE_SECONDS)
    return found


def wait_for_chunk(sweep: subprocess.Popen[str], folder: Path) -> None:
    """Wait until a sweep that runs has stored its first points below a folder."""

    def is_stored() -> bool:
        assert sweep.poll() is None
        return any(folder.rglob("000000.json"))

    wait_for(is_stored)
