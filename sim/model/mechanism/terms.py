"""The terms of utility: why a country would take a path, one named function each.

Every function returns what a term adds to the utility of path ``k`` for country ``i`` (a cost is
negative). A path holds no offer, one, or two of different providers; the rule for two is part of
each term. docs/model.md prints the docstrings: the first line in its table, the rest, Markdown with
formulas, below it. ``fill_terms`` is the registry: its order is that of ``TERM_NAMES``, settled
terms first. Settled terms change only when an event changes an offer or a provider; moving terms
change with the state, month by month.
"""

from __future__ import annotations

import numpy as np

from sim.model.layout import UNCOMMITTED, Draw, State, World
from sim.model.machine.compiled import inlined
from sim.model.machine.ieee import exp
from sim.model.mechanism.data_centre import chip_access
from sim.model.mechanism.offer_terms import (
    burden,
    lock_in,
    moves_up,
    offer_dependence,
    overlapping,
    own_cost,
    own_gain,
)

SETTLED_TERMS = (
    "gain", "cost", "affinity", "retaliation", "condition", "intercept", "coordination",
)  # fmt: skip
MOVING_TERMS = ("peers", "sovereignty", "switching", "waiting", "taste")
TERM_NAMES = SETTLED_TERMS + MOVING_TERMS
N_TERMS = len(TERM_NAMES)


@inlined
def gain(world: World, draw: Draw, state: State, i: int, k: int) -> float:
    r"""Return the gain: compute, fund, assistant, safety and chips, scaled by readiness.

    With $\text{meets}(x, y) = 1 - e^{-x/y}$,

    $$g_{io} = \text{readiness}_i^{\texttt{readiness\_exponent}} \big[
    (\texttt{w\_data\_centre} + \texttt{w\_chips}\,\text{chips}_o\,\text{access}_{ip})
    \,\text{meets}(MW_{io}, \text{need}_i)
    + \texttt{w\_fund}\,\text{meets}(\text{fund}_o, \texttt{fund\_gdp\_share}\cdot GDP_i)
    + \texttt{w\_assistant}\,\text{assistant}_o (1 - \text{capability}_i)
    + \texttt{w\_safety}\,\text{safety}_o \big]$$

    where access is the share of wanted chips licensed to the country's export tier; without a data
    centre there are no chips. Pair:
    $\text{both}(g_{ia}, g_{ib})$, since two partners partly supply the same thing. Sovereign AI:
    `w_own_stack` × readiness (to the same power) × capability; beside a partner it is worth the
    share 1 − `own_control_loss` × dependence$_o$ × (1 − local control$_o$) of that, and the two are
    joined by $\text{both}$.
    """
    a, b = world.path_offer[k, 0], world.path_offer[k, 1]
    own = own_gain(world, draw, state, i) if world.path_own[k] else 0.0
    if a < 0:
        return own
    first = state.offer_gain[a, i]
    if world.path_own[k]:
        hold = draw.offer[a].dependence * (1.0 - draw.offer[a].local_control)
        own *= 1.0 - draw.weight.own_control_loss * hold
        return overlapping(own, first, draw.weight.overlap)
    if b < 0:
        return first
    return overlapping(first, state.offer_gain[b, i], draw.weight.overlap)


@inlined
def cost(world: World, draw: Draw, state: State, i: int, k: int) -> float:
    r"""Return the cost: the host's share of the capital as a share of a year's GDP.

    With capital $= MW_{io} \cdot$ `capex_usd_m_per_mw`,

    $$c_{io} = -\texttt{w\_cost}\cdot\text{cost\_share}_o\,(\text{capital} + \text{fund}_o)
    / GDP_i .$$

    Pair: the sum. Sovereign AI: −`w_own_cost` × (1 − capability) × (1 − `own_cost_scale_relief` ×
    GDP rank): the less capability and scale a country has, the dearer; beside a partner who
    builds a data centre the share 1 − `own_chip_help` × chips$_o$ × access$_{ip}$ of that.
    """
    a, b = world.path_offer[k, 0], world.path_offer[k, 1]
    total = 0.0
    if a >= 0:
        total += state.offer_cost[a, i]
    if b >= 0:
        total += state.offer_cost[b, i]
    if world.path_own[k]:
        helped = 0.0
        if a >= 0 and state.offer_mw[a, i] > 0.0:
            access = chip_access(world, draw, i, world.offer[a].provider)
            helped = draw.weight.own_chip_help * draw.offer[a].chips * access
        total += (1.0 - helped) * own_cost(world, draw, i)
    return -total


