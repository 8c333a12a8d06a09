"""Providers invite: who is eligible, who is worth most, and whether there is room."""

from __future__ import annotations

from typing import Any

from sim.model.layout import (
    FAR_MONTH,
    NEVER,
    Draw,
    State,
    World,
    as_index,
)
from sim.model.machine.compiled import inlined
from sim.model.mechanism.choice import is_active


@inlined
def is_eligible(world: World, draw: Draw, i: int, o: int) -> bool:
    """Return whether a rule of the offer admits country i."""
    offer: Any = draw.offer[o]
    country: Any = world.country[i]
    below_floor = country.democracy < offer.democracy_floor
    if offer.democracy_floor_is_hard > 0.5 and below_floor:
        return False
    return world.start[i, o].is_excluded == 0 and country.chip_tier <= offer.max_chip_tier


@inlined
def is_candidate(world: World, draw: Draw, state: State, i: int, o: int, t: int) -> bool:
    """Return whether country i could be invited to offer o in month t."""
    return (
        state.invited_since[o, i] < 0
        and not is_active(state.stage[o, i])
        and state.deal[i, o].closed_until <= t
        and is_eligible(world, draw, i, o)
    )


@inlined
def strategic_value(world: World, draw: Draw, state: State, i: int, o: int) -> float:
    """Return what country i is worth to the provider of offer o, in the provider's utility."""
    country = world.country[i]
    p = world.offer[o].provider
    provider: Any = draw.provider[p]
    size = state.offer_mw[o, i]
    room = min(1.0, country.headroom_mw / size) if size > 0.0 else 1.0
    alignment = 0.5 * (world.relation[i, p].affinity + world.relation[i, p].ally)
    return (
        provider.value_market * country.gdp_rank
        + provider.value_readiness * country.readiness
        + provider.value_headroom * room
        + provider.value_alignment * alignment * provider.backing
        + provider.value_tie * world.relation[i, p].tie
        + provider.value_record * world.relation[i, p].record
    )


@inlined
def most_worth(draw: Draw, p: int) -> float:
    """Return the most that a country could be worth to provider p, its taste apart."""
    provider: Any = draw.provider[p]
    return (
        provider.value_market
        + provider.value_readiness
        + provider.value_headroom
        + provider.value_alignment * provider.backing
        + provider.value_tie
        + provider.value_record
    )


@inlined
def invite(world: World, draw: Draw, state: State, i: int, o: int, t: int) -> None:
    """Open an invitation to country i."""
    lapses = t + int(draw.offer[o].patience_months) - 1
    state.book[o].next_lapse = min(state.book[o].next_lapse, lapses)
    state.invited_since[o, i] = t
    state.book[o].invitations_sent += 1
    state.book[o].invitations_open += 1
    if state.deal[i, o].month_invited == NEVER:
        state.deal[i, o].month_invited = t


@inlined
def reopen_in(state: State, o: int, t: int) -> None:
    """Note that in month t open enrolment in offer o may have somebody to invite."""
    state.book[o].next_enrolment = min(state.book[o].next_enrolment, t)


@inlined
def enrol_all(world: World, draw: Draw, state: State, o: int, t: int) -> None:
    """Invite every candidate, as open declarations do; such an offer has no slots."""
    if t < state.book[o].next_enrolment:
        return
    state.book[o].next_enrolment = FAR_MONTH
    for i in range(state.position.size):
        if is_candidate(world, draw, state, i, o, t):
            invite(world, draw, state, i, o, t)
        elif state.deal[i, o].closed_until > t:
            reopen_in(state, o, state.deal[i, o].closed_until)


@inlined
def rank_by_worth(state: State, o: int) -> None:
    """Rank the countries by falling worth to the provider of offer o, equal ones by code.

    A country's place is the number of those worth more, or the next that is free: counting takes
    more comparisons than sorting would, but in vectors, and none that is guessed wrongly.
    """
    worth, order = state.worth[o], state.ranking[o]
    n = order.size
    for place in range(n):
        order[place] = n  # free
    for i in range(n):
        here = worth[i]
        place = 0
        for j in range(n):
            place += worth[j] > here
        while order[place] < n:
            place += 1
        order[place] = i


@inlined
def invite_best(world: World, draw: Draw, state: State, o: int, t: int) -> None:
    """Invite the best candidates while the quarter's pace and the slots allow.

    An invitation holds a slot until it is answered or lapses, so no slot is ever oversubscribed.
    Of two that are worth the same, the first by code is invited.
    """
    offer: Any = draw.offer[o]
    if (t - world.offer[o].opening) % 3 == 0:
        state.book[o].quota_used = 0
    room = min(offer.pace_per_quarter - state.book[o].quota_used, offer.slots - state.book[o].held)
    if room < 1.0:
        return
    for place in range(state.position.size):
        i = as_index(state.ranking[o, place])
        if is_candidate(world, draw, state, i, o, t):
            invite(world, draw, state, i, o, t)
            state.book[o].held += 1
            state.book[o].quota_used += 1
            room -= 1.0
            if room < 1.0:
                return


@inlined
def close_invitation(draw: Draw, state: State, i: int, o: int, frees_slot: bool) -> None:
    """End the open invitation of country i to offer o."""
    state.invited_since[o, i] = NEVER
    state.book[o].invitations_open -= 1
    if frees_slot and draw.offer[o].open_enrolment < 0.5:
        state.book[o].held -= 1


@inlined
def revise_invitations(world: World, draw: Draw, state: State, o: int) -> None:
    """Take back open invitations that new terms no longer allow; commitments stand.

    First those of countries no longer eligible, then, from the last code backwards, those for
    which no slot is left.
    """
    n = state.position.size
    reopen_in(state, o, 0)
    state.book[o].next_lapse = 0
    for i in range(n):
        if state.invited_since[o, i] >= 0 and not is_eligible(world, draw, i, o):
            close_invitation(draw, state, i, o, True)
    if draw.offer[o].open_enrolment > 0.5:
        return
    for back in range(n):
        i = n - 1 - back
        if state.invited_since[o, i] >= 0 and state.book[o].held > draw.offer[o].slots:
            close_invitation(draw, state, i, o, True)


@inlined
def provider_turn(world: World, draw: Draw, state: State, o: int, t: int) -> None:
    """Let the provider of offer o invite in month t."""
    if t < world.offer[o].opening:
        return
    if draw.offer[o].open_enrolment > 0.5:
        enrol_all(world, draw, state, o, t)
    else:
        invite_best(world, draw, state, o, t)
