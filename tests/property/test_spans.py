"""A run as of a month is the same futures stopped there; nothing in a month looks ahead."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

import sim
from random_scenarios import contents, scenario_of, scenarios, seeds
from sim.experiment.result import Result
from sim.experiment.tables import RUN_TABLES
from sim.model.ensemble import Ensemble, from_month, run_ensemble
from sim.model.layout import OFFER_COLUMNS
from sim.model.world.building import build_world
from sim.scenario import Scenario
from worlds import month_paths

FUTURES = 8
BY_MONTH = ("path_count", "path_share", "offer_record")
# Columns of the record of offers that count since the first month.
COUNTING = ("n_invitations_sent", "n_left_by_country", "n_left_by_supplier")


def arrays(ensemble: Ensemble) -> dict[str, bytes]:
    """Return every array of an ensemble as bytes."""
    return {
        name: value.tobytes()
        for name, value in vars(ensemble).items()
        if isinstance(value, np.ndarray)
    }


def reached(month: Any, t: int) -> Any:
    """Return indices of months up to t; -1 for those after it."""
    return np.where(month > t, -1, month)


@settings(max_examples=20)
@given(scenarios(), seeds, st.data())
def test_a_run_as_of_a_month_holds_what_the_whole_run_holds_by_then(
    scenario: Scenario, seed: int, data: st.DataObject
) -> None:
    # Events and openings may lie after the month.
    t = data.draw(st.integers(0, len(scenario.months) - 1))
    whole = run_ensemble(scenario, replicates=FUTURES, seed=seed)
    part = run_ensemble(scenario, replicates=FUTURES, seed=seed, as_of=scenario.months[t])
    assert part.axes.month == scenario.months[: t + 1]
    for name in BY_MONTH:
        expected = getattr(whole, name)[:, : t + 1]
        assert getattr(part, name).tobytes() == expected.tobytes(), name
    np.testing.assert_array_equal(part.country_path, whole.country_path[..., : t + 1])
    for name in ("month_invited", "month_signed"):
        np.testing.assert_array_equal(getattr(part, name), reached(getattr(whole, name), t), name)
    np.testing.assert_array_equal(part.eligible, whole.eligible)
    np.testing.assert_array_equal(part.number_draws, whole.number_draws)
    # The driver that steps month by month says where each country then is in each future.
    built = build_world(scenario)
    for r in range(2):
        np.testing.assert_array_equal(part.final_path[r], month_paths(built, seed, r)[t])


@settings(max_examples=20)
@given(contents(), seeds, st.data())
def test_a_run_as_of_a_month_is_that_of_a_horizon_that_ends_there(
    content: dict[str, Any], seed: int, data: st.DataObject
) -> None:
    scenario = scenario_of(content)
    opens = [offer.open_from or "" for offer in scenario.offers.values()]
    due = max([*opens, *(event.date for event in scenario.events)])
    month = data.draw(st.sampled_from([m for m in scenario.months if m >= due]))
    shorter = scenario.with_changes({"horizon.end": month})
    as_of = run_ensemble(scenario, replicates=FUTURES, seed=seed, as_of=month)
    ended = run_ensemble(shorter, replicates=FUTURES, seed=seed)
    assert arrays(as_of) == arrays(ended)
    assert as_of.axes == ended.axes


def test_every_table_of_baseline_as_of_a_month_is_that_of_a_shorter_horizon() -> None:
    scenario = sim.load_scenario("baseline")
    as_of = sim.simulate(scenario, FUTURES, as_of="2026-11")
    ended = sim.simulate(scenario.with_changes({"horizon.end": "2026-11"}), FUTURES)
    for name in RUN_TABLES:
        assert_frame_equal(as_of.frame(name), ended.frame(name), check_exact=True)


@settings(max_examples=20)
@given(scenarios(), seeds, st.data())
def test_a_later_start_leaves_what_comes_after_it(
    scenario: Scenario, seed: int, data: st.DataObject
) -> None:
    t = data.draw(st.integers(1, len(scenario.months) - 1))
    whole = run_ensemble(scenario, replicates=FUTURES, seed=seed)
    late = from_month(whole, scenario.months[t])
    assert late.axes == dataclasses.replace(whole.axes, month=scenario.months[t:])
    for column, name in enumerate(OFFER_COLUMNS):
        record = whole.offer_record[..., column]
        before = record[:, t - 1 : t] if name in COUNTING else 0
        np.testing.assert_array_equal(late.offer_record[..., column], record[:, t:] - before, name)
        assert (late.offer_record[..., column] >= 0).all()
    np.testing.assert_array_equal(late.path_count, whole.path_count[:, t:])
    np.testing.assert_array_equal(late.path_share, whole.path_share[:, t:])
    np.testing.assert_array_equal(late.country_path, whole.country_path[..., t:])
    for name in ("month_invited", "month_signed"):
        then, now = getattr(whole, name), getattr(late, name)
        np.testing.assert_array_equal(now < 0, then < 0)
        np.testing.assert_array_equal(now[then >= t], then[then >= t] - t)
        assert (now[(then >= 0) & (then < t)] == 0).all()
    # The end stays, so the probabilities at the end do.
    paths = tuple(f"p_{path}" for path in whole.axes.path)
    tables = [Result(each).countries for each in (whole, late)]
    kept = [name for name in tables[0] if str(name).startswith((*paths, "p_committed", "driver"))]
    assert_frame_equal(tables[1][kept], tables[0][kept], check_exact=True)


@settings(max_examples=10)
@given(contents(), seeds, st.data())
def test_a_comparison_of_other_spans_is_that_over_the_months_of_both(
    content: dict[str, Any], seed: int, data: st.DataObject
) -> None:
    a = scenario_of(content)
    longer = a.with_changes({"horizon.end": data.draw(st.sampled_from(["2028-01", "2029-06"]))})
    b = longer.with_changes({"parameters.w_peer": 3.0})
    assume(a.months != b.months)
    found = sim.compare(a, b, FUTURES, seed)
    same = sim.compare(a, b.with_changes({"horizon.end": a.horizon.end}), FUTURES, seed)
    assert found.months == same.months == a.months
    for name in ("countries", "totals"):
        assert_frame_equal(found.frame(name), same.frame(name), check_exact=True)
