"""An answer to what it would take: the terms, their interval, what binds, who else moves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.analysis.requirement.searching import cost_of

if TYPE_CHECKING:
    from sim.analysis.requirement.bound import Binding
    from sim.analysis.requirement.catalogue import Movable
    from sim.analysis.requirement.moving import Moves
    from sim.analysis.requirement.question import Question
    from sim.analysis.requirement.trials import Positions
    from sim.analysis.shared.estimates import Estimate

ALREADY, REACHED, BARELY, BEYOND = "already", "reached", "barely", "beyond"
GIVEN = "given"
STATES = {
    ALREADY: "the level is reached on the terms as they stand",
    REACHED: "the level is reached, with a margin for Monte Carlo error",
    BARELY: "the level is reached within the limits, without the margin",
    BEYOND: "the level is not reached within the limits",
    GIVEN: "the terms were given, not searched for",
}


@dataclass(frozen=True)
class Tried:
    """Some terms and how likely the country is to sign on them.

    Parameters
    ----------
    positions : tuple of int
        Of the levers.
    chance : Estimate
    """

    positions: Positions
    chance: Estimate


@dataclass(frozen=True)
class LeverInterval:
    """A lever at the answer, with the 90 % interval of where the level is reached.

    Parameters
    ----------
    value : float
    low, high : float
        Ends of the interval, in the order of better terms for the host; the second is infinite
        where the level may not be reached within the limits.
    """

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Certificate:
    """The answer in fresh futures.

    Parameters
    ----------
    seed, replicates : int
    before, after : Estimate
        On the terms as they stand, and on those of the answer.
    """

    seed: int
    replicates: int
    before: Estimate
    after: Estimate

    def confirms(self, level: float) -> bool:
        """Return whether the level is reached in the fresh futures too."""
        return self.after.mean >= level


@dataclass(frozen=True)
class Found:
    """What it would take for a country to sign.

    Parameters
    ----------
    question : Question
    state : str
        One of `STATES`.
    as_it_is : Estimate
        How likely it is to sign on the terms as they stand.
    set_aside : Estimate
        The same with a place set aside for it, where the terms are for it alone; else as it is.
    answer : Tried
        The least that is enough; where nothing is, the best that can be had.
    spans : tuple of LeverInterval
        For each lever.
    trials : tuple of Tried
        All terms that were tried, in the order of their cost.
    curve : tuple of Tried
        On the way from where the levers stand over the answer to their limits.
    frontier : tuple of (Tried, bool)
        With two levers or more, the least of the second at levels of the first, and whether it is
        enough.
    binding : tuple of Binding
        As it is, and at the answer.
    moves : Moves
        Who else moves, in the futures of the certificate.
    moves_by_terms : Moves or None
        The same against a place set aside on the terms as they stand, where the terms are for the
        country alone; None where they are for all, or there are no better ones.
    certificate : Certificate
    costs : mapping of tuple of int to (float, float)
        Megawatts that the country takes and USD million that a partnership costs the provider, by
        terms: where the levers stand, the answer, and the frontier.
    has_falls : bool
        Whether the probability falls somewhere on the way to better terms.
    seed, replicates : int
    """

    question: Question
    state: str
    as_it_is: Estimate
    set_aside: Estimate
    answer: Tried
    spans: tuple[LeverInterval, ...]
    trials: tuple[Tried, ...]
    curve: tuple[Tried, ...]
    frontier: tuple[tuple[Tried, bool], ...]
    binding: tuple[Binding, ...]
    moves: Moves
    moves_by_terms: Moves | None
    certificate: Certificate
    costs: dict[Positions, tuple[float, float]]
    has_falls: bool
    seed: int
    replicates: int

    @property
    def levers(self) -> tuple[Movable, ...]:
        """The levers that may move."""
        return self.question.levers

    @property
    def cost(self) -> float:
        """What the answer costs, in shares of the way times prices."""
        return cost_of(self.levers, self.answer.positions)

    @property
    def moved(self) -> list[int]:
        """The levers that the answer moves."""
        return [j for j, position in enumerate(self.answer.positions) if position]

    @property
    def is_reached(self) -> bool:
        """Whether the level is reached within the limits."""
        return self.state != BEYOND
