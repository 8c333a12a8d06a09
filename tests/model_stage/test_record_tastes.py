"""Countries on record like what they chose: their tastes agree with the record."""

from __future__ import annotations

import numpy as np

from sim.model.layout import LIVE
from sim.model.world.building import Built
from worlds import (
    commit,
    make_world,
    month_paths,
    offer,
    provider,
    run_futures,
    start_future,
    write_scenario,
)

N = 1000
SPREADS = {"taste_sd_provider": 1.0, "taste_sd_kind": 0.6, "taste_sd_path": 0.4}


def on_record(months: int = 24, **terms: float) -> Built:
    """Return a world in which every other country is on record with the first of two rivals."""
    blocks = [provider(0, offer(**terms)), provider(1, offer())]
    weights = SPREADS | {
        "w_own_cost": 20.0,
        "w_hedge": 20.0,
    }
    built = make_world(write_scenario(blocks, months, weights), N)
    commit(built, range(0, N, 2), 0, LIVE)
    return built


def test_without_noise_countries_on_record_stay() -> None:
    record = run_futures(on_record(), 0, [0])
    assert (record.final_path[0, ::2] == 2).all()


def test_only_the_tastes_of_countries_on_record_are_chosen() -> None:
    built = on_record()
    _, conditioned = start_future(built)
    built.world.start["stage"][:] = 0
    built.world.country["initial_path"][:] = 0
    _, plain = start_future(built)
    changed = conditioned.taste != plain.taste
    assert not changed[1::2].any()
    assert changed[::2, 2].all()
    assert (conditioned.taste[::2, 2] > plain.taste[::2, 2]).all()
    assert (conditioned.taste[:, [0, 2, 3]].argmax(axis=1)[::2] == 1).all()
    # A rival's offer of another kind shares nothing; one of the same kind shares the kind's taste,
    # which a choice among rivals does not move.
    assert not changed[:, 3].any()


def test_who_has_signed_likes_the_providers_other_offers_too() -> None:
    blocks = [provider(0, offer(data_centre_mw_max=100), offer()), provider(1, offer())]
    built = make_world(write_scenario(blocks, 1, SPREADS | {"w_own_cost": 20.0}), N)
    free = start_future(built)[1].taste.T.copy()
    commit(built, range(N), 0, LIVE)
    taste = start_future(built)[1].taste.T
    large, light, rival = 2, 3, 4
    assert (taste[large] >= np.maximum(taste[light], 0) - 1e-12).all()
    assert taste[light].mean() > free[light].mean() + 0.3
    np.testing.assert_array_equal(taste[rival], free[rival])
    # It agrees with what is left of free draws once those that do not fit are thrown out.
    fits = free[large] >= np.maximum.reduce([free[light], free[rival], np.zeros(N)])
    error = free[:, fits].std(axis=1) / np.sqrt(fits.sum())
    assert abs(taste[large].mean() - free[large, fits].mean()) < 8 * error[large]


def test_what_it_costs_to_leave_now_says_nothing_of_the_taste() -> None:
    tastes = []
    for tau_live in (0.0, 3.0):
        blocks = [provider(0, offer()), provider(1, offer())]
        weights = SPREADS | {
            "w_own_cost": 20.0,
            "tau_live": tau_live,
        }
        built = make_world(write_scenario(blocks, 1, weights), N)
        commit(built, range(N), 0, LIVE)
        tastes.append(start_future(built)[1].taste)
    np.testing.assert_allclose(tastes[0], tastes[1], rtol=1e-12, atol=1e-12)


def test_even_an_offer_that_nobody_could_like_is_explained() -> None:
    record = run_futures(on_record(months=2, intercept=-20), 0, [0])
    assert (record.final_path[0, ::2] == 2).all()


def test_a_better_offer_moves_nobody_on_record_away() -> None:
    # No peers, rivals out of reach, no cooldown, lock-in alike: future by future, a better offer
    # keeps at least those whom the plainer one keeps.
    def stays(safety: float) -> np.ndarray:
        weights = SPREADS | {"choice_noise": 0.7, "w_own_cost": 20.0, "w_safety": 1.0,
                             "review_rate": 0.3}  # fmt: skip
        scenario = write_scenario([provider(0, offer(safety=safety))], 36, weights)
        built = make_world(scenario, N)
        commit(built, range(N), 0, LIVE)
        return np.equal(month_paths(built, 4, 0), 2)

    plain, better = stays(0.3), stays(0.9)
    assert (better & ~plain).any()
    assert not (plain & ~better).any()
