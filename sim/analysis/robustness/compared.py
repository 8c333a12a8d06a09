"""Settings of levers compared across worlds, before they become tables and words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.analysis.robustness.measures import (
    on_front,
    percentile_from_worst,
    regret_error,
    regret_from_best,
    regret_from_expected,
    satisficing,
)

if TYPE_CHECKING:
    from sim.analysis.quantities import Quantity
    from sim.analysis.robustness.crossing import Crossing
    from sim.experiment.sweeps.stored import StoredSweep

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Compared:
    """How settings of levers fare across uncertain worlds.

    Parameters
    ----------
    sweep : StoredSweep
    crossing : Crossing
        Axes: settings A, worlds S.
    quantity : Quantity
        The outcome.
    is_more_better : bool
    outcome, error : ndarray, shape (A, S)
        The outcome and its Monte Carlo standard error.
    difference_error : ndarray, shape (A, S)
        Monte Carlo standard error of its difference from the scenario as it stands, over the same
        futures.
    threshold : float
        What is good enough.
    percent : float
        Share of the worlds, in percent, that the percentile leaves out.
    cost : ndarray, shape (A,)
        What each setting costs; see `cost_title`.
    cost_title, cost_unit : str
        Of what the cost is counted.
    """

    sweep: StoredSweep
    crossing: Crossing
    quantity: Quantity
    is_more_better: bool
    outcome: Values
    error: Values
    difference_error: Values
    threshold: float
    percent: float
    cost: Values
    cost_title: str
    cost_unit: str

    @property
    def sign(self) -> int:
        """1 if more of the outcome is better, else -1."""
        return 1 if self.is_more_better else -1

    @property
    def regret(self) -> Values:
        """Shortfall from the best setting of the same world (type II), (A, S)."""
        return regret_from_best(self.outcome, self.sign)

    @property
    def regret_error(self) -> Values:
        """At most the Monte Carlo standard error of `regret`, (A, S)."""
        return regret_error(self.outcome, self.difference_error, self.sign)

    @property
    def regret_from_expected(self) -> Values:
        """Shortfall from the same setting in the expected world (type I), (A, S)."""
        return regret_from_expected(self.outcome, self.crossing.expected, self.sign)

    @property
    def greatest_regret(self) -> Values:
        """Greatest regret of each setting over the worlds (type II), (A,)."""
        return np.asarray(self.regret.max(axis=1))

    @property
    def greatest_regret_error(self) -> Values:
        """At most the Monte Carlo standard error of `greatest_regret`, (A,)."""
        where = self.regret.argmax(axis=1)[:, None]
        return np.asarray(np.take_along_axis(self.regret_error, where, axis=1)[:, 0])

    @property
    def within_chance(self) -> NDArray[np.bool_]:
        """Settings whose greatest regret is not clearly above the least, (A,).

        Not above it by more than twice both errors together; the least regretted is among them.
        """
        more = self.greatest_regret - self.greatest_regret[self.least_regretted]
        error = self.greatest_regret_error
        found = more <= 2 * (error + error[self.least_regretted])
        found[self.least_regretted] = True
        return np.asarray(found)

    @property
    def mean(self) -> Values:
        """Mean of the outcome over the worlds, (A,)."""
        return np.asarray(self.outcome.mean(axis=1))

    @property
    def good_enough(self) -> Values:
        """Share of the worlds in which each setting is good enough, (A,), 0-1."""
        return satisficing(self.outcome, self.threshold, self.sign)

    @property
    def percentile(self) -> Values:
        """What each setting reaches in all but `percent` of the worlds, (A,)."""
        return percentile_from_worst(self.outcome, self.percent, self.sign)

    @property
    def least_regretted(self) -> int:
        """The setting with the least greatest regret; of equals, the least mean regret."""
        return int(np.lexsort((self.regret.mean(axis=1), self.greatest_regret))[0])

    @property
    def best_on_average(self) -> int:
        """The setting with the best mean over the worlds."""
        return int((self.sign * self.mean).argmax())

    @property
    def is_on_front(self) -> NDArray[np.bool_]:
        """Settings that no other beats in cost without more regret, (A,)."""
        return on_front(-self.cost, self.greatest_regret)
