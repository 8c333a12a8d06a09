"""Why a country chose as it did in one month of one future."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from sim.analysis.answers import Answer
from sim.analysis.explanation.asking import Asked, asked
from sim.analysis.explanation.behind import FactBehind, NumberBehind, facts_behind, numbers_behind
from sim.analysis.explanation.flips import Flips, find_flips
from sim.analysis.explanation.peers import Peer, committed_peers
from sim.analysis.explanation.weighed import Weighed, first_signature
from sim.model.tracing import FollowedFutures
from sim.words.titles import country_names, path_title

if TYPE_CHECKING:
    from sim.analysis.explanation.asked_of import Futures
    from sim.experiment.tables import Table
    from sim.model.tracing import Moment
    from sim.model.world.building import Built


@dataclass(frozen=True)
class WhyInFuture(Answer):
    """Why a country chose as it did in one month of one future.

    Parameters
    ----------
    weighed : Weighed
        What it weighed.
    moment : Moment
        The future at the start of the month.
    chosen_by : str
        How the month was chosen: "given", "signature" or "last".
    """

    NAME = "why"

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
    def title(self) -> str:
        """What it is about, as a title."""
        return f"Why {self.name} chose as it did in {self.weighed.month}"

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
    def asked(self) -> list[Asked]:
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

    def tables(self) -> tuple[Table, ...]:
        """All tables, each with the description of its columns."""
        from sim.analysis.explanation.future_tables import future_tables

        return future_tables(self)

    def sentences(self) -> list[str]:
        """Return why, in words: the first two are fit to be quoted."""
        from sim.analysis.explanation.future_words import future_sentences

        return future_sentences(self)

    def __repr__(self) -> str:
        weighed = self.weighed
        return f"<Why {weighed.country} in {weighed.month} of future {weighed.replicate}>"


def why_in_future(
    futures: Futures, i: int, replicate: int, t: int | None, offers: tuple[int, ...] | None
) -> WhyInFuture:
    """Return why a country chose as it did in one month of one future.

    Parameters
    ----------
    futures : Futures
    i : int
        The country.
    replicate : int
    t : int or None
        The month; that of the first signature, else the last, where None is given.
    offers : tuple of int or None
        Offers whose first signature counts; all for None.
    """
    followed = FollowedFutures(futures.built, futures.seed, [replicate])
    trace = followed.trace(0, [i])
    chosen_by = "given"
    if t is None:
        t, chosen_by = first_signature(futures.built, trace, 0, i, offers), "signature"
    if t is None:
        t, chosen_by = futures.built.world.n_months - 1, "last"
    _, moment = followed.begin(0, [i], t)
    weights = followed.draw(0).weight
    return WhyInFuture(
        Weighed(futures.built, replicate, weights, trace, 0, i, t), moment, chosen_by
    )
