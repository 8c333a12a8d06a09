"""The tables of a comparison, whether it is still in memory or was read back from the disk."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.tables import Column
    from sim.scenario import Scenario


class ComparisonTables(ABC):
    """Two scenarios in the same futures, and what differs between them.

    Parameters
    ----------
    scenario_a, scenario_b : Scenario
        Differences are b less a.
    seed, replicates : int
        The same for both.
    """

    scenario_a: Scenario
    scenario_b: Scenario
    seed: int
    replicates: int

    @abstractmethod
    def frame(self, name: str) -> pd.DataFrame:
        """Return a table by name, as a frame to be treated as read-only."""

    @abstractmethod
    def columns(self, name: str) -> tuple[Column, ...]:
        """Return what each column of a table holds, with its unit."""

    @property
    def countries(self) -> pd.DataFrame:
        """One row a country and outcome: its odds in both, and the paired difference."""
        return self.frame("countries")

    @property
    def totals(self) -> pd.DataFrame:
        """One row an outcome at the horizon: both means, and the paired difference."""
        return self.frame("totals")

    @property
    def changes(self) -> pd.DataFrame:
        """One row a number or word in which the two scenarios differ."""
        return self.frame("changes")

    @property
    def notes(self) -> tuple[str, ...]:
        """What could not be paired and how it was treated."""
        return tuple(self.frame("notes")["note"])
