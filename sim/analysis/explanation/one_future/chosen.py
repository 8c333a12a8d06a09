"""What a country chose in one month of one future, and all that the choice rests on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from sim.analysis.explanation.one_future.asking import OfferStanding, asked
from sim.analysis.explanation.one_future.behind import (
    FactBehind,
    NumberBehind,
    facts_behind,
    numbers_behind,
)
from sim.analysis.explanation.one_future.flips import Flips, find_flips
from sim.analysis.explanation.one_future.peers import Peer, committed_peers
from sim.words.titles import country_names, path_title

if TYPE_CHECKING:
    from sim.analysis.explanation.one_future.weighed import Weighed
    from sim.model.tracing import Moment
    from sim.model.world.building import Built


@dataclass(frozen=True)
class Chosen:
    """What a country chose in one month of one future, and all that the choice rests on.

    Parameters
    ----------
    weighed : Weighed
        What it weighed.
    moment : Moment
        The future at the start of the month.
    chosen_by : str
        How the month was chosen: "given", "signature" or "last".
    """

    weighed: Weighed
    moment: Moment
    chosen_by: str

    @property
    def built(self) -> Built:
        """The world."""
        return self.weighed.built

    @property
    def name(self) -> str:
        """The country, as readers know it."""
        return country_names()[self.weighed.country]

    @property
    def paths(self) -> tuple[int, ...]:
        """The paths that count: the present one, the best option, the next, in this order."""
        found = (self.weighed.present, self.weighed.preferred, self.weighed.runner_up)
        return tuple(dict.fromkeys(path for path in found if path is not None))

    @property
    def against(self) -> tuple[int, int] | None:
        """The path whose reasons are told, and the present one; None if nothing else is open."""
        path = self.weighed.compared
        return None if path is None else (path, self.weighed.present)

    @property
    def reasons(self) -> dict[str, float]:
        """What each term adds to the path that is told of, against staying; utility."""
        return {} if self.against is None else self.weighed.reasons(*self.against)

    @property
    def luck(self) -> float:
        """What the month's chance adds to the path that is told of, against staying; utility."""
        if self.against is None:
            return 0.0
        path, base = self.against
        return float(self.weighed.luck[path] - self.weighed.luck[base])

    @cached_property
    def asked(self) -> list[OfferStanding]:
        """How it stands with each offer."""
        return asked(self.weighed)

    @cached_property
    def peers(self) -> list[Peer]:
        """Its committed peers, those that mattered most first."""
        path, base = self.against or (self.weighed.present, self.weighed.present)
        return committed_peers(self.weighed, path, base)

    @cached_property
    def flips(self) -> Flips:
        """The smallest single changes after which it would have chosen otherwise."""
        return find_flips(self.weighed, self.moment, self.peers)

    @cached_property
    def numbers(self) -> list[NumberBehind]:
        """The numbers of the scenario behind each term of the paths that count."""
        return numbers_behind(self.weighed, self.paths)

    @cached_property
    def facts(self) -> list[FactBehind]:
        """The facts behind each term of the paths that count."""
        return facts_behind(self.weighed, self.paths)

    def path_title(self, path: int) -> str:
        """Return the title of a path."""
        return path_title(self.built.axes.path[path], self.built.scenario)
