"""The tables of a result, in memory or read back from disk."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.tables import Column
    from sim.scenario import Scenario


class Tables(ABC):
    """Tables by name, as tidy frames whose columns are described."""

    @abstractmethod
    def frame(self, name: str) -> pd.DataFrame:
        """Return a table by name, as a frame to be treated as read-only."""

    @abstractmethod
    def columns(self, name: str) -> tuple[Column, ...]:
        """Return the description of each column of a table, with its unit."""


class RunTables(Tables):
    """The tables of a run as tidy frames, with units in their names or column descriptions.

    Parameters
    ----------
    scenario : Scenario
        As it was run, with all changes.
    seed, replicates, futures_per_draw : int
        Futures come in groups of `futures_per_draw` that share one draw of the uncertain numbers.
    months : tuple of str
        The months covered, "YYYY-MM": the scenario's, perhaps up to an earlier one.
    """

    scenario: Scenario
    months: tuple[str, ...]
    seed: int
    replicates: int
    futures_per_draw: int

    @property
    def countries(self) -> pd.DataFrame:
        """One row per country: probabilities at the end, months of signature, drivers."""
        return self.frame("countries")

    @property
    def timeline(self) -> pd.DataFrame:
        """One row per month, path and outcome: countries on the path, their share of the world."""
        return self.frame("timeline")

    @property
    def providers(self) -> pd.DataFrame:
        """One row per month and offer: invitations, slots, stages, megawatts, funds."""
        return self.frame("providers")

    @property
    def partners(self) -> pd.DataFrame:
        """Distribution of the number of partners of each offer and provider."""
        return self.frame("partners")

    @property
    def totals(self) -> pd.DataFrame:
        """One row per outcome at the end, of a provider or of countries with two."""
        return self.frame("totals")

    @property
    def transitions(self) -> pd.DataFrame:
        """Moves between paths, for each ordered pair."""
        return self.frame("transitions")

    @property
    def countries_timeline(self) -> pd.DataFrame:
        """One row per country, month and path: the probability that it is on the path."""
        return self.frame("countries_timeline")

    @property
    def events(self) -> pd.DataFrame:
        """The events that applied, with what was on record at the start."""
        return self.frame("events")

    @property
    def parameters(self) -> pd.DataFrame:
        """Every number that was used, with unit, bounds, distribution and source."""
        return self.frame("parameters")


class ComparisonTables(Tables):
    """Two scenarios in the same futures, and what differs between them.

    Parameters
    ----------
    scenario_a, scenario_b : Scenario
        Differences are b minus a.
    months : tuple of str
        The months compared, "YYYY-MM": those that both have, perhaps up to an earlier one.
    seed, replicates : int
        The same for both.
    """

    scenario_a: Scenario
    scenario_b: Scenario
    months: tuple[str, ...]
    seed: int
    replicates: int

    @property
    def countries(self) -> pd.DataFrame:
        """One row per country and outcome: its probability in both, and the paired difference."""
        return self.frame("countries")

    @property
    def totals(self) -> pd.DataFrame:
        """One row per outcome at the end: both means, and the paired difference."""
        return self.frame("totals")

    @property
    def changes(self) -> pd.DataFrame:
        """One row per number, word or list in which the two scenarios differ."""
        return self.frame("changes")

    @property
    def notes(self) -> tuple[str, ...]:
        """What could not be paired, and how it was treated."""
        return tuple(self.frame("notes")["note"])
