"""The set that was found, in fresh futures: its value, its rivals, the value of each place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.portfolio.additive import best_sum
from sim.analysis.portfolio.asked import ranked_by
from sim.analysis.portfolio.blocking import EMPTY_PLACE, blocking_pairs
from sim.analysis.portfolio.found import (
    BlockingPair,
    Further,
    Measured,
    Member,
    Other,
    Slot,
    Stability,
)
from sim.analysis.portfolio.objective import MEASURES, MW_PER_GW, RIVALS, measures_of
from sim.analysis.portfolio.search import Search, best_addition
from sim.analysis.portfolio.simulated import NOBODY, Luck
from sim.analysis.shared.estimates import estimate_apart, frequency_apart
from sim.experiment.outcomes import is_committed

if TYPE_CHECKING:
    from sim.analysis.portfolio.market import Limits, Market
    from sim.analysis.portfolio.objective import Values
    from sim.model.rows import Rows

RANDOM_SETS = 10
MOST_PAIRS = 60
STEPS_OF_LIMITS = {"megawatts": ("MW", MW_PER_GW), "budget_usd_m": ("USD million", 0.0)}
BUDGET_STEP = 0.1  # of the budget, where a further gigawatt has no like


@dataclass(frozen=True)
class Evaluation:
    """What the search has found, and the futures in which it is looked at.

    Parameters
    ----------
    market : Market
    limits : Limits
    search : Search
    order : tuple of int
        Countries to ask, those first that add most.
    fresh : Luck
        Futures that the search has not seen.
    """

    market: Market
    limits: Limits
    search: Search
    order: tuple[int, ...]
    fresh: Luck

    @property
    def places(self) -> int:
        """Places, those of partners on record included."""
        return self.limits.places

    @property
    def values(self) -> Values:
        """The objective in each fresh future."""
        return self.fresh.values(self.order, self.places)


def by_contribution(search: Search, chosen: frozenset[int]) -> tuple[int, ...]:
    """Return a set by what each country adds itself where this set is asked, most first."""
    luck, places, market = search.confirm, search.limits.places, search.screen.market
    size = luck.packages(places).size_mw
    there, here = (
        market.worth.of_countries(luck.objective, luck.rows(asked, places).final_path, size)
        for asked in (sorted(chosen), ())
    )
    mean = (there - here).mean(axis=0)
    return tuple(sorted(chosen, key=lambda i: (-mean[i], i)))


def members_of(found: Evaluation) -> tuple[Member, ...]:
    """Return the countries to ask, with what they are promised and what they do."""
    market, fresh, places = found.market, found.fresh, found.places
    asked, unasked = (fresh.rows(chosen, places) for chosen in (found.order, ()))
    brings = fresh.packages(places)
    size, bill = brings.size_mw, brings.bill_usd_m
    there, here = (
        market.worth.of_countries(fresh.objective, rows.final_path, size)
        for rows in (asked, unasked)
    )
    holds = market.worth.holds_offer[asked.final_path].sum(axis=0).tolist()
    signs = (asked.month_signed[:, :, market.o] >= 0).sum(axis=0).tolist()
    camp = is_committed(unasked, market.p).sum(axis=0).tolist()
    return tuple(
        Member(
            market.built.axes.country[i],
            market.name(i),
            float(size[:, i].mean()),
            float(bill[:, i].mean()),
            frequency_apart(holds[i], fresh.futures),
            frequency_apart(signs[i], fresh.futures),
            frequency_apart(camp[i], fresh.futures),
            estimate_apart((there - here)[:, i]),
        )
        for i in found.order
    )


def measures_found(found: Evaluation) -> tuple[Measured, ...]:
    """Return every measure with the countries asked, and with nobody asked."""
    asked, unasked = (
        found.fresh.measured(chosen, found.places) for chosen in (found.order, NOBODY)
    )
    return tuple(
        Measured(
            name,
            measure.title,
            measure.unit,
            estimate_apart(asked[name]),
            estimate_apart(unasked[name]),
            estimate_apart(asked[name] - unasked[name]),
        )
        for name, measure in MEASURES.items()
    )


def others_of(found: Evaluation, in_fact: Sequence[int]) -> tuple[Other, ...]:
    """Return other sets in the same futures, and by how much the one chosen is better.

    Parameters
    ----------
    found : Evaluation
    in_fact : sequence of int
        Countries that accepted the offer, on record.
    """
    market, limits = found.market, found.limits
    country = market.built.world.country
    n = limits.to_choose
    sets: dict[str, tuple[str, Sequence[int]]] = {
        "gdp": ("The largest economies", ranked_by(country["gdp_usd_m"], market, limits, n)),
        "readiness": ("The readiest for AI", ranked_by(country["readiness"], market, limits, n)),
    }
    if in_fact:
        sets["in_fact"] = ("The partners in fact", in_fact)
    sets["nobody"] = ("Nobody is asked", ())
    by_rule = found.fresh.run(market.built, found.fresh.inputs(found.places))
    first = asked_first(by_rule, market.o, n)
    sets["ranking"] = ("Those that the scenario asks first", ranked_by(first, market, limits, n))
    rows = [_other(found, name, title, chosen) for name, (title, chosen) in sets.items()]
    rows.insert(2, _by_rule(found, by_rule))
    rows.insert(3, _at_random(found))
    return tuple(rows)


def asked_first(rows: Rows, o: int, n: int) -> Values:
    """Return the share of futures in which each country is among the first `n` asked, (n,)."""
    month = np.where(rows.month_invited[:, :, o] < 0, np.inf, rows.month_invited[:, :, o])
    latest = np.sort(month, axis=1)[:, min(n, month.shape[1]) - 1]
    # Of those asked in the month in which the places would be filled, each counts in part.
    before = month < latest[:, None]
    beside = (month == latest[:, None]) & np.isfinite(month)
    left = (n - before.sum(axis=1)) / np.maximum(beside.sum(axis=1), 1)
    return np.asarray((before + beside * np.minimum(left, 1.0)[:, None]).mean(axis=0), np.float64)


def _other(found: Evaluation, name: str, title: str, chosen: Sequence[int]) -> Other:
    values = found.fresh.values(chosen, found.places)
    return Other(
        name, title, found.market.codes(chosen), estimate_apart(values),
        estimate_apart(found.values - values), found.limits.admit(chosen),
    )  # fmt: skip


def _by_rule(found: Evaluation, rows: Rows) -> Other:
    """Return the scenario's own rule: the provider selects by its ranking, and asks others again.

    It knows no limit but places.
    """
    market, fresh = found.market, found.fresh
    measured = measures_of(rows, market.worth, market.o, market.p)
    measured["rival_loss"] = fresh.measured(NOBODY, found.places)[RIVALS] - measured[RIVALS]
    values = fresh.objective.total(measured)
    title = "As the scenario selects, asking others after a refusal"
    return Other(
        "rule", title, (), estimate_apart(values), estimate_apart(found.values - values),
        not found.limits.loads,
    )  # fmt: skip


def _at_random(found: Evaluation) -> Other:
    """Return sets drawn at random within the limits: the mean over them, future by future."""
    market, limits, fresh = found.market, found.limits, found.fresh
    rng = np.random.default_rng(fresh.seed)
    total = np.zeros(fresh.futures)
    for _ in range(RANDOM_SETS):
        order = rng.random(len(market.built.axes.country))
        total += fresh.values(ranked_by(order, market, limits, limits.to_choose), found.places)
    values = total / RANDOM_SETS
    title = f"Drawn at random (mean of {RANDOM_SETS} sets)"
    return Other("random", title, (), estimate_apart(values), estimate_apart(found.values - values))


def slots_of(found: Evaluation) -> tuple[Slot, ...]:
    """Return what each place adds, in the order of joining, and what one more would add."""
    market, fresh = found.market, found.fresh
    order = [*found.order]
    # If the set is smaller than its places, nobody would take one more.
    beyond = (
        best_addition(found.search, order, found.places + 1)
        if len(order) == found.limits.to_choose
        else None
    )
    n_own = len(order)
    if beyond is not None:
        order.append(beyond)
    n_held = len(market.held)
    before = fresh.values(NOBODY, found.places)
    slots = []
    for k, i in enumerate(order, 1):
        values = fresh.values(order[:k], n_held + k)
        slots.append(
            Slot(
                n_held + k, market.built.axes.country[i], market.name(i), estimate_apart(values),
                estimate_apart(values - before), k > n_own,
            )
        )  # fmt: skip
        before = values
    return tuple(slots)


def further_of(found: Evaluation) -> tuple[Further, ...]:
    """Return what one step more of each limit would add."""
    amounts = {"megawatts": found.limits.megawatts, "budget_usd_m": found.limits.budget_usd_m}
    return tuple(
        _further(found, name, amount) for name, amount in amounts.items() if amount is not None
    )


def _further(found: Evaluation, name: str, amount: float) -> Further:
    unit, step = STEPS_OF_LIMITS[name]
    step = step or BUDGET_STEP * amount
    limits, search = found.limits, found.search
    wider = limits.raised(name, step)
    chosen = frozenset(found.order)
    options = {chosen, best_sum(search.mean_gain, found.market.candidates, wider, search.forced)}
    grown = chosen
    again = replace(search, limits=wider)
    while more := again.promising(grown):
        grown = grown | {more[0]}
    options.add(grown)
    luck = search.confirm
    best = max(sorted(options, key=sorted), key=lambda each: luck.values(each, found.places).mean())
    brings = found.fresh.packages(found.places)
    is_power = name == "megawatts"
    load = limits.size_mw if is_power else limits.bill_usd_m
    path = found.fresh.rows(found.order, found.places).final_path
    takes = brings.size_mw if is_power else brings.bill_usd_m
    taken = np.where(found.market.worth.holds_offer[path], takes, 0.0).sum(axis=1)
    kept = [*chosen, *limits.held]
    exceeds = frequency_apart(int((taken > amount).sum()), taken.size)
    adds = estimate_apart(found.fresh.values(best, found.places) - found.values)
    return Further(
        name, unit, amount, step, float(load[kept].sum()), float(takes[:, kept].sum(axis=1).mean()),
        exceeds, adds,
        found.market.codes(sorted(best - chosen)), found.market.codes(sorted(chosen - best)),
    )  # fmt: skip


def stability_of(found: Evaluation, luck: Luck) -> Stability:
    """Return the blocking pairs of the outcome in some futures, the most frequent first."""
    blocks = blocking_pairs(found.market, luck, found.order, found.limits)
    codes = found.market.built.axes.country
    pairs = [(by, i, j, times) for by, own in blocks.pairs.items() for (i, j), times in own.items()]
    pairs.sort(key=lambda pair: (pair[0], -pair[3], pair[1], pair[2]))
    most: list[BlockingPair] = []
    for by in blocks.pairs:
        own = [pair for pair in pairs if pair[0] == by][:MOST_PAIRS]
        most += [
            BlockingPair(
                by, codes[i], "" if j == EMPTY_PLACE else codes[j],
                frequency_apart(times, blocks.futures),
            )
            for _, i, j, times in own
        ]  # fmt: skip
    any_pair = {by: frequency_apart(times, blocks.futures) for by, times in blocks.any_pair.items()}
    return Stability(blocks.futures, blocks.empty_places, any_pair, tuple(most))
