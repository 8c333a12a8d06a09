"""What one offer adds to the terms of utility, and the functions that they share."""

from __future__ import annotations

from sim.model.layout import BUILDING, LIVE, SIGNED, STALLED, Draw, State, World
from sim.model.machine.compiled import inlined
from sim.model.machine.ieee import exp, log
from sim.model.mechanism.data_centre import centre_worth, chip_access, offer_price

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
def overlapping(first: float, second: float, overlap: float) -> float:
    """Return the joint value of two things of which the smaller partly repeats the larger."""
    return max(first, second) + (1.0 - overlap) * min(first, second)


@inlined
def offer_gain(world: World, draw: Draw, state: State, i: int, o: int) -> float:
    """Return what one offer gives country i, in utility."""
    weight, offer, country = draw.weight, draw.offer[o], world.country[i]
    fund_scale = weight.fund_gdp_share * country.gdp_usd_m
    met = saturation(state.offer_mw[o, i], country.need_mw)
    package = (
        centre_worth(world, draw, i, o) * met
        + weight.w_fund * saturation(offer.fund_usd_m, fund_scale)
        + weight.w_assistant * offer.assistant * (1.0 - country.capability)
        + weight.w_safety * offer.safety
    )
    return state.position[i].ready * package


@inlined
def offer_cost(world: World, draw: Draw, state: State, i: int, o: int) -> float:
    """Return the disutility of the co-investment one offer asks of the host."""
    capex_usd_m = state.offer_mw[o, i] * draw.weight.capex_usd_m_per_mw
    return offer_price(world, draw, i, o) * (capex_usd_m + draw.offer[o].fund_usd_m)


@inlined
def offer_affinity(world: World, draw: Draw, state: State, i: int, o: int) -> float:
    """Return the pull of the home: agreement, record, ties, likeness, less what is disputed."""
    p = world.offer[o].provider
    weight = draw.weight
    agreement = min(
        max(world.relation[i, p].affinity + state.stance[i, p].affinity_shift, 0.0), 1.0
    )
    return (
        weight.w_affinity * agreement
        + weight.w_ally * world.relation[i, p].ally * draw.provider[p].backing
        + weight.w_tie * world.relation[i, p].tie
        + weight.w_record * world.relation[i, p].record
        + weight.w_likeness * world.relation[i, p].likeness
        - weight.w_rival * world.relation[i, p].rival_affinity
        - weight.w_dispute * world.relation[i, p].dispute
    )


@inlined
def leverage(world: World, draw: Draw, state: State, i: int, q: int) -> float:
    """Return what provider q could withhold from country i: trade, security and chips, in utility.

    Chips are withheld from whoever has a use for them, is licensed to have them, and finds no
    others.
    """
    weight, relation = draw.weight, world.relation[i, q]
    chips = state.position[i].ready * chip_access(world, draw, i, q) * draw.provider[q].chip_lead
    return (
        weight.w_withheld_trade * relation.exposure
        + weight.w_withheld_security * relation.ally
        + weight.w_withheld_chips * chips
    )


@inlined
def offer_retaliation(world: World, draw: Draw, state: State, i: int, o: int) -> float:
    """Return the disutility of what rivals of the offer's provider do if country i takes it."""
    total = 0.0
    for q in range(draw.provider.shape[0]):
        if q != world.offer[o].provider:
            total += draw.provider[q].pressure * leverage(world, draw, state, i, q)
    return total * draw.offer[o].visibility


@inlined
def burden(draw: Draw, a: int, b: int) -> float:
    """Return what offers a and b cost together: what freedom is left divides `w_hedge`."""
    asked = max(draw.offer[a].exclusivity, draw.offer[b].exclusivity)
    return draw.weight.w_hedge / max(1.0 - asked, LEAST_FREEDOM)


@inlined
def own_gain(world: World, draw: Draw, state: State, i: int) -> float:
    """Return what sovereign AI gives country i, in utility."""
    return draw.weight.w_own_stack * state.position[i].ready * world.country[i].capability


@inlined
def own_cost(world: World, draw: Draw, i: int) -> float:
    """Return the disutility of sovereign AI: the more, the less capability and scale."""
    country = world.country[i]
    scale = 1.0 - draw.weight.own_cost_scale_relief * country.gdp_rank
    return draw.weight.w_own_cost * (1.0 - country.capability) * scale


@inlined
def offer_shortfall(world: World, draw: Draw, i: int, o: int) -> float:
    """Return how far the country falls short of the offer's floor, times the offer's strictness."""
    short = max(0.0, draw.offer[o].democracy_floor - world.country[i].democracy)
    return draw.offer[o].democracy_strictness * short


@inlined
def offer_dependence(world: World, draw: Draw, state: State, i: int, o: int) -> float:
    """Return the felt dependence on one offer's provider, in units of concern."""
    p = world.offer[o].provider
    offer, provider = draw.offer[o], draw.provider[p]
    local_control = min(1.0, offer.local_control + state.deal[i, o].conceded)
    linkage = 1.0 + draw.weight.linkage_gain * provider.linkage
    tied = 1.0 + draw.weight.exclusivity_gain * offer.exclusivity
    exposed = offer.dependence * (1.0 - local_control) * linkage * tied
    return state.concern[p, i] * exposed * world.relation[i, p].distrust


@inlined
def moves_up(world: World, draw: Draw, k: int, o: int) -> bool:
    """Return whether path k holds an offer of the provider of offer o, and no lesser one.

    An offer without a data centre is less than one with it.
    """
    has_centre = draw.offer[o].data_centre_mw_max > 0.0
    for side in range(2):
        other = world.path_offer[k, side]
        if other >= 0 and world.offer[other].provider == world.offer[o].provider:
            return draw.offer[other].data_centre_mw_max > 0.0 or not has_centre
    return False


@inlined
def lock_in(draw: Draw, stage: int) -> float:
    """Return the cost of leaving a commitment at this stage."""
    if stage == LIVE:
        return draw.weight.tau_live
    if stage == BUILDING:
        return draw.weight.tau_building
    return draw.weight.tau_signed if stage in (SIGNED, STALLED) else 0.0
