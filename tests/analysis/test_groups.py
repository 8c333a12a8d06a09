"""Groups of countries: known memberships, totals that add up, and figures that are not known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import sim
from sim.analysis.groups.grouping import Groups
from sim.analysis.groups.members import country_groups, group_named, membership_date
from sim.data import facts_as_of, load_facts
from sim.data.codes import BLOC_COLUMNS
from sim.errors import InputError
from sim.words.groups import BLOC_WORDS

FUTURES = 40
REGIONS = ("AFRICA", "AMERICAS", "ASIA", "EUROPE", "OCEANIA")


@pytest.fixture(scope="module")
def run() -> sim.Result:
    return sim.simulate(sim.load_scenario("baseline"), FUTURES, 1)


@pytest.fixture(scope="module")
def found(run: sim.Result) -> Groups:
    return sim.groups(run)


def test_regions_share_out_the_partners_of_the_run(run: sim.Result, found: Groups) -> None:
    rows = found.frame("partners").set_index(["group", "provider"])["n_countries"]
    totals = run.totals[run.totals["outcome"] == "n_countries"].set_index("provider")["mean"]
    for provider in run.scenario.providers:
        regions = sum(rows[region, provider] for region in REGIONS)
        assert regions == pytest.approx(totals[provider], abs=1e-9)


def test_kinds_of_partners_and_ways_to_end_add_up(found: Groups) -> None:
    partners = found.frame("partners")
    both = partners["n_data_centre"] + partners["n_light"]
    np.testing.assert_allclose(both, partners["n_countries"], atol=1e-6)
    standings = found.frame("standings").groupby("group", sort=False)
    n = found.frame("groups").set_index("group")["n_deciding"]
    np.testing.assert_allclose(standings["n_countries"].sum(), n.to_numpy(), atol=1e-5)
    for share in ("gdp_share", "population_share", "readiness_share"):
        np.testing.assert_allclose(standings[share].sum(), 1.0, atol=1e-5)


def test_a_share_is_that_of_the_members_that_decide(run: sim.Result, found: Groups) -> None:
    ensemble, row = run.ensemble, found.frame("partners").set_index(["group", "provider"])
    gdp = ensemble.facts.countries["gdp_usd"]
    members = [code for code in ensemble.facts.blocs["nato"] if code in ensemble.axes.country]
    assert "USA" not in members
    shares, large = [], []
    for path in ensemble.final_path:
        held = {
            code: ensemble.axes.path_offers[path[ensemble.axes.country.index(code)]]
            for code in members
        }
        own = [code for code, offers in held.items() if any("us_" in each for each in offers)]
        shares.append(sum(gdp[code] for code in own) / sum(gdp[code] for code in members))
        large.append(sum("us_infrastructure" in offers for offers in held.values()))
    assert row.loc[("NATO", "us"), "gdp_share"] == pytest.approx(np.mean(shares), abs=1e-6)
    assert row.loc[("NATO", "us"), "n_data_centre"] == pytest.approx(np.mean(large), abs=1e-9)


def test_a_change_is_that_of_the_comparison() -> None:
    a = sim.load_scenario("baseline")
    pair = sim.compare(a, sim.load_scenario("third-way"), FUTURES, 1)
    rows = sim.groups(pair, list(REGIONS)).frame("partners")
    totals = pair.totals[pair.totals["outcome"] == "n_countries"].set_index("provider")
    changes = rows.groupby("provider")["n_countries_change"].sum()
    for provider in ("us", "china", "europe"):
        assert changes[provider] == pytest.approx(totals.loc[provider, "difference"], abs=1e-6)


def test_a_group_of_which_nobody_decides_has_empty_shares() -> None:
    gulf = country_groups(load_facts())["GCC"].members
    scenario = sim.load_scenario("baseline").with_changes({"countries.exclude": [*gulf]})
    found = sim.groups(sim.simulate(scenario, 8, 1), "GCC")
    (group,) = found.frame("groups").to_dict("records")
    assert (group["n_members"], group["n_deciding"]) == (6, 0)
    partners = found.frame("partners")
    assert partners[["gdp_share", "gdp_share_p05", "readiness_share"]].isna().all(axis=None)
    assert any("no member decides" in line for line in found.sentences())
    assert any("Not part of this scenario: United Arab" in line for line in found.sentences())


def test_estimates_and_homes_are_told(found: Groups) -> None:
    groups = found.frame("groups").set_index("group")
    assert groups.loc["AMERICAS", "n_gdp_estimated"] == 2
    assert groups.loc["EU", "n_gdp_estimated"] == 0
    members = found.frame("members").set_index(["group", "country"])
    assert not members["decides"]["NATO", "USA"]
    assert members["is_home"]["NATO", "USA"]
    assert members.loc[("AMERICAS", "CUB"), "gdp_is_estimated"]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("European Union", "EU"), ("the european union", "EU"), ("Asean", "ASEAN"),
        ("Gulf Cooperation Council", "GCC"), ("FIVE_EYES", "FIVE_EYES"),
        ("African Union", "AU"), ("G-7", None), ("Reunion", None), ("union", None),
    ],
)  # fmt: skip
def test_groups_go_by_the_names_that_people_use(text: str, key: str | None) -> None:
    group = group_named(text, country_groups(load_facts()))
    assert (group and group.key) == key


def test_every_bloc_of_scenario_files_has_words() -> None:
    assert {*BLOC_WORDS} == {*BLOC_COLUMNS}


def test_memberships_have_a_date() -> None:
    then = facts_as_of(load_facts(), "2014-06")
    assert (membership_date(load_facts()), membership_date(then)) == ("mid-2025", "June 2014")
    groups = country_groups(then)
    assert "GBR" in groups["EU"].members
    # Members of some blocs are on record for the present alone.
    assert "GCC" not in groups
    assert {*REGIONS} <= {*groups}


def test_what_is_no_group_is_told(run: sim.Result) -> None:
    with pytest.raises(InputError, match=r"'natoo' is not a group.*\s.*Did you mean 'NATO'"):
        sim.groups(run, "natoo")
    scenario: Any = run.scenario
    with pytest.raises(InputError, match="needs a run or a comparison, not a Scenario"):
        sim.groups(scenario)
