"""One future followed month by month for some countries: what each weighed, and by what luck.

The steps are those of `sim.model.mechanism.month`; between its reviews and what follows from them
everything that a country weighed is written down.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.model.layout import EVERYTHING, NEVER, Draw, State, World, as_index
from sim.model.machine.by_address import by_address
from sim.model.machine.compiled import entry, inlined
from sim.model.machine.philox import CHOICE, draw_gumbel
from sim.model.mechanism.choice import is_option, is_path_open, offer_chance
from sim.model.mechanism.invitations import is_candidate, is_eligible
from sim.model.mechanism.month import close_month, open_month, review_all, start
from sim.model.mechanism.terms import N_TERMS, fill_terms, utility, waiting_value
from sim.model.record import Record, of_group


class Trace(NamedTuple):
    """What one future was to some countries, as it stood when reviews were due in each month.

    That is after the month's events and invitations. Axis c is the country, in the order given.
    """

    path: np.ndarray  # (T + 1, n) int64 path of every country; the last row: after the last month
    invited_since: np.ndarray  # (T, c, O) int64 month index, NEVER where not invited
    is_eligible: np.ndarray  # (T, c, O) bool: the rules of the offer admit the country
    closed_until: np.ndarray  # (T, c, O) int64 month index before which it is not invited
    n_before: np.ndarray  # (T, c, O) int64 candidates ranked before it, NEVER if it is not one
    n_held: np.ndarray  # (T, O) int64 slots held
    quota_used: np.ndarray  # (T, O) int64 invitations by selection sent this quarter
    offer_number: np.ndarray  # (T, O, fields) terms of the offers
    provider_number: np.ndarray  # (T, P, fields)
    offer_mw: np.ndarray  # (T, c, O) size of the data centre that the country would take
    conceded: np.ndarray  # (T, c, O) local control conceded, 0-1
    concern: np.ndarray  # (T, c, P)
    peer_share: np.ndarray  # (T, c, P) weight of peers committed to the provider, 0-1
    chance: np.ndarray  # (T, c) of a review of everything, 0-1
    offer_chance: np.ndarray  # (T, c, O) of a review of the offer alone, 0-1
    luck: np.ndarray  # (T, c) the uniform that decides whether it reviews, and what
    topic: np.ndarray  # (T, c) int64 what it reviews: an offer, EVERYTHING, or NO_REVIEW
    is_open: np.ndarray  # (T, c, K) bool: the path is open to it
    is_option: np.ndarray  # (T, c, K) bool: open in this review; without one, in one of everything
    term: np.ndarray  # (T, c, K, terms) utility
    value: np.ndarray  # (T, c, K) systematic utility: the sum of the terms in their order
    noise: np.ndarray  # (T, c, K) standard Gumbel
    scale: np.ndarray  # (T,) of the noise, utility
    intention: np.ndarray  # (T, c) int64 path that the review ends on, NEVER without one


def make_trace(
    n_followed: int, n_months: int, n: int, n_paths: int, n_offers: int, n_providers: int,
    offer_fields: int, provider_fields: int,
) -> Trace:  # fmt: skip
    """Return an empty trace."""
    per_country = (n_months, n_followed)
    per_offer = (*per_country, n_offers)
    per_path = (*per_country, n_paths)
    return Trace(
        path=np.zeros((n_months + 1, n), np.int64),
        invited_since=np.zeros(per_offer, np.int64),
        is_eligible=np.zeros(per_offer, np.bool_),
        closed_until=np.zeros(per_offer, np.int64),
        n_before=np.zeros(per_offer, np.int64),
        n_held=np.zeros((n_months, n_offers), np.int64),
        quota_used=np.zeros((n_months, n_offers), np.int64),
        offer_number=np.zeros((n_months, n_offers, offer_fields)),
        provider_number=np.zeros((n_months, n_providers, provider_fields)),
        offer_mw=np.zeros(per_offer),
        conceded=np.zeros(per_offer),
        concern=np.zeros((*per_country, n_providers)),
        peer_share=np.zeros((*per_country, n_providers)),
        chance=np.zeros(per_country),
        offer_chance=np.zeros(per_offer),
        luck=np.zeros(per_country),
        topic=np.zeros(per_country, np.int64),
        is_open=np.zeros(per_path, np.bool_),
        is_option=np.zeros(per_path, np.bool_),
        term=np.zeros((*per_path, N_TERMS)),
        value=np.zeros(per_path),
        noise=np.zeros(per_path),
        scale=np.zeros(n_months),
        intention=np.zeros(per_country, np.int64),
    )


@inlined
def hide_peer(world: World, state: State, who: np.ndarray, peer: int, sign: float) -> None:
    """Take a peer's commitments out of what the followed countries see of peers, or put it back."""
    for p in range(world.path_provider.shape[1]):
        if world.path_provider[state.position[peer].path, p]:
            for c in range(who.size):
                # Weights are whole multiples of 2**-50, so nothing is lost.
                state.peer_share[p, who[c]] -= sign * world.influence[peer, who[c]]


