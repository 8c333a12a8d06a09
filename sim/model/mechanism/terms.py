"""The terms of utility: why a country would take a path, one named function each.

Every function returns what a term adds to the utility of path ``k`` for country ``i`` (a cost is
negative). A path holds no offer, one, or two of different providers; the rule for two is part of
each term. ``fill_terms`` is the registry: its order is that of ``TERM_NAMES``, settled terms
first. Settled terms change only when an event changes an offer or a provider; moving terms change
with the state, month by month.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.model.layout import (
    BUILDING,
    LIVE,
    SIGNED,
    STALLED,
    UNCOMMITTED,
    Draw,
    State,
    World,
)
from sim.model.machine.compiled import inlined
from sim.model.machine.ieee import exp, log
from sim.model.mechanism.data_centre import offer_price, taken_mw

SETTLED_TERMS = (
    "gain", "cost", "affinity", "retaliation", "condition", "intercept", "coordination",
)  # fmt: skip
MOVING_TERMS = ("peers", "sovereignty", "switching", "waiting", "taste")
TERM_NAMES = SETTLED_TERMS + MOVING_TERMS
N_TERMS = len(TERM_NAMES)
LEAST_FREEDOM = 0.05  # keeps finite what a pair costs a country that an event has caught in one


@inlined
def saturation(amount: float, scale: float) -> float:
    """Return 1 - exp(-amount / scale): the share of a need that an amount meets."""
    return 1.0 - exp(-amount / scale)


@inlined
def power(base: float, exponent: float) -> float:
    """Return base**exponent for base in [0, 1], with 0**0 = 1."""
    if exponent == 0.0:
        return 1.0
    return exp(exponent * log(base)) if base > 0.0 else 0.0


@inlined
def chip_access(world: World, draw: Draw, i: int, p: int) -> float:
    """Return the share of wanted chips that the provider's government licenses, 0-1."""
    provider: Any = draw.provider[p]
    tier = world.country[i].chip_tier
    first, second = provider.chip_access_tier_1, provider.chip_access_tier_2
    later = second if tier < 2.5 else provider.chip_access_tier_3
    return first if tier < 1.5 else later


@inlined
def overlapping(first: float, second: float, overlap: float) -> float:
    """Return the joint value of two things of which the smaller partly repeats the larger."""
    return max(first, second) + (1.0 - overlap) * min(first, second)


@inlined
def offer_gain(world: World, draw: Draw, state: State, i: int, o: int) -> float:
    """Return what one offer gives country i, in utility."""
    weight, offer, country = draw.weight, draw.offer[o], world.country[i]
    fund_scale = weight.fund_gdp_share * country.gdp_usd_m
    package = (
        weight.w_data_centre * saturation(taken_mw(world, draw, state, i, o), country.need_mw)
        + weight.w_fund * saturation(offer.fund_usd_m, fund_scale)
        + weight.w_assistant * offer.assistant * (1.0 - country.capability)
        + weight.w_safety * offer.safety
        + weight.w_chips * offer.chips * chip_access(world, draw, i, world.offer[o].provider)
    )
    return state.position[i].ready * package


@inlined
def gain(world: World, draw: Draw, state: State, i: int, k: int) -> float:
    """Return the gain: compute, fund, assistant, safety and chips, scaled by readiness.

    Two partners partly supply the same thing (`overlap`). A stack of one's own gives what the
    country's own capability can make of it.
    """
    if k == world.sovereign:
        return draw.weight.w_own_stack * state.position[i].ready * world.country[i].capability
    a, b = world.path_offer[k, 0], world.path_offer[k, 1]
    if a < 0:
        return 0.0
    if b < 0:
        return state.offer_gain[a, i]
    return overlapping(state.offer_gain[a, i], state.offer_gain[b, i], draw.weight.overlap)


@inlined
def offer_cost(world: World, draw: Draw, state: State, i: int, o: int) -> float:
    """Return the disutility of the co-investment one offer asks of the host."""
    capex_usd_m = taken_mw(world, draw, state, i, o) * draw.weight.capex_usd_m_per_mw
    return offer_price(world, draw, i, o) * (capex_usd_m + draw.offer[o].fund_usd_m)


@inlined
def cost(world: World, draw: Draw, state: State, i: int, k: int) -> float:
    """Return the cost: the host's share of the capital as a share of a year's GDP.

    A stack of one's own costs the more, the less capability and scale a country has.
    """
    if k == world.sovereign:
        country = world.country[i]
        scale = 1.0 - draw.weight.own_cost_scale_relief * country.gdp_rank
        return -draw.weight.w_own_cost * (1.0 - country.capability) * scale
    a, b = world.path_offer[k, 0], world.path_offer[k, 1]
    if a < 0:
        return 0.0
    total = offer_cost(world, draw, state, i, a)
    if b >= 0:
        total += offer_cost(world, draw, state, i, b)
    return -total


