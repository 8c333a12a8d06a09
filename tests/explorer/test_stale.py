"""A result that does not belong to the settings says so before it says anything else."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from app_pages import Open, plain
from explorer.draft_pages import LATER
from sim.interfaces.explorer.controls.latest import NOT_YOURS
from sim.interfaces.explorer.state.view import pack


def in_order(at: AppTest) -> list[Any]:
    """Return the elements of a page from top to bottom, as a phone shows them but for columns."""
    found: list[Any] = []

    def walk(block: Any) -> None:
        for child in block.children.values():
            walk(child) if hasattr(child, "children") else found.append(child)

    walk(at.main)
    return found


def first(at: AppTest, kind: str, containing: str = "") -> int:
    places = [
        n
        for n, element in enumerate(in_order(at))
        if element.type == kind and containing in plain(str(getattr(element, "value", "")))
    ]
    assert places, f"no {kind} with {containing!r}"
    return places[0]


# Two scenarios that cover no month together.
APART = {"a": "later", "draft__a": pack(LATER), "b": "baseline"}
BROKEN = [
    (APART, "share no month"),
    ({"a__slots": "99"}, "infrastructure offer” = 99 must be from 1 to 40"),
    ({"a": "no-such-scenario"}, "There is no scenario called no-such-scenario"),
    ({"belief__w_peer": "1e9"}, "w_peer"),
]


@pytest.mark.parametrize("page", ["explore", "country"])
@pytest.mark.parametrize(("link", "says"), BROKEN)
def test_the_warning_comes_before_the_headline(
    open_page: Open, page: str, link: dict[str, str], says: str
) -> None:
    at = open_page(page, **link)
    assert first(at, "warning", says) < first(at, "title")
    assert plain(at.title[0].value).startswith(NOT_YOURS)


@pytest.mark.parametrize("page", ["explore", "country"])
def test_the_warning_says_whose_result_is_shown(open_page: Open, page: str) -> None:
    at = open_page(page, a="no-such-scenario")
    assert "the result of baseline;" in plain(at.warning[0].value)
    at = open_page(page, a="third-way", b="baseline", b__slots="25")
    at.query_params["a.slots"] = "99"
    at.run()
    whose = "that of A: third-way against B: baseline with 1 lever moved;"
    assert whose in plain(at.warning[0].value)


def test_the_warning_says_which_side_a_problem_is_of(open_page: Open) -> None:
    at = open_page(a="today", a__slots="3", b="baseline", b__slots="50")
    text = plain(at.warning[0].value)
    assert "A: “" in text
    assert "B: “Places in the US infrastructure offer” = 50 must be from 1 to 40." in text
    assert "slots =" not in text
    # What is wrong with both is said once, and of neither.
    at = open_page(a="third-way", b="baseline", belief__w_peer="1e9")
    assert "A: " not in plain(at.warning[0].value).split("have none.")[1]


def test_a_good_result_says_nothing_of_it(open_page: Open) -> None:
    at = open_page()
    assert not at.warning
    assert NOT_YOURS not in at.title[0].value


def test_the_remedy_can_be_done_on_the_page(open_page: Open) -> None:
    at = open_page(**APART)
    text = plain(at.warning[0].value)
    assert "horizon" not in text
    assert "December 2030" in text
    assert "open them on Compare" in text
    assert "Open Compare" in [link.proto.label for link in at.get("page_link")]


def test_scenarios_without_shared_months_are_marked_before_they_are_chosen(
    open_page: Open,
) -> None:
    at = open_page(**APART)
    options = {side: at.selectbox(key=f"scenario.{side}").options for side in "ab"}
    marked = [words for words in options["b"] if "no month shared with A" in words]
    # All of the folder end before the draft begins, which shares its months with itself.
    assert len(marked) == len(options["b"]) - 1 > 1
    assert not [words for words in options["a"] if "no month" in words]
    at = open_page(a="today", b="baseline")
    assert not [w for w in at.selectbox(key="scenario.b").options if "no month" in w]
    assert not at.warning


def test_what_belongs_to_no_lever_stands_above_the_levers(open_page: Open) -> None:
    at = open_page(belief__w_peer="1e9")
    assert first(at, "error", "w_peer") < first(at, "slider")


def test_a_broken_lever_is_in_an_open_group(open_page: Open) -> None:
    at = open_page(a__chinese_local_control="9")
    groups = {plain(group.label).split(" (")[0]: group.proto.expanded for group in at.expander}
    assert groups["China"]
    assert not open_page().expander[1].proto.expanded


def test_compare_says_which_scenario_its_headline_leaves_out(open_page: Open) -> None:
    at = open_page("compare", c1="baseline", c2="twenty-slots", c3="baseline", c3__slots="99")
    assert first(at, "warning", "Left out: 3 baseline") < first(at, "title")