@inlined
def count_before(world: World, draw: Draw, state: State, i: int, o: int, t: int) -> int:
    """Return how many candidates stand before country i in the ranking of offer o.

    NEVER where the provider selects nobody, or the country is no candidate.
    """
    if draw.offer[o].open_enrolment > 0.5 or not is_candidate(world, draw, state, i, o, t):
        return NEVER
    n_before = 0
    for place in range(state.position.size):
        j = as_index(state.ranking[o, place])
        if j == i:
            return n_before
        n_before += is_candidate(world, draw, state, j, o, t)
    return n_before


@inlined
def trace_offers(
    world: World, draw: Draw, state: State, i: int, c: int, t: int, trace: Trace
) -> None:
    """Write how country i stands with each offer and provider in month t."""
    for o in range(world.offer.size):
        trace.invited_since[t, c, o] = state.invited_since[o, i]
        trace.is_eligible[t, c, o] = is_eligible(world, draw, i, o)
        trace.closed_until[t, c, o] = state.deal[i, o].closed_until
        trace.n_before[t, c, o] = count_before(world, draw, state, i, o, t)
        trace.offer_mw[t, c, o] = state.offer_mw[o, i]
        trace.conceded[t, c, o] = state.deal[i, o].conceded
        trace.offer_chance[t, c, o] = offer_chance(draw, state, i, o)
    for p in range(state.peer_share.shape[0]):
        trace.concern[t, c, p] = state.concern[p, i]
        trace.peer_share[t, c, p] = state.peer_share[p, i]


@inlined
def trace_paths(
    world: World, draw: Draw, state: State, i: int, c: int, t: int, wait: float, trace: Trace
) -> None:
    """Write whether country i reviewed in month t, what each path was worth, and its choice."""
    trace.chance[t, c] = state.chance[i]
    trace.luck[t, c] = state.luck[i]
    trace.intention[t, c] = state.position[i].intention
    trace.topic[t, c] = state.topic[i]
    topic = max(state.topic[i], EVERYTHING)  # without a review, in one of everything
    month = world.first_month + t
    for k in range(world.path_key.size):
        trace.is_open[t, c, k] = is_path_open(world, draw, state, i, k)
        trace.is_option[t, c, k] = is_option(world, draw, state, i, k, topic)
        fill_terms(world, draw, state, i, k, wait, trace.term[t, c, k])
        trace.value[t, c, k] = utility(world, draw, state, i, k, wait)
        trace.noise[t, c, k] = draw_gumbel(
            draw.seed, draw.replicate, world.country_key[i], month, CHOICE, world.path_key[k]
        )


@inlined
def trace_month(
    world: World, draw: Draw, state: State, who: np.ndarray, t: int, wait: float, trace: Trace
) -> None:
    """Write month t of the followed countries, after reviews and before what follows from them."""
    for i in range(state.position.size):
        trace.path[t, i] = state.position[i].path
    for o in range(world.offer.size):
        trace.n_held[t, o] = state.book[o].held
        trace.quota_used[t, o] = state.book[o].quota_used
        for column in range(draw.offer_number.shape[1]):
            trace.offer_number[t, o, column] = draw.offer_number[o, column]
    for p in range(draw.provider_number.shape[0]):
        for column in range(draw.provider_number.shape[1]):
            trace.provider_number[t, p, column] = draw.provider_number[p, column]
    trace.scale[t] = draw.weight.choice_noise
    for c in range(who.size):
        trace_offers(world, draw, state, who[c], c, t, trace)
        trace_paths(world, draw, state, who[c], c, t, wait, trace)


@entry
def follow(
    world: World, draw: Draw, state: State, record: Record, who: np.ndarray, first: int, last: int,
    hidden: int, trace: Trace,
) -> None:  # fmt: skip
    """Carry one future from month `first` to `last` - 1 and trace some countries; in place.

    Parameters
    ----------
    world, draw, state
        As every step of the rule has them; where `first` is 0 the future starts anew.
    record : Record
        Of one future, without sums.
    who : ndarray of int64, shape (c,)
        Countries that are followed.
    first, last : int
        Month indices.
    hidden : int
        A peer whose commitments the followed countries do not see when they review; NEVER: none.
    trace : Trace
        Months from `first` on are written.
    """
    kept = by_address(of_group(record, 0))
    if first == 0:
        start(world, draw, state)
    for t in range(first, last):
        wait = waiting_value(world, draw, t)
        open_month(world, draw, state, t)
        if hidden != NEVER:
            hide_peer(world, state, who, hidden, 1.0)
        n_reviewers = review_all(world, draw, state, t, wait)
        trace_month(world, draw, state, who, t, wait, trace)
        if hidden != NEVER:
            hide_peer(world, state, who, hidden, -1.0)
        exit_rate = draw.weight.supplier_exit_rate
        close_month(world, draw, state, kept, 0, t, wait, n_reviewers, exit_rate)
    for i in range(state.position.size):
        trace.path[last, i] = state.position[i].path
