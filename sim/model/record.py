"""What a run keeps of each future, and of all futures together."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.model.layout import (
    BUILDING,
    CONTROL_CONCEDED,
    FUND_USD_M,
    INVITATIONS_OPEN,
    INVITATIONS_SENT,
    LIVE,
    MW_CONTRACTED,
    MW_LIVE,
    N_ABANDONED,
    N_BUILDING,
    N_LEFT,
    N_LIVE,
    N_SIGNED,
    N_STALLED,
    OFFER_COLUMNS,
    ON_RECORD,
    SIGNED,
    SLOTS_HELD,
    STALLED,
    UNCOMMITTED,
    Draw,
    State,
    World,
    as_index,
)
from sim.model.machine.compiled import inlined
from sim.model.mechanism.choice import is_path_open
from sim.model.mechanism.invitations import is_eligible
from sim.model.mechanism.terms import N_TERMS, expected_utility, fill_terms


class Record(NamedTuple):
    """The output arrays of some futures; axis r is the future, axis g its group.

    Sums go over the futures of a group. What records one future is given the record of its group
    alone (`of_group`), whose sums have no axis g.
    """

    path_count: np.ndarray  # (r, T, K) int32 countries on each path
    path_share: np.ndarray  # (r, T, K, 3) share of world GDP, population, readiness
    offer: np.ndarray  # (r, T, O, columns) see OFFER_COLUMNS
    final_path: np.ndarray  # (r, n) int8
    month_invited: np.ndarray  # (r, n, O) int16, -1 where never
    month_signed: np.ndarray  # (r, n, O) int16, -1 where never
    transition: np.ndarray  # (r, K, K) int32 moves from one path to another
    country_path: np.ndarray  # (g, n, K, T) int32 futures on the path in the month
    driver_sum: np.ndarray  # (g, n, P, terms) sum over futures of the terms of `decision`
    decided: np.ndarray  # (g, n, P) int32 futures in which the country first commits to it
    eligible: np.ndarray  # (g, n, O) int32 futures in which the rules admit it at the start


BY_FUTURE = (
    "path_count", "path_share", "offer", "final_path", "month_invited", "month_signed",
    "transition",
)  # fmt: skip
SUMMED = ("country_path", "driver_sum", "decided", "eligible")


def make_record(
    futures: int, groups: int, n_months: int, n: int, n_paths: int, n_offers: int,
    n_providers: int, has_sums: bool = True,
) -> Record:  # fmt: skip
    """Return the zeroed output arrays of some futures in some groups.

    Without sums those over months and over terms are empty, and kernels leave them out: for many
    groups of few futures they would take most of the memory.
    """
    n_summed = n if has_sums else 0
    return Record(
        path_count=np.zeros((futures, n_months, n_paths), np.int32),
        path_share=np.zeros((futures, n_months, n_paths, 3)),
        offer=np.zeros((futures, n_months, n_offers, len(OFFER_COLUMNS))),
        final_path=np.zeros((futures, n), np.int8),
        month_invited=np.zeros((futures, n, n_offers), np.int16),
        month_signed=np.zeros((futures, n, n_offers), np.int16),
        transition=np.zeros((futures, n_paths, n_paths), np.int32),
        country_path=np.zeros((groups, n_summed, n_paths, n_months), np.int32),
        driver_sum=np.zeros((groups, n_summed, n_providers, N_TERMS)),
        decided=np.zeros((groups, n_summed, n_providers), np.int32),
        eligible=np.zeros((groups, n, n_offers), np.int32),
    )


@inlined
def of_group(record: Record, g: int) -> Record:
    """Return the record of the futures of one group: the same memory, sums without axis g."""
    return Record(
        record.path_count,
        record.path_share,
        record.offer,
        record.final_path,
        record.month_invited,
        record.month_signed,
        record.transition,
        record.country_path[g],
        record.driver_sum[g],
        record.decided[g],
        record.eligible[g],
    )


@inlined
def record_offer(state: State, out: np.ndarray, before: np.ndarray, o: int) -> None:
    """Write the columns of OFFER_COLUMNS for offer o at the end of a month to `out`.

    Sums over commitments change only when a stage does; else those of the month `before` hold.
    """
    count = state.stage_count[o]
    out[INVITATIONS_OPEN] = state.book[o].invitations_open
    out[INVITATIONS_SENT] = state.book[o].invitations_sent
    out[SLOTS_HELD] = state.book[o].held
    out[N_SIGNED] = count[SIGNED]
    out[N_BUILDING] = count[BUILDING]
    out[N_LIVE] = count[LIVE]
    out[N_STALLED] = count[STALLED]
    out[N_LEFT] = state.book[o].n_left
    out[N_ABANDONED] = state.book[o].n_abandoned
    active = state.n_holders[o]
    if active == 0:
        return
    if not state.has_moved[o]:
        for column in range(MW_CONTRACTED, out.size):
            out[column] = before[column]
        return
    state.has_moved[o] = 0
    contracted = 0.0
    live = 0.0
    fund = 0.0
    conceded = 0.0
    for place in range(active):
        i = as_index(state.holder[o, place])
        contracted += state.deal[i, o].mw
        fund += state.deal[i, o].fund_usd_m
        conceded += state.deal[i, o].conceded
        if state.stage[o, i] == LIVE:
            live += state.deal[i, o].mw
    out[MW_CONTRACTED] = contracted
    out[MW_LIVE] = live
    out[FUND_USD_M] = fund
    out[CONTROL_CONCEDED] = conceded / active


@inlined
def record_start(world: World, draw: Draw, record: Record) -> None:
    """Count which countries the rules of each offer admit at the start."""
    for i in range(world.country.size):
        for o in range(world.offer.size):
            if is_eligible(world, draw, i, o):
                record.eligible[i, o] += 1


@inlined
def record_month(world: World, state: State, record: Record, r: int, t: int) -> None:
    """Write the state at the end of month t of future r."""
    for k in range(state.path_count.size):
        record.path_count[r, t, k] = state.path_count[k]
        for column in range(3):
            record.path_share[r, t, k, column] = state.path_share[k, column]
    for o in range(state.book.size):
        record_offer(state, record.offer[r, t, o], record.offer[r, max(0, t - 1), o], o)


@inlined
def record_stay(record: Record, i: int, k: int, since: int, until: int) -> None:
    """Note that country i was on path k from month `since` up to but not including `until`.

    Only entry and exit are noted; `record_group` counts the months between.
    """
    if record.country_path.shape[0] == 0:
        return
    months = record.country_path[i, k]
    if until > since:
        months[since] += 1
        if until < months.size:
            months[until] -= 1


@inlined
def record_move(state: State, record: Record, r: int, i: int, old: int, since: int, t: int) -> None:
    """Note that country i, on path `old` since month `since`, may have moved in month t."""
    if state.position[i].path != old:
        record.transition[r, old, state.position[i].path] += 1
        record_stay(record, i, old, since, t)


@inlined
def record_decision(
    world: World, draw: Draw, state: State, i: int, k: int, base: int, p: int, wait: float
) -> None:
    """Keep the terms of path k less those of path `base`, for country i and provider p.

    That is staying as it is, so that a second partner is weighed without the first; for a
    partnership on record, staying uncommitted.
    """
    for side in range(state.term.shape[0]):
        # One call for both: what stands in it is compiled at each call.
        fill_terms(world, draw, state, i, base if side else k, wait, state.term[side])
    for term in range(N_TERMS):
        state.decision[i, p, term] = state.term[0, term] - state.term[1, term]


@inlined
def record_commitments(world: World, draw: Draw, state: State, i: int, wait: float) -> None:
    """Keep why country i commits this month, for each provider it commits to for the first time.

    Whoever is on record with a provider has done so before the run.
    """
    k, now = state.position[i].intention, state.position[i].path
    for p in range(world.path_provider.shape[1]):
        if world.path_provider[k, p] and not state.stance[i, p].is_decided:
            record_decision(world, draw, state, i, k, now, p, wait)
            state.stance[i, p].is_decided = 1


@inlined
def record_partners(world: World, draw: Draw, state: State, wait: float) -> None:
    """Keep what weighs for and against each partnership on record, at the start."""
    for i in range(state.position.size):
        k = state.position[i].path
        for p in range(world.path_provider.shape[1]):
            if world.path_provider[k, p]:
                record_decision(world, draw, state, i, k, UNCOMMITTED, p, wait)
                state.stance[i, p].is_decided = ON_RECORD


@inlined
def is_next_with(world: World, k: int, p: int, present: int) -> bool:
    """Return whether path k holds one offer of provider p alone, or added to the present path."""
    if not world.path_provider[k, p]:
        return False
    if world.path_size[k] == 1:
        return True
    for side in range(2):
        o = world.path_offer[k, side]
        if o >= 0 and world.offer[o].provider == p and world.path_without[k, o] == present:
            return True
    return False


@inlined
def best_next(world: World, draw: Draw, state: State, i: int, p: int, wait: float) -> int:
    """Return the path by which country i would like best to take an offer of provider p.

    Of those that are open to it; of all of them only if none is.
    """
    best = UNCOMMITTED
    best_value = -np.inf
    is_best_open = False
    for k in range(world.path_key.size):
        if is_next_with(world, k, p, state.position[i].path):
            is_open = is_path_open(world, draw, state, i, k)
            value = expected_utility(world, draw, state, i, k, wait)
            if (is_open and not is_best_open) or (is_open == is_best_open and value > best_value):
                best = k
                best_value = value
                is_best_open = is_open
    return best


@inlined
def record_drivers(
    world: World, draw: Draw, state: State, record: Record, i: int, wait: float
) -> None:
    """Add the terms of country i's decision about each provider to the sums."""
    now = state.position[i].path
    for p in range(world.path_provider.shape[1]):
        if state.stance[i, p].is_decided:
            record.decided[i, p] += state.stance[i, p].is_decided != ON_RECORD
        else:
            best = best_next(world, draw, state, i, p, wait)
            record_decision(world, draw, state, i, best, now, p, wait)
        for term in range(N_TERMS):
            record.driver_sum[i, p, term] += state.decision[i, p, term]


@inlined
def record_end(world: World, draw: Draw, state: State, record: Record, r: int, wait: float) -> None:
    """Write what is known only at the end of future r.

    Where a country has never committed to a provider, its drivers are those of the provider's
    best open offer in the last month, alone or beside what the country has: what it would weigh. On
    record, see `record_partners`.
    """
    for i in range(state.position.size):
        record_stay(record, i, state.position[i].path, state.position[i].path_since, world.n_months)
        record.final_path[r, i] = state.position[i].path
        for o in range(state.book.size):
            record.month_invited[r, i, o] = state.deal[i, o].month_invited
            record.month_signed[r, i, o] = state.deal[i, o].month_signed
        if record.driver_sum.shape[0] > 0:
            record_drivers(world, draw, state, record, i, wait)


@inlined
def record_group(record: Record) -> None:
    """Turn entries to paths less exits from them into futures on the path, month by month."""
    for i in range(record.country_path.shape[0]):
        for k in range(record.country_path.shape[1]):
            months = record.country_path[i, k]
            for t in range(1, months.size):
                months[t] += months[t - 1]
