"""A country's review: which paths are open to it, and which it takes."""

from __future__ import annotations

import numpy as np

from sim.model.layout import (
    ABANDONED,
    EVERYTHING,
    LEFT,
    NO_REVIEW,
    NONE,
    UNCOMMITTED,
    Draw,
    State,
    World,
    whole_vectors,
)
from sim.model.machine.compiled import inlined
from sim.model.machine.ieee import exp, log
from sim.model.machine.philox import CHOICE, REVIEW, draw_uniform
from sim.model.mechanism.terms import utility

EXCLUSIVE = 1.0 - 1e-9


@inlined
def is_active(stage: int) -> bool:
    """Return whether a commitment at this stage stands: signed, building, live or stalled."""
    return stage != NONE and stage != LEFT and stage != ABANDONED


@inlined
def is_offer_open(state: State, i: int, o: int) -> bool:
    """Return whether country i can take (or keep) the offer: it stands invited or committed."""
    return state.invited_since[o, i] >= 0 or is_active(state.stage[o, i])


@inlined
def are_compatible(draw: Draw, a: int, b: int) -> bool:
    """Return whether offers a and b can be held together: neither asks to be the only one."""
    return max(draw.offer[a].exclusivity, draw.offer[b].exclusivity) < EXCLUSIVE


@inlined
def is_path_open(world: World, draw: Draw, state: State, i: int, k: int) -> bool:
    """Return whether country i can choose path k this month.

    The present path stays open. A pair is closed while either partner asks to be the only one.
    """
    a, b = world.path_offer[k, 0], world.path_offer[k, 1]
    if a < 0 or k == state.position[i].path:
        return True
    if not is_offer_open(state, i, a):
        return False
    if b < 0:
        return True
    return is_offer_open(state, i, b) and are_compatible(draw, a, b)


@inlined
def base_chance(world: World, draw: Draw, i: int) -> float:
    """Return the chance that country i reviews in a month without invitations or peers.

    Able states take the question up more often, and so do large ones, whose ministries have the
    people for it. Proportional hazards in discrete months (Cox 1972): the chance of no review is
    that of a middling country, raised to a power.
    """
    if draw.weight.review_rate >= 1.0:
        return 1.0
    able = draw.weight.review_readiness * (2.0 * world.country[i].readiness - 1.0)
    large = draw.weight.review_size * (2.0 * world.country[i].gdp_rank - 1.0)
    return 1.0 - exp(exp(able + large) * log(1.0 - draw.weight.review_rate))


@inlined
def fill_review_chances(world: World, draw: Draw, state: State, first: int, last: int) -> None:
    """Write to ``state.chance`` how likely countries `first` to ``last - 1`` review everything.

    A base rate, more where the state is able and large, more as peers commit and put the question
    on the agenda. One loop a provider: each is of vectors.
    """
    peers = draw.weight.review_rate_peers
    for i in range(first, last):
        state.agenda[i] = 0.0
    for p in range(draw.provider.shape[0]):
        for i in range(first, last):
            state.agenda[i] = max(state.agenda[i], state.peer_share[p, i])
    for i in range(first, last):
        state.chance[i] = state.base_chance[i] + peers * state.agenda[i]


@inlined
def asking_rate(draw: Draw, o: int) -> float:
    """Return the most that an invitation to offer o adds to the chance of a review.

    An invitation by selection asks; where all may join, a provider courts.
    """
    is_open = draw.offer[o].open_enrolment > 0.5
    return draw.weight.review_rate_courted if is_open else draw.weight.review_rate_invited


@inlined
def chance_if_asked(state: State, i: int, o: int, rate: float, is_open: bool) -> float:
    """Return the chance that country i reviews offer o this month, given `asking_rate`.

    Where all may join (`is_open`), those that are worth most to a provider are courted most.
    """
    standing = state.standing[o, i] if is_open else 1.0
    return rate * standing if state.invited_since[o, i] >= 0 else 0.0


@inlined
def offer_chance(draw: Draw, state: State, i: int, o: int) -> float:
    """Return the chance that country i reviews offer o this month because it is asked to.

    It looks at that offer alone.
    """
    is_open = draw.offer[o].open_enrolment > 0.5
    return chance_if_asked(state, i, o, asking_rate(draw, o), is_open)


@inlined
def review_luck(world: World, draw: Draw, i: int, t: int) -> float:
    """Return the uniform that decides whether country i reviews in month t, and what."""
    return draw_uniform(
        draw.seed, draw.replicate, world.country_key[i], world.first_month + t, REVIEW,
        np.uint64(0),
    )  # fmt: skip


