"""Commitments advance: months to build, stalls, resumptions, abandonment, and never backwards."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from scipy import stats

from random_scenarios import scenarios, seeds
from sim.model.layout import (
    ABANDONED,
    BUILDING,
    LEFT,
    LIVE,
    NONE,
    OFFER_COLUMNS,
    SIGNED,
    STALLED,
)
from sim.model.mesa_model import AlignmentModel
from sim.model.world.building import Built, build_world
from sim.scenario import Scenario
from tolerances import SIGNIFICANCE
from worlds import commit, make_world, offer, provider, run_futures, write_scenario

# One after the other within a month: a review, then one step of the commitment.
REVIEWED = {
    NONE: {NONE, SIGNED},
    SIGNED: {SIGNED, LEFT, NONE},
    BUILDING: {BUILDING, LEFT, NONE},
    LIVE: {LIVE, LEFT, NONE},
    STALLED: {STALLED, LEFT, NONE},
    LEFT: {LEFT, SIGNED},
    ABANDONED: {ABANDONED, SIGNED},
}
ADVANCED = {
    NONE: {NONE},
    SIGNED: {SIGNED, BUILDING, LIVE},
    BUILDING: {BUILDING, STALLED, LIVE},
    LIVE: {LIVE},
    STALLED: {STALLED, BUILDING, ABANDONED},
    LEFT: {LEFT},
    ABANDONED: {ABANDONED},
}
N = 2000


def building(n: int, months: int, weights: dict[str, float], **facts: Any) -> Built:
    """Return a world in which every country starts to build what it wants to keep."""
    size = facts.pop("size", 100)
    terms = {"data_centre_mw_min": size, "data_centre_mw_max": size, "intercept": 20}
    quiet = {"w_own_cost": 20.0, "review_rate": 0.0}
    scenario = write_scenario([provider(0, offer(**terms))], months, quiet | weights)
    built = make_world(scenario, n, **facts)
    commit(built, range(n), 0, BUILDING)
    return built


def months_to_live(built: Built) -> int:
    """Return the months until the first country is live."""
    live = run_futures(built, 0, [0]).offer[0, :, 0, OFFER_COLUMNS.index("n_live")]
    assert live[-1] > 0
    return int((live > 0).argmax()) + 1


@pytest.mark.parametrize(
    ("size", "headroom", "months"),
    [
        (1000, 1000, 32),  # 16 + 16 a gigawatt
        (7000, 7000, 128),
        (1000, 500, 64),  # half the power: twice the time
        (1000, 250, 128),
        (500, 1, 192),  # never less than the floor of an eighth
        (1000, 20_000, 32),  # more power than needed does not help
    ],
)
def test_months_to_build_grow_with_megawatts_and_shrink_with_headroom(
    size: float, headroom: float, months: int
) -> None:
    built = building(1, 240, {"build_months_base": 16.0}, size=size, headroom_mw=headroom)
    assert months_to_live(built) == months


@pytest.mark.parametrize("months", [7, 14, 24, 36])
def test_a_build_of_some_months_takes_these_months(months: int) -> None:
    # Sevenths and fourteenths are no whole binary fractions; their sums must not cost a month.
    weights = {"build_months_base": months, "build_months_per_gw": 0.0}
    assert months_to_live(building(1, 240, weights)) == months
    own = {"w_own_stack": 20.0, "own_lead_months": 1.0, "own_build_months": months}
    scenario = write_scenario([provider(0, offer())], 48, own)
    model = AlignmentModel(make_world(scenario, 1, capability=1.0))
    stages = []
    for _ in range(48):
        model.step()
        stages.append(int(model.state.stage[-1, 0]))
    assert stages.count(BUILDING) == months


def test_the_month_of_a_signature_is_one_of_being_signed_even_with_the_shortest_lead() -> None:
    scenario = write_scenario([provider(0, offer(intercept=20))], 2, {"w_own_cost": 20.0})
    model = AlignmentModel(make_world(scenario, 1))
    model.step()
    assert [agent.stages for agent in model.countries] == [{"alpha_a": "signed"}]
    model.step()
    assert [agent.stages for agent in model.countries] == [{"alpha_a": "live"}]


def test_the_wait_before_building_has_the_mean_of_the_offer() -> None:
    terms = {"lead_months": 8, "intercept": 20, "data_centre_mw_min": 1, "data_centre_mw_max": 1}
    weights = {"w_own_cost": 20.0, "build_months_base": 600.0}
    built = make_world(write_scenario([provider(0, offer(**terms))], 120, weights), N)
    record = run_futures(built, 0, [0])
    signed = record.offer[0, :, 0, OFFER_COLUMNS.index("n_signed")]
    # Waits are geometric with mean 8, and everybody signs in the first month and still has then.
    assert signed[0] == N
    waits = np.repeat(np.arange(1, 120), -np.diff(signed).astype(int))
    assert waits.mean() == pytest.approx(8, abs=0.7)
    expected = N * (7 / 8) ** np.arange(20) / 8
    counts = np.array([(waits == m).sum() for m in range(1, 21)])
    tail = N - counts.sum(), N - expected.sum()
    result = stats.chisquare([*counts, tail[0]], [*expected, tail[1]])
    assert result.pvalue > SIGNIFICANCE


@pytest.mark.parametrize("rank", [0.0, 0.5, 1.0])
def test_builds_stall_where_power_is_dear(rank: float) -> None:
    weights = {"stall_rate": 0.1, "price_sensitivity": 2.0, "build_months_base": 600.0}
    built = building(N, 1, weights, power_price_rank=rank)
    stalled = run_futures(built, 0, [0]).offer[0, 0, 0, OFFER_COLUMNS.index("n_stalled")]
    chance = 0.1 * np.exp(2.0 * (rank - 0.5))
    assert stats.binomtest(int(stalled), N, chance).pvalue > SIGNIFICANCE


def test_stalled_builds_resume_or_are_abandoned_at_their_rates() -> None:
    weights = {"resume_rate": 0.3, "supplier_exit_rate": 0.2, "build_months_base": 600.0}
    built = building(N, 1, weights)
    built.world.start["stage"][:, 0] = STALLED
    record = run_futures(built, 0, [0])
    left, resumed = (
        int(record.offer[0, 0, 0, OFFER_COLUMNS.index(name)])
        for name in ("n_left_by_supplier", "n_building")
    )
    counts = [left, resumed, N - left - resumed]
    assert stats.chisquare(counts, [0.2 * N, 0.3 * N, 0.5 * N]).pvalue > SIGNIFICANCE
    assert record.path_count[0, 0].tolist() == [left, 0, N - left, 0]


def test_sovereign_ai_takes_its_lead_and_its_build() -> None:
    weights = {"w_own_stack": 20.0, "own_lead_months": 1.0, "own_build_months": 8.0}
    scenario = write_scenario([provider(0, offer())], 12, weights)
    model = AlignmentModel(make_world(scenario, 1, capability=1.0))
    stages = []
    for _ in range(12):
        model.step()
        assert model.state.position["path"].tolist() == [model.world.sovereign]
        stages.append(int(model.state.stage[-1, 0]))
    assert stages == [SIGNED] + [BUILDING] * 8 + [LIVE] * 3


def test_withdrawals_are_counted_from_the_start_of_the_run_and_for_good() -> None:
    # All builds stall at once, half of the stalled are left a month, and who is left signs again.
    weights = {"stall_rate": 1.0, "supplier_exit_rate": 0.5, "review_rate": 1.0}
    built = building(200, 24, weights)
    built.world.start["stage"][100:, 0] = ABANDONED
    built.world.country["initial_path"][100:] = 0
    record = run_futures(built, 0, [0]).offer[0, :, 0]
    left = record[:, OFFER_COLUMNS.index("n_left_by_supplier")]
    assert left[0] == 0  # those on record before the start are not withdrawals of this run
    assert (np.diff(left) >= 0).all()
    assert left[-1] > 200  # some are left twice
    assert (record[:, OFFER_COLUMNS.index("n_left_by_country")] == 0).all()


def megawatts_and_funds_belong_to_commitments_that_stand(model: AlignmentModel) -> None:
    stands = np.isin(model.state.stage[:-1].T, [SIGNED, BUILDING, LIVE, STALLED])
    deal = model.state.deal[:, :-1]
    assert (deal["mw"][~stands] == 0).all()
    assert (deal["fund_usd_m"][~stands] == 0).all()
    building_now = model.state.stage[:-1].T == BUILDING
    # A build on record, or one on record as stalled that resumes, may be of an offer without.
    started = np.isin(model.world.start["stage"][:, :-1], [BUILDING, STALLED])
    assert (deal["mw"][building_now & ~started] > 0).all()


@settings(max_examples=40)
@given(scenarios(), seeds)
def test_stages_only_move_as_the_rules_say_and_hold_what_stands(
    scenario: Scenario, seed: int
) -> None:
    built = build_world(scenario)
    model = AlignmentModel(built, seed)
    allowed = {
        before: {after for middle in REVIEWED[before] for after in ADVANCED[middle]}
        for before in REVIEWED
    }
    before = model.state.stage.copy()
    for _ in range(built.world.n_months):
        model.step()
        for was, now in zip(before[:-1].ravel(), model.state.stage[:-1].ravel(), strict=True):
            assert int(now) in allowed[int(was)]
        # What is live stays live unless it is left; only the country itself leaves it.
        gone = (before[:-1] == LIVE) & (model.state.stage[:-1] != LIVE)
        assert np.isin(model.state.stage[:-1][gone], [LEFT, NONE]).all()
        before = model.state.stage.copy()
        assert ((model.state.deal["progress"] >= 0) & (model.state.deal["progress"] <= 2)).all()
        megawatts_and_funds_belong_to_commitments_that_stand(model)
