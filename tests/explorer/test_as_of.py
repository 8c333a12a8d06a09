"""Pages as of a month, and of two scenarios that cover different months."""

from __future__ import annotations

import re

import pytest
from streamlit.testing.v1 import AppTest

import sim
from app_pages import FEW, Downloaded, Open, plain
from sim.words.wording import percent

SPANS = (
    "A covers December 2026 to December 2031, B covers May 2025 to December 2030. They are "
    "compared over the months that both have, December 2026 to December 2030."
)


def said(at: AppTest) -> list[str]:
    return [plain(caption.value) for caption in at.caption]


@pytest.mark.parametrize("page", ["explore", "country"])
def test_a_month_is_chosen_and_lives_in_the_link(open_page: Open, page: str) -> None:
    at = open_page(page)
    box = at.selectbox(key="as_of")
    assert box.value == "2030-12"
    assert box.options[0] == "December 2030 (the end)"
    assert box.options[-1] == "May 2025"
    assert "as_of" not in at.query_params
    at = box.set_value("2026-11").run()
    assert not at.exception
    assert at.query_params["as_of"] == "2026-11"
    assert "by November 2026" in plain(at.title[0].value)
    assert "All figures are as of the end of November 2026." in said(at)
    whole = at.selectbox(key="as_of").set_value("2030-12").run()
    assert "as_of" not in whole.query_params
    assert not any("as of" in text for text in said(whole))


def test_the_country_page_shows_the_run_as_of_the_month(open_page: Open) -> None:
    at = open_page("country", as_of="2026-11", country="GBR")
    run = sim.simulate(sim.load_scenario("baseline"), FEW, as_of="2026-11")
    row = run.countries.set_index("country").loc["GBR"].to_dict()
    own = {str(name): value for name, value in row.items()}
    alone = [name for name in own if re.fullmatch(r"p_us_\w+", name) and "_and_china" not in name]
    p = sum(float(own[name]) for name in alone)
    headline = plain(at.title[0].value)
    says = f"United Kingdom: most likely with the US only by November 2026 ({percent(p)})"
    assert headline == says
    assert f"beside a second partner: {percent(float(own['p_committed_us']))} (90 %" in " ".join(
        said(at)
    )


def test_undo_puts_the_month_back(open_page: Open) -> None:
    at = open_page()
    before = plain(at.title[0].value)
    at.selectbox(key="as_of").set_value("2027-01").run()
    (undo,) = [button for button in at.button if button.label == "Undo"]
    undo.click().run()
    assert plain(at.title[0].value) == before


def test_downloads_say_which_months_they_cover(open_page: Open, downloaded: Downloaded) -> None:
    open_page(as_of="2026-11")
    for name in ("countries", "map-2026-11", "partners-us", "twenty-futures-us"):
        assert set(downloaded(name)["months"]) == {"2025-05 to 2026-11"}, name
    assert downloaded("partners-us")["month"].iloc[-1] == "2026-11"
    open_page("compare", c1="baseline", c2="today")
    table = downloaded("compared-numbers")
    for n in (1, 2):
        assert set(table[f"scenario {n}, months"]) == {"2026-12 to 2030-12"}


@pytest.mark.parametrize("page", ["explore", "country"])
def test_other_spans_are_compared_and_said(
    open_page: Open, downloaded: Downloaded, page: str
) -> None:
    at = open_page(page, a="today", b="baseline")
    assert not at.warning
    assert SPANS in said(at)
    assert at.selectbox(key="as_of").options[-1] == "December 2026"
    if page == "explore":
        table = downloaded("partners-us")
        months = table[table["side"] != "on record"]["month"]
        assert (months.min(), months.max()) == ("2026-12", "2030-12")


def test_the_compare_page_says_which_months_it_compares(open_page: Open) -> None:
    at = open_page("compare", c1="baseline", c2="today")
    assert any(
        text.endswith(
            "They are compared over the months that both have, December 2026 to December 2030."
        )
        for text in said(at)
    )
    at = at.selectbox(key="compare.as_of").set_value("2027-12").run()
    assert not at.exception
    assert at.query_params["as_of"] == "2027-12"
    assert any("All figures are as of the end of December 2027." in text for text in said(at))


@pytest.mark.parametrize(
    ("page", "link"),
    [
        ("explore", {"as_of": "2050-01"}),
        ("country", {"as_of": "2025-06", "a": "today"}),
        ("compare", {"as_of": "2025-06", "c1": "baseline", "c2": "today"}),
    ],
)
def test_a_month_that_is_not_there_is_said(
    open_page: Open, page: str, link: dict[str, str]
) -> None:
    at = open_page(page, **link)
    notes = [plain(info.value) for info in at.info]
    assert any("is not among the months here" in note for note in notes)
    assert not any("as of the end of January 2050" in text for text in said(at))
