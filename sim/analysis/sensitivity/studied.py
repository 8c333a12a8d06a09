"""What an analysis of a sweep holds: the indices of every number for each of its outcomes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.analysis.sensitivity.indices import ForestScores, Index, MorrisEffects, SobolIndices
from sim.analysis.sensitivity.ranking import Ranked, Ranking

if TYPE_CHECKING:
    from sim.analysis.quantities import Quantity
    from sim.analysis.sensitivity.numbers import Number
    from sim.experiment.sweeps.stored import StoredSweep

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Studied:
    """One outcome of a sweep, with the indices of every number.

    Parameters
    ----------
    quantity : Quantity
        The outcome.
    found : SobolIndices, MorrisEffects or ForestScores
    noise : float
        Share of the variance among points that is Monte Carlo noise, at most; NaN if unknown.
    floor : float
        What noise alone may give to the index by which numbers are ranked.
    mean, sd : float
        Of the outcome over the points.
    n_points, n_left_out : int
        Rows of the design that were used, and those left out because a point failed.
    at_low, at_high : ndarray, shape (J,)
        Mean of the outcome over the quarter of the points with the least and the greatest values of
        each number; NaN for a group.
    """

    quantity: Quantity
    found: SobolIndices | MorrisEffects | ForestScores
    noise: float
    floor: float
    mean: float
    sd: float
    n_points: int
    n_left_out: int
    at_low: Values
    at_high: Values

    @property
    def index(self) -> Index:
        """The index by which numbers are ranked."""
        if isinstance(self.found, SobolIndices):
            return self.found.total
        return self.found.mu_star if isinstance(self.found, MorrisEffects) else self.found.score

    @property
    def order(self) -> NDArray[np.int64]:
        """Numbers by that index, the strongest first."""
        return np.argsort(-self.index.value, kind="stable")

    @property
    def is_above_noise(self) -> NDArray[np.bool_]:
        """Whether the interval of that index lies above what noise alone may give, (J,)."""
        floor = 0.0 if np.isnan(self.floor) else self.floor
        return np.asarray(self.index.low > floor)


@dataclass(frozen=True)
class Analysed:
    """An analysed sweep.

    Parameters
    ----------
    sweep : StoredSweep
    method : str
        ``sobol``, ``morris`` or ``scores``.
    numbers : tuple of Number
        The numbers, or the groups that move together, axis J.
    studied : tuple of Studied
        One for each outcome.
    constant : tuple of str
        Outcomes left out because they are the same at every point.
    """

    sweep: StoredSweep
    method: str
    numbers: tuple[Number, ...]
    studied: tuple[Studied, ...]
    constant: tuple[str, ...]


def ranking_of(found: Analysed, each: Studied) -> Ranking:
    """Return the numbers by their effect on one outcome."""
    index, above = each.index, each.is_above_noise
    nothing = Index(*(np.full(len(found.numbers), np.nan) for _ in range(3)))
    alone = each.found.first if isinstance(each.found, SobolIndices) else nothing
    rows = tuple(
        Ranked.of(
            found.numbers[j],
            index,
            alone,
            j,
            (float(each.at_low[j]), float(each.at_high[j])),
            bool(above[j]),
        )
        for j in each.order.tolist()
    )
    month = found.sweep.scenario.months[-1]
    return Ranking(each.quantity, month, found.method, rows, each.mean, "mean of all points")
