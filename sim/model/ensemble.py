"""The ensemble driver: many futures of one scenario."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np

from sim.model.layout import INVITATIONS_SENT, N_ABANDONED, N_LEFT, Draw
from sim.model.places import records_of
from sim.model.record import SUMMED
from sim.model.requests import check_request
from sim.model.rows import (
    FUTURES_PER_DRAW,
    Futures,
    Progress,
    Rows,
    draw_inputs,
    number_draws,
    run_rows,
)
from sim.model.sampling import draw_events
from sim.model.world.building import Built, build_world

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.data import Facts, Features
    from sim.scenario import Scenario

# Columns of the record of offers that count since the first month.
_SINCE_START = [INVITATIONS_SENT, N_LEFT, N_ABANDONED]


@dataclass(frozen=True)
class Ensemble(Futures):
    """Many futures of one scenario, and sums over all of them.

    Parameters
    ----------
    country_path : ndarray of int32, shape (n, K, T)
        Futures in which the country is on the path at the month's end.
    driver_sum : ndarray of shape (n, P, terms)
        Sum over futures of the terms at the decision, in utility: those of the path at the first
        commitment to the provider less those of staying as it was; in futures without one, of its
        best offer in the last month, alone or beside what the country has, less those of staying as
        it is; for a partnership on record, at the start, less those of staying uncommitted.
    decided : ndarray of int32, shape (n, P)
        Futures in which the country first commits to the provider; 0 for partners on record.
    eligible : ndarray of bool, shape (n, O)
        Whether the rules of the offer admit the country at the start, in any future.
    number_names : tuple of str
        Addresses of the uncertain numbers.
    number_draws : ndarray of shape (draws, numbers)
        Their values; future r uses draw ``r // futures_per_draw``.
    """

    country_path: NDArray[np.int32]
    driver_sum: NDArray[np.float64]
    decided: NDArray[np.int32]
    eligible: NDArray[np.bool_]
    scenario: Scenario
    seed: int
    replicates: int
    futures_per_draw: int
    number_names: tuple[str, ...]
    number_draws: NDArray[np.float64]
    features: Features
    facts: Facts


def future(built: Built, seed: int, replicate: int) -> Draw:
    """Return what one future has of its own, for a driver that steps it month by month."""
    futures = np.array([replicate], np.uint64)
    records = records_of(built, draw_inputs(built, seed, futures), slice(0, 1))
    timetable = built.timetable
    return Draw(
        np.uint64(seed),
        np.uint64(replicate),
        records.weight[0],
        records.offer[0],
        records.provider[0],
        records.numbers("offer")[0],
        records.numbers("provider")[0],
        draw_events(seed, futures, timetable.probability, timetable.key)[0],
    )


def as_rows(ensemble: Ensemble) -> Rows:
    """Return the futures of an ensemble as one group, the same memory."""
    names = [field.name for field in fields(Futures)]
    whole = {name: getattr(ensemble, name) for name in names}
    return Rows(**whole, **{name: getattr(ensemble, name)[None] for name in SUMMED})


def run_built(
    built: Built,
    replicates: int,
    seed: int,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Ensemble:
    """Run an ensemble of a scenario that is built already; see `run_ensemble`."""
    check_request(replicates, seed, workers)
    inputs = draw_inputs(built, seed, np.arange(replicates, dtype=np.uint64))
    rows = run_rows(built, seed, inputs, workers, progress)
    sums = {name: getattr(rows, name)[0] for name in SUMMED}
    n_draws = -(-replicates // FUTURES_PER_DRAW)
    return Ensemble(
        **(vars(rows) | sums),
        scenario=built.scenario,
        seed=seed,
        replicates=replicates,
        futures_per_draw=FUTURES_PER_DRAW,
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
    as_of: str | None = None,
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
    as_of : str, optional
        Month, "YYYY-MM", at whose end the futures stop; the scenario's last unless given.

    Returns
    -------
    Ensemble

    Raises
    ------
    InputError
        If the number of futures or workers, or the seed, is not whole or out of range, or the
        scenario does not cover the month `as_of`.

    Examples
    --------
    >>> from sim.scenario import load_scenario
    >>> ensemble = run_ensemble(load_scenario("baseline"), replicates=8, seed=1)
    >>> ensemble.path_count.shape, int(ensemble.path_count[0, 0].sum())
    ((8, 68, 14), 194)
    """
    check_request(replicates, seed, workers)
    return run_built(build_world(scenario, facts, as_of), replicates, seed, workers, progress)


def from_month(ensemble: Ensemble, first: str) -> Ensemble:
    """Return the futures of an ensemble from a month on.

    Parameters
    ----------
    ensemble : Ensemble
    first : str
        The first month that is kept; one of ``ensemble.axes.month``.

    Returns
    -------
    Ensemble
        The same object if nothing is left out. What happened earlier counts as a record at the
        start does: in the first month. Invitations and withdrawals are counted from that month
        on; ``transition``, ``eligible`` and what weighed in decisions are those of all months.

    Notes
    -----
    An earlier end cannot be cut out like this: ``final_path`` and ``driver_sum`` are kept for the
    last month only. `run_ensemble` stops there instead; since random numbers belong to months of
    the calendar and nothing looks ahead, these are the same futures.
    """
    t = ensemble.axes.month.index(first)
    if t == 0:
        return ensemble
    offer_record = ensemble.offer_record[:, t:].copy()
    before = ensemble.offer_record[:, t - 1 : t]
    offer_record[..., _SINCE_START] -= before[..., _SINCE_START]
    # Copies, so that the months left out take no memory.
    return replace(
        ensemble,
        axes=replace(ensemble.axes, month=ensemble.axes.month[t:]),
        path_count=ensemble.path_count[:, t:].copy(),
        path_share=ensemble.path_share[:, t:].copy(),
        offer_record=offer_record,
        month_invited=_counted_from(ensemble.month_invited, t),
        month_signed=_counted_from(ensemble.month_signed, t),
        country_path=ensemble.country_path[..., t:].copy(),
    )


def _counted_from(month: NDArray[np.int16], t: int) -> NDArray[np.int16]:
    """Return indices of months counted from month t; -1 stays never."""
    return np.where(month < 0, month, np.maximum(month - t, 0)).astype(np.int16)
