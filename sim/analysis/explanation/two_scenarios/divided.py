"""The difference of two scenarios, divided among countries and what decided."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.explanation.two_scenarios.causes import CAUSES
from sim.analysis.shared.estimates import Estimate, estimate, estimates
from sim.experiment.outcomes import SHARES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.analysis.quantities import Quantity
    from sim.scenario import Scenario

    Array = NDArray[np.float64]


@dataclass(frozen=True)
class Divided:
    """The difference of two scenarios, divided among countries and what decided.

    Parameters
    ----------
    scenario_a, scenario_b : Scenario
        The difference is b less a.
    quantity : Quantity
        The outcome.
    months : tuple of str
        Months that both cover; the outcome is that at the end of the last.
    countries : tuple of str
        Codes of the countries of either, axis n.
    in_a, in_b : ndarray, shape (R, n)
        What each country adds to the outcome in each future.
    parts : ndarray, shape (R, n, causes)
        The difference of the two by what decided; causes as in `CAUSES`.
    seed : int
    """

    scenario_a: Scenario
    scenario_b: Scenario
    quantity: Quantity
    months: tuple[str, ...]
    countries: tuple[str, ...]
    in_a: Array
    in_b: Array
    parts: Array
    seed: int

    @property
    def replicates(self) -> int:
        """Futures of each run."""
        return int(self.parts.shape[0])

    @cached_property
    def total_a(self) -> Estimate:
        """The outcome in the first scenario."""
        return estimate(self.in_a.sum(axis=1))

    @cached_property
    def total_b(self) -> Estimate:
        """The outcome in the second."""
        return estimate(self.in_b.sum(axis=1))

    @cached_property
    def difference(self) -> Estimate:
        """The second less the first."""
        return estimate((self.in_b - self.in_a).sum(axis=1))

    @cached_property
    def by_cause(self) -> dict[str, Estimate]:
        """The difference by what decided; the means add up to that of the difference."""
        return _estimates(CAUSES, self.parts.sum(axis=1))

    @cached_property
    def by_country(self) -> dict[str, Estimate]:
        """The difference by country; the means add up to that of the difference.

        No country can move by more than it counts in either scenario.
        """
        most = np.maximum(self.in_a, self.in_b).max(axis=0)
        found = _estimates(self.countries, self.parts.sum(axis=2))
        return {
            name: replace(each, low=max(each.low, -bound), high=min(each.high, bound))
            for (name, each), bound in zip(found.items(), most.tolist(), strict=True)
        }

    @cached_property
    def by_region(self) -> dict[str, Estimate]:
        """The difference by UN region; the means add up to that of the difference."""
        from sim.data import load_facts

        region = load_facts().countries["un_region"].loc[list(self.countries)].to_numpy(str)
        names = sorted({*region})
        each = self.parts.sum(axis=2)
        return _estimates(
            names, np.stack([each[:, region == name].sum(axis=1) for name in names], axis=1)
        )

    @property
    def is_share(self) -> bool:
        """Whether the outcome is a probability or a share, which readers see in per cent."""
        return self.quantity.is_probability or self.quantity.outcome in SHARES

    def rest(self, by: str, shown: Collection[str]) -> Estimate | None:
        """Return the part of all causes or countries but some; None if there is none.

        Parameters
        ----------
        by : str
            "cause" or "country".
        shown : collection of str
            Those that are left out.
        """
        axis, names = (1, CAUSES) if by == "cause" else (2, self.countries)
        others = np.array([name not in shown for name in names])
        left = self.parts.sum(axis=axis)[:, others]
        return estimate(left.sum(axis=1)) if left.any() else None

    @cached_property
    def by_both(self) -> Array:
        """Mean over futures by country and cause, (n, causes)."""
        return np.asarray(self.parts.mean(axis=0))


def _estimates(names: Sequence[str], values: Array) -> dict[str, Estimate]:
    return dict(zip(names, estimates(values), strict=True))
