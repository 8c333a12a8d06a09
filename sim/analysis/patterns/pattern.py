"""A pattern: what is claimed, the statistic that tests it, and when it counts as holding."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.analysis.patterns.record import ObservedStatistic
    from sim.analysis.patterns.simulations import Simulations

ABOVE, BELOW = "above", "below"


@dataclass(frozen=True)
class Pattern:
    """One claim about how countries align, with the statistic that tests it.

    Parameters
    ----------
    name : str
        Identifies it: lower-case words with hyphens.
    sentence : str
        The pattern in words.
    statistic : str
        What is computed, in words; without a full stop.
    unit : str
        Of the statistic.
    simulations : str
        Scenarios that are simulated, and how two of them are compared.
    threshold : float
        The value that the statistic has where the pattern is absent, or the smallest share that
        the sentence names.
    side : str
        ABOVE or BELOW: on which side of the threshold the pattern is.
    simulate : callable
        Returns the statistic of each future, shape (R,); NaN where it is not defined.
    on_record : callable, optional
        Returns the same statistic of earlier programmes; left out where history has none.
    """

    name: str
    sentence: str
    statistic: str
    unit: str
    simulations: str
    threshold: float
    side: str
    simulate: Callable[[Simulations], NDArray[np.float64]]
    on_record: Callable[[], ObservedStatistic] | None = None

    @property
    def must_be(self) -> str:
        """When the pattern is there, in words.

        Examples
        --------
        >>> Pattern("p", "", "", "", "", 0.5, ABOVE, lambda s: np.zeros(1)).must_be
        'above 0.5'
        """
        return f"{self.side} {self.threshold:g}"

    def shows(self, values: NDArray[np.float64] | np.float64) -> NDArray[np.bool_]:
        """Return where values lie on the pattern's side of the threshold; never where NaN."""
        if self.side == ABOVE:
            return np.asarray(values > self.threshold)
        return np.asarray(values < self.threshold)

    def holds(self, values: NDArray[np.float64]) -> bool:
        """Return whether the pattern holds in the futures, or programmes, that are not NaN.

        It does if the mean over them is on the right side of the threshold and so are more than
        half of them. One extreme future cannot then make it hold, nor can many faint ones hide a
        mean that says the opposite.

        Examples
        --------
        >>> pattern = Pattern("p", "", "", "", "", 0.0, ABOVE, lambda s: np.zeros(1))
        >>> pattern.holds(np.array([1.0, 2.0, np.nan])), pattern.holds(np.array([9.0, -1.0, -1.0]))
        (True, False)
        """
        known = values[~np.isnan(values)]
        if known.size == 0:
            return False
        return bool(self.shows(np.float64(known.mean())) and self.shows(known).mean() > 0.5)
