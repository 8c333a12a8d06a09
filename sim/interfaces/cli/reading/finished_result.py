"""The result that a command reads: a folder, or a name, which means its newest result."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.errors import InputError, Problem, at_home
from sim.interfaces.cli.options import folder_given
from sim.interfaces.cli.output import notice
from sim.interfaces.places import RESULTS

if TYPE_CHECKING:
    from sim.experiment.stored import StoredComparison, StoredRun
    from sim.experiment.sweeps.stored import StoredSweep

ResultName = Annotated[
    str,
    typer.Argument(
        metavar="RESULT",
        help="Folder of a finished result, or the name of a sweep or a scenario, which means its "
        "newest finished result.",
    ),
]
SweepName = Annotated[
    str,
    typer.Argument(
        metavar="SWEEP",
        help="Folder of a finished sweep, or the name of a sweep, which means its newest "
        "finished result.",
    ),
]
OutTables = Annotated[
    Path | None,
    typer.Option(
        "--out",
        metavar="PATH",
        parser=folder_given,
        help="Also write tables, their data dictionary and the picture to this folder.",
    ),
]
OfScenario = Annotated[
    str | None,
    typer.Option(
        "--scenario", metavar="NAME", help="Which scenario is meant, if a sweep has several."
    ),
]
USUAL_RESULTS = RESULTS


def finished_result(
    given: str, root: Path, scenario: str | None = None, is_silent: bool = False
) -> StoredRun | StoredComparison | StoredSweep:
    """Return a finished result by folder or by name.

    Parameters
    ----------
    given : str
        Folder of a result, or the name of a sweep or of a scenario.
    root : Path
        Folder in which results are kept.
    scenario : str, optional
        One of the scenarios of a sweep.
    is_silent : bool
        Whether not to say which folder is read.

    Raises
    ------
    InputError
        If there is none; names what there is.
    RunError
        If the result is damaged.
    """
    from sim.experiment.store.manifest import MANIFEST_FILE
    from sim.experiment.stored import load_run
    from sim.experiment.sweeps.stored import StoredSweep

    path = at_home(Path(given))
    folder = path if (path / MANIFEST_FILE).is_file() else newest_result(path.stem, root)
    if folder is None:
        raise InputError([_nothing(given, root)])
    found = load_run(folder)
    if not is_silent:
        notice(f"Reading {folder}")
    if scenario is None:
        return found
    if isinstance(found, StoredSweep):
        return found.within(scenario)
    rule = f"--scenario {scenario}: {given} is not a sweep."
    raise InputError([Problem("", 0, rule, "Leave the option out.")])


def newest_result(name: str, root: Path) -> Path | None:
    """Return the folder of the newest finished result of a name; None if there is none."""
    from sim.experiment.catalogue.places import find_places
    from sim.experiment.store.manifest import MANIFEST_FILE

    found = [
        manifest
        for place in find_places(root)
        if (place.name, place.state) == (name, "finished")
        and (manifest := place.folder / MANIFEST_FILE).is_file()
    ]
    newest = max(found, key=lambda path: path.stat().st_mtime, default=None)
    return None if newest is None else newest.parent


def _nothing(given: str, root: Path) -> Problem:
    """Return what to do where there is no finished result of a name."""
    from sim.experiment.sweeps.finished import list_sweeps

    names = sorted({entry.name for entry in list_sweeps(root)})
    known = f"Finished sweeps there: {', '.join(names)}. " if names else ""
    remedy = f"{known}Make a result with the command sweep, run or compare."
    return Problem("", 0, f"{root} has no finished result called {given[:100]!r}.", remedy)
