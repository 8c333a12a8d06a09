"""A block of futures: the unit of work of a thread."""

from __future__ import annotations

import numpy as np

from sim.model.compiled import entry
from sim.model.layout import Draw, State, World
from sim.model.month import ZERO, start, step
from sim.model.record import Record, record_block, record_end, record_partners, record_start
from sim.model.terms import waiting_value


@entry
def run_block(
    world: World,
    seed: np.uint64,
    replicate: np.ndarray,
    weight: np.ndarray,
    offer: np.ndarray,
    provider: np.ndarray,
    offer_number: np.ndarray,
    provider_number: np.ndarray,
    event_active: np.ndarray,
    state: State,
    record: Record,
) -> None:
    """Run the futures `replicate` (r,) one after another; `record` is modified in place.

    ``weight`` (r,) records; ``offer`` (r, O) and ``provider`` (r, P) records with
    ``offer_number`` (r, O, fields) and ``provider_number`` (r, P, fields) the same memory as
    numbers, which events modify in place; ``event_active`` (r, E) bool.
    """
    for r in range(replicate.size):
        draw = Draw(
            seed,
            replicate[r],
            weight[r],
            offer[r],
            provider[r],
            offer_number[r],
            provider_number[r],
            event_active[r],
        )
        start(world, draw, state)
        record_start(world, draw, record)
        record_partners(world, draw, state, waiting_value(world, draw, ZERO))
        for t in range(world.n_months):
            step(world, draw, state, record, r, t)
        wait = waiting_value(world, draw, world.n_months - 1)
        record_end(world, draw, state, record, r, wait)
    record_block(record)
