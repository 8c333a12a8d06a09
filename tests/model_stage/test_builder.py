"""Names become indices: axes, paths, shares, peers, records, and the record at the start."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from random_scenarios import scenarios
from sim.data import load_facts
from sim.data.features.building import TIE_FEATURES
from sim.errors import DataError
from sim.model import layout
from sim.model.ensemble import run_built
from sim.model.world.building import COUNTRY_FIELDS, QUANTUM, build_world, exact_shares
from sim.scenario import Offer, Provider, Scenario, load_scenario, numeric_fields
from sim.scenario.months import month_number
from worlds import KEYS, offer, provider, start_future, write_scenario

positive = hnp.arrays(
    np.float64,
    hnp.array_shapes(min_dims=2, max_dims=2, max_side=40),
    elements=st.floats(1e-6, 1e6) | st.just(1.0),
)


@given(positive, st.randoms(use_true_random=False))
def test_exact_shares_sum_to_one_in_any_order(values: np.ndarray, random: Any) -> None:
    shares = exact_shares(values)
    for row in shares:
        order = random.sample(range(row.size), row.size)
        total = 0.0
        for position in order:
            total += float(row[position])
        assert total == 1.0
        whole = row / QUANTUM
        np.testing.assert_array_equal(whole, np.round(whole))
    # No share is further from the plain one than the quantum, or all of them in the largest.
    plain = values / values.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(shares, plain, rtol=0, atol=(values.shape[1] + 1) * QUANTUM)


@given(scenarios())
def test_peers_and_shares_of_any_scenario(scenario: Scenario) -> None:
    world = build_world(scenario).world
    n = world.country.size
    assert world.influence.shape == (n, n)
    if n > 1:
        np.testing.assert_array_equal(world.influence.sum(axis=0), np.ones(n))
        np.testing.assert_array_equal(np.diag(world.influence), np.zeros(n))
    assert (world.influence >= 0).all()
    assert ((world.share > 0) & (world.share < 1)).all()
    assert (world.share.sum(axis=0) <= 1).all()
    for name in COUNTRY_FIELDS:
        assert np.isfinite(world.country[name]).all(), name
    for name in TIE_FEATURES:
        relation = world.relation[name]
        assert ((relation >= 0) & (relation <= 1)).all(), name
    np.testing.assert_array_equal(world.event_spill, world.event_hit @ world.influence)


def test_shares_of_all_countries_are_those_of_the_world() -> None:
    blocks = [provider(0, offer(), home_takes_part=True)]
    world = build_world(write_scenario(blocks)).world
    np.testing.assert_array_equal(world.share.sum(axis=0), np.ones(3))


def path_id(members: Sequence[tuple[int, str]]) -> str:
    """Return the name of a path: offers backwards through the alphabet, sovereign AI last."""
    offers = sorted((name for p, name in members if p >= 0), reverse=True)
    return "_and_".join([*offers, *(name for p, name in members if p < 0)]) or "uncommitted"


@pytest.mark.parametrize(
    "counts", [(1,), (3,), (1, 1), (2, 1), (2, 0, 1), (1, 2, 3), (1, 1, 1, 1), (2, 0, 1, 2)]
)
def test_paths_are_none_own_each_offer_each_pair_of_rivals_and_each_offer_beside_sovereign_ai(
    counts: tuple[int, ...],
) -> None:
    blocks = [provider(p, *(offer() for _ in range(n))) for p, n in enumerate(counts)]
    built = build_world(write_scenario(blocks))
    offers = [(p, f"{KEYS[p]}_{'abc'[o]}") for p, n in enumerate(counts) for o in range(n)]
    pairs = [pair for pair in itertools.combinations(offers, 2) if pair[0][0] != pair[1][0]]
    own = (-1, "sovereign")
    held = [(), (own,), *((one,) for one in offers), *pairs, *((one, own) for one in offers)]
    axes, world = built.axes, built.world
    names = [path_id(members) for members in held]
    assert list(axes.path) == names
    assert axes.offer == tuple(name for _, name in offers)
    by_provider = [tuple(KEYS[p] for p, _ in members if p >= 0) for members in held]
    assert axes.path_providers == tuple(by_provider)
    assert axes.path_has_own == tuple(own in members for members in held)
    assert len(set(world.path_key.tolist())) == len(held)
    for k, members in enumerate(held):
        index = [axes.offer.index(name) for p, name in members if p >= 0]
        assert world.path_size[k] == len(members)
        assert [o for o in world.path_offer[k].tolist() if o >= 0] == index
        owners = {p for p, _ in members if p >= 0}
        assert world.path_provider[k].tolist() == [int(p in owners) for p in range(len(counts))]
        for o in range(len(offers)):
            rest = [member for member in members if member != offers[o]]
            left = names.index(path_id(rest))
            assert world.path_without[k, o] == (left if o in index else k)


def test_records_hold_every_number_of_the_schema_in_its_order() -> None:
    scenario = load_scenario("baseline")
    built = build_world(scenario)
    assert built.offer.dtype.names == tuple(numeric_fields(Offer))
    assert built.provider.dtype.names == tuple(numeric_fields(Provider))
    assert built.weight.dtype.names == tuple(scenario.parameters)
    for row, terms in zip(built.offer, scenario.offers.values(), strict=True):
        for name in numeric_fields(Offer):
            value = getattr(terms, name)
            assert row[name] == (np.inf if value is None else float(value)), name


def test_agents_are_sorted_and_ties_of_the_scenario_replace_those_of_the_facts() -> None:
    scenario = load_scenario("baseline")
    tied = scenario.with_changes({"corporate_ties.NOR.us": 0.625})
    for each in (scenario, tied):
        assert list(build_world(each).axes.country) == sorted(each.agents)
    built = build_world(tied)
    row = built.axes.country.index("NOR")
    assert built.world.relation["tie"][row, built.axes.provider.index("us")] == 0.625
    before = build_world(scenario).world.relation["tie"]
    changed = built.world.relation["tie"] != before
    assert changed.sum() <= 1
    assert built.features.tie.loc["NOR", "us"] == before[row, built.axes.provider.index("us")]


def test_offers_open_in_their_month_or_at_once() -> None:
    blocks = [provider(0, offer(open_from="2026-04"), offer(), offer(open_from="2025-01"))]
    assert build_world(write_scenario(blocks)).world.offer["opening"].tolist() == [3, 0, 0]


RECORD = {
    "initial": {
        "as_of": "2025-12",
        "commitments": [
            {"country": "NOR", "offer": "alpha.a", "stage": "building", "signed": "2025-01"},
            {"country": "DEU", "offer": "alpha.a", "stage": "signed", "signed": "2025-11"},
            {"country": "DEU", "offer": "beta.a", "stage": "live", "signed": "2025-02"},
        ],
        "withdrawals": [
            {"country": "GBR", "offer": "alpha.a", "by": "supplier", "date": "2025-10"},
            {"country": "IND", "offer": "beta.a", "by": "country", "date": "2025-06"},
        ],
    }
}


def test_a_run_starts_from_the_record() -> None:
    sized = {"data_centre_mw_min": 100, "data_centre_mw_max": 100, "lead_months": 4}
    blocks = [
        provider(0, offer(cooldown_months=12, **sized)), provider(1, offer(cooldown_months=12))
    ]  # fmt: skip
    weights = {"review_rate": 0.0, "build_months_base": 60.0, "build_months_per_gw": 0.0}
    built = build_world(write_scenario(blocks, 20, weights, **RECORD))
    at = built.axes.country.index
    start = built.world.start
    path = built.world.country["initial_path"]
    names = [built.axes.path[k] for k in path]
    assert names[at("NOR")] == "alpha_a"
    assert names[at("DEU")] == "beta_a_and_alpha_a"
    assert (path > 0).sum() == 2
    assert start["stage"][at("NOR"), 0] == layout.BUILDING
    assert start["stage"][at("DEU"), :2].tolist() == [layout.SIGNED, layout.LIVE]
    assert start["stage"][at("GBR"), 0] == layout.ABANDONED
    assert start["stage"][at("IND"), 1] == layout.LEFT
    # Twelve months since the signature, four of them before the works: 8 of the months it takes.
    headroom = built.world.country["headroom_mw"][at("NOR")]
    months = 60.0 / min(1.0, max(0.125, headroom / 100))
    _, state = start_future(built)
    assert state.deal["progress"][at("NOR"), 0] == pytest.approx(8 / months)
    ensemble = run_built(built, 2, 0)
    assert ensemble.offer_record[:, 0, 0, layout.MW_CONTRACTED].tolist() == [200] * 2
    assert ensemble.month_signed[:, at("NOR"), 0].tolist() == [0, 0]
    # Closed for the twelve months after that of the withdrawal, as in a run.
    invited = ensemble.month_invited[0]
    assert invited[at("GBR"), 0] == month_number("2026-11") - month_number("2026-01")
    assert invited[at("IND"), 1] == month_number("2026-07") - month_number("2026-01")
    assert invited[at("FRA"), 0] == 0


def test_facts_that_lack_a_country_of_the_scenario_are_refused() -> None:
    facts = load_facts()
    fewer = dataclasses.replace(
        facts, countries=facts.countries.drop(["KOR"]), imputed=facts.imputed.drop(["KOR"])
    )
    with pytest.raises(DataError, match="no row for KOR, which the scenario names"):
        build_world(load_scenario("baseline"), fewer)
