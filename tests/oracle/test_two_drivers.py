"""Two drivers, one rule: the Mesa model and the ensemble go through the very same months."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from random_scenarios import scenarios, seeds
from sim.model.ensemble import run_built
from sim.model.layout import (
    ABANDONED,
    BUILDING,
    CONTROL_CONCEDED,
    FUND_USD_M,
    LEFT,
    LIVE,
    MW_CONTRACTED,
    MW_LIVE,
    OFFER_COLUMNS,
    SIGNED,
    STALLED,
    State,
)
from sim.model.mesa_model import AlignmentModel
from sim.model.world.building import Built, build_world
from sim.scenario import Scenario, list_scenarios, load_scenario
from worlds import (
    blank_state,
    make_world,
    month_paths,
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
    """Step a Mesa model to the end and compare every month with the ensemble's future."""
    state = blank_state(built)
    record = run_futures(built, seed, [replicate], state)
    path = month_paths(built, seed, replicate)
    model = AlignmentModel(built, seed, replicate)
    withdrawn: dict[tuple[int, int], int] = {}
    for t in range(built.world.n_months):
        before = model.state.stage.copy()
        model.step()
        assert [agent.path for agent in model.countries] == [built.axes.path[k] for k in path[t]]
        np.testing.assert_array_equal(model.state.path_count, record.path_count[0, t])
        np.testing.assert_array_equal(model.state.path_share, record.path_share[0, t])
        seen = [list(agent.stages.values()) for agent in model.countries]
        kept = record.offer[0, t]
        for o in range(len(built.axes.offer)):
            for stage in ("signed", "building", "live", "stalled"):
                count = sum(stages[o] == stage for stages in seen)
                assert kept[o, OFFER_COLUMNS.index(f"n_{stage}")] == count
            for gone, name in ((LEFT, "n_left_by_country"), (ABANDONED, "n_left_by_supplier")):
                # Nobody signs in the month of a withdrawal, so the month's end shows it.
                now = (model.state.stage[o] == gone) & (before[o] != gone)
                withdrawn[o, gone] = withdrawn.get((o, gone), 0) + int(now.sum())
                assert kept[o, OFFER_COLUMNS.index(name)] == withdrawn[o, gone]
            book = model.state.book[o]
            assert kept[o, OFFER_COLUMNS.index("n_slots_held")] == book["held"]
            assert kept[o, OFFER_COLUMNS.index("n_invitations_open")] == book["invitations_open"]
            assert kept[o, OFFER_COLUMNS.index("n_invitations_sent")] == book["invitations_sent"]
            hold_sums(model.state, kept[o], o)
        hold_rankings(built, model.state)
    assert not model.running
    deal = model.state.deal[:, :-1]
    np.testing.assert_array_equal(deal["month_invited"], record.month_invited[0])
    np.testing.assert_array_equal(deal["month_signed"], record.month_signed[0])
    for name in SHARED:
        np.testing.assert_array_equal(getattr(model.state, name), getattr(state, name), name)
    np.testing.assert_array_equal(model.state.position["path_since"], state.position["path_since"])


def hold_sums(state: State, kept: Any, o: int) -> None:
    """Compare sums over the commitments to an offer that stand with those the ensemble kept."""
    active = np.flatnonzero(np.isin(state.stage[o], (SIGNED, BUILDING, LIVE, STALLED)))
    np.testing.assert_array_equal(state.holder[o, : state.n_holders[o]], active)
    deal = state.deal[active, o]
    for column, terms in (
        (MW_CONTRACTED, deal["mw"]),
        (MW_LIVE, deal["mw"][state.stage[o, active] == LIVE]),
        (FUND_USD_M, deal["fund_usd_m"]),
        (CONTROL_CONCEDED, deal["conceded"] / max(1, len(deal))),
    ):
        assert kept[column] == pytest.approx(terms.sum(), rel=1e-12)


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


@pytest.mark.parametrize("name", ["baseline", "today"])
def test_a_shipped_scenario_is_the_same_under_both(name: str) -> None:
    assert name in {summary.name for summary in list_scenarios()}
    hold_together(build_world(load_scenario(name)), 0, 5)


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
