"""The explorer's script without a browser: which part of an answer takes how long."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

from streamlit.testing.v1 import AppTest

from sim.experiment.result import Result
from sim.interfaces.explorer.explore import parts as explore_parts
from sim.interfaces.explorer.explore import world
from sim.interfaces.explorer.state import runs, session

APP = Path(__file__).parents[1] / "app.py"
SLIDER = "lever.a.baseline.slots"


class Stopwatch:
    """Adds up the seconds spent in some functions, by name; what is inside another counts once."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._inside: list[str] = []

    def timed(self, name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that does the same and is timed under a name."""

        def measured(*arguments: Any, **named: Any) -> Any:
            if self._inside:
                return work(*arguments, **named)
            self._inside.append(name)
            begin = time.perf_counter()
            try:
                return work(*arguments, **named)
            finally:
                self._inside.pop()
                spent = time.perf_counter() - begin
                self.seconds[name] = self.seconds.get(name, 0.0) + spent

        return measured


def split(repeats: int, futures: int) -> list[dict[str, float]]:
    """Return, for each of some moves of a lever, the seconds of compute, tables and the rest.

    The page is drawn whole each time: `AppTest` forgets what a run does not draw.
    """
    watch = Stopwatch()
    parts = [
        (runs, "run_futures", "compute"),
        (Result, "table", "tables"),
        (explore_parts, "country_table", "tables"),
        (world, "map_data", "tables"),
    ]
    page = AppTest.from_file(str(APP), default_timeout=120)
    page.query_params["futures"] = str(futures)
    page.run()
    found = []
    for value in range(1, repeats + 1):
        page.slider(key=SLIDER).set_value(value)
        watch.seconds = {}
        patches = [
            patch.object(place, name, watch.timed(part, getattr(place, name)))
            for place, name, part in parts
        ]
        patches.append(patch.object(session, "redraw", lambda _: None))
        for each in patches:
            each.start()
        begin = time.perf_counter()
        page.run()
        whole = time.perf_counter() - begin
        for each in patches:
            each.stop()
        known = {part: watch.seconds.get(part, 0.0) for part in ("compute", "tables")}
        found.append(known | {"script": whole - sum(known.values())})
    return found
