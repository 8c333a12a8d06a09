"""Scarce places: who is asked, in which order, and what a market without memory does.

The matchings themselves are checks of `sim.analysis.verification.matching`.
"""

from __future__ import annotations

import functools

import numpy as np

from sim.analysis.verification.matching import INSTANCES, blocking_pairs, market, outcome
from sim.model.world.building import build_world
from worlds import make_world, provider, run_futures, slotted_offer, write_scenario


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
