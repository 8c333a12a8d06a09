"""The page Compare without a browser: columns by hand, links, errors, ways to other pages."""

from __future__ import annotations

import re
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from app_pages import FEW, Downloaded, Open, follow, plain


def headline(at: AppTest) -> str:
    return plain(at.title[0].value)


def button(at: AppTest, label: str, n: int = 0) -> Any:
    return [found for found in at.button if found.label == label][n]


def test_a_first_visit(open_page: Open) -> None:
    at = open_page("compare")
    assert headline(at).startswith("United States: +")
    assert at.selectbox(key="compare.scenario.0").value == "baseline"
    assert at.selectbox(key="compare.scenario.1").value == "sovereignty-guarantees"
    assert "c1" not in at.query_params


def test_numbers_have_the_signs_of_print_and_files_those_of_keyboards(
    open_page: Open, downloaded: Downloaded
) -> None:
    at = open_page("compare", c1="baseline", c2="baseline", c2__us_backing="0")
    (table,) = [html.proto.body for html in at.get("html") if "<table" in html.proto.body]
    assert "\u2212" in table
    assert not re.search(r"[(>]-[\d.]|to -|\d %", table)
    assert (downloaded("compared-numbers")["minus scenario 1"] < 0).any()


def test_columns_by_hand(open_page: Open) -> None:
    at = open_page("compare")
    at.selectbox(key="compare.add").set_value("twenty-slots").run()
    assert at.query_params["c3"] == "twenty-slots"
    button(at, "Remove", 1).click().run()
    assert at.query_params["c2"] == "twenty-slots"
    assert "c3" not in at.query_params
    button(at, "Make it the reference").click().run()
    assert at.query_params["c1"] == "twenty-slots"
    assert " -" in headline(at)
    button(at, "Undo").click().run()
    assert at.query_params["c1"] == "baseline"
    at.selectbox(key="compare.scenario.0").set_value("key-partner").run()
    assert at.query_params["c1"] == "key-partner"
    assert not at.exception


def test_levers_are_listed_and_put_back(open_page: Open) -> None:
    at = open_page("compare", c1="baseline", c2="baseline", c2__slots="25")
    text = " ".join(plain(block.value) for block in at.markdown)
    assert "Places in the US infrastructure offer: 25 instead of 10" in text
    button(at, "Put levers back").click().run()
    assert "c2.slots" not in at.query_params
    assert "the same partners in all" in headline(at)


def test_a_link_restores_the_page(open_page: Open) -> None:
    link = {"a": "baseline", "c1": "chip-tiers", "c2": "baseline", "c2.slots": "25",
            "c3": "third-way", "show.compare.map": "difference", "of": "china",
            "country": "BRA", "futures": "200", "seed": "4"}  # fmt: skip
    at = open_page("compare", **link)
    assert dict(at.query_params.items()) == link
    assert headline(at).startswith("China: ")
    assert at.selectbox(key="compare.country").value == "BRA"


def test_a_wrong_scenario_leaves_the_others(open_page: Open) -> None:
    at = open_page("compare", c1="baseline", c2="nothing", c3="baseline", c3__slots="25",
                   c4="today")  # fmt: skip
    assert any("no scenario called nothing" in plain(error.value) for error in at.error)
    says = [plain(caption.value) for caption in at.caption]
    assert any("scenario 4 covers December 2026 to December 2031." in text for text in says)
    # Both that can be run are compared.
    assert "the largest of 2 changes" in " ".join(says)


@pytest.mark.parametrize("side", ["c1", "c2"])
def test_nothing_that_can_be_run(open_page: Open, side: str) -> None:
    at = open_page("compare", c1="nothing", c2="nothing", **{f"{side}__x": "1"})
    assert headline(at) == "None of these scenarios can be run"
    assert len(at.error) == 2


def test_keep_on_explore_and_see_it_here(open_page: Open) -> None:
    at = open_page(a__slots="25", b="baseline", b__slots="5")
    button(at, "Keep A").click().run()
    assert at.query_params["c1.slots"] == "25"
    assert button(at, "Kept A").disabled
    button(at, "Keep B").click().run()
    at.switch_page("sim/interfaces/pages/compare.py").run()
    assert at.query_params["c2.slots"] == "5"
    assert "2 baseline, 1 lever moved" in " ".join(plain(m.value) for m in at.markdown)


def test_keep_says_when_it_is_full(open_page: Open) -> None:
    full = {f"c{n}": "baseline" for n in range(1, 5)}
    at = open_page(**full, a__slots="25")
    assert button(at, "Add to comparison").disabled
    assert any("4 scenarios are kept" in plain(caption.value) for caption in at.caption)


def test_a_pair_opens_in_explore(open_page: Open) -> None:
    at = open_page("compare", c1="chip-tiers", c2="baseline", c2__slots="25")
    assert button(at, "Undo").disabled
    follow(at, "Open in Explore")
    assert (at.query_params["a"], at.query_params["b"]) == ("baseline", "chip-tiers")
    assert at.query_params["a.slots"] == "25"
    assert at.selectbox(key="scenario.b").value == "chip-tiers"
    button(at, "Undo").click().run()
    assert dict(at.query_params.items()) == {
        "a": "baseline", "c1": "chip-tiers", "c2": "baseline", "c2.slots": "25",
        "futures": str(FEW),
    }  # fmt: skip


def test_a_country_opens_with_its_pair(open_page: Open) -> None:
    at = open_page("compare", c1="baseline", c2="sovereignty-guarantees")
    before = dict(at.query_params.items())
    first = next(
        link.proto
        for link in at.get("page_link")
        if link.proto.page == "country" and "b=baseline" in link.proto.query_string
    )
    # What is offered changes nothing on the page that offers it.
    assert dict(at.query_params.items()) == before
    follow(at, first.label)
    assert headline(at).startswith(f"{plain(first.label)}: ")
    assert f"country={at.query_params['country']}&" in f"{first.query_string}&"
    assert (at.query_params["a"], at.query_params["b"]) == ("sovereignty-guarantees", "baseline")


@pytest.mark.parametrize(
    "link",
    [
        {"c1": "baseline", "c1__no_such_lever": "1"},
        {"belief__w_peer": "1e9"},
        {"country": "QQQ"},
        {"country": "USA"},
        {"of": "nobody"},
        {"show__compare.map": "upside_down"},
        {"draft.c1": "?", "c1": "mine"},
    ],
)
def test_a_strange_link_never_breaks_the_page(open_page: Open, link: dict[str, str]) -> None:
    assert open_page("compare", **link).title


def test_a_difference_is_shared_out_over_what_was_changed(
    open_page: Open, downloaded: Downloaded
) -> None:
    link = {"c1": "baseline", "c2": "baseline", "c2.linkage": "1", "c2.slots": "20"}
    at = open_page("compare", **link, **{"show.compare.split": "2"})
    text = " ".join(plain(block.value) for block in at.markdown)
    assert "baseline as changed; the difference is" in text
    parts = downloaded("what-moved-the-result")
    assert parts["part"].tolist() == [
        "providers.us.linkage", "providers.us.offers.infrastructure.slots",
    ]  # fmt: skip
    assert not at.exception
