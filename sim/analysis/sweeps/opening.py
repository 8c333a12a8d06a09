"""A finished sweep by its folder or its name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.errors import InputError, Problem, ResultError, checked_path
from sim.experiment.stored import load_run
from sim.experiment.sweeps.finished import list_sweeps
from sim.experiment.sweeps.stored import StoredSweep
from sim.scenario.wording import suggest

# A folder of results may hold many sweeps.
_MOST_LISTED = 100_000


def opened_sweep(given: StoredSweep | str | Path, root: str | Path = "results") -> StoredSweep:
    """Return a finished sweep.

    Parameters
    ----------
    given : StoredSweep, path or str
        A sweep, its folder, or its name; of several with one name, the newest.
    root : path
        Root of results in which a name is looked for.

    Raises
    ------
    InputError
        If there is no such sweep, or the folder holds something else.
    """
    if isinstance(given, StoredSweep):
        return given
    if not (isinstance(given, str) or hasattr(given, "__fspath__")):
        return _refuse(f"a value of type {type(given).__name__} is not a finished sweep.")
    folder = checked_path(given, "the folder of a sweep")
    if not folder.is_dir():
        folder = _by_name(str(given), checked_path(root, "the root of results"))
    try:
        found = load_run(folder)
    except ResultError as error:
        raise InputError([Problem("", 0, str(error))]) from error
    if not isinstance(found, StoredSweep):
        return _refuse(f"{given} is a run or a comparison, not a sweep.")
    return found


def _by_name(name: str, root: Path) -> Path:
    """Return the folder of the newest finished sweep of a name."""
    known = list_sweeps(root, _MOST_LISTED)
    for entry in known:
        if name in (entry.name, entry.run_id):
            return entry.path
    rule = f"there is no finished sweep {name!r} in {root}."
    names = [*dict.fromkeys(entry.name for entry in known)]
    remedy = suggest(name, names) if names else "Run it first: alignsim sweep NAME."
    raise InputError([Problem("", 0, rule, remedy)])


def _refuse(rule: str) -> Any:
    remedy = "Give a finished sweep, its folder, or its name."
    raise InputError([Problem("", 0, rule, remedy)])
