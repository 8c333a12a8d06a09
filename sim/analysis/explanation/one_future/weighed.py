"""What one country weighed in one month of one future."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.model.layout import EVERYTHING, NEVER, NO_REVIEW

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.model.followed import Trace
    from sim.model.world.building import Built


@dataclass(frozen=True)
class Weighed:
    """What one country weighed in one month of one future.

    Parameters
    ----------
    built : Built
    replicate : int
        Which future.
    weights : record
        The parameters in this future, as the rule reads them.
    trace : Trace
    c : int
        Place of the country among those that were followed.
    i : int
        Index of the country.
    t : int
        Index of the month.
    """

    built: Built
    replicate: int
    weights: Any
    trace: Trace
    c: int
    i: int
    t: int

    @property
    def country(self) -> str:
        """Code of the country."""
        return self.built.axes.country[self.i]

    @property
    def month(self) -> str:
        """The month, "YYYY-MM"."""
        return self.built.axes.month[self.t]

    @property
    def present(self) -> int:
        """The path on which it is when reviews are due."""
        return int(self.trace.path[self.t, self.i])

    @property
    def has_reviewed(self) -> bool:
        """Whether it takes the question up this month."""
        return bool(self.trace.intention[self.t, self.c] != NEVER)

    @property
    def topic(self) -> int | None:
        """The offer alone that it reviews; None where it reviews everything or nothing."""
        found = int(self.trace.topic[self.t, self.c])
        return None if found in (int(EVERYTHING), int(NO_REVIEW)) else found

    @property
    def choice(self) -> int:
        """The path that it is on after the month's reviews."""
        return int(self.trace.intention[self.t, self.c]) if self.has_reviewed else self.present

    @cached_property
    def options(self) -> NDArray[np.int64]:
        """The paths that are open in its review; without one, in a review of everything."""
        return np.flatnonzero(self.trace.is_option[self.t, self.c])

    @property
    def term(self) -> NDArray[np.float64]:
        """Each term of each path, utility, shape (K, terms)."""
        return np.asarray(self.trace.term[self.t, self.c])

    @property
    def value(self) -> NDArray[np.float64]:
        """Systematic utility of each path, shape (K,): its terms, summed in their order."""
        return np.asarray(self.trace.value[self.t, self.c])

    @property
    def luck(self) -> NDArray[np.float64]:
        """What the month's chance adds to each path, utility, shape (K,)."""
        return np.asarray(self.trace.scale[self.t] * self.trace.noise[self.t, self.c])

    @property
    def total(self) -> NDArray[np.float64]:
        """What each path is worth with the month's chance, utility, shape (K,)."""
        return self.value + self.luck

    @cached_property
    def preferred(self) -> int:
        """The best option: what it chooses, or would have chosen had it looked."""
        return int(self.options[np.argmax(self.total[self.options])])

    @cached_property
    def runner_up(self) -> int | None:
        """The best of the other options; None if there is no other."""
        others = self.options[self.options != self.preferred]
        return int(others[np.argmax(self.total[others])]) if others.size else None

    @property
    def margin(self) -> float:
        """What the best option is worth above the next, utility; infinite without another."""
        if self.runner_up is None:
            return float("inf")
        return float(self.total[self.preferred] - self.total[self.runner_up])

    @property
    def compared(self) -> int | None:
        """The path whose reasons are told, against staying.

        The best option; where staying is the best, the runner-up; None if nothing else is open.
        """
        return self.preferred if self.preferred != self.present else self.runner_up

    def reasons(self, path: int, base: int) -> dict[str, float]:
        """Return each term of a path less that of another, utility."""
        difference = self.term[path] - self.term[base]
        return dict(zip(self.built.axes.term, map(float, difference), strict=True))

    def offers_of(self, path: int) -> list[int]:
        """Return the offers that a path holds."""
        return [int(o) for o in self.built.world.path_offer[path] if o >= 0]

    def offer_field(self, o: int, name: str) -> float:
        """Return a term of an offer as it stands this month; infinite for no limit."""
        names = self.built.offer.dtype.names
        assert names is not None
        return float(self.trace.offer_number[self.t, o, names.index(name)])

    def provider_field(self, p: int, name: str) -> float:
        """Return a term of a provider as it stands this month."""
        names = self.built.provider.dtype.names
        assert names is not None
        return float(self.trace.provider_number[self.t, p, names.index(name)])


def first_signature(
    built: Built, trace: Trace, c: int, i: int, offers: tuple[int, ...] | None = None
) -> int | None:
    """Return the first month in which a country signs an offer by its own review; None if never.

    Parameters
    ----------
    built : Built
    trace : Trace
    c, i : int
        Place of the country among those followed, and its index.
    offers : tuple of int, optional
        Offers that count; all unless given.
    """
    holds = holdings(built, offers)
    before, chosen = trace.path[:-1, i], trace.intention[:, c]
    signs = (chosen != NEVER) & (holds[chosen] & ~holds[before]).any(axis=1)
    found = np.flatnonzero(signs)
    return int(found[0]) if found.size else None


def holdings(built: Built, offers: tuple[int, ...] | None = None) -> NDArray[np.bool_]:
    """Return which offers each path holds, shape (K, offers asked for)."""
    wanted = range(len(built.axes.offer)) if offers is None else offers
    held = built.world.path_offer
    return np.stack([(held == o).any(axis=1) for o in wanted], axis=1)
