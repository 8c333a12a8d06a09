"""What an outcome of a scenario hangs on, in one call."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.analysis.answers import Answer
from sim.analysis.quantities import (
    PROBABILITY,
    Quantity,
    in_futures,
    quantities_of_futures,
    refusal,
)
from sim.analysis.sensitivity.indices import Index, SobolIndices, morris_effects, sobol_indices
from sim.analysis.sensitivity.noise import noise_share
from sim.analysis.shared.given import check_text
from sim.analysis.shared.tally import Progress, Tally
from sim.analysis.what_matters.mattered import Ends, Mattered, OverTime
from sim.analysis.what_matters.movers import Mover, movers_of
from sim.analysis.what_matters.sizes import (
    KEPT,
    LEVELS,
    POINTS,
    REPLICATES,
    TRAJECTORIES,
    Sizes,
    checked_sizes,
)
from sim.analysis.what_matters.tables import matter_tables
from sim.analysis.what_matters.trials import OutcomeRunner
from sim.analysis.what_matters.words import matter_notes, matter_quotes
from sim.experiment.intervals import mean_interval
from sim.experiment.result import run_futures
from sim.experiment.sweeps.designs.samples.sampling import morris_levels, saltelli_shares
from sim.model.requests import check_extras, check_request, check_scenario
from sim.model.rows import FUTURES_PER_DRAW
from sim.scenario import load_scenario

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.data import Facts
    from sim.experiment.tables import Table
    from sim.model.ensemble import Ensemble
    from sim.scenario import Scenario

Values = NDArray[np.float64]


class WhatMatters(Mattered, Answer):
    """What an outcome of a scenario hangs on; see `Mattered` for its fields.

    Examples
    --------
    >>> import sim
    >>> soon = sim.load_scenario("baseline").with_changes({"horizon.end": "2025-08"})
    >>> sizes = {"replicates": 8, "trajectories": 4, "kept": 2, "points": 8}
    >>> found = sim.what_matters(soon, "n_countries(us)", **sizes)
    >>> found.title
    'What matters in baseline: Partners, United States'
    """

    NAME = "what-matters"

    @property
    def title(self) -> str:
        """What it is about, as a title."""
        return f"What matters in {self.scenario.name}: {self.quantity.title}"

    def tables(self) -> tuple[Table, ...]:
        """Return the table of all numbers, the strongest first."""
        return matter_tables(self)

    def quotes(self) -> list[str]:
        """Return two sentences: what matters most, and how far the rest does."""
        return matter_quotes(self)

    def sentences(self) -> list[str]:
        """Return the two sentences, and what they rest on."""
        return [*matter_quotes(self), *matter_notes(self)]


class _Stage(NamedTuple):
    """Outcomes at the rows of a design in whole blocks: means, noise, and rows left out."""

    shares: Values
    mean: Values
    over_time: Values
    noise: float
    n_left_out: int


def what_matters(
    scenario: Scenario | str | Path,
    outcome: str | None = None,
    *,
    country: str | None = None,
    replicates: int = REPLICATES,
    seed: int = 1,
    trajectories: int = TRAJECTORIES,
    kept: int = KEPT,
    points: int = POINTS,
    workers: int | None = None,
    progress: Progress | None = None,
    facts: Facts | None = None,
) -> WhatMatters:
    """Return what an outcome of a scenario hangs on: levers and uncertainties in one ranking.

    Every lever and every drawn number is moved in a Morris design. The strongest are moved again in
    a Saltelli design for Sobol' indices, and then one at a time to both ends of their ranges. All
    points have the same futures.

    Parameters
    ----------
    scenario : Scenario, path or str
        A scenario, its file, or its name.
    outcome : str, optional
        For example ``live_mw(us)`` or ``p_committed(KOR, china)``; the partners of the first
        provider unless an outcome or a country is given.
    country : str, optional
        ISO3 code: the probability that the country ends with the first provider.
    replicates : int
        Futures at each point of both designs, 8 to 100,000; the ends of ranges have five times as
        many.
    seed : int
        0 to 2**32 - 1, of the futures and of the designs.
    trajectories : int
        Of the Morris design, 4 to 500.
    kept : int
        How many of the strongest numbers have Sobol' indices, 2 to 20.
    points : int
        Base points of the Saltelli design, a power of two from 8 to 65,536.
    workers : int, optional
        Threads; one per core unless given. No effect on results.
    progress : callable, optional
        Called with (futures done, futures in all) from the calling thread.
    facts : Facts, optional
        The shipped facts unless others are given.

    Returns
    -------
    WhatMatters

    Raises
    ------
    InputError
        If there is no such scenario, outcome or country, a size is not allowed, nothing can be
        moved, or nothing that can be moved changes the outcome.

    Notes
    -----
    Levers are moved over their whole ranges, uncertainties over the middle 90 % of their
    distributions, both evenly. Numbers that a run draws jointly from the posterior are moved one at
    a time, each over its own middle 90 %. Numbers are chosen and ranked by the outcome at the end
    of the last month; their shares at the end of each year come from the same points.

    References
    ----------
    Morris 1991; Campolongo, Cariboni and Saltelli 2007; Saltelli et al. 2010.

    Examples
    --------
    >>> import sim
    >>> soon = sim.load_scenario("baseline").with_changes({"horizon.end": "2025-08"})
    >>> sizes = {"replicates": 8, "trajectories": 4, "kept": 2, "points": 8}
    >>> found = sim.what_matters(soon, "n_countries(us)", **sizes)
    >>> len(found.numbers), len(found.ranking.rows), len(found.quotes())
    (87, 2, 2)
    """
    sizes = checked_sizes(trajectories, replicates, kept, points, seed)
    check_request(replicates, seed, workers)
    check_extras(facts, progress)
    if isinstance(scenario, str | Path):
        scenario = load_scenario(scenario)
    check_scenario(scenario)
    if outcome is not None and country is not None:
        rule = "an outcome and a country are given."
        raise refusal(rule, f"Give one, or the outcome {PROBABILITY}({country}, PROVIDER).")
    check_text("outcome", outcome, "n_countries(us)")
    movers = movers_of(scenario)
    baseline = run_futures(scenario, sizes.at_ends, seed, workers, facts)
    quantity = _quantity(baseline, outcome, country)
    tally = Tally(sizes.futures(len(movers)), progress)
    tally.add(sizes.at_ends)
    trials = OutcomeRunner(baseline, quantity, facts, workers, tally)
    return _found(trials, movers, sizes, seed)


def _quantity(baseline: Ensemble, outcome: str | None, country: str | None) -> Quantity:
    """Return the outcome that is asked for.

    Raises
    ------
    InputError
        If the scenario has no such outcome or country.
    """
    known = quantities_of_futures(baseline, baseline.scenario)
    first = next(iter(baseline.scenario.providers))
    if country is not None:
        return known.find(f"{PROBABILITY}({country}, {first})")
    return known.find(outcome or f"n_countries({first})")


def _found(trials: OutcomeRunner, movers: Sequence[Mover], sizes: Sizes, seed: int) -> WhatMatters:
    """Run both stages and the ends of the ranges."""
    names = [mover.number.name for mover in movers]
    levels = morris_levels(names, (), sizes.trajectories, seed, LEVELS)
    screen = _stage(trials, movers, levels / (LEVELS - 1), len(movers) + 1, sizes.replicates)
    effects = morris_effects(names, (), screen.shares, screen.mean, LEVELS, seed)
    strongest = np.argsort(-effects.mu_star.value, kind="stable")[: sizes.kept]
    strongest = strongest[effects.mu_star.value[strongest] > 0]
    if not strongest.size:
        scenario, quantity = trials.baseline.scenario, trials.quantity
        rule = (
            f"nothing that can be moved in {scenario.name} changes {quantity.text}: it is "
            f"{float(screen.mean[0]):g} at every point."
        )
        raise refusal(rule, "Ask for another outcome, or give the scenario wider ranges.")
    left = [movers[j] for j in strongest.tolist()]
    own = [names[j] for j in strongest.tolist()]
    shares = saltelli_shares(own, (), sizes.points, seed, second_order=False)
    months = year_ends(trials.baseline.scenario.months)
    second = _stage(trials, left, shares, len(left) + 2, sizes.replicates, months)
    if np.ptp(second.mean) == 0.0:
        rule = (
            f"moving the {len(left)} strongest numbers leaves {trials.quantity.text} at "
            f"{float(second.mean[0]):g} while the others stand as the scenario has them."
        )
        raise refusal(rule, "Run more futures at each point, or ask for another outcome.")
    indices = sobol_indices(own, second.mean, second_order=False, seed=seed)
    order = np.argsort(-indices.total.value, kind="stable")
    ends = _ends(trials, [left[m] for m in order.tolist()], sizes.at_ends)
    now = in_futures(trials.baseline, trials.quantity)
    mean, low, high, _ = mean_interval(now, FUTURES_PER_DRAW)
    return WhatMatters(
        trials.baseline.scenario, trials.quantity, seed, sizes,
        tuple(mover.number for mover in movers),
        effects,
        strongest[order],
        SobolIndices(_in_order(indices.first, order), _in_order(indices.total, order), None),
        _over_time(trials, second, months, [own[m] for m in order.tolist()], order, seed),
        ends,
        (float(mean), float(low), float(high)),
        (screen.noise, second.noise),
        screen.n_left_out + second.n_left_out,
    )  # fmt: skip


def _in_order(index: Index, order: NDArray[np.int64]) -> Index:
    return Index(*(part[order] for part in index))


def year_ends(months: Sequence[str]) -> list[int]:
    """Return the indices of the last month of each year.

    Examples
    --------
    >>> year_ends(["2025-11", "2025-12", "2026-01", "2026-02"])
    [1, 3]
    """
    last = {month[:4]: t for t, month in enumerate(months)}
    return [*last.values()]


def _over_time(
    trials: OutcomeRunner,
    stage: _Stage,
    months: Sequence[int],
    names: Sequence[str],
    order: NDArray[np.int64],
    seed: int,
) -> OverTime:
    """Return the indices at the end of each year; NaN where the outcome is the same everywhere."""
    nothing = np.full(len(order), np.nan)
    found = []
    for column in stage.over_time.T:
        if np.ptp(column) <= 1e-12 * max(1.0, float(np.abs(column).max())):
            found.append([Index(nothing, nothing, nothing)] * 2)
        else:
            own = sobol_indices(names, column, second_order=False, seed=seed)
            found.append([_in_order(own.first, order), _in_order(own.total, order)])
    first, total = (
        Index(*map(np.array, zip(*each, strict=True))) for each in zip(*found, strict=True)
    )
    month = tuple(trials.baseline.scenario.months[t] for t in months)
    return OverTime(month, stage.over_time.mean(axis=0), first, total)


def _stage(
    trials: OutcomeRunner,
    movers: Sequence[Mover],
    shares: Values,
    block: int,
    replicates: int,
    months: Sequence[int] = (),
) -> _Stage:
    """Run the rows of a design; keep its blocks in which every point ran.

    Raises
    ------
    InputError
        If most of them break a rule of the scenario.
    """
    futures, over_time = trials.outcomes(movers, shares, replicates, months)
    whole = np.asarray(np.isfinite(futures[:, 0]).reshape(-1, block).all(axis=1))
    if 2 * whole.sum() < len(whole):
        rule = (
            f"{len(whole) - int(whole.sum())} of {len(whole)} blocks of the design hold a point "
            f"that breaks a rule of {trials.baseline.scenario.name}."
        )
        raise refusal(rule, "Give its levers ranges that go together.")
    kept = np.repeat(whole, block)
    futures = futures[kept]
    noise = noise_share(futures, FUTURES_PER_DRAW)
    mean = futures.mean(axis=1)
    return _Stage(shares[kept], mean, over_time[kept], noise, int((~kept).sum()))


def _ends(trials: OutcomeRunner, movers: Sequence[Mover], replicates: int) -> Ends:
    """Run each number at both ends of its range, with the rest of the scenario as it stands."""
    both = np.array([[0.0], [1.0]])
    futures = np.array([trials.outcomes([mover], both, replicates).futures for mover in movers])
    change, low, high, _ = mean_interval(np.diff(futures, axis=1)[:, 0].T, FUTURES_PER_DRAW)
    at_low, at_high = futures.mean(axis=2).T
    return Ends(at_low, at_high, change, low, high)
