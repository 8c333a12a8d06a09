"""Providers invite: who is eligible, who is worth most, and whether there is room."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.model.layout import (
    FAR_MONTH,
    NEVER,
    UNCOMMITTED,
    VECTOR,
    Draw,
    State,
    World,
    as_index,
)
from sim.model.machine.compiled import inlined
from sim.model.machine.ieee import exp, log
from sim.model.mechanism.choice import are_compatible, is_active
from sim.model.mechanism.data_centre import taken_mw
from sim.model.mechanism.terms import expected_utility

LOGISTIC_PER_NORMAL_SD = 0.5513288954217921  # sqrt(3) / pi: scale of a logistic of unit deviation
LEAST_SCALE = 1e-6


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
    weight, country = draw.weight, world.country[i]
    p = world.offer[o].provider
    size = taken_mw(world, draw, state, i, o)
    room = min(1.0, country.headroom_mw / size) if size > 0.0 else 1.0
    alignment = 0.5 * (world.relation[i, p].affinity + world.relation[i, p].ally)
    return (
        weight.value_market * country.gdp_rank
        + weight.value_readiness * country.readiness
        + weight.value_headroom * room
        + weight.value_alignment * alignment * draw.provider[p].backing
        + weight.value_tie * world.relation[i, p].tie
    )


@inlined
def fill_log_acceptance(state: State, scale: float) -> None:
    """Turn the margins in ``state.log_acceptance`` into logs of 1 / (1 + exp(-margin / scale)).

    Without branches, in two short loops of vectors. Their size is no constant: a loop that is
    unrolled does not vectorise.
    """
    for j in range(state.log_acceptance.size):
        state.log_acceptance[j] /= scale
        state.rest[j] = 1.0 + exp(-abs(state.log_acceptance[j]))
    for j in range(state.log_acceptance.size):
        state.log_acceptance[j] = min(state.log_acceptance[j], 0.0) - log(state.rest[j])


@inlined
def outsider_scale(draw: Draw) -> float:
    """Return the scale of the logistic that review noise and taste together come near to."""
    spread = LOGISTIC_PER_NORMAL_SD * draw.weight.taste_sd
    noise = draw.weight.choice_noise
    return max(np.sqrt(noise * noise + spread * spread), LEAST_SCALE)


@inlined
def margin_of_acceptance(
    world: World, draw: Draw, state: State, i: int, o: int, wait: float
) -> float:
    """Return how much better country i would like offer o than not, as an outsider sees it.

    The best path with the offer that present commitments allow, against the best of staying
    uncommitted, an own stack, and the present path; the country does not hold the offer yet.
    """
    now = state.position[i].path
    with_offer = expected_utility(world, draw, state, i, world.path_of[o, o], wait)
    without = expected_utility(world, draw, state, i, UNCOMMITTED, wait)
    if world.sovereign >= 0:
        alone = expected_utility(world, draw, state, i, world.sovereign, wait)
        without = max(without, alone)
    if world.path_offer[now, 0] >= 0:
        without = max(without, expected_utility(world, draw, state, i, now, wait))
        for side in range(2):
            held = world.path_offer[now, side]
            both = world.path_of[o, held] if held >= 0 else held
            if both >= 0 and are_compatible(draw, o, held):
                with_offer = max(with_offer, expected_utility(world, draw, state, i, both, wait))
    return with_offer - without


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
def score_next(
    world: World, draw: Draw, state: State, o: int, t: int, wait: float, first: int
) -> None:
    """Work out the scores of the countries from place `first` of the ranking, a vector of them.

    The score is worth + odds_exponent x log chance of acceptance; that of no candidate is -inf.
    """
    exponent = draw.weight.odds_exponent
    count = min(VECTOR, state.position.size - first)
    for j in range(count):
        i = as_index(state.ranking[o, first + j])
        state.score[i] = -np.inf
        if is_candidate(world, draw, state, i, o, t):
            state.score[i] = state.worth[o, i]
            if exponent > 0.0:
                state.log_acceptance[j] = margin_of_acceptance(world, draw, state, i, o, wait)
    if exponent > 0.0:
        fill_log_acceptance(state, outsider_scale(draw))
        for j in range(count):
            state.score[state.ranking[o, first + j]] += exponent * state.log_acceptance[j]


@inlined
def best_candidate(world: World, draw: Draw, state: State, o: int, t: int, wait: float) -> int:
    """Return the candidate of highest score, -1 where there is none; the first code of equals.

    ``state.score`` holds NaN where it is not worked out yet: a log chance is at most 0, so once
    the best score exceeds the worth of the next country nobody further down need be looked at.
    """
    best = -1
    best_score = -np.inf
    for place in range(state.position.size):
        i = as_index(state.ranking[o, place])
        if state.worth[o, i] < best_score:
            break
        if np.isnan(state.score[i]):
            score_next(world, draw, state, o, t, wait, place)
        score = state.score[i]
        if score > best_score or (score == best_score and i < best):
            best = i
            best_score = score
    return best


@inlined
def invite_best(world: World, draw: Draw, state: State, o: int, t: int, wait: float) -> None:
    """Invite the best candidates while the quarter's pace and the slots allow.

    An invitation holds a slot until it is answered or lapses, so no slot is ever oversubscribed.
    Equal scores go to the country whose code comes first.
    """
    offer: Any = draw.offer[o]
    if (t - world.offer[o].opening) % 3 == 0:
        state.book[o].quota_used = 0
    room = min(offer.pace_per_quarter - state.book[o].quota_used, offer.slots - state.book[o].held)
    if room < 1.0:
        return
    for i in range(state.position.size):
        state.score[i] = np.nan
    while room >= 1.0:
        best = best_candidate(world, draw, state, o, t, wait)
        if best < 0:
            return
        invite(world, draw, state, best, o, t)
        state.book[o].held += 1
        state.book[o].quota_used += 1
        state.score[best] = -np.inf
        room -= 1.0


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
def provider_turn(world: World, draw: Draw, state: State, o: int, t: int, wait: float) -> None:
    """Let the provider of offer o invite in month t."""
    if t < world.offer[o].opening:
        return
    if draw.offer[o].open_enrolment > 0.5:
        enrol_all(world, draw, state, o, t)
    else:
        invite_best(world, draw, state, o, t, wait)
