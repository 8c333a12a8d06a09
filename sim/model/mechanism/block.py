"""A block of futures: the unit of work of a thread."""

from __future__ import annotations

import numpy as np

from sim.model.layout import Draw, State, World
from sim.model.machine.by_address import by_address
from sim.model.machine.compiled import entry
from sim.model.mechanism.derived import derive_shared
from sim.model.mechanism.events import changes_numbers
from sim.model.mechanism.month import ZERO, begin, clear, step
from sim.model.mechanism.terms import waiting_value
from sim.model.record import (
    Record,
    of_group,
    record_end,
    record_group,
    record_partners,
    record_start,
)


@entry
def run_block(
    world: World,
    seed: np.uint64,
    replicate: np.ndarray,
    group: np.ndarray,
    weight: np.ndarray,
    offer: np.ndarray,
    provider: np.ndarray,
    offer_number: np.ndarray,
    provider_number: np.ndarray,
    event_active: np.ndarray,
    repeats: np.ndarray,
    state: State,
    record: Record,
) -> None:
    """Run the futures `replicate` (r,) one after another; `record` is modified in place.

    ``group`` (r,) int64 the group of each, counted from 0; ``weight`` (r,) records; ``offer``
    (r, O) and ``provider`` (r, P) records with ``offer_number`` (r, O, fields) and
    ``provider_number`` (r, P, fields) the same memory as numbers, which events modify in place;
    ``event_active`` (r, E) bool; ``repeats`` (r,) bool, whether a future has the
    numbers of the one before it.
    """
    for r in range(replicate.size):
        draw = by_address(
            Draw(
                seed,
                replicate[r],
                weight[r],
                offer[r],
                provider[r],
                offer_number[r],
                provider_number[r],
                event_active[r],
            )
        )
        kept = by_address(of_group(record, group[r]))
        clear(world, state)
        if not repeats[r] or changes_numbers(world, event_active[r - 1]):
            derive_shared(world, draw, state)
        begin(world, draw, state)
        record_start(world, draw, kept)
        record_partners(world, draw, state, waiting_value(world, draw, ZERO))
        for t in range(world.n_months):
            step(world, draw, state, kept, r, t)
        wait = waiting_value(world, draw, world.n_months - 1)
        record_end(world, draw, state, kept, r, wait)
    for g in range(record.country_path.shape[0]):
        record_group(by_address(of_group(record, g)))
