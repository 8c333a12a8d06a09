"""What browsers can send to the real server: nothing of it breaks a page or fills the log."""

from __future__ import annotations

import asyncio
import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import CookieJar
from typing import Any

import pytest
from streamlit.proto.BackMsg_pb2 import BackendOperationRequest, BackMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.exceptions import ConnectionClosed

from apart import await_apart
from benchmarks.explorer_server import Server, serving
from explorer.bare_client import Window, opened_again, window
from sim.interfaces.explorer.state.control_values import CHECKS
from sim.interfaces.explorer.state.gate import LONGEST_LINK, MOST_FILES, MOST_FILES_IN_ALL, Gate
from sim.interfaces.explorer.state.page_list import PAGES

# Few months are run sooner, and every control is there for them.
SOON = "futures=40&as_of=2025-12"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving() as found:
        found.wait_until_ready()
        yield found
        assert found.complaints() == []


def state(control: str, **value: Any) -> WidgetState:
    return WidgetState(id=control, **value)


def doubles(control: str, *values: float) -> WidgetState:
    found = WidgetState(id=control)
    found.double_array_value.SetInParent()
    found.double_array_value.data.extend(values)
    return found


def strings(control: str, *values: str) -> WidgetState:
    found = WidgetState(id=control)
    found.string_array_value.data.extend(values)
    return found


def file_of(control: str) -> WidgetState:
    found = WidgetState(id=control)
    found.file_uploader_state_value.uploaded_file_info.add(file_id="gone", name="x.yaml")
    return found


# Far deeper than JSON is read, and one for every control fits into a message that a server takes.
DEEP = "[" * 50_000
PICKED = {"selection": {"picked": [{"point": [1]}], "rows": [9999, -3], "cells": [[1]]}}
SELECTED = json.dumps(PICKED)
EVENTS = json.dumps([{"event": "asked", "value": {"country": [1], "month": {}, "mode": 7}}])
# One of each kind that the protocol has, and texts that are no JSON, or JSON of another shape.
HOSTILE: dict[str, Callable[[str], WidgetState]] = {
    "bool": lambda key: state(key, bool_value=True),
    "trigger": lambda key: state(key, trigger_value=True),
    "double": lambda key: state(key, double_value=float("nan")),
    "int": lambda key: state(key, int_value=-5),
    "doubles": lambda key: doubles(key, float("nan")),
    "no doubles": doubles,
    "far off": lambda key: doubles(key, 1e300),
    "ints": lambda key: state(key, int_array_value={"data": [99, -1]}),
    "strings": lambda key: strings(key, "no such option"),
    "bytes": lambda key: state(key, bytes_value=b"\xff"),
    "no JSON": lambda key: state(key, json_value="{no"),
    "a list": lambda key: state(key, json_value="[1, 2]"),
    "deep JSON": lambda key: state(key, json_value=DEEP),
    "no events": lambda key: state(key, json_trigger_value="{no"),
    "odd events": lambda key: state(key, json_trigger_value=EVENTS),
    "trigger text": lambda key: state(key, string_trigger_value={"data": "x"}),
    "file": file_of,
    "arrow": lambda key: state(key, arrow_value={}),
    "deep text": lambda key: state(key, string_value=DEEP),
    "selection": lambda key: state(key, string_value=SELECTED),
}


def aimed_at_all(found: Window, make: Callable[[str], WidgetState]) -> list[WidgetState]:
    keys = [*found.controls, *(f"$$STREAMLIT_INTERNAL_KEY_{key}__events" for key in found.controls)]
    return [make(key) for key in keys]


@pytest.mark.parametrize("page", PAGES)
def test_no_value_of_a_control_breaks_a_page(server: Server, page: str) -> None:
    async def attack() -> None:
        async with window(server, page, SOON) as found:
            assert {*found.controls.values()} <= {*CHECKS}
            title = found.title()
            for make in HOSTILE.values():
                await found.run(aimed_at_all(found, make))
                # Numbers may have moved, since some of the values are possible; all is drawn.
                assert bool(found.title()) == bool(title)
                assert not any("could not be drawn" in text for text in found.complaints())

    await_apart(attack())


def test_a_possible_value_gets_through_beside_an_impossible_one(server: Server) -> None:
    async def move() -> tuple[str, str]:
        async with window(server, "explore", SOON) as found:
            before = found.title()
            slots, linkage = (
                next(key for key in found.controls if key.endswith(f"lever.a.baseline.{name}"))
                for name in ("slots", "linkage")
            )
            await found.run([doubles(slots, 30.0), doubles(linkage, 99.0)])
            assert "a.slots=30" in found.query
            assert "linkage" not in found.query
            return before, found.title()

    before, after = await_apart(move())
    assert after
    assert before != after


async def read_to_the_end(found: Window) -> None:
    while True:
        await found.socket.recv()


def test_what_is_no_message_closes_the_connection(server: Server) -> None:
    async def send(content: str | bytes) -> int:
        async with window(server, "evidence") as found:
            await found.socket.send(content)
            with pytest.raises(ConnectionClosed):
                await read_to_the_end(found)
            assert found.socket.close_code is not None
            return found.socket.close_code

    for content in ("text", b"\xff\xff\xff\xff", b"\x0a\xff"):
        assert await_apart(send(content)) == 1007


