"""What follows from the numbers and the facts alone, kept so that a month need not work it out.

Nothing else is kept: `derive_all` works out all of it, and whoever changes a number calls it, or
steps through `entries.py`, which does.
"""

from __future__ import annotations

from sim.model.layout import Draw, State, World
from sim.model.machine.compiled import inlined
from sim.model.mechanism.choice import base_chance
from sim.model.mechanism.data_centre import taken_mw
from sim.model.mechanism.invitations import most_worth, rank_by_worth, strategic_value
from sim.model.mechanism.offer_terms import (
    offer_affinity,
    offer_cost,
    offer_gain,
    offer_retaliation,
    offer_shortfall,
    power,
)
from sim.model.mechanism.stages import stall_chance
from sim.model.mechanism.terms import settled_utility


@inlined
def derive_offer(world: World, draw: Draw, state: State, i: int, o: int) -> None:
    """Work out what offer o is to country i, whatever else the country holds."""
    state.offer_mw[o, i] = taken_mw(world, draw, state, i, o)
    state.offer_gain[o, i] = offer_gain(world, draw, state, i, o)
    state.offer_cost[o, i] = offer_cost(world, draw, state, i, o)
    state.offer_affinity[o, i] = offer_affinity(world, draw, state, i, o)
    state.offer_retaliation[o, i] = offer_retaliation(world, draw, state, i, o)
    state.offer_shortfall[o, i] = offer_shortfall(world, draw, i, o)


@inlined
def derive_country(world: World, draw: Draw, state: State, i: int) -> None:
    """Work out what follows from the numbers for country i, a provider's ranking apart."""
    state.position[i].ready = power(world.country[i].readiness, draw.weight.readiness_exponent)
    state.base_chance[i] = base_chance(world, draw, i)
    state.stall_chance[i] = stall_chance(world, draw, i)
    for o in range(world.offer.size):
        derive_offer(world, draw, state, i, o)
    for k in range(world.path_key.size):
        state.settled[i, k] = settled_utility(world, draw, state, i, k)


@inlined
def derive_standing(world: World, draw: Draw, state: State) -> None:
    """Work out what no event changes: readiness as it counts, chances of reviews and stalls."""
    for i in range(state.position.size):
        state.position[i].ready = power(world.country[i].readiness, draw.weight.readiness_exponent)
    for i in range(state.position.size):
        state.base_chance[i] = base_chance(world, draw, i)
        state.stall_chance[i] = stall_chance(world, draw, i)


@inlined
def derive_worth(world: World, draw: Draw, state: State, o: int) -> None:
    """Work out what countries are worth to the provider of offer o; rank them if it changed.

    Where all may join nobody is selected, so there is no ranking.
    """
    has_changed = False
    most = most_worth(draw, world.offer[o].provider)
    for i in range(state.position.size):
        value = strategic_value(world, draw, state, i, o)
        state.standing[o, i] = value / most if most > 0.0 else 0.0
        worth = value + state.provider_taste[o, i]
        has_changed = has_changed or worth != state.worth[o, i]
        state.worth[o, i] = worth
    if has_changed and draw.offer[o].open_enrolment < 0.5:
        rank_by_worth(state, o)


@inlined
def derive_utilities(world: World, draw: Draw, state: State) -> None:
    """Work out what each offer is to each country, and settled utilities."""
    for o in range(world.offer.size):
        for i in range(state.position.size):
            derive_offer(world, draw, state, i, o)
    for k in range(world.path_key.size):
        for i in range(state.position.size):
            state.settled[i, k] = settled_utility(world, draw, state, i, k)


@inlined
def derive_worths(world: World, draw: Draw, state: State) -> None:
    """Work out what countries are worth to every provider, whose tastes are those of a future."""
    for o in range(world.offer.size):
        derive_worth(world, draw, state, o)


@inlined
def derive_settled(world: World, draw: Draw, state: State) -> None:
    """Work out what only events change: settled utilities, and what countries are worth."""
    derive_utilities(world, draw, state)
    derive_worths(world, draw, state)


@inlined
def derive_shared(world: World, draw: Draw, state: State) -> None:
    """Work out what futures that share their numbers share at the start."""
    derive_standing(world, draw, state)
    derive_utilities(world, draw, state)


@inlined
def derive_all(world: World, draw: Draw, state: State) -> None:
    """Work out all that follows from the numbers."""
    derive_shared(world, draw, state)
    derive_worths(world, draw, state)
