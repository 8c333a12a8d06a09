"""A future that is followed is the future of the ensemble, and its trace is what it weighed."""

from __future__ import annotations

import functools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from random_scenarios import scenarios, seeds
from sim.model.followed import Trace
from sim.model.layout import EVERYTHING, NEVER, NO_REVIEW, SET_OFFER
from sim.model.mesa_model import AlignmentModel
from sim.model.rows import draw_inputs, run_rows
from sim.model.tracing import Change, FollowedFutures
from sim.model.world.building import OFFER_FIELDS, Built, build_world
from sim.scenario import Scenario, load_scenario
from worlds import make_world, month_paths, offer, provider, uniform_influence, write_scenario


@functools.cache
def shipped(name: str) -> Built:
    return build_world(load_scenario(name))


def everyone(built: Built) -> range:
    return range(len(built.axes.country))


def ends(built: Built, seed: int, replicates: list[int]) -> np.ndarray:
    """Return the path of each country after each month in some futures, (r, T, n)."""
    groups = range(len(replicates))
    rows = run_rows(built, seed, draw_inputs(built, seed, replicates, group=groups))
    return np.asarray(rows.country_path.argmax(axis=2).transpose(0, 2, 1))


@pytest.mark.parametrize("name", ["baseline", "today", "third-way"])
def test_its_months_end_as_those_of_the_ensemble(name: str) -> None:
    built, replicates = shipped(name), [0, 3, 998]
    found = FollowedFutures(built, 7, replicates)
    for r, paths in enumerate(ends(built, 7, replicates)):
        np.testing.assert_array_equal(found.trace(r, [0]).path[1:], paths)


@settings(max_examples=12)
@given(scenarios(), seeds, st.integers(0, 5))
def test_in_any_scenario_terms_sum_to_the_utility_and_the_best_option_is_taken(
    scenario: Scenario, seed: int, replicate: int
) -> None:
    built = build_world(scenario)
    trace = FollowedFutures(built, seed, [replicate]).trace(0, everyone(built))
    np.testing.assert_array_equal(trace.path[1:], month_paths(built, seed, replicate))
    # One after the other, as the rule adds them: equal in every bit.
    total = functools.reduce(lambda one, other: one + other, np.moveaxis(trace.term, -1, 0))
    np.testing.assert_array_equal(total, trace.value)
    best = best_option(trace)
    reviewed = trace.intention != NEVER
    np.testing.assert_array_equal(best[reviewed], trace.intention[reviewed])
    np.testing.assert_array_equal(trace.topic == NO_REVIEW, ~reviewed)


def best_option(trace: Trace) -> np.ndarray:
    """Return the best option of each country in each month, (T, c)."""
    total = trace.value + trace.scale[:, None, None] * trace.noise
    best: np.ndarray = np.where(trace.is_option, total, -np.inf).argmax(axis=2)
    return best


def test_a_review_is_decided_by_its_luck() -> None:
    trace = FollowedFutures(shipped("baseline"), 1, [0]).trace(0, everyone(shipped("baseline")))
    reviewed = trace.intention != NEVER
    asked = trace.chance + trace.offer_chance.sum(axis=2)
    # Chances of single offers are added in an order of their own, so by a hair.
    assert (trace.luck[reviewed] < asked[reviewed] + 1e-12).all()
    assert (trace.luck[~reviewed] >= asked[~reviewed] - 1e-12).all()
    everything = trace.topic == EVERYTHING
    np.testing.assert_array_equal(everything, trace.luck < trace.chance)


def test_it_says_what_the_mesa_model_says_at_the_same_moment() -> None:
    built, t = shipped("today"), 6
    trace = FollowedFutures(built, 2, [5]).trace(0, everyone(built), t + 1)
    model = AlignmentModel(built, 2, 5)
    for _ in range(t):
        model.step()
    entries_before_reviews(model, t)
    for i, agent in enumerate(model.countries):
        value = dict(zip(model.axes.path, trace.value[t, i].tolist(), strict=True))
        for path, utility in agent.utilities().items():
            assert value[path] == utility
        assert agent.reviews() == (trace.intention[t, i] != NEVER)
        open_now = {model.axes.path[k] for k in np.flatnonzero(trace.is_open[t, i])}
        assert open_now == set(agent.utilities())


def entries_before_reviews(model: AlignmentModel, t: int) -> None:
    """Carry a model through the part of a month that comes before the reviews."""
    from sim.model.mechanism import entries

    model.month = model.axes.month[t]
    entries.apply_events(*model.arrays, t)
    model.providers.do("invite")


