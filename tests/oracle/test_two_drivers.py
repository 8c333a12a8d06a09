"""Two drivers, one rule: the Mesa model and the ensemble go through the very same months."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from random_scenarios import scenarios, seeds
from sim.analysis.verification.two_drivers import SHIPPED, driver_differences
from sim.model.ensemble import run_built
from sim.model.layout import BUILDING, LIVE, SIGNED, STALLED, State
from sim.model.mesa_model import AlignmentModel
from sim.model.world.building import Built, build_world
from sim.scenario import Scenario, load_scenario
from worlds import (
    blank_state,
    make_world,
    provider,
    run_futures,
    slotted_offer,
    write_scenario,
)

# What a future is, but for the kernels' work space and what only one driver keeps.
SHARED = (
    "deal", "stage", "invited_since", "peer_share", "concern", "stage_count", "path_count",
    "path_share", "taste", "provider_taste", "offer_gain", "settled",
)  # fmt: skip


def hold_together(built: Built, seed: int, replicate: int) -> None:
    """Compare every month of a Mesa model, and its state at the end, with the ensemble's future."""
    state = blank_state(built)
    run_futures(built, seed, [replicate], state)
    seen: list[AlignmentModel] = []

    def watch(model: AlignmentModel, _: int) -> None:
        seen.append(model)
        hold_holders(model.state, len(built.axes.offer))
        hold_rankings(built, model.state)

    assert [*driver_differences(built, seed, replicate, watch)] == []
    assert len(seen) == built.world.n_months
    for name in SHARED:
        np.testing.assert_array_equal(getattr(seen[-1].state, name), getattr(state, name), name)
    since = seen[-1].state.position["path_since"]
    np.testing.assert_array_equal(since, state.position["path_since"])


def hold_holders(state: State, n_offers: int) -> None:
    """Hold the list of holders of each offer to the commitments that stand."""
    for o in range(n_offers):
        active = np.flatnonzero(np.isin(state.stage[o], (SIGNED, BUILDING, LIVE, STALLED)))
        np.testing.assert_array_equal(state.holder[o, : state.n_holders[o]], active)


def hold_rankings(built: Built, state: State) -> None:
    """Hold the ranking of each offer to selected countries to what they are worth now."""
    for o in range(len(built.axes.offer)):
        reference = f"{built.axes.offer_provider[o]}.{built.axes.offer_key[o]}"
        if not built.scenario.offers[reference].open_enrolment:
            worth = state.worth[o]
            best_first = np.lexsort((np.arange(worth.size), -worth))
            np.testing.assert_array_equal(state.ranking[o], best_first)


@settings(max_examples=40)
@given(scenarios(), seeds, st.integers(0, 9))
def test_any_future_of_any_scenario_is_the_same_under_both(
    scenario: Scenario, seed: int, replicate: int
) -> None:
    hold_together(build_world(scenario), seed, replicate)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_scenario_has_the_same_state_under_both(name: str) -> None:
    hold_together(build_world(load_scenario(name)), 0, 5)


def test_a_difference_is_told_by_month_and_column() -> None:
    built = build_world(load_scenario("today"))
    other = built.world.start.copy()
    found: list[str] = []

    def disturb(model: AlignmentModel, t: int) -> None:
        # As if a country had left its only partner in the first month.
        if t == 0:
            i = int(np.flatnonzero(other["stage"][:, 0] == BUILDING)[0])
            model.state.stage[0, i] = 0

    found += driver_differences(built, 0, 5, disturb)
    offer = built.axes.offer[0]
    assert any(line.startswith(f"{built.axes.month[1]}: n_building of {offer}") for line in found)


@settings(max_examples=8)
@given(scenarios(), seeds)
def test_counts_of_an_ensemble_are_those_of_its_models(scenario: Scenario, seed: int) -> None:
    built = build_world(scenario)
    ensemble = run_built(built, 5, seed)
    total = np.zeros_like(ensemble.country_path)
    for replicate in range(5):
        model = AlignmentModel(built, seed, replicate)
        for t in range(built.world.n_months):
            model.step()
            total[np.arange(len(model.axes.country)), model.state.position["path"], t] += 1
        np.testing.assert_array_equal(model.state.position["path"], ensemble.final_path[replicate])
    np.testing.assert_array_equal(total, ensemble.country_path)


def test_terms_improve_in_the_month_in_which_an_invitation_lapses() -> None:
    # Everybody reviews and refuses, and every invitation lapses in its second month: were lapsing
    # first, the second month would concede nothing.
    terms = slotted_offer(
        4, patience_months=2, cooldown_months=0, concession_step=0.1, concession_limit=1
    )
    scenario = write_scenario([provider(0, terms)], 8, {"w_waiting": 20.0, "w_own_cost": 20.0})
    built = make_world(scenario, 3)
    state = blank_state(built)
    run_futures(built, 0, [0], state)
    # Three of four slots are held: a quarter of a step in each of eight months.
    assert state.deal["conceded"][:, 0].tolist() == pytest.approx([0.2] * 3)
    hold_together(built, 0, 0)
