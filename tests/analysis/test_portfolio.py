"""Which countries to ask: known answers on small worlds, exact enumeration, stable matchings."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.made_portfolios import luck_of
from sim.analysis.portfolio.additive import best_sum
from sim.analysis.portfolio.asked import Asked, limits_of
from sim.analysis.portfolio.blocking import EMPTY_PLACE, blocking_pairs
from sim.analysis.portfolio.choosing import Effort, choose_world
from sim.analysis.portfolio.found import Selection
from sim.analysis.portfolio.market import Limits
from sim.analysis.portfolio.objective import read_objective
from sim.analysis.portfolio.search import Search
from sim.analysis.portfolio.simulated import Luck
from sim.analysis.shared.seeds import fresh_seed
from sim.analysis.verification import matching
from sim.analysis.verification.worlds import (
    FIRST_OFFER,
    make_world,
    offer,
    provider,
    slotted_offer,
    uniform_influence,
    write_scenario,
)
from sim.model.world.building import Built
from tolerances import ROUNDING

SMALL = Effort(screened=40, confirmed=80, exchanges=30, draws=4, futures_of_draw=10, paired=20)
PARTNERS = read_objective("partners")
# Eight countries: half of them want the offer, and each wants a data centre of another size.
WANTS = np.array([1.0, -1.0, 1.0, -1.0, 1.0, -1.0, 1.0, -1.0])
NEED_MW = np.array([150.0, 900.0, 300.0, 800.0, 200.0, 700.0, 400.0, 600.0])


def sure_world(slots: int = 2, **terms: Any) -> Built:
    """Return a world without chance, in which every other country takes the offer."""
    weights = {"w_tie": 1.0, "w_own_cost": 20.0, "w_hedge": 20.0, "w_data_centre": 0.001}
    large = slotted_offer(slots, patience_months=12, data_centre_mw_max=2000, **terms)
    scenario = write_scenario([provider(0, large), provider(1, offer())], 12, weights)
    relation = {"tie": np.stack([WANTS, np.full(8, -1.0)], axis=1)}
    return make_world(scenario, 8, relation=relation, need_mw=NEED_MW)


def lively_world(instance: int) -> Built:
    """Return a world of seven countries with chance, and peers that carry each other along."""
    rng = np.random.default_rng(instance)
    weights = {
        "w_tie": 1.0, "choice_noise": 0.6, "w_peer": 3.0, "w_own_cost": 20.0, "w_hedge": 20.0,
    }  # fmt: skip
    large = slotted_offer(3, patience_months=12)
    scenario = write_scenario([provider(0, large), provider(1, offer())], 10, weights)
    tie = np.stack([rng.uniform(-1.2, 0.8, 7), np.full(7, -1.0)], axis=1)
    return make_world(scenario, 7, influence=uniform_influence(7), relation={"tie": tie})


def ask(built: Built, places: int, objective: str = "partners", **more: Any) -> Selection:
    asked = Asked("alpha.a", read_objective(objective), places, **more)
    return choose_world({"": built}, asked, (), 40, 1, 1, SMALL)


def codes(*which: int) -> tuple[str, ...]:
    return tuple(f"C{i:04d}" for i in which)


@pytest.fixture(scope="module")
def sure() -> Built:
    return sure_world()


def test_those_who_want_it_and_need_most_are_asked_for_compute(sure: Built) -> None:
    found = ask(sure, 2, "compute")
    # Of 0, 2, 4 and 6, which take the offer, 6 and 2 need most; 1, 3, 5 and 7 would need more.
    assert found.codes == codes(6, 2)
    sizes = dict(zip(found.codes, (each.size_mw for each in found.members), strict=True))
    total = sum(sizes.values()) / 1000.0
    assert sizes["C0006"] > sizes["C0002"] > 0.0
    assert found.value.mean == pytest.approx(total, rel=ROUNDING)
    assert found.value.low == found.value.high == found.value.mean
    assert [each.holds.mean for each in found.members] == [1.0, 1.0]
    assert found.searched == pytest.approx(found.value.mean, rel=ROUNDING)


def test_each_place_adds_what_its_country_takes(sure: Built) -> None:
    found = ask(sure, 2, "compute")
    sizes = [each.size_mw / 1000.0 for each in found.members]
    assert [each.adds.mean for each in found.slots[:2]] == pytest.approx(sizes, rel=ROUNDING)
    third = found.slots[2]
    assert (third.code, third.is_beyond) == ("C0004", True)
    assert 0.0 < third.adds.mean < sizes[1]


def test_a_limit_makes_a_knapsack(sure: Built) -> None:
    sizes = {each.code: each.size_mw for each in ask(sure, 4, "compute").members}
    # The largest does not fit beside any other: the two next to it hold more together.
    room = sizes["C0002"] + sizes["C0004"]
    assert sizes["C0006"] < room < sizes["C0006"] + sizes["C0000"]
    found = ask(sure, 2, "compute", megawatts=room)
    assert set(found.codes) == set(codes(2, 4))
    (more,) = found.further
    assert more.promised == pytest.approx(room)
    assert more.step == 1000.0
    assert (set(more.joins), set(more.leaves)) == ({"C0006"}, {"C0004"})
    assert more.adds.mean == pytest.approx((sizes["C0006"] - sizes["C0004"]) / 1000.0)


def test_money_counts_the_share_of_the_provider() -> None:
    built = sure_world(cost_share=0.25, fund_usd_m=10.0)
    found = ask(built, 2)
    for member in found.members:
        # 50 million a megawatt in these worlds.
        assert member.bill_usd_m == pytest.approx(0.75 * (50.0 * member.size_mw + 10.0))
    cheap = ask(built, 2, budget_usd_m=min(each.bill_usd_m for each in ask(built, 4).members))
    assert cheap.codes == codes(0)


def test_nobody_who_adds_nothing_is_asked(sure: Built) -> None:
    found = ask(sure, 6)
    assert set(found.codes) == set(codes(0, 2, 4, 6))
    assert not [each for each in found.slots if each.is_beyond]
    assert found.stability.empty_places == 2.0


def test_included_and_excluded(sure: Built) -> None:
    found = ask(sure, 2, "compute", include=codes(1), exclude=codes(6))
    assert set(found.codes) == set(codes(1, 2))


def test_without_uncertainty_who_belongs_is_certain(sure: Built) -> None:
    found = ask(sure, 2, "compute")
    groups = {each.code: (each.group, each.share.mean) for each in found.belonging}
    assert {groups[code] for code in codes(6, 2)} == {("core", 1.0)}
    assert {groups[code] for code in codes(0, 1, 3, 4, 5, 7)} == {("never", 0.0)}


def test_rivals_lose_those_who_would_be_theirs() -> None:
    weights = {"w_tie": 1.0, "w_own_cost": 20.0, "w_hedge": 20.0}
    blocks = [provider(0, slotted_offer(2, patience_months=12)), provider(1, offer())]
    # All want both; 0 to 3 want the rival more.
    tie = np.stack([np.ones(6), np.array([2.0, 2.0, 2.0, 2.0, 0.5, 0.5])], axis=1)
    built = make_world(write_scenario(blocks, 12, weights), 6, relation={"tie": tie})
    found = ask(built, 2, "rival_loss")
    assert set(found.codes) == set(codes(4, 5))
    assert found.value.mean == 2.0
    assert found.measure("rival_loss").unasked.mean == 0.0


def test_the_better_terms_are_chosen_with_their_countries() -> None:
    worlds = {"plain": sure_world(), "strict": sure_world(max_chip_tier=1)}
    worlds["strict"].world.country["chip_tier"][[2, 6]] = 2.0
    asked = Asked("alpha.a", read_objective("compute"), 2)
    found = choose_world(worlds, asked, (), 20, 1, 1, SMALL)
    chosen = {each.name: (each.codes, each.is_chosen) for each in found.settings}
    assert chosen == {"plain": (codes(6, 2), True), "strict": (codes(4, 0), False)}
    assert {each.name: each.behind.mean for each in found.settings}["strict"] < 0.0


@pytest.mark.parametrize("instance", range(4))
def test_it_comes_close_to_exact_enumeration(instance: int) -> None:
    built = lively_world(instance)
    asked = Asked("alpha.a", PARTNERS, 3)
    screen, confirm = luck_of(built, asked, 80), luck_of(built, asked, 160, seed=2)
    promise = screen.packages(3)
    limits = limits_of(screen.market, asked, promise)
    search = Search(screen, confirm, limits, screen.gains_of_asking_all(3, promise))
    chosen = search.run()
    judge = luck_of(built, asked, 400, seed=3)
    values = {
        frozenset(each): judge.values(each, 3) for each in itertools.combinations(range(7), 3)
    }
    best = max(values, key=lambda each: values[each].mean())
    gap = values[best] - values[chosen]
    error = gap.std(ddof=1) / np.sqrt(gap.size)
    # The best of 35 in these futures is ahead by luck too.
    assert gap.mean() <= max(2.0 * error, 0.02 * values[best].mean())
    others = [each.mean() for each in values.values()]
    assert values[chosen].mean() > np.quantile(others, 0.9)


amounts = st.lists(st.integers(-3, 20).map(float), min_size=6, max_size=6).map(np.array)


@given(amounts, st.lists(st.integers(1, 9).map(float), min_size=6, max_size=6), st.integers(1, 4))
def test_the_additive_optimum_is_that_of_all_sets(
    gains: np.ndarray, load: list[float], places: int
) -> None:
    limits = Limits(places, 12.0, None, np.array(load), np.zeros(6), ())
    found = best_sum(gains, range(6), limits)
    sums = [
        gains[list(each)].sum()
        for size in range(places + 1)
        for each in itertools.combinations(range(6), size)
        if limits.admit(each)
    ]
    assert limits.admit(found)
    assert gains[[*found]].sum() == pytest.approx(max(sums))


def test_no_pair_blocks_a_stable_matching() -> None:
    for instance in matching.INSTANCES[:4]:
        built = matching.market(instance)
        match = matching.deferred_acceptance(instance)
        found, luck, limits = _blocked(built, matching.PLACES[0], np.flatnonzero(match == 0))
        assert found.any_pair["ranking"] == 0
        assert luck.market.provider == "alpha"
        assert limits.places == matching.PLACES[0]


def test_the_pairs_that_block_another_matching_are_those_of_its_definition() -> None:
    n_blocking = 0
    for instance in matching.INSTANCES[:4]:
        built = matching.market(instance)
        of_countries, _ = matching.preferences(instance)
        willing = np.flatnonzero(of_countries[:, 0] > 0.0)[-2:]
        found, luck, limits = _blocked(built, matching.PLACES[0], willing)
        rows = luck.rows(willing.tolist(), limits.places)
        path = rows.final_path[0].astype(np.int64) - FIRST_OFFER
        match = np.where((path >= 0) & (path < 3), path, matching.NOBODY)
        expected = {
            i for i, p in matching.blocking_pairs(instance, match) if p == 0 and i not in willing
        }
        assert {i for i, _ in found.pairs["ranking"]} == expected
        n_blocking += len(expected)
        is_full = (match == 0).sum() == limits.places
        insides = {j for _, j in found.pairs["ranking"]}
        assert (EMPTY_PLACE in insides) == (bool(expected) and not is_full)
    assert n_blocking > 0


def _blocked(built: Built, places: int, chosen: np.ndarray) -> tuple[Any, Luck, Limits]:
    asked = Asked("alpha.a", PARTNERS, places)
    luck = luck_of(built, asked, 1, seed=0)
    limits = limits_of(luck.market, asked, luck.packages(places))
    return blocking_pairs(luck.market, luck, chosen.tolist(), limits), luck, limits


def test_workers_change_nothing(sure: Built) -> None:
    built, asked = lively_world(1), Asked("alpha.a", PARTNERS, 2)
    one, two = (choose_world({"": built}, asked, (), 30, 1, n, SMALL) for n in (1, 2))
    assert (one.codes, one.value, one.stability) == (two.codes, two.value, two.stability)
    assert one.fresh_seed == fresh_seed(1) != one.seed
    assert fresh_seed(2**32 - 1) == 0
