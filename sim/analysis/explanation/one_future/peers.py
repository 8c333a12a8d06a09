"""The peers whose commitments mattered most to a choice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.analysis.explanation.one_future.weighed import Weighed


@dataclass(frozen=True)
class Peer:
    """A peer that is committed when a country reviews.

    Parameters
    ----------
    j : int
        Index of the peer.
    path : int
        The path on which it is.
    since : int
        Index of the month at whose end it first stood there; -1 if it did at the start.
    weight : float
        Its weight among all peers of the country, 0-1.
    adds : float
        What its commitment adds to one path less another, utility.
    """

    j: int
    path: int
    since: int
    weight: float
    adds: float


def committed_peers(weighed: Weighed, path: int, base: int) -> list[Peer]:
    """Return the committed peers of a country, those that add or take most first.

    Parameters
    ----------
    weighed : Weighed
    path, base : int
        The paths that are compared.
    """
    world, trace, t = weighed.built.world, weighed.trace, weighed.t
    weight = world.influence[:, weighed.i]
    held = trace.path[t]
    rates = _worth(weighed, path) - _worth(weighed, base)
    adds = weight * (world.path_provider[held] @ rates)
    found = [
        Peer(int(j), int(held[j]), _since(trace.path[: t + 1, j]), float(weight[j]), float(adds[j]))
        for j in np.flatnonzero((weight > 0.0) & world.path_provider[held].any(axis=1))
    ]
    return sorted(found, key=lambda peer: (-abs(peer.adds), -peer.weight, peer.j))


def _worth(weighed: Weighed, path: int) -> NDArray[np.float64]:
    """Return what a path gains for each unit of weight of peers with each provider, (P,).

    Of two providers the one with fewer peers counts less by `overlap`; see the term *peers*.
    """
    world = weighed.built.world
    share = weighed.trace.peer_share[weighed.t, weighed.c]
    rates = np.zeros(share.size)
    providers = [int(world.offer["provider"][o]) for o in weighed.offers_of(path)]
    for p in providers:
        rates[p] = weighed.weights["w_peer"]
    if len(providers) == 2:
        first, second = providers
        rates[second if share[second] <= share[first] else first] *= (
            1.0 - weighed.weights["overlap"]
        )
    return rates


def _since(path: NDArray[np.int64]) -> int:
    """Return the month at whose end a peer first stood where it stands last; -1: from the start."""
    moves = np.flatnonzero(path[:-1] != path[-1])
    return int(moves[-1]) if moves.size else -1
