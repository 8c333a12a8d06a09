"""Commitments advance: signed, building, live; builds stall, resume, or are abandoned."""

from __future__ import annotations

import numpy as np

from sim.model.layout import (
    BUILDING,
    LIVE,
    SIGNED,
    STALLED,
    Draw,
    State,
    World,
    as_index,
)
from sim.model.machine.compiled import inlined
from sim.model.machine.ieee import exp
from sim.model.machine.philox import STAGE, draw_uniform
from sim.model.mechanism.commitments import abandon, set_stage

COMPLETE = 1.0 - 1e-9  # fourteen fourteenths sum to a little less than one
MOST_BUILT = 0.9  # a build on record as unfinished is at most this far


@inlined
def is_underway(stage: int) -> bool:
    """Return whether a commitment at this stage can still change by itself."""
    return stage in (SIGNED, BUILDING, STALLED)


@inlined
def build_months(world: World, draw: Draw, state: State, i: int, o: int) -> float:
    """Return months to build: more with megawatts, fewer with power headroom."""
    weight = draw.weight
    mw = state.deal[i, o].mw
    room = min(1.0, max(weight.headroom_floor, world.country[i].headroom_mw / mw))
    return (weight.build_months_base + weight.build_months_per_gw * mw / 1000.0) / room


@inlined
def share_on_record(world: World, draw: Draw, state: State, i: int, o: int) -> float:
    """Return how far a build on record is: its months since the signature, less the lead."""
    months = world.start[i, o].months_since - draw.offer[o].lead_months
    if months <= 0.0 or state.deal[i, o].mw <= 0.0:
        return 0.0
    return min(MOST_BUILT, months / build_months(world, draw, state, i, o))


@inlined
def stall_chance(world: World, draw: Draw, i: int) -> float:
    """Return the monthly chance that a build stalls: more where power is dear."""
    weight = draw.weight
    dear = world.country[i].power_price_rank - 0.5
    return weight.stall_rate * exp(weight.price_sensitivity * dear)


@inlined
def stage_luck(world: World, draw: Draw, country_key: np.uint64, item: np.uint64, t: int) -> float:
    """Return the uniform that decides whether a country's commitment moves in month t."""
    return draw_uniform(draw.seed, draw.replicate, country_key, world.first_month + t, STAGE, item)


@inlined
def advance_offer(
    world: World, draw: Draw, state: State, i: int, o: int, t: int, u: float, exit_rate: float
) -> None:
    """Advance the commitment of country i to offer o by one month; `u` from stage_luck.

    The month of its signature is one of being signed. ``exit_rate`` is the chance that its
    supplier abandons it while it is stalled.
    """
    stage = state.stage[o, i]
    if not is_underway(stage) or state.deal[i, o].signed_since == t:
        return
    if stage == SIGNED:
        if u * max(1.0, draw.offer[o].lead_months) < 1.0:
            set_stage(state, i, o, BUILDING if state.deal[i, o].mw > 0.0 else LIVE)
    elif stage == BUILDING:
        state.deal[i, o].progress += 1.0 / build_months(world, draw, state, i, o)
        if state.deal[i, o].progress >= COMPLETE:
            set_stage(state, i, o, LIVE)
        elif u < state.stall_chance[i]:
            set_stage(state, i, o, STALLED)
    elif u < exit_rate:
        abandon(world, draw, state, i, o, t)
    elif u < exit_rate + draw.weight.resume_rate:
        set_stage(state, i, o, BUILDING)


@inlined
def advance_own(world: World, draw: Draw, state: State, i: int, t: int) -> None:
    """Advance country i's sovereign AI by one month after that of the decision."""
    own = state.deal.shape[1] - 1
    if state.deal[i, own].signed_since == t:
        return
    if state.stage[own, i] == SIGNED:
        u = stage_luck(world, draw, world.country_key[i], world.path_key[world.sovereign], t)
        if u * draw.weight.own_lead_months < 1.0:
            set_stage(state, i, own, BUILDING)
    elif state.stage[own, i] == BUILDING:
        state.deal[i, own].progress += 1.0 / draw.weight.own_build_months
        if state.deal[i, own].progress >= COMPLETE:
            set_stage(state, i, own, LIVE)


@inlined
def list_underway(world: World, state: State, c: int) -> int:
    """Write the countries whose commitment c is underway to ``state.underway``, by code.

    Returns how many they are.
    """
    count = state.stage_count[c]
    if count[SIGNED] + count[BUILDING] + count[STALLED] == 0:
        return 0
    n_underway = 0
    for place in range(state.n_holders[c]):
        i = as_index(state.holder[c, place])
        state.underway[n_underway] = i
        state.underway_key[n_underway] = world.country_key[i]
        n_underway += is_underway(state.stage[c, i])
    return n_underway
