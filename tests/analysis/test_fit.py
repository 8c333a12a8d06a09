"""The posterior: it finds the truth, on any number of threads, and says where it does not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from analysis.algebra import algebra_threads
from analysis.histories import made_world
from sim.analysis.backtests.forecasting.simulating import simulate_answers
from sim.analysis.calibration import fitting
from sim.analysis.calibration.fitting import Fit, LogPosterior, _scores, fit, local_values
from sim.analysis.calibration.layout import Layout, Spreads
from sim.analysis.calibration.numbers import ESTIMATED, EstimatedNumber
from sim.analysis.calibration.record import INTERCEPT, RATE, ProgrammeRecord, review_chance
from sim.analysis.calibration.tables import numbers_table
from sim.analysis.history.answers import Answers
from sim.errors import RunError
from tolerances import STANDARD_ERRORS

AFFINITY = (EstimatedNumber("w_affinity", 0.0, 5.0),)
TRUTH = 2.5
# Intercept and chance of a review, a programme each.
PROGRAMMES = {"a": (-0.5, 0.3), "b": (-1.5, 0.2), "c": (0.0, 0.1), "d": (-1.0, 0.5)}


def history(affinity: float = TRUTH, n: int = 150, months: int = 6) -> list[ProgrammeRecord]:
    """Return the records of programmes of one future each, of known numbers."""
    records = []
    for j, (name, (intercept, rate)) in enumerate(PROGRAMMES.items()):
        built = made_world(n, months, name=name, seed=j)
        values = np.array([[affinity, intercept, rate]])
        names = ("w_affinity", INTERCEPT, RATE)
        joined = simulate_answers(built, names, values, 1, seed=j, workers=1).month_joined[0]
        month = joined.astype(np.int64)
        answers = Answers(name, built.axes.country, month, month, np.ones(n), months)
        records.append(ProgrammeRecord(built, answers))
    return records


@pytest.fixture(scope="module")
def records() -> list[ProgrammeRecord]:
    return history()


@pytest.fixture(scope="module")
def found(records: list[ProgrammeRecord]) -> Fit:
    return fit(records, numbers=AFFINITY)


def test_it_finds_the_numbers_that_made_a_history(found: Fit) -> None:
    sd = np.sqrt(np.diag(found.covariance))
    assert found.layout.names == ("w_affinity",)
    # The record says much: the prior is many times as wide.
    assert sd[0] < 0.2 * AFFINITY[0].sd
    assert abs(found.mode[0] - TRUTH) < STANDARD_ERRORS * sd[0]
    for j, (intercept, rate) in enumerate(PROGRAMMES.values()):
        at = found.layout.programme(j)
        truth = np.array([intercept, np.log(-np.log1p(-rate))])
        assert (np.abs(found.mode[at] - truth) < STANDARD_ERRORS * sd[at]).all()


def test_no_point_nearby_is_likelier_than_the_mode(
    found: Fit, records: list[ProgrammeRecord]
) -> None:
    posterior = LogPosterior(records, found.layout, 1)
    sd = np.sqrt(np.diag(found.covariance))
    best = posterior.value(found.mode, found.spreads)
    for j in range(found.layout.size):
        for sign in (-1.0, 1.0):
            x = found.mode.copy()
            x[j] += sign * sd[j]
            assert posterior.value(x, found.spreads) < best


def test_it_does_not_depend_on_the_number_of_threads(
    found: Fit, records: list[ProgrammeRecord]
) -> None:
    other = fit(records, workers=3, numbers=AFFINITY)
    np.testing.assert_array_equal(other.mode, found.mode)
    np.testing.assert_array_equal(other.covariance, found.covariance)
    np.testing.assert_array_equal(other.spreads.kinds, found.spreads.kinds)


def test_it_holds_linear_algebra_to_one_thread(records: list[ProgrammeRecord]) -> None:
    # The search amplifies rounding, which follows from how many threads share a sum.
    seen = []
    with threadpool_limits(2):
        fit(records, progress=lambda _: seen.append(algebra_threads()), numbers=AFFINITY)
        assert algebra_threads() == {2}
    assert seen
    assert all(threads == {1} for threads in seen)


def test_it_does_not_depend_on_where_it_begins(found: Fit, records: list[ProgrammeRecord]) -> None:
    layout = found.layout
    far = replace(found, mode=np.full(layout.size, 1.0), spreads=Spreads.guess(AFFINITY))
    other = fit(records, start=far, numbers=AFFINITY)
    sd = np.sqrt(np.diag(found.covariance))
    np.testing.assert_array_less(np.abs(other.mode - found.mode), 0.5 * sd)


@pytest.mark.parametrize("log_rate", [-2.0, 1.0, 2.5, 3.3, 4.0, 40.0])
def test_slopes_hold_where_hardly_anybody_is_left_to_review(
    records: list[ProgrammeRecord], log_rate: float
) -> None:
    # A chance that rounds to 1 once made slopes of noise, and the search stood still on them.
    local = np.array([TRUTH, -0.5, log_rate])
    slope, _ = _scores(records[0], ("w_affinity",), local)
    for j, size in enumerate((1e-3, 1e-3, 1e-2)):
        step = np.zeros(local.size)
        step[j] = size
        up, down = (
            local_values(records[0], ("w_affinity",), local + sign * step).sum() for sign in (1, -1)
        )
        assert slope[j] == pytest.approx((up - down) / (2 * size), rel=0.01, abs=0.01)


def test_rates_of_reviews_level_off_where_everybody_reviews() -> None:
    chance = review_chance(np.array([-6.0, 0.0, 2.0, 5.0, 800.0]))
    exact = -np.expm1(-np.exp(np.array([-6.0, 0.0, 2.0])))
    np.testing.assert_allclose(chance[:3], exact, atol=1e-4)
    assert 0.0 < 1.0 - chance[3] < 1e-8
    assert chance[4] == pytest.approx(chance[3], abs=1e-10)
    assert chance[4] < 1.0


def test_a_fit_that_does_not_converge_is_no_fit(
    monkeypatch: pytest.MonkeyPatch, records: list[ProgrammeRecord]
) -> None:
    monkeypatch.setattr(fitting, "MOST_STEPS", 1)
    with pytest.raises(RunError, match="did not converge in 1 steps"):
        fit(records, numbers=AFFINITY)


def test_without_programmes_there_is_no_fit() -> None:
    with pytest.raises(RunError, match="no programme to estimate from"):
        fit([])


def test_a_search_begins_with_the_numbers_that_two_layouts_share() -> None:
    before = Layout(("a", "b"), ("vote", "contract"))
    mode = np.arange(before.size, dtype=float)
    spreads = replace(Spreads.guess(), kinds=np.arange(1.0, 1.0 + len(ESTIMATED)))
    peers = EstimatedNumber("w_peer", 1.6, 1.5, 0.2)
    after = Layout(("b", "c"), ("contract", "vote"), (peers, ESTIMATED[2]))
    x, kinds = after.start_from(before, mode, spreads)
    assert x[after.shared()].tolist() == [1.6, mode[2]]
    old = mode[before.of_kind("vote")]
    assert x[after.of_kind("vote")].tolist() == [0.0, old[2]]
    np.testing.assert_array_equal(x[after.programme(0)], mode[before.programme(1)])
    np.testing.assert_array_equal(x[after.programme(1)], mode[before.centre_of("vote")])
    np.testing.assert_array_equal(x[after.centre()], mode[before.centre()])
    assert kinds.kinds.tolist() == [0.2, 3.0]


def test_the_table_of_numbers_has_those_that_were_estimated(found: Fit) -> None:
    table = numbers_table(found)
    assert set(table["number"]) == {"w_affinity"}
    shared = table[table["kind"] == "all"].iloc[0]
    assert shared["low"] < TRUTH < shared["high"]
    assert shared["identification"] == "identified"
