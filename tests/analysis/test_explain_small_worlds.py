"""Choices in small worlds, where what decides them can be worked out by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.analysis.explanation.asked_of import AskedFutures
from sim.analysis.explanation.one_future.asking import INVITED, PAUSED, RANKED, REFUSED
from sim.analysis.explanation.one_future.in_future import WhyInFuture, why_in_future
from sim.model.mesa_model import AlignmentModel
from sim.model.world.building import Built
from worlds import make_world, offer, provider, slotted_offer, uniform_influence, write_scenario


def explained(built: Built, i: int, t: int | None = None, replicate: int = 0) -> WhyInFuture:
    return why_in_future(AskedFutures(built, 1, 1, 1), i, replicate, t, None)


def pull_world(intercept: float = 0.5, peers: int = 2) -> Built:
    """Return four countries that watch each other alike; all review always, without luck.

    Waiting is worth 1, the offer its intercept, and each committed peer 1/3 x 0.9 more.
    """
    levers = {
        "pull": {"target": "providers.alpha.offers.a.intercept", "low": -2, "high": 2,
                 "title": "Pull", "explanation": "What the offer is worth."},
        "fund": {"target": "providers.alpha.offers.a.fund_usd_m", "low": 0, "high": 100,
                 "title": "Fund", "explanation": "Of no weight here."},
    }  # fmt: skip
    numbers = {
        "w_peer": 0.9, "w_waiting": 1.0, "waiting_half_life_months": 1200.0, "choice_noise": 0.0,
        "w_own_cost": 20.0,
    }  # fmt: skip
    made = write_scenario([provider(0, offer(intercept=intercept))], 3, numbers, levers=levers)
    built = make_world(made, 4, uniform_influence(4))
    for j in range(1, 1 + peers):
        built.world.start["stage"][j, 0] = 1
        built.world.country["initial_path"][j] = built.axes.path.index("alpha_a")
    return built


def test_the_smallest_change_is_the_one_worked_out_by_hand() -> None:
    # 0.5 + 2/3 x 0.9 = 1.1 against 1: it signs, and at an intercept below 0.4 it would not.
    found = explained(pull_world(), 0, 0)
    assert found.weighed.choice == found.built.axes.path.index("alpha_a")
    assert found.weighed.margin == pytest.approx(0.1, abs=1e-9)
    pull, fund = found.flips.levers
    assert (pull.name, fund.name) == ("pull", "fund")
    assert pull.value == 0.5
    assert pull.flips_at == pytest.approx(0.4, abs=1.5e-3)
    assert pull.nearest_kept == pytest.approx(pull.flips_at, abs=0.0011)
    assert (pull.flips_at or 9.0) < pull.nearest_kept
    assert pull.choice == 0
    assert fund.flips_at is None
    assert fund.share == float("inf")


def test_either_peer_alone_decides() -> None:
    # Without one of the two: 0.5 + 0.3 = 0.8 against 1.
    found = explained(pull_world(), 0, 0)
    assert [peer.adds for peer in found.peers] == [pytest.approx(0.3), pytest.approx(0.3)]
    assert [flip.peer.j for flip in found.flips.peers] == [1, 2]
    assert {flip.choice for flip in found.flips.peers} == {0}
    # With three of them none alone does: 0.5 + 0.6 is still more than 1.
    assert explained(pull_world(peers=3), 0, 0).flips.peers == ()


def test_a_peer_that_flips_flips_in_the_public_model() -> None:
    built = pull_world()
    found = explained(built, 0, 0)
    for hidden, expected in ((None, "alpha_a"), (found.flips.peers[0].peer.j, "uncommitted")):
        model = AlignmentModel(built, 1, 0)
        model.providers.do("invite")
        if hidden is not None:
            model.state.peer_share[0, 0] -= built.world.influence[hidden, 0]
        agent = next(iter(model.countries))
        agent.review()
        assert model.axes.path[agent._intention] == expected


def test_terms_that_would_have_to_be_lower() -> None:
    flips = {flip.term: flip for flip in explained(pull_world(), 0, 0).flips.terms}
    assert flips["intercept"].value == 0.5
    assert flips["intercept"].flips_at == pytest.approx(0.4)
    assert flips["intercept"].share == pytest.approx(0.2)
    assert flips["peers"].flips_at == pytest.approx(0.5)


def asked_world(**terms: Any) -> Built:
    made = write_scenario([provider(0, slotted_offer(1, **terms), value_market=1)], 6)
    return make_world(made, 3, gdp_rank=np.array([0.2, 0.9, 0.5]), democracy=np.full(3, 0.25),
                      chip_tier=np.full(3, 2.0))  # fmt: skip


def test_who_comes_first_is_counted() -> None:
    built = asked_world(intercept=-1)
    status = {i: explained(built, i, 0).asked[0] for i in range(3)}
    assert status[1].status == INVITED
    assert (status[2].status, status[2].n_before) == (RANKED, 0)
    assert (status[0].status, status[0].n_before) == (RANKED, 1)
    room = "1 of 1 places are taken or kept for countries that are asked"
    assert status[0].why == f"1 candidate ranks before it; {room}"


def test_the_rule_that_excludes_is_named_with_the_countrys_own_value() -> None:
    found = explained(asked_world(democracy_floor=0.3, democracy_floor_is_hard=True), 0, 0)
    assert found.asked[0].status == REFUSED
    assert found.asked[0].why == "its democracy, 0.25, is below the floor of 0.3"
    found = explained(asked_world(max_chip_tier=1), 0, 0)
    assert found.asked[0].why == "its export tier is 2, and 1 is the highest admitted"


def test_a_pause_is_told() -> None:
    built = asked_world(patience_months=1, cooldown_months=12, intercept=-1)
    found = explained(built, 1, 2)
    assert found.asked[0].status == PAUSED
    assert found.asked[0].why == "until after the run"
