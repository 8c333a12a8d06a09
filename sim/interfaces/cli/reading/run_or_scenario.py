"""What commands read that take a finished run or a scenario."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.interfaces.cli.options import changed

if TYPE_CHECKING:
    from sim.experiment.stored import StoredRun
    from sim.scenario import Scenario


def run_or_scenario(
    given: str, changes: list[str] | None, levers: list[str] | None
) -> Scenario | StoredRun:
    """Return the run in a folder, or the scenario of a file or a name, as changed.

    Raises
    ------
    InputError
        If the folder holds no finished run, its files were changed, the code or the facts have
        changed since, or a run is to be changed.
    """
    from sim.errors import InputError, Problem, RunError, at_home
    from sim.experiment.store.manifest import MANIFEST_FILE
    from sim.experiment.stored import StoredRun, load_run
    from sim.scenario import load_scenario

    folder = at_home(Path(given))
    if not folder.is_dir():
        return changed(load_scenario(given), changes, levers)
    if not (folder / MANIFEST_FILE).is_file():
        rule = f"{folder} is not the folder of a finished run: it has no {MANIFEST_FILE}."
        remedy = "Name the folder of a run, results/SCENARIO/RUN_ID, or a scenario."
        raise InputError([Problem("", 0, rule, remedy)])
    try:
        found = load_run(folder)
        if isinstance(found, StoredRun):
            found.check_same_code()
    except RunError as error:
        # A folder that cannot be used is an input, not a run that failed.
        raise InputError([Problem("", 0, str(error))]) from error
    if not isinstance(found, StoredRun):
        rule = f"{folder} holds a comparison or a sweep, not a run."
        remedy = "Name one of its scenarios."
        raise InputError([Problem("", 0, rule, remedy)])
    if changes or levers:
        rule = "--set and --lever change a scenario, and a finished run has its own."
        raise InputError([Problem("", 0, rule, "Leave them out, or name the scenario.")])
    return found


def refuse_options(given: dict[str, Any], what: str) -> None:
    """Refuse options that mean nothing for what is asked.

    Raises
    ------
    InputError
        With each option that is given.
    """
    from sim.errors import InputError, Problem

    problems = [
        Problem("", 0, f"{name} has no meaning for {what}.", "Leave it out.")
        for name, value in given.items()
        if value is not None
    ]
    if problems:
        raise InputError(problems)
