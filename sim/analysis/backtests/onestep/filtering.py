"""What a programme's own record so far says about its numbers, and about the next answers."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.calibration.record import INTERCEPT, RATE, ProgrammeRecord, review_chance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.analysis.backtests.onestep.steps import Step
    from sim.analysis.history.answers import Answers
    from sim.model.world.building import Built

    Array = NDArray[np.float64]

SMALLEST = 1e-300  # likelihood whose logarithm is taken
EDGE = 5e-5  # rates of reviews that ship are rounded to four digits


@dataclass(frozen=True)
class Filtered:
    """Chances of joining under each draw, and how likely each draw made what had happened before.

    Parameters
    ----------
    chance : ndarray of float32, shape (D, G, n)
        Probability that each country joins in each step, given that it had not joined before; by
        draw.
    weight : ndarray, shape (G, D)
        Of the draws, given the record before each step; each row sums to 1.
    """

    chance: NDArray[np.float32]
    weight: Array

    @property
    def effective(self) -> Array:
        """How many draws the weighted ones are worth before each step (Kish 1965), shape (G,)."""
        return np.asarray(1.0 / (self.weight**2).sum(axis=1))

    def forecast(self, g: int) -> Array:
        """Return the probability that each country joins in step g, over draws, shape (n,)."""
        return np.asarray(self.weight[g] @ self.chance[:, g])

    def forecasts(self) -> Array:
        """Return the same for all steps, shape (G, n)."""
        return np.array([self.forecast(g) for g in range(len(self.weight))])


def more_draws(names: Sequence[str], draws: Array, n_draws: int, seed: int) -> Array:
    """Return at least `n_draws` draws: each row several times, its intercept and rate drawn anew.

    A posterior ships with some hundred draws. A programme's own record soon tells its intercept
    and its rate of reviews so well that few of them fit. Both are normal in the posterior (the
    logarithm of the rate is) given the other numbers, and are drawn from that distribution.

    Parameters
    ----------
    names : sequence of str
        Columns of `draws`. Without both an intercept and a rate nothing is drawn.
    draws : ndarray, shape (d, len(names))
        Joint draws for a new programme.
    n_draws : int
        At most as many as there are: they are returned as they are.
    seed : int
    """
    copies = -(-n_draws // len(draws))
    if copies <= 1 or not {INTERCEPT, RATE} <= set(names):
        return draws
    own = [list(names).index(name) for name in (INTERCEPT, RATE)]
    others = np.delete(draws, own, axis=1)
    known = np.column_stack([np.ones(len(draws)), others])
    level = draws[:, own].copy()
    level[:, 1] = np.log(-np.log1p(-np.clip(level[:, 1], EDGE, 1.0 - EDGE)))
    slope, *_ = np.linalg.lstsq(known, level, rcond=None)
    spread = np.linalg.cholesky(np.cov(level - known @ slope, rowvar=False))
    noise = np.random.default_rng([seed, 2]).standard_normal((copies - 1, len(draws), 2))
    new = known @ slope + noise @ spread.T
    new[..., 1] = review_chance(new[..., 1])
    found = np.tile(draws, (copies, 1)).reshape(copies, len(draws), -1)
    found[1:, :, own] = new
    return found.reshape(copies * len(draws), -1)


def filtered(
    built: Built, answers: Answers, steps: Sequence[Step], names: Sequence[str], draws: Array,
    workers: int | None = None,
) -> Filtered:  # fmt: skip
    """Return the chances of joining in each step by draw, and the weights of the draws.

    Parameters
    ----------
    built, answers
        The programme and its record.
    steps : sequence of Step
        From `steps_of`.
    names, draws
        Numbers, and their joint draws (D, len(names)) from a posterior that has not seen the
        programme; all weigh the same before the first step.
    workers : int, optional
        Threads; one a core unless given. The result does not depend on it.

    Notes
    -----
    Sequential importance sampling without resampling: before step g a draw is weighted by the
    likelihood that it gave to the record before. A country whose interval has begun before the step
    and ends in it or later counts there as not having joined before the interval.
    """
    n_steps, n = len(steps), len(answers.country)
    chance = np.empty((len(draws), n_steps, n), np.float32)
    log_weight = np.empty((n_steps, len(draws)))
    n_workers = min(workers or os.cpu_count() or 1, len(draws))

    def some(rows: NDArray[np.int64]) -> None:
        record = ProgrammeRecord(built, answers)  # not safe for two threads at once
        for d in rows:
            # The month before the first one: nobody has joined.
            survival = np.vstack([np.zeros(n), record.log_survival(names, draws[d])])
            for g, step in enumerate(steps):
                chance[d, g] = -np.expm1(survival[step.last + 1] - survival[step.first])
            log_weight[:, d] = _log_likelihood_before(answers, steps, survival)

    with ThreadPoolExecutor(n_workers) as pool:
        list(pool.map(some, np.array_split(np.arange(len(draws)), n_workers)))
    weight = np.exp(log_weight - log_weight.max(axis=1, keepdims=True))
    return Filtered(chance, weight / weight.sum(axis=1, keepdims=True))


def _log_likelihood_before(answers: Answers, steps: Sequence[Step], survival: Array) -> Array:
    """Return the log likelihood of the record before each step, (G,); row t + 1 is month t."""
    has_joined = answers.last >= 0
    country = np.arange(len(answers.country))
    first = np.where(has_joined, answers.first, answers.n_months)
    last = np.where(has_joined, answers.last, answers.n_months)
    before = survival[first, country]
    within = survival[np.where(has_joined, last + 1, first), country] - before
    joins = np.log(np.maximum(-np.expm1(within), SMALLEST))
    begin = np.array([step.first for step in steps])[:, None]
    known = survival[np.minimum(begin, first), country]
    known = known + np.where(has_joined & (last < begin), joins, 0.0)
    return np.asarray(known @ answers.weight)