@inlined
def find_topics(world: World, draw: Draw, state: State, first: int, last: int) -> None:
    """Write to ``state.topic`` what countries `first` to ``last - 1`` review, given their luck.

    A review looks at everything, or at one offer that the country is asked to take. One loop an
    offer: each is of vectors.
    """
    for i in range(first, last):
        state.passed[i] = state.chance[i]
        state.topic[i] = EVERYTHING if state.luck[i] < state.chance[i] else NO_REVIEW
    for place in range(world.offer_order.size):
        o = world.offer_order[place]
        rate, is_open = asking_rate(draw, o), draw.offer[o].open_enrolment > 0.5
        for i in range(first, last):
            state.passed[i] += chance_if_asked(state, i, o, rate, is_open)
            is_due = state.topic[i] == NO_REVIEW and state.luck[i] < state.passed[i]
            state.topic[i] = o if is_due else state.topic[i]


@inlined
def find_reviewers(world: World, draw: Draw, state: State, t: int) -> int:
    """Write the countries that review in month t to ``state.reviewer``; return how many."""
    n = state.position.size
    fill_review_chances(world, draw, state, 0, n)
    for i in range(n):
        state.luck[i] = review_luck(world, draw, i, t)
    find_topics(world, draw, state, 0, n)
    n_reviewers = 0
    for i in range(n):
        state.reviewer[n_reviewers] = i
        n_reviewers += state.topic[i] != NO_REVIEW
    return n_reviewers


@inlined
def is_option(world: World, draw: Draw, state: State, i: int, k: int, topic: int) -> bool:
    """Return whether country i can choose path k in a review of `topic`.

    In a review of one offer it stays as it is, or takes a path that holds the offer.
    """
    is_on_topic = (
        topic < 0
        or k == state.position[i].path
        or world.path_offer[k, 0] == topic
        or world.path_offer[k, 1] == topic
    )
    return is_on_topic and is_path_open(world, draw, state, i, k)


@inlined
def list_options(world: World, draw: Draw, state: State, i: int, wait: float, first: int) -> int:
    """List the paths among which country i chooses, from `first` on; return where they end."""
    option = state.option
    last = first
    for k in range(world.path_key.size):
        if is_option(world, draw, state, i, k, state.topic[i]):
            option.path[last] = k
            option.value[last] = utility(world, draw, state, i, k, wait)
            option.country_key[last] = world.country_key[i]
            option.path_key[last] = world.path_key[k]
            last += 1
    return last


@inlined
def draw_option_noise(world: World, draw: Draw, state: State, t: int, n_options: int) -> None:
    """Draw the noise of the first `n_options` options, in whole vectors.

    One loop a step: each is short enough for the processor to work on several vectors at once.
    """
    month = world.first_month + t
    option = state.option
    n_drawn = whole_vectors(n_options)
    for j in range(n_drawn):
        option.noise[j] = draw_uniform(
            draw.seed, draw.replicate, option.country_key[j], month, CHOICE, option.path_key[j]
        )
    for _ in range(2):
        for j in range(n_drawn):
            option.noise[j] = -log(option.noise[j])


@inlined
def add_probabilities(
    world: World, draw: Draw, state: State, i: int, topic: int, share: float, value: np.ndarray,
    out: np.ndarray,
) -> None:  # fmt: skip
    """Add to `out` (K,) `share` times how likely country i is to choose each path, 0-1.

    Of a review of `topic`, given what each path is worth, `value` (K,). The logit in closed form:
    what `choose_option` takes how often, over the noise of a review. Without noise the best path
    has it all, the earlier of equals.
    """
    best = UNCOMMITTED
    best_value = -np.inf
    for k in range(value.size):
        if is_option(world, draw, state, i, k, topic) and value[k] > best_value:
            best = k
            best_value = value[k]
    noise = draw.weight.choice_noise
    if noise <= 0.0:
        out[best] += share
        return
    total = 0.0
    for k in range(value.size):
        if is_option(world, draw, state, i, k, topic):
            total += exp((value[k] - best_value) / noise)
    for k in range(value.size):
        if is_option(world, draw, state, i, k, topic):
            out[k] += share * exp((value[k] - best_value) / noise) / total


@inlined
def choose_option(draw: Draw, state: State, first: int, last: int) -> int:
    """Return the path, among options `first` to ``last - 1``, of highest V_ik + s * noise_k.

    Equal in law to the logit (McFadden 1974). A tie goes to the earlier path, so that without
    noise an indifferent country stays uncommitted.
    """
    option = state.option
    best = UNCOMMITTED
    best_value = -np.inf
    for j in range(first, last):
        value = option.value[j] + draw.weight.choice_noise * option.noise[j]
        if value > best_value:
            best = option.path[j]
            best_value = value
    return best
