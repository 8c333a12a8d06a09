"""What futures share at their start changes none of them: each is what it would be alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from random_scenarios import scenarios, seeds
from sim.model.places import locate
from sim.model.record import BY_FUTURE
from sim.model.rows import draw_inputs, run_rows
from sim.model.world.building import build_world
from sim.scenario import Scenario, load_scenario
from worlds import run_futures


def hold_alike(scenario: Scenario, seed: int, replicates: list[int]) -> None:
    """Compare futures run in one block with each run alone."""
    built = build_world(scenario)
    together = run_futures(built, seed, replicates)
    for r, replicate in enumerate(replicates):
        alone = run_futures(built, seed, [replicate])
        for name in BY_FUTURE:
            np.testing.assert_array_equal(getattr(together, name)[r], getattr(alone, name)[0])


@settings(max_examples=12)
@given(scenarios(), seeds, st.lists(st.integers(0, 12), min_size=2, max_size=6))
def test_sharing_a_draw_changes_no_future(
    scenario: Scenario, seed: int, replicates: list[int]
) -> None:
    hold_alike(scenario, seed, replicates)


@pytest.mark.parametrize("name", ["today", "kill-switch", "chip-tiers"])
def test_a_future_after_events_starts_as_any_other(name: str) -> None:
    hold_alike(load_scenario(name), 3, [0, 1, 2, 3, 4, 2])


@pytest.mark.parametrize("address", ["parameters.w_cost", "providers.us.pressure"])
def test_futures_of_a_draw_whose_numbers_are_set_apart_share_nothing(address: str) -> None:
    built = build_world(load_scenario("baseline"))
    places = locate(built, [address])
    values = [[0.0], [1.0], [1.0], [0.0]]
    together = run_rows(built, 3, draw_inputs(built, 3, [0, 1, 2, 3], places, values))
    assert (together.final_path[0] != together.final_path[1]).any()
    for r, value in enumerate(values):
        alone = run_rows(built, 3, draw_inputs(built, 3, [r], places, [value]))
        np.testing.assert_array_equal(together.path_count[r], alone.path_count[0])
        np.testing.assert_array_equal(together.final_path[r], alone.final_path[0])
