"""The ensemble driver: many futures of one scenario, spread over threads in fixed blocks."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import RunError
from sim.model.block import run_block
from sim.model.builder import Axes, Built, build_world
from sim.model.layout import Draw, make_state
from sim.model.record import Record, make_record
from sim.model.requests import LARGEST_SEED, MOST_REPLICATES
from sim.model.sampling import draw_events, draw_numbers
from sim.model.terms import N_TERMS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.data import Facts, Features
    from sim.scenario import Scenario

FUTURES_PER_DRAW = 4
# A multiple of FUTURES_PER_DRAW. Fixed, so that sums do not depend on the number of threads.
BLOCK = 40
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Ensemble:
    """Many futures of one scenario, with axes R (future), T, K, O, P, n as in `Axes`.

    Parameters
    ----------
    path_count : ndarray of int32, shape (R, T, K)
        Countries on each path at each month's end.
    path_share : ndarray of shape (R, T, K, 3)
        Their share of world GDP, population and AI readiness, 0-1.
    offer_record : ndarray of shape (R, T, O, 13)
        Columns `sim.model.layout.OFFER_COLUMNS`.
    final_path : ndarray of int8, shape (R, n)
        Path at the end.
    month_invited, month_signed : ndarray of int16, shape (R, n, O)
        Index of the first such month, -1 where never; 0 for a commitment on record at the start.
    transition : ndarray of int32, shape (R, K, K)
        Moves from one path to another.
    country_path : ndarray of int32, shape (n, K, T)
        Futures in which the country is on the path at the month's end.
    driver_sum : ndarray of shape (n, P, terms)
        Sum over futures of the terms at the decision, in utility: those of the path at the first
        commitment to the provider less those of staying uncommitted; for a partnership on record,
        at the start; in futures without one, of the best single offer in the last month.
    decided : ndarray of int32, shape (n, P)
        Futures in which the country first commits to the provider; 0 for partners on record.
    eligible : ndarray of bool, shape (n, O)
        Whether the rules of the offer admit the country at the start, in any future.
    number_names : tuple of str
        Addresses of the uncertain numbers.
    number_draws : ndarray of shape (draws, numbers)
        Their values; future r uses draw ``r // futures_per_draw``.
    """

    scenario: Scenario
    axes: Axes
    seed: int
    replicates: int
    futures_per_draw: int
    path_count: NDArray[np.int32]
    path_share: NDArray[np.float64]
    offer_record: NDArray[np.float64]
    final_path: NDArray[np.int8]
    month_invited: NDArray[np.int16]
    month_signed: NDArray[np.int16]
    transition: NDArray[np.int32]
    country_path: NDArray[np.int32]
    driver_sum: NDArray[np.float64]
    decided: NDArray[np.int32]
    eligible: NDArray[np.bool_]
    number_names: tuple[str, ...]
    number_draws: NDArray[np.float64]
    features: Features
    facts: Facts


@dataclass(frozen=True)
class Inputs:
    """What a block of futures has of its own, axis r first; see `sim.model.layout.Draw`."""

    replicate: NDArray[np.uint64]
    weight: NDArray[Any]
    offer: NDArray[Any]
    provider: NDArray[Any]
    event_active: NDArray[np.bool_]

    def numbers(self, name: str) -> NDArray[np.float64]:
        """Return the records of ``offer`` or ``provider`` as numbers, the same memory."""
        records: NDArray[Any] = getattr(self, name)
        return records.view(np.float64).reshape(*records.shape, -1)


def draw_inputs(built: Built, seed: int, replicate: NDArray[np.uint64]) -> Inputs:
    """Return the numbers of some futures: each a function of its own index alone."""
    n = replicate.size
    weight = np.repeat(built.weight, n)
    offer = np.tile(built.offer, (n, 1))
    provider = np.tile(built.provider, (n, 1))
    values = number_draws(built, seed, replicate // np.uint64(FUTURES_PER_DRAW))
    for j, group in enumerate(built.numbers.group):
        field, row = built.numbers.field[j], built.numbers.row[j]
        if group == "weight":
            weight[field] = values[:, j]
        else:
            (offer if group == "offer" else provider)[field][:, row] = values[:, j]
    active = draw_events(seed, replicate, built.timetable.probability, built.timetable.key)
    return Inputs(replicate, weight, offer, provider, active)


def number_draws(built: Built, seed: int, draws: NDArray[np.uint64]) -> NDArray[np.float64]:
    """Return the values of the uncertain numbers in some parameter draws, (draws, numbers)."""
    numbers = built.numbers
    return draw_numbers(
        seed, draws, numbers.address, numbers.distribution, numbers.bounds, numbers.is_whole
    )


def future(built: Built, seed: int, replicate: int) -> Draw:
    """Return what one future has of its own, for a driver that steps it month by month."""
    inputs = draw_inputs(built, seed, np.array([replicate], np.uint64))
    return Draw(
        np.uint64(seed),
        np.uint64(replicate),
        inputs.weight[0],
        inputs.offer[0],
        inputs.provider[0],
        inputs.numbers("offer")[0],
        inputs.numbers("provider")[0],
        inputs.event_active[0],
    )


# Outputs with one row a future, and those summed over futures.
_BY_FUTURE = (
    "path_count", "path_share", "offer", "final_path", "month_invited", "month_signed",
    "transition",
)  # fmt: skip
_SUMMED = ("country_path", "driver_sum", "decided", "eligible")


def _sizes(built: Built) -> tuple[int, int, int, int]:
    axes = built.axes
    return len(axes.country), len(axes.path), len(axes.offer), len(axes.provider)


def _run_futures(built: Built, seed: int, first: int, count: int, out: Record) -> Record:
    """Run futures `first` to ``first + count - 1``; return their sums, and write the rest to `out`.

    The arrays with a row a future are views of `out`: nothing of them is copied.
    """
    n, n_paths, n_offers, n_providers = _sizes(built)
    inputs = draw_inputs(built, seed, np.arange(first, first + count, dtype=np.uint64))
    sums = make_record(0, n, built.world.n_months, n_paths, n_offers, n_providers)
    rows = {name: getattr(out, name)[first : first + count] for name in _BY_FUTURE}
    record = sums._replace(**rows)
    state = make_state(n, n_paths, n_offers, n_providers, N_TERMS)
    run_block(
        built.world,
        np.uint64(seed),
        inputs.replicate,
        inputs.weight,
        inputs.offer,
        inputs.provider,
        inputs.numbers("offer"),
        inputs.numbers("provider"),
        inputs.event_active,
        state,
        record,
    )
    return record


def _check_size(replicates: int, seed: int, workers: int | None) -> int:
    """Return the number of threads, after checking what a caller asked for."""
    if not 1 <= replicates <= MOST_REPLICATES:
        raise RunError(
            f"replicates = {replicates} must be from 1 to {MOST_REPLICATES}: ask for fewer futures."
        )
    if not 0 <= seed <= LARGEST_SEED:
        raise RunError(f"seed = {seed} must be from 0 to {LARGEST_SEED}.")
    if workers is not None and workers < 1:
        raise RunError(f"workers = {workers} must be at least 1; leave it out for one a core.")
    return workers or os.cpu_count() or 1


def run_built(
    built: Built,
    replicates: int,
    seed: int,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Ensemble:
    """Run an ensemble of a scenario that is built already; see `run_ensemble`."""
    n_workers = _check_size(replicates, seed, workers)
    n, n_paths, n_offers, n_providers = _sizes(built)
    out = make_record(replicates, n, built.world.n_months, n_paths, n_offers, n_providers)
    starts = range(0, replicates, BLOCK)
    with ThreadPoolExecutor(min(n_workers, len(starts))) as pool:
        jobs = [
            pool.submit(_run_futures, built, seed, first, min(BLOCK, replicates - first), out)
            for first in starts
        ]
        try:
            # In order of the futures, not of arrival: sums of floats depend on it.
            for first, job in zip(starts, jobs, strict=True):
                part = job.result()
                for name in _SUMMED:
                    total = getattr(out, name)
                    total += getattr(part, name)
                if progress is not None:
                    progress(min(first + BLOCK, replicates), replicates)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    n_draws = -(-replicates // FUTURES_PER_DRAW)
    return Ensemble(
        scenario=built.scenario,
        axes=built.axes,
        seed=seed,
        replicates=replicates,
        futures_per_draw=FUTURES_PER_DRAW,
        path_count=out.path_count,
        path_share=out.path_share,
        offer_record=out.offer,
        final_path=out.final_path,
        month_invited=out.month_invited,
        month_signed=out.month_signed,
        transition=out.transition,
        country_path=out.country_path,
        driver_sum=out.driver_sum,
        decided=out.decided,
        eligible=out.eligible > 0,
        number_names=built.numbers.address,
        number_draws=number_draws(built, seed, np.arange(n_draws, dtype=np.uint64)),
        features=built.features,
        facts=built.facts,
    )


def run_ensemble(
    scenario: Scenario,
    facts: Facts | None = None,
    replicates: int = 1000,
    seed: int = 1,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Ensemble:
    """Return many futures of a scenario.

    Parameters
    ----------
    scenario : Scenario
        Validated.
    facts : Facts, optional
        The shipped facts unless others are given.
    replicates : int
        Number of futures, 1 to 1,000,000. About 40 kB each with two providers and three offers.
    seed : int
        0 to 2**32 - 1. Equal inputs give equal bytes on any number of workers.
    workers : int, optional
        Threads; one a core unless given.
    progress : callable, optional
        Called with (futures done, futures in all) from the calling thread.

    Returns
    -------
    Ensemble

    Raises
    ------
    RunError
        If the number of futures or workers, or the seed, is out of range.

    Examples
    --------
    >>> from sim.scenario import load_scenario
    >>> ensemble = run_ensemble(load_scenario("baseline"), replicates=8, seed=1)
    >>> ensemble.path_count.shape, int(ensemble.path_count[0, 0].sum())
    ((8, 68, 7), 194)
    """
    _check_size(replicates, seed, workers)
    return run_built(build_world(scenario, facts), replicates, seed, workers, progress)
