"""Tastes: what a country likes, or a provider, for reasons that no fact explains.

A country's taste for an offer is the sum of three: for its provider, whatever it offers; for the
kind of thing, whoever offers it; and a rest. A path that holds two of these has the sum of both, as
bundles of goods do in Gentzkow (2007): then rivals are no complements by chance.
"""

from __future__ import annotations

import numpy as np

from sim.model.layout import LARGE, LIGHT, NO_PATH, SOVEREIGN_AI, UNCOMMITTED, Draw, State, World
from sim.model.machine.compiled import inlined
from sim.model.machine.ieee import normal_quantile, normal_survival
from sim.model.machine.philox import PROVIDER_TASTE, TASTE, draw_uniform
from sim.model.mechanism.invitations import is_eligible
from sim.model.mechanism.terms import expected_utility, switching, waiting_value


@inlined
def kind_of(draw: Draw, o: int) -> int:
    """Return the kind of thing that offer o is: with a data centre, or light services."""
    return LARGE if draw.offer[o].data_centre_mw_max > 0.0 else LIGHT


@inlined
def draw_tastes(world: World, draw: Draw, state: State) -> None:
    """Draw the persistent tastes of countries, and of providers for countries.

    Where all may join a provider selects nobody, so it has no use for tastes.
    """
    weight = draw.weight
    n_providers, n_kinds = world.provider_key.size, world.kind_key.size
    n_paths, n_offers = world.path_key.size, world.offer.size
    # One loop over all of them: what stands in it is compiled once.
    for item in range(n_providers + n_kinds + n_paths + n_offers):
        p, kind = item, item - n_providers
        k = kind - n_kinds
        o = k - n_paths
        purpose = TASTE
        if kind < 0:
            key, sd, out = world.provider_key[p], weight.taste_sd_provider, state.provider_appeal[p]
        elif k < 0:
            key, sd, out = world.kind_key[kind], weight.taste_sd_kind, state.kind_appeal[kind]
        elif o < 0:
            sd = weight.taste_sd_path if world.path_size[k] == 1 else 0.0
            key, out = world.path_key[k], state.path_appeal[k]
        else:
            purpose = PROVIDER_TASTE
            sd = weight.provider_taste_sd if draw.offer[o].open_enrolment < 0.5 else 0.0
            key, out = world.offer[o].key, state.provider_taste[o]
        fill_tastes(world, draw, state, purpose, key, sd, out)
    for k in range(world.path_key.size):
        for i in range(state.position.size):
            state.taste[i, k] = sum_of_tastes(world, draw, state, i, k)


@inlined
def fill_tastes(
    world: World, draw: Draw, state: State, purpose: int, item: np.uint64, sd: float,
    out: np.ndarray,
) -> None:  # fmt: skip
    """Write the tastes for, or of, one item to `out` (n,): uniforms in vectors, then quantiles."""
    if sd <= 0.0:
        for i in range(out.size):
            out[i] = 0.0
        return
    for i in range(out.size):
        state.luck[i] = draw_uniform(
            draw.seed, draw.replicate, world.country_key[i], 0, purpose, item
        )
    for i in range(out.size):
        out[i] = sd * normal_quantile(state.luck[i])


@inlined
def own_taste(draw: Draw, state: State, i: int, kind: int, k: int) -> float:
    """Return the taste for what a path holds alone, its provider apart: its kind and the rest."""
    return state.kind_appeal[kind, i] + state.path_appeal[k, i]


@inlined
def sum_of_tastes(world: World, draw: Draw, state: State, i: int, k: int) -> float:
    """Return the taste of country i for path k: the sum over what the path holds."""
    total = 0.0
    for side in range(2):
        o = world.path_offer[k, side]
        if o >= 0:
            alone = own_taste(draw, state, i, kind_of(draw, o), world.path_alone[o])
            total += state.provider_appeal[world.offer[o].provider, i] + alone
    if world.path_own[k]:
        total += own_taste(draw, state, i, SOVEREIGN_AI, world.sovereign)
    if world.path_size[k] > 1:
        total += state.path_appeal[k, i]  # what a record needs beyond the tastes for its parts
    return total


@inlined
def above(z: float, least: float) -> float:
    """Return a standard normal number given that it is at least `least`.

    Found by its quantile from the number `z` that it would be unconditionally.
    """
    return -normal_quantile(normal_survival(z) * normal_survival(least))


