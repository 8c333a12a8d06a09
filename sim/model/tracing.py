"""Futures followed from Python: one at a time, from its start, or on from a month that was kept."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from sim.model.drawn import Drawn
from sim.model.followed import Trace, follow, make_trace
from sim.model.layout import EVENT_DTYPE, NEVER, Draw, State, World, make_state
from sim.model.mechanism.terms import N_TERMS
from sim.model.record import Record, make_record
from sim.model.rows import draw_inputs, sizes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.model.rows import Progress
    from sim.model.world.building import Built

T = TypeVar("T")
# Futures that wait for each thread: enough to keep it busy, few enough to bound memory.
_WAITING = 4


def _copied(value: Any) -> Any:
    """Return a named tuple of arrays with copies of them; anything else as it is."""
    if isinstance(value, tuple):
        return type(value)(*map(_copied, value))
    return value.copy() if isinstance(value, np.ndarray) else value


def _own(draw: Draw) -> Draw:
    """Return what a future has of its own, with terms that events can change without the other."""
    offer, provider = draw.offer.copy(), draw.provider.copy()
    return draw._replace(
        offer=offer,
        provider=provider,
        offer_number=offer.view(np.float64).reshape(offer.size, -1),
        provider_number=provider.view(np.float64).reshape(provider.size, -1),
    )


@dataclass(frozen=True)
class Change:
    """A term of an offer or a provider that is set in a month, as a dated event sets it.

    Parameters
    ----------
    kind : int
        ``SET_OFFER`` or ``SET_PROVIDER`` of `sim.model.layout`.
    row, column : int
        The offer or provider, and the field of its record.
    value : float
        Infinite for no limit.
    """

    kind: int
    row: int
    column: int
    value: float


class FollowedFutures:
    """Some futures of a scenario, each to be followed when it is asked for.

    Parameters
    ----------
    built : Built
        The world.
    seed : int
        0 to 2**32 - 1.
    replicates : sequence of int
        Which futures of an ensemble with this seed.
    """

    def __init__(self, built: Built, seed: int, replicates: Sequence[int]) -> None:
        self.built = built
        self.seed = seed
        self._drawn = Drawn(built, seed, draw_inputs(built, seed, list(replicates)))

    def __len__(self) -> int:
        return len(self._drawn)

    def draw(self, r: int) -> Draw:
        """Return what the future at place `r` has of its own; events may change it."""
        return _own(self._drawn[r])

    def trace(self, r: int, who: Sequence[int], n_months: int | None = None) -> Trace:
        """Return what the future at place `r` was to some countries.

        Parameters
        ----------
        r : int
            Place among the futures.
        who : sequence of int
            Indices of countries.
        n_months : int, optional
            The first months that are traced; all unless given.
        """
        return self.begin(r, who, n_months or self.built.world.n_months)[0]

    def begin(self, r: int, who: Sequence[int], n_months: int) -> tuple[Trace, Moment]:
        """Return the trace of a future's first months, and where it stands after them."""
        world = self.built.world
        state = make_state(*sizes(self.built), N_TERMS)
        moment = Moment(self.built, world, self.draw(r), state, np.array(who, np.int64), 0)
        return moment.on(n_months)

    def each(
        self,
        who: Callable[[int], Sequence[int]],
        read: Callable[[int, Trace], T],
        workers: int | None = None,
        progress: Progress | None = None,
        n_months: int | None = None,
    ) -> Iterator[T]:
        """Follow every future, and yield what is read from each trace, in order.

        Parameters
        ----------
        who : callable
            Returns the countries that are followed in the future at a place.
        read : callable
            Takes the place and the trace; what it returns is kept, the trace is not.
        workers : int, optional
            Threads; one a core unless given.
        progress : callable, optional
            Called with (futures done, futures in all) from the calling thread.
        n_months : int, optional
            The first months that are traced; all unless given.
        """
        threads = workers or os.cpu_count() or 1

        def run(r: int) -> T:
            return read(r, self.trace(r, who(r), n_months))

        with ThreadPoolExecutor(threads) as pool:
            for begin in range(0, len(self), threads * _WAITING):
                places = range(begin, min(begin + threads * _WAITING, len(self)))
                for r, found in zip(places, pool.map(run, places), strict=True):
                    yield found
                    if progress is not None:
                        progress(r + 1, len(self))


@dataclass(frozen=True)
class Moment:
    """Where a future stands at the start of a month, to be carried on from there as often as liked.

    Parameters
    ----------
    built : Built
    world : World
    draw : Draw
    state : State
        At the end of the month before; set by the first step where `t` is 0.
    who : ndarray of int64, shape (c,)
        Countries that are followed.
    t : int
        Index of the month.
    """

    built: Built
    world: World
    draw: Draw
    state: State
    who: NDArray[np.int64]
    t: int

    def on(
        self, n_months: int, change: Change | None = None, hidden: int = int(NEVER)
    ) -> tuple[Trace, Moment]:
        """Return the trace of the next months, and where the future stands after them.

        Parameters
        ----------
        n_months : int
            How many months.
        change : Change, optional
            A term that is set in the first of them, after all other events of that month.
        hidden : int
            A peer whose commitments the followed countries do not see; NEVER: none.
        """
        last = self.t + n_months
        world, draw = self.world, _own(self.draw)
        if change is not None:
            world, draw = _with_change(world, draw, self.t, change)
        state = _copied(self.state)
        trace = self._blank(last)
        record = self._record(last)
        follow(world, draw, state, record, self.who, self.t, last, hidden, trace)
        return trace, Moment(self.built, world, draw, state, self.who, last)

    def _blank(self, n_months: int) -> Trace:
        return make_trace(
            self.who.size,
            n_months,
            *sizes(self.built),
            self.draw.offer_number.shape[1],
            self.draw.provider_number.shape[1],
        )

    def _record(self, n_months: int) -> Record:
        return make_record(1, 1, n_months, *sizes(self.built), has_sums=False)


def _with_change(world: World, draw: Draw, t: int, change: Change) -> tuple[World, Draw]:
    """Return world and draw with one more event."""
    row = np.array([(t, change.kind, change.row, change.column, change.value)], EVENT_DTYPE)
    nobody = np.zeros((1, world.country.size))
    changed = world._replace(
        event=np.concatenate([world.event, row]),
        event_hit=np.concatenate([world.event_hit, nobody]),
        event_spill=np.concatenate([world.event_spill, nobody]),
    )
    return changed, draw._replace(event_active=np.append(draw.event_active, True))
