"""The finished sweeps in a folder of results."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.errors import ResultError
from sim.experiment.store.identity import ID_LENGTH
from sim.experiment.store.manifest import MANIFEST_FILE, read_manifest
from sim.experiment.store.writers import clear_left_over
from sim.experiment.sweeps.inputs import SWEEPS

# Hidden folders of writers contain manifests too.
_RUN_ID = "[0-9a-f]" * ID_LENGTH


@dataclass(frozen=True)
class FinishedSweep:
    """What is known about a finished sweep without reading its tables.

    Parameters
    ----------
    path : Path
        Its folder.
    name, run_id, title : str
        From its manifest.
    scenario : str
        Name of the scenario that is varied.
    n_points : int
        Points, including the scenario as it stands.
    replicates : int
        Futures at each point.
    """

    path: Path
    name: str
    run_id: str
    title: str
    scenario: str
    n_points: int
    replicates: int


def list_sweeps(root: Path, most: int | None = 100, name: str = "*") -> tuple[FinishedSweep, ...]:
    """Return the finished sweeps below a root of results, newest first.

    Sweeps that are unfinished, unreadable, or not in the folder of their run id are skipped.

    Parameters
    ----------
    root : Path
    most : int or None
        How many to list at most; None lists all.
    name : str
        Name of the sweep; all names unless given.
    """
    for aside in (root / SWEEPS).glob("*/.*.replaced-*"):
        clear_left_over(aside.parent)
    manifests = (root / SWEEPS).glob(f"{name}/{_RUN_ID}/{MANIFEST_FILE}")
    written = sorted(((_time(path), path) for path in manifests), reverse=True)
    found = (_read(path.parent) for _, path in written)
    return tuple(itertools.islice((entry for entry in found if entry is not None), most))


def _time(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _read(folder: Path) -> FinishedSweep | None:
    try:
        manifest: dict[str, Any] = read_manifest(folder)
    except ResultError:
        return None
    about = manifest.get("sweep")
    if about is None or manifest["run_id"] != folder.name:
        return None
    return FinishedSweep(
        folder,
        about["name"],
        manifest["run_id"],
        about["title"],
        manifest["scenarios"][0]["name"],
        about["n_points"],
        manifest["replicates"],
    )
