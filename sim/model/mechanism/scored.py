"""The third driver: how likely the rule makes what each country did, month by month on record.

It steps along the record as `observed.py` does, and adds up the probability of every answer, given
who had answered before. A country's persistent taste for the programme, which no fact explains, is
integrated out by quadrature: it is the same in every month, so the likelihood of an answer is a
mean over tastes of whole histories, not a product over months of means.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.model.layout import NEVER, Draw, State, World
from sim.model.machine.by_address import by_address
from sim.model.machine.compiled import entry, inlined
from sim.model.machine.ieee import exp, log
from sim.model.mechanism.choice import fill_review_chances, is_path_open
from sim.model.mechanism.month import ZERO, close_month, open_month, start
from sim.model.mechanism.observed import Observation, observe_reviews, take_recorded
from sim.model.mechanism.terms import utility, waiting_value
from sim.model.record import Record, of_group

MOST_LIKELY = 1.0 - 1e-12  # of an answer in a month: its logarithm stays finite


class Answered(NamedTuple):
    """What each country did, and where the driver adds up how likely that was; axis m is a taste.

    A country joined in one of the months `first` to `last`, or not by the end: NEVER. It is scored
    where it was asked and something is known of its answer.
    """

    path: np.ndarray  # (T, n) int64 path on record at each month's end
    first: np.ndarray  # (n,) int64 first month in which it may have joined, NEVER
    last: np.ndarray  # (n,) int64 last such month, NEVER
    is_scored: np.ndarray  # (n,) bool
    taste: np.ndarray  # (m,) utility
    before: np.ndarray  # (n, m) log probability of not joining before `first`
    within: np.ndarray  # (n, m) log probability of not joining from `first` to `last`
    log_share: np.ndarray  # (m,) logarithm of the share of countries that have the taste
    survival: np.ndarray  # (T, n) log probability of not joining by a month's end; (0, n) unasked


@inlined
def join_chance(
    world: World, draw: Draw, state: State, i: int, taste: float, value: np.ndarray,
    seen: Observation,
) -> float:  # fmt: skip
    """Return how likely country i is to take an offer this month, 0-1, given a taste for all."""
    for k in range(value.size):
        has_offer = world.path_offer[k, 0] >= 0
        seen.utility[i, k] = value[k] + (taste if has_offer else 0.0)
        seen.probability[i, k] = 0.0
    hazard = observe_reviews(world, draw, state, i, seen)
    total = 0.0
    for k in range(value.size):
        if world.path_offer[k, 0] >= 0:
            total += seen.probability[i, k]
    return min(hazard * total, MOST_LIKELY)


@inlined
def score_month(
    world: World, draw: Draw, state: State, t: int, wait: float, answered: Answered,
    value: np.ndarray, seen: Observation,
) -> None:  # fmt: skip
    """Add how likely it is that each country does not join in month t to the sums."""
    n = state.position.size
    fill_review_chances(world, draw, state, ZERO, n)
    for i in range(n):
        last = answered.last[i]
        if not answered.is_scored[i] or (last != NEVER and t > last):
            continue
        for k in range(value.size):
            value[k] = utility(world, draw, state, i, k, wait)
            seen.is_open[i, k] = is_path_open(world, draw, state, i, k)
        for m in range(answered.taste.size):
            chance = join_chance(world, draw, state, i, answered.taste[m], value, seen)
            if last != NEVER and t >= answered.first[i]:
                answered.within[i, m] += log(1.0 - chance)
            else:
                answered.before[i, m] += log(1.0 - chance)


@inlined
def keep_survival(answered: Answered, t: int) -> None:
    """Keep how likely each country is not to have joined by the end of month t, over tastes."""
    for i in range(answered.first.size):
        most = -np.inf
        for m in range(answered.taste.size):
            stays = answered.log_share[m] + answered.before[i, m] + answered.within[i, m]
            most = max(most, stays)
        total = 0.0
        for m in range(answered.taste.size):
            stays = answered.log_share[m] + answered.before[i, m] + answered.within[i, m]
            total += exp(stays - most)
        answered.survival[t, i] = most + log(total)


@entry
def run_scored(
    world: World, draw: Draw, state: State, record: Record, answered: Answered, n_months: int,
    value: np.ndarray, seen: Observation,
) -> None:  # fmt: skip
    """Carry one future along the record and add up how likely each answer is; in place.

    Parameters
    ----------
    world, draw, state
        As every step of the rule has them; tastes must be drawn with a spread of 0.
    record : Record
        Of one future, without sums.
    answered : Answered
        ``before`` and ``within`` at 0; ``survival`` is filled if it has a row for each month, and
        stays as it is at ``last`` for a country that has joined.
    n_months : int
        Months that are scored; later ones are not known yet.
    value, seen
        Work space: (K,), and an observation of one month.
    """
    kept = by_address(of_group(record, 0))
    start(world, draw, state)
    for t in range(n_months):
        wait = waiting_value(world, draw, t)
        open_month(world, draw, state, t)
        score_month(world, draw, state, t, wait, answered, value, seen)
        if answered.survival.shape[0] > 0:
            keep_survival(answered, t)
        n_movers = take_recorded(world, draw, state, t, answered.path[t])
        close_month(world, draw, state, kept, 0, t, wait, n_movers, 0.0)


@entry
def fill_log_likelihoods(answered: Answered, out: np.ndarray) -> None:
    """Write to `out` (n,) how likely each answer is, in logarithms, over tastes.

    Parameters
    ----------
    answered : Answered
        As `run_scored` leaves it.
    out : ndarray, shape (n,)
        0 where a country is not scored.
    """
    for i in range(out.size):
        out[i] = 0.0
        if not answered.is_scored[i]:
            continue
        most = -np.inf
        for m in range(answered.taste.size):
            most = max(most, answered.log_share[m] + answered.before[i, m])
        total = 0.0
        for m in range(answered.taste.size):
            share = exp(answered.log_share[m] + answered.before[i, m] - most)
            if answered.last[i] != NEVER:
                share *= 1.0 - exp(answered.within[i, m])
            total += share
        out[i] = most + log(max(total, 1e-300))
