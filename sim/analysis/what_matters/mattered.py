"""What `what_matters` found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.analysis.sensitivity.ranking import SOBOL, Ranked, Ranking

if TYPE_CHECKING:
    from sim.analysis.quantities import Quantity
    from sim.analysis.sensitivity.indices import Index, MorrisEffects, SobolIndices
    from sim.analysis.sensitivity.numbers import Number
    from sim.analysis.what_matters.sizes import Sizes
    from sim.scenario import Scenario

Values = NDArray[np.float64]


class Ends(NamedTuple):
    """The outcome with one number at an end of its range and the rest as it stands, axis M.

    Parameters
    ----------
    at_low, at_high : ndarray, shape (M,)
        Means over futures.
    change, change_low, change_high : ndarray, shape (M,)
        High end less low end in the same futures, with its 90 % interval.
    """

    at_low: Values
    at_high: Values
    change: Values
    change_low: Values
    change_high: Values


class OverTime(NamedTuple):
    """Sobol' indices at the ends of years, axes Y (year) and M (number kept).

    Parameters
    ----------
    month : tuple of str
        The last month of each year of the scenario, axis Y.
    mean : ndarray, shape (Y,)
        Of the outcome over the points.
    first, total : Index
        Arrays of shape (Y, M); NaN for a year in which the outcome is the same at all points.
    """

    month: tuple[str, ...]
    mean: Values
    first: Index
    total: Index


@dataclass(frozen=True)
class Mattered:
    """What an outcome of a scenario hangs on.

    Parameters
    ----------
    scenario : Scenario
    quantity : Quantity
        The outcome.
    seed : int
        Of the futures and of the designs.
    sizes : Sizes
        How much ran.
    numbers : tuple of Number
        All that was moved, axis J.
    effects : MorrisEffects
        Of all of them, in the unit of the outcome.
    kept : ndarray of int, shape (M,)
        Those of the second stage, the one with the greatest total order first.
    indices : SobolIndices
        Of the second stage, in the order of `kept`.
    over_time : OverTime
        Their indices at the end of each year, in the order of `kept`.
    ends : Ends
        In the order of `kept`.
    now : tuple of float
        The outcome of the scenario as it stands, and its 90 % interval.
    noise : tuple of float
        Share of the variance among points that is Monte Carlo noise, in each stage.
    n_left_out : int
        Points left out of both stages because they or others of their block break a rule of the
        scenario.
    """

    scenario: Scenario
    quantity: Quantity
    seed: int
    sizes: Sizes
    numbers: tuple[Number, ...]
    effects: MorrisEffects
    kept: NDArray[np.int64]
    indices: SobolIndices
    over_time: OverTime
    ends: Ends
    now: tuple[float, float, float]
    noise: tuple[float, float]
    n_left_out: int

    @property
    def order(self) -> NDArray[np.int64]:
        """All numbers, the strongest first: those kept, then the others by Morris's mu*."""
        others = np.setdiff1d(np.arange(len(self.numbers)), self.kept)
        by_effect = np.argsort(-self.effects.mu_star.value[others], kind="stable")
        return np.concatenate([self.kept, others[by_effect]])

    @property
    def ranking(self) -> Ranking:
        """The numbers of the second stage by their effect on the outcome."""
        first, total = self.indices.first, self.indices.total
        rows = tuple(
            Ranked.of(
                self.numbers[j],
                total,
                first,
                m,
                (float(self.ends.at_low[m]), float(self.ends.at_high[m])),
                bool(total.low[m] > self.noise[1]),
            )
            for m, j in enumerate(self.kept.tolist())
        )
        month = self.scenario.months[-1]
        return Ranking(self.quantity, month, SOBOL, rows, self.now[0], "the scenario as it stands")
