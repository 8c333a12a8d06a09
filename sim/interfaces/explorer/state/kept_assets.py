"""The files of the page for browsers, served from memory.

A first visit asks for about 150 of them. Streamlit reads each from disk in several steps, which
takes more of the server's time than the page itself, and the page waits for them one after another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from sim.interfaces.explorer.state.gate import App, Event, Receive, Send

# Size of all answers. Those that our pages need take 6 MB.
MOST_BYTES = 32_000_000
# What an answer may depend on. A request with any other condition, such as one for part of a file
# or for a file that has changed, is passed on.
_TELLING = (b"host", b"accept-encoding")
_CONDITIONS = {b"range", b"if-none-match", b"if-modified-since"}


class KeptAssets:
    """The middleware: it keeps the answers that the server declares immutable.

    Parameters
    ----------
    app : callable
        The ASGI application behind it.
    """

    def __init__(self, app: App) -> None:
        self._app = app
        self._kept: dict[tuple[bytes, ...], tuple[Event, bytes]] = {}
        self._n_bytes = 0

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer a request from memory, or pass it on."""
        key = _key(scope)
        if key is None:
            await self._app(scope, receive, send)
        elif key in self._kept:
            start, body = self._kept[key]
            await send(dict(start))
            await send({"type": "http.response.body", "body": body})
        else:
            await self._pass_on(key, scope, receive, send)

    async def _pass_on(
        self,
        key: tuple[bytes, ...],
        scope: MutableMapping[str, Any],
        receive: Receive,
        send: Send,
    ) -> None:
        """Let the application answer, and keep the answer if that is allowed."""
        start: Event = {}
        parts: list[bytes] = []

        async def listening(event: Event) -> None:
            if event["type"] == "http.response.start":
                start.update(event)
            elif _never_changes(start):
                parts.append(bytes(event.get("body", b"")))
                if not event.get("more_body"):
                    self._keep(key, start, b"".join(parts))
            await send(event)

        await self._app(scope, receive, listening)

    def _keep(self, key: tuple[bytes, ...], start: Event, body: bytes) -> None:
        if self._n_bytes + len(body) <= MOST_BYTES and key not in self._kept:
            self._n_bytes += len(body)
            self._kept[key] = start, body


def _key(scope: MutableMapping[str, Any]) -> tuple[bytes, ...] | None:
    """Return what an answer depends on; None if it must not be kept."""
    if scope["type"] != "http" or scope["method"] != "GET" or "/static/" not in scope["path"]:
        return None
    headers = dict(scope["headers"])
    if not _CONDITIONS.isdisjoint(headers):
        return None
    return (scope["path"].encode(), *(headers.get(name, b"") for name in _TELLING))


def _never_changes(start: Event) -> bool:
    """Return whether any browser may keep an answer for good."""
    headers = dict(start.get("headers", ()))
    return start.get("status") == 200 and b"immutable" in headers.get(b"cache-control", b"")