@inlined
def affinity(world: World, draw: Draw, state: State, i: int, k: int) -> float:
    """Return affinity: votes, backed security tie, firms, record, likeness, disputes.

    `w_affinity` × affinity (shifted by events, kept from 0 to 1) + `w_ally` × security tie ×
    backing of the provider + `w_tie` × corporate tie + `w_record` × how it answered the home's
    earlier requests + `w_likeness` × likeness of government − `w_rival` × affinity to the home's
    rival − `w_dispute` × dispute over territory. Pair: the mean of the two, since a
    country stands half with each.
    """
    a, b = world.path_offer[k, 0], world.path_offer[k, 1]
    if a < 0:
        return 0.0
    first = state.offer_affinity[a, i]
    if b < 0:
        return first
    return 0.5 * (first + state.offer_affinity[b, i])


@inlined
def retaliation(world: World, draw: Draw, state: State, i: int, k: int) -> float:
    r"""Return retaliation: each rival's pressure on what it could withhold, times visibility.

    For an offer its visibility × the sum, over the rivals $q$ of its provider, of pressure$_q$ ×
    leverage$_{iq}$, and

    $$\text{leverage}_{iq} = \texttt{w\_withheld\_trade}\,\text{trade exposure}_{iq}
    + \texttt{w\_withheld\_security}\,\text{security tie}_{iq}
    + \texttt{w\_withheld\_chips}\,\text{readiness}_i^{\texttt{readiness\_exponent}}
    \,\text{access}_{iq}\,\text{chip lead}_q .$$

    Pair: the sum, since neither partner forgives the other.
    """
    a, b = world.path_offer[k, 0], world.path_offer[k, 1]
    if a < 0:
        return 0.0
    total = state.offer_retaliation[a, i]
    if b >= 0:
        total += state.offer_retaliation[b, i]
    return -total


@inlined
def condition(world: World, draw: Draw, state: State, i: int, k: int) -> float:
    """Return the condition of democratic use: the shortfall below the floor, in units.

    −`w_condition` × the offer's `democracy_strictness` × shortfall of democracy below its
    `democracy_floor` / `condition_softness`. Pair: the sum of both. With
    `democracy_floor_is_hard` the country is not eligible at all.
    """
    a, b = world.path_offer[k, 0], world.path_offer[k, 1]
    if a < 0:
        return 0.0
    short = state.offer_shortfall[a, i]
    if b >= 0:
        short += state.offer_shortfall[b, i]
    return -draw.weight.w_condition * short / draw.weight.condition_softness


