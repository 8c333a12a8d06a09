"""A country's review: which paths are open to it, and which it takes."""

from __future__ import annotations

import numpy as np

from sim.model.layout import (
    ABANDONED,
    LEFT,
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
    """Return the chance that country i reviews in a month without invitations or peers."""
    able = 1.0 + draw.weight.review_readiness * (2.0 * world.country[i].readiness - 1.0)
    return draw.weight.review_rate * able


@inlined
def fill_review_chances(world: World, draw: Draw, state: State, first: int, last: int) -> None:
    """Write the chance that countries `first` to ``last - 1`` review to ``state.chance``.

    A base rate, more where the state is able, more while an invitation by selection is open, more
    as peers commit and put the question on the agenda. One loop an offer and a provider: each is
    of vectors.
    """
    invited, peers = draw.weight.review_rate_invited, draw.weight.review_rate_peers
    for i in range(first, last):
        state.chance[i] = state.base_chance[i]
        state.agenda[i] = 0.0
    for o in range(draw.offer.shape[0]):
        if draw.offer[o].open_enrolment < 0.5:
            for i in range(first, last):
                pressed = state.base_chance[i] + invited
                state.chance[i] = pressed if state.invited_since[o, i] >= 0 else state.chance[i]
    for p in range(draw.provider.shape[0]):
        for i in range(first, last):
            state.agenda[i] = max(state.agenda[i], state.peer_share[p, i])
    for i in range(first, last):
        state.chance[i] += peers * state.agenda[i]


@inlined
def review_luck(world: World, draw: Draw, i: int, t: int) -> float:
    """Return the uniform that decides whether country i reviews in month t."""
    return draw_uniform(
        draw.seed, draw.replicate, world.country_key[i], world.first_month + t, REVIEW,
        np.uint64(0),
    )  # fmt: skip


@inlined
def find_reviewers(world: World, draw: Draw, state: State, t: int) -> int:
    """Write the countries that review in month t to ``state.reviewer``; return how many."""
    n = state.position.size
    fill_review_chances(world, draw, state, 0, n)
    for i in range(n):
        state.luck[i] = review_luck(world, draw, i, t)
    n_reviewers = 0
    for i in range(n):
        state.reviewer[n_reviewers] = i
        n_reviewers += state.luck[i] < state.chance[i]
    return n_reviewers


@inlined
def list_options(world: World, draw: Draw, state: State, i: int, wait: float, first: int) -> int:
    """List the paths open to country i from `first` on; return where they end."""
    option = state.option
    last = first
    for k in range(world.path_key.size):
        if is_path_open(world, draw, state, i, k):
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
def fill_probabilities(draw: Draw, value: np.ndarray, is_open: np.ndarray, out: np.ndarray) -> None:
    """Write to `out` (K,) how likely each path is to be chosen, given what each is worth.

    The logit in closed form: what `choose_option` takes how often, over the noise of a review.
    Without noise the best path has it all, the earlier of equals.
    """
    best = UNCOMMITTED
    best_value = -np.inf
    for k in range(value.size):
        out[k] = 0.0
        if is_open[k] and value[k] > best_value:
            best = k
            best_value = value[k]
    noise = draw.weight.choice_noise
    if noise <= 0.0:
        out[best] = 1.0
        return
    total = 0.0
    for k in range(value.size):
        if is_open[k]:
            out[k] = exp((value[k] - best_value) / noise)
            total += out[k]
    for k in range(value.size):
        out[k] /= total


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
