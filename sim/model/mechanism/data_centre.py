"""The size of a data centre: what fits a country, within its power and the offer."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.model.layout import Draw, State, World
from sim.model.machine.compiled import inlined
from sim.model.machine.ieee import exp, log


@inlined
def offer_price(world: World, draw: Draw, i: int, o: int) -> float:
    """Return the disutility of the host's share of each USD million that an offer costs."""
    return draw.weight.w_cost * draw.offer[o].cost_share / world.country[i].gdp_usd_m


@inlined
def chip_access(world: World, draw: Draw, i: int, p: int) -> float:
    """Return the share of wanted chips that the provider's government licenses, 0-1."""
    provider: Any = draw.provider[p]
    tier = world.country[i].chip_tier
    first, second = provider.chip_access_tier_1, provider.chip_access_tier_2
    later = second if tier < 2.5 else provider.chip_access_tier_3
    return first if tier < 1.5 else later


@inlined
def centre_worth(world: World, draw: Draw, i: int, o: int) -> float:
    """Return the utility of a data centre that meets all of a fully ready country's need.

    The chips that are assured come with it.
    """
    licensed = draw.offer[o].chips * chip_access(world, draw, i, world.offer[o].provider)
    return draw.weight.w_data_centre + draw.weight.w_chips * licensed


@inlined
def wanted_mw(world: World, draw: Draw, state: State, i: int, o: int) -> float:
    """Return the data centre that country i would choose for itself: a multiple of its need.

    It is smaller where the last megawatts would cost the country more than they give.
    """
    weight = draw.weight
    need = world.country[i].need_mw
    multiple = weight.data_centre_per_need
    price = offer_price(world, draw, i, o) * weight.capex_usd_m_per_mw
    # What the first megawatt gives.
    first = state.position[i].ready * centre_worth(world, draw, i, o) / need
    if price * exp(multiple) > first:
        multiple = log(max(first / price, 1.0))
    return need * multiple


@inlined
def taken_mw(world: World, draw: Draw, state: State, i: int, o: int) -> float:
    """Return the data centre that country i takes, whole MW: what it wants and can power.

    The offer bounds it: below its smallest size nothing is built, so the host takes (and pays for)
    that, and the works wait for power.
    """
    offer: Any = draw.offer[o]
    size = min(wanted_mw(world, draw, state, i, o), world.country[i].headroom_mw)
    return np.floor(min(max(offer.data_centre_mw_min, size), offer.data_centre_mw_max))
