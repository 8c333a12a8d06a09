"""A month as it is on record: paths are taken from the record, and the rule says how likely.

Estimation and explanation ask what the rule makes of each country in each month: how likely it is
to review, which paths are open to it, what each is worth to it and how likely it would be chosen.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.model.layout import EVERYTHING, NEVER, Draw, State, World
from sim.model.machine.by_address import by_address
from sim.model.machine.compiled import entry, inlined
from sim.model.mechanism.choice import (
    add_probabilities,
    fill_review_chances,
    is_offer_open,
    is_path_open,
    offer_chance,
)
from sim.model.mechanism.derived import derive_all
from sim.model.mechanism.invitations import invite
from sim.model.mechanism.month import ZERO, close_month, open_month, start
from sim.model.mechanism.terms import utility, waiting_value
from sim.model.record import (
    Record,
    of_group,
    record_end,
    record_group,
    record_partners,
    record_start,
)


class Observation(NamedTuple):
    """What the rule makes of each country in a month, after invitations and before any choice."""

    hazard: np.ndarray  # (n,) chance that it reviews, 0-1
    utility: np.ndarray  # (n, K) systematic utility V_ik
    is_open: np.ndarray  # (n, K) bool: it can choose the path
    probability: np.ndarray  # (n, K) that a review ends on the path, 0-1


def make_observation(n: int, n_paths: int, *months: int) -> Observation:
    """Return an empty observation of `n` countries; of many months where their number is given."""
    return Observation(
        np.zeros((*months, n)),
        np.zeros((*months, n, n_paths)),
        np.zeros((*months, n, n_paths), np.bool_),
        np.zeros((*months, n, n_paths)),
    )


@inlined
def observe_month(world: World, draw: Draw, state: State, t: int, seen: Observation) -> None:
    """Write what the rule makes of every country in month t to `seen`."""
    n = state.position.size
    wait = waiting_value(world, draw, t)
    fill_review_chances(world, draw, state, 0, n)
    for i in range(n):
        for k in range(world.path_key.size):
            seen.utility[i, k] = utility(world, draw, state, i, k, wait)
            seen.is_open[i, k] = is_path_open(world, draw, state, i, k)
            seen.probability[i, k] = 0.0
        seen.hazard[i] = observe_reviews(world, draw, state, i, seen)


@inlined
def observe_reviews(world: World, draw: Draw, state: State, i: int, seen: Observation) -> float:
    """Write where a review of country i would end; return how likely there is one, 0-1.

    Reviews of everything come first, then those of each offer that the country is asked to take,
    as in `find_topics`; the probabilities are those of all of them together.
    """
    values, found = seen.utility[i], seen.probability[i]
    passed = min(max(state.chance[i], 0.0), 1.0)
    if passed > 0.0:
        add_probabilities(world, draw, state, i, EVERYTHING, passed, values, found)
    for place in range(world.offer_order.size):
        o = world.offer_order[place]
        chance = min(offer_chance(draw, state, i, o), 1.0 - passed)
        if chance > 0.0:
            add_probabilities(world, draw, state, i, o, chance, values, found)
            passed += chance
    if passed > 0.0:
        for k in range(values.size):
            found[k] /= passed
    else:
        add_probabilities(world, draw, state, i, EVERYTHING, 1.0, values, found)
    return passed


@entry
def observe(world: World, draw: Draw, state: State, t: int, seen: Observation) -> None:
    """Write what the rule makes of every country in month t, as `state` and `draw` stand now."""
    derive_all(world, draw, state)
    observe_month(world, draw, state, t, seen)


@inlined
def take_recorded(world: World, draw: Draw, state: State, t: int, path: np.ndarray) -> int:
    """Let each country intend the path on record for it, `path` (n,); return how many move.

    NEVER stands for a country of which nothing is on record: it stays. An offer that is taken
    without an invitation in this future is one that was made: it is invited first.
    """
    n_movers = 0
    for i in range(state.position.size):
        k = path[i]
        if k == NEVER or k == state.position[i].path:
            continue
        for side in range(2):
            o = world.path_offer[k, side]
            if o >= 0 and not is_offer_open(state, i, o):
                invite(world, draw, state, i, o, t)
                if draw.offer[o].open_enrolment < 0.5:
                    state.book[o].held += 1
        state.position[i].intention = k
        state.reviewer[n_movers] = i
        n_movers += 1
    return n_movers


@inlined
def step_observed(
    world: World, draw: Draw, state: State, record: Record, r: int, t: int, path: np.ndarray,
    seen: Observation,
) -> None:  # fmt: skip
    """Carry `state` through month t with the paths on record, `path` (n,), in place of reviews.

    What suppliers abandon is on record too, so none is abandoned by chance. Terms improve only for
    countries that move: reviews that change nothing are not on record.
    """
    wait = waiting_value(world, draw, t)
    open_month(world, draw, state, t)
    observe_month(world, draw, state, t, seen)
    n_movers = take_recorded(world, draw, state, t, path)
    close_month(world, draw, state, record, r, t, wait, n_movers, 0.0)


@entry
def run_observed(
    world: World, draw: Draw, state: State, record: Record, path: np.ndarray, seen: Observation
) -> None:
    """Carry one future through its months with the paths on record; modified in place.

    Parameters
    ----------
    world, draw, state
        As every step of the rule has them; `state` ends as the last month leaves it.
    record : Record
        Of one future.
    path : ndarray of int64, shape (T, n)
        Path at the end of each month, NEVER where it is not known and so as before.
    seen : Observation
        With an axis of months in front.
    """
    kept = by_address(of_group(record, 0))
    start(world, draw, state)
    record_start(world, draw, kept)
    record_partners(world, draw, state, waiting_value(world, draw, ZERO))
    for t in range(world.n_months):
        month = by_address(
            Observation(seen.hazard[t], seen.utility[t], seen.is_open[t], seen.probability[t])
        )
        step_observed(world, draw, state, kept, 0, t, path[t], month)
    record_end(world, draw, state, kept, 0, waiting_value(world, draw, world.n_months - 1))
    record_group(kept)
