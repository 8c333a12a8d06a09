"""One future: its start, and one month of it in the documented order.

A month: 1 events, 2 invitations, 3 reviews, 4 settlement and terms, 5 stages, 6 concern, 7 record.
All countries choose on the state after the invitations, so their order never matters.
"""

from __future__ import annotations

import numpy as np

from sim.model.layout import (
    EVERYTHING,
    FAR_MONTH,
    N_STAGES,
    NEVER,
    Draw,
    State,
    World,
    as_index,
    whole_vectors,
)
from sim.model.machine.compiled import constant, inlined
from sim.model.mechanism.choice import (
    choose_option,
    draw_option_noise,
    find_reviewers,
    is_active,
    list_options,
)
from sim.model.mechanism.commitments import concede, conclude, lapse, set_path, set_stage
from sim.model.mechanism.concern import forgetting, relax
from sim.model.mechanism.derived import derive_shared, derive_worths
from sim.model.mechanism.events import apply_events
from sim.model.mechanism.invitations import provider_turn
from sim.model.mechanism.stages import (
    advance_offer,
    advance_own,
    list_underway,
    share_on_record,
    stage_luck,
)
from sim.model.mechanism.tastes import condition_tastes, draw_tastes
from sim.model.mechanism.terms import waiting_value
from sim.model.record import (
    Record,
    record_commitments,
    record_month,
    record_move,
)

ZERO = constant(0)


@inlined
def clear(world: World, state: State) -> None:
    """Empty a state: nobody invited, nobody committed."""
    n, n_offers = state.position.size, world.offer.size
    for i in range(n):
        state.position[i].path = 0
        state.position[i].intention = -1
        state.position[i].path_since = 0
        state.topic[i] = EVERYTHING
        for c in range(n_offers + 1):
            state.stage[c, i] = 0
            state.deal[i, c].progress = 0.0
            state.deal[i, c].signed_since = NEVER
        for o in range(n_offers):
            state.deal[i, o].mw = 0.0
            state.deal[i, o].fund_usd_m = 0.0
            state.invited_since[o, i] = NEVER
            state.deal[i, o].conceded = 0.0
            state.deal[i, o].month_invited = NEVER
            state.deal[i, o].month_signed = NEVER
            state.deal[i, o].closed_until = world.start[i, o].closed_until
            state.worth[o, i] = np.nan
        for p in range(state.stance.shape[1]):
            state.concern[p, i] = world.base_concern[i]
            state.stance[i, p].affinity_shift = 0.0
            state.peer_share[p, i] = 0.0
            state.abandoned_now[p, i] = 0.0
            state.abandoned_peers[p, i] = 0.0
            state.stance[i, p].is_decided = 0
    for p in range(state.is_stirred.size):
        state.is_stirred[p] = 0
    for c in range(n_offers + 1):
        state.has_moved[c] = 1
        state.n_holders[c] = 0
    for o in range(n_offers):
        state.book[o].quota_used = 0
        state.book[o].invitations_sent = 0
        state.book[o].invitations_open = 0
        state.book[o].held = 0
        state.book[o].n_left = 0
        state.book[o].n_abandoned = 0
        state.book[o].next_enrolment = 0
        state.book[o].next_lapse = 0
    for c in range(n_offers + 1):
        for s in range(N_STAGES):
            state.stage_count[c, s] = 0
        state.stage_count[c, 0] = n
    for k in range(state.path_count.size):
        state.path_count[k] = 0
        for column in range(3):
            state.path_share[k, column] = 0.0
    state.path_count[0] = n


@inlined
def place_initial_commitments(world: World, draw: Draw, state: State) -> None:
    """Put each country where the scenario says it stands at the start."""
    n_offers = world.offer.size
    for i in range(state.position.size):
        for column in range(3):
            state.path_share[0, column] += world.share[i, column]
    for i in range(state.position.size):
        for c in range(n_offers + 1):
            stage = world.start[i, c].stage
            set_stage(state, i, c, stage)
            if c < n_offers and is_active(stage):
                state.deal[i, c].mw = state.offer_mw[c, i]
                state.deal[i, c].progress = share_on_record(world, draw, state, i, c)
                state.deal[i, c].fund_usd_m = draw.offer[c].fund_usd_m
                state.deal[i, c].month_signed = 0
                if draw.offer[c].open_enrolment < 0.5:
                    state.book[c].held += 1
        if world.country[i].initial_path != 0:
            set_path(world, state, i, world.country[i].initial_path, ZERO)


