"""What the server prepares before the first visitor comes: libraries, facts, kernels, the baseline.

All of it runs in the background: a page requested meanwhile waits only for what it needs itself.
"""

from __future__ import annotations

import gc
import logging
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from typing import Any

from sim.interfaces.explorer.state.plain_log import log_in_plain_lines

LOG = logging.getLogger(__name__)
_PAGE_PARTS = ("controls.levers", "explore.parts", "country.parts", "controls.latest")
# Loaded once the first page can be shown, so that nobody waits for them on other pages.
_OTHER_PARTS = ("compare.parts", "sweep.parts", "editor.parts", "editor.form", "evidence.parts")


def get_ready() -> None:
    """Load what every page needs, and run the view of a first visit."""
    begin = time.monotonic()
    _load(_PAGE_PARTS)
    from sim.analysis.countries import country_probabilities
    from sim.interfaces.explorer.state.runs import answer
    from sim.interfaces.explorer.state.view import View

    country_probabilities(answer(View()).a)
    _load(_OTHER_PARTS)
    # Nothing else runs during garbage collection. Objects loaded by now stay for good: without
    # them, a collection takes a tenth of the time.
    gc.collect()
    gc.freeze()
    LOG.info("ready in %.1f s", time.monotonic() - begin)


def _load(parts: tuple[str, ...]) -> None:
    for name in parts:
        import_module(f"sim.interfaces.explorer.{name}")


@asynccontextmanager
async def getting_ready(_: Any) -> AsyncIterator[None]:
    """Start preparing when the server starts, without waiting."""
    log_in_plain_lines()
    # A package that imports its own modules: if two threads came to it by different doors at once,
    # Python could give one of them a module that is not there yet.
    import_module("sim.interfaces.charts")
    threading.Thread(target=get_ready, name="getting ready", daemon=True).start()
    yield
