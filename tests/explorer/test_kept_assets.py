"""Files of the page are answered from memory: the same bytes, and only those that never change."""

from __future__ import annotations

from typing import Any

import pytest

from apart import await_apart
from sim.interfaces.explorer.state import kept_assets
from sim.interfaces.explorer.state.kept_assets import KeptAssets

FOR_EVER = [(b"cache-control", b"public, immutable, max-age=31536000"), (b"x", b"y")]
PATH = "/static/js/index.1a2b.js"


class Site:
    """An application that answers everything in two parts, and counts how often it is asked."""

    def __init__(self, status: int = 200, headers: list[tuple[bytes, bytes]] = FOR_EVER) -> None:
        self.status, self.headers, self.asked = status, headers, 0

    async def __call__(self, scope: Any, _: Any, send: Any) -> None:
        self.asked += 1
        start = {"type": "http.response.start", "status": self.status, "headers": self.headers}
        await send(start)
        await send({"type": "http.response.body", "body": b"one ", "more_body": True})
        await send({"type": "http.response.body", "body": scope["path"].encode()})


def asked(app: Any, path: str = PATH, method: str = "GET", **headers: str) -> tuple[Any, ...]:
    """Ask an application for a path; return status, headers and body."""
    events: list[Any] = []

    async def send(event: Any) -> None:
        events.append(event)

    async def receive() -> Any:
        raise AssertionError("nothing is read of such a request")

    given = [(name.replace("_", "-").encode(), text.encode()) for name, text in headers.items()]
    scope = {"type": "http", "method": method, "path": path, "headers": given}
    await_apart(app(scope, receive, send))
    body = b"".join(event["body"] for event in events[1:])
    return events[0]["status"], events[0]["headers"], body


def test_a_file_is_asked_for_once_and_answered_alike() -> None:
    site = Site()
    app = KeptAssets(site)
    first = asked(app)
    assert first == (200, FOR_EVER, b"one /static/js/index.1a2b.js")
    assert asked(app) == first
    assert site.asked == 1
    assert asked(app, "/static/js/other.3c.js")[2] == b"one /static/js/other.3c.js"


@pytest.mark.parametrize(
    "site",
    [Site(headers=[(b"cache-control", b"no-cache")]), Site(headers=[]), Site(404), Site(206)],
)
def test_what_may_change_is_not_kept(site: Site) -> None:
    app = KeptAssets(site)
    assert asked(app) == asked(app)
    assert site.asked == 2


@pytest.mark.parametrize(
    "another",
    [
        {"path": "/"},
        {"method": "HEAD"},
        {"range": "bytes=0-3"},
        {"if_none_match": "abc"},
        # A name that the server may not know, and a browser that reads other codings.
        {"host": "elsewhere.example"},
        {"accept_encoding": "gzip"},
    ],
)
def test_other_requests_are_passed_on(another: dict[str, str]) -> None:
    site = Site()
    app = KeptAssets(site)
    asked(app)
    asked(app, **another)
    assert site.asked == 2


def test_no_more_is_kept_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_assets, "MOST_BYTES", 40)
    site = Site()
    app = KeptAssets(site)
    for path in (PATH, "/static/js/another.js", PATH, "/static/js/another.js"):
        assert asked(app, path)[2] == b"one " + path.encode()
    assert site.asked == 3
