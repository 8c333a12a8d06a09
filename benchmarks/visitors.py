"""Visitors without a browser: the websocket protocol of Streamlit's own pages, and no drawing.

Each connects as a page does, with the origin of the page, holds the state of the sliders and the
link as a page does, and says which large messages it has kept, so that the server sends and skips
what it would for a browser.
"""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass, field

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.Slider_pb2 import Slider
from websockets.asyncio.client import ClientConnection

from benchmarks.explorer_server import streaming

# Levers that are moved, with their low end, high end and step.
LEVERS = {"slots": (1, 40, 1), "local_control": (0, 1, 0.05), "us_backing": (0, 1, 0.05)}
POPULAR = 12
THINK_SECONDS = (4.0, 8.0)
FRESH_SHARE = 0.5
ANSWER_SECONDS = 120
_SUCCESS = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)


@dataclass
class Diary:
    """What the visitors of one test have seen.

    Parameters
    ----------
    first_seconds : list of float
        From connecting to the whole first page.
    headline_seconds, seconds : list of float
        From moving a lever to the new headline, and to the whole new page.
    settings : set
        Positions of the moved levers of every page asked for; () is the baseline.
    errors : list of str
        What no visitor should see.
    n_bytes : int
        Received.
    """

    first_seconds: list[float] = field(default_factory=list)
    headline_seconds: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    settings: set[tuple[tuple[str, float], ...]] = field(default_factory=set)
    errors: list[str] = field(default_factory=list)
    n_bytes: int = 0


class Visitor:
    """One page of the explorer, without its browser."""

    def __init__(self, socket: ClientConnection, diary: Diary, query: str) -> None:
        self._socket, self._diary, self._query = socket, diary, query
        self._page = ""
        self._sliders: dict[str, Slider] = {}
        self._fragments: dict[str, str] = {}
        self._values: dict[str, list[float]] = {}
        self._start: dict[str, float] = {}
        self._moved: dict[str, float] = {}
        self._kept: set[str] = set()
        self._headline = 0.0

    async def open(self) -> None:
        """Ask for the page for the first time."""
        await self._run(self._diary.first_seconds)
        self._diary.settings.add(())
        self._start = {key: values[0] for key, values in self._values.items()}

    async def move(self, lever: str, value: float) -> None:
        """Move a lever of the baseline, and wait for the whole new page."""
        found = [key for key in self._sliders if key.endswith(f"lever.a.baseline.{lever}")]
        if len(found) != 1:
            self._diary.errors.append(f"the page has {len(found)} sliders for {lever}")
            return
        self._values[found[0]] = [value]
        self._headline = 0.0
        begin = await self._run(self._diary.seconds, self._fragments[found[0]])
        if self._headline:
            self._diary.headline_seconds.append(self._headline - begin)
        self._moved[lever] = value
        if value == self._start[found[0]]:
            # Back where the scenario has it, a lever is as good as never moved.
            del self._moved[lever]
        self._diary.settings.add(tuple(sorted(self._moved.items())))

    async def _run(self, seconds: list[float], fragment: str = "") -> float:
        """Send what a page sends, read until the script has finished, note how long it took.

        ``fragment`` is that of the control that was moved.
        """
        message = BackMsg()
        state = message.rerun_script
        state.query_string, state.page_script_hash = self._query, self._page
        state.fragment_id = fragment
        state.cached_message_hashes.extend(self._kept)
        for key, value in self._values.items():
            widget = state.widget_states.widgets.add()
            widget.id = key
            widget.double_array_value.data.extend(value)
        begin = time.monotonic()
        await self._socket.send(message.SerializeToString())
        async with asyncio.timeout(ANSWER_SECONDS):
            while not self._read(await self._socket.recv(decode=False)):
                pass
        seconds.append(time.monotonic() - begin)
        return begin

    def _read(self, frame: bytes) -> bool:
        """Take in one message; return whether it says that the script has finished."""
        self._diary.n_bytes += len(frame)
        message = ForwardMsg()
        message.ParseFromString(frame)
        if message.metadata.cacheable and message.hash:
            self._kept.add(message.hash)
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self._page = message.new_session.page_script_hash
        elif kind == "page_info_changed":
            self._query = message.page_info_changed.query_string
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            self._read_element(message)
        elif kind == "script_finished":
            # A lever asks for some parts of the page: what follows it is the run that draws them.
            if message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                return False
            if message.script_finished not in _SUCCESS:
                self._diary.errors.append(f"a script ended with {message.script_finished}")
            return True
        return False

    def _read_element(self, message: ForwardMsg) -> None:
        element = message.delta.new_element
        kind = element.WhichOneof("type")
        if kind == "exception":
            self._diary.errors.append(f"exception: {element.exception.message[:200]}")
        elif kind == "alert":
            self._diary.errors.append(f"the page says: {element.alert.body[:200]}")
        elif kind == "heading" and element.heading.tag == "h1":
            self._headline = time.monotonic()
        elif kind == "slider" and element.slider.type == Slider.SLIDER:
            self._sliders[element.slider.id] = element.slider
            self._fragments[element.slider.id] = message.delta.fragment_id
            if element.slider.set_value or element.slider.id not in self._values:
                shown = element.slider.value if element.slider.set_value else element.slider.default
                self._values[element.slider.id] = list(shown)


def positions(lever: str) -> list[float]:
    """Return the values that a lever of the test can take."""
    low, high, step = LEVERS[lever]
    return [round(low + step * n, 6) for n in range(round((high - low) / step) + 1)]


async def _visit(port: int, seed: int, start: float, end: float, query: str, diary: Diary) -> None:
    """Open a page, then move levers until the end: half to popular values, half to fresh ones.

    Everyone moves one, also who got the page only after the end.
    """
    chance = random.Random(seed)
    popular = random.Random(0).sample(positions("slots"), POPULAR)
    await asyncio.sleep(max(0.0, start - time.monotonic()))
    settings: dict[str, float] = {}
    try:
        async with streaming(port) as socket:
            visitor = Visitor(socket, diary, query)
            await visitor.open()
            is_first = True
            while is_first or time.monotonic() < end:
                is_first = False
                await asyncio.sleep(chance.uniform(*THINK_SECONDS))
                is_fresh = chance.random() < FRESH_SHARE
                lever = chance.choice(list(LEVERS)) if is_fresh else "slots"
                value = chance.choice(positions(lever) if is_fresh else popular)
                if settings.get(lever) == value:
                    continue
                settings[lever] = value
                await visitor.move(lever, value)
    except Exception as error:
        diary.errors.append(f"visitor {seed}: {type(error).__name__}: {error}")


async def visit_all(port: int, n: int, seconds: float, futures: int) -> Diary:
    """Let `n` visitors move levers at once for some seconds; they come within the first five."""
    diary = Diary()
    begin = time.monotonic()
    query = f"futures={futures}"
    await asyncio.gather(
        *(
            _visit(port, seed, begin + 5 * seed / n, begin + seconds, query, diary)
            for seed in range(n)
        )
    )
    return diary
