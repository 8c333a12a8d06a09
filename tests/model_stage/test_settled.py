"""What futures share, and what vectors work out for all, is what each would work out alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from random_scenarios import scenarios, seeds
from sim.model.builder import build_world
from sim.model.compiled import entry
from sim.model.invitations import fill_margins, margin_of_acceptance
from sim.model.layout import UNCOMMITTED, Draw, State, World
from sim.model.mesa_model import AlignmentModel
from sim.model.sampling import FUTURES_PER_DRAW
from sim.model.terms import waiting_value
from sim.scenario import Scenario, load_scenario
from worlds import run_futures

BY_FUTURE = ("path_count", "offer", "final_path", "month_invited", "month_signed")


def hold_alike(scenario: Scenario, seed: int, replicates: list[int]) -> None:
    """Compare futures run in one block with each run alone."""
    built = build_world(scenario)
    together = run_futures(built, seed, replicates)
    for r, replicate in enumerate(replicates):
        alone = run_futures(built, seed, [replicate])
        for name in BY_FUTURE:
            np.testing.assert_array_equal(getattr(together, name)[r], getattr(alone, name)[0])


@settings(max_examples=12)
@given(scenarios(), seeds, st.lists(st.integers(0, 3 * FUTURES_PER_DRAW), min_size=2, max_size=6))
def test_sharing_a_draw_changes_no_future(
    scenario: Scenario, seed: int, replicates: list[int]
) -> None:
    hold_alike(scenario, seed, replicates)


@pytest.mark.parametrize("name", ["baseline", "kill-switch", "chip-tiers"])
def test_a_future_after_events_starts_as_any_other(name: str) -> None:
    hold_alike(load_scenario(name), 3, [0, 1, 2, 3, 4, 2])


@entry
def _margins(
    world: World, draw: Draw, state: State, o: int, t: int, vector: np.ndarray, single: np.ndarray
) -> None:
    wait = waiting_value(world, draw, t)
    fill_margins(world, draw, state, o, wait)
    for i in range(vector.size):
        vector[i] = state.margin[i]
        single[i] = margin_of_acceptance(world, draw, state, i, o, wait)


def test_margins_in_vectors_are_those_of_the_rule() -> None:
    model = AlignmentModel(load_scenario("third-way"), seed=1, replicate=5)
    n = len(model.countries)
    compared = 0
    for _ in range(24):
        model.step()
        free = model.state.position["path"] == UNCOMMITTED
        for o in range(len(model.axes.offer)):
            vector, single = np.zeros(n), np.zeros(n)
            _margins(*model.arrays, o, model.month_index, vector, single)
            np.testing.assert_array_equal(vector[free], single[free])
            compared += int(free.sum())
    assert compared > 1000
