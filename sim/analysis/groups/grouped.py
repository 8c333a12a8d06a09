"""What groups of countries come to at the end of a run, or of two that are compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.analysis.groups.totals import GroupTotals
    from sim.scenario import Scenario


@dataclass(frozen=True)
class Grouped:
    """What groups of countries come to at the end of a run, or of two that are compared.

    Parameters
    ----------
    scenario : Scenario
        The one whose numbers these are; of a comparison the second.
    start : Scenario or None
        The scenario that changes are counted from; None without a comparison.
    months : tuple of str
        Months covered; the numbers hold at the end of the last.
    replicates, seed : int
        Of the futures.
    providers : mapping of str to str
        Name of each provider for readers, by key.
    standings : mapping of str to str
        Title of each group of paths, by key; see `sim.analysis.standing`.
    totals : tuple of GroupTotals
        One for each group.
    homes : tuple of str
        Countries that are the home of a provider, and so do not decide.
    members_as_of : str
        As of when the memberships hold, in words.
    """

    scenario: Scenario
    start: Scenario | None
    months: tuple[str, ...]
    replicates: int
    seed: int
    providers: Mapping[str, str]
    standings: Mapping[str, str]
    totals: tuple[GroupTotals, ...]
    homes: tuple[str, ...]
    members_as_of: str