@inlined
def offer_affinity(world: World, draw: Draw, state: State, i: int, o: int) -> float:
    """Return the pull of the provider's home: agreement, security tie, corporate ties."""
    p = world.offer[o].provider
    weight = draw.weight
    agreement = min(
        max(world.relation[i, p].affinity + state.stance[i, p].affinity_shift, 0.0), 1.0
    )
    return (
        weight.w_affinity * agreement
        + weight.w_ally * world.relation[i, p].ally * draw.provider[p].backing
        + weight.w_tie * world.relation[i, p].tie
    )


@inlined
def affinity(world: World, draw: Draw, state: State, i: int, k: int) -> float:
    """Return affinity: UN ideal points, security tie as far as it is backed, corporate ties.

    With two partners it is the mean of both: a country stands half with each.
    """
    a, b = world.path_offer[k, 0], world.path_offer[k, 1]
    if a < 0:
        return 0.0
    first = offer_affinity(world, draw, state, i, a)
    if b < 0:
        return first
    return 0.5 * (first + offer_affinity(world, draw, state, i, b))


@inlined
def retaliation(world: World, draw: Draw, state: State, i: int, k: int) -> float:
    """Return retaliation: each rival's pressure times trade dependence times visibility.

    A provider that is itself a partner presses only as far as it asks for exclusivity.
    """
    a, b = world.path_offer[k, 0], world.path_offer[k, 1]
    if a < 0:
        return 0.0
    total = 0.0
    for q in range(draw.provider.shape[0]):
        visible = 0.0
        asks = 1.0
        for o in (a, b):
            if o >= 0:
                if world.offer[o].provider == q:
                    asks = draw.offer[o].exclusivity
                else:
                    visible = max(visible, draw.offer[o].visibility)
        total += draw.provider[q].pressure * world.relation[i, q].exposure * visible * asks
    return -draw.weight.w_retaliation * total


@inlined
def offer_shortfall(world: World, draw: Draw, i: int, o: int) -> float:
    """Return how far the country falls short of the offer's democratic floor, in index points."""
    return max(0.0, draw.offer[o].democracy_floor - world.country[i].democracy)


@inlined
def condition(world: World, draw: Draw, state: State, i: int, k: int) -> float:
    """Return the condition of democratic use: the shortfall below the floor, in units."""
    a, b = world.path_offer[k, 0], world.path_offer[k, 1]
    if a < 0:
        return 0.0
    short = offer_shortfall(world, draw, i, a)
    if b >= 0:
        short += offer_shortfall(world, draw, i, b)
    return -draw.weight.w_condition * short / draw.weight.condition_softness


@inlined
def intercept(world: World, draw: Draw, state: State, i: int, k: int) -> float:
    """Return the constants of the path's offers: what a programme is worth beyond its terms."""
    a, b = world.path_offer[k, 0], world.path_offer[k, 1]
    total = 0.0
    if a >= 0:
        total += draw.offer[a].intercept
    if b >= 0:
        total += draw.offer[b].intercept
    return total


@inlined
def coordination(world: World, draw: Draw, state: State, i: int, k: int) -> float:
    """Return the standing cost of two partners at once.

    It grows with the exclusivity that either asks for: what is left of a partner's freedom
    divides it. At 1 the pair is closed.
    """
    a, b = world.path_offer[k, 0], world.path_offer[k, 1]
    if b < 0:
        return 0.0
    asked = max(draw.offer[a].exclusivity, draw.offer[b].exclusivity)
    return -draw.weight.w_hedge / max(1.0 - asked, LEAST_FREEDOM)


@inlined
def peers(world: World, draw: Draw, state: State, i: int, k: int) -> float:
    """Return the pull of peers committed to the path's providers (Brock and Durlauf 2001)."""
    a, b = world.path_offer[k, 0], world.path_offer[k, 1]
    if a < 0:
        return 0.0
    first = state.peer_share[world.offer[a].provider, i]
    if b < 0:
        return draw.weight.w_peer * first
    second = state.peer_share[world.offer[b].provider, i]
    return draw.weight.w_peer * overlapping(first, second, draw.weight.overlap)


@inlined
def offer_dependence(world: World, draw: Draw, state: State, i: int, o: int) -> float:
    """Return the felt dependence on one offer's provider, in units of concern."""
    p = world.offer[o].provider
    offer, provider = draw.offer[o], draw.provider[p]
    local_control = min(1.0, offer.local_control + state.deal[i, o].conceded)
    linkage = 1.0 + draw.weight.linkage_gain * provider.linkage
    exposed = offer.dependence * (1.0 - local_control) * linkage
    return state.concern[p, i] * exposed * world.relation[i, p].distrust


