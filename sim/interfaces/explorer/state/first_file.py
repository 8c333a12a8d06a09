"""The file with which a browser begins, told where the server is.

Streamlit's page does not know where the addresses of its server begin. From a link to an inner page
it first asks below that page, is told that nothing is there, and the browser writes two errors to
its console. It also calls itself Streamlit until its scripts have loaded.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from sim.interfaces.explorer.state.gate import App, Event, Receive, Send

_HEAD, _TITLE = b"<head>", b"<title>Streamlit</title>"
_OWN_TITLE = b"<title>alignsim</title>"
# What would make the file unreadable here, or answer that the browser has it: its date is that of
# Streamlit's own.
_LEFT_OUT = {b"accept-encoding", b"if-none-match", b"if-modified-since"}
_CHANGED = {b"content-length", b"etag", b"last-modified"}


class FirstFile:
    """The middleware.

    Parameters
    ----------
    app : callable
        The ASGI application behind it.
    base : str
        Path below which the server answers, as ``server.baseUrlPath`` has it.
    """

    def __init__(self, app: App, base: str = "") -> None:
        self._app = app
        path = f"/{base.strip('/')}/".replace("//", "/")
        # The host is the browser's: behind a proxy the server knows another.
        says = f"window.__streamlit={{BACKEND_BASE_URL:location.origin+{json.dumps(path)}}}"
        self._script = f"<script>{says}</script>".encode()

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer a request, with the script in it if it is for a page."""
        headers = dict(scope.get("headers", ()))
        is_page = scope["type"] == "http" and b"text/html" in headers.get(b"accept", b"")
        if not is_page:
            await self._app(scope, receive, send)
            return
        asked = [pair for pair in scope["headers"] if pair[0] not in _LEFT_OUT]
        start: Event = {}
        parts: list[bytes] = []

        async def collect(event: Event) -> None:
            if event["type"] == "http.response.start":
                start.update(event)
                return
            parts.append(bytes(event.get("body", b"")))
            if not event.get("more_body"):
                await self._answer(start, b"".join(parts), send)

        await self._app({**scope, "headers": asked}, receive, collect)

    async def _answer(self, start: Event, body: bytes, send: Send) -> None:
        kind = dict(start.get("headers", ())).get(b"content-type", b"")
        if kind.startswith(b"text/html") and _HEAD in body:
            body = body.replace(_HEAD, _HEAD + self._script, 1).replace(_TITLE, _OWN_TITLE, 1)
            kept = [pair for pair in start["headers"] if pair[0].lower() not in _CHANGED]
            length = (b"content-length", str(len(body)).encode("ascii"))
            start = {**start, "headers": [*kept, length]}
        await send(start)
        await send({"type": "http.response.body", "body": body})
