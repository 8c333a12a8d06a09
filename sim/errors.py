"""Errors a user can cause. Everything else is a defect."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


class SimError(Exception):
    """Base of every error that a user can cause and mend."""


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong with an input: where it is, what rule it breaks, and what to do.

    Parameters
    ----------
    file, line : str, int
        Where the problem is; line 0 when the file as a whole is meant, file "" when there is none.
    message : str
        Key, value and rule in one sentence.
    remedy : str
        What to do about it, in one sentence; may be empty.
    """

    file: str
    line: int
    message: str
    remedy: str = ""

    def __str__(self) -> str:
        place = self.file
        if self.line:
            place = f"{place}:{self.line}"
        head = f"{place}: {self.message}" if place else self.message
        return f"{head}\n  {self.remedy}" if self.remedy else head


# A file with thousands of slips has one cause, and nobody reads the rest.
MOST_SHOWN = 40


class InputError(SimError):
    """An input breaks its rules; carries every problem found, not only the first.

    Its text shows the first `MOST_SHOWN` of them and the number of the others.

    Parameters
    ----------
    problems : sequence of Problem
        At least one; sorted by file and line.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        lines = [str(problem) for problem in self.problems[:MOST_SHOWN]]
        n_more = len(self.problems) - MOST_SHOWN
        if n_more > 0:
            lines.append(f"({n_more:,} more problem{'s follow' if n_more > 1 else ' follows'})")
        super().__init__("\n".join(lines))


def checked_path(given: object, what: str) -> Path:
    """Return a path that a caller gives.

    Parameters
    ----------
    given : str or path
        What was given.
    what : str
        What it is the path of, for the message.

    Raises
    ------
    InputError
        If it is no path.

    Examples
    --------
    >>> checked_path("results", "the root of results").name
    'results'
    """
    path = os.fspath(given) if isinstance(given, str | os.PathLike) else None
    if isinstance(path, str) and path:
        return Path(path)
    shown = "an empty text" if path == "" else f"a {type(given).__name__}"
    raise InputError([Problem("", 0, f"{what} must be a path, not {shown}.", "Give a text.")])


class ScenarioError(InputError):
    """A scenario, or a change asked of one, breaks the schema or a rule between keys."""


class DataError(InputError):
    """A table of facts is missing, damaged, or breaks its provenance record."""


class RunError(SimError):
    """A run could not be finished, stored, or read back."""


class ResultError(RunError):
    """A folder holds no result that can be read back."""
