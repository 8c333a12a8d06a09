"""What the server prepares before the first visitor comes: libraries, facts, kernels, the baseline.

All of it runs in the background: a page requested meanwhile waits only for what it needs itself.
"""

from __future__ import annotations

import gc
import inspect
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
    from sim.analysis.on_record import answers_on_record
    from sim.interfaces.explorer.state.runs import answer
    from sim.interfaces.explorer.state.view import View

    shown = answer(View()).a
    country_probabilities(shown)
    for provider in shown.scenario.providers:
        answers_on_record(shown.scenario, provider)
    _load(_OTHER_PARTS)
    # What Streamlit does once, when the first page is drawn: it checks the page's icon, and asks
    # who called it, for which Python looks for the file of every module.
    import_module("streamlit.emojis")
    inspect.stack()
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
