"""The real server, as ``streamlit run app.py`` starts it: who may talk to it, and what it bears."""

from __future__ import annotations

import re
import tomllib
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import psutil
import pytest
from streamlit.config import get_config_options
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Origin, Subprotocol

from apart import await_apart
from benchmarks.explorer_server import Server, serving
from benchmarks.visitors import Diary, Visitor, visit_all

ROOT = Path(__file__).parents[2]
T = TypeVar("T")
CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving() as found:
        yield found
        assert found.complaints() == []


async def shake_hands(server: Server, origin: str | None, host: str | None = None) -> bool:
    """Open the websocket with an origin and a host; return whether the server lets us in."""
    try:
        async with connect(
            f"ws://{host or f'127.0.0.1:{server.port}'}/_stcore/stream",
            origin=None if origin is None else Origin(origin),
            subprotocols=[Subprotocol("streamlit")],
            host="127.0.0.1",
            port=server.port,
        ):
            return True
    except InvalidStatus as refused:
        if refused.response.status_code != 403:
            raise
        return False


def status(url: str, **options: Any) -> int:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, **options), timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_the_shipped_settings_serve_one_person_on_one_machine() -> None:
    server, browser = CONFIG["server"], CONFIG["browser"]
    assert server["address"] == "127.0.0.1"
    assert server["allowedHosts"] == ["127.0.0.1", "localhost"]
    assert server["maxUploadSize"] == 1
    assert browser["gatherUsageStats"] is False
    assert CONFIG["client"]["showErrorDetails"] == "none"
    # These are on unless a file turns them off, and no file may.
    for guard in ("enableXsrfProtection", "enableCORS"):
        assert server.get(guard, True) is True
    for opening in ("corsAllowedOrigins", "trustedUserHeaders", "enableStaticServing"):
        assert opening not in server


def test_it_listens_on_this_machine_alone(server: Server) -> None:
    listening = [
        connection.laddr
        for connection in psutil.Process(server.process.pid).net_connections(kind="inet")
        if connection.status == psutil.CONN_LISTEN
    ]
    assert [(place.ip, place.port) for place in listening] == [("127.0.0.1", server.port)]


def test_it_talks_to_its_own_pages(server: Server) -> None:
    for host in ("127.0.0.1", "localhost"):
        own = f"{host}:{server.port}"
        assert await_apart(shake_hands(server, f"http://{own}", own))


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("http://elsewhere.example", None),
        ("https://127.0.0.1.elsewhere.example", None),
        ("null", None),
        # A name of another's that leads here: origin and host agree, and are refused all the same.
        ("http://elsewhere.example", "elsewhere.example"),
        (None, "elsewhere.example"),
    ],
)
def test_it_refuses_pages_of_others(server: Server, origin: str | None, host: str | None) -> None:
    assert not await_apart(shake_hands(server, origin, host))


def test_behind_a_proxy_it_answers_to_that_name_alone() -> None:
    # As docs/serving.md starts it: the proxy passes on origin and host of the public name.
    with serving(STREAMLIT_SERVER_ALLOWED_HOSTS="align.example.org") as shared:
        public = "align.example.org"
        assert await_apart(shake_hands(shared, f"https://{public}", public))
        for origin, host in (
            ("https://elsewhere.example", public),
            ("https://elsewhere.example", "elsewhere.example"),
            (f"http://127.0.0.1:{shared.port}", f"127.0.0.1:{shared.port}"),
        ):
            assert not await_apart(shake_hands(shared, origin, host))


def test_the_files_for_serving_fit_the_project() -> None:
    container = (ROOT / "deploy" / "Containerfile").read_text("utf-8")
    copied = [word for line in container.splitlines() if line.startswith("COPY ")
              for word in line.split()[1:-1]]  # fmt: skip
    assert copied
    assert [name for name in copied if not (ROOT / name).exists()] == []
    ignored = (ROOT / ".containerignore").read_text("utf-8").splitlines()
    assert {f"!{name.rstrip('/')}" for name in copied} <= {line.rstrip("/") for line in ignored}
    assert "USER alignsim" in container
    named = re.findall(r"STREAMLIT_([A-Z]+)_([A-Z_]+)=", container)
    options = {snake_case(key).replace(".", "_").upper() for key in get_config_options()}
    assert {"_".join(name) for name in named} <= options
    proxy = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
    for line in (
        r"proxy_set_header\s+Host\s+\$http_host;",
        r"proxy_set_header\s+Upgrade\s+\$http_upgrade;",
        r"proxy_set_header\s+Authorization\s+\"\";",
        r"proxy_pass\s+http://127\.0\.0\.1:8501;",
    ):
        assert re.search(line, proxy), line


def snake_case(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name)


def test_an_upload_without_the_token_of_the_page_is_refused(server: Server) -> None:
    target = f"{server.url}/_stcore/upload_file/anybody/anything"
    assert status(target, data=b"name: mine", method="PUT") == 403
    assert status(target, method="DELETE") == 403


@pytest.mark.parametrize(
    "path",
    [
        "/app/static/app.py",
        "/static/../../../../app.py",
        "/static/%2e%2e/%2e%2e/%2e%2e/app.py",
        "/component/../app.py",
        "/media/../app.py",
    ],
)
def test_it_gives_out_no_files(server: Server, path: str) -> None:
    source = (ROOT / "app.py").read_bytes()
    try:
        with urllib.request.urlopen(server.url + path, timeout=10) as answer:
            found = answer.read()
    except urllib.error.HTTPError as refused:
        found = refused.read()
    assert source not in found


def test_it_is_warm_without_a_visitor(server: Server) -> None:
    server.wait_until_ready()
    # Of the baseline as a first visitor sees it: futures, seed and months.
    first = [key.split(", ")[1:] for key, _ in server.runs()[:1]]
    assert first == [["500", "1", "'2025-05'", "'2030-12')"]]


def test_visitors_at_once_share_runs_and_see_no_error(server: Server) -> None:
    server.wait_until_ready()
    before = len(server.runs())
    diary = await_apart(visit_all(server.port, 6, 9.0, 200))
    assert diary.errors == []
    assert len(diary.first_seconds) == 6
    assert len(diary.seconds) >= 6
    runs = [key for key, _ in server.runs()[before:]]
    # The baseline and what the levers were moved to: each was computed once.
    assert len(runs) == len(set(runs)) == len(diary.settings)


def test_a_visitor_notices_an_error(server: Server) -> None:
    async def visit() -> Diary:
        diary, own = Diary(), f"127.0.0.1:{server.port}"
        async with connect(
            f"ws://{own}/_stcore/stream", origin=Origin(f"http://{own}"), max_size=None
        ) as socket:
            await Visitor(socket, diary, "futures=200&a.slots=99").open()
        return diary

    assert any("99 must be from 1 to 40" in error for error in await_apart(visit()).errors)
