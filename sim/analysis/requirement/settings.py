"""Worlds in which the terms of an offer can be set, future by future, on common luck."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.model.places import RowInputs, locate, place
from sim.model.rows import draw_inputs
from sim.model.world.building import Built, build_world
from sim.scenario.path_names import offer_id

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.scenario import Scenario

Changes = Mapping[str, float]
# The name of an offer that stands apart ends in this.
_APART = "apart"


@dataclass(frozen=True)
class Setting:
    """A built world, and where the terms of an offer stand in it.

    Parameters
    ----------
    built : Built
    reference : str
        The offer, ``provider.offer``.
    own : str
        The offer whose signatures count: the same, or the one that stands apart for one country.
    country : str
        The country for which it stands apart; "" where the offer is the same for all.
    """

    built: Built
    reference: str
    own: str
    country: str = ""

    @property
    def offer(self) -> int:
        """Index of the offer whose signatures count."""
        return self.built.axes.offer.index(offer_id(self.own))

    @property
    def open_to_others(self) -> int:
        """Index of the offer that all other countries have."""
        return self.built.axes.offer.index(offer_id(self.reference))

    @property
    def provider(self) -> str:
        """Short name of the provider of the offer."""
        return self.reference.split(".")[0]

    @property
    def opens(self) -> int:
        """Number of the month, since year 0, in which the offer opens."""
        world = self.built.world
        return int(world.offer["opening"][self.offer]) + world.first_month

    def address(self, address: str) -> str:
        """Return where a number of the offer stands: that of the offer that counts."""
        return address.replace(_prefix(self.reference), _prefix(self.own), 1)

    def field(self, name: str) -> tuple[str, ...]:
        """Return the addresses of a number of the offer, of both where one stands apart."""
        return tuple(dict.fromkeys(f"{_prefix(each)}{name}" for each in (self.reference, self.own)))

    def opened_in(self, month: int) -> Setting:
        """Return the same world with the offer open from another month, since year 0."""
        world = self.built.world
        offer = world.offer.copy()
        offer["opening"][self.offer] = month - world.first_month
        return replace(self, built=replace(self.built, world=world._replace(offer=offer)))

    def inputs(
        self, seed: int, futures: NDArray[np.uint64], trials: Sequence[Changes]
    ) -> RowInputs:
        """Return rows for some trials, each in the same futures and a group of its own.

        Parameters
        ----------
        seed : int
        futures : ndarray of uint64, shape (R,)
        trials : sequence of mapping
            Addresses of the world with their values; NaN for no limit. What is set in no trial is
            drawn or stands as in the scenario.
        """
        drawn = draw_inputs(self.built, seed, futures)
        copied = self._copied(drawn.places.address)
        extra = dict.fromkeys(address for trial in trials for address in trial)
        slots = self.field("slots")[0]
        names = [*dict.fromkeys([*drawn.places.address, slots, *copied, *extra])]
        base = np.empty((futures.size, len(names)))
        for j, name in enumerate(names):
            source = copied.get(name, name)
            if source in drawn.places.address:
                base[:, j] = drawn.values[:, drawn.places.address.index(source)]
            else:
                base[:, j] = _central(self.built.scenario, name)
            if self.country and name == slots:
                # The place that is set aside is one of these.
                base[:, j] = np.maximum(0.0, base[:, j] - 1.0)
        values = np.tile(base, (len(trials), 1))
        for t, trial in enumerate(trials):
            rows = slice(t * futures.size, (t + 1) * futures.size)
            for name, value in trial.items():
                values[rows, names.index(name)] = value
        group = np.repeat(np.arange(len(trials)), futures.size)
        places = locate(self.built, names)
        values[np.isinf(values)] = np.nan
        return place(self.built, places, values, np.tile(futures, len(trials)), group)

    def _copied(self, drawn: Sequence[str]) -> dict[str, str]:
        """Return, for each number of an offer apart that must follow the original, its address."""
        if not self.country:
            return {}
        ours, theirs = _prefix(self.own), _prefix(self.reference)
        found = {name.replace(theirs, ours, 1): name for name in drawn if name.startswith(theirs)}
        # Its places, which are placed row by row, so that one of them is set aside.
        slots = f"{theirs}slots"
        return found | {slots: slots, f"{ours}slots": slots}


def _prefix(reference: str) -> str:
    provider, offer = reference.split(".")
    return f"providers.{provider}.offers.{offer}."


def _central(scenario: Scenario, address: str) -> float:
    value = scenario.value(address)
    return np.nan if value is None else float(value)


def as_it_is(scenario: Scenario, reference: str, month: str) -> Setting:
    """Return the world of a scenario up to a month, in which terms change for all alike."""
    return Setting(build_world(scenario, None, month), reference, reference)


def set_apart(scenario: Scenario, reference: str, country: str, month: str) -> Setting:
    """Return a world in which one country has an offer of its own, with a place set aside.

    The offer is a copy of the original for that country alone, which the original no longer admits;
    all others compete for one place less. Both share the keys of their random numbers and their
    draws: a country can only ever take one of them, so its luck is that of the original.

    Raises
    ------
    InputError
        If the scenario has no room for another offer.
    """
    other, own = apart_scenario(scenario, reference, country)
    original = build_world(scenario, None, month)
    i = original.axes.country.index(country)
    built = with_luck_of(build_world(other, None, month), original, reference, own, i)
    return Setting(built, reference, own, country)


def apart_scenario(scenario: Scenario, reference: str, country: str) -> tuple[Scenario, str]:
    """Return a scenario with a copy of an offer for one country alone, and the copy's reference.

    Raises
    ------
    InputError
        If the scenario has no room for another offer.
    """
    provider, key = reference.split(".")
    own = f"{key}_{_APART}"
    content = scenario.to_dict()
    terms = content["providers"][provider]["offers"][key]
    changes: dict[str, Any] = {
        f"providers.{provider}.offers.{own}": terms | {"asked": [country], "excluded": []}
    }
    changes[f"{_prefix(reference)}excluded"] = [*terms["excluded"], country]
    if content.get("events"):
        changes["events"] = [_for_both(event, reference, own) for event in content["events"]]
    return scenario.with_changes(changes), f"{provider}.{own}"


def _for_both(event: dict[str, Any], reference: str, own: str) -> dict[str, Any]:
    """Return an event that sets the numbers of an offer for its copy too."""
    if not event.get("set"):
        return event
    theirs = _prefix(reference)
    ours = _prefix(f"{reference.split('.')[0]}.{own}")
    more = {
        name.replace(theirs, ours, 1): value
        for name, value in event["set"].items()
        if name.startswith(theirs)
    }
    return event | {"set": event["set"] | more}


def with_luck_of(built: Built, original: Built, reference: str, own: str, i: int) -> Built:
    """Return a world in which an offer apart has the luck and the record of the original.

    Parameters
    ----------
    built : Built
        Of `apart_scenario`.
    original : Built
        Of the scenario itself.
    reference, own : str
        The offer and its copy.
    i : int
        The country for which the copy stands apart.
    """
    first, second = offer_id(reference), offer_id(own)
    axes, world = built.axes, built.world
    known = {
        (frozenset(held), is_own): key
        for held, is_own, key in zip(
            original.axes.path_offers,
            original.axes.path_has_own,
            original.world.path_key,
            strict=True,
        )
    }
    path_key = world.path_key.copy()
    for k, held in enumerate(axes.path_offers):
        same = frozenset(first if name == second else name for name in held)
        path_key[k] = known[same, axes.path_has_own[k]]
    o, apart = axes.offer.index(first), axes.offer.index(second)
    there = original.axes.offer.index(first)
    offer, start = world.offer.copy(), world.start.copy()
    offer["key"][apart] = offer["key"][o]
    start[:, apart] = original.world.start[:, there]
    start["is_excluded"][np.arange(start.shape[0]) != i, apart] = 1
    start["is_excluded"][i, o] = 1
    # A record with the offer is one with the original, which the copy does not repeat.
    start["stage"][:, apart] = 0
    changed = world._replace(
        path_key=path_key, offer=offer, start=start, offer_order=np.argsort(offer["key"])
    )
    return replace(built, world=changed)
