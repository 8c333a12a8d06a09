"""A difference shared out over what was changed: it adds up, and every mixture is a scenario."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.analysis.splitting.mixing import mixture
from sim.analysis.splitting.parts import parts_of
from sim.analysis.splitting.shapley import shapley_values
from sim.analysis.splitting.splitting import Split
from sim.scenario.differing import scenario_changes

FUTURES = 40
SHIPPED = ("baseline", "today", "third-way", "same-menu", "diplomatic-tool", "chip-tiers")


def game(n: int) -> st.SearchStrategy[np.ndarray]:
    value = st.integers(-50, 50).map(float)
    return st.lists(value, min_size=2**n, max_size=2**n).map(np.array)


games = st.integers(1, 5).flatmap(game)


@given(games)
def test_parts_add_up(values: np.ndarray) -> None:
    assert shapley_values(values).sum() == pytest.approx(values[-1] - values[0], abs=1e-9)


@given(games)
def test_it_is_the_mean_over_all_orders(values: np.ndarray) -> None:
    n = len(values).bit_length() - 1
    total = np.zeros(n)
    orders = [*itertools.permutations(range(n))]
    for order in orders:
        done = 0
        for g in order:
            total[g] += values[done | 1 << g] - values[done]
            done |= 1 << g
    np.testing.assert_allclose(shapley_values(values), total / len(orders), atol=1e-9)


def test_the_glove_game() -> None:
    # Two left gloves (parts 0, 1) and a right one (2): a pair is worth 1.
    pairs = [min((s & 1) + (s >> 1 & 1), s >> 2) for s in range(8)]
    np.testing.assert_allclose(
        shapley_values(np.array(pairs, float)), [1 / 6, 1 / 6, 2 / 3], atol=1e-12
    )


@pytest.mark.parametrize("names", [*itertools.permutations(SHIPPED, 2)], ids="-".join)
def test_what_differs_makes_one_scenario_of_the_other(names: tuple[str, str]) -> None:
    a, b = map(sim.load_scenario, names)
    changed = [address for address, *_ in scenario_changes(a, b)]
    found = mixture(a, b, changed)
    assert found is not None
    assert scenario_changes(found, b) == []
    same = mixture(a, b, ())
    assert same is not None
    assert scenario_changes(same, a) == []


@pytest.mark.parametrize("names", [*itertools.permutations(SHIPPED, 2)], ids="-".join)
def test_any_set_of_parts_can_be_taken_over(names: tuple[str, str]) -> None:
    a, b = map(sim.load_scenario, names)
    parts = parts_of(a, b)
    assert sorted(x for part in parts for x in part.addresses) == sorted(
        address for address, *_ in scenario_changes(a, b)
    )
    for size in range(len(parts) + 1):
        for chosen in itertools.combinations(parts, size):
            assert mixture(a, b, [x for part in chosen for x in part.addresses]) is not None


@pytest.fixture(scope="module")
def pair() -> tuple[sim.Scenario, sim.Scenario]:
    a = sim.load_scenario("baseline")
    b = a.with_changes(
        {
            "providers.us.linkage": 1.0,
            "providers.china.linkage": 0.9,
            "parameters.w_peer": 0.5,
        }
    )
    return a, b


@pytest.fixture(scope="module")
def found(pair: tuple[sim.Scenario, sim.Scenario]) -> Split:
    return sim.split(*pair, replicates=FUTURES, seed=3)


def test_the_difference_is_that_of_the_comparison(
    pair: tuple[sim.Scenario, sim.Scenario], found: Split
) -> None:
    totals = sim.compare(*pair, replicates=FUTURES, seed=3).totals
    own = totals[(totals["provider"] == "us") & (totals["outcome"] == "n_countries")].iloc[0]
    assert found.difference.mean == pytest.approx(own["difference"], abs=1e-4)
    assert found.difference.low == pytest.approx(own["difference_low"], abs=1e-3)
    shares = sum(each.mean for each in found.contributions)
    assert shares == pytest.approx(found.difference.mean, abs=1e-9)
    assert found.frame()["contribution"].sum() == pytest.approx(own["difference"], abs=1e-3)


def test_parts_are_grouped_by_what_they_are(found: Split) -> None:
    names = {part.name: part.addresses for part in found.parts}
    assert names["levers"] == ("providers.us.linkage",)
    assert names["china"] == ("providers.china.linkage",)
    assert "parameters.w_peer" in names["beliefs"]
    assert "uncertainties.parameters.w_peer" in names["beliefs"]
    assert set(found.frame("addresses")["part"]) == set(names)


def test_alone_is_what_a_comparison_of_that_change_says(
    pair: tuple[sim.Scenario, sim.Scenario], found: Split
) -> None:
    a, _ = pair
    (g,) = (j for j, part in enumerate(found.parts) if part.name == "levers")
    totals = sim.compare(
        a, a.with_changes({"providers.us.linkage": 1.0}), replicates=FUTURES, seed=3
    ).totals
    own = totals[(totals["provider"] == "us") & (totals["outcome"] == "n_countries")].iloc[0]
    assert found.alone[g].mean == pytest.approx(own["difference"], abs=1e-4)


def test_groups_of_ones_own(pair: tuple[sim.Scenario, sim.Scenario]) -> None:
    groups = {"both sides": ("providers.us", "providers.china.linkage")}
    parts = parts_of(*pair, groups=groups)
    assert [part.name for part in parts] == ["beliefs", "both sides"]
    by_number = parts_of(*pair, "address")
    assert [part.name for part in by_number] == [
        "parameters.w_peer", "providers.us.linkage", "providers.china.linkage",
    ]  # fmt: skip


def test_what_only_one_scenario_has_counts_as_nothing_in_the_other() -> None:
    a, b = map(sim.load_scenario, ("baseline", "third-way"))
    found = sim.split(a, b, "p_committed(FRA, europe)", replicates=8)
    assert found.in_a.mean == 0.0
    assert [part.name for part in found.parts] == ["europe"]
    backwards = sim.split(b, a, "p_committed(FRA, europe)", replicates=8)
    assert backwards.difference.mean == -found.difference.mean


def test_scenarios_that_begin_in_other_months_are_split_where_both_run() -> None:
    a, b = map(sim.load_scenario, ("baseline", "today"))
    found = sim.split(a, b, replicates=8, as_of="2027-06")
    assert (found.months[0], found.months[-1]) == (b.months[0], "2027-06")
    assert {"record", "beliefs"} <= {part.name for part in found.parts}
    shares = sum(each.mean for each in found.contributions)
    assert shares == pytest.approx(found.difference.mean, abs=1e-9)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"by": "lever"}, "by = 'lever' is neither group nor address"),
        ({"outcome": "partners"}, "partners is not an outcome"),
        ({"outcome": "n_countries(russia)"}, r"n_countries\(russia\) is not of this result"),
        ({"outcome": 3}, "outcome = 3 must be a text"),
        ({"replicates": 0}, "replicates = 0 must be a whole number"),
        ({"as_of": "2031-01"}, "as_of = 2031-01 must be a month of"),
        ({"groups": {"x": ["events"]}}, "group x: the two scenarios do not differ in events"),
    ],
    ids=str,
)
def test_wrong_arguments_are_refused(
    pair: tuple[sim.Scenario, sim.Scenario], given: dict[str, Any], words: str
) -> None:
    with pytest.raises(sim.InputError, match=words):
        sim.split(*pair, **given)


def test_scenarios_that_are_alike_have_nothing_to_share_out() -> None:
    a = sim.load_scenario("baseline")
    with pytest.raises(sim.InputError, match="are alike in all that matters to a run"):
        sim.split(a, a)


def test_too_many_parts_are_refused() -> None:
    a = sim.load_scenario("baseline")
    b = a.with_changes({f"parameters.{name}": 0.5 for name in WEIGHTS})
    with pytest.raises(sim.InputError, match=r"differ in 9 parts, and 8 are the most.*\n  Divide"):
        sim.split(a, b, by="address")


WEIGHTS = (
    "w_peer", "w_waiting", "w_sovereignty", "w_data_centre", "w_fund", "w_assistant", "w_safety",
    "w_cost", "w_tie",
)  # fmt: skip


def test_it_is_written_with_its_data_dictionary(found: Split, tmp_path: Path) -> None:
    folder = found.write(tmp_path / "split")
    names = {path.name for path in folder.iterdir()}
    assert {"parts.csv", "addresses.csv", "datapackage.json"} <= names
    parts = pd.read_csv(folder / "parts.csv")
    assert parts["contribution"].sum() == pytest.approx(found.difference.mean, abs=1e-3)


def test_it_says_what_came_out(found: Split) -> None:
    first, second, *_ = found.sentences()
    assert first.startswith("Partners, United States, 2030: ")
    assert "baseline as changed; the difference is " in first
    for part in found.parts:
        assert part.title in second


def test_regions_and_a_group_add_up_to_the_difference() -> None:
    a = sim.load_scenario("baseline")
    b = a.with_levers({"linkage": 1.0, "us_pressure": 0.9})
    found = sim.split(a, b, by="address", replicates=FUTURES, countries="eu")
    rows = found.frame("countries")
    whole = rows[rows["part"] == "all"].set_index("group")["contribution"]
    n_regions = 5
    assert whole[:n_regions].sum() == pytest.approx(found.difference.mean, abs=1e-5)
    assert whole[["EU", "rest"]].sum() == pytest.approx(found.difference.mean, abs=1e-5)
    parts = rows[rows["part"] != "all"].groupby("group")["contribution"].sum()
    np.testing.assert_allclose(parts[whole.index], whole, atol=1e-5)
    regions = rows[rows["division"] == "region"].groupby("part")["contribution"].sum()
    shares = found.frame("parts").set_index("part")["contribution"]
    np.testing.assert_allclose(regions[shares.index], shares, atol=1e-5)
    # The same as the groups of a comparison in the same futures.
    eu = sim.groups(sim.compare(a, b, FUTURES, 1), "EU").frame("partners").set_index("provider")
    assert whole["EU"] == pytest.approx(eu.loc["us", "n_countries_change"], abs=1e-6)
    assert any("Outside the European Union" in line for line in found.sentences())


@pytest.mark.parametrize("outcome", ["gdp_share(us)", "readiness_share(china)"])
def test_shares_of_the_world_are_divided_too(outcome: str) -> None:
    a = sim.load_scenario("baseline").with_changes({"horizon.end": "2025-12"})
    found = sim.split(a, a.with_levers({"linkage": 1.0}), outcome, replicates=8)
    assert len(found.by_place) == 5
    total = sum(each.in_b.mean for each in found.by_place)
    assert total == pytest.approx(found.in_b.mean, abs=1e-9)


def test_what_has_no_place_is_not_divided() -> None:
    a = sim.load_scenario("baseline").with_changes({"horizon.end": "2025-07"})
    b = a.with_levers({"linkage": 1.0})
    found = sim.split(a, b, "live_mw(us)", replicates=4)
    assert [table.name for table in found.tables()] == ["parts", "addresses"]
    with pytest.raises(sim.InputError, match="is not a sum over the countries"):
        sim.split(a, b, "live_mw(us)", replicates=4, countries="EU")
    with pytest.raises(sim.InputError, match="Did you mean 'NATO'"):
        sim.split(a, b, replicates=4, countries="NATOO")
    with pytest.raises(sim.InputError, match=r"by = 'region'.*\s.*Choose one of part"):
        found.plot("split", by="region")
