"""Errors a user can cause. Everything else is a defect."""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


class SimError(Exception):
    """Base of every error that a user can cause and mend."""


class SimWarning(UserWarning):
    """What a user should know, though nothing stops for it."""


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


CHECK_PATH = "Check the path and the permissions of its folders."

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
    """Return a path that a caller gives, with ``~`` at its beginning as the home folder.

    Parameters
    ----------
    given : str or path
        What was given.
    what : str
        What it is the path of, for the message.

    Raises
    ------
    InputError
        If it is no path, no system can have such a path, or there is no such home folder.

    Examples
    --------
    >>> checked_path("results", "the root of results").name
    'results'
    """
    path = os.fspath(given) if isinstance(given, str | os.PathLike) else None
    if isinstance(path, str) and path:
        _check_letters(path, what)
        return at_home(Path(path))
    shown = "an empty text" if path == "" else f"a {type(given).__name__}"
    raise InputError([Problem("", 0, f"{what} must be a path, not {shown}.", "Give a text.")])


def _check_letters(path: str, what: str) -> None:
    """Refuse a path with letters that no system takes: NUL, and half of a surrogate pair."""
    try:
        if b"\0" not in os.fsencode(path):
            return
    except UnicodeEncodeError:
        pass
    message = f"{what} = {path[:100]!r} holds a character that no path may have."
    raise InputError([Problem("", 0, message, "Check the path.")])


def why_closed(path: Path) -> tuple[str, str] | None:
    """Return why the system does not let us look at a path, and what to do; None where it does.

    Nothing there is no such reason. A folder that may not be entered is one, and so is a name that
    is too long.
    """
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    except OSError as error:
        # Links that lead in a circle lead to nothing.
        if error.errno == errno.ELOOP:
            return None
        reason = error.strerror or "unknown reason"
        return f"cannot be reached ({reason}).", CHECK_PATH
    return None


def checked_text(given: object, what: str) -> str:
    """Return a text that a caller gives.

    Parameters
    ----------
    given : str
        What was given.
    what : str
        What it is, for the message.

    Raises
    ------
    InputError
        If it is no text.
    """
    if isinstance(given, str):
        return given
    message = f"{what} must be a text, not a {type(given).__name__}."
    raise InputError([Problem("", 0, message, "Put it in quotes.")])


def at_home(path: Path) -> Path:
    """Return a path with ``~`` or ``~user`` at its beginning as that home folder.

    A shell does so only where the tilde stands first, not in ``--out=~/results``.

    Raises
    ------
    InputError
        If there is no such home folder.
    """
    try:
        return path.expanduser()
    except RuntimeError:
        message = f"{path.parts[0]} at the beginning of a path stands for no home folder."
        remedy = f"Write the folder out, or ./{path.parts[0]} for a folder of that name."
        raise InputError([Problem(str(path), 0, message, remedy)]) from None


class ScenarioError(InputError):
    """A scenario, or a change asked of one, breaks the schema or a rule between keys."""


class DataError(InputError):
    """A table of facts is missing, damaged, or breaks its provenance record."""


class RunError(SimError):
    """A run could not be finished, stored, or read back."""


class ResultError(RunError):
    """A folder holds no result that can be read back."""
