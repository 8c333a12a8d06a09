"""Problems with points, reported in the order of the points."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError, Problem

MOST_POINTS = 10_000_000
MOST_FIELDS = 100
# A design is held in memory: 8 bytes a cell, and a few times that while it is made.
MOST_CELLS = 50_000_000
MOST_PROBLEMS = 20
# Returns file and line of a row of a design, counted from 0.
Place = Callable[[int], tuple[str, int]]


def nowhere(row: int) -> tuple[str, int]:
    """Return the place of a point that is not in a file."""
    return "", 0


def refuse(message: str, remedy: str) -> InputError:
    """Return the error for a design that cannot be made."""
    return InputError([Problem("", 0, message, remedy)])


class PointsError(InputError):
    """Points break rules; the problems keep the order in which they are given.

    Problems of points without a line differ only in their text; sorted by text, point 11 would come
    before point 3.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems)
        self.problems = tuple(problems)
        self.args = ("\n".join(str(problem) for problem in problems),)


def repeated_rows(points: NDArray[np.float64]) -> Iterator[tuple[int, int]]:
    """Yield each row that appeared before, and the first row where it appeared.

    Examples
    --------
    >>> [*repeated_rows(np.array([[0.0, np.nan], [1.0, 2.0], [-0.0, np.nan]]))]
    [(2, 0)]
    """
    import pandas as pd

    # One value for both zeros; pandas takes NaN for equal to NaN.
    frame = pd.DataFrame(points + 0.0)
    again = np.flatnonzero(frame.duplicated().to_numpy())
    if not len(again):
        return
    shared = np.flatnonzero(frame.duplicated(keep=False).to_numpy())
    plain = np.where(np.isnan(points[shared]), np.nan, points[shared] + 0.0)
    first: dict[bytes, int] = {}
    for row, cells in zip(shared.tolist(), plain, strict=True):
        place = first.setdefault(cells.tobytes(), row)
        if place != row:
            yield row, place


def check_points_differ(points: NDArray[np.float64], place: Place = nowhere) -> None:
    """Check that no point appears twice.

    Raises
    ------
    PointsError
        With the first twenty duplicates, each with the place of the other.
    """
    problems = []
    for row, first in islice(repeated_rows(points), MOST_PROBLEMS):
        file, line = place(first)
        other = f"{file}:{line}" if file else f"point {first + 1}"
        message = f"point {row + 1} appears twice: {other} has the same values."
        problems.append(Problem(*place(row), message, "Keep one of them."))
    if problems:
        raise PointsError(problems)
