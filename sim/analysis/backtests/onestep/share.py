"""The rival of forecasts one step ahead: the share that joined per month so far."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from sim.analysis.backtests.onestep.steps import Step
    from sim.analysis.history.answers import Answers

    Array = NDArray[np.float64]

SHARE = "share_so_far"
TITLE = "Share that joined so far"
MEANING = (
    "gives every country at risk the same chance: the share of countries that joined per month "
    "so far. Before much has happened it leans on earlier programmes: a beta distribution of "
    "their monthly shares, found by maximum likelihood."
)
# Natural logarithms between which the numbers of the beta distribution are sought.
BOUNDS = ((-7.0, 7.0), (-4.0, 14.0))
START = (-1.0, 3.0)


class BetaPrior(NamedTuple):
    """Joiners and country-months without one that earlier programmes are worth."""

    joined: float
    stayed: float


def exposure(answers: Answers, until: int) -> tuple[int, int]:
    """Return how many joined before a month, and in how many country-months they might have.

    A country whose interval has begun but not ended is at risk until the interval begins.
    """
    has_joined = answers.has_joined
    is_done = has_joined & (answers.last < until)
    months = np.full(len(answers.country), until)
    months[has_joined] = np.minimum(answers.first[has_joined], until)
    months[is_done] = answers.last[is_done] + 1
    return int(is_done.sum()), int(months[answers.is_scored].sum())


def prior_from(programmes: Iterable[Answers]) -> BetaPrior:
    """Return the beta distribution of monthly shares of joiners over some programmes.

    Parameters
    ----------
    programmes : iterable of Answers
        At least one.

    Notes
    -----
    Maximum likelihood of the beta-binomial distribution, one observation a programme.
    """
    from scipy import optimize, stats

    seen = np.array([exposure(one, one.n_months) for one in programmes])

    def loss(x: Array) -> float:
        return -float(np.sum(stats.betabinom.logpmf(seen[:, 0], seen[:, 1], *np.exp(x))))

    found = optimize.minimize(loss, START, method="L-BFGS-B", bounds=BOUNDS)
    return BetaPrior(*np.exp(found.x).tolist())


def share_chances(answers: Answers, steps: Sequence[Step], prior: BetaPrior) -> Array:
    """Return the rival's probability of joining in each step, the same for all, shape (G, n).

    Notes
    -----
    The share h of a month has a beta distribution with parameters a and b: the prior's, and what
    was seen. A step of L months is the mean over h of ``1 - (1 - h)^L``, which is
    ``1 - B(a, b + L) / B(a, b)``.
    """
    from scipy import special

    chance = np.empty((len(steps), len(answers.country)))
    for g, step in enumerate(steps):
        n_joined, n_months = exposure(answers, step.first)
        a, b = prior.joined + n_joined, prior.stayed + n_months - n_joined
        n_ahead = step.last - step.first + 1
        chance[g] = -np.expm1(special.betaln(a, b + n_ahead) - special.betaln(a, b))
    return chance
