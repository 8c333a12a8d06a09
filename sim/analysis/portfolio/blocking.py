"""Blocking pairs: a country outside and a place that would both rather have each other.

A matching is stable if no pair blocks it (Gale and Shapley 1962). Here a country outside is one
that is not asked. It blocks with a partner if it would rather hold the offer than stand as it does,
and the provider would rather have it than that partner; or with an empty place, if it would take
it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.model.drawn import Drawn
from sim.model.followed import follow, make_trace
from sim.model.layout import NEVER, make_state
from sim.model.mechanism.observed import make_observation, observe
from sim.model.mechanism.terms import N_TERMS
from sim.model.record import make_record
from sim.model.rows import sizes
from sim.model.world.building import OFFER_FIELDS, PROVIDER_FIELDS

if TYPE_CHECKING:
    from sim.analysis.portfolio.market import Limits, Market
    from sim.analysis.portfolio.simulated import Luck
    from sim.model.world.building import Built

EMPTY_PLACE = -1
BY_AIM, BY_RANKING = "objective", "ranking"
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Blocks:
    """Pairs that block the outcome of asking a set of countries.

    Parameters
    ----------
    futures : int
        Futures looked at.
    pairs : mapping
        By what the provider prefers, `BY_AIM` or `BY_RANKING`: in how many futures each pair
        blocks, by the country outside and the partner inside or `EMPTY_PLACE`.
    any_pair : mapping
        By the same: in how many futures there is one.
    empty_places : float
        Places that are empty at the end, as a mean over futures.
    """

    futures: int
    pairs: Mapping[str, Mapping[tuple[int, int], int]]
    any_pair: Mapping[str, int]
    empty_places: float

    def outside(self, by: str) -> dict[int, int]:
        """Return in how many pairs, over all futures, each country outside blocks; most first."""
        found: dict[int, int] = {}
        for (i, _), times in self.pairs[by].items():
            found[i] = max(found.get(i, 0), times)
        return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


@dataclass(frozen=True)
class FinalState:
    """How a future ends: where countries are, what paths are worth to them, and they to a provider.

    Parameters
    ----------
    path : ndarray of int64, shape (n,)
    utility : ndarray, shape (n, K)
        Systematic utility of each path, tastes included.
    standing : ndarray, shape (n,)
        What each country is worth to the provider, as it ranks whom it selects.
    size_mw : ndarray, shape (n,)
        Data centre that each country would take.
    """

    path: NDArray[np.int64]
    utility: NDArray[np.float64]
    standing: NDArray[np.float64]
    size_mw: NDArray[np.float64]


def final_states(built: Built, luck: Luck, o: int, places: int) -> Iterator[FinalState]:
    """Yield how each of some futures ends, in the order of their replicates."""
    inputs, world = luck.inputs(places), built.world
    n, n_paths, n_offers, n_providers = sizes(built)
    state = make_state(n, n_paths, n_offers, n_providers, N_TERMS)
    record = make_record(1, 1, world.n_months, *sizes(built), has_sums=False)
    seen = make_observation(n, n_paths)
    # Nobody is followed on the way: only where the future ends counts.
    nobody = np.zeros(0, np.int64)
    trace = make_trace(
        0, world.n_months, n, n_paths, n_offers, n_providers, len(OFFER_FIELDS),
        len(PROVIDER_FIELDS),
    )  # fmt: skip
    for draw in Drawn(built, luck.seed, inputs):
        follow(world, draw, state, record, nobody, 0, world.n_months, int(NEVER), trace)
        observe(world, draw, state, world.n_months - 1, seen)
        yield FinalState(
            state.position["path"].copy(), seen.utility.copy(), state.worth[o].copy(),
            state.offer_mw[o].copy(),
        )  # fmt: skip


def reachable(market: Market) -> Flags:
    """Return by which path (second axis) a country on a path (first) could take the offer, (K, K).

    It keeps only what it has: the offer alone, in place of another of the same provider, or beside.
    """
    axes, o = market.built.axes, market.o
    own = axes.offer[o]
    found = np.zeros((len(axes.path), len(axes.path)), np.bool_)
    for k, held in enumerate(axes.path_offers):
        if own not in held:
            continue
        beside = {*held} - {own}
        for now, has in enumerate(axes.path_offers):
            keeps = beside <= {*has} and axes.path_has_own[k] <= axes.path_has_own[now]
            found[now, k] = keeps and own not in has
    return found


def blocking_pairs(market: Market, luck: Luck, chosen: Sequence[int], limits: Limits) -> Blocks:
    """Return the pairs that block the outcome of asking a set of countries.

    Parameters
    ----------
    market : Market
    luck : Luck
        The futures.
    chosen : sequence of int
        Countries that are asked.
    limits : Limits
    """
    built, ways = market.asking(chosen), reachable(market)
    outside = [i for i in market.candidates if i not in set(chosen)]
    pairs: dict[str, dict[tuple[int, int], int]] = {BY_AIM: {}, BY_RANKING: {}}
    any_pair = dict.fromkeys(pairs, 0)
    empty = 0
    n_futures = 0
    for end in final_states(built, luck, market.o, limits.places):
        n_futures += 1
        holds = market.worth.holds_offer[end.path]
        partners = np.flatnonzero(holds).tolist()
        free = limits.places - len(partners)
        empty += max(free, 0)
        found = _pairs_of(market, luck, end, outside, partners, free > 0, limits, ways)
        for by, own in found.items():
            any_pair[by] += bool(own)
            for pair in own:
                pairs[by][pair] = pairs[by].get(pair, 0) + 1
    return Blocks(n_futures, pairs, any_pair, empty / max(n_futures, 1))


def _pairs_of(
    market: Market, luck: Luck, end: FinalState, outside: Sequence[int], partners: Sequence[int],
    has_room: bool, limits: Limits, ways: Flags,
) -> dict[str, list[tuple[int, int]]]:  # fmt: skip
    """Return the pairs that block the end of one future."""
    everybody = np.arange(end.path.size)
    values = np.where(ways[end.path], end.utility, -np.inf)
    best = values.argmax(axis=1)
    wants = values.max(axis=1) > end.utility[everybody, end.path]
    worth, aim = market.worth, luck.objective
    now = worth.of_countries(aim, end.path, end.size_mw)
    gain = worth.of_countries(aim, best, end.size_mw) - now
    # What goes with a partner that loses the offer and keeps the rest.
    left = market.built.world.path_without[end.path, market.o]
    loss = now - worth.of_countries(aim, left, end.size_mw)
    found: dict[str, list[tuple[int, int]]] = {BY_AIM: [], BY_RANKING: []}
    asked = [j for j in partners if j not in market.held]
    for i in outside:
        if not wants[i]:
            continue
        if has_room:
            if limits.fits([*asked, i]):
                found[BY_RANKING].append((i, EMPTY_PLACE))
                if gain[i] > 0.0:
                    found[BY_AIM].append((i, EMPTY_PLACE))
            continue
        for j in asked:
            if not limits.fits([*(each for each in asked if each != j), i]):
                continue
            if gain[i] > loss[j] + 1e-9:
                found[BY_AIM].append((i, j))
            if end.standing[i] > end.standing[j]:
                found[BY_RANKING].append((i, j))
    return found
