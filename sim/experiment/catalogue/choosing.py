"""Choosing results: by identifier, however abbreviated, and by what is known of them."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path, PurePath
from typing import Any, get_args

from sim.errors import InputError, Problem
from sim.experiment.catalogue.entries import Entry
from sim.experiment.store.identity import Kind
from sim.experiment.store.sweep_folders import UNFINISHED

_LIST = "List them: alignsim results, or Results.table in Python."
_MOST_NAMED = 5


@dataclass(frozen=True)
class Choice:
    """Which results to keep; what is None does not matter. See `checked_choice`."""

    kind: str | None
    scenario: str | None
    since: date | None
    until: date | None
    seed: int | None
    is_whole: bool | None

    def keeps(self, entry: Entry) -> bool:
        """Return whether a result is among those chosen."""
        day = None if entry.finished is None else entry.finished.date()
        return (
            self.kind in (None, entry.place.kind)
            and self.scenario in (None, *entry.scenarios)
            and (self.since is None or (day is not None and day >= self.since))
            and (self.until is None or (day is not None and day <= self.until))
            and (self.seed is None or entry.stated("seed") == self.seed)
            and self.is_whole in (None, entry.is_whole)
        )


def checked_choice(
    kind: Any = None,
    scenario: Any = None,
    since: Any = None,
    until: Any = None,
    seed: Any = None,
    is_whole: Any = None,
) -> Choice:
    """Return the choice that a caller asks for; parameters as for `Results.filter`.

    Raises
    ------
    InputError
        If a value is of the wrong type, or `since` is later than `until`.
    """
    kinds = get_args(Kind)
    problems = []
    if kind not in (None, *kinds):
        rule = f"kind = {_shown(kind)} is not a kind of result."
        problems.append(Problem("", 0, rule, f"Give one of {', '.join(kinds)}."))
    if not isinstance(scenario, str | None):
        rule = f"scenario = {_shown(scenario)} is not a name."
        problems.append(Problem("", 0, rule, "Give the name of a scenario, such as 'baseline'."))
    first, last = _day("since", since, problems), _day("until", until, problems)
    if first is not None and last is not None and first > last:
        rule = f"since = {first} is later than until = {last}."
        problems.append(Problem("", 0, rule, "Give the earlier day first."))
    if seed is not None and (isinstance(seed, bool) or not _is_index(seed)):
        rule = f"seed = {_shown(seed)} is not a whole number."
        problems.append(Problem("", 0, rule, "Give one seed, such as 1."))
    if is_whole not in (None, True, False):
        rule = f"is_whole = {_shown(is_whole)} must be True, False or None."
        problems.append(Problem("", 0, rule, "None keeps both."))
    if problems:
        raise InputError(problems)
    return Choice(kind, scenario, first, last, seed, is_whole)


def _is_index(given: Any) -> bool:
    try:
        operator.index(given)
    except TypeError:
        return False
    return True


def _day(name: str, given: Any, problems: list[Problem]) -> date | None:
    """Return a day; add what is not one to `problems`."""
    if given is None or (isinstance(given, date) and not isinstance(given, datetime)):
        return given
    try:
        return datetime.strptime(given, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except (ValueError, TypeError):
        rule = f"{name} = {_shown(given)} is not a day."
        problems.append(Problem("", 0, rule, "Write it as YYYY-MM-DD, such as 2026-11-29."))
        return None


def _shown(given: object) -> str:
    return repr(given)[:60]


def with_id(entries: Sequence[Entry], given: object, root: Path) -> list[Entry]:
    """Return the entries of one identifier: as a rule one, more if a folder was copied.

    Whole ones come first.

    Parameters
    ----------
    entries : sequence of Entry
    given : str or path
        The identifier, its first digits, or the folder of a result.
    root : Path
        Folder of results, for the message.

    Raises
    ------
    InputError
        If no result or more than one begins so.
    """
    text = str(given) if isinstance(given, str | PurePath) else ""
    start = PurePath(text).name.removesuffix(UNFINISHED).lower()
    found = [entry for entry in entries if start and entry.run_id.startswith(start)]
    found.sort(key=lambda entry: not entry.is_whole)
    ids = list(dict.fromkeys(entry.run_id for entry in found))
    if len(ids) == 1:
        return found
    if not ids:
        rule = f"no result in {root} has an identifier that begins with {_shown(text or given)}."
        raise InputError([Problem("", 0, rule, _LIST)])
    named = ", ".join(ids[:_MOST_NAMED]) + (", ..." if len(ids) > _MOST_NAMED else "")
    rule = f"{len(ids)} results in {root} have an identifier that begins with {_shown(text)}."
    raise InputError([Problem("", 0, rule, f"Give more digits of one of {named}.")])


def shortest_ids(entries: Sequence[Entry], least: int = 8) -> dict[str, str]:
    """Return for each identifier its first digits, as many as distinguish all."""
    ids = {entry.run_id for entry in entries}
    longest = max((len(run_id) for run_id in ids), default=0)
    n = next(
        (n for n in range(least, longest) if len({run_id[:n] for run_id in ids}) == len(ids)),
        longest,
    )
    return {run_id: run_id[:n] for run_id in ids}
