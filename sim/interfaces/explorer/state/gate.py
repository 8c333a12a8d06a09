"""Input from browsers, checked and limited before Streamlit sees it.

An ASGI middleware, so that Streamlit itself is unchanged: it reads the same messages, in both
directions. A message that no page of ours sends gets no answer; a value that a control cannot have
is left out, and the control keeps its value.
"""

from __future__ import annotations

import logging
from collections import Counter, OrderedDict
from typing import TYPE_CHECKING, Any, cast

from google.protobuf.message import DecodeError
from streamlit import runtime
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from sim.interfaces.explorer.state.control_values import Controls

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

    Event = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Event]]
    Send = Callable[[Event], Awaitable[None]]
    App = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]

LOG = logging.getLogger(__name__)
# Browser windows at one time. Each takes about two megabytes; see docs/serving.md.
MOST_OPEN = 200
# Files of one window, and of all. A window holds a file from its upload until it is read, which is
# at once, and none after it has disconnected. Each is at most `server.maxUploadSize`, 1 MB.
MOST_FILES, MOST_FILES_IN_ALL = 3, 64
# Windows whose controls are remembered: the open ones, and as many as Streamlit keeps in case they
# reconnect.
MOST_KNOWN = MOST_OPEN + 128
# Characters of a link; the longest that a page writes has seven drafts of 7,000.
LONGEST_LINK = 65_536
# Messages that our pages send. The others would empty the shared caches or reveal the machine.
_ASKED = {"rerun_script", "stop_script", "file_urls_request", "app_heartbeat"}
_ASKED |= {"backend_operation_request"}
_OPERATIONS = {"deferred_file", "dataframe_chunk"}
_UPLOAD = "/_stcore/upload_file/"
_LARGEST_REQUEST = 2**21  # a file, and what stands around it
_UNREADABLE, _FULL = 1007, 1013
FULL = f"The explorer is open in {MOST_OPEN} windows and cannot serve more. Try again later."
TOO_MANY_FILES = f"A window can hold {MOST_FILES} files at a time. Reload the page."
NO_ROOM = "Too many files are being uploaded. Try again in a minute."


class Gate:
    """The middleware.

    Parameters
    ----------
    app : callable
        The ASGI application behind it.
    """

    def __init__(self, app: App) -> None:
        self._app = app
        self._open = 0
        self._known: OrderedDict[str, Controls] = OrderedDict()
        self._uploading: Counter[str] = Counter()

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Serve one connection or request."""
        if scope["type"] == "websocket":
            await self._serve_window(scope, receive, send)
        elif scope["type"] == "http" and scope["method"] == "PUT" and _UPLOAD in scope["path"]:
            await self._serve_upload(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _serve_window(
        self, scope: MutableMapping[str, Any], receive: Receive, send: Send
    ) -> None:
        if self._open >= MOST_OPEN:
            LOG.warning("refused a window: %d are open", self._open)
            await receive()
            await send({"type": "websocket.close", "code": _FULL, "reason": FULL})
            return
        known = self._known.get(_former(scope), Controls())
        window = _Window(receive, send, known, self._know)
        self._open += 1
        try:
            await self._app(scope, window.receive, window.send)
        finally:
            self._open -= 1
            if runtime.exists():
                _files().remove_session_files(window.session)

    def _know(self, window: _Window) -> None:
        self._known[window.session] = window.controls
        self._known.move_to_end(window.session)
        if len(self._known) > MOST_KNOWN:
            self._known.popitem(last=False)

    async def _serve_upload(
        self, scope: MutableMapping[str, Any], receive: Receive, send: Send
    ) -> None:
        session = scope["path"].partition(_UPLOAD)[2].partition("/")[0]
        refusal = self._refusal(session)
        if refusal:
            LOG.warning("refused an upload: %s", refusal)
            # Where part of a request is unread, closing resets the connection, and the browser may
            # lose the answer.
            await _read_away(receive)
            await _answer(send, 429, refusal)
            return
        self._uploading[session] += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._uploading[session] -= 1
            self._uploading += Counter()  # drops windows at zero

    def _refusal(self, session: str) -> str:
        """Return why a window may not upload now; "" if it may."""
        held = {key: len(files) for key, files in dict(_files().file_storage).items()}
        if held.get(session, 0) + self._uploading[session] >= MOST_FILES:
            return TOO_MANY_FILES
        if sum(held.values()) + self._uploading.total() >= MOST_FILES_IN_ALL:
            return NO_ROOM
        return ""


def _files() -> MemoryUploadedFileManager:
    """Return the server's store of uploaded files, by window."""
    return cast("MemoryUploadedFileManager", runtime.get_instance().uploaded_file_mgr)


