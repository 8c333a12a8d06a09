"""A window without manners: it speaks the protocol of the pages, and sends what it likes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TypeVar

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection

from benchmarks.explorer_server import Server, streaming

ANSWER_SECONDS = 120


class Window:
    """One open page.

    Parameters
    ----------
    socket : ClientConnection
    page : str
        Name of its file; "" for the first.
    query : str
        Its link.
    """

    def __init__(self, socket: ClientConnection, page: str, query: str) -> None:
        self.socket, self.query = socket, query
        self.session = ""
        self.controls: dict[str, str] = {}
        self.elements: list[Element] = []
        self._page, self._hash = page, ""

    async def run(self, states: Iterable[WidgetState] = (), fragment: str = "") -> None:
        """Ask for the page with the given values of controls; read what it draws.

        A browser names the fragment to which the control that was moved belongs.
        """
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string, asked.page_script_hash = self.query, self._hash
        asked.fragment_id = fragment
        asked.page_name = "" if self._hash else self._page
        asked.widget_states.widgets.extend(states)
        await self.send(message)

    async def send(self, message: BackMsg) -> None:
        """Send a message after which a page is drawn, and read it."""
        self.elements = []
        await self.socket.send(message.SerializeToString())
        async with asyncio.timeout(ANSWER_SECONDS):
            while not self._read(await self.socket.recv(decode=False)):
                pass

    def _read(self, frame: bytes) -> bool:
        message = ForwardMsg.FromString(frame)
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self._hash = message.new_session.page_script_hash
            self.session = message.new_session.initialize.session_id
        elif kind == "navigation":
            # Which page is drawn; a new session only knows the script that all pages begin with.
            self._hash = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            self.elements.append(element)
            drawn = element.WhichOneof("type")
            control = getattr(getattr(element, drawn or "empty"), "id", "")
            if control and drawn:
                self.controls[control] = drawn
        # A control can ask for parts of the page: the run that draws them follows.
        is_early = message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN
        return kind == "script_finished" and not is_early

    def title(self) -> str:
        """Return the title of the page; "" where it has none."""
        titles = [e.heading.body for e in self.elements if e.heading.tag == "h1"]
        return titles[0] if titles else ""

    def complaints(self) -> list[str]:
        """Return the errors on the page."""
        failed = [e.exception.message for e in self.elements if e.HasField("exception")]
        return failed + [e.alert.body for e in self.elements if e.HasField("alert")]


Kind = TypeVar("Kind", bound=Window)


@asynccontextmanager
async def window_of(
    kind: type[Kind], server: Server, page: str = "", query: str = ""
) -> AsyncIterator[Kind]:
    """Open a window of some kind and its page."""
    async with streaming(server.port) as socket:
        found = kind(socket, page, query)
        await found.run()
        yield found


def window(server: Server, page: str = "", query: str = "") -> AbstractAsyncContextManager[Window]:
    """Open a window and its page."""
    return window_of(Window, server, page, query)


@asynccontextmanager
async def opened_again(server: Server, former: Window) -> AsyncIterator[Window]:
    """Open a window that was here before, as it was."""
    async with streaming(server.port, "none", former.session) as socket:
        former.socket = socket
        yield former
