"""Files found by name: in the user's own folder, then among those that ship with the package."""

from __future__ import annotations

import filecmp
import os
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.errors import CHECK_PATH, Problem, ScenarioError, SimWarning, checked_path
from sim.scenario.reading.file_names import SUFFIX, check_suffix, shortened, yaml_files
from sim.scenario.reading.nodes import at
from sim.scenario.reading.shipped import shipped
from sim.scenario.reading.yaml_reader import read_file

OWN_FOLDER = Path("scenarios")
SWEEP_FOLDER = "sweeps"
_WORDS = ("title", "description")


@dataclass(frozen=True)
class ScenarioSummary:
    """What a list of scenarios shows about one file."""

    name: str
    title: str
    description: str
    path: Path
    problem: str = ""


def default_folder() -> Path:
    """Return the user's folder of scenarios: ``scenarios`` here, or else that of the package."""
    return OWN_FOLDER if is_folder(OWN_FOLDER) else shipped("scenarios")


def folders_of_names(own: Path) -> tuple[Path, ...]:
    """Return the folders in which a name is looked up: the user's own, then that of the package.

    Parameters
    ----------
    own : Path
        Folder of the file that contains the name, or `default_folder`.
    """
    last = shipped("scenarios")
    return (own,) if _is_same(own, last) else (own, last)


def find_named(name: str, below: str = "") -> Path:
    """Return the file that a bare name refers to; if there is none, its place in the own folder.

    Parameters
    ----------
    name : str
        Without suffix.
    below : str
        Folder below the folder of scenarios.
    """
    paths = _paths_of(name, below)
    return first_there([path for path in paths if is_there(path)]) or paths[0]


def is_known(name: str, below: str = "") -> bool:
    """Return whether a bare name refers to an existing file, by the rules of `find_named`."""
    return any(map(is_there, _paths_of(name, below)))


def _paths_of(name: str, below: str) -> list[Path]:
    """Return where a bare name is looked up, the own folder first."""
    folders = folders_of_names(default_folder())
    return [folder / below / f"{name}{SUFFIX}" for folder in folders]


def names_sweep(name: str) -> bool:
    """Return whether a bare name refers to a sweep and not to a scenario.

    Examples
    --------
    >>> names_sweep("control-and-linkage"), names_sweep("baseline"), names_sweep("nothing")
    (True, False, False)
    """
    return is_known(name, SWEEP_FOLDER) and not is_known(name)


def is_bare(given: str) -> bool:
    """Return whether a text is a bare name rather than a path."""
    path = Path(given)
    return path.name == given and not path.suffix


def first_there(paths: Sequence[Path]) -> Path | None:
    """Return the first existing path of some with one name, or None.

    A user's own file comes before that of the package, which is last. If the two differ, a warning
    names both.
    """
    if not paths:
        return None
    if len(paths) > 1:
        _warn_if_hidden(paths[0], paths[-1])
    return paths[0]


def _warn_if_hidden(path: Path, other: Path) -> None:
    """Warn that a file is used instead of one of the package, if the two differ."""
    try:
        if not other.is_relative_to(shipped()) or filecmp.cmp(path, other, shallow=False):
            return
    except OSError:
        return
    warnings.warn(
        f"{path} is used, not {other}, which ships with alignsim and differs.\n"
        "  To use the other, give its path; to use both by name, rename yours.",
        SimWarning,
        stacklevel=3,
    )


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except (OSError, ValueError):
        return False


def is_there(path: Path) -> bool:
    """Return whether a path leads to something; a path that no system accepts leads nowhere."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def is_folder(path: Path) -> bool:
    """Return whether a path leads to a folder; False if a folder above it cannot be entered."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def list_scenarios(folder: str | Path | None = None) -> tuple[ScenarioSummary, ...]:
    """Return name, title and description of every scenario file, by name.

    A file that cannot be read is listed too, with its problem instead of a description.

    Parameters
    ----------
    folder : path, optional
        Where to look. Unless given: in the folder ``scenarios``, and among the scenarios that
        ship with the package. Of two files with one name the first is listed.

    Returns
    -------
    tuple of ScenarioSummary

    Raises
    ------
    InputError
        If the folder is not a path, or cannot be read.

    Examples
    --------
    >>> import sim
    >>> found = {entry.name: entry.title for entry in sim.list_scenarios()}
    >>> found["twenty-slots"]
    'The US infrastructure offer has twenty places'
    """
    if folder is not None:
        folders: tuple[Path, ...] = (checked_path(folder, "the folder"),)
        _check_open(folders[0])
    else:
        folders = folders_of_names(default_folder())
    found: dict[str, list[Path]] = {}
    for where in folders:
        for path in yaml_files(where):
            found.setdefault(path.name, []).append(path)
    paths = [first_there(found[name]) for name in sorted(found)]
    return tuple(_summary(path) for path in paths if path is not None)


def _check_open(folder: Path) -> None:
    """Refuse a folder that cannot be listed; a missing folder has no files."""
    try:
        with os.scandir(folder):
            return
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        message = f"cannot be read ({error.strerror})."
        raise ScenarioError([Problem(shortened(folder), 0, message, CHECK_PATH)]) from None


def _summary(path: Path) -> ScenarioSummary:
    try:
        check_suffix(path, "scenario")
        root = read_file(path, str(path)).root
    except ScenarioError as error:
        return ScenarioSummary(path.stem, "(cannot be read)", "", path, str(error.problems[0]))
    words = {key: node.value for key in _WORDS if (node := at(root, (key,))) is not None}
    title, description = (" ".join(str(words.get(key) or "").split()) for key in _WORDS)
    return ScenarioSummary(path.stem, title, description, path)
