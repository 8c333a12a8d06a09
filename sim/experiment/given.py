"""Check the arguments of public functions before any future is simulated."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from sim.errors import InputError, Problem, RunError
from sim.experiment.sweeps.designs.plan import Heading
from sim.scenario.schema.fields import NAME_PATTERN


def check_saving(fresh: Any, command_line: Any) -> None:
    """Check the options for writing a result.

    Raises
    ------
    InputError
        If `fresh` is not true or false, or `command_line` is not a list of texts.
    """
    problems = []
    if not isinstance(fresh, bool):
        rule = f"fresh must be True or False, not {_shown(fresh)}."
        problems.append(Problem("", 0, rule, "True writes a result again even if it exists."))
    if command_line is not None and not _are_texts(command_line):
        rule = f"command_line must be a list of texts, not {_shown(command_line)}."
        problems.append(Problem("", 0, rule, "For example: ('alignsim', 'run', 'baseline')."))
    if problems:
        raise InputError(problems)


def check_heading(heading: Any) -> None:
    """Check the heading of a sweep.

    Raises
    ------
    InputError
        If it is not a heading, its name is not a short name, or its texts are not texts.
    """
    if heading is None:
        return
    if not isinstance(heading, Heading):
        rule = f"heading must be a Heading, not {_shown(heading)}."
        remedy = "Use that of a plan, load_sweep(...).heading, or leave it out."
        raise InputError([Problem("", 0, rule, remedy)])
    problems = []
    if not isinstance(heading.name, str) or not re.fullmatch(NAME_PATTERN, heading.name):
        rule = f"the name in the heading, {_shown(heading.name)}, must be a short name."
        remedy = "Use lower-case letters, digits and hyphens, 60 at most."
        problems.append(Problem("", 0, rule, remedy))
    for key in ("title", "description"):
        if not isinstance(getattr(heading, key), str):
            rule = f"the {key} in the heading must be a text, not {_shown(getattr(heading, key))}."
            problems.append(Problem("", 0, rule, "Leave it out if there is none."))
    if not _are_texts(heading.sources):
        rule = f"the sources in the heading must be a list of texts, not {_shown(heading.sources)}."
        problems.append(Problem("", 0, rule, "For example: ('Own assumption',)."))
    if problems:
        raise InputError(problems)


def check_table_name(name: Any, known: Iterable[str], whose: str) -> None:
    """Check the name of a table.

    Parameters
    ----------
    name : str
        The name as the caller gives it.
    known : iterable of str
        Names of the existing tables.
    whose : str
        What the tables belong to, for the message.

    Raises
    ------
    RunError
        If there is no such table.
    """
    names = [*known]
    if not isinstance(name, str) or name not in names:
        raise RunError(f"{whose} has no table {_shown(name)}; it has {', '.join(names)}.")


def check_selection(columns: Any, where: Any) -> None:
    """Check a selection of columns and rows of a table.

    Raises
    ------
    InputError
        If `columns` is not a list of names, or `where` is not an expression of pyarrow.
    """
    import pyarrow.compute as pc

    problems = []
    if columns is not None and not _are_texts(columns):
        rule = f"columns must be a list of names, not {_shown(columns)}."
        problems.append(Problem("", 0, rule, "Leave it out for all."))
    if where is not None and not isinstance(where, pc.Expression):
        rule = f"where must be an expression of pyarrow, not {_shown(where)}."
        problems.append(Problem("", 0, rule, "For example: pc.field('point') == 0."))
    if problems:
        raise InputError(problems)


def _are_texts(given: Any) -> bool:
    return isinstance(given, list | tuple) and all(isinstance(entry, str) for entry in given)


def _shown(given: Any) -> str:
    """Return a value as messages show it: a text in quotes, anything else by its type."""
    if isinstance(given, str):
        return repr(given[:60])
    if isinstance(given, list | tuple):
        return f"a {type(given).__name__} of other things"
    return f"a {type(given).__name__}"