@inlined
def sovereignty(world: World, draw: Draw, state: State, i: int, k: int) -> float:
    """Return the sovereignty cost: concern x dependence left x linkage x distrust.

    A second partner takes away a share of the dependence on each (`hedge_relief`).
    """
    a, b = world.path_offer[k, 0], world.path_offer[k, 1]
    if a < 0:
        return 0.0
    felt = offer_dependence(world, draw, state, i, a)
    if b >= 0:
        felt += offer_dependence(world, draw, state, i, b)
        felt *= 1.0 - draw.weight.hedge_relief
    return -draw.weight.w_sovereignty * felt


@inlined
def lock_in(draw: Draw, stage: int) -> float:
    """Return the cost of leaving a commitment at this stage."""
    if stage == LIVE:
        return draw.weight.tau_live
    if stage == BUILDING:
        return draw.weight.tau_building
    return draw.weight.tau_signed if stage in (SIGNED, STALLED) else 0.0


@inlined
def switching(world: World, draw: Draw, state: State, i: int, k: int) -> float:
    """Return the cost of leaving the commitments that path k does not hold.

    Moving to another offer of the same provider costs only `switching_within_provider` of it.
    """
    now = state.position[i].path
    if k == now or now == UNCOMMITTED:
        return 0.0
    own = state.deal.shape[1] - 1
    if now == world.sovereign:
        return -lock_in(draw, state.stage[own, i])
    total = 0.0
    for side in range(2):
        o = world.path_offer[now, side]
        if o >= 0 and world.path_offer[k, 0] != o and world.path_offer[k, 1] != o:
            kept = world.path_provider[k, world.offer[o].provider]
            share = draw.weight.switching_within_provider if kept else 1.0
            total += share * lock_in(draw, state.stage[o, i])
    return -total


@inlined
def waiting_value(world: World, draw: Draw, t: int) -> float:
    """Return the option value of waiting in month t.

    It halves every `waiting_half_life_months` from the month in which the offers became known.
    """
    halvings = (t + world.months_known) / draw.weight.waiting_half_life_months
    return draw.weight.w_waiting * exp(-0.6931471805599453 * halvings)


@inlined
def waiting(k: int, value: float) -> float:
    """Return the option value of waiting, which only the uncommitted path has."""
    return value if k == UNCOMMITTED else 0.0


@inlined
def taste(state: State, i: int, k: int) -> float:
    """Return the country's persistent, unobserved taste for the path in this future."""
    return state.taste[k, i]


@inlined
def settled_utility(world: World, draw: Draw, state: State, i: int, k: int) -> float:
    """Return the sum of the settled terms, in the order of the registry."""
    return (
        gain(world, draw, state, i, k)
        + cost(world, draw, state, i, k)
        + affinity(world, draw, state, i, k)
        + retaliation(world, draw, state, i, k)
        + condition(world, draw, state, i, k)
        + intercept(world, draw, state, i, k)
        + coordination(world, draw, state, i, k)
    )


@inlined
def expected_utility(world: World, draw: Draw, state: State, i: int, k: int, wait: float) -> float:
    """Return the utility an outsider can see: all terms but taste; `wait` from waiting_value."""
    return (
        state.settled[k, i]
        + peers(world, draw, state, i, k)
        + sovereignty(world, draw, state, i, k)
        + switching(world, draw, state, i, k)
        + waiting(k, wait)
    )


@inlined
def utility(world: World, draw: Draw, state: State, i: int, k: int, wait: float) -> float:
    """Return the systematic utility V_ik: the sum of all terms, in the order of the registry."""
    return expected_utility(world, draw, state, i, k, wait) + taste(state, i, k)


@inlined
def fill_terms(
    world: World, draw: Draw, state: State, i: int, k: int, wait: float, out: np.ndarray
) -> None:
    """Write each term of V_ik to `out` (N_TERMS,), in the order of TERM_NAMES."""
    out[0] = gain(world, draw, state, i, k)
    out[1] = cost(world, draw, state, i, k)
    out[2] = affinity(world, draw, state, i, k)
    out[3] = retaliation(world, draw, state, i, k)
    out[4] = condition(world, draw, state, i, k)
    out[5] = intercept(world, draw, state, i, k)
    out[6] = coordination(world, draw, state, i, k)
    out[7] = peers(world, draw, state, i, k)
    out[8] = sovereignty(world, draw, state, i, k)
    out[9] = switching(world, draw, state, i, k)
    out[10] = waiting(k, wait)
    out[11] = taste(state, i, k)
