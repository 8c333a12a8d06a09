"""Trials: the same futures under other terms, run once each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.analysis.requirement.catalogue import OPENING, Movable
from sim.analysis.shared.tally import Tally
from sim.experiment.outcomes import path_membership
from sim.model.layout import SLOTS_HELD
from sim.model.rows import run_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.analysis.requirement.settings import Setting
    from sim.model.rows import Rows

# Rows of one call: bounds the memory, of which a row of three years takes some 40 kB.
MOST_ROWS = 2400
Positions = tuple[int, ...]
NOTHING: Mapping[str, float] = {}


class TrialResult(NamedTuple):
    """What came of a trial; axes R (future) and n (country)."""

    signed: NDArray[np.bool_]  # (R, n) the offer, by the month
    invited: NDArray[np.bool_]  # (R, n) to the offer, by the month
    with_rival: NDArray[np.bool_]  # (R, n) with another provider at the end of the month
    held: NDArray[np.float64]  # (R,) places held at the end, of the offer that all others have
    slots: NDArray[np.float64]  # (R,) places that there are, infinite where there is no limit
    eligible: NDArray[np.bool_]  # (n,) the rules admit it at the start, in any future


class Trials:
    """Trials of one setting; each set of terms is run once.

    Parameters
    ----------
    setting : Setting
    levers : sequence of Movable
        Axis L.
    seed, replicates, workers
        As for `sim.simulate`; all trials have the same futures.
    tally : Tally, optional
        Counts the futures.
    only : int, optional
        The one country of which outcomes are kept, as the only one of axis n: with many trials of
        many futures those of all would take gigabytes. All unless given.
    """

    def __init__(
        self,
        setting: Setting,
        levers: Sequence[Movable],
        seed: int,
        replicates: int,
        workers: int | None = None,
        tally: Tally | None = None,
        only: int | None = None,
    ) -> None:
        self._kept_countries = slice(None) if only is None else slice(only, only + 1)
        self.setting = setting
        self.levers = tuple(levers)
        self.seed = seed
        self.replicates = replicates
        self._workers = workers
        self._tally = tally or Tally()
        self._kept: dict[tuple[Positions, tuple[tuple[str, float], ...]], TrialResult] = {}

    @property
    def start(self) -> Positions:
        """Every lever where it stands."""
        return (0,) * len(self.levers)

    @property
    def limit(self) -> Positions:
        """Every lever at its limit."""
        return tuple(lever.n_steps for lever in self.levers)

    @property
    def tried(self) -> list[Positions]:
        """The terms that were tried, without anything else changed."""
        return [positions for positions, extra in self._kept if not extra]

    def changes(self, positions: Positions) -> dict[str, float]:
        """Return the numbers that some terms set in the world, the opening apart."""
        return {
            self.setting.address(lever.address): lever.value(position)
            for lever, position in zip(self.levers, positions, strict=True)
            if position and lever.field != OPENING
        }

    def run(
        self, terms: Iterable[Positions], extra: Mapping[str, float] = NOTHING
    ) -> list[TrialResult]:
        """Return what comes of some terms, in order; those not run yet are run together.

        Parameters
        ----------
        terms : iterable of tuple of int
            A position for each lever.
        extra : mapping of str to float
            Numbers of the world that are set beside.
        """
        wanted, beside = [*terms], tuple(sorted(extra.items()))
        missing = [p for p in dict.fromkeys(wanted) if (p, beside) not in self._kept]
        by_opening: dict[int | None, list[Positions]] = {}
        for positions in missing:
            by_opening.setdefault(self._opening(positions), []).append(positions)
        size = max(1, MOST_ROWS // self.replicates)
        for opening, those in by_opening.items():
            for first in range(0, len(those), size):
                part = those[first : first + size]
                found = self._run(part, opening, extra)
                self._kept |= {(p, beside): each for p, each in zip(part, found, strict=True)}
        return [self._kept[p, beside] for p in wanted]

    def _opening(self, positions: Positions) -> int | None:
        """Return the month in which the offer opens, where a lever moves it."""
        for lever, position in zip(self.levers, positions, strict=True):
            if lever.field == OPENING and position:
                return round(lever.value(position))
        return None

    def _run(
        self, terms: Sequence[Positions], opening: int | None, extra: Mapping[str, float]
    ) -> list[TrialResult]:
        # When an offer opens shapes the world, so these futures have a world of their own.
        setting = self.setting if opening is None else self.setting.opened_in(opening)
        futures = np.arange(self.replicates, dtype=np.uint64)
        inputs = setting.inputs(self.seed, futures, [{**self.changes(p), **extra} for p in terms])
        report = self._tally.of_run()
        rows = run_rows(setting.built, self.seed, inputs, self._workers, report, has_sums=False)
        slots = inputs.values[:, inputs.places.address.index(setting.field("slots")[0])]
        return [self._outcome(rows, slots, t) for t in range(len(terms))]

    def _outcome(self, rows: Rows, slots: NDArray[np.float64], t: int) -> TrialResult:
        """Return what came of trial t of some rows."""
        setting = self.setting
        o, others = setting.offer, setting.open_to_others
        part = slice(t * self.replicates, (t + 1) * self.replicates)
        here = self._kept_countries
        # A country apart can have no other offer than its own, all others none but the original.
        offers = [*dict.fromkeys((others, o))]
        rivals = path_membership(rows)[:, np.array(rows.axes.provider) != setting.provider]
        with_rival = np.asarray(rivals.any(axis=1), np.bool_)
        return TrialResult(
            np.asarray((rows.month_signed[part, here][..., offers] >= 0).any(axis=-1), np.bool_),
            np.asarray((rows.month_invited[part, here][..., offers] >= 0).any(axis=-1), np.bool_),
            with_rival[rows.final_path[part, here]],
            rows.offer_record[part, -1, others, SLOTS_HELD].copy(),
            slots[part].copy(),
            rows.eligible[t, here, o].copy(),
        )
