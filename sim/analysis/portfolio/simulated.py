"""The value of asking a set of countries: a mean over futures, with the same luck for every set."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.analysis.portfolio.market import Market
from sim.analysis.portfolio.objective import RIVALS, Objective, Values, measures_of
from sim.analysis.shared.packages import Packages, packages
from sim.model.places import locate
from sim.model.rows import draw_inputs, run_rows

if TYPE_CHECKING:
    from sim.analysis.shared.tally import Tally
    from sim.model.places import RowInputs
    from sim.model.rows import Rows
    from sim.model.world.building import Built

BATCH = 1000  # futures that are in memory at once, with all their months
NOBODY: frozenset[int] = frozenset()


def _at_end(rows: Rows) -> Rows:
    """Return the last month of some futures alone, which takes a fiftieth of the memory."""
    return replace(
        rows,
        path_count=rows.path_count[:, -1:].copy(),
        path_share=rows.path_share[:, -1:].copy(),
        offer_record=rows.offer_record[:, -1:].copy(),
    )


def _joined(parts: Sequence[Rows]) -> Rows:
    """Return futures of one world, one after another; sums over them are those of the first."""

    def whole(name: str) -> NDArray[Any]:
        return np.concatenate([getattr(part, name) for part in parts])

    return replace(
        parts[0],
        path_count=whole("path_count"),
        path_share=whole("path_share"),
        offer_record=whole("offer_record"),
        final_path=whole("final_path"),
        month_invited=whole("month_invited"),
        month_signed=whole("month_signed"),
        transition=whole("transition"),
    )


@dataclass
class Luck:
    """Some futures in which sets of countries are compared: the same draws and the same luck.

    Parameters
    ----------
    market : Market
    objective : Objective
    seed : int
    replicates : ndarray of uint64, shape (D,)
        Each has a draw of the uncertain numbers.
    workers : int or None
    tally : Tally
    futures_per_draw : int
        Futures that have the numbers of one replicate, one after another, each with luck of its
        own; their number R is D times that.
    """

    market: Market
    objective: Objective
    seed: int
    replicates: NDArray[np.uint64]
    workers: int | None
    tally: Tally
    futures_per_draw: int = 1
    _inputs: dict[tuple[float, float | None], RowInputs] = field(default_factory=dict)
    _measured: dict[tuple[frozenset[int], int], dict[str, Values]] = field(default_factory=dict)

    @property
    def futures(self) -> int:
        """How many futures there are."""
        return self.replicates.size * self.futures_per_draw

    def inputs(self, places: float, pace: float | None = None) -> RowInputs:
        """Return the numbers of each future, with a number of places and perhaps a pace."""
        key = (places, pace)
        if key not in self._inputs:
            built = self.market.built
            provider, offer = self.market.offer.split(".")
            head = f"providers.{provider}.offers.{offer}"
            values = {f"{head}.slots": places}
            if pace is not None:
                values[f"{head}.pace_per_quarter"] = pace
            rows = np.tile([*values.values()], (self.replicates.size, 1))
            where = locate(built, [*values])
            own = draw_inputs(built, self.seed, self.replicates, where, rows)
            self._inputs[key] = own if self.futures_per_draw == 1 else self._repeated(own)
        return self._inputs[key]

    def _repeated(self, own: RowInputs) -> RowInputs:
        """Return several futures with the numbers of each of some rows."""
        n = self.futures
        return replace(
            own,
            replicate=np.arange(n, dtype=np.uint64),
            group=np.zeros(n, np.int64),
            values=np.repeat(own.values, self.futures_per_draw, axis=0),
        )

    def with_futures(self, replicates: NDArray[np.uint64], futures_per_draw: int = 1) -> Luck:
        """Return other futures of the same seed."""
        return Luck(
            self.market, self.objective, self.seed, replicates, self.workers, self.tally,
            futures_per_draw,
        )  # fmt: skip

    def rows(self, chosen: Iterable[int], places: float, pace: float | None = None) -> Rows:
        """Return the futures in which these countries alone are asked, at their last month."""
        return self.run(self.market.asking(chosen), self.inputs(places, pace))

    def run(self, built: Built, inputs: RowInputs) -> Rows:
        """Return the futures of a world at their last month, run a batch at a time."""
        found = []
        for first in range(0, self.futures, BATCH):
            batch = slice(first, first + BATCH)
            own = replace(
                inputs,
                replicate=inputs.replicate[batch],
                group=inputs.group[batch],
                values=inputs.values[batch],
            )
            found.append(_at_end(run_rows(built, self.seed, own, self.workers, has_sums=False)))
        self.tally.add(self.futures)
        return found[0] if len(found) == 1 else _joined(found)

    def measured(self, chosen: Iterable[int], places: int) -> dict[str, Values]:
        """Return every measure in each future; what rivals lose is their loss by being asked."""
        key = (frozenset(chosen), places)
        if key not in self._measured:
            rows = self.rows(sorted(key[0]), places)
            found = measures_of(rows, self.market.worth, self.market.o, self.market.p)
            before = self.measured(NOBODY, places) if key[0] else found
            found["rival_loss"] = before[RIVALS] - found[RIVALS]
            self._measured[key] = found
        return self._measured[key]

    def values(self, chosen: Iterable[int], places: int) -> Values:
        """Return the objective in each future, (R,)."""
        return self.objective.total(self.measured(chosen, places))

    def packages(self, places: int) -> Packages:
        """Return what the offer brings to each country in each future.

        It follows from the numbers alone, which the futures of a draw share.
        """
        if self.futures_per_draw == 1:
            return packages(self.market.built, self.market.o, self.seed, self.inputs(places))
        return self.with_futures(self.replicates).packages(places).repeated(self.futures_per_draw)

    def gains_of_asking_all(self, places: int, brings: Packages) -> Values:
        """Return what each country adds by what it does where all candidates are asked, (R, n).

        Less what it adds where nobody is asked. Places and pace grow in proportion to those asked,
        so that places fill as fast, and harden terms as much, as where few are asked.
        """
        market = self.market
        everybody = market.candidates
        free = places - len(market.held)
        offer = market.built.scenario.offers[market.offer]
        growth = max(1.0, len(everybody) / max(free, 1))
        asked = self.rows(
            everybody, len(market.held) + growth * free, growth * offer.pace_per_quarter
        )
        size = brings.size_mw
        there = market.worth.of_countries(self.objective, asked.final_path, size)
        if self.objective.is_of_offer:
            # Where nobody is asked, no candidate holds the offer.
            return there
        unasked = self.rows((), places).final_path
        return there - market.worth.of_countries(self.objective, unasked, size)
