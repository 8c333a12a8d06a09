"""Rows of futures: the one way in which many futures are run, spread over threads in blocks."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.model.layout import make_state
from sim.model.mechanism.block import run_block
from sim.model.mechanism.terms import N_TERMS
from sim.model.places import Places, RowInputs, place, places_of, records_of
from sim.model.record import BY_FUTURE, SUMMED, Record, make_record
from sim.model.sampling import draw_events, draw_numbers

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from sim.model.axes import Axes
    from sim.model.world.building import Built

FUTURES_PER_DRAW = 4
# A multiple of FUTURES_PER_DRAW. Fixed, so that sums do not depend on the number of threads.
BLOCK = 40
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Futures:
    """Some futures of one world, with axes R (future), T, K, O, n as in `Axes`.

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
    """

    axes: Axes
    path_count: NDArray[np.int32]
    path_share: NDArray[np.float64]
    offer_record: NDArray[np.float64]
    final_path: NDArray[np.int8]
    month_invited: NDArray[np.int16]
    month_signed: NDArray[np.int16]
    transition: NDArray[np.int32]


@dataclass(frozen=True)
class Rows(Futures):
    """Futures in groups, with sums over each; axis G is the group.

    Parameters
    ----------
    country_path : ndarray of int32, shape (G, n, K, T)
        Futures in which the country is on the path at the month's end. This and the next two have
        no countries where `run_rows` was asked for none.
    driver_sum : ndarray of shape (G, n, P, terms)
        Sum of the terms at the decision; see `sim.model.ensemble.Ensemble`.
    decided : ndarray of int32, shape (G, n, P)
        Futures in which the country first commits to the provider; 0 for partners on record.
    eligible : ndarray of bool, shape (G, n, O)
        Whether the rules of the offer admit the country at the start, in any future.
    """

    country_path: NDArray[np.int32]
    driver_sum: NDArray[np.float64]
    decided: NDArray[np.int32]
    eligible: NDArray[np.bool_]


def number_draws(
    built: Built, seed: int, draws: NDArray[np.uint64], kept: NDArray[np.int64] | None = None
) -> NDArray[np.float64]:
    """Return the values of the uncertain numbers in some parameter draws, (draws, numbers).

    ``kept`` tells which of them; all unless given.
    """
    numbers = built.numbers
    which = range(len(numbers.address)) if kept is None else kept.tolist()
    return draw_numbers(
        seed,
        draws,
        [numbers.address[j] for j in which],
        [numbers.distribution[j] for j in which],
        [numbers.bounds[j] for j in which],
        [numbers.is_whole[j] for j in which],
        [numbers.rows[j] for j in which],
    )


def draw_inputs(
    built: Built,
    seed: int,
    replicate: ArrayLike,
    places: Places | None = None,
    values: ArrayLike | None = None,
    group: ArrayLike | None = None,
) -> RowInputs:
    """Return rows in which every uncertain number is drawn, but for those that are set.

    Each draw is a function of its number and of its own replicate alone, so what is set changes
    nothing of what is drawn.

    Parameters
    ----------
    built : Built
        The scenario, built.
    seed : int
        0 to 2**32 - 1.
    replicate : array_like of int, shape (r,)
        Futures.
    places, values : Places and array_like of shape (r, J), optional
        Numbers that are set, as `sim.model.places.place` takes them; none unless given.
    group : array_like of int, shape (r,), optional
        Futures that are summed together; all of them unless given.

    Raises
    ------
    RunError
        As `place` does.
    """
    futures = np.array(replicate, np.uint64, ndmin=1)
    names = places.address if places is not None else ()
    given = np.empty((futures.size, 0)) if values is None else np.array(values, np.float64, ndmin=2)
    kept = np.array(
        [j for j, address in enumerate(built.numbers.address) if address not in names], np.int64
    )
    # Futures that share a draw need it once.
    draws, position = np.unique(futures // np.uint64(FUTURES_PER_DRAW), return_inverse=True)
    drawn = number_draws(built, seed, draws, kept)[position]
    addresses = [*names, *(built.numbers.address[j] for j in kept.tolist())]
    if given.shape[0] == drawn.shape[0]:
        given = np.concatenate([given, drawn], axis=1)
    return place(built, places_of(built.axes, addresses), given, futures, group)


def sizes(built: Built) -> tuple[int, int, int, int]:
    """Return the numbers of countries, paths, offers and providers."""
    axes = built.axes
    return len(axes.country), len(axes.path), len(axes.offer), len(axes.provider)


def _blocks(inputs: RowInputs) -> Iterator[slice]:
    """Yield the rows of each block: small groups whole and together, large ones cut alike."""
    ends = [*np.flatnonzero(np.diff(inputs.group, append=inputs.n_groups)) + 1]
    first = begin = 0
    for end in map(int, ends):
        if end - begin > BLOCK:
            if begin > first:
                yield slice(first, begin)
            yield from (slice(at, min(at + BLOCK, end)) for at in range(begin, end, BLOCK))
            first = end
        elif end - first > BLOCK:
            yield slice(first, begin)
            first = begin
        begin = end
    if begin > first:
        yield slice(first, begin)


def _run_rows(
    built: Built, seed: int, inputs: RowInputs, rows: slice, out: Record, has_sums: bool
) -> Record:
    """Run the rows of a block; return their sums, and write the rest to `out`.

    The arrays with a row a future are views of `out`: nothing of them is copied.
    """
    records = records_of(built, inputs, rows)
    replicate, group = inputs.replicate[rows], inputs.group[rows]
    timetable = built.timetable
    n_groups = int(group[-1] - group[0]) + 1
    sums = make_record(0, n_groups, built.world.n_months, *sizes(built), has_sums)
    record = sums._replace(**{name: getattr(out, name)[rows] for name in BY_FUTURE})
    run_block(
        built.world,
        np.uint64(seed),
        replicate,
        group - group[0],
        records.weight,
        records.offer,
        records.provider,
        records.numbers("offer"),
        records.numbers("provider"),
        draw_events(seed, replicate, timetable.probability, timetable.key),
        records.repeats(),
        make_state(*sizes(built), N_TERMS),
        record,
    )
    return record


def run_rows(
    built: Built,
    seed: int,
    inputs: RowInputs,
    workers: int | None = None,
    progress: Progress | None = None,
    *,
    has_sums: bool = True,
) -> Rows:
    """Return the futures of some rows: the one entrance to the mechanism for many futures.

    Parameters
    ----------
    built : Built
        The world.
    seed : int
        0 to 2**32 - 1.
    inputs : RowInputs
        At least one row, from `draw_inputs`, or from `sim.model.places.place`.
    workers : int, optional
        Threads; one a core unless given. Equal inputs give equal bytes on any number of them.
    progress : callable, optional
        Called with (futures done, futures in all) from the calling thread.
    has_sums : bool
        Whether ``country_path``, ``driver_sum`` and ``decided`` are summed; else they are empty.
    """
    n_rows = inputs.replicate.size
    out = make_record(n_rows, inputs.n_groups, built.world.n_months, *sizes(built), has_sums)
    blocks = [*_blocks(inputs)]
    with ThreadPoolExecutor(min(workers or os.cpu_count() or 1, len(blocks))) as pool:
        jobs = [pool.submit(_run_rows, built, seed, inputs, rows, out, has_sums) for rows in blocks]
        try:
            # In order of the rows, not of arrival: sums of floats depend on it.
            for rows, job in zip(blocks, jobs, strict=True):
                part = job.result()
                groups = slice(inputs.group[rows.start], inputs.group[rows.stop - 1] + 1)
                for name in SUMMED:
                    total = getattr(out, name)[groups]
                    total += getattr(part, name)
                if progress is not None:
                    progress(rows.stop, n_rows)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    found = out._asdict()
    found["offer_record"] = found.pop("offer")
    return Rows(axes=built.axes, **(found | {"eligible": out.eligible > 0}))
