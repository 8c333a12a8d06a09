"""The choice rule against the closed forms of the multinomial logit (McFadden 1974)."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from sim.analysis.verification.check import (
    STANDARD_ERRORS,
    Check,
    CheckResult,
    all_equal,
    likely,
    none_of,
    number_within,
)
from sim.analysis.verification.worlds import (
    first_futures,
    make_world,
    offer,
    provider,
    write_scenario,
)
from sim.model.world.building import Built

GROUP = "Choice rule"
SOURCE = "McFadden 1974"
N = 2000
FUTURES = 20
SEED = 11
NOISE = 0.5
NOISES = (0.25, NOISE, 2.0)
OWN_COST = 0.75
HEDGE = 0.5
VALUES = (0.25, -0.5, 0.125)
# uncommitted, sovereign, three offers, three pairs: a pair has the sum of both less w_hedge. Then
# each offer beside sovereign AI: the sum of both.
PAIRS = (-0.75, -0.125, -0.875)
UTILITY = np.array([0, -OWN_COST, *VALUES, *PAIRS, *(value - OWN_COST for value in VALUES)])
CLOSED = 1  # the offer that a hard floor closes
WITH_CLOSED = (3, 5, 7, 9)  # paths that hold it
LEFT = (0, 1, 2, 4, 6, 8, 10)
Choices = NDArray[np.int8]


def three_offers(
    values: tuple[float, ...] = VALUES, n: int = N, months: int = 1, **parameters: float
) -> Built:
    """Return a world of one review in which each country has eleven paths of known utility."""
    weights = {"choice_noise": NOISE, "w_own_cost": OWN_COST, "w_hedge": HEDGE} | parameters
    rivals = [provider(p, offer(intercept=value)) for p, value in enumerate(values)]
    return make_world(write_scenario(rivals, months, weights), n)


def choices(built: Built) -> Choices:
    """Return the choice of every country in every future, (futures, n)."""
    return first_futures(built, SEED, FUTURES).final_path


def _plain_choices() -> Choices:
    return choices(three_offers())


def _choices_without_an_offer() -> Choices:
    """Return the choices where everybody falls short of the hard floor of one offer."""
    floor = {"democracy_floor": 0.5, "democracy_floor_is_hard": True}
    rivals = [
        provider(p, offer(intercept=value, **(floor if p == CLOSED else {})))
        for p, value in enumerate(VALUES)
    ]
    weights = {"choice_noise": NOISE, "w_own_cost": OWN_COST, "w_hedge": HEDGE}
    return choices(make_world(write_scenario(rivals, 1, weights), N, democracy=0.0))


def _shares(noise: float) -> CheckResult:
    chosen = _plain_choices() if noise == NOISE else choices(three_offers(choice_noise=noise))
    counts = np.bincount(chosen.ravel(), minlength=UTILITY.size)
    expected = special.softmax(UTILITY / noise) * chosen.size
    return likely(float(stats.chisquare(counts, expected).pvalue))


def _shift() -> CheckResult:
    shift = 1.0
    moved = three_offers(
        tuple(value + shift for value in VALUES),
        w_waiting=shift,  # uncommitted; each pair has it with a minus, and the shift twice
        w_own_stack=shift - OWN_COST,  # sovereign: a capable country has this and no cost
    )
    moved.world.country["capability"] = 1.0
    changed = int((choices(moved) != _plain_choices()).sum())
    return none_of("the same choices", changed, "differ")


def _closed_path_moves_only_its_own() -> CheckResult:
    before, after = _plain_choices(), _choices_without_an_offer()
    gone = np.isin(before, WITH_CLOSED)
    wrong = int(np.isin(after, WITH_CLOSED).sum()) + int((after[~gone] != before[~gone]).sum())
    if not gone.any():
        return CheckResult("nobody else moves", "nobody took it", np.nan)
    return none_of("nobody else moves", wrong, "move")


def _ratios_of_the_rest() -> CheckResult:
    after = _choices_without_an_offer()
    counts = np.bincount(after.ravel(), minlength=UTILITY.size)[list(LEFT)]
    expected = special.softmax(UTILITY[list(LEFT)] / NOISE) * after.size
    return likely(float(stats.chisquare(counts, expected).pvalue))


def best_values() -> tuple[NDArray[np.float64], int]:
    """Return utility and noise of the best path of each review, and how many chose another."""
    from sim.model.mechanism import entries
    from sim.model.mesa_model import AlignmentModel

    model = AlignmentModel(three_offers(n=1000, months=4), seed=3)
    noise, value = np.zeros(UTILITY.size), np.zeros(UTILITY.size)
    is_open = np.zeros(UTILITY.size, np.bool_)
    best, others = [], 0
    model.providers.do("invite")
    for month in range(model.world.n_months):
        for i in range(len(model.axes.country)):
            entries.draw_noise(*model.arrays, i, month, noise)
            entries.fill_utilities(*model.arrays, i, month, value, is_open)
            total = value + NOISE * noise
            chosen = entries.choose(*model.arrays, i, month, noise)
            others += int(chosen != total.argmax() or not is_open.all())
            best.append(total.max())
    return np.array(best), others


def _best_path_is_chosen() -> CheckResult:
    return none_of("the best of all open paths", best_values()[1], "differ")


def _log_sum() -> CheckResult:
    best, _ = best_values()
    log_sum = NOISE * (special.logsumexp(UTILITY / NOISE) + np.euler_gamma)
    # The maximum of Gumbels is Gumbel: standard deviation pi / sqrt(6) times the scale.
    error = NOISE * np.pi / np.sqrt(6 * best.size)
    return number_within(float(log_sum), float(best.mean()), STANDARD_ERRORS * error)


def _without_noise() -> CheckResult:
    tie = np.array([[3.0, -1.0, -1.0], [-1.0, 3.0, -1.0], [-1.0, -1.0, 3.0], [-1.0, -1.0, -1.0]])
    built = three_offers((0.0, 0.0, 0.0), n=4, choice_noise=0.0, w_tie=1.0, w_hedge=20.0)
    built.world.relation["tie"] = tie
    return all_equal([2, 3, 4, 0] * FUTURES, choices(built).ravel().tolist())


def _ties() -> CheckResult:
    indifferent = three_offers((0.0, 0.0, 0.0), n=3, choice_noise=0.0, w_hedge=1.0)
    alike = three_offers((0.5, 0.5, 0.5), n=3, choice_noise=0.0, w_hedge=1.0)
    found = [choices(built).ravel().tolist() for built in (indifferent, alike)]
    each = 3 * FUTURES
    return all_equal([0] * each + [2] * each, [path for paths in found for path in paths])


_CHOOSES = f"{N:,} countries in {FUTURES} futures choose"
CHECKS = (
    *(
        Check(
            f"logit-shares-noise-{noise:g}",
            GROUP,
            f"{_CHOOSES} by the softmax of utility over noise {noise:g} (chi-squared)",
            SOURCE,
            partial(_shares, noise),
        )
        for noise in NOISES
    ),
    Check("shift", GROUP, f"{_CHOOSES} the same if every path gains 1", SOURCE, _shift),
    Check(
        "closed-path",
        GROUP,
        "who moves when an offer is closed to all",
        "docs/model.md",
        _closed_path_moves_only_its_own,
    ),
    Check(
        "irrelevant-alternatives",
        GROUP,
        "ratios among the other paths when an offer is closed (chi-squared)",
        SOURCE,
        _ratios_of_the_rest,
    ),
    Check("best-path", GROUP, "each review takes the best open path", SOURCE, _best_path_is_chosen),
    Check("log-sum", GROUP, "mean value of the best path", SOURCE, _log_sum),
    Check(
        "no-noise", GROUP, "without noise the best path is taken", "maximisation", _without_noise
    ),
    Check("ties", GROUP, "without noise a tie goes to the earlier path", "docs/model.md", _ties),
)
