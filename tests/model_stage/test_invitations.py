"""Providers invite: pace, patience, cooldown, terms that move, and who may come in."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from random_scenarios import seeds
from sim.model.ensemble import run_built
from sim.model.layout import OFFER_COLUMNS
from sim.model.mechanism import entries
from sim.model.mesa_model import AlignmentModel
from sim.model.world.building import Built, build_world
from tolerances import ROUNDING
from worlds import (
    make_world,
    offer,
    provider,
    run_futures,
    slotted_offer,
    start_future,
    write_scenario,
)

REFUSED = {"w_own_cost": 20.0, "w_waiting": 20.0, "waiting_half_life_months": 1200.0}


def series(built: Built, name: str, o: int = 0) -> list[float]:
    """Return a column of the record of one offer, month by month."""
    values: list[float] = (
        run_futures(built, 0, [0]).offer[0, :, o, OFFER_COLUMNS.index(name)].tolist()
    )
    return values


def refused(terms: dict[str, Any], n: int = 30, months: int = 12, **top: Any) -> Built:
    """Return a world in which nobody accepts the one offer."""
    weights = REFUSED | top.pop("weights", {})
    return make_world(write_scenario([provider(0, terms)], months, weights, **top), n)


def test_a_provider_sends_its_pace_each_quarter_from_the_opening_on() -> None:
    built = refused(slotted_offer(30, pace_per_quarter=3, open_from="2026-03", patience_months=100))
    sent = series(built, "n_invitations_sent")
    assert sent == [0, 0, 3, 3, 3, 6, 6, 6, 9, 9, 9, 12]
    assert series(built, "n_slots_held") == sent


def test_an_event_within_a_quarter_lets_more_invitations_go_out() -> None:
    faster = {"providers.alpha.offers.a.pace_per_quarter": 5}
    built = refused(
        slotted_offer(30, pace_per_quarter=3, patience_months=100),
        events=[{"date": "2026-02", "title": "faster", "set": faster}],
    )
    assert series(built, "n_invitations_sent")[:6] == [3, 5, 5, 10, 10, 10]


@pytest.mark.parametrize("patience", [1, 3])
def test_an_unanswered_invitation_lapses_and_its_place_goes_to_another(patience: int) -> None:
    built = refused(slotted_offer(2, patience_months=patience, cooldown_months=100), n=6)
    # Two a time, answered by nobody in `patience` rounds of reviews, followed by the next.
    span = patience
    sent = series(built, "n_invitations_sent")
    assert sent == [min(6, 2 * (t // span + 1)) for t in range(12)]
    invited = run_futures(built, 0, [0]).month_invited[0, :, 0].tolist()
    assert invited == [0, 0, span, span, 2 * span, 2 * span]
    is_open = [2 if t % span < patience - 1 and t < 3 * span else 0 for t in range(12)]
    assert series(built, "n_invitations_open") == is_open


def test_a_country_is_asked_again_after_the_cooldown() -> None:
    built = refused(slotted_offer(1, patience_months=1, cooldown_months=2), n=1)
    # Asked in 0, lapsed at its end, closed in 1 and 2, asked in 3.
    assert series(built, "n_invitations_sent") == [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]


def test_who_leaves_is_asked_again_after_the_cooldown() -> None:
    # Worth having until its terms are taken back, and worth having again later.
    value = "providers.alpha.offers.a.intercept"
    events = [
        {"date": "2026-03", "title": "worse", "set": {value: -5}},
        {"date": "2026-04", "title": "better", "set": {value: 5}},
    ]
    terms = offer(intercept=5, cooldown_months=3)
    scenario = write_scenario([provider(0, terms)], 10, {"w_own_cost": 20.0}, events=events)
    model = AlignmentModel(make_world(scenario, 1))
    agent = next(iter(model.countries))
    path = []
    for _ in range(10):
        model.step()
        path.append(agent.path)
    signed, out = "alpha_a", "uncommitted"
    assert path == [signed] * 2 + [out] * 4 + [signed] * 4


@pytest.mark.parametrize(("slots", "factor"), [(None, 1.0), (4, 0.75), (2, 0.5), (1, 0.0)])
def test_a_refusal_improves_terms_the_less_the_scarcer_the_places(
    slots: int | None, factor: float
) -> None:
    terms = slotted_offer(slots, concession_step=0.125, concession_limit=0.5, patience_months=100)
    model = AlignmentModel(refused(terms, n=1))
    conceded = []
    for _ in range(6):
        model.step()
        conceded.append(float(model.state.deal["conceded"][0, 0]))
    assert conceded == [min(0.5, 0.125 * factor * m) for m in range(1, 7)]


def test_only_those_who_review_get_better_terms() -> None:
    terms = slotted_offer(None, concession_step=0.125, concession_limit=1)
    built = refused(terms | {"patience_months": 100}, n=200, weights={"review_rate": 0.5})
    model = AlignmentModel(built)
    model.step()
    reviewed = np.array([agent.has_reviewed for agent in model.countries])
    assert 0 < reviewed.sum() < 200
    np.testing.assert_array_equal(
        model.state.deal["conceded"][:, 0], np.where(reviewed, 0.125, 0.0)
    )


def test_an_invitation_presses_for_an_answer() -> None:
    weights = {"review_rate": 0.25, "review_rate_invited": 0.5}
    reviewed = {}
    for name, terms in {
        "selected": slotted_offer(None, patience_months=100),
        "open to all": offer(),
    }.items():
        model = AlignmentModel(refused(terms, n=200, months=20, weights=weights))
        total = 0
        for _ in range(20):
            model.step()
            total += sum(agent.has_reviewed for agent in model.countries)
        reviewed[name] = total / 4000
    # 4,000 reviews of chance 0.75 and 0.25: standard error 0.007.
    assert reviewed == pytest.approx({"selected": 0.75, "open to all": 0.25}, abs=0.03)


def test_the_best_are_invited_first_by_each_part_of_their_worth() -> None:
    facts: dict[str, dict[str, Any]] = {
        "value_market": {"gdp_rank": np.array([0.1, 0.9, 0.5])},
        "value_readiness": {"readiness": np.array([0.1, 0.9, 0.5])},
        "value_headroom": {"headroom_mw": np.array([10.0, 90.0, 50.0])},
        "value_alignment": {"relation": {"ally": np.array([[0.1], [0.9], [0.5]])}},
        "value_tie": {"relation": {"tie": np.array([[0.1], [0.9], [0.5]])}},
    }
    size = {"data_centre_mw_min": 100, "data_centre_mw_max": 100}
    for weight, fact in facts.items():
        block = provider(0, slotted_offer(2, patience_months=100, **size), backing=1, **{weight: 1})
        built = make_world(write_scenario([block], 2, REFUSED), 3, **fact)
        invited = run_futures(built, 0, [0]).month_invited[0, :, 0].tolist()
        assert invited == [-1, 0, 0], weight


@settings(max_examples=30)
@given(seeds, st.sampled_from([0.0, 1.0]))
def test_no_country_left_out_is_worth_more_than_one_invited(seed: int, spread: float) -> None:
    n = 60
    rng = np.random.default_rng(seed)
    block = provider(0, slotted_offer(7), value_market=1, value_readiness=1)
    scenario = write_scenario([block], 2, {"w_tie": 3.0, "provider_taste_sd": spread})
    # Few levels, so that without tastes many countries are worth the same. How much a country
    # would like to accept is no matter for the provider.
    built = make_world(
        scenario, n, relation={"tie": rng.integers(0, 3, (n, 1))},
        gdp_rank=rng.integers(0, 3, n), readiness=rng.integers(1, 3, n) / 2,
    )  # fmt: skip
    draw, state = start_future(built, seed)
    country = built.world.country
    worth = country["gdp_rank"] + country["readiness"] + state.provider_taste[0]
    entries.invite(built.world, draw, state, 0, 0)
    invited = state.invited_since[0] >= 0
    assert invited.sum() == 7
    assert worth[invited].min() >= worth[~invited].max() - ROUNDING
    # Of equals, those whose codes come first.
    level = np.flatnonzero(np.isclose(worth, worth[invited].min(), rtol=0, atol=ROUNDING))
    assert invited[level].tolist() == sorted(invited[level], reverse=True)


def test_where_all_may_join_the_provider_courts_whom_it_wants() -> None:
    n = 200
    block = provider(0, offer(), value_market=1)
    weights = {"review_rate": 0.0, "review_rate_courted": 0.5, "w_own_cost": 20.0}
    rank = np.linspace(0, 1, n)
    built = make_world(write_scenario([block], 40, REFUSED | weights), n, gdp_rank=rank)
    model = AlignmentModel(built)
    reviews = np.zeros(n)
    for _ in range(40):
        model.step()
        reviews += [agent.has_reviewed for agent in model.countries]
    # The largest is asked with chance one half, the smallest never.
    expected = 0.5 * 40 * rank
    np.testing.assert_allclose(reviews, expected, atol=5 * np.sqrt(10))
    assert abs((reviews - expected).mean()) < 4 * np.sqrt(40 * 0.25 / n)


def test_rules_decide_who_may_come_in() -> None:
    terms = {
        "excluded": ["KOR"],
        "max_chip_tier": 2,
        "democracy_floor": 0.5,
        "democracy_floor_is_hard": True,
        "intercept": 5,
    }
    scenario = write_scenario([provider(0, offer(**terms))], 3, {"w_own_cost": 20.0})
    built = build_world(scenario)
    country = built.world.country
    below = country["democracy"] < 0.5
    tier = country["chip_tier"] > 2
    listed = np.array([code == "KOR" for code in built.axes.country])
    assert below.any()
    assert tier.any()
    expected = ~(below | tier | listed)
    ensemble = run_built(built, 2, 0)
    np.testing.assert_array_equal(ensemble.eligible[:, 0], expected)
    np.testing.assert_array_equal(ensemble.month_signed[0, :, 0] == 0, expected)


def test_a_soft_floor_keeps_nobody_out() -> None:
    scenario = write_scenario([provider(0, offer(democracy_floor=0.9, intercept=5))], 2)
    assert run_built(build_world(scenario), 1, 0).eligible.all()


@pytest.mark.parametrize(("left", "kept"), [(4, [0, 1, 2, 3]), (2, [0, 1]), (0, [])])
def test_places_taken_away_take_back_invitations_from_the_last_code_on(
    left: int, kept: list[int]
) -> None:
    event = {"date": "2026-02", "title": "fewer", "set": {"providers.alpha.offers.a.slots": left}}
    built = refused(slotted_offer(4, patience_months=100), n=4, months=3, events=[event])
    model = AlignmentModel(built)
    model.step()
    model.step()
    assert np.flatnonzero(model.state.invited_since[0] >= 0).tolist() == kept


def test_a_rule_that_tightens_takes_back_the_invitation_and_not_the_commitment() -> None:
    event = {
        "date": "2026-02", "title": "stricter",
        "set": {"providers.alpha.offers.a.max_chip_tier": 1},
    }  # fmt: skip
    weights = {"w_own_cost": 20.0, "w_tie": 1.0}
    terms = slotted_offer(9, patience_months=100)
    built = make_world(
        write_scenario([provider(0, terms)], 3, weights, events=[event]), 4,
        relation={"tie": np.array([[1.0], [-1.0], [1.0], [-1.0]])},
        chip_tier=np.array([1, 1, 2, 2]),
    )  # fmt: skip
    model = AlignmentModel(built)
    for _ in range(3):
        model.step()
    assert [agent.path for agent in model.countries] == ["alpha_a", "uncommitted"] * 2
    assert [agent.invitations for agent in model.countries] == [[], ["alpha_a"], [], []]


def test_an_exclusive_partner_closes_pairs_but_not_the_pair_that_stands() -> None:
    event = {
        "date": "2026-02", "title": "exclusive",
        "set": {"providers.alpha.offers.a.exclusivity": 1},
    }  # fmt: skip
    blocks = [provider(0, offer(intercept=2)), provider(1, offer(intercept=1))]
    weights = {"w_own_cost": 20.0}
    pair = "beta_a_and_alpha_a"
    free = AlignmentModel(make_world(write_scenario(blocks, 3, weights, events=[event]), 2))
    for _ in range(3):
        free.step()
        assert [agent.path for agent in free.countries] == [pair] * 2
    blocks[1]["offers"]["a"]["exclusivity"] = 1
    bound = AlignmentModel(make_world(write_scenario(blocks, 1, weights), 2))
    bound.step()
    assert [agent.path for agent in bound.countries] == ["alpha_a"] * 2
    assert pair not in next(iter(bound.countries)).utilities()


def test_moving_up_within_a_provider_is_not_a_withdrawal() -> None:
    blocks = [
        provider(0, offer(intercept=1), slotted_offer(2, intercept=3, open_from="2026-03")),
    ]
    model = AlignmentModel(make_world(write_scenario(blocks, 4, {"w_own_cost": 20.0}), 1))
    agent = next(iter(model.countries))
    seen = []
    for _ in range(4):
        model.step()
        seen.append((agent.path, agent.stages["alpha_a"], agent.stages["alpha_b"]))
    assert seen == [
        ("alpha_a", "signed", "none"), ("alpha_a", "live", "none"),
        ("alpha_b", "none", "signed"), ("alpha_b", "none", "live"),
    ]  # fmt: skip


def test_shares_of_peers_are_what_influence_says() -> None:
    # Peers of 0 are 1 and 2; the shares are sums of weights, kept up to date move by move.
    influence = np.array([[0, 0, 0], [0.75, 0, 0], [0.25, 0, 0]])
    blocks = [provider(0, offer(intercept=1)), provider(1, offer())]
    weights = {"w_own_cost": 20.0, "w_hedge": 20.0, "choice_noise": 1.0, "review_rate": 0.4}
    model = AlignmentModel(make_world(write_scenario(blocks, 30, weights), 3, influence))
    for _ in range(30):
        model.step()
        holds = model.world.path_provider[model.state.position["path"]]
        np.testing.assert_array_equal(model.state.peer_share, holds.T @ influence)


def test_a_future_starts_with_nobody_invited_and_taste_by_identity() -> None:
    weights = {"taste_sd_path": 2.0, "provider_taste_sd": 0.5}
    built = make_world(write_scenario([provider(0, slotted_offer(3))], 3, weights), 500)
    _, state = start_future(built)
    _, again = start_future(built)
    assert (state.invited_since == -1).all()
    assert (state.position["path"] == 0).all()
    np.testing.assert_array_equal(state.taste, again.taste)
    np.testing.assert_array_equal(state.provider_taste, again.provider_taste)
    # 500 draws: the standard error of a deviation is sd / sqrt(2 N).
    assert state.taste[:, 2].std() == pytest.approx(2.0, rel=4 / np.sqrt(1000))
    assert state.provider_taste.std() == pytest.approx(0.5, rel=4 / np.sqrt(1000))
    assert abs(np.corrcoef(state.taste[:, 1], state.taste[:, 2])[0, 1]) < 4 / np.sqrt(500)
    assert abs(float(state.taste[:, 2].mean())) < 4 * 2.0 / np.sqrt(500) + ROUNDING
    assert (state.taste[:, 0] == 0).all()
