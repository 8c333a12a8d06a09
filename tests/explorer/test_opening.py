"""Explore says what it is, what was moved against the start, and follows the month of its map."""

from __future__ import annotations

from urllib.parse import parse_qs

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import sim
from app_pages import FEW, Downloaded, Open, links, plain
from explorer.test_pages import captions, headline, slider
from sim.analysis.portfolio.objective import MEASURES
from sim.interfaces.explorer.explore.asking import OBJECTIVE
from sim.interfaces.explorer.explore.opening import QUESTIONS, WHAT_IT_IS
from sim.interfaces.map.component import map_data

PROBABILITY = "probability of being with the United States"


def said(at: AppTest) -> str:
    return " ".join(plain(each.value) for each in at.markdown)


def test_a_first_visit_opens_with_questions_and_then_takes_a_line(open_page: Open) -> None:
    at = open_page(futures="500")
    assert WHAT_IT_IS in said(at)
    first, second, third = QUESTIONS
    (korea,) = links(at, first)
    assert korea.page == "country"
    assert parse_qs(korea.query_string)["show.country.why"] == ["all"]
    assert dict(QUESTIONS[third][1].details)[OBJECTIVE] in MEASURES
    assert at.button(key="question.1").label == second
    at.button(key="question.1").click().run()
    assert (at.query_params["a.linkage"], at.query_params["b"]) == ("1", "baseline")
    at.button(key="question.start").click().run()
    slider(at, "a", "us_backing").set_value(0.0).run()
    assert WHAT_IT_IS not in said(at)
    assert not links(at, first)
    at.button(key="question.start").click().run()
    assert WHAT_IT_IS in said(at)
    assert "a.us_backing" not in at.query_params


def test_what_is_moved_is_compared_with_the_start(open_page: Open, downloaded: Downloaded) -> None:
    at = open_page(a__us_backing="0", belief__w_peer="2")
    text = captions(at)
    assert (
        "With “Backing by the US government” at 0 and one belief pinned; against the start: "
        in text
    )
    deltas = [plain(metric.delta) for metric in at.metric]
    assert all("the start" in delta for delta in deltas)
    baseline = sim.load_scenario("baseline")
    moved = baseline.with_changes({"parameters.w_peer": 2}).with_levers({"us_backing": 0})
    typed = sim.compare(baseline, moved, FEW, 1)
    own = typed.countries[typed.countries["outcome"] == "p_committed_us"].set_index("country")
    table = downloaded("countries").set_index("code")
    found = table[f"{PROBABILITY}, change from the start (0-1)"]
    np.testing.assert_allclose(found, own.loc[table.index, "difference"], rtol=1e-5)
    flipped = table["likeliest path"] != table["likeliest path at the start"]
    assert {*downloaded("who-flips")["code"]} == {*table.index[flipped]}
    largest = downloaded("who-moves-most").iloc[0]
    assert abs(largest[f"{PROBABILITY}, change from the start (0-1)"]) == found.abs().max()
    places = downloaded("places-us").set_index("code")
    offers = typed.countries.pivot(index="country", columns="outcome", values="difference")
    by_offer = offers.filter(regex="^p_us_infrastructure").sum(axis=1).loc[places.index]
    change = places["probability of holding a place, change from the start (0-1)"]
    np.testing.assert_allclose(change, by_offer, atol=1e-5)
    for column in ("scenario the start", "run the start", "run A"):
        assert column in places


def test_without_a_move_nothing_is_compared(open_page: Open) -> None:
    at = open_page()
    assert not [metric.delta for metric in at.metric if metric.delta]
    assert "against the start" not in captions(at)
    assert "likeliest, start" not in at.dataframe[0].value


def test_the_map_shows_the_difference_when_asked(
    open_page: Open, downloaded: Downloaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sim.interfaces.explorer.explore import world

    sent = []

    def seen(*arguments: object) -> object:
        sent.append(map_data(*arguments))  # type: ignore[arg-type]
        return sent[-1]

    monkeypatch.setattr(world, "map_data", seen)
    open_page(a__us_backing="0")
    assert (sent[-1]["on_demand"], sent[-1]["b"], sent[-1]["mode"]) == (True, None, "a")
    open_page(a__us_backing="0", show__map__mode="difference")
    assert sent[-1]["b"] is not None
    assert sent[-1]["likelier"] == ("likelier now", "less likely now")
    assert {*downloaded("map-2030-12")["side"]} == {"now", "the start", "change from the start"}
    open_page(show__map__mode="difference")
    assert (sent[-1]["on_demand"], sent[-1]["b"]) == (False, None)


def test_the_month_of_the_map_governs_all_figures(open_page: Open, downloaded: Downloaded) -> None:
    at = open_page(month="2027-03")
    typed = sim.simulate(sim.load_scenario("baseline"), FEW, 1, as_of="2027-03")
    totals = typed.totals.set_index(["provider", "outcome"])["mean"]
    assert headline(at).startswith(
        f"{totals['us', 'n_countries']:.0f} partners of the US by March 2027"
    )
    waiting = next(metric for metric in at.metric if metric.label == "Waits")
    assert waiting.value == f"{typed.countries['p_uncommitted'].sum():.0f}"
    table = downloaded("countries").set_index("code")
    wanted = typed.countries.set_index("country").loc[table.index, "p_committed_us"]
    np.testing.assert_allclose(table[f"{PROBABILITY} (0-1)"], wanted, rtol=1e-5)
    assert set(downloaded("places-us")["months"]) == {"2025-05 to 2027-03"}
    # Charts over time go on.
    assert downloaded("partners-us")["month"].max() == "2030-12"
    assert "March 2027, the month chosen on the map" in captions(at)
    country = open_page("country", month="2027-03")
    assert "by March 2027" in headline(country)
    whole = country.button(key="month.end").click().run()
    assert "by 2030" in headline(whole)
    assert "month" not in whole.query_params


def test_a_lever_takes_a_typed_value(open_page: Open) -> None:
    at = open_page()
    assert not [field for field in at.number_input if "typed" in str(field.key)]
    at.checkbox(key="typed").check().run()
    assert at.query_params["show.levers.typed"] == "yes"
    at.number_input(key="typed.a.baseline.us_backing").set_value(0.333).run()
    assert at.query_params["a.us_backing"] == "0.333"
    assert slider(at, "a", "us_backing").value == 0.333
    groups = [plain(group.label) for group in at.expander]
    assert groups[:3] == ["United States", "United States: more levers (1 moved)", "China"]
    at.number_input(key="typed.a.baseline.us_backing").set_value(0.8).run()
    assert "a.us_backing" not in at.query_params
