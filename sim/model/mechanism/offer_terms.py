"""What one offer adds to the terms of utility, and the functions that they share."""

from __future__ import annotations

from typing import Any

from sim.model.layout import BUILDING, LIVE, SIGNED, STALLED, Draw, State, World
from sim.model.machine.compiled import inlined
from sim.model.machine.ieee import exp, log
from sim.model.mechanism.data_centre import offer_price, taken_mw


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
def offer_cost(world: World, draw: Draw, state: State, i: int, o: int) -> float:
    """Return the disutility of the co-investment one offer asks of the host."""
    capex_usd_m = taken_mw(world, draw, state, i, o) * draw.weight.capex_usd_m_per_mw
    return offer_price(world, draw, i, o) * (capex_usd_m + draw.offer[o].fund_usd_m)


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
def offer_shortfall(world: World, draw: Draw, i: int, o: int) -> float:
    """Return how far the country falls short of the offer's democratic floor, in index points."""
    return max(0.0, draw.offer[o].democracy_floor - world.country[i].democracy)


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
def lock_in(draw: Draw, stage: int) -> float:
    """Return the cost of leaving a commitment at this stage."""
    if stage == LIVE:
        return draw.weight.tau_live
    if stage == BUILDING:
        return draw.weight.tau_building
    return draw.weight.tau_signed if stage in (SIGNED, STALLED) else 0.0
