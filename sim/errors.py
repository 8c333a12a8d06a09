"""Errors that a user can cause. Everything else is a defect."""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


class SimError(Exception):
    """Base of every error that a user can cause and fix.

    Examples
    --------
    >>> import sim
    >>> try:
    ...     sim.load_scenario("baselin")
    ... except sim.SimError as error:
    ...     print(error)
    scenarios/baselin.yaml: there is no such scenario file.
      Did you mean 'baseline'?
    """


class SimWarning(UserWarning):
    """Something that a user should know, though nothing stops.

    Examples
    --------
    >>> import sim, warnings
    >>> with warnings.catch_warnings(record=True) as told:
    ...     warnings.simplefilter("always")
    ...     warnings.warn(sim.SimWarning("two files have this name"), stacklevel=1)
    >>> str(told[0].message)
    'two files have this name'
    """


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong with an input: where it is, which rule it breaks, and what to do.

    Parameters
    ----------
    file, line : str, int
        Where the problem is; line 0 if the whole file is meant, file "" if there is none.
    message : str
        Key, value and rule in one sentence.
    remedy : str
        What to do about it, in one sentence; may be empty.

    Examples
    --------
    >>> import sim
    >>> print(sim.Problem("mine.yaml", 3, "slots = -1 must be at least 0.", "Use 0 for none."))
    mine.yaml:3: slots = -1 must be at least 0.
      Use 0 for none.
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

# A file with thousands of slips has a single cause, and nobody reads the rest.
MOST_SHOWN = 40


class InputError(SimError):
    """An input breaks its rules; carries every problem found, not only the first.

    Its text shows the first `MOST_SHOWN` problems and the number of the others.

    Parameters
    ----------
    problems : sequence of Problem
        At least one; sorted by file and line.

    Examples
    --------
    >>> import sim
    >>> scenario = sim.load_scenario("baseline")
    >>> try:
    ...     sim.simulate(scenario, replicates=0, seed=-1)
    ... except sim.InputError as error:
    ...     print(len(error.problems), error.problems[0].message)
    2 replicates = 0 must be a whole number from 1 to 1000000.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        lines = [str(problem) for problem in self.problems[:MOST_SHOWN]]
        n_more = len(self.problems) - MOST_SHOWN
        if n_more > 0:
            lines.append(f"({n_more:,} more problem{'s follow' if n_more > 1 else ' follows'})")
        super().__init__("\n".join(lines))


def checked_path(given: object, what: str) -> Path:
    """Return a path given by a caller, with ``~`` at its beginning as the home folder.

    Parameters
    ----------
    given : str or path
        The argument.
    what : str
        What the path is of, for the message.

    Raises
    ------
    InputError
        If it is not a path, no system can have such a path, or the home folder does not exist.

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
    """Refuse a path with characters that no system accepts: NUL, and half a surrogate pair."""
    try:
        if b"\0" not in os.fsencode(path):
            return
    except UnicodeEncodeError:
        pass
    message = f"{what} = {path[:100]!r} contains a character that no path may have."
    raise InputError([Problem("", 0, message, "Check the path.")])


def why_closed(path: Path) -> tuple[str, str] | None:
    """Return why a path cannot be reached and what to do, or None if it can.

    A missing file is not such a reason. A folder without permission is one, and so is a name that
    is too long.
    """
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    except OSError as error:
        # Links that form a circle lead to nothing.
        if error.errno == errno.ELOOP:
            return None
        reason = error.strerror or "unknown reason"
        return f"cannot be reached ({reason}).", CHECK_PATH
    return None


def checked_text(given: object, what: str) -> str:
    """Return a text given by a caller.

    Parameters
    ----------
    given : str
        The argument.
    what : str
        What it is, for the message.

    Raises
    ------
    InputError
        If it is not a text.
    """
    if isinstance(given, str):
        return given
    message = f"{what} must be a text, not a {type(given).__name__}."
    raise InputError([Problem("", 0, message, "Put it in quotes.")])


def at_home(path: Path) -> Path:
    """Return a path with ``~`` or ``~user`` at its beginning replaced by that home folder.

    A shell does so only if the tilde comes first, not in ``--results=~/results``.

    Raises
    ------
    InputError
        If the home folder does not exist.
    """
    try:
        return path.expanduser()
    except RuntimeError:
        message = f"{path.parts[0]} at the beginning of a path is not a known home folder."
        remedy = f"Write the folder out, or ./{path.parts[0]} for a folder of that name."
        raise InputError([Problem(str(path), 0, message, remedy)]) from None


class ScenarioError(InputError):
    """A scenario, or a change asked of one, breaks the schema or a rule between keys.

    Examples
    --------
    >>> import sim
    >>> scenario = sim.load_scenario("baseline")
    >>> try:
    ...     scenario.with_changes({"providers.us.linkage": 7})
    ... except sim.ScenarioError as error:
    ...     print(error)
    providers.us.linkage = 7 must be at most 1 (a share from 0 to 1).
      Give a number from 0 to 1.
    """


class DataError(InputError):
    """A table of facts is missing, damaged, or breaks its provenance record.

    Examples
    --------
    >>> import sim
    >>> issubclass(sim.DataError, sim.InputError)
    True
    """


class RunError(SimError):
    """A run could not be finished, stored, or read back.

    Examples
    --------
    >>> import sim
    >>> try:
    ...     sim.load_run("nowhere")
    ... except sim.RunError as error:
    ...     print(type(error).__name__)
    ResultError
    """


class ResultError(RunError):
    """A folder does not contain a result that can be read back."""
