"""Months on record: the rule observed on paths that are given, and what it makes of each choice."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.model.ensemble import future
from sim.model.layout import LIVE, NEVER, SIGNED, State
from sim.model.mechanism import entries
from sim.model.mechanism.observed import Observation, make_observation, observe, run_observed
from sim.model.mesa_model import AlignmentModel
from sim.model.places import locate, place, records_of
from sim.model.record import Record, make_record
from sim.model.rows import sizes
from sim.model.world.building import Built, build_world
from sim.scenario import load_scenario
from tolerances import ROUNDING
from worlds import blank_state, make_world, month_paths, offer, provider, write_scenario

# In months on record nothing is abandoned by chance, and no terms improve for who reviews and
# stays; futures to compare with are the same.
QUIET = {
    "parameters.supplier_exit_rate": 0.0,
    "horizon.end": "2027-12",
    "providers.us.offers.infrastructure.concession_step": 0.0,
    "providers.china.offers.infrastructure.concession_step": 0.0,
}
BUILT = build_world(load_scenario("baseline").with_changes(QUIET))
# The same, in which nobody is asked: every review looks at everything.
UNASKED = {"parameters.review_rate_invited": 0.0, "parameters.review_rate_courted": 0.0}


def observed(
    built: Built, path: NDArray[np.int64], replicate: int
) -> tuple[Observation, State, Record]:
    """Return what the rule makes of every month on record in one future, its end and its record."""
    n_months, (n, n_paths, *_) = built.world.n_months, sizes(built)
    seen = make_observation(n, n_paths, n_months)
    state = blank_state(built)
    record = make_record(1, 1, n_months, *sizes(built))
    draw = future(built, 1, replicate)
    run_observed(built.world, draw, state, record, path, seen)
    return seen, state, record


def test_a_future_on_its_own_record_is_the_same_future() -> None:
    path = month_paths(BUILT, 1, 3)
    seen, state, record = observed(BUILT, path, 3)
    model = AlignmentModel(BUILT, seed=1, replicate=3)
    for t in range(BUILT.world.n_months):
        entries.apply_events(*model.arrays, t)
        model.month_index = t
        model.providers.do("invite")
        for i in (0, 40, 101, 193):
            country = model.countries[i]
            found = {
                name: value
                for name, value, is_open in zip(
                    model.axes.path, seen.utility[t, i], seen.is_open[t, i], strict=True
                )
                if is_open
            }
            assert found == country.utilities()
        for phase in ("review", "conclude", "concede", "lapse", "advance", "relax"):
            model.countries.do(phase)
        np.testing.assert_array_equal(model.state.position["path"], path[t])
    np.testing.assert_array_equal(state.stage, model.state.stage)
    np.testing.assert_array_equal(record.path_count[0, -1], model.state.path_count)


@pytest.mark.parametrize("asked", [0.0, 0.3])
def test_hazards_and_choices_are_as_often_as_they_say(asked: float) -> None:
    # One month, everybody uncommitted and alike: how many end where, over many futures.
    n = 20_000
    selected = offer(intercept=-0.25, open_enrolment=False, slots=None)
    scenario = write_scenario(
        [provider(0, offer(intercept=0.5)), provider(1, selected)],
        1,
        {"review_rate": 0.4, "review_rate_invited": asked, "choice_noise": 1.0, "w_waiting": 0.3},
    )
    built = make_world(scenario, n)
    built.offer["pace_per_quarter"] = n
    seen, *_ = observed(built, np.full((1, n), NEVER), 0)
    reviewed = 0.4 + asked
    np.testing.assert_allclose(seen.hazard, reviewed, rtol=ROUNDING)
    assert (seen.probability[0] == seen.probability[0, 0]).all()
    final = month_paths(built, 1, 0)[0]
    expected = reviewed * seen.probability[0, 0] * n
    expected[0] += (1 - reviewed) * n
    counts = np.bincount(final, minlength=expected.size)
    error = np.sqrt(expected * (1 - expected / n))
    assert (np.abs(counts - expected) < 5 * error).all()


def test_probabilities_are_the_logit_of_the_utilities() -> None:
    built = build_world(BUILT.scenario.with_changes(UNASKED))
    path = month_paths(built, 1, 0)
    seen, *_ = observed(built, path, 0)
    noise = float(future(built, 1, 0).weight["choice_noise"])
    value = np.where(seen.is_open, seen.utility, -np.inf) / noise
    value -= value.max(axis=-1, keepdims=True)
    expected = np.exp(value) / np.exp(value).sum(axis=-1, keepdims=True)
    np.testing.assert_allclose(seen.probability, expected, rtol=ROUNDING, atol=ROUNDING)
    assert ((seen.hazard >= 0) & (seen.hazard <= 1)).all()
    # What is closed is never chosen, and what happened was open.
    assert (seen.probability[~seen.is_open] == 0).all()
    moved = np.argwhere(np.diff(path, axis=0, prepend=0) != 0)
    assert len(moved) > 10
    assert all(seen.is_open[t, i, path[t, i]] for t, i in moved)


def test_without_noise_the_best_path_has_it_all_and_the_first_of_equals() -> None:
    scenario = write_scenario(
        [provider(0, offer(intercept=2)), provider(1, offer(intercept=2))],
        1,
        {"choice_noise": 0.0, "w_hedge": 9.0},
    )
    seen, *_ = observed(make_world(scenario, 2), np.full((1, 2), NEVER), 0)
    assert seen.probability[0].tolist() == [[0, 0, 1, 0, 0, 0, 0]] * 2


def test_what_is_on_record_happens_though_nobody_was_invited() -> None:
    selected = offer(open_enrolment=False, slots=1, pace_per_quarter=0)
    built = make_world(write_scenario([provider(0, selected)], 4), 3)
    path = np.zeros((4, 3), np.int64)
    path[1:, 2] = 2
    path[3:, 2] = 0
    path[:, 1] = NEVER
    seen, state, record = observed(built, path, 0)
    assert not seen.is_open[:2, :, 2].any()
    assert record.path_count[0, :, 2].tolist() == [0, 1, 1, 0]
    assert record.offer[0, :, 0, 2].tolist() == [0, 1, 1, 0]  # slots held
    assert record.month_invited[0, 2, 0] == record.month_signed[0, 2, 0] == 1
    assert state.stage[0].tolist()[:2] == [0, 0]


def test_a_stalled_build_on_record_is_not_abandoned_by_chance() -> None:
    weights = {"stall_rate": 1.0, "price_sensitivity": 0.0, "supplier_exit_rate": 1.0}
    large = offer(data_centre_mw_min=50, data_centre_mw_max=50)
    built = make_world(write_scenario([provider(0, large)], 6, weights), 1)
    path = np.full((6, 1), 2)
    _, state, record = observed(built, path, 0)
    assert record.path_count[0, -1].tolist() == [0, 0, 1, 0]
    assert state.stage[0, 0] not in (SIGNED, LIVE)


def test_numbers_may_be_changed_between_two_questions() -> None:
    # Nothing that follows from the numbers is kept from before.
    built = build_world(load_scenario("baseline"))
    draw, state = future(built, 1, 0), blank_state(built)
    entries.start(built.world, draw, state)
    entries.invite(built.world, draw, state, 0, 0)
    n, n_paths, *_ = sizes(built)
    i = built.axes.country.index("KOR")

    def answers() -> tuple[list[float], NDArray[np.float64], list[float], bool]:
        seen = make_observation(n, n_paths)
        observe(built.world, draw, state, 0, seen)
        alone, is_open = np.zeros(n_paths), np.zeros(n_paths, np.bool_)
        entries.fill_utilities(built.world, draw, state, i, 0, alone, is_open)
        np.testing.assert_array_equal(alone, seen.utility[i])
        terms = np.zeros(len(built.axes.term))
        entries.explain(built.world, draw, state, i, 2, 0, terms)
        assert terms.sum() == pytest.approx(alone[2], rel=1e-12)
        return alone.tolist(), terms, seen.hazard.tolist(), bool(is_open[2])

    before = answers()
    draw.weight["w_data_centre"] *= 2
    draw.weight["readiness_exponent"] = 0.0
    draw.weight["review_rate"] /= 2
    draw.offer["fund_usd_m"] += 500
    after = answers()
    assert after[0][2] > before[0][2]
    assert after[1][0] > before[1][0]
    assert after[2][i] < before[2][i]
    # And the other way round: the numbers of before give the answers of before.
    again = future(built, 1, 0)
    draw.weight["w_data_centre"] = again.weight["w_data_centre"]
    draw.weight["readiness_exponent"] = again.weight["readiness_exponent"]
    draw.weight["review_rate"] = again.weight["review_rate"]
    draw.offer["fund_usd_m"] -= 500
    assert answers()[0] == before[0]


def test_a_model_takes_up_numbers_that_are_changed_on_the_way() -> None:
    model = AlignmentModel(load_scenario("baseline"), seed=1, replicate=0)
    for _ in range(3):
        model.step()
    country = next(c for c in model.countries if c.iso3 == "BRA")
    before = country.utilities()
    model.draw.weight["w_own_stack"] += 5
    assert country.utilities()["sovereign"] > before["sovereign"]
    places = locate(model.built, ["parameters.w_own_stack"])
    inputs = place(model.built, places, [[9.0]], [0])
    assert records_of(model.built, inputs, slice(0, 1)).weight["w_own_stack"].tolist() == [9.0]
