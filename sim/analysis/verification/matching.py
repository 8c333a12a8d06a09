"""Scarce places: invitations and reviews as the deferred acceptance of Gale and Shapley (1962).

Providers invite from the top of their lists as places allow; a country holds the best offer it
has had. With strict preferences, no noise and no second invitation to a country that has refused,
that is deferred acceptance with the providers proposing.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.analysis.verification.check import Check, CheckResult, none_of
from sim.analysis.verification.worlds import (
    FIRST_OFFER,
    first_futures,
    make_world,
    provider,
    slotted_offer,
    write_scenario,
)
from sim.model.world.building import Built

GROUP = "Scarce places"
SOURCE = "Gale and Shapley 1962"
N = 14
MONTHS = 120
PLACES = (3, 2, 4)
INSTANCES = range(12)
NOBODY, ELSEWHERE = -1, -2
Floats = NDArray[np.float64]
Match = NDArray[np.int64]


def preferences(instance: int) -> tuple[Floats, Floats]:
    """Return strict preferences (n, P): of countries, refusal at 0, and of providers."""
    rng = np.random.default_rng(instance)
    shape = (N, len(PLACES))
    return rng.normal(0.3, 1.0, shape), rng.uniform(0.0, 1.0, shape)


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


def outcome(built: Built) -> Match:
    """Return the provider of each country at the end, or NOBODY.

    ELSEWHERE stands for a path that is not in the market: sovereign AI, a pair.
    """
    path = first_futures(built, 0, 1).final_path[0].astype(np.int64)
    p = path - FIRST_OFFER
    is_matched = (p >= 0) & (p < len(PLACES))
    return np.where(is_matched, p, np.where(path == 0, NOBODY, ELSEWHERE))


def _match(instance: int) -> Match:
    return outcome(market(instance))


def deferred_acceptance(instance: int) -> Match:
    """Return the stable matching that providers like best, by the algorithm of the paper."""
    of_countries, of_providers = preferences(instance)
    lists = [list(np.argsort(-of_providers[:, p])) for p in range(len(PLACES))]
    match = np.full(N, NOBODY)
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


def blocking_pairs(instance: int, match: Match) -> list[tuple[int, int]]:
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


def _equal_matchings() -> CheckResult:
    count = sum((_match(k) != deferred_acceptance(k)).any() for k in INSTANCES)
    return none_of(f"{len(INSTANCES)} equal matchings", int(count), "differ")


def _stable_matchings() -> CheckResult:
    count = sum(len(blocking_pairs(k, _match(k))) for k in INSTANCES)
    return none_of("no blocking pair", count, "block")


def _kept_places() -> CheckResult:
    over = sum(
        int((_match(k) == p).sum() > places) for k in INSTANCES for p, places in enumerate(PLACES)
    )
    return none_of("no place taken twice", over, "exceed")


_MARKETS = f"{len(INSTANCES)} markets of {N} countries and {len(PLACES)} providers:"
CHECKS = (
    Check("deferred-acceptance", GROUP, f"{_MARKETS} who is matched", SOURCE, _equal_matchings),
    Check("stable-matching", GROUP, f"{_MARKETS} pairs that block", SOURCE, _stable_matchings),
    Check("places", GROUP, f"{_MARKETS} partners and places", "docs/model.md", _kept_places),
)
