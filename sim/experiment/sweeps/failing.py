"""Running points of which some may fail: a failed point is a row with its error."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.errors import RunError
from sim.experiment.sweeps.designs.invalid import invalid_points
from sim.experiment.sweeps.point_tables import PointTables, failed_tables, point_tables

if TYPE_CHECKING:
    from sim.experiment.sweeps.designs.swept import SweptField
    from sim.experiment.sweeps.points import PointRunner, Progress
    from sim.model.ensemble import Ensemble

# Errors of the machine, or of the whole run: another point would meet them too.
_OF_THE_RUN = (MemoryError, OSError, RunError)


class StoppedError(Exception):
    """Ends a point whose result is no longer needed."""


def tables_of_points(
    runner: PointRunner,
    baseline: Ensemble,
    fields: Sequence[SweptField],
    numbers: Sequence[int],
    cells: NDArray[np.float64],
    threads: int | None = None,
    progress: Progress | None = None,
) -> list[PointTables]:
    """Run some points and return their tables; those that failed have an error and no outcomes.

    Points run together. If that fails, each runs alone, so that only those at fault are lost.

    Parameters
    ----------
    runner : PointRunner
    baseline : Ensemble
        The scenario as it stands, in the same futures.
    fields : sequence of SweptField
        The numbers that the points set, axis J.
    numbers : sequence of int
        Numbers of the points, rising, without point 0.
    cells : ndarray, shape (points, J)
        Values set at each point.
    threads, progress
        As in `PointRunner.run`.

    Raises
    ------
    RunError
        If the futures do not fit into memory.
    """
    errors = invalid_points(baseline.scenario, fields, cells)
    sound = [row for row in range(len(numbers)) if row not in errors]
    found: list[PointTables] = []

    def run(rows: Sequence[int]) -> None:
        own = tuple(numbers[row] for row in rows)
        parts = runner.run(baseline, own, cells[rows], threads, progress)
        found.extend([point_tables(points, fields) for points in parts])

    if sound:
        try:
            run(sound)
        except (StoppedError, *_OF_THE_RUN):
            raise
        # Nobody can list in advance what may go wrong at an unusual point.
        except Exception:
            for row in sound:
                try:
                    run([row])
                except (StoppedError, *_OF_THE_RUN):
                    raise
                except Exception as error:
                    errors[row] = _in_words(error)
    if errors:
        rows = sorted(errors)
        own = [numbers[row] for row in rows]
        texts = [errors[row] for row in rows]
        found.append(failed_tables(baseline.scenario, own, cells[rows], texts, fields))
    return found


def _in_words(error: Exception) -> str:
    """Return an error on one line."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