def test_a_month_that_is_kept_goes_on_as_before() -> None:
    built = shipped("baseline")
    followed = FollowedFutures(built, 1, [2])
    whole = followed.trace(0, [4, 90])
    first, moment = followed.begin(0, [4, 90], 20)
    for _ in range(2):
        # As often as liked: what is kept is not changed.
        rest, _ = moment.on(built.world.n_months - 20)
        for name in Trace._fields:
            one, other = getattr(whole, name), getattr(rest, name)
            np.testing.assert_array_equal(one[20:], other[20:], err_msg=name)
            np.testing.assert_array_equal(one[:20], getattr(first, name)[:20], err_msg=name)


def test_countries_that_are_followed_together_are_as_each_alone() -> None:
    followed = FollowedFutures(shipped("baseline"), 1, [1])
    both, alone = followed.trace(0, [17, 60]), followed.trace(0, [60])
    np.testing.assert_array_equal(both.term[:, 1], alone.term[:, 0])
    np.testing.assert_array_equal(both.path, alone.path)


def test_each_yields_in_order_on_any_number_of_threads() -> None:
    built = shipped("baseline")
    followed = FollowedFutures(built, 1, range(9))
    done: list[tuple[int, int]] = []

    def read(r: int, trace: Trace) -> tuple[int, bytes]:
        return r, trace.path.tobytes()

    one = [*followed.each(lambda _: [0], read, 1)]
    many = [*followed.each(lambda _: [0], read, 3, lambda *size: done.append(size))]
    assert one == many
    assert [r for r, _ in one] == [*range(9)]
    assert done == [(r + 1, 9) for r in range(9)]


def slow_world(n: int = 4) -> Built:
    """Return a world in which all review in every month and peers count; only C0000 may sign."""
    blocks = [provider(0, offer(), offer(excluded=[]))]
    scenario = write_scenario(blocks, 4, {"w_peer": 2.0, "choice_noise": 0.0})
    return make_world(scenario, n, uniform_influence(n))


def test_a_peer_that_is_hidden_is_not_seen_for_a_month() -> None:
    built = slow_world()
    built.world.start["stage"][1, 0] = 1
    built.world.country["initial_path"][1] = 2
    followed = FollowedFutures(built, 1, [0])
    _, moment = followed.begin(0, [0], 0)
    seen, _ = moment.on(1)
    unseen, after = moment.on(1, hidden=1)
    assert seen.peer_share[0, 0, 0] == pytest.approx(1 / 3)
    assert unseen.peer_share[0, 0, 0] == 0.0
    # It is put back: the next month sees it again.
    assert after.state.peer_share[0, 0] >= 1 / 3 - 1e-12
    # The eyes of others are their own.
    other, _ = moment.on(1, hidden=2)
    np.testing.assert_array_equal(other.peer_share, seen.peer_share)


def test_a_change_is_an_event_of_the_month() -> None:
    scenario = load_scenario("today")
    address, month = "providers.us.offers.infrastructure.local_control", 5
    event = {"date": scenario.months[month], "title": "Tried", "set": {address: 0.9}}
    changed = scenario.with_changes({"events": [*scenario.to_dict()["events"], event]})
    built = shipped("today")
    place = built.axes.offer.index("us_infrastructure"), OFFER_FIELDS.index("local_control")
    _, moment = FollowedFutures(built, 3, [1]).begin(0, [0, 50], month)
    tried, _ = moment.on(30, Change(SET_OFFER, *place, 0.9))
    public = FollowedFutures(build_world(changed), 3, [1]).trace(0, [0, 50], month + 30)
    for name in Trace._fields:
        one, other = getattr(tried, name)[month:], getattr(public, name)[month:]
        np.testing.assert_array_equal(one, other, err_msg=name)


def test_candidates_before_a_country_are_those_that_the_provider_ranks_higher() -> None:
    built = shipped("baseline")
    trace = FollowedFutures(built, 1, [0]).trace(0, everyone(built))
    o = built.axes.offer.index("us_infrastructure")
    for t in (0, 7, 40):
        ranks = np.sort(trace.n_before[t, :, o][trace.n_before[t, :, o] != NEVER])
        # Each candidate has a place of its own, from the first on.
        np.testing.assert_array_equal(ranks, np.arange(ranks.size))
        invited = trace.invited_since[t, :, o] != NEVER
        assert not (invited & (trace.n_before[t, :, o] != NEVER)).any()
