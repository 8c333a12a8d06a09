"""The likelihood of a record against formulas, against observed months, and as a probability."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray

from analysis.histories import log_likelihoods_by_hand, made_world, record_of, weighted
from sim.analysis.calibration.fitting import RATE_STEP, LogPosterior
from sim.analysis.calibration.layout import Layout
from sim.analysis.calibration.numbers import EstimatedNumber
from sim.analysis.calibration.record import (
    INTERCEPT,
    N_TASTES,
    RATE,
    SILENT,
    TASTES,
    ProgrammeRecord,
    review_chance,
)
from sim.analysis.history.answers import NEVER, read_answers
from sim.analysis.history.programmes import built_programme
from sim.data import load_facts
from sim.model.ensemble import future
from sim.model.mechanism.observed import make_observation, run_observed
from sim.model.record import make_record
from sim.model.rows import sizes
from tolerances import ROUNDING
from worlds import blank_state

NAMES = ("w_affinity", INTERCEPT, RATE)
MONTHS = 5
# Known to the month, an interval that others join within, an interval from the start, never.
FIRST = np.array([1, 1, 0, NEVER])
LAST = np.array([1, 3, 2, NEVER])
WIDTH = 1e-5  # of a central difference
# Of the gradient, which is a forward difference.
SLOPE = RATE_STEP  # a forward difference is off by half its step times the curvature


@pytest.mark.parametrize(
    ("affinity", "intercept", "rate"), [(0.8, 0.0, 0.4), (-1.0, 1.5, 0.1), (3.0, -4.0, 0.9)]
)
def test_it_is_what_the_formulas_say(affinity: float, intercept: float, rate: float) -> None:
    record = record_of(made_world(4, MONTHS), FIRST, LAST)
    found = record.log_likelihoods(NAMES, np.array([affinity, intercept, rate]))
    expected = log_likelihoods_by_hand(record, intercept, rate, affinity)
    np.testing.assert_allclose(found, expected, rtol=ROUNDING)
    # Nothing is left over from one question to the next.
    record.log_likelihoods(NAMES, np.array([0.0, 2.0, 0.2]))
    again = record.log_likelihoods(NAMES, np.array([affinity, intercept, rate]))
    np.testing.assert_array_equal(again, found)


def test_an_answer_counts_by_its_weight_and_one_that_is_unknown_not_at_all() -> None:
    plain = record_of(made_world(4, MONTHS), FIRST, LAST)
    weight = np.array([1.0, 0.25, 0.0, 0.5])
    values = np.array([0.8, 0.0, 0.4])
    found = weighted(plain, weight).log_likelihoods(NAMES, values)
    np.testing.assert_allclose(found, weight * plain.log_likelihoods(NAMES, values), rtol=ROUNDING)


def test_records_that_could_have_been_have_a_probability_of_one_together() -> None:
    built = made_world(2, 2)
    values = np.array([0.8, 0.5, 0.6])
    total = 0.0
    for months in itertools.product((NEVER, 0, 1), repeat=2):
        record = record_of(built, np.array(months))
        total += float(np.exp(record.log_likelihoods(NAMES, values).sum()))
    assert total == pytest.approx(1.0, rel=ROUNDING)


def test_an_interval_is_as_likely_as_its_months_together() -> None:
    # With nobody else who joins, and so nothing else that differs between the months.
    built = made_world(2, 3)
    values = np.array([0.8, 0.5, 0.6])

    def likelihood(first: int, last: int) -> float:
        record = record_of(built, np.array([first, NEVER]), np.array([last, NEVER]))
        return float(np.exp(record.log_likelihoods(NAMES, values)[0]))

    together = sum(likelihood(t, t) for t in range(3))
    assert likelihood(0, 2) == pytest.approx(together, rel=ROUNDING)


def test_derivatives_are_the_slopes_of_the_formulas() -> None:
    record = weighted(record_of(made_world(3, MONTHS), FIRST[:3], LAST[:3]), np.array([1, 0.5, 1]))
    numbers = (EstimatedNumber("w_affinity", 0.4, 0.9),)
    layout = Layout(("made",), ("membership",), numbers)
    x = np.random.default_rng(4).normal(0.0, 0.5, layout.size)

    def by_hand(at: NDArray[np.float64]) -> NDArray[np.float64]:
        affinity, intercept, log_rate = layout.local(at, 0)
        rate = float(review_chance(log_rate))
        found = log_likelihoods_by_hand(record, intercept, rate, affinity)
        return np.asarray(record.answers.weight * found)

    posterior = LogPosterior([record], layout, 1)
    assert posterior.log_likelihood(x) == pytest.approx(float(by_hand(x).sum()), rel=ROUNDING)
    steps = WIDTH * np.eye(layout.size)
    slopes = np.array([(by_hand(x + h) - by_hand(x - h)) / (2 * WIDTH) for h in steps])
    gradient, information = posterior.derivatives(x)
    np.testing.assert_allclose(gradient, slopes.sum(axis=1), rtol=SLOPE, atol=SLOPE)
    # Outer products of the scores of countries, by the weight of their answers.
    scaled = slopes / np.sqrt(record.answers.weight)
    np.testing.assert_allclose(information, scaled @ scaled.T, rtol=SLOPE, atol=SLOPE)


def test_a_programme_of_the_past_is_scored_as_its_months_are_observed() -> None:
    """The third driver and the second: what `run_observed` makes of each month adds up to it."""
    built = built_programme("coe-ai-convention")
    answers = read_answers(built.scenario, load_facts().events)
    record = ProgrammeRecord(built, answers)
    found = record.log_likelihoods((INTERCEPT, RATE), np.array([0.7, 0.3]))

    n, n_paths, *_ = sizes(built)
    draw = future(built, 0, 0)
    for name in draw.weight.dtype.names or ():
        draw.weight[name] = built.weight[name][0]
    draw.offer[:], draw.provider[:] = built.offer, built.provider
    spread = np.sqrt(sum(float(draw.weight[name]) ** 2 for name in TASTES))
    for name, value in {**SILENT, RATE: 0.3, **dict.fromkeys(TASTES, 0.0)}.items():
        draw.weight[name] = value
    draw.offer[INTERCEPT] = 0.7
    months = built.world.n_months
    path = np.zeros((months, n), np.int64)
    for i in np.flatnonzero(answers.last >= 0):
        path[answers.last[i] :, i] = 1
    seen = make_observation(n, n_paths, months)
    run_observed(
        built.world, draw, blank_state(built), make_record(1, 1, months, *sizes(built)), path, seen
    )
    nodes, shares = np.polynomial.hermite_e.hermegauss(N_TASTES)
    gap = seen.utility[:, :, 1] - seen.utility[:, :, 0]
    noise = float(draw.weight["choice_noise"])
    chance = 1 / (1 + np.exp(-(gap[:, :, None] + spread * nodes) / noise))
    stays = 1 - np.where(seen.is_open[:, :, 1], seen.hazard, 0.0)[:, :, None] * chance
    expected = np.zeros(n)
    for i in np.flatnonzero(answers.is_scored):
        first, last = answers.first[i], answers.last[i]
        if last == NEVER:
            each = stays[:, i].prod(axis=0)
        else:
            each = stays[:first, i].prod(axis=0) * (1 - stays[first : last + 1, i].prod(axis=0))
        expected[i] = answers.weight[i] * np.log(each @ shares / shares.sum())
    assert answers.has_joined.sum() > 5
    np.testing.assert_allclose(found, expected, rtol=1e3 * ROUNDING)
