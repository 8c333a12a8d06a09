"""A group of countries on the page Explore: table, map and totals follow it, as does the link."""

from __future__ import annotations

from typing import Any

import pytest

import sim
from app_pages import FEW, Downloaded, Open, plain
from sim.analysis.groups.members import country_groups
from sim.analysis.groups.words import amount
from sim.data import load_facts
from sim.interfaces.explorer.explore import world
from sim.interfaces.map.component import map_data
from sim.words.wording import span

EU = {*country_groups(load_facts())["EU"].members}
IN_FOCUS = {"as_of": "2025-12", "futures": str(FEW), "show.explore.group": "EU"}


def said(at: Any) -> str:
    return " ".join(plain(block.value) for block in (*at.markdown, *at.caption))


def test_a_group_focuses_table_map_and_totals(
    open_page: Open, downloaded: Downloaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[dict[str, Any]] = []

    def keep(*given: Any) -> dict[str, Any]:
        drawn.append(map_data(*given))
        return drawn[-1]

    monkeypatch.setattr(world, "map_data", keep)
    at = open_page("explore", **IN_FOCUS)
    assert not at.exception
    assert at.selectbox(key="group").value == "EU"
    assert {*at.dataframe[0].value["code"]} == EU
    assert ({*drawn[-1]["members"]}, drawn[-1]["group"]) == (EU, "European Union")
    text = said(at)
    assert "European Union, 27 members that decide: " in text
    assert "Members of the European Union, as of mid-2025." in text
    shown = downloaded("groups-partners").set_index("provider")
    run = sim.simulate(sim.load_scenario("baseline"), FEW, 1, as_of="2025-12")
    own = sim.groups(run, "EU").frame("partners").set_index("provider")
    for name in ("n_countries", "n_data_centre"):
        assert shown[f"{name} (countries)"].tolist() == own[name].tolist()
    assert (shown["seed"] == 1).all()


def test_a_focus_is_counted_below_the_headline(open_page: Open) -> None:
    at = open_page("explore", **IN_FOCUS)
    run = sim.simulate(sim.load_scenario("baseline"), FEW, 1, as_of="2025-12")
    (own,) = sim.groups(run, "EU").totals
    count = own.partners["us", "all"]["countries"]
    line = next(plain(each.value) for each in at.markdown if "Of these" in each.value)
    assert line == (
        f"Of these, in the European Union: {amount(count.mean)} of the 27 that decide "
        f"(90 % of futures: {span(count.p05, count.p95)})."
    )
    notes = [plain(each.value) for each in at.caption]
    world = "These are numbers of the whole world, not of the European Union."
    assert sum(world in note for note in notes) == 3
    pair = open_page("explore", **IN_FOCUS, b="baseline", b__slots="20")
    assert "Of these in A, in the European Union: " in said(pair)
    plain_page = open_page("explore", futures=str(FEW), as_of="2025-12")
    text = " ".join(each.value for each in [*plain_page.caption, *plain_page.markdown])
    assert "Of these" not in text
    assert "whole world" not in text


def test_the_choice_is_part_of_the_link(open_page: Open) -> None:
    at = open_page("explore", as_of="2025-12", futures=str(FEW))
    assert {*at.dataframe[0].value["code"]} > EU
    at.selectbox(key="group").set_value("ASEAN").run()
    assert at.query_params["show.explore.group"] == "ASEAN"
    assert len(at.dataframe[0].value) == 10
    at.selectbox(key="group").set_value("").run()
    assert "show.explore.group" not in at.query_params


def test_a_search_for_a_group_finds_its_members(open_page: Open) -> None:
    at = open_page("explore", **(IN_FOCUS | {"show.explore.group": "NATO"}))
    at.text_input(key="find").set_value("eu").run()
    both = EU & {*country_groups(load_facts())["NATO"].members}
    assert {*at.dataframe[0].value["code"]} == both
    assert "Members of both NATO and the European Union, as of mid-2025." in said(at)


def test_a_group_that_does_not_exist_is_told(open_page: Open) -> None:
    at = open_page("explore", **(IN_FOCUS | {"show.explore.group": "EEC"}))
    assert at.selectbox(key="group").value == ""
    assert any("explore.group as EEC" in plain(block.value) for block in at.info)


def test_all_groups_beside_each_other_in_a_comparison(
    open_page: Open, downloaded: Downloaded
) -> None:
    link = {"a": "third-way", "b": "baseline", "as_of": "2025-12", "futures": str(FEW)}
    at = open_page("explore", **link, **{"show.explore.groups": "population"})
    assert not at.exception
    (listing,) = [each.proto.body for each in at.get("html") if "A minus B" in each.proto.body]
    assert "Shanghai Cooperation Organisation" in listing
    assert "n_countries_change (countries)" in downloaded("groups-partners")
    assert at.button(key="pictures.groups-partners").label == "Picture of groups: partners"
