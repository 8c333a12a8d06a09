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
from sim.analysis.calibration.numbers import ESTIMATED, Estimated
from sim.analysis.calibration.record import INTERCEPT, RATE, ProgrammeRecord
from sim.errors import RunError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vector = NDArray[np.float64]
    Matrix = NDArray[np.float64]

STEP = 1e-3  # of a central difference
MOST_STEPS = 80
CLOSE = 1e-3  # expected rise of the log posterior below which no step is tried
NEAR = 0.1  # expected rise below which the mode is reached
SMALLEST = 1e-3  # share of a step that is tried
SETTLED = 0.1  # relative change of the spreads at which it stops
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

    The last two are the intercept and the logarithm of the rate of reviews, a chance of
    1 - exp(-rate) in a month.
    """
    values = local.copy()
    values[-1] = -np.expm1(-np.exp(values[-1]))
    return record.log_likelihoods([*names, INTERCEPT, RATE], values)


def _scores(record: ProgrammeRecord, names: Sequence[str], local: Vector) -> tuple[Vector, Matrix]:
    """Return the gradient of a programme's log likelihood, and its information.

    The information is the sum over countries of the outer products of their scores (Berndt, Hall,
    Hall and Hausman 1974), each divided by the weight of its answer.
    """
    by_country = np.empty((local.size, len(record.answers.country)))
    for j in range(local.size):
        step = np.zeros(local.size)
        step[j] = STEP
        up = local_values(record, names, local + step)
        down = local_values(record, names, local - step)
        by_country[j] = (up - down) / (2 * STEP)
    known = record.answers.weight > 0
    scaled = by_country[:, known] / np.sqrt(record.answers.weight[known])
    return by_country.sum(axis=1), scaled @ scaled.T


class LogPosterior:
    """The log posterior of all coordinates given the records and the spreads."""

    def __init__(self, records: Sequence[ProgrammeRecord], layout: Layout, workers: int) -> None:
        self.records = records
        self.layout = layout
        self._workers = workers

    def value(self, x: Vector, spreads: Spreads) -> float:
        """Return the log posterior at `x`, without its constant."""
        names = self.layout.names

        def one(j: int) -> float:
            return float(local_values(self.records[j], names, self.layout.local(x, j)).sum())

        with ThreadPoolExecutor(self._workers) as pool:
            total = sum(pool.map(one, range(len(self.records))))
        rows, centre, sd = self.layout.prior(spreads)
        return total - 0.5 * float((((rows @ x - centre) / sd) ** 2).sum())

    def derivatives(self, x: Vector, spreads: Spreads) -> tuple[Vector, Matrix]:
        """Return the gradient of the log posterior at `x`, and its information."""
        names = self.layout.names

        def one(j: int) -> tuple[Vector, Matrix]:
            return _scores(self.records[j], names, self.layout.local(x, j))

        rows, centre, sd = self.layout.prior(spreads)
        gradient = -rows.T @ ((rows @ x - centre) / sd**2)
        information = rows.T @ (rows / sd[:, None] ** 2)
        with ThreadPoolExecutor(self._workers) as pool:
            for j, (slope, curve) in enumerate(pool.map(one, range(len(self.records)))):
                selected = self.layout.selection(j)
                gradient += selected.T @ slope
                information += selected.T @ curve @ selected
        return gradient, information


def _step(
    posterior: LogPosterior, x: Vector, spreads: Spreads, value: float
) -> tuple[Vector, Matrix, float, float]:
    """Return a point nearer the mode, the information at the old one, the value, what was left.

    What was left is how much the log posterior was expected to rise; where it no longer rises, the
    point stays.
    """
    gradient, information = posterior.derivatives(x, spreads)
    direction = np.linalg.solve(information, gradient)
    expected = float(gradient @ direction)
    size = 1.0
    while size > SMALLEST and expected > CLOSE:
        found = posterior.value(x + size * direction, spreads)
        if np.isfinite(found) and found > value + 1e-4 * size * expected:
            return x + size * direction, information, found, expected
        size *= 0.5
    return x, information, value, expected


def fit(
    records: Sequence[ProgrammeRecord],
    workers: int = 1,
    progress: Progress = lambda text: None,
    start: Fit | None = None,
    numbers: tuple[Estimated, ...] = ESTIMATED,
) -> Fit:
    """Return the posterior given the records of some programmes.

    Each step of the search is followed by one of the EM algorithm, until neither moves.

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
    numbers : tuple of Estimated
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
    for step in range(MOST_STEPS):
        value = posterior.value(x, spreads)
        x, information, value, left = _step(posterior, x, spreads, value)
        covariance = np.linalg.inv(information)
        found = layout.reestimated(x, covariance, spreads)
        change = found.distance(spreads)
        progress(f"step {step + 1}: log posterior {value:.1f}, spreads change by {change:.0%}")
        if left < NEAR and change < SETTLED:
            return Fit(layout, x, covariance, spreads, value)
        if left < NEAR * layout.size:
            spreads = found
    raise RunError(
        f"the estimation did not converge in {MOST_STEPS} steps: the log posterior could still "
        f"rise by {left:.2g}. Nothing is kept; leave out programmes with hardly any answers, or "
        "narrow the priors."
    )