@inlined
def intercept(world: World, draw: Draw, state: State, i: int, k: int) -> float:
    """Return the constants of the path's offers: what a programme is worth beyond its terms.

    The offer's `intercept`; zero until estimated. Pair: the sum.
    """
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

    Two stacks and two relationships cost something, the more the more exclusivity either partner
    asks for: −`w_hedge` / (1 − $x$) for every pair, with $x$ the larger `exclusivity` of the two
    ([decision 20](decisions/0020-exclusivity-divides-freedom.md)). It is twenty times `w_hedge` at
    most. At $x$ = 1 the pair is closed to whoever does not hold it.
    """
    a, b = world.path_offer[k, 0], world.path_offer[k, 1]
    if b < 0:
        return 0.0
    return -burden(draw, a, b)


@inlined
def peers(world: World, draw: Draw, state: State, i: int, k: int) -> float:
    """Return the pull of peers committed to the path's providers (Brock and Durlauf 2001).

    `w_peer` × share of the country's peers, by weight, that are committed to the provider, through
    whichever offer. Pair: both(·, ·) of the two shares.
    """
    a, b = world.path_offer[k, 0], world.path_offer[k, 1]
    if a < 0:
        return 0.0
    first = state.peer_share[world.offer[a].provider, i]
    if b < 0:
        return draw.weight.w_peer * first
    second = state.peer_share[world.offer[b].provider, i]
    return draw.weight.w_peer * overlapping(first, second, draw.weight.overlap)


@inlined
def sovereignty(world: World, draw: Draw, state: State, i: int, k: int) -> float:
    r"""Return the sovereignty cost: concern x dependence left x linkage x distrust.

    With $\sigma_{ip}$ the country's concern about the provider,

    $$d_{io} = \sigma_{ip}\cdot\text{dependence}_o\,\big(1 - \min(1, \text{local control}_o +
    \text{conceded}_{io})\big)\,(1 + \texttt{linkage\_gain}\cdot\text{linkage}_p)\,
    (1 + \texttt{exclusivity\_gain}\cdot\text{exclusivity}_o)\,\text{distrust}_{ip}$$

    counts −`w_sovereignty` × $d_{io}$. Pair: the sum, less the share `hedge_relief` of it, because
    a second partner weakens the hold of each. This relief is at most what two partners cost
    (*coordination*), so that two are never worth more than each alone.
    """
    a, b = world.path_offer[k, 0], world.path_offer[k, 1]
    if a < 0:
        return 0.0
    felt = draw.weight.w_sovereignty * offer_dependence(world, draw, state, i, a)
    if b >= 0:
        felt += draw.weight.w_sovereignty * offer_dependence(world, draw, state, i, b)
        felt -= min(draw.weight.hedge_relief * felt, burden(draw, a, b))
    return -felt


@inlined
def switching(world: World, draw: Draw, state: State, i: int, k: int) -> float:
    """Return the cost of leaving the commitments that path k does not hold.

    Each commitment that is left costs `tau_signed` (signed or stalled), `tau_building` or
    `tau_live`. Moving to another offer of the same provider costs only the share
    `switching_within_provider`, unless it gives up a data centre.
    """
    now = state.position[i].path
    if k == now or now == UNCOMMITTED:
        return 0.0
    total = 0.0
    if world.path_own[now] and not world.path_own[k]:
        total += lock_in(draw, state.stage[state.deal.shape[1] - 1, i])
    for side in range(2):
        o = world.path_offer[now, side]
        if o >= 0 and world.path_offer[k, 0] != o and world.path_offer[k, 1] != o:
            kept = moves_up(world, draw, k, o)
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
def waiting(world: World, k: int, value: float) -> float:
    """Return the option value of waiting, which each commitment gives up once.

    The option value is `w_waiting` in the month in which the offers became known
    (`horizon.known_since`, else the first month); it halves every `waiting_half_life_months`.
    `uncommitted` has all of it, a path with one partner or sovereign AI none, and one that holds
    two has it with a minus: a country with one partner still waits with the next.
    """
    return value * (1.0 - world.path_size[k])


@inlined
def taste(state: State, i: int, k: int) -> float:
    """Return the country's persistent, unobserved taste for the path in this future.

    For an offer the sum of three normal numbers, one draw each for a country in a future: for the
    provider (`taste_sd_provider`), for the kind of thing (`taste_sd_kind`: with a data centre or
    without, whoever offers it), and for the offer itself (`taste_sd_path`). For sovereign AI it is
    the sum of the last two. Waiting has none, and a path that holds two has the sum. So two offers
    of one provider have the covariance `taste_sd_provider`², two of a kind `taste_sd_kind`².
    """
    return state.taste[i, k]


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
        state.settled[i, k]
        + peers(world, draw, state, i, k)
        + sovereignty(world, draw, state, i, k)
        + switching(world, draw, state, i, k)
        + waiting(world, k, wait)
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
    out[10] = waiting(world, k, wait)
    out[11] = taste(state, i, k)
