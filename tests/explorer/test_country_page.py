"""The Country page says who invites, how the country answers, and what decides."""

from __future__ import annotations

import re

import pytest

from app_pages import Downloaded, Open, listed, plain, said
from explorer.test_pages import captions
from sim.analysis.reasons import changes_for_readers
from sim.interfaces.charts.drivers import plot_drivers
from sim.interfaces.charts.palette import theme
from sim.interfaces.explorer.state import runs
from sim.interfaces.explorer.state.view import Side, View

ASKED = "Invitations and answers"


def test_both_filters_stand_in_a_table_of_their_own(
    open_page: Open, downloaded: Downloaded
) -> None:
    open_page("country", country="PAK", futures="500")
    at = open_page("country", country="PAK", futures="500")
    shown = listed(at, ASKED).set_index("offer")
    assert [*shown.columns] == ["section", "invited", "signs once invited", "signs"]
    china = shown.loc["China: infrastructure"]
    assert all(china[name].endswith(" %") for name in ("invited", "signs once invited"))
    assert shown.loc["China: adoption", "invited"] == "all may join"
    assert shown.loc["United States: infrastructure", "signs once invited"] == "too few invitations"
    table = downloaded("PAK-invitations").set_index("offer")
    own = table.loc["China: infrastructure"]
    product = own["invited (0-1)"] * own["signs once invited (0-1)"]
    assert product == pytest.approx(own["signs (0-1)"], rel=1e-4)
    assert own["signs once invited, Monte Carlo error (0-1)"] > 0.0
    assert table["signs once invited (0-1)"].isna().to_dict()["United States: infrastructure"]


def test_the_invitation_that_decides_is_said_above_the_reasons(open_page: Open) -> None:
    said = captions(open_page("country", country="CHL", futures="500"))
    assert "China invites it to the infrastructure offer in " in said
    assert "which decides; once invited, it signs in " in said
    assert "Once it is asked, these count." in said


def test_a_partner_on_record_is_not_explained_by_the_record(
    open_page: Open, downloaded: Downloaded
) -> None:
    open_page("country", country="KAZ", a="today")
    at = open_page("country", country="KAZ", a="today")
    reasons = downloaded("KAZ-reasons")
    marked = reasons[reasons["fixed by the record"] == "yes"]
    assert {*marked["towards"]} == {"United States"}
    assert {*marked["term of the model"]} == {"switching", "taste"}
    said = captions(at)
    assert "On record with the adoption offer since November 2025 (source: " in said
    assert "It is with it at the end in " in said
    assert "the cost of leaving a partner +" in said
    shown = listed(at, ASKED).set_index("offer")
    assert shown.loc["United States: adoption", "signs"] == "since November 2025"
    found = runs.answer(View(a=Side("today"), futures=200))
    drawn = {
        provider: {row["reason"] for row in spec["data"]["values"]}
        for provider in ("us", "china")
        for spec in [plot_drivers(found, theme(False), country="KAZ", provider=provider)]
    }
    # Towards China, leaving the other partner would cost something.
    fixed = {"the cost of leaving a partner", "inclinations of its own"}
    assert not fixed & drawn["us"]
    assert fixed <= drawn["china"]


def test_rules_that_exclude_a_country_are_named(open_page: Open) -> None:
    at = open_page("country", country="TWN")
    assert "its rules exclude the country (it is on the list of those excluded)" in captions(at)
    shown = listed(at, ASKED).set_index("offer")
    assert shown.loc["China: adoption", "invited"] == "its rules exclude it"


def test_both_sides_of_a_comparison_have_their_filters(open_page: Open) -> None:
    at = open_page("country", country="PAK", a="third-way", b="baseline")
    shown = listed(at, ASKED)
    assert set(shown["section"]) == {"A", "B"}
    assert shown[shown["section"] == "A"]["offer"].str.startswith("Europe").any()
    assert not shown[shown["section"] == "B"]["offer"].str.startswith("Europe").any()


def test_filters_that_moved_come_before_reasons(open_page: Open) -> None:
    link = {"a__slots": "30", "b": "baseline", "country": "KOR", "futures": "500"}
    at = open_page("country", **link)
    said = " ".join(plain(block.value) for block in at.markdown)
    assert "Reasons that moved with it: invited to the infrastructure offer in " in said


def test_the_paths_are_listed_in_full(open_page: Open, downloaded: Downloaded) -> None:
    link = {"country": "PAK", "b": "baseline", "a__chinese_slots": "5"}
    open_page("country", **link)
    at = open_page("country", **link)
    shown = listed(at, "Paths at the end")
    table = downloaded("PAK-probabilities")
    reached = (table["probability (0-1)"] > 0) | (table["probability in B (0-1)"] > 0)
    assert [*shown["path"]] == [*table["path"][reached]]
    assert not reached.all()
    assert shown["A minus B, points"].str.startswith("-").any()


def test_what_a_country_answered_in_fact_stands_beside_its_headline(open_page: Open) -> None:
    at = open_page("country", country="KAZ")
    note = "On record, and not written into this scenario: signed United States: adoption"
    assert note in said(at)
    at.button(key="record.finding").click().run()
    assert at.query_params["a"] == "today"
    assert note not in said(at)
    explore = open_page("explore", country="KAZ")
    assert sum(note in plain(each.value) for each in explore.markdown) == 2
    assert "On record" not in said(open_page("country", country="BRA"))


def test_terms_are_told_in_the_words_of_the_page(open_page: Open) -> None:
    shown = listed(open_page("country", country="KOR"), "Terms of the offers")
    words = " ".join([*shown["term"], *shown["meaning"]])
    assert not re.findall(r"\w+_\w+|null|\(true\)|\(false\)|\(1\)", words)
    assert "a shortfall below “Floor of democracy” counts, in times “" in words
    assert "the sum with “Control that stays in the country” is capped at 1" in words
    assert "refused (yes) or only find the offer less attractive (no)" in words


def test_ranges_are_told_in_words() -> None:
    pair = runs.answer(View(Side("baseline"), Side("today"), futures=16))
    values = [str(v) for v in changes_for_readers(pair)[["A", "B"]].to_numpy().ravel()]
    assert any("from 0.25 to 0.45" in v for v in values)
    assert not [v for v in values if "distribution" in v]
    moved = Side("baseline", (("local_control", 0.4),))
    found = changes_for_readers(runs.answer(View(moved, Side("baseline"), futures=16)))
    ranges = found[found["what"].str.startswith("Range of")]
    told = ["one value, not drawn", "triangular from 0.25 to 0.45, mode 0.35"]
    assert ranges[["A", "B"]].to_numpy().tolist() == [told]
