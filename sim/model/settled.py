"""What only a future's numbers and events determine: worked out once, and kept month after month.

Futures that share their numbers share it too, so it is left standing from one to the next.
"""

from __future__ import annotations

import numpy as np

from sim.model.choice import base_chance
from sim.model.compiled import inlined
from sim.model.data_centre import fitting_mw
from sim.model.invitations import is_eligible, rank_by_worth, strategic_value
from sim.model.layout import SHOCK, Draw, State, World
from sim.model.sampling import FUTURES_PER_DRAW
from sim.model.stages import stall_chance
from sim.model.terms import offer_gain, power, settled_utility


@inlined
def fill_features(world: World, draw: Draw, state: State) -> None:
    """Work out what each country is by the numbers alone: its readiness and its chances."""
    for i in range(state.position.size):
        state.ready[i] = power(world.country[i].readiness, draw.weight.readiness_exponent)
    for i in range(state.position.size):
        state.base_chance[i] = base_chance(world, draw, i)
    for i in range(state.position.size):
        state.stall_chance[i] = stall_chance(world, draw, i)


@inlined
def fill_settled(world: World, draw: Draw, state: State) -> None:
    """Work out what events change too: data centres, gains, settled utilities, strategic values."""
    for o in range(world.offer.size):
        for i in range(state.position.size):
            state.taken_mw[o, i] = fitting_mw(world, draw, state, i, o)
        for i in range(state.position.size):
            state.is_admitted[o, i] = is_eligible(world, draw, i, o)
        for i in range(state.position.size):
            state.offer_gain[o, i] = offer_gain(world, draw, state, i, o)
        if draw.offer[o].open_enrolment < 0.5:
            for i in range(state.position.size):
                state.strategic[o, i] = strategic_value(world, draw, state, i, o)
    for k in range(world.path_key.size):
        for i in range(state.position.size):
            state.settled[k, i] = settled_utility(world, draw, state, i, k)


@inlined
def fill_worth(world: World, draw: Draw, state: State) -> None:
    """Add the provider's taste to strategic values, and rank the countries where that changes.

    Open enrolment selects nobody, so its offers have no ranking.
    """
    for o in range(world.offer.size):
        if draw.offer[o].open_enrolment < 0.5:
            n_changed = 0
            for i in range(state.position.size):
                worth = state.strategic[o, i] + state.provider_taste[o, i]
                n_changed += worth != state.worth[o, i]
                state.worth[o, i] = worth
            if n_changed > 0:
                rank_by_worth(state, o)


@inlined
def refresh_settled(world: World, draw: Draw, state: State) -> None:
    """Work out anew what an event has changed."""
    fill_settled(world, draw, state)
    fill_worth(world, draw, state)


@inlined
def is_left_standing(world: World, before: Draw, draw: Draw) -> bool:
    """Return whether what the future `before` leaves settled is what the next one starts with.

    It is where both share their numbers and no event of the first changed any; shocks do not.
    """
    shared = np.uint64(FUTURES_PER_DRAW)
    if before.replicate // shared != draw.replicate // shared:
        return False
    for e in range(world.event.size):
        if before.event_active[e] and world.event[e].kind != SHOCK:
            return False
    return True
