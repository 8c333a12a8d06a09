"""Scarce places: invitations and reviews as the deferred acceptance of Gale and Shapley (1962).

Providers invite from the top of their lists as places allow; a country holds the best offer it
has had. With strict preferences, no noise and no second invitation to a country that has refused,
that is deferred acceptance with the providers proposing.
"""

from __future__ import annotations

import functools

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.model.world.building import Built, build_world
from worlds import make_world, provider, run_futures, slotted_offer, write_scenario

N = 14
MONTHS = 120
PLACES = (3, 2, 4)
INSTANCES = range(12)
Floats = NDArray[np.float64]


def preferences(instance: int, scale: float = 1.0) -> tuple[Floats, Floats]:
    """Return strict preferences (n, P): of countries, refusal at 0, and of providers."""
    rng = np.random.default_rng(instance)
    shape = (N, len(PLACES))
    return scale * rng.normal(0.3, 1.0, shape), rng.uniform(0.0, 1.0, shape)


def market(instance: int, cooldown: int = MONTHS) -> Built:
    """Return a world in which ties carry countries' preferences and affinity providers'."""
    of_countries, of_providers = preferences(instance)
    offered = [
        provider(p, slotted_offer(q, exclusivity=1, patience_months=1, cooldown_months=cooldown))
        for p, q in enumerate(PLACES)
    ]
    weights = {"w_tie": 1.0, "w_own_cost": 20.0, "w_hedge": 20.0}
    behind = {"backing": 1, "value_alignment": 1}
    scenario = write_scenario([block | behind for block in offered], MONTHS, weights)
    facts = {"tie": of_countries, "affinity": of_providers}
    return make_world(scenario, N, relation=facts)


def outcome(built: Built) -> NDArray[np.int64]:
    """Return the provider of each country at the end, -1 for none."""
    path = run_futures(built, 0, [0]).final_path[0].astype(np.int64)
    assert path.max() < 2 + len(PLACES)
    assert (path != 1).all()
    return np.where(path == 0, -1, path - 2)


def deferred_acceptance(instance: int) -> NDArray[np.int64]:
    """Return the stable matching that providers like best, by the algorithm of the paper."""
    of_countries, of_providers = preferences(instance)
    lists = [list(np.argsort(-of_providers[:, p])) for p in range(len(PLACES))]
    match = np.full(N, -1)
    is_moving = True
    while is_moving:
        is_moving = False
        for p, places in enumerate(PLACES):
            while lists[p] and (match == p).sum() < places:
                i = lists[p].pop(0)
                is_moving = True
                held = of_countries[i, match[i]] if match[i] >= 0 else 0.0
                if of_countries[i, p] > held:
                    match[i] = p
    return match


def blocking_pairs(instance: int, match: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Return each country and provider who would both rather have each other."""
    of_countries, of_providers = preferences(instance)
    pairs = []
    for i in range(N):
        held = of_countries[i, match[i]] if match[i] >= 0 else 0.0
        for p, places in enumerate(PLACES):
            partners = of_providers[match == p, p]
            has_room = partners.size < places or of_providers[i, p] > partners.min()
            if of_countries[i, p] > held and has_room:
                pairs.append((i, p))
    return pairs


@pytest.mark.parametrize("instance", INSTANCES)
def test_the_matching_is_that_of_deferred_acceptance(instance: int) -> None:
    np.testing.assert_array_equal(outcome(market(instance)), deferred_acceptance(instance))


@pytest.mark.parametrize("instance", INSTANCES)
def test_no_pair_blocks_the_matching(instance: int) -> None:
    match = outcome(market(instance))
    assert blocking_pairs(instance, match) == []
    for p, places in enumerate(PLACES):
        assert (match == p).sum() <= places


def test_without_memory_of_refusals_some_matching_is_blocked() -> None:
    # A provider that asks the same country again and again never reaches the next on its list.
    blocked = [blocking_pairs(k, outcome(market(k, cooldown=0))) for k in INSTANCES]
    assert any(blocked)


def test_the_order_of_moves_is_that_of_the_lists() -> None:
    # One provider, two places, three countries that would accept: the two it likes best sign.
    @functools.cache
    def signed(best: int) -> list[int]:
        liked = np.array([[0.1], [0.2], [0.3]])
        liked[best] = 0.9
        weights = {"w_tie": 1.0, "w_own_cost": 20.0}
        block = provider(0, slotted_offer(2), backing=1, value_alignment=1)
        built = make_world(
            write_scenario([block], 12, weights), 3, relation={"tie": 1.0, "affinity": liked}
        )
        months: list[int] = run_futures(built, 0, [0]).month_signed[0, :, 0].tolist()
        return months

    assert signed(0) == [0, -1, 0]
    assert signed(1) == [-1, 0, 0]


def test_equal_candidates_are_taken_in_the_order_of_their_codes() -> None:
    block = provider(0, slotted_offer(2, intercept=1))
    built = make_world(write_scenario([block], 3, {"w_own_cost": 20.0}), 5)
    assert run_futures(built, 0, [0]).month_signed[0, :, 0].tolist() == [0, 0, -1, -1, -1]
    assert list(build_world(built.scenario).axes.country) == sorted(built.scenario.agents)
