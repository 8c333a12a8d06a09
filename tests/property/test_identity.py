"""A future is a function of its identity: not of company, order, batches or workers."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from random_scenarios import scenarios, seeds
from sim.errors import InputError
from sim.model.ensemble import Ensemble, run_built, run_ensemble
from sim.model.layout import OFFER_COLUMNS, SET_OFFER
from sim.model.rows import FUTURES_PER_DRAW
from sim.model.world.building import Built, build_world
from sim.scenario import Scenario, load_scenario, scenario_from_dict
from tolerances import ROUNDING
from worlds import run_futures

BY_FUTURE = (
    "path_count", "path_share", "final_path", "month_invited", "month_signed", "transition",
)  # fmt: skip
SUMMED = ("country_path", "decided", "eligible")
ARRAYS = (*BY_FUTURE, *SUMMED, "offer_record", "driver_sum", "number_draws")


def as_bytes(ensemble: Ensemble) -> dict[str, bytes]:
    """Return every array of an ensemble as bytes."""
    return {name: getattr(ensemble, name).tobytes() for name in ARRAYS}


@settings(max_examples=15)
@given(scenarios(), seeds)
def test_a_batch_is_as_many_single_runs(scenario: Scenario, seed: int) -> None:
    built = build_world(scenario)
    batch = run_futures(built, seed, range(6))
    singles = [run_futures(built, seed, [r]) for r in range(6)]
    for name in (*BY_FUTURE, "offer"):
        together = np.concatenate([getattr(single, name) for single in singles])
        assert getattr(batch, name).tobytes() == together.tobytes(), name
    for name in SUMMED:
        total = sum(getattr(single, name) for single in singles)
        np.testing.assert_array_equal(getattr(batch, name), total, err_msg=name)
    drivers = sum(single.driver_sum for single in singles)
    np.testing.assert_allclose(batch.driver_sum, drivers, rtol=ROUNDING, atol=ROUNDING)


@settings(max_examples=15)
@given(scenarios(), seeds, st.permutations(range(8)), st.integers(1, 7))
def test_futures_do_not_depend_on_their_order_or_on_the_cut_of_blocks(
    scenario: Scenario, seed: int, order: list[int], cut: int
) -> None:
    built = build_world(scenario)
    whole = run_futures(built, seed, range(8))
    parts = [run_futures(built, seed, order[:cut]), run_futures(built, seed, order[cut:])]
    for name in (*BY_FUTURE, "offer"):
        together = np.concatenate([getattr(part, name) for part in parts])
        np.testing.assert_array_equal(getattr(whole, name)[order], together, err_msg=name)


def test_an_ensemble_has_the_same_bytes_on_any_number_of_workers() -> None:
    # More futures than blocks of two threads, and not a whole number of them.
    built = build_world(load_scenario("baseline"))
    seen: list[tuple[int, int]] = []
    one = as_bytes(run_built(built, 90, 0, workers=1))
    two = as_bytes(run_built(built, 90, 0, workers=2, progress=lambda *at: seen.append(at)))
    four = as_bytes(run_built(built, 90, 0, workers=4))
    assert one == two == four
    assert seen == sorted(seen)
    assert seen[-1] == (90, 90)


def test_a_longer_ensemble_begins_with_the_shorter_one() -> None:
    built = build_world(load_scenario("baseline"))
    short, long = run_built(built, 45, 3), run_built(built, 90, 3)
    for name in (*BY_FUTURE, "offer_record"):
        np.testing.assert_array_equal(getattr(long, name)[:45], getattr(short, name), err_msg=name)
    np.testing.assert_array_equal(
        long.number_draws[: short.number_draws.shape[0]], short.number_draws
    )


def test_every_seed_gives_futures_of_its_own_and_zero_is_a_seed() -> None:
    built = build_world(load_scenario("baseline"))
    runs = {seed: as_bytes(run_built(built, 8, seed)) for seed in (0, 1, 2**32 - 1)}
    assert runs[0] == as_bytes(run_built(built, 8, 0))
    assert len({run["country_path"] for run in runs.values()}) == 3
    assert len({run["number_draws"] for run in runs.values()}) == 3


def test_futures_of_one_seed_differ() -> None:
    final = run_built(build_world(load_scenario("baseline")), 12, 0).final_path
    assert len({row.tobytes() for row in final}) == 12


def permuted(built: Built, order: np.ndarray) -> Built:
    """Return a world with its countries in another order."""
    world, axes = built.world, built.axes
    rows = ("country_key", "country", "base_concern", "relation", "start", "share")
    changed: dict[str, Any] = {
        name: np.ascontiguousarray(getattr(world, name)[order]) for name in rows
    }
    changed["base_concern"].flags.writeable = world.base_concern.flags.writeable
    for name in ("event_hit", "event_spill"):
        changed[name] = np.ascontiguousarray(getattr(world, name)[:, order])
    changed["influence"] = np.ascontiguousarray(world.influence[np.ix_(order, order)])
    names = tuple(axes.country[i] for i in order)
    axes = dataclasses.replace(axes, country=names)
    return dataclasses.replace(built, world=world._replace(**changed), axes=axes)


@settings(max_examples=40)
@given(scenarios(), seeds, st.randoms(use_true_random=False))
def test_permuting_countries_permutes_results(scenario: Scenario, seed: int, random: Any) -> None:
    built = build_world(scenario)
    # Which invitation goes when places are taken away is settled by code: the one tie-break.
    if (built.world.event["kind"] == SET_OFFER).any():
        return
    order = np.array(random.sample(range(len(built.axes.country)), len(built.axes.country)))
    one = run_futures(built, seed, range(3))
    other = run_futures(permuted(built, order), seed, range(3))
    for name in ("path_count", "path_share", "transition"):
        np.testing.assert_array_equal(getattr(other, name), getattr(one, name), err_msg=name)
    for name in ("final_path", "month_invited", "month_signed"):
        by_country = getattr(one, name)[:, order]
        np.testing.assert_array_equal(getattr(other, name), by_country, err_msg=name)
    for name in ("country_path", "driver_sum", "decided", "eligible"):
        np.testing.assert_array_equal(getattr(other, name), getattr(one, name)[order])
    # The mean of concessions is a sum of shares with rounding; all else is whole.
    exact = [k for k, name in enumerate(OFFER_COLUMNS) if not name.startswith("mean_")]
    np.testing.assert_array_equal(other.offer[..., exact], one.offer[..., exact])
    np.testing.assert_allclose(other.offer, one.offer, rtol=ROUNDING, atol=ROUNDING)


def reordered(scenario: Scenario) -> Scenario:
    """Return a scenario with its providers the other way round."""
    content = scenario.to_dict()
    return scenario_from_dict(content | {"providers": dict(reversed(content["providers"].items()))})


def named(axis: tuple[str, ...], places: Any) -> Any:
    return np.where(places >= 0, np.array(axis, object)[places], "")


@settings(max_examples=25)
@given(scenarios(), seeds)
def test_the_order_of_providers_in_a_file_means_nothing(scenario: Scenario, seed: int) -> None:
    one, other = (build_world(each) for each in (scenario, reordered(scenario)))
    assert sorted(one.axes.path) == sorted(other.axes.path)
    mine, theirs = (run_futures(built, seed, range(4)) for built in (one, other))
    np.testing.assert_array_equal(
        named(one.axes.path, mine.final_path), named(other.axes.path, theirs.final_path)
    )
    columns = [other.axes.offer.index(offer) for offer in one.axes.offer]
    for name in ("month_invited", "month_signed"):
        by_offer = getattr(theirs, name)[..., columns]
        np.testing.assert_array_equal(getattr(mine, name), by_offer, err_msg=name)


def test_the_order_of_three_providers_means_nothing_either() -> None:
    scenario = load_scenario("third-way")
    both = scenario, reordered(scenario)
    one, other = (run_ensemble(each, replicates=64, seed=3) for each in both)
    assert one.axes.provider == other.axes.provider[::-1]
    np.testing.assert_array_equal(
        named(one.axes.path, one.final_path), named(other.axes.path, other.final_path)
    )


def test_futures_of_a_group_share_the_numbers_drawn_and_nothing_else() -> None:
    ensemble = run_built(build_world(load_scenario("baseline")), 10, 1)
    assert ensemble.futures_per_draw == FUTURES_PER_DRAW
    assert ensemble.number_draws.shape == (
        -(-10 // FUTURES_PER_DRAW),
        len(ensemble.number_names),
    )
    assert len(set(ensemble.number_draws[:, 0])) == ensemble.number_draws.shape[0]


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"replicates": 0}, "replicates = 0 must be a whole number from 1"),
        (
            {"replicates": 2_000_000},
            "replicates = 2000000 must be a whole number from 1 to 1000000",
        ),
        ({"seed": -1}, "seed = -1 must be a whole number from 0"),
        ({"seed": 2**32}, "seed = 4294967296 must be a whole number from 0"),
        ({"workers": 0}, "workers = 0 must be a whole number from 1"),
    ],
)
def test_sizes_out_of_range_are_refused(asked: dict[str, int], message: str) -> None:
    scenario = load_scenario("baseline")
    sizes: dict[str, Any] = {"replicates": 4, **asked}
    with pytest.raises(InputError, match=message):
        run_ensemble(scenario, **sizes)
