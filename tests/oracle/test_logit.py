"""The choice rule against the closed forms of the multinomial logit (McFadden 1974)."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import special, stats

from sim.model.mechanism import entries
from sim.model.mesa_model import AlignmentModel
from sim.model.world.building import Built
from tolerances import SIGNIFICANCE, STANDARD_ERRORS
from worlds import make_world, offer, provider, run_futures, write_scenario

N = 2000
FUTURES = 20
NOISE = 0.5
OWN_COST = 0.75
HEDGE = 0.5
VALUES = (0.25, -0.5, 0.125)
# uncommitted, sovereign, three offers, three pairs: a pair has the sum of both less w_hedge. Then
# each offer beside an own stack: the sum of both.
PAIRS = (-0.75, -0.125, -0.875)
UTILITY = np.array([0, -OWN_COST, *VALUES, *PAIRS, *(value - OWN_COST for value in VALUES)])
EULER = 0.5772156649015329


def three_offers(
    values: tuple[float, ...] = VALUES, n: int = N, months: int = 1, **parameters: float
) -> Built:
    """Return a world of one review in which each country has eleven paths of known utility."""
    weights = {"choice_noise": NOISE, "w_own_cost": OWN_COST, "w_hedge": HEDGE} | parameters
    rivals = [provider(p, offer(intercept=value)) for p, value in enumerate(values)]
    return make_world(write_scenario(rivals, months, weights), n)


def choices(built: Built) -> NDArray[np.int8]:
    """Return the choice of every country in every future, (futures, n)."""
    return run_futures(built, 11, range(FUTURES)).final_path


def test_frequencies_are_the_softmax_of_utility_over_noise() -> None:
    counts = np.bincount(choices(three_offers()).ravel(), minlength=UTILITY.size)
    expected = special.softmax(UTILITY / NOISE) * N * FUTURES
    assert stats.chisquare(counts, expected).pvalue > SIGNIFICANCE


@pytest.mark.parametrize("noise", [0.25, 2.0])
def test_noise_scales_utility(noise: float) -> None:
    counts = np.bincount(choices(three_offers(choice_noise=noise)).ravel(), minlength=UTILITY.size)
    expected = special.softmax(UTILITY / noise) * N * FUTURES
    assert stats.chisquare(counts, expected).pvalue > SIGNIFICANCE


def test_a_constant_on_all_paths_changes_no_choice() -> None:
    shift = 1.0
    moved = three_offers(
        tuple(value + shift for value in VALUES),
        w_waiting=shift,  # uncommitted; each pair has it with a minus, and the shift twice
        w_own_stack=shift - OWN_COST,  # sovereign: a capable country has this and no cost
    )
    moved.world.country["capability"] = 1.0
    np.testing.assert_array_equal(choices(moved), choices(three_offers()))


def test_closing_a_path_moves_only_those_who_took_it() -> None:
    everything = three_offers()
    # Who falls short of a hard floor has the offer, and every pair with it, taken away.
    terms = {"democracy_floor": 0.5, "democracy_floor_is_hard": True}
    rivals = [
        provider(p, offer(intercept=v, **(terms if p == 1 else {}))) for p, v in enumerate(VALUES)
    ]
    weights = {"choice_noise": NOISE, "w_own_cost": OWN_COST, "w_hedge": HEDGE}
    less = make_world(write_scenario(rivals, 1, weights), N, democracy=0.0)
    before, after = choices(everything), choices(less)
    with_offer = [3, 5, 7, 9]
    gone = np.isin(before, with_offer)
    assert gone.any()
    assert not np.isin(after, with_offer).any()
    np.testing.assert_array_equal(after[~gone], before[~gone])
    # Independence of irrelevant alternatives: the ratios among the rest are what they were.
    left = [0, 1, 2, 4, 6, 8, 10]
    counts = np.bincount(after.ravel(), minlength=UTILITY.size)[left]
    expected = special.softmax(UTILITY[left] / NOISE) * after.size
    assert stats.chisquare(counts, expected).pvalue > SIGNIFICANCE


def test_the_best_path_is_worth_the_log_sum() -> None:
    model = AlignmentModel(three_offers(n=1000, months=4), seed=3)
    best = []
    noise = np.zeros(UTILITY.size)
    value = np.zeros(UTILITY.size)
    is_open = np.zeros(UTILITY.size, np.bool_)
    model.providers.do("invite")
    for month in range(model.world.n_months):
        for i in range(len(model.axes.country)):
            entries.draw_noise(*model.arrays, i, month, noise)
            entries.fill_utilities(*model.arrays, i, month, value, is_open)
            assert is_open.all()
            total = value + NOISE * noise
            assert entries.choose(*model.arrays, i, month, noise) == total.argmax()
            best.append(total.max())
    log_sum = NOISE * (special.logsumexp(UTILITY / NOISE) + EULER)
    # The maximum of Gumbels is Gumbel: standard deviation pi / sqrt(6) times the scale.
    error = NOISE * np.pi / np.sqrt(6 * len(best))
    assert abs(np.mean(best) - log_sum) < STANDARD_ERRORS * error


def test_without_noise_the_best_path_is_taken_exactly() -> None:
    tie = np.array([[3.0, -1.0, -1.0], [-1.0, 3.0, -1.0], [-1.0, -1.0, 3.0], [-1.0, -1.0, -1.0]])
    built = three_offers((0.0, 0.0, 0.0), n=4, choice_noise=0.0, w_tie=1.0, w_hedge=20.0)
    built.world.relation["tie"] = tie
    assert choices(built).tolist() == [[2, 3, 4, 0]] * FUTURES


def test_without_noise_a_tie_goes_to_the_earlier_path() -> None:
    indifferent = three_offers((0.0, 0.0, 0.0), n=3, choice_noise=0.0, w_hedge=1.0)
    assert (choices(indifferent) == 0).all()
    alike = three_offers((0.5, 0.5, 0.5), n=3, choice_noise=0.0, w_hedge=1.0)
    assert (choices(alike) == 2).all()


def test_taste_persists_and_noise_does_not() -> None:
    # Taste alone: a country that reviews again chooses again what it chose.
    built = three_offers(months=6, choice_noise=0.0, taste_sd_path=1.0)
    paths = run_futures(built, 5, [0])
    assert (paths.transition.sum(axis=(1, 2)) < N).all()
    first = run_futures(dataclasses.replace(built, world=built.world._replace(n_months=1)), 5, [0])
    np.testing.assert_array_equal(first.final_path, paths.final_path)
    # Noise alone: it does not.
    restless = run_futures(three_offers(months=6), 5, [0])
    assert restless.transition.sum() > N
