"""How a page shows its answer is in the link, and a link restores it."""

from __future__ import annotations

import pytest

from app_pages import FEW, Open, plain
from explorer.test_pages import captions, slider


def test_the_search_is_in_the_link(open_page: Open) -> None:
    at = open_page()
    at.text_input(key="find").set_value("  Côte   d'Ivoire & <b>").run()
    assert at.query_params["show.explore.find"] == "Côte d'Ivoire & <b>"
    other = open_page(**{"show.explore.find": "oceania"})
    assert other.text_input(key="find").value == "oceania"
    assert set(other.dataframe[0].value["region"]) == {"Oceania"}
    other.text_input(key="find").set_value("").run()
    assert "show.explore.find" not in other.query_params


def test_the_measure_of_the_chart_is_in_the_link(open_page: Open) -> None:
    at = open_page()
    at.segmented_control(key="measure").set_value("funds").run()
    assert at.query_params["show.explore.measure"] == "funds"
    other = open_page(show__explore__measure="slots")
    assert other.segmented_control(key="measure").value == "slots"
    other.segmented_control(key="measure").set_value("contracted").run()
    assert "show.explore.measure" not in other.query_params


@pytest.mark.parametrize("page", ["explore", "country"])
def test_whose_levers_are_shown_is_in_the_link(open_page: Open, page: str) -> None:
    at = open_page(page, b="baseline")
    at.segmented_control(key="edited").set_value("b").run()
    assert at.query_params["show.levers.side"] == "b"
    other = open_page(page, b="baseline", show__levers__side="b")
    slider(other, "b", "slots").set_value(30).run()
    assert other.query_params["b.slots"] == "30"


def test_undo_leaves_how_the_answer_is_shown(open_page: Open) -> None:
    at = open_page()
    slider(at, "a", "slots").set_value(30).run()
    at.text_input(key="find").set_value("asia").run()
    next(button for button in at.button if button.label == "Undo").click().run()
    assert dict(at.query_params.items()) == {
        "a": "baseline", "futures": str(FEW), "show.explore.find": "asia",
    }  # fmt: skip


def test_a_change_that_rounds_to_nothing_is_said_in_words(open_page: Open) -> None:
    at = open_page(a__local_control="0.36", b="baseline")
    assert "0 against B" not in [plain(metric.delta) for metric in at.metric]
    at = open_page("compare", c1="baseline", c2="baseline", c2__local_control="0.36")
    (table,) = [html.proto.body for html in at.get("html") if "<table" in html.proto.body]
    assert "0.0 (0.0 to 0.0)" not in table


def test_the_country_page_points_to_itself_for_all_that_differs(open_page: Open) -> None:
    link = {"a": "sovereignty-guarantees", "b": "baseline"}
    assert "and more, all on the page Country." in captions(open_page(**link))
    assert "and more, all below." in captions(open_page("country", **link))


def test_a_country_without_estimates_is_said_in_words(open_page: Open) -> None:
    none = "None of the facts that the model uses is an estimate."
    assert none in captions(open_page("country"))
    assert none not in captions(open_page("country", country="NRU"))
