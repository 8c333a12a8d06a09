"""Dated events take effect: new terms, shocks to concern, shifts of affinity."""

from __future__ import annotations

import numpy as np

from sim.model.layout import AFFINITY_SHIFT, SET_OFFER, SET_PROVIDER, SHOCK, Draw, State, World
from sim.model.machine.compiled import inlined
from sim.model.mechanism.derived import derive_settled
from sim.model.mechanism.invitations import revise_invitations


@inlined
def apply_event(world: World, draw: Draw, state: State, e: int) -> bool:
    """Carry out event e; return whether settled utilities must be recomputed.

    Concern never falls below zero. A shock strikes the countries it names and, by
    `concern_spill`, those whose peers it strikes.
    """
    row = world.event[e].row
    value = world.event[e].value
    kind = world.event[e].kind
    if kind == SET_OFFER:
        draw.offer_number[row, world.event[e].column] = value
        revise_invitations(world, draw, state, row)
    elif kind == SET_PROVIDER:
        draw.provider_number[row, world.event[e].column] = value
    elif kind == SHOCK:
        state.is_stirred[row] = 1
        for i in range(state.position.size):
            felt = world.event_hit[e, i] + draw.weight.concern_spill * world.event_spill[e, i]
            state.concern[row, i] = max(0.0, state.concern[row, i] + value * felt)
    elif kind == AFFINITY_SHIFT:
        for i in range(state.position.size):
            state.stance[i, row].affinity_shift += value * world.event_hit[e, i]
    return kind != SHOCK


@inlined
def changes_numbers(world: World, is_active: np.ndarray) -> bool:
    """Return whether any event that is active, (E,), changes what is derived from the numbers."""
    found = False
    for e in range(world.event.size):
        found = found or (is_active[e] and world.event[e].kind != SHOCK)
    return found


@inlined
def apply_events(world: World, draw: Draw, state: State, t: int) -> None:
    """Carry out every active event due in month t, in the order of the scenario."""
    stale = False
    for e in range(world.event.size):
        if world.event[e].month == t and draw.event_active[e]:
            changed = apply_event(world, draw, state, e)
            stale = stale or changed
    if stale:
        derive_settled(world, draw, state)
