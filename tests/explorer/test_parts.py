"""A lever draws only what it changes, and the page is then as if it had been drawn whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection

from apart import await_apart
from app_pages import FEW
from benchmarks.explorer_script import split
from benchmarks.explorer_server import Server, serving
from explorer.bare_client import Window, window_of

# Few months are run sooner, and every part of a page is there for them.
ONE = "futures=200&as_of=2025-12"
TWO = f"{ONE}&a=baseline&a.local_control=0.9&b=baseline&country=BRA"


# What differs between windows that show the same: values that a browser holds, and names of files.
PER_WINDOW = {"set_value", "value", "raw_value", "raw_values", "selection_state",
              "deferred_file_id"}  # fmt: skip


def control_of(element: Element) -> Any:
    """Return the part of an element that says what it is."""
    return getattr(element, element.WhichOneof("type") or "empty")


class Page(Window):
    """A window that keeps what it shows, as a browser does: by place, with what was not redrawn."""

    def __init__(self, socket: ClientConnection, page: str, query: str) -> None:
        super().__init__(socket, page, query)
        self.shown: dict[tuple[int, ...], Delta] = {}
        self.sent: set[tuple[int, ...]] = set()
        self._asked: set[str] = set()

    def _read(self, frame: bytes) -> bool:
        message = ForwardMsg.FromString(frame)
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self._asked, self.sent = set(message.metadata.run.fragment_ids), set()
        elif kind == "delta":
            place = tuple(message.metadata.delta_path)
            self.shown[place] = message.delta
            self.sent.add(place)
        is_over = super()._read(frame)
        if is_over:
            self._drop_stale()
        return is_over

    def _drop_stale(self) -> None:
        def is_stale(place: tuple[int, ...]) -> bool:
            is_in_run = not self._asked or self.shown[place].fragment_id in self._asked
            return is_in_run and place not in self.sent

        for place in [place for place in self.shown if is_stale(place)]:
            del self.shown[place]

    def control(self, key: str) -> str:
        """Return the id of the control with a key."""
        (found,) = [control for control in self.controls if control.endswith(f"-{key}")]
        return found

    async def use(self, state: WidgetState) -> None:
        """Send what a browser sends when a control is used."""
        (fragment,) = {
            delta.fragment_id
            for delta in self.shown.values()
            if getattr(control_of(delta.new_element), "id", "") == state.id
        }
        await self.run([state], fragment)

    async def move(self, lever: str, value: float) -> None:
        """Move a lever of A."""
        state = WidgetState(id=self.control(f"lever.a.baseline.{lever}"))
        state.double_array_value.data.append(value)
        await self.use(state)

    async def click(self, key: str) -> None:
        """Click a button."""
        await self.use(WidgetState(id=self.control(key), trigger_value=True))

    async def press(self, label: str) -> None:
        """Click a button by what it says."""
        (button,) = [
            delta.new_element.button.id
            for delta in self.shown.values()
            if delta.new_element.button.label == label
        ]
        await self.use(WidgetState(id=button, trigger_value=True))

    def content(self) -> dict[tuple[int, ...], bytes]:
        """Return what is shown, but for what a newcomer cannot have: the way back, and files."""
        found = {}
        for place, delta in self.shown.items():
            element = delta.new_element
            kind = element.WhichOneof("type")
            if kind == "button" and element.button.label == "Undo":
                continue
            element.ClearField("has_one_shot_effect")
            if kind == "dataframe":
                element.dataframe.arrow_data.styler.ClearField("uuid")
            for field in control_of(element).DESCRIPTOR.fields_by_name:
                if field in PER_WINDOW:
                    control_of(element).ClearField(field)
            found[place] = delta.SerializeToString(deterministic=True)
        return found


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving() as found:
        yield found
        assert found.complaints() == []


async def newcomer(server: Server, page: str, query: str) -> dict[tuple[int, ...], bytes]:
    async with window_of(Page, server, page, query) as found:
        return found.content()


def differing(page: Page, whole: dict[tuple[int, ...], bytes]) -> list[str]:
    own = page.content()
    stale = [
        f"{place}: {own.get(place)!r} instead of {whole.get(place)!r}"
        for place in sorted({*own, *whole})
        if own.get(place) != whole.get(place)
    ]
    hint = "a lever did not draw these anew: is the key of each fragment in PARTS of its page?"
    return [hint, *stale] if stale else []


@pytest.mark.parametrize("page", ["explore", "country"])
@pytest.mark.parametrize("query", [ONE, TWO], ids=["one", "two"])
def test_a_page_drawn_in_parts_is_as_one_drawn_whole(server: Server, page: str, query: str) -> None:
    async def go() -> None:
        async with window_of(Page, server, page, query) as found:
            n_whole = len(found.sent)
            # The first move says so at the head of its group; the next changes that lever alone.
            for lever, value in (("slots", 20), ("slots", 31), ("us_backing", 0.1)):
                await found.move(lever, value)
                assert f"a.{lever}" in found.query
                assert len(found.sent) < n_whole
                assert differing(found, await newcomer(server, page, found.query)) == []
            await found.click("back.lever.a.baseline.slots")
            assert "a.slots" not in found.query
            assert differing(found, await newcomer(server, page, found.query)) == []

    await_apart(go())


@pytest.mark.parametrize("label", ["Undo", "Reset all", "Swap A and B", "Keep A", "Put back to 10"])
def test_a_button_beside_the_levers_draws_all_that_it_changes(server: Server, label: str) -> None:
    async def go() -> None:
        async with window_of(Page, server, "explore", TWO) as found:
            await found.move("slots", 20)
            before = found.query
            await found.press(label)
            assert found.query != before
            assert differing(found, await newcomer(server, "explore", found.query)) == []

    await_apart(go())


def test_a_row_of_the_table_draws_the_country_everywhere(server: Server) -> None:
    async def go() -> None:
        async with window_of(Page, server, "explore", ONE) as found:
            marked = '{"selection": {"rows": [3], "columns": [], "cells": []}}'
            await found.use(WidgetState(id=found.control("countries"), string_value=marked))
            assert "country" in found.query
            assert differing(found, await newcomer(server, "explore", found.query)) == []

    await_apart(go())


def test_a_lever_draws_no_other_lever(server: Server) -> None:
    async def go() -> None:
        async with window_of(Page, server, "explore", f"{ONE}&a=baseline&a.slots=20") as found:
            await found.move("slots", 31)
            drawn = [found.shown[place].new_element for place in found.sent]
            sliders = [element.slider.id for element in drawn if element.HasField("slider")]
            assert sliders == [found.control("lever.a.baseline.slots")]

    await_apart(go())


def test_where_something_is_wrong_a_lever_draws_the_whole_page(server: Server) -> None:
    # The link moves a lever that the scenario does not have, which the page says above its levers.
    async def go() -> None:
        async with window_of(
            Page, server, "explore", f"{ONE}&a=baseline&a.slots=20&a.nothing=1"
        ) as found:
            n_whole = len(found.sent)
            assert found.complaints()
            await found.move("slots", 31)
            assert len(found.sent) == n_whole

    await_apart(go())


def test_the_benchmark_tells_the_parts_of_a_moved_lever_apart() -> None:
    (found,) = split(1, FEW)
    assert set(found) == {"compute", "tables", "script"}
    assert min(found.values()) > 0