def _former(scope: MutableMapping[str, Any]) -> str:
    """Return which window this is, if it was here before; see Streamlit's websocket handler."""
    asked = [*scope.get("subprotocols", ()), "", "", ""]
    return str(asked[2])


async def _read_away(receive: Receive) -> None:
    """Read the rest of a request, up to the size of the largest that is allowed."""
    left, is_more = _LARGEST_REQUEST, True
    while is_more and left > 0:
        event = await receive()
        left -= len(event.get("body", b""))
        is_more = bool(event.get("more_body", False))


async def _answer(send: Send, status: int, text: str) -> None:
    body = text.encode("utf-8")
    length = str(len(body)).encode("ascii")
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", length)]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


class _Window:
    """The two directions of one window's connection."""

    def __init__(
        self, receive: Receive, send: Send, controls: Controls, know: Callable[[_Window], None]
    ) -> None:
        self._receive, self._send, self._know = receive, send, know
        self.controls = controls
        self.session = ""
        self._is_closed = False
        self._has_complained = False

    async def receive(self) -> Event:
        """Return the next event for the application, without anything that it cannot use."""
        while not self._is_closed:
            event = await self._receive()
            if event["type"] != "websocket.receive":
                return event
            message = self._read(event.get("bytes"))
            if message is None:
                self._complain("what no page sends; the connection was closed")
                await self.send({"type": "websocket.close", "code": _UNREADABLE})
                self._is_closed = True
            elif self._is_of_our_pages(message):
                return {"type": "websocket.receive", "bytes": message.SerializeToString()}
            else:
                self._complain("a request that no page makes; it was not answered")
        return {"type": "websocket.disconnect", "code": _UNREADABLE}

    async def send(self, event: Event) -> None:
        """Record the controls that a page is sent; send nothing once it is closed."""
        if self._is_closed:
            return
        if event["type"] == "websocket.send" and event.get("bytes"):
            message = ForwardMsg.FromString(event["bytes"])
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self.session = message.new_session.initialize.session_id
                self._know(self)
            elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
                self.controls.learn(message.delta.new_element)
        await self._send(event)

    def _read(self, content: bytes | None) -> BackMsg | None:
        """Return the browser's message; None if the bytes are not a message."""
        if content is None:
            return None
        message = BackMsg()
        try:
            message.ParseFromString(content)
        except DecodeError:
            return None
        return message

    def _is_of_our_pages(self, message: BackMsg) -> bool:
        """Return whether our pages can send this message, after removing impossible values."""
        kind = message.WhichOneof("type")
        if kind == "backend_operation_request":
            operation = message.backend_operation_request
            return operation.WhichOneof("payload") in _OPERATIONS
        if kind == "rerun_script":
            state = message.rerun_script
            if self.controls.drop_impossible(state.widget_states):
                self._complain("a value that its control cannot have; the control was left alone")
            if len(state.query_string) > LONGEST_LINK:
                self._complain("a link that is too long; it was not used")
                state.query_string = ""
        return kind in _ASKED

    def _complain(self, what: str) -> None:
        """Log what was wrong, once per connection."""
        if not self._has_complained:
            LOG.warning("a browser sent %s", what)
            self._has_complained = True
