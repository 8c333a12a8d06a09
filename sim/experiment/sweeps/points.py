"""Points of a sweep as rows of futures: the world of each point, and its outcomes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.experiment.recent import RecentlyUsed
from sim.experiment.result import within_memory
from sim.experiment.sweeps.designs.swept import variant

if TYPE_CHECKING:
    from sim.data import Facts
    from sim.experiment.sweeps.designs.swept import SweptField
    from sim.model.ensemble import Ensemble
    from sim.model.rows import Rows
    from sim.model.world.building import Built
    from sim.scenario import Scenario

# Worlds kept in memory, a few megabytes each.
_MOST_WORLDS = 64
# Futures that run together: few points with many futures, or many points with few.
FUTURES_TOGETHER = 400

Progress = Callable[[int, int], None]


def points_together(replicates: int) -> int:
    """Return how many points run together.

    Examples
    --------
    >>> points_together(4), points_together(1000)
    (100, 1)
    """
    return max(1, FUTURES_TOGETHER // replicates)


@dataclass(frozen=True)
class Points:
    """Points that have run in one world, each with the same futures; axis G is the point.

    Parameters
    ----------
    numbers : tuple of int
        Their numbers; 0 is the scenario as it stands.
    cells : ndarray, shape (G, J)
        Values that the design sets at each point; NaN for null.
    baseline : Ensemble
        The scenario as it stands.
    rows : Rows
        The futures of all points, one group per point.
    is_drawn : bool
        Whether any number is still uncertain there.
    """

    numbers: tuple[int, ...]
    cells: NDArray[np.float64]
    baseline: Ensemble
    rows: Rows
    is_drawn: bool


def points_of_baseline(baseline: Ensemble, fields: Sequence[SweptField]) -> Points:
    """Return point 0: the scenario as it stands, with nothing set."""
    from sim.model.ensemble import as_rows

    cells = np.array([[field.cell(field.present) for field in fields]], np.float64)
    is_drawn = bool(baseline.number_names)
    return Points((0,), cells, baseline, as_rows(baseline), is_drawn)


class PointRunner:
    """Runs points of a scenario as rows; each depends only on its own cells.

    Numbers that only enter the records of the mechanism are set row by row. Numbers that shape the
    world itself require a new world for each of their values.

    Parameters
    ----------
    scenario : Scenario
        The scenario to vary.
    fields : sequence of SweptField
        The numbers that the points set, axis J.
    replicates, seed : int
        Futures of each point, and their seed.
    facts : Facts, optional
        The shipped facts unless others are given.
    has_sums : bool
        Whether the paths of each country are summed over the futures of a point; see `run_rows`.
    """

    def __init__(
        self,
        scenario: Scenario,
        fields: Sequence[SweptField],
        replicates: int,
        seed: int,
        facts: Facts | None = None,
        *,
        has_sums: bool = False,
    ) -> None:
        self._scenario = scenario
        self._fields = tuple(fields)
        self._replicates = replicates
        self._seed = seed
        self._facts = facts
        self._has_sums = has_sums
        self._worlds: RecentlyUsed[bytes, Built] = RecentlyUsed(_MOST_WORLDS)
        self._building = threading.Lock()

    @cached_property
    def _shaping(self) -> list[int]:
        """Indices of the fields that shape the world."""
        from sim.model.places import shapes_world

        return [j for j, f in enumerate(self._fields) if shapes_world(self._scenario, f.address)]

    def world(self, cells: NDArray[np.float64]) -> Built:
        """Return the world of a point: the scenario's, except for fields that shape worlds."""
        from sim.model.world.building import build_world

        shape = np.where(np.isnan(cells), np.nan, cells + 0.0)[self._shaping]
        with self._building:
            built = self._worlds.get(shape.tobytes())
            if built is None:
                fields = [self._fields[j] for j in self._shaping]
                scenario = variant(self._scenario, fields, shape.tolist())
                built = build_world(scenario if fields else self._scenario, self._facts)
                self._worlds.put(shape.tobytes(), built)
        return built

    def _in_one_world(self, cells: NDArray[np.float64]) -> Iterator[tuple[Built, slice]]:
        """Yield successive points that share a world, with that world."""
        first = 0
        here = self.world(cells[0])
        for g in range(1, len(cells)):
            there = self.world(cells[g]) if self._shaping else here
            if there is not here:
                yield here, slice(first, g)
                first, here = g, there
        yield here, slice(first, len(cells))

    def run(
        self,
        baseline: Ensemble,
        numbers: Sequence[int],
        cells: NDArray[np.float64],
        workers: int | None = None,
        progress: Progress | None = None,
    ) -> list[Points]:
        """Run some points and return their outcomes, those of one world together.

        Parameters
        ----------
        baseline : Ensemble
            The scenario as it stands, in the same futures.
        numbers : sequence of int
            Numbers of the points.
        cells : ndarray, shape (points, J)
            Values set at each point, already checked.
        workers : int, optional
            Threads; one per core unless given.
        progress : callable, optional
            Called with (futures done, futures in all) for points that run together.

        Raises
        ------
        RunError
            If the futures do not fit into memory.
        """
        found = []
        with within_memory(self._replicates):
            for built, part in self._in_one_world(cells):
                rows, is_drawn = self._rows(built, cells[part], workers, progress)
                found.append(
                    Points(
                        tuple(numbers[part]),
                        cells[part],
                        baseline,
                        rows,
                        is_drawn,
                    )
                )
        return found

    def _rows(
        self,
        built: Built,
        cells: NDArray[np.float64],
        workers: int | None,
        progress: Progress | None,
    ) -> tuple[Rows, bool]:
        """Run points of one world; return their futures and whether a number is still drawn."""
        from sim.model.places import locate
        from sim.model.rows import draw_inputs, run_rows

        placed = [j for j in range(len(self._fields)) if j not in self._shaping]
        places = locate(built, [self._fields[j].address for j in placed])
        group = np.repeat(np.arange(len(cells)), self._replicates)
        replicate = np.tile(np.arange(self._replicates), len(cells))
        values = np.repeat(cells[:, placed], self._replicates, axis=0)
        inputs = draw_inputs(built, self._seed, replicate, places, values, group)
        is_drawn = len(inputs.places) > len(places)
        has_sums = self._has_sums
        rows = run_rows(built, self._seed, inputs, workers, progress, has_sums=has_sums)
        return rows, is_drawn
