"""Worlds with known answers, as `sim.analysis.verification` makes them, and what only tests do."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.analysis.verification.worlds import (
    FIRST_OFFER,
    HOMES,
    KEYS,
    VALUES,
    commit,
    make_world,
    offer,
    provider,
    quiet_parameters,
    slotted_offer,
    uniform_influence,
    write_scenario,
)
from sim.model.ensemble import future
from sim.model.layout import Draw, State, make_state
from sim.model.mechanism import entries
from sim.model.mechanism.block import run_block
from sim.model.mechanism.terms import N_TERMS
from sim.model.places import records_of
from sim.model.record import SUMMED, Record, make_record
from sim.model.rows import draw_inputs, sizes
from sim.model.sampling import draw_events
from sim.model.world.building import Built

__all__ = [
    "FIRST_OFFER",
    "HOMES",
    "KEYS",
    "VALUES",
    "active_events",
    "blank_state",
    "commit",
    "make_world",
    "month_paths",
    "offer",
    "provider",
    "quiet_parameters",
    "run_futures",
    "slotted_offer",
    "start_future",
    "strike",
    "uniform_influence",
    "write_scenario",
]


def strike(built: Built, struck: NDArray[np.float64]) -> Built:
    """Return a world in which events strike only the countries with 1 in `struck` (n,)."""
    # Kernels compile anew for whole numbers.
    hit = np.tile(np.asarray(struck, np.float64), (built.world.event.size, 1))
    spill = np.ascontiguousarray(hit @ built.world.influence)
    return dataclasses.replace(built, world=built.world._replace(event_hit=hit, event_spill=spill))


def blank_state(built: Built) -> State:
    """Return the arrays of a future, unset."""
    return make_state(*sizes(built), N_TERMS)


def run_futures(
    built: Built, seed: int, replicate: Sequence[int], state: State | None = None
) -> Record:
    """Return the record of any futures, in any order, run as one block.

    `state`, where given, ends as that of the last.
    """
    inputs = draw_inputs(built, seed, list(replicate))
    records = records_of(built, inputs, slice(None))
    record = make_record(len(replicate), 1, built.world.n_months, *sizes(built))
    run_block(
        built.world, np.uint64(seed), inputs.replicate, inputs.group, records.weight,
        records.offer, records.provider, records.numbers("offer"), records.numbers("provider"),
        active_events(built, seed, replicate), records.repeats(), state or blank_state(built),
        record,
    )  # fmt: skip
    return record._replace(**{name: getattr(record, name)[0] for name in SUMMED})


def active_events(built: Built, seed: int, replicate: Sequence[int]) -> NDArray[np.bool_]:
    """Return which rows of events happen in some futures, (futures, E)."""
    timetable = built.timetable
    futures = np.array(replicate, np.uint64)
    return draw_events(seed, futures, timetable.probability, timetable.key)


def month_paths(built: Built, seed: int, replicate: int) -> NDArray[np.int64]:
    """Return the path of each country at each month's end in one future, (T, n)."""
    record = run_futures(built, seed, [replicate])
    assert (record.country_path.sum(axis=1) == 1).all()
    # Kernels compile anew for another order of the axes.
    return np.ascontiguousarray(record.country_path.argmax(axis=1).T)


def start_future(built: Built, seed: int = 1, replicate: int = 0) -> tuple[Draw, State]:
    """Return a future at its start: the second and third argument of every step."""
    draw = future(built, seed, replicate)
    state = blank_state(built)
    entries.start(built.world, draw, state)
    return draw, state
