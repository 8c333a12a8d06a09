"""What estimates need to be precise enough, before it becomes a table and words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.analysis.precision.estimates import QuantityEstimate


@dataclass(frozen=True)
class FuturesNeeded:
    """What one estimate needs.

    Parameters
    ----------
    estimate : QuantityEstimate
    half_width : float
        Half the width of its 90 % interval with the futures in hand.
    within : float
        Half the width that is wanted, in its unit; NaN if a share of it is wanted of a mean of 0.
    futures, low, high : float
        Futures that are enough, with a 90 % interval. Those in hand if the estimate never varies;
        NaN if ``within`` is.
    """

    estimate: QuantityEstimate
    half_width: float
    within: float
    futures: float
    low: float
    high: float

    @property
    def is_constant(self) -> bool:
        """Whether the number was the same in all futures."""
        return self.estimate.error == 0.0


@dataclass(frozen=True)
class EnoughFutures:
    """How many futures are enough.

    Parameters
    ----------
    requirements : tuple of FuturesNeeded
    futures, futures_per_draw : int
        In hand; at each point, for a sweep.
    wanted : str
        The precision that was asked for, in words.
    source : str
        What the result is.
    kind : str
        run, comparison or sweep.
    """

    requirements: tuple[FuturesNeeded, ...]
    futures: int
    futures_per_draw: int
    wanted: str
    source: str
    kind: str

    def enough(self, what: str | None = None) -> float:
        """Return how many futures are enough for all estimates, or those of one kind.

        Parameters
        ----------
        what : str, optional
            ``mean`` or ``difference``.

        Returns
        -------
        float
            NaN if no estimate says.
        """
        found = [
            each.futures
            for each in self.requirements
            if what in (None, each.estimate.what) and math.isfinite(each.futures)
        ]
        return max(found, default=math.nan)
