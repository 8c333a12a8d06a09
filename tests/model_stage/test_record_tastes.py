"""Countries on record like what they chose: their tastes agree with the record."""

from __future__ import annotations

import numpy as np
from worlds import commit, make_world, offer, provider, run_futures, start_future, write_scenario

from sim.model.builder import Built
from sim.model.layout import LIVE

N = 1000


def on_record(months: int = 24, **terms: float) -> Built:
    """Return a world in which every other country is on record with the first of two rivals."""
    blocks = [provider(0, offer(**terms)), provider(1, offer())]
    weights = {"taste_sd": 1.0, "w_own_cost": 20.0, "w_hedge": 20.0}
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
    same = (conditioned.taste == plain.taste).all(axis=0)
    assert same[1::2].all()
    assert not same[::2].all()
    # A third of all tastes would like the path on record best of the three; they stand.
    best = plain.taste[[0, 2, 3]].argmax(axis=0) == 1
    assert same[::2][best[::2]].all()
    assert (conditioned.taste[[0, 2, 3]].argmax(axis=0)[::2] == 1).all()


def test_an_offer_that_nobody_could_like_ends_the_search() -> None:
    record = run_futures(on_record(months=2, intercept=-20), 0, [0])
    assert np.isin(record.final_path[0, ::2], [0, 3]).all()
