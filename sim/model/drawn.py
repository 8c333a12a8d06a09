"""Futures one at a time: what each has of its own, and the world as it starts in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from sim.model.layout import Draw, State, make_state
from sim.model.mechanism import entries
from sim.model.mechanism.terms import N_TERMS
from sim.model.places import records_of
from sim.model.rows import sizes
from sim.model.sampling import draw_events

if TYPE_CHECKING:
    from sim.model.places import RowInputs
    from sim.model.world.building import Built


class Drawn:
    """What each of some futures has of its own: its numbers, and the events that happen in it.

    A step of the rule that changes a term changes it here too: begin anew, or copy.

    Parameters
    ----------
    built : Built
    seed : int
        0 to 2**32 - 1.
    inputs : RowInputs
        From `sim.model.rows.draw_inputs` or `sim.model.places.place`.
    """

    def __init__(self, built: Built, seed: int, inputs: RowInputs) -> None:
        self._built, self._seed, self._inputs = built, seed, inputs
        records = records_of(built, inputs, slice(None))
        self._records = records
        self._offer, self._provider = records.numbers("offer"), records.numbers("provider")
        timetable = built.timetable
        self._happens = draw_events(seed, inputs.replicate, timetable.probability, timetable.key)

    def __len__(self) -> int:
        return int(self._inputs.replicate.size)

    def __getitem__(self, r: int) -> Draw:
        if r >= len(self):
            raise IndexError(r)
        records = self._records
        return Draw(
            np.uint64(self._seed), self._inputs.replicate[r], records.weight[r], records.offer[r],
            records.provider[r], self._offer[r], self._provider[r], self._happens[r],
        )  # fmt: skip

    def __iter__(self) -> Iterator[Draw]:
        return (self[r] for r in range(len(self)))

    def started(self) -> Iterator[tuple[Draw, State]]:
        """Yield each future at its start; the state is one and the same object."""
        state = make_state(*sizes(self._built), N_TERMS)
        for draw in self:
            entries.start(self._built.world, draw, state)
            yield draw, state