@inlined
def would_be(world: World, draw: Draw, state: State, i: int, k: int, wait: float) -> float:
    """Return what path k is worth to country i, the cost of leaving the present one apart."""
    seen = expected_utility(world, draw, state, i, k, wait)
    leaving = switching(world, draw, state, i, k)
    return seen - leaving + sum_of_tastes(world, draw, state, i, k)


@inlined
def best_rival(
    world: World, draw: Draw, state: State, i: int, k: int, wait: float, provider: int,
    is_same: bool,
) -> float:  # fmt: skip
    """Return what the best alternative to path k is worth to country i.

    Of the single offers of one provider whose rules admit the country, or else of those of all
    others, of waiting, and of sovereign AI.
    """
    most = -np.inf
    for other in range(world.path_key.size):
        a = world.path_offer[other, 0]
        if other != k and world.path_size[other] <= 1:
            belongs = a >= 0 and world.offer[a].provider == provider
            if belongs == is_same and (a < 0 or is_eligible(world, draw, i, a)):
                most = max(most, would_be(world, draw, state, i, other, wait))
    return most


@inlined
def explain_part(world: World, draw: Draw, state: State, i: int, k: int, wait: float) -> None:
    """Draw the tastes that make country i like path k alone, given that it chose it.

    First the taste for the kind and the rest, given that it preferred the offer to the provider's
    others; then that for the provider, given that it preferred it to all else. So a country
    that has signed is likelier to like the provider's other offers too.
    """
    o = world.path_offer[k, 0]
    weight = draw.weight
    kind = kind_of(draw, o) if o >= 0 else SOVEREIGN_AI
    provider = int(world.offer[o].provider) if o >= 0 else -1
    own_sd = np.sqrt(weight.taste_sd_kind**2 + weight.taste_sd_path**2)
    has_provider_taste = o >= 0 and weight.taste_sd_provider > 0.0
    # A number of rounds that the compiler does not know: it would write each of them out.
    for stage in range(0 if o >= 0 else 1, 2):
        is_same = stage == 0
        most = best_rival(world, draw, state, i, k, wait, provider, is_same)
        if most == -np.inf:
            continue
        short = most - would_be(world, draw, state, i, k, wait)
        is_for_provider = not is_same and has_provider_taste
        sd = weight.taste_sd_provider if is_for_provider else own_sd
        if sd <= 0.0:
            continue
        now = own_taste(draw, state, i, kind, k)
        if is_for_provider:
            now = state.provider_appeal[provider, i]
        # One call for both tastes: what stands in it is compiled at each call.
        liked = sd * above(now / sd, (now + short) / sd)
        if is_for_provider:
            state.provider_appeal[provider, i] = liked
        else:
            of_kind = (weight.taste_sd_kind / own_sd) ** 2
            state.kind_appeal[kind, i] += of_kind * (liked - now)
            state.path_appeal[k, i] += (1.0 - of_kind) * (liked - now)


@inlined
def condition_tastes(world: World, draw: Draw, state: State) -> None:
    """Draw the tastes of countries on record, given that they chose their paths.

    A signature is evidence of what a country likes. A taste is normal above the least that
    explains the choice, found from the same uniform: a better offer needs less of it, and the sum
    of both is never lower. What it would cost to leave now says nothing of how it chose then.
    """
    wait = waiting_value(world, draw, 0)
    for i in range(state.position.size):
        k = state.position[i].path
        if k == UNCOMMITTED:
            continue
        n_sides = world.path_offer.shape[1]
        for part in range(n_sides + 1):
            alone = world.sovereign if world.path_own[k] else NO_PATH
            if part < n_sides:
                o = world.path_offer[k, part]
                alone = world.path_alone[o] if o >= 0 else NO_PATH
            if alone != NO_PATH:
                explain_part(world, draw, state, i, alone, wait)
        if world.path_size[k] > 1 and draw.weight.taste_sd_path > 0.0:
            # Each part may be liked, and two of them still be too much.
            most = -np.inf
            for p in range(-1, world.provider_key.size):
                most = max(most, best_rival(world, draw, state, i, k, wait, p, p >= 0))
            least = most - would_be(world, draw, state, i, k, wait)
            state.path_appeal[k, i] = max(0.0, least) + abs(
                draw.weight.taste_sd_path * normal_quantile(
                    draw_uniform(
                        draw.seed, draw.replicate, world.country_key[i], 0, TASTE,
                        world.path_key[k],
                    )
                )
            )  # fmt: skip
        for other in range(world.path_key.size):
            state.taste[i, other] = sum_of_tastes(world, draw, state, i, other)
