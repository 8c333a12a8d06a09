"""The Country page answers what it would take, once somebody asks."""

from __future__ import annotations

import pytest

from app_pages import FEW, Downloaded, Open, plain, said

SOON = {"as_of": "2025-06", "futures": str(FEW)}


def test_nothing_is_searched_until_it_is_asked(open_page: Open) -> None:
    at = open_page("country", country="NOR", **SOON)
    assert "What would it take?" in [each.value for each in at.header]
    assert "In the model, " not in said(at)


def test_the_answer_stands_with_its_table(open_page: Open, downloaded: Downloaded) -> None:
    link = {"show__country__takes": "it", "show__country__takes_level": "0.25"}
    at = open_page("country", country="NOR", **SOON, **link)
    assert "In the model, " in said(at)
    assert "1,000 fresh futures" in said(at)
    assert [*downloaded("NOR-it-takes")["lever"]] == ["local_control", "fund"]


@pytest.mark.parametrize("question", ["it", "host"])
def test_a_rule_that_bars_a_country_is_named(question: str, open_page: Open) -> None:
    at = open_page("country", country="RUS", **SOON, show__country__takes=question)
    (told,) = [plain(each.value) for each in at.info if "invited" in each.value]
    assert "can never be invited" in told
    assert "excluded lists it" in told


def test_an_offer_to_all_has_no_next_country(open_page: Open) -> None:
    link = {"show__country__takes": "host", "show__country__takes_offer": "us.adoption"}
    at = open_page("country", country="NOR", **SOON, **link)
    assert any("turns nobody away" in each.value for each in at.info)
