"""The smallest single changes after which a country would have chosen otherwise that month.

Each is tried: the future is carried to the start of the month, one thing is changed, and the rule
takes the month anew. So history is the same, and what flips has flipped.
"""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import InputError
from sim.model.layout import NEVER, SET_OFFER, SET_PROVIDER
from sim.model.tracing import Change
from sim.model.world.building import OFFER_FIELDS, PROVIDER_FIELDS
from sim.scenario import field_at, split_address
from sim.scenario.path_names import offer_id

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.analysis.explanation.one_future.peers import Peer
    from sim.analysis.explanation.one_future.weighed import Weighed
    from sim.model.tracing import Moment
    from sim.model.world.building import Built
    from sim.scenario import Lever, Scenario

# Steps of a lever's range that are tried before the first that flips is narrowed down.
_TRIED = 16
_FINEST = 1000  # a lever is narrowed down to a thousandth of its range, rounded to a decimal


@dataclass(frozen=True)
class TermFlip:
    """A term of the best option that would have to be lower for the runner-up to be chosen.

    ``value`` is the term, ``flips_at`` the value at which both are worth the same, in utility.
    """

    term: str
    value: float
    flips_at: float

    @property
    def share(self) -> float:
        """The change as a share of the term's size; infinite for a term that is 0."""
        change = abs(self.flips_at - self.value)
        return change / abs(self.value) if self.value else float("inf")


@dataclass(frozen=True)
class LeverFlip:
    """The smallest change of a lever, from the month on, after which the choice is another.

    Parameters
    ----------
    name : str
        Of the lever.
    address : str
        What it moves.
    value : float
        What it is in this future when reviews are due.
    low, high : float
        Its limits.
    flips_at : float or None
        The nearest value at which the choice is another; None if there is none within the limits.
    nearest_kept : float
        The value next to it, one step nearer to the present one, at which the choice is as it was;
        the limit that was tried last where nothing flips.
    choice : int or None
        The path that is chosen then.
    """

    name: str
    address: str
    value: float
    low: float
    high: float
    flips_at: float | None
    nearest_kept: float
    choice: int | None

    @property
    def share(self) -> float:
        """The change as a share of the lever's range; infinite where nothing flips."""
        if self.flips_at is None:
            return float("inf")
        return abs(self.flips_at - min(self.value, self.high)) / (self.high - self.low)


@dataclass(frozen=True)
class PeerFlip:
    """A peer without whose commitment the choice is another, and what is chosen then."""

    peer: Peer
    choice: int


@dataclass(frozen=True)
class Flips:
    """Every flip of one choice, the nearest of each kind first.

    Parameters
    ----------
    terms : tuple of TermFlip
        Empty without a review, or without a second option.
    levers : tuple of LeverFlip
        Every lever that can be set by a dated event, those that flip nothing last.
    fixed : tuple of str
        Levers that no dated event can set.
    peers : tuple of PeerFlip
        Those that flip alone.
    """

    terms: tuple[TermFlip, ...]
    levers: tuple[LeverFlip, ...]
    fixed: tuple[str, ...]
    peers: tuple[PeerFlip, ...]


def find_flips(weighed: Weighed, moment: Moment, peers: list[Peer]) -> Flips:
    """Return the flips of a choice.

    Parameters
    ----------
    weighed : Weighed
    moment : Moment
        The same future at the start of the same month; the country is the only one followed.
    peers : list of Peer
        Those that are tried.
    """

    def choice(change: Change | None = None, hidden: int = int(NEVER)) -> int:
        trace, _ = moment.on(1, change, hidden)
        intention = int(trace.intention[weighed.t, 0])
        return intention if intention != int(NEVER) else int(trace.path[weighed.t, weighed.i])

    movable, fixed = [], []
    for name, lever in weighed.built.scenario.levers.items():
        place = place_of(weighed.built, lever.target)
        if place is None:
            fixed.append(name)
        else:
            movable.append((name, lever, place))
    with ThreadPoolExecutor() as pool:
        levers = [
            *pool.map(lambda each: _lever_flip(weighed, each[0], each[1], each[2], choice), movable)
        ]
        without = [*pool.map(lambda peer: choice(hidden=peer.j), peers)]
    return Flips(
        _term_flips(weighed),
        tuple(sorted(levers, key=lambda flip: flip.share)),
        tuple(fixed),
        tuple(
            PeerFlip(peer, found)
            for peer, found in zip(peers, without, strict=True)
            if found != weighed.choice
        ),
    )


