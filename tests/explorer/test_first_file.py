"""The first file of a page tells the browser where the server is; nothing else is touched."""

from __future__ import annotations

import re
from typing import Any

from apart import await_apart
from sim.interfaces.explorer.state.first_file import FirstFile

PAGE = b"<html><head><title>Streamlit</title></head></html>"


class Site:
    """An application that answers everything with one body, and keeps what it was asked."""

    def __init__(self, body: bytes = PAGE, kind: bytes = b"text/html; charset=utf-8") -> None:
        self.body, self.kind, self.headers = body, kind, dict[bytes, bytes]()

    async def __call__(self, scope: Any, _: Any, send: Any) -> None:
        self.headers = dict(scope["headers"])
        headers = [(b"content-type", self.kind), (b"content-length", b"%d" % len(self.body))]
        headers.append((b"etag", b"theirs"))
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": self.body[:9], "more_body": True})
        await send({"type": "http.response.body", "body": self.body[9:]})


def asked(site: Site, base: str = "", accept: bytes = b"text/html") -> tuple[Any, bytes]:
    events: list[Any] = []

    async def send(event: Any) -> None:
        events.append(event)

    headers = [(b"accept", accept), (b"accept-encoding", b"gzip"), (b"if-none-match", b"theirs")]
    scope = {"type": "http", "method": "GET", "path": "/country", "headers": headers}
    await_apart(FirstFile(site, base)(scope, None, send))  # type: ignore[arg-type]
    return dict(events[0]["headers"]), b"".join(event["body"] for event in events[1:])


def test_a_page_is_told_where_its_server_begins() -> None:
    for base, path in (("", "/"), ("align/", "/align/")):
        site = Site()
        headers, body = asked(site, base)
        script = rf'<head><script>window.__streamlit={{BACKEND_BASE_URL:location.origin\+"{path}"}}'
        assert re.search(script, body.decode())
        assert b"<title>alignsim</title>" in body
        assert headers[b"content-length"] == str(len(body)).encode()
        # Else the browser would keep Streamlit's own file, which looks the same by its date.
        assert b"etag" not in headers
        assert not {b"accept-encoding", b"if-none-match"} & {*site.headers}


def test_other_answers_are_as_they_were() -> None:
    for site, accept in ((Site(b"x <head>", b"text/css"), b"text/html"), (Site(), b"*/*")):
        headers, body = asked(site, accept=accept)
        assert body == site.body
        assert headers[b"etag"] == b"theirs"
