"""The posterior of the numbers, by penalised scoring and a normal approximation at the mode.

Each programme has its own intercept and rate of reviews; weights are shared, with deviations by
kind of programme. All of these are normal given their spreads, and the spreads are found by the EM
algorithm (Dempster, Laird and Rubin 1977), as in empirical Bayes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.calibration.layout import Layout, Spreads
from sim.analysis.calibration.numbers import ESTIMATED, EstimatedNumber
from sim.analysis.calibration.record import INTERCEPT, RATE, ProgrammeRecord, review_chance
from sim.analysis.shared.one_thread import one_thread
from sim.errors import RunError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vector = NDArray[np.float64]
    Matrix = NDArray[np.float64]

STEP = 1e-6  # of a forward difference
RATE_STEP = 1e-4  # of the same for the log rate: a chance near 1 has few digits to differ in
MOST_STEPS = 80
NEAR = 0.3  # rise of the log posterior that may be left, twice over
SMALLEST = 1e-3  # share of a step that is tried
SLOW = 0.8  # share of what was left before: if more is left, strides are halved
SMALLEST_STRIDE = 0.2
MOST_ROUNDS = 12  # of the EM algorithm in a step
SETTLED = 1e-3  # relative change of the spreads at which EM stops
MOVED = 0.05  # relative change of the spreads from step to step at which the search stops
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Fit:
    """A mode and the normal approximation around it.

    Parameters
    ----------
    layout : Layout
        What each coordinate is.
    mode : ndarray, shape (d,)
    covariance : ndarray, shape (d, d)
    spreads : Spreads
        Standard deviations between kinds and between programmes.
    log_posterior : float
        At the mode, without its constant.
    """

    layout: Layout
    mode: Vector
    covariance: Matrix
    spreads: Spreads
    log_posterior: float


def local_values(record: ProgrammeRecord, names: Sequence[str], local: Vector) -> Vector:
    """Return the log likelihood of each country given a programme's own numbers.

    The last two are the intercept and the logarithm of the rate of reviews; see `review_chance`.
    """
    values = local.copy()
    values[-1] = review_chance(values[-1])
    return record.log_likelihoods([*names, INTERCEPT, RATE], values)


def _scores(record: ProgrammeRecord, names: Sequence[str], local: Vector) -> tuple[Vector, Matrix]:
    """Return the gradient of a programme's log likelihood, and its information.

    The information is the sum over countries of the outer products of their scores (Berndt, Hall,
    Hall and Hausman 1974), each divided by the weight of its answer.
    """
    here = local_values(record, names, local)
    by_country = np.empty((local.size, len(record.answers.country)))
    size = np.full(local.size, STEP)
    size[-1] = RATE_STEP
    for j, step in enumerate(np.diag(size)):
        by_country[j] = (local_values(record, names, local + step) - here) / size[j]
    known = record.answers.weight > 0
    scaled = by_country[:, known] / np.sqrt(record.answers.weight[known])
    return by_country.sum(axis=1), scaled @ scaled.T


class LogPosterior:
    """The log posterior of all coordinates given the records and the spreads."""

    def __init__(self, records: Sequence[ProgrammeRecord], layout: Layout, workers: int) -> None:
        self.records = records
        self.layout = layout
        self._workers = workers

    def log_likelihood(self, x: Vector) -> float:
        """Return the log likelihood of all records at `x`."""
        names = self.layout.names

        def one(j: int) -> float:
            return float(local_values(self.records[j], names, self.layout.local(x, j)).sum())

        with ThreadPoolExecutor(self._workers) as pool:
            return sum(pool.map(one, range(len(self.records))))

    def value(self, x: Vector, spreads: Spreads) -> float:
        """Return the log posterior at `x`, without its constant."""
        return self.log_likelihood(x) + self.layout.log_prior(x, spreads)

    def derivatives(self, x: Vector) -> tuple[Vector, Matrix]:
        """Return the gradient of the log likelihood at `x`, and its information."""
        names = self.layout.names

        def one(j: int) -> tuple[Vector, Matrix]:
            return _scores(self.records[j], names, self.layout.local(x, j))

        gradient, information = np.zeros(x.size), np.zeros((x.size, x.size))
        with ThreadPoolExecutor(self._workers) as pool:
            for j, (slope, curve) in enumerate(pool.map(one, range(len(self.records)))):
                selected = self.layout.selection(j)
                gradient += selected.T @ slope
                information += selected.T @ curve @ selected
        return gradient, information


@dataclass(frozen=True)
class _Bowl:
    """The log likelihood near a point, as a quadratic."""

    layout: Layout
    x: Vector
    gradient: Vector
    information: Matrix

    def posterior(self, spreads: Spreads) -> tuple[Vector, Matrix]:
        """Return mode and covariance of the posterior, given the spreads."""
        rows, centre, sd = self.layout.prior(spreads)
        precision = self.information + rows.T @ (rows / sd[:, None] ** 2)
        covariance: Matrix = np.asarray(np.linalg.inv(precision), np.float64)
        pull = self.gradient + self.information @ self.x + rows.T @ (centre / sd**2)
        return np.asarray(covariance @ pull), covariance

    def spreads(self, spreads: Spreads) -> Spreads:
        """Return the spreads to which the EM algorithm leads."""
        for _ in range(MOST_ROUNDS):
            found = self.layout.reestimated(*self.posterior(spreads), spreads)
            if found.distance(spreads) < SETTLED:
                return found
            spreads = found
        return spreads


@one_thread
def fit(
    records: Sequence[ProgrammeRecord],
    workers: int = 1,
    progress: Progress = lambda text: None,
    start: Fit | None = None,
    numbers: tuple[EstimatedNumber, ...] = ESTIMATED,
) -> Fit:
    """Return the posterior given the records of some programmes.

    Each step takes the likelihood as a quadratic, lets the EM algorithm find the spreads there once
    the mode is near, and goes to the mode, or as far towards it as the log posterior rises.

    Parameters
    ----------
    records : sequence of ProgrammeRecord
        At least one.
    workers : int
        Threads; the result does not depend on it.
    progress : callable
        Called with a line on each step.
    start : Fit, optional
        Of nearly the same programmes and numbers: where to begin.
    numbers : tuple of EstimatedNumber
        What is estimated, beside intercepts and rates of reviews.

    Raises
    ------
    RunError
        If there is no record, or the mode is not reached.
    """
    if not records:
        raise RunError("there is no programme to estimate from.")
    layout = Layout(
        tuple(r.answers.programme for r in records), tuple(r.kind for r in records), numbers
    )
    posterior = LogPosterior(records, layout, workers)
    if start is None:
        x, spreads = layout.start(), Spreads.guess(numbers)
    else:
        x, spreads = layout.start_from(start.layout, start.mode, start.spreads)
    likelihood = posterior.log_likelihood(x)
    is_near, size, before_left = False, 1.0, np.inf
    for step in range(MOST_STEPS):
        bowl = _Bowl(layout, x, *posterior.derivatives(x))
        before = spreads
        if is_near:
            spreads = spreads.towards(bowl.spreads(spreads), size)
        mode, covariance = bowl.posterior(spreads)
        here = likelihood + layout.log_prior(x, spreads)
        left = float((mode - x) @ np.linalg.solve(covariance, mode - x))
        progress(f"step {step + 1}: log posterior {here:.1f}, {left:.2g} to gain")
        if is_near and left < NEAR and before.distance(spreads) < MOVED:
            return Fit(layout, x, covariance, spreads, here)
        if is_near and left > SLOW * before_left:
            size = max(0.5 * size, SMALLEST_STRIDE)  # it goes to and fro
        is_near, before_left = is_near or left < NEAR * layout.size, left
        x, likelihood = _towards(posterior, x, likelihood, x + size * (mode - x), spreads)
    raise RunError(
        f"the estimation did not converge in {MOST_STEPS} steps: the log posterior could still "
        f"rise by {left:.2g}. Nothing is kept; leave out programmes with hardly any answers, or "
        "narrow the priors."
    )


def _towards(
    posterior: LogPosterior, x: Vector, likelihood: float, mode: Vector, spreads: Spreads
) -> tuple[Vector, float]:
    """Return the point on the way to `mode` where the log posterior is higher; its likelihood."""
    layout = posterior.layout
    here = likelihood + layout.log_prior(x, spreads)
    size = 1.0
    while size > SMALLEST:
        point = x + size * (mode - x)
        found = posterior.log_likelihood(point)
        if np.isfinite(found) and found + layout.log_prior(point, spreads) > here:
            return point, found
        size *= 0.5
    return x, likelihood