def place_of(built: Built, address: str) -> tuple[int, int, int] | None:
    """Return kind, row and column of a number that a dated event can set; None for others."""
    parts = split_address(address)
    if parts[0] != "providers" or parts[-1] == "home_takes_part":
        return None
    if len(parts) == 5:
        row = built.axes.offer.index(offer_id(f"{parts[1]}.{parts[3]}"))
        return SET_OFFER, row, OFFER_FIELDS.index(parts[4])
    return SET_PROVIDER, built.axes.provider.index(parts[1]), PROVIDER_FIELDS.index(parts[2])


def _term_flips(weighed: Weighed) -> tuple[TermFlip, ...]:
    """Return by how much each term of the best option would have to be lower."""
    if not weighed.has_reviewed or weighed.runner_up is None:
        return ()
    best = zip(weighed.built.axes.term, weighed.term[weighed.preferred].tolist(), strict=True)
    found = [TermFlip(term, value, value - weighed.margin) for term, value in best]
    return tuple(sorted(found, key=lambda flip: flip.share))


def _lever_flip(
    weighed: Weighed,
    name: str,
    lever: Lever,
    place: tuple[int, int, int],
    choice: Callable[[Change], int],
) -> LeverFlip:
    kind, row, column = place
    numbers = weighed.trace.offer_number if kind == SET_OFFER else weighed.trace.provider_number
    value = float(numbers[weighed.t, row, column])
    step = lever_step(lever)

    def at(position: int) -> int:
        return choice(Change(kind, row, column, _at(lever, step, position)))

    most = math.floor((lever.high - lever.low) / step + 1e-9)
    here = (min(value, lever.high) - lever.low) / step
    ends = []
    # Positions from the present value outwards, on either side.
    for side, first in ((-1, math.ceil(here) - 1), (1, math.floor(here) + 1)):
        last = 0 if side < 0 else most
        if side * (last - first) >= 0:
            ends.append(_first_flip(at, max(0, first), last, side, weighed.choice))
    flips = [found for found in ends if found is not None]
    if not flips:
        far = max((lever.low, lever.high), key=lambda end: abs(end - value))
        return LeverFlip(name, lever.target, value, lever.low, lever.high, None, float(far), None)
    position, side = min(flips, key=lambda found: abs(_at(lever, step, found[0]) - value))
    kept = _at(lever, step, position - side)
    if side * (kept - value) < 0.0:
        kept = value
    return LeverFlip(
        name, lever.target, value, lever.low, lever.high,
        _at(lever, step, position), kept, at(position),
    )  # fmt: skip


def _first_flip(
    at: Callable[[int], int], first: int, last: int, side: int, choice: int
) -> tuple[int, int] | None:
    """Return the first position from `first` to `last` where the choice is another, and the side.

    Some positions are tried from near to far, and what lies before the first that flips is halved.
    """
    tried = np.unique(np.round(np.linspace(first, last, _TRIED)).astype(int))
    kept = first - side
    for position in tried.tolist()[::side]:
        if at(position) == choice:
            kept = position
            continue
        while abs(position - kept) > 1:
            middle = (position + kept) // 2
            if at(middle) == choice:
                kept = middle
            else:
                position = middle
        return position, side
    return None


def lever_step(lever: Lever) -> float:
    """Return how finely a lever is narrowed down: a power of ten, 1 where it is whole.

    Examples
    --------
    >>> import sim
    >>> levers = sim.load_scenario("baseline").levers
    >>> [lever_step(levers[name]) for name in ("local_control", "fund", "slots")]
    [0.001, 1.0, 1.0]
    """
    step = 10.0 ** math.floor(math.log10((lever.high - lever.low) / _FINEST))
    spec = field_at(split_address(lever.target))
    return max(1.0, step) if spec is not None and spec.kind == "whole number" else step


def _at(lever: Lever, step: float, position: int) -> float:
    """Return the value at a position, counted in steps from the lever's least; free of rounding."""
    digits = max(0, -math.floor(math.log10(step) + 1e-9))
    return min(lever.high, round(lever.low + position * step, digits + 2))


def scenario_with(
    scenario: Scenario, month: str, address: str, value: float, title: str
) -> Scenario:
    """Return a scenario in which one more dated event sets a number from a month on.

    Raises
    ------
    ScenarioError
        If the value breaks a rule of scenarios.
    """
    spec = field_at(split_address(address))
    whole = spec is not None and spec.kind == "whole number"
    event: dict[str, Any] = {
        "date": month, "title": title, "set": {address: int(value) if whole else value},
    }  # fmt: skip
    return scenario.with_changes({"events": [*scenario.to_dict()["events"], event]})


def is_allowed(scenario: Scenario, month: str, address: str, value: float) -> bool:
    """Return whether a scenario with one more dated event keeps all rules."""
    try:
        scenario_with(scenario, month, address, value, "Tried")
    except InputError:
        return False
    return True
