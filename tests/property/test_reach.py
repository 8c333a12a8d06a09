"""One change moves only what it can reach: countries, months, numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from random_scenarios import COUNTRIES, contents, scenario_of, seeds
from sim.data.codes import known_countries
from sim.model.ensemble import run_built
from sim.model.world.building import Built, build_world
from sim.scenario import Scenario, load_scenario
from worlds import (
    make_world,
    month_paths,
    offer,
    provider,
    run_futures,
    strike,
    uniform_influence,
    write_scenario,
)

ALONE = {"w_peer": 0.0, "review_rate_peers": 0.0, "concern_spill": 0.0}


def with_countries(content: dict[str, Any], country: set[str]) -> Scenario:
    """Return the scenario of some content with only some countries in it."""
    exclude = sorted(set(known_countries()) - country)
    return scenario_of(content | {"countries": {"exclude": exclude}})


def named(content: dict[str, Any]) -> set[str]:
    """Return the countries that a scenario takes in."""
    return set(known_countries()) - set(content["countries"]["exclude"])


@settings(max_examples=40)
@given(
    contents(is_scarce=False), seeds, st.sets(st.sampled_from(COUNTRIES), min_size=1, max_size=6)
)
def test_without_peers_and_scarcity_more_countries_leave_the_others_alone(
    content: dict[str, Any], seed: int, more: set[str]
) -> None:
    content["parameters"] |= ALONE
    few = build_world(with_countries(content, named(content)))
    many = build_world(with_countries(content, named(content) | more))
    rows = [many.axes.country.index(code) for code in few.axes.country]
    for replicate in range(2):
        np.testing.assert_array_equal(
            month_paths(many, seed, replicate)[:, rows], month_paths(few, seed, replicate)
        )


@settings(max_examples=25)
@given(contents(is_scarce=False), seeds)
def test_without_peers_what_happens_to_one_country_stays_with_it(
    content: dict[str, Any], seed: int
) -> None:
    content["parameters"] |= ALONE
    base = build_world(scenario_of(content))
    struck = base.axes.country[0]
    name = next(iter(content["providers"]))
    shock = {"provider": name, "size": 5, "countries": [struck]}
    event = {"date": "2026-02", "title": "a shock to one", "shock": shock}
    changed = build_world(scenario_of(content | {"events": [*content["events"], event]}))
    np.testing.assert_array_equal(
        month_paths(changed, seed, 0)[:, 1:], month_paths(base, seed, 0)[:, 1:]
    )


@settings(max_examples=40)
@given(contents(), seeds, st.integers(1, 11))
def test_an_event_leaves_the_months_before_it_alone(
    content: dict[str, Any], seed: int, month: int
) -> None:
    name = next(iter(content["providers"]))
    date = f"2026-{month + 1:02d}"
    event = {"date": date, "title": "later", "shock": {"provider": name, "size": -5}}
    base = build_world(scenario_of(content))
    changed = build_world(scenario_of(content | {"events": [*content["events"], event]}))
    one, other = (run_futures(built, seed, range(3)) for built in (base, changed))
    for series in ("path_count", "path_share", "offer"):
        np.testing.assert_array_equal(
            getattr(other, series)[:, :month], getattr(one, series)[:, :month]
        )
    assert (other.country_path[..., :month] == one.country_path[..., :month]).all()


@settings(max_examples=25)
@given(contents(), seeds)
def test_events_that_do_not_happen_change_nothing(content: dict[str, Any], seed: int) -> None:
    content["events"] = []
    base = build_world(scenario_of(content))
    name, block = next(iter(content["providers"].items()))
    address = f"providers.{name}.offers.{next(iter(block['offers']))}.fund_usd_m"
    same = f"providers.{name}.backing"
    idle = [
        {"date": "2026-03", "title": "never", "probability": 0, "set": {address: 5000}},
        {"date": "2026-04", "title": "no news", "shock": {"provider": name, "size": 0}},
        {"date": "2026-05", "title": "as before", "set": {same: block["backing"]}},
    ]
    changed = build_world(scenario_of(content | {"events": idle}))
    one, other = (run_futures(built, seed, range(3)) for built in (base, changed))
    for series in one._fields:
        assert getattr(other, series).tobytes() == getattr(one, series).tobytes(), series


def test_a_shock_reaches_peers_and_their_peers_and_nobody_else() -> None:
    # Two islands of four: watched all round within, never across.
    n = 8
    influence = np.kron(np.eye(2), uniform_influence(4)).astype(np.float64)
    weights = {"w_peer": 3.0, "w_sovereignty": 3.0, "concern_spill": 0.5, "choice_noise": 1.0}
    event = {"date": "2026-02", "title": "a shock", "shock": {"provider": "alpha", "size": 5}}

    def islands(**top: Any) -> Built:
        scenario = write_scenario([provider(0, offer())], 24, weights, **top)
        built = make_world(scenario, n, influence, {"distrust": 1.0}, base_concern=0.2)
        return strike(built, np.array([1.0] + [0.0] * (n - 1)))

    calm, shaken = islands(), islands(events=[event])
    moved = np.zeros(n, np.bool_)
    for replicate in range(40):
        differs = month_paths(calm, 0, replicate) != month_paths(shaken, 0, replicate)
        moved |= differs.any(axis=0)
    assert moved.tolist() == [True] * 4 + [False] * 4


def test_with_peers_countries_do_depend_on_each_other() -> None:
    # The converse, so that the properties above cannot hold by accident.
    changes = {"parameters.w_peer": 6.0}
    base = load_scenario("baseline").with_changes(changes)
    less = base.with_changes({"countries.exclude": [*base.excluded_countries, "DEU", "IND", "JPN"]})
    one, other = build_world(base), build_world(less)
    rows = [one.axes.country.index(code) for code in other.axes.country]
    assert (month_paths(one, 0, 0)[:, rows] != month_paths(other, 0, 0)).any()


@pytest.mark.parametrize("seed", [0, 7])
def test_another_uncertain_number_changes_none_of_the_others(seed: int) -> None:
    base = load_scenario("baseline")
    address = "providers.us.offers.infrastructure.visibility"
    law = {"distribution": "uniform", "low": 0.5, "high": 1.0}
    more = base.with_changes({f"uncertainties.{address}": law})
    one, other = (run_built(build_world(s), 12, seed) for s in (base, more))
    kept = [other.number_names.index(name) for name in one.number_names]
    assert set(other.number_names) - set(one.number_names) == {address}
    np.testing.assert_array_equal(other.number_draws[:, kept], one.number_draws)
