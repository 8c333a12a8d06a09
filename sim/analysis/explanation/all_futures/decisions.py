"""What one future says about a country and some offers: when it decided, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.model.layout import NEVER, NO_REVIEW

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.model.followed import Trace
    from sim.model.world.building import Built

HAS, NOT_ASKED, NOT_TAKEN_UP = "has it", "not asked", "did not take the question up"
SAID_NO, LEFT, LEFT_BY_SUPPLIER = "said no", "left", "left by the supplier"
ENDS = (HAS, NOT_ASKED, NOT_TAKEN_UP, SAID_NO, LEFT, LEFT_BY_SUPPLIER)


@dataclass(frozen=True)
class Decision:
    """One future, seen from one country and some offers.

    Parameters
    ----------
    t : int
        The month that is looked at.
    end : str
        One of `ENDS`: how it stands at the end.
    began : bool
        Whether it has one of the offers at the start.
    is_asked, has_reviewed, takes : bool
        In that month: whether it is invited to one of the offers or has one; whether it takes the
        question up; whether it is on a path with one of the offers after the month's reviews.
    changes : bool
        Whether its review takes or leaves one of the offers that month.
    term : ndarray, shape (K, terms)
        Terms of each path that month, utility.
    is_open : ndarray of bool, shape (K,)
    with_path, without_path : int
        What it would have with one of the offers, and without: see `sides`.
    first_asked : int
        Month of the first invitation; the number of months if never.
    n_reviews : int
        How often it takes a question up.
    luck : float
        What chance adds to the side with the offers, mean over its reviews of them, utility.
    taste : ndarray, shape (K,)
        Of each path at the start, utility.
    peer_share : ndarray, shape (P,)
        Weight of its peers with each provider in the last month: in one and the same month, since
        that weight grows in all futures.
    """

    t: int
    end: str
    began: bool
    is_asked: bool
    has_reviewed: bool
    takes: bool
    changes: bool
    term: NDArray[np.float64]
    is_open: NDArray[np.bool_]
    with_path: int
    without_path: int
    first_asked: int
    n_reviews: int
    luck: float
    taste: NDArray[np.float64]
    peer_share: NDArray[np.float64]


def read_decision(
    built: Built, trace: Trace, i: int, offers: tuple[int, ...], t: int | None
) -> Decision:
    """Return what a trace of one country says about some offers.

    Parameters
    ----------
    built : Built
    trace : Trace
        Of the country alone.
    i : int
        The country.
    offers : tuple of int
    t : int or None
        The month that is looked at; where None, the first in which its review takes or leaves one
        of the offers, else the last.
    """
    holds = holds_any(built, offers)
    path, chosen = trace.path[:, i], trace.intention[:, 0]
    reviews = np.flatnonzero(chosen != NEVER)
    changed = reviews[holds[chosen[reviews]] != holds[path[reviews]]]
    if t is None:
        t = int(changed[0]) if changed.size else len(chosen) - 1
    invited = (trace.invited_since[:, 0][:, list(offers)] != NEVER).any(axis=1)
    with_path, without_path = sides(trace, 0, t, int(path[t]), holds)
    after = int(chosen[t]) if chosen[t] != NEVER else int(path[t])
    taste = built.axes.term.index("taste")
    return Decision(
        t=t,
        end=_end(trace, path, chosen, holds, invited),
        began=bool(holds[path[0]]),
        is_asked=bool(invited[t] or holds[path[t]]),
        has_reviewed=bool(chosen[t] != NEVER),
        takes=bool(holds[after]),
        changes=t in changed,
        term=trace.term[t, 0].copy(),
        is_open=trace.is_open[t, 0].copy(),
        with_path=with_path,
        without_path=without_path,
        first_asked=int(np.argmax(invited)) if invited.any() else len(chosen),
        n_reviews=int(reviews.size),
        luck=_luck(trace, reviews, holds),
        taste=trace.term[0, 0, :, taste].copy(),
        peer_share=trace.peer_share[-1, 0].copy(),
    )


def holds_any(built: Built, offers: tuple[int, ...]) -> NDArray[np.bool_]:
    """Return which paths hold one of some offers, shape (K,)."""
    return np.asarray(np.isin(built.world.path_offer, offers).any(axis=1))


def sides(trace: Trace, c: int, t: int, present: int, holds: NDArray[np.bool_]) -> tuple[int, int]:
    """Return what a country would have with one of some offers, and without.

    On the side on which it is, that is its present path; after a review, the one that it chose. On
    the other the best that is open by what speaks for it; of all paths if none is open.
    """
    chosen = int(trace.intention[t, c])
    found = []
    for side in (True, False):
        is_side = holds == side
        if chosen != int(NEVER) and holds[chosen] == side:
            found.append(chosen)
        elif holds[present] == side:
            found.append(present)
        else:
            usable = is_side & trace.is_open[t, c]
            among = np.flatnonzero(usable if usable.any() else is_side)
            found.append(int(among[np.argmax(trace.value[t, c, among])]))
    return found[0], found[1]


def _end(
    trace: Trace,
    path: NDArray[np.int64],
    chosen: NDArray[np.int64],
    holds: NDArray[np.bool_],
    invited: NDArray[np.bool_],
) -> str:
    """Return how a country stands with some offers at the end, and if without, why."""
    held = holds[path]
    if held[-1]:
        return HAS
    lost = np.flatnonzero(held[:-1] & ~held[1:])
    if lost.size:
        last = chosen[lost[-1]]
        return LEFT if last != NEVER and not holds[last] else LEFT_BY_SUPPLIER
    if not invited.any():
        return NOT_ASKED
    has_looked = (trace.topic[:, 0] != NO_REVIEW) & (trace.is_option[:, 0] & holds).any(axis=1)
    return SAID_NO if has_looked.any() else NOT_TAKEN_UP


def _luck(trace: Trace, reviews: NDArray[np.int64], holds: NDArray[np.bool_]) -> float:
    """Return what chance adds to the side with some offers, mean over reviews of them."""
    found = []
    for t in reviews.tolist():
        options = np.flatnonzero(trace.is_option[t, 0])
        best = [
            side[np.argmax(trace.value[t, 0, side])]
            for side in (options[holds[options]], options[~holds[options]])
            if side.size
        ]
        if len(best) == 2:
            noise = trace.scale[t] * trace.noise[t, 0]
            found.append(noise[best[0]] - noise[best[1]])
    return float(np.mean(found)) if found else 0.0
