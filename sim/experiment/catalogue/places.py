"""Where the results in a folder lie, and in which state each is, told from names alone."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sim.experiment.store.identity import ID_LENGTH, Kind
from sim.experiment.store.sweep_folders import SWEEPS, UNFINISHED
from sim.experiment.store.writers import clear_left_over, is_at_work

COMPARISONS = "comparisons"
# Folders of the project that hold no results: ledgers of forecasts, and the reference export.
ASIDE = ("forecasts", "reference")
_FINISHED = re.compile(rf"[0-9a-f]{{{ID_LENGTH}}}")
_STARTED = re.compile(rf"(?P<run_id>[0-9a-f]{{{ID_LENGTH}}}){re.escape(UNFINISHED)}")
_PARTIAL = re.compile(rf"\.(?P<run_id>[0-9a-f]{{{ID_LENGTH}}})\.partial-.+")
_REPLACED = re.compile(rf"\.[0-9a-f]{{{ID_LENGTH}}}\.replaced-.+")

State = Literal["finished", "started", "partial"]


@dataclass(frozen=True)
class ResultFolder:
    """The folder of a result.

    Parameters
    ----------
    folder : Path
    kind : str
        run, comparison or sweep, by where it lies.
    name : str
        Name of the folder above: a scenario, two scenarios, or a sweep.
    run_id : str
    state : str
        ``finished``; ``started``, the chunks of a sweep; or ``partial``, the hidden folder of a
        writer.
    """

    folder: Path
    kind: Kind
    name: str
    run_id: str
    state: State

    @property
    def final(self) -> Path:
        """Where the result lies once it is finished."""
        return self.folder.with_name(self.run_id)

    @property
    def below_root(self) -> str:
        """The folder below the folder of results."""
        above = {"run": "", "comparison": f"{COMPARISONS}/", "sweep": f"{SWEEPS}/"}[self.kind]
        return f"{above}{self.name}/{self.folder.name}"

    @property
    def is_at_work(self) -> bool:
        """Whether a living process writes the result or makes its chunks."""
        return is_at_work(self.final)


def find_places(root: Path, only: Kind | None = None) -> Iterator[ResultFolder]:
    """Yield the place of every result below a folder of results, whole or not.

    A result that was left aside while it was being replaced is put back first.

    Parameters
    ----------
    root : Path
    only : str, optional
        Kind of the results to find; all unless given.
    """
    for kind, folder in _folders_of_names(root):
        if only in (None, kind):
            yield from _places_in(folder, kind)


def other_folders(root: Path, known: Collection[str]) -> tuple[str, ...]:
    """Return the names of the folders in a folder of results that hold nothing of the project.

    Parameters
    ----------
    root : Path
    known : collection of str
        Names of the folders that hold runs.
    """
    own = {COMPARISONS, SWEEPS, *ASIDE, *known}
    return tuple(folder.name for folder in _folders(root) if folder.name not in own)


def _folders_of_names(root: Path) -> Iterator[tuple[Kind, Path]]:
    # A scenario may be called comparisons or sweeps.
    yield from (("run", folder) for folder in _folders(root))
    yield from (("comparison", folder) for folder in _folders(root / COMPARISONS))
    yield from (("sweep", folder) for folder in _folders(root / SWEEPS))


def _folders(above: Path, hidden: bool = False) -> list[Path]:
    """Return the folders in a folder by name; none if it does not exist or is closed."""
    try:
        found = sorted(path for path in above.iterdir() if path.is_dir())
    except OSError:
        return []
    return [path for path in found if hidden or not path.name.startswith(".")]


def _places_in(folder: Path, kind: Kind) -> Iterator[ResultFolder]:
    """Yield the places of the results of one name, those that are finished first."""
    below = _folders(folder, hidden=True)
    if any(_REPLACED.fullmatch(path.name) for path in below):
        clear_left_over(folder)
        below = _folders(folder, hidden=True)
    finished = [path for path in below if _FINISHED.fullmatch(path.name)]
    yield from (ResultFolder(path, kind, folder.name, path.name, "finished") for path in finished)
    known = {path.name for path in finished}
    states: tuple[tuple[re.Pattern[str], State], ...] = (
        (_STARTED, "started"),
        (_PARTIAL, "partial"),
    )
    for pattern, state in states:
        for path in below:
            found = pattern.fullmatch(path.name)
            # A result that is written again is listed once: as it stands.
            if found is not None and found["run_id"] not in known:
                known.add(found["run_id"])
                yield ResultFolder(path, kind, folder.name, found["run_id"], state)