@inlined
def begin(world: World, draw: Draw, state: State) -> None:
    """Set a cleared `state`, with what futures share derived, to the start of that of `draw`."""
    draw_tastes(world, draw, state)
    derive_worths(world, draw, state)
    place_initial_commitments(world, draw, state)
    condition_tastes(world, draw, state)


@inlined
def start(world: World, draw: Draw, state: State) -> None:
    """Set `state` to the start of the future of `draw`."""
    clear(world, state)
    derive_shared(world, draw, state)
    begin(world, draw, state)


@inlined
def review_all(world: World, draw: Draw, state: State, t: int, wait: float) -> int:
    """Let every country whose turn it is choose its path; return how many reviewed."""
    n_reviewers = find_reviewers(world, draw, state, t)
    end = ZERO
    for r in range(n_reviewers):
        i = as_index(state.reviewer[r])
        end = list_options(world, draw, state, i, wait, end)
        state.option.end[r] = end
    draw_option_noise(world, draw, state, t, end)
    first = ZERO
    for r in range(n_reviewers):
        last = state.option.end[r]
        state.position[state.reviewer[r]].intention = choose_option(draw, state, first, last)
        first = last
    return n_reviewers


@inlined
def lapse_all(draw: Draw, state: State, o: int, t: int) -> None:
    """End the invitations to offer o that have stood unanswered for too long."""
    if t < state.book[o].next_lapse or draw.offer[o].open_enrolment > 0.5:
        return
    state.book[o].next_lapse = FAR_MONTH
    for i in range(state.position.size):
        lapse(draw, state, i, o, t)
        since = state.invited_since[o, i]
        if since >= 0:
            due = since + int(draw.offer[o].patience_months) - 1
            state.book[o].next_lapse = min(state.book[o].next_lapse, due)


@inlined
def advance_all(
    world: World, draw: Draw, state: State, record: Record, r: int, t: int, exit_rate: float
) -> None:
    """Advance every commitment by one month, and record what suppliers abandon."""
    own = world.offer.size
    for o in range(own):
        n_underway = list_underway(world, state, o)
        item = world.offer[o].key
        for j in range(whole_vectors(n_underway)):
            state.luck[j] = stage_luck(world, draw, state.underway_key[j], item, t)
        for j in range(n_underway):
            i = as_index(state.underway[j])
            old, since = state.position[i].path, state.position[i].path_since
            advance_offer(world, draw, state, i, o, t, state.luck[j], exit_rate)
            record_move(state, record, r, i, old, since, t)
    for j in range(list_underway(world, state, own)):
        advance_own(world, draw, state, as_index(state.underway[j]), t)


@inlined
def open_month(world: World, draw: Draw, state: State, t: int) -> None:
    """Let events take effect and providers invite."""
    apply_events(world, draw, state, t)
    for o in range(world.offer.size):
        provider_turn(world, draw, state, o, t)


@inlined
def close_month(
    world: World, draw: Draw, state: State, record: Record, r: int, t: int, wait: float,
    n_movers: int, exit_rate: float,
) -> None:  # fmt: skip
    """Carry out the intentions of the first `n_movers` of ``state.reviewer``, and end the month.

    ``exit_rate`` is the chance a month that a supplier abandons a stalled build.
    """
    for turn in range(n_movers):
        i = as_index(state.reviewer[turn])
        if state.position[i].intention != state.position[i].path:
            record_commitments(world, draw, state, i, wait)
    for turn in range(n_movers):
        i = as_index(state.reviewer[turn])
        old, since = state.position[i].path, state.position[i].path_since
        conclude(world, draw, state, i, t)
        record_move(state, record, r, i, old, since, t)
    for turn in range(n_movers):
        concede(draw, state, as_index(state.reviewer[turn]))
    for o in range(world.offer.size):
        lapse_all(draw, state, o, t)
    advance_all(world, draw, state, record, r, t, exit_rate)
    forgotten = forgetting(draw)
    for p in range(state.concern.shape[0]):
        if state.is_stirred[p]:
            for i in range(state.position.size):
                relax(world, draw, state, i, p, forgotten)
    record_month(world, state, record, r, t)


@inlined
def step(world: World, draw: Draw, state: State, record: Record, r: int, t: int) -> None:
    """Carry `state` through month t and record it as future r of the block."""
    wait = waiting_value(world, draw, t)
    open_month(world, draw, state, t)
    n_reviewers = review_all(world, draw, state, t, wait)
    exit_rate = draw.weight.supplier_exit_rate
    close_month(world, draw, state, record, r, t, wait, n_reviewers, exit_rate)
