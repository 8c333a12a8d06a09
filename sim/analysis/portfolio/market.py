"""A world in which one offer is made to any set of countries, and what its provider can give."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.analysis.portfolio.objective import PathWorth
from sim.model.layout import LIVE, SIGNED, STALLED
from sim.model.rows import FUTURES_PER_DRAW
from sim.words.titles import country_names

if TYPE_CHECKING:
    from sim.model.world.building import Built

Values = NDArray[np.float64]
TOLERANCE = 1e-9
_STANDS = (SIGNED, LIVE, STALLED)


def own_draws(n_futures: int) -> NDArray[np.uint64]:
    """Return replicates that each have their own draw of the uncertain numbers.

    Four successive replicates share a draw, so that runs can tell chance from numbers. Means are
    more precise if no two futures share one.
    """
    return np.arange(n_futures, dtype=np.uint64) * np.uint64(FUTURES_PER_DRAW)


@dataclass(frozen=True)
class Market:
    """One offer by selection, and the countries that it could be made to.

    Countries are indices on the axis of countries of the world.

    Parameters
    ----------
    built : Built
        The scenario, built.
    o : int
        Index of the offer.
    candidates : tuple of int
        Countries that the offer can be made to.
    """

    built: Built
    o: int
    candidates: tuple[int, ...]

    @property
    def offer(self) -> str:
        """Reference of the offer, such as ``us.infrastructure``."""
        axes = self.built.axes
        return f"{axes.offer_provider[self.o]}.{axes.offer_key[self.o]}"

    @property
    def provider(self) -> str:
        """Short name of its provider."""
        return self.built.axes.offer_provider[self.o]

    @property
    def p(self) -> int:
        """Index of its provider."""
        return self.built.axes.provider.index(self.provider)

    @cached_property
    def held(self) -> tuple[int, ...]:
        """Countries that hold the offer at the start: they take places, and are not asked."""
        return held_at_start(self.built, self.o)

    @cached_property
    def worth(self) -> PathWorth:
        """What a country on each path is to the provider."""
        axes, world = self.built.axes, self.built.world
        member = np.array([[p in held for p in axes.provider] for held in axes.path_providers])
        own = member[:, self.p]
        return PathWorth(
            np.array([axes.offer[self.o] in held for held in axes.path_offers]),
            own,
            member.sum(axis=1) - own,
            world.share,
        )

    def name(self, i: int) -> str:
        """Return the name of a country for readers."""
        code = self.built.axes.country[i]
        return country_names().get(code, code)

    def codes(self, chosen: Iterable[int]) -> tuple[str, ...]:
        """Return the codes of countries."""
        return tuple(self.built.axes.country[i] for i in chosen)

    def asking(self, chosen: Iterable[int]) -> Built:
        """Return the world in which the offer is made to these countries alone.

        Partners on record keep it, and all other offers are made as before.
        """
        start = self.built.world.start.copy()
        column = start["is_excluded"][:, self.o]
        kept = [*self.held, *chosen]
        was = column[kept].copy()
        column[:] = 1
        column[kept] = was
        return replace(self.built, world=self.built.world._replace(start=start))


def held_at_start(built: Built, o: int) -> tuple[int, ...]:
    """Return the countries that hold an offer at the start."""
    stage = built.world.start["stage"][:, o]
    return tuple(np.flatnonzero((stage >= min(_STANDS)) & (stage <= max(_STANDS))).tolist())


@dataclass(frozen=True)
class Limits:
    """What a provider has to give: places, megawatts, money.

    A limit counts what is promised: what the partners would take, were every country that is asked
    to sign. What a country takes is uncertain, so it counts with what it does not exceed in 95 % of
    the draws of the uncertain numbers. Partners on record count too.

    Parameters
    ----------
    places : int
        Countries that can hold the offer, those on record included.
    megawatts, budget_usd_m : float or None
        None for no limit.
    size_mw, bill_usd_m : ndarray, shape (n,)
        What each country counts.
    held : tuple of int
        Partners on record.
    """

    places: int
    megawatts: float | None
    budget_usd_m: float | None
    size_mw: Values
    bill_usd_m: Values
    held: tuple[int, ...]

    @property
    def to_choose(self) -> int:
        """Places that are free at the start."""
        return self.places - len(self.held)

    @property
    def loads(self) -> list[tuple[Values, float]]:
        """What each country takes of each limit, and what is left of it at the start."""
        pairs = ((self.size_mw, self.megawatts), (self.bill_usd_m, self.budget_usd_m))
        taken = [*self.held]
        return [(load, most - float(load[taken].sum())) for load, most in pairs if most is not None]

    def raised(self, name: str, step: float) -> Limits:
        """Return the same with ``megawatts`` or ``budget_usd_m`` raised by a step."""
        if name == "megawatts":
            return replace(self, megawatts=(self.megawatts or 0.0) + step)
        return replace(self, budget_usd_m=(self.budget_usd_m or 0.0) + step)

    def fits(self, chosen: Iterable[int]) -> bool:
        """Return whether megawatts and money suffice for a set."""
        listed = [*chosen]
        return all(float(load[listed].sum()) <= left + TOLERANCE for load, left in self.loads)

    def admit(self, chosen: Collection[int]) -> bool:
        """Return whether a set can be asked: places, megawatts and money suffice."""
        return len(chosen) <= self.to_choose and self.fits(chosen)
