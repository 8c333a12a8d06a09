"""What each part of a change adds to an outcome, future by future."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.analysis.quantities import Quantity
from sim.analysis.shared.estimates import Estimate, estimate
from sim.analysis.splitting.parts import Part
from sim.analysis.splitting.shapley import shapley_values
from sim.analysis.splitting.where import Area

if TYPE_CHECKING:
    from sim.scenario import Scenario

Values = NDArray[np.float64]


@dataclass(frozen=True)
class PlaceShares:
    """What some countries add to a difference.

    Parameters
    ----------
    place : Area
    in_a, in_b, difference : Estimate
        What they add to the outcome in either scenario, and to the difference.
    contributions : tuple of Estimate
        What each part of the change adds to it there, by Shapley; they add up to the difference.
    """

    place: Area
    in_a: Estimate
    in_b: Estimate
    difference: Estimate
    contributions: tuple[Estimate, ...]


@dataclass(frozen=True)
class Shares:
    """What each part of a change adds to an outcome.

    Parameters
    ----------
    scenario_a, scenario_b : Scenario
    quantity : Quantity
        The outcome.
    months : tuple of str
        Months that both scenarios cover; the outcome is that at the end of the last.
    parts : tuple of Part
        Axis G.
    values : ndarray, shape (2**G, R)
        The outcome in each future with each set of parts as in b: part g is in set s if bit g of s
        is set.
    seed : int
    futures_per_draw : int
        Futures that share one draw of the uncertain numbers.
    by_place : tuple of PlaceShares
        The difference by group of countries; the means of a division add up to it. Empty if the
        outcome is not a sum over the countries with a partner.
    """

    scenario_a: Scenario
    scenario_b: Scenario
    quantity: Quantity
    months: tuple[str, ...]
    parts: tuple[Part, ...]
    values: Values
    seed: int
    futures_per_draw: int
    by_place: tuple[PlaceShares, ...] = ()

    @property
    def replicates(self) -> int:
        """Futures of each run."""
        return int(self.values.shape[1])

    @property
    def in_a(self) -> Estimate:
        """The outcome in the first scenario."""
        return self._estimate(self.values[0])

    @property
    def in_b(self) -> Estimate:
        """The outcome in the second."""
        return self._estimate(self.values[-1])

    @property
    def difference(self) -> Estimate:
        """The second less the first, future by future."""
        return self._estimate(self.values[-1] - self.values[0])

    @property
    def contributions(self) -> tuple[Estimate, ...]:
        """What each part adds, by Shapley; the means add up to that of the difference."""
        return tuple(map(self._estimate, shapley_values(self.values)))

    @property
    def alone(self) -> tuple[Estimate, ...]:
        """The effect of each part when nothing else is changed."""
        return tuple(
            self._estimate(self.values[1 << g] - self.values[0]) for g in range(len(self.parts))
        )

    @property
    def last(self) -> tuple[Estimate, ...]:
        """The effect of each part when all else is changed already."""
        everything = len(self.values) - 1
        return tuple(
            self._estimate(self.values[everything] - self.values[everything ^ (1 << g)])
            for g in range(len(self.parts))
        )

    def _estimate(self, values: Values) -> Estimate:
        return estimate(values, self.futures_per_draw)
