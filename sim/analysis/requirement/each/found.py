"""What it would take for each country: the numbers, from the same trials."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.analysis.requirement.catalogue import Movable
    from sim.analysis.requirement.question import Question

    Array = NDArray[np.float64]


@dataclass(frozen=True)
class Each:
    """What it would take for each country; axes n (country) and m (value of the lever).

    Parameters
    ----------
    question : Question
        Of no country, with one lever.
    country : tuple of str
    positions : tuple of int
        Of the lever, rising.
    chances : ndarray, shape (n, m)
        Probabilities of signing.
    needed, low, high : ndarray, shape (n,)
        Value of the lever at which the level is first reached, and its 90 % interval; infinite
        where it is not reached within the limits.
    is_barred : ndarray of bool, shape (n,)
        Whether the rules of the offer admit the country nowhere on the way.
    asked : ndarray, shape (n,)
        Probability of being asked, at the limit.
    seed, replicates : int
    """

    question: Question
    country: tuple[str, ...]
    positions: tuple[int, ...]
    chances: Array
    needed: Array
    low: Array
    high: Array
    is_barred: NDArray[np.bool_]
    asked: Array
    seed: int
    replicates: int

    @property
    def lever(self) -> Movable:
        """The lever that moves."""
        return self.question.levers[0]

    def state(self, i: int) -> str:
        """Return how it ends for a country: ``already``, ``reached``, ``beyond`` or ``barred``."""
        if self.is_barred[i]:
            return "barred"
        if self.chances[i, 0] >= self.question.level:
            return "already"
        return "reached" if np.isfinite(self.needed[i]) else "beyond"

    def those(self, state: str) -> list[int]:
        """Return the countries that end so: those that need least, then the likeliest, first."""
        found = [i for i in range(len(self.country)) if self.state(i) == state]
        way = np.abs(self.needed - self.lever.start)
        return sorted(found, key=lambda i: (way[i], -self.chances[i].max(), self.country[i]))
