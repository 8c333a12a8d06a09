"""A country's review: which paths are open to it, and which it takes."""

from __future__ import annotations

import numpy as np

from sim.model.compiled import compiled, inlined
from sim.model.layout import ABANDONED, LEFT, NONE, UNCOMMITTED, VECTOR, Draw, State, World
from sim.model.philox import CHOICE, REVIEW, draw_gumbel, draw_uniform
from sim.model.terms import utility

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
    exclusive = max(draw.offer[a].exclusivity, draw.offer[b].exclusivity)
    return is_offer_open(state, i, b) and exclusive < EXCLUSIVE


@inlined
def review_chance(world: World, draw: Draw, state: State, i: int) -> float:
    """Return the chance that country i reviews this month.

    A base rate, more where the state is able, more while an invitation by selection is open, more
    as peers commit and put the question on the agenda.
    """
    weight = draw.weight
    pressing = 0.0
    for o in range(draw.offer.shape[0]):
        if state.invited_since[o, i] >= 0 and draw.offer[o].open_enrolment < 0.5:
            pressing = 1.0
    most = 0.0
    for p in range(draw.provider.shape[0]):
        most = max(most, state.peer_share[p, i])
    able = 1.0 + weight.review_readiness * (2.0 * world.country[i].readiness - 1.0)
    return (
        weight.review_rate * able
        + weight.review_rate_invited * pressing
        + weight.review_rate_peers * most
    )


@compiled
def find_reviewers(world: World, draw: Draw, state: State, t: int) -> int:
    """Write the countries that review in month t to ``state.reviewer``; return how many."""
    n = state.position.size
    month = world.first_month + t
    for i in range(n):
        state.score[i] = draw_uniform(
            draw.seed, draw.replicate, world.country_key[i], month, REVIEW, np.uint64(0)
        )
    weight = draw.weight
    # Shares of peers are at most 1: most draws are above what any country's chance can be.
    most = (
        weight.review_rate * (1.0 + weight.review_readiness)
        + weight.review_rate_invited
        + weight.review_rate_peers
    )
    n_reviewers = 0
    for i in range(n):
        u = state.score[i]
        if u < most and u < review_chance(world, draw, state, i):
            state.reviewer[n_reviewers] = i
            n_reviewers += 1
    return n_reviewers


@compiled
def draw_choice_noise(world: World, draw: Draw, state: State, t: int, n_reviewers: int) -> None:
    """Write the Gumbel noise of each path for the first `n_reviewers` of ``state.reviewer``."""
    month = world.first_month + t
    # Keys are gathered first: a loop that gathers and stores at once does not vectorise.
    for r in range(n_reviewers):
        state.reviewer_key[r] = world.country_key[state.reviewer[r]]
    padded = VECTOR * (-(-n_reviewers // VECTOR))
    for k in range(world.path_key.size):
        noise = state.noise[k]
        item = world.path_key[k]
        for r in range(padded):
            noise[r] = draw_gumbel(
                draw.seed, draw.replicate, state.reviewer_key[r], month, CHOICE, item
            )


@inlined
def choose_path(
    world: World, draw: Draw, state: State, i: int, wait: float, noise: np.ndarray, r: int
) -> int:
    """Return the open path of highest V_ik + s * noise_k; column r of `noise` (K, reviewers).

    Equal in law to the logit (McFadden 1974). A tie goes to the earlier path, so that without
    noise an indifferent country stays uncommitted.
    """
    best = UNCOMMITTED
    best_value = -np.inf
    for k in range(noise.shape[0]):
        if is_path_open(world, draw, state, i, k):
            value = utility(world, draw, state, i, k, wait) + draw.weight.choice_noise * noise[k, r]
            if value > best_value:
                best = k
                best_value = value
    return best
