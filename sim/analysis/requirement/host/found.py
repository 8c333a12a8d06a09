"""The most that a country can ask: the numbers, and who has the places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.analysis.requirement.question import Question
    from sim.analysis.requirement.trials import Positions

    Array = NDArray[np.float64]


@dataclass(frozen=True)
class Standing:
    """What countries are worth to the provider at the start of each future; axes R and n.

    Parameters
    ----------
    worth : ndarray, shape (R, n)
        In the provider's utility; minus infinity for a country that cannot be asked.
    places : ndarray, shape (R,)
        Places that the record leaves free; infinite where there is no limit.
    """

    worth: Array
    places: Array


@dataclass(frozen=True)
class Rivals:
    """Who has the places while one country has one of them; axis R.

    Parameters
    ----------
    next : ndarray of int, shape (R,)
        The best country left outside; -1 where there is none.
    yields : ndarray, shape (R,)
        What that one yields; 0 where there is none.
    rank : ndarray of int, shape (R,)
        Place of the country among all by what each yields, from 1.
    """

    next: NDArray[np.int64]
    yields: Array
    rank: NDArray[np.int64]


@dataclass(frozen=True)
class Bargain:
    """The most that a country can ask; axis m is what it asks, on the way to the limits.

    Parameters
    ----------
    question : Question
        Its level is the share of futures in which the provider must accept.
    country : tuple of str
        Axis n, that of ``rivals.next``.
    asks : tuple of tuple of int
        Positions of the levers, rising.
    cost : ndarray, shape (m,)
        What each costs the provider, in its utility.
    signs : ndarray, shape (m,)
        Probability that the country signs when asked, on these terms for it alone.
    others_sign : ndarray, shape (n,)
        Probability that each country signs when asked, on the terms as they stand.
    accepted, low, high : ndarray, shape (m,)
        Share of futures in which the provider gives what is asked, with its 90 % interval.
    bearable : ndarray, shape (m,)
        The highest price of going all the way with every lever, as a multiple of those given, at
        which the provider still accepts in that share of futures; NaN for asking nothing.
    standing : Standing
    rivals : Rivals
        On the terms as they stand.
    most, most_low, most_high : float
        Index on the way of the most that it can ask; -1 where the provider would rather have
        another country whatever is asked.
    seed, replicates : int
    """

    question: Question
    country: tuple[str, ...]
    asks: tuple[Positions, ...]
    cost: Array
    signs: Array
    others_sign: Array
    accepted: Array
    low: Array
    high: Array
    bearable: Array
    standing: Standing
    rivals: Rivals
    most: float
    most_low: float
    most_high: float
    seed: int
    replicates: int

    def value(self, j: int, at: float) -> float:
        """Return a lever at a place on the way."""
        lever = self.question.levers[j]
        values = [lever.value(positions[j]) for positions in self.asks]
        return float(np.interp(at, np.arange(len(values)), values))

    def shares_of_next(self) -> list[tuple[int, float]]:
        """Return who would be next, with the share of futures, the most frequent first."""
        found, counts = np.unique(self.rivals.next, return_counts=True)
        order = np.argsort(-counts, kind="stable")
        total = self.rivals.next.size
        return [(int(found[k]), float(counts[k]) / total) for k in order if found[k] >= 0]