def test_what_no_page_asks_for_is_not_answered(server: Server) -> None:
    runs = len(server.runs())

    async def ask() -> None:
        skills = BackendOperationRequest(session_id="")
        skills.install_skills.SetInParent()
        async with window(server, "explore", SOON) as found:
            for odd in (
                BackMsg(clear_cache=True),
                BackMsg(load_git_info=True),
                BackMsg(debug_shutdown_runtime=True),
                BackMsg(backend_operation_request=skills),
                BackMsg(),
            ):
                await found.socket.send(odd.SerializeToString())
            await found.run()
            assert found.title()

    await_apart(ask())
    # Whoever comes next finds all that was computed before.
    before = len(server.runs())
    await_apart(ask())
    assert len(server.runs()) == before <= runs + 1


@pytest.mark.parametrize(
    "link",
    ["a=%00&b=%ff", "x=" + "1" * (LONGEST_LINK + 1), "&".join(f"k{n}=1" for n in range(6000)),
     "%zz==&&=;", "country=%F0%9F%98%80&futures=-1", "a.slots=nan&belief.x=inf"],
    ids=["bytes", "long", "many", "odd", "signs", "numbers"],
)  # fmt: skip
def test_no_link_breaks_a_page(server: Server, link: str) -> None:
    async def follow() -> None:
        async with window(server, "explore", link) as found:
            assert found.title()

    await_apart(follow())


PART = b'--b\r\nContent-Disposition: form-data; name="f"; filename="x.yaml"\r\n\r\n'


class Uploads:
    """Puts files on the server as a page does, with the token that the server gave it."""

    def __init__(self, server: Server) -> None:
        self._url, jar = server.url, CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        self._opener.open(f"{server.url}/_stcore/host-config", timeout=10).close()
        self._opener.open(f"{server.url}/_stcore/health", timeout=10).close()
        tokens = [str(cookie.value) for cookie in jar if "xsrf" in cookie.name]
        assert len(tokens) == 1
        kind = "multipart/form-data; boundary=b"
        self._headers = {"X-Xsrftoken": tokens[0], "Content-Type": kind}

    def put(
        self, session: str, name: str, content: bytes = b"name: mine\n", part: bytes = PART
    ) -> tuple[int, str]:
        body = part + content + b"\r\n--b--\r\n"
        target = f"{self._url}/_stcore/upload_file/{session}/{name}"
        asked = urllib.request.Request(target, body, self._headers, method="PUT")
        try:
            with self._opener.open(asked, timeout=30) as answer:
                return int(answer.status), ""
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode("utf-8")


def test_a_window_holds_few_files(server: Server) -> None:
    async def upload() -> list[tuple[int, str]]:
        async with window(server, "editor") as found:
            uploads = Uploads(server)
            with ThreadPoolExecutor(8) as threads:
                return [*threads.map(lambda n: uploads.put(found.session, f"f{n}"), range(24))]

    answers = await_apart(upload())
    assert sum(status == 204 for status, _ in answers) == MOST_FILES
    refused = {(status, text) for status, text in answers if status != 204}
    assert refused == {(429, "A window can hold 3 files at a time. Reload the page.")}


def test_all_windows_hold_few_files_and_give_them_back(server: Server) -> None:
    enough = MOST_FILES_IN_ALL // MOST_FILES + 1

    async def fill() -> list[int]:
        uploads, answers = Uploads(server), []
        async with asyncio.TaskGroup() as opened:
            barrier = asyncio.Barrier(enough + 1)

            async def hold() -> None:
                async with window(server, "evidence") as found:
                    for n in range(MOST_FILES):
                        put = asyncio.to_thread(uploads.put, found.session, f"f{n}")
                        answers.append((await put)[0])
                    await barrier.wait()

            for _ in range(enough):
                opened.create_task(hold())
            await barrier.wait()
        return answers

    answers = await_apart(fill())
    assert 429 in answers
    assert answers.count(204) <= MOST_FILES_IN_ALL


def test_an_upload_that_cannot_be_read_is_refused(server: Server) -> None:
    async def upload() -> int:
        async with window(server, "editor") as found:
            return Uploads(server).put(found.session, "f", b"", part=b"--a\r\nodd")[0]

    assert await_apart(upload()) == 400


def test_a_full_server_says_so_and_lets_in_who_comes_when_one_has_left() -> None:
    closed: list[dict[str, Any]] = []

    async def connect(gate: Gate) -> None:
        async def receive() -> dict[str, Any]:
            return {"type": "websocket.connect"}

        async def send(event: Any) -> None:
            closed.append(event)

        await gate({"type": "websocket", "subprotocols": []}, receive, send)

    async def work() -> None:
        leave = asyncio.Event()

        async def app(*_: Any) -> None:
            await leave.wait()

        gate = Gate(app)
        inside = [asyncio.create_task(connect(gate)) for _ in range(200)]
        await asyncio.sleep(0)
        await connect(gate)
        assert [event["code"] for event in closed] == [1013]
        assert "200 windows" in closed[0]["reason"]
        leave.set()
        await asyncio.gather(*inside)
        await connect(gate)
        assert len(closed) == 1

    await_apart(work())


def test_who_comes_back_can_move_what_was_on_the_page(server: Server) -> None:
    async def come_back() -> str:
        async with window(server, "explore", SOON) as found:
            key = next(key for key in found.controls if key.endswith("lever.a.baseline.slots"))
        async with opened_again(server, found):
            await found.run([doubles(key, 30.0)])
            return found.query

    assert "a.slots=30" in await_apart(come_back())
