"""What follows from a review: signing, leaving, conceding, lapsing."""

from __future__ import annotations

from typing import Any

from sim.model.layout import (
    ABANDONED,
    LEFT,
    NEVER,
    NONE,
    SIGNED,
    Draw,
    State,
    World,
    as_index,
)
from sim.model.machine.compiled import inlined
from sim.model.mechanism.choice import is_active
from sim.model.mechanism.invitations import close_invitation, reopen_in


@inlined
def add_holder(state: State, i: int, c: int) -> None:
    """Put country i at its place among those whose commitment c stands."""
    place = state.n_holders[c]
    while place > 0 and as_index(state.holder[c, place - 1]) > i:
        state.holder[c, place] = state.holder[c, place - 1]
        place -= 1
    state.holder[c, place] = i
    state.n_holders[c] += 1


@inlined
def drop_holder(state: State, i: int, c: int) -> None:
    """Take country i from those whose commitment c stands."""
    last = state.n_holders[c] - 1
    following = as_index(state.holder[c, last])
    place = last
    while following != i:
        place -= 1
        here = as_index(state.holder[c, place])
        state.holder[c, place] = following
        following = here
    state.n_holders[c] = last


@inlined
def set_stage(state: State, i: int, c: int, stage: int) -> None:
    """Move commitment c of country i to a stage and keep the counts and the holders."""
    held = is_active(state.stage[c, i])
    if is_active(stage) and not held:
        add_holder(state, i, c)
    elif held and not is_active(stage):
        drop_holder(state, i, c)
    state.stage_count[c, state.stage[c, i]] -= 1
    state.stage_count[c, stage] += 1
    state.stage[c, i] = stage
    state.has_moved[c] = 1


@inlined
def set_path(world: World, state: State, i: int, k: int, t: int) -> None:
    """Put country i on path k from month t, and tell the counts and its peers."""
    old = state.position[i].path
    state.position[i].path = k
    state.position[i].path_since = t
    state.path_count[old] -= 1
    state.path_count[k] += 1
    for column in range(3):
        state.path_share[old, column] -= world.share[i, column]
        state.path_share[k, column] += world.share[i, column]
    for p in range(world.path_provider.shape[1]):
        before, after = world.path_provider[old, p], world.path_provider[k, p]
        if before != after:
            sign = 1.0 if after else -1.0
            # Weights are whole multiples of 2**-50, so these sums are exact in any order.
            for j in range(state.position.size):
                state.peer_share[p, j] += sign * world.influence[i, j]


@inlined
def sign(world: World, draw: Draw, state: State, i: int, o: int, t: int) -> None:
    """Turn the open invitation of country i to offer o into a signed commitment."""
    set_stage(state, i, o, SIGNED)
    state.deal[i, o].progress = 0.0
    state.deal[i, o].mw = state.offer_mw[o, i]
    state.deal[i, o].fund_usd_m = draw.offer[o].fund_usd_m
    state.deal[i, o].signed_since = t
    close_invitation(draw, state, i, o, False)
    if state.deal[i, o].month_signed == NEVER:
        state.deal[i, o].month_signed = t


@inlined
def release(draw: Draw, state: State, i: int, o: int, stage: int, t: int) -> None:
    """End the commitment of country i to offer o; its slot is free again after this month."""
    set_stage(state, i, o, stage)
    state.book[o].n_left += stage == LEFT
    state.book[o].n_abandoned += stage == ABANDONED
    state.deal[i, o].mw = 0.0
    state.deal[i, o].fund_usd_m = 0.0
    state.deal[i, o].closed_until = t + 1 + int(draw.offer[o].cooldown_months)
    reopen_in(state, o, state.deal[i, o].closed_until)
    if draw.offer[o].open_enrolment < 0.5:
        state.book[o].held -= 1


@inlined
def conclude(world: World, draw: Draw, state: State, i: int, t: int) -> None:
    """Carry out the intention of country i: leave what it leaves, sign what it takes.

    Moving to another offer of the same provider ends the old one without a withdrawal.
    """
    k = state.position[i].intention
    old = state.position[i].path
    state.position[i].intention = NEVER
    if k < 0 or k == old:
        return
    own = state.deal.shape[1] - 1
    if world.path_own[old] and not world.path_own[k]:
        set_stage(state, i, own, NONE)
    for side in range(2):
        o = world.path_offer[old, side]
        if o >= 0 and world.path_offer[k, 0] != o and world.path_offer[k, 1] != o:
            moved = world.path_provider[k, world.offer[o].provider]
            release(draw, state, i, o, NONE if moved else LEFT, t)
    for side in range(2):
        o = world.path_offer[k, side]
        if o >= 0 and not is_active(state.stage[o, i]):
            sign(world, draw, state, i, o, t)
    if world.path_own[k] and not world.path_own[old]:
        set_stage(state, i, own, SIGNED)
        state.deal[i, own].progress = 0.0
        state.deal[i, own].signed_since = t
    set_path(world, state, i, k, t)


@inlined
def concede(draw: Draw, state: State, i: int) -> None:
    """Improve the terms on the table of country i, which has reviewed and not accepted.

    The scarcer an offer's slots, the smaller the step: full slots harden terms. A limit lowered
    by an event takes nothing back.
    """
    for o in range(draw.offer.shape[0]):
        offer: Any = draw.offer[o]
        if state.invited_since[o, i] >= 0 and offer.slots > 0.0:
            free = max(0.0, 1.0 - state.book[o].held / offer.slots)
            better = min(
                state.deal[i, o].conceded + offer.concession_step * free, offer.concession_limit
            )
            state.deal[i, o].conceded = max(state.deal[i, o].conceded, better)


@inlined
def lapse(draw: Draw, state: State, i: int, o: int, t: int) -> None:
    """End an invitation by selection unanswered in `patience_months` rounds of reviews."""
    offer: Any = draw.offer[o]
    since = state.invited_since[o, i]
    if since >= 0 and offer.open_enrolment < 0.5 and t - since + 1 >= offer.patience_months:
        close_invitation(draw, state, i, o, True)
        state.deal[i, o].closed_until = t + 1 + int(offer.cooldown_months)


@inlined
def abandon(world: World, draw: Draw, state: State, i: int, o: int, t: int) -> None:
    """Let the supplier of offer o leave country i, and remember it for the month's concern."""
    p = world.offer[o].provider
    set_path(world, state, i, world.path_without[state.position[i].path, o], t)
    release(draw, state, i, o, ABANDONED, t)
    state.is_stirred[p] = 1
    state.abandoned_now[p, i] += 1.0
    for j in range(state.position.size):
        state.abandoned_peers[p, j] += world.influence[i, j]
