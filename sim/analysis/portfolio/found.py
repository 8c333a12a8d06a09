"""What a search for the best set of countries has found, checked in fresh futures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.analysis.portfolio.belonging import group_of

if TYPE_CHECKING:
    from sim.analysis.portfolio.actual import AcceptancePeriod
    from sim.analysis.portfolio.asked import Asked
    from sim.analysis.shared.estimates import Estimate
    from sim.scenario import Scenario


@dataclass(frozen=True)
class Member:
    """A country that is asked.

    Parameters
    ----------
    code, name : str
        ISO3 code and name.
    size_mw, bill_usd_m : float
        What it is promised: its data centre, and what the provider pays; means over futures.
    holds : Estimate
        Probability that it holds the offer at the end, 0-1.
    signs : Estimate
        Probability that it ever signs it, 0-1.
    camp_unasked : Estimate
        Probability that it is with the provider at the end if nobody is asked, 0-1.
    adds : Estimate
        What it adds itself to the objective, over a run in which nobody is asked.
    """

    code: str
    name: str
    size_mw: float
    bill_usd_m: float
    holds: Estimate
    signs: Estimate
    camp_unasked: Estimate
    adds: Estimate


@dataclass(frozen=True)
class Measured:
    """One measure with the countries asked, and with nobody asked."""

    name: str
    title: str
    unit: str
    asked: Estimate
    unasked: Estimate
    difference: Estimate


@dataclass(frozen=True)
class Other:
    """Another set of countries, or another rule, in the same futures.

    Parameters
    ----------
    name, title : str
    codes : tuple of str
        Countries that are asked; empty where a rule asks others from future to future.
    value : Estimate
        The objective.
    ahead : Estimate
        By how much the set that was chosen is better.
    fits : bool
        Whether the limits admit it.
    """

    name: str
    title: str
    codes: tuple[str, ...]
    value: Estimate
    ahead: Estimate
    fits: bool = True


@dataclass(frozen=True)
class Slot:
    """One place more: who takes it, and what it adds.

    Parameters
    ----------
    places : int
        Places, those of partners on record included.
    code, name : str
        The country that joins.
    value, adds : Estimate
        The objective with so many places, and what the last of them adds.
    is_beyond : bool
        Whether it is one more than there are.
    """

    places: int
    code: str
    name: str
    value: Estimate
    adds: Estimate
    is_beyond: bool


@dataclass(frozen=True)
class Further:
    """What a higher limit would add.

    Parameters
    ----------
    limit, unit : str
        ``megawatts`` or ``budget_usd_m``, and its unit.
    amount, step : float
        The limit, and by how much it is raised.
    promised : float
        What the countries that are asked, and partners on record, count of the limit.
    expected : float
        What they would take on average, were all to sign.
    exceeds : Estimate
        Share of futures in which those who hold the offer at the end take more than the limit, 0-1.
    adds : Estimate
        What the step adds to the objective.
    joins, leaves : tuple of str
        Countries that would be asked then, and those that would not be asked any more.
    """

    limit: str
    unit: str
    amount: float
    step: float
    promised: float
    expected: float
    exceeds: Estimate
    adds: Estimate
    joins: tuple[str, ...]
    leaves: tuple[str, ...]


@dataclass(frozen=True)
class Belongs:
    """How often a candidate belongs to the best set, over the uncertain numbers.

    ``share`` is that of their draws, 0-1.
    """

    code: str
    name: str
    share: Estimate
    is_asked: bool

    @property
    def group(self) -> str:
        """``core``, ``fringe`` or ``never``."""
        return group_of(self.share.mean)


@dataclass(frozen=True)
class BlockingPair:
    """A country outside, and a partner or an empty place, that would both rather have each other.

    ``inside`` is "" for an empty place; ``share`` is that of the futures, with its interval.
    """

    by: str
    outside: str
    inside: str
    share: Estimate


@dataclass(frozen=True)
class Stability:
    """Blocking pairs of the outcome.

    Parameters
    ----------
    futures : int
        Futures looked at.
    empty_places : float
        Places that are empty at the end, mean over futures.
    any_pair : dict
        Share of futures with a pair, by ``objective`` and by ``ranking``.
    pairs : tuple of BlockingPair
        The most frequent first.
    """

    futures: int
    empty_places: float
    any_pair: dict[str, Estimate]
    pairs: tuple[BlockingPair, ...]


@dataclass(frozen=True)
class SearchStep:
    """One step of the search, with codes of countries."""

    kind: str
    joins: tuple[str, ...]
    leaves: tuple[str, ...]
    gain: Estimate
    is_taken: bool


@dataclass(frozen=True)
class BestSet:
    """The best set under one setting of the offer's terms."""

    name: str
    codes: tuple[str, ...]
    value: Estimate
    behind: Estimate
    is_chosen: bool


@dataclass(frozen=True)
class Selection:
    """The countries that a provider should ask, for an objective, within limits.

    Parameters
    ----------
    scenario : Scenario
        With the terms that were chosen.
    asked : Asked
        The question.
    months : tuple of str
        Months of the run; the objective is that at the end of the last.
    held : tuple of str
        Partners on record, which hold places already.
    members : tuple of Member
        Countries to ask, in the order in which they would join.
    value : Estimate
        The objective, in fresh futures.
    spread : tuple of float
        The 5 and 95 % quantiles of the objective over those futures.
    searched : float
        What it adds over asking nobody in the futures in which the set was found: too good, since
        it was chosen there.
    measures : tuple of Measured
    others : tuple of Other
    slots : tuple of Slot
    further : tuple of Further
        Empty without limits.
    belonging : tuple of Belongs
        Every candidate, the most frequent first.
    stability : Stability
    record : tuple of AcceptancePeriod
        Acceptances on record of the provider's offers.
    settings : tuple of BestSet
        Empty where the terms were not to choose.
    steps : tuple of SearchStep
    screened : int
        Sets that the search compared in simulation.
    seed, replicates, fresh_seed, draws : int
        Seed of the search; fresh futures and their seed; draws behind `belonging`.
    """

    scenario: Scenario
    asked: Asked
    months: tuple[str, ...]
    held: tuple[str, ...]
    members: tuple[Member, ...]
    value: Estimate
    spread: tuple[float, float]
    searched: float
    measures: tuple[Measured, ...]
    others: tuple[Other, ...]
    slots: tuple[Slot, ...]
    further: tuple[Further, ...]
    belonging: tuple[Belongs, ...]
    stability: Stability
    record: tuple[AcceptancePeriod, ...]
    settings: tuple[BestSet, ...]
    steps: tuple[SearchStep, ...]
    screened: int
    seed: int
    replicates: int
    fresh_seed: int
    draws: int

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the countries to ask, in the order in which they would join."""
        return tuple(member.code for member in self.members)

    @property
    def provider(self) -> str:
        """Short name of the provider."""
        return self.asked.offer.split(".")[0]

    def other(self, name: str) -> Other | None:
        """Return another set by name."""
        return next((each for each in self.others if each.name == name), None)

    @property
    def adds(self) -> Estimate:
        """What it adds to the objective over asking nobody, in fresh futures."""
        return next(each.ahead for each in self.others if each.name == "nobody")

    @property
    def holders_in_fact(self) -> tuple[str, ...]:
        """Countries that ever accepted the offer, on record."""
        return tuple(each.code for each in self.record if each.offer == self.asked.offer)

    def measure(self, name: str) -> Measured:
        """Return one of the measures by name."""
        return next(each for each in self.measures if each.name == name)
