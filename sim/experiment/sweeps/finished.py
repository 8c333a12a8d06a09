"""The finished sweeps of a folder of results."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.errors import RunError
from sim.experiment.store import MANIFEST_FILE, read_manifest
from sim.experiment.sweeps.inputs import SWEEPS


@dataclass(frozen=True)
class FinishedSweep:
    """What can be told of a finished sweep without reading its tables.

    Parameters
    ----------
    path : Path
        Its folder.
    name, run_id, title : str
        As its manifest has them.
    scenario : str
        Name of the scenario that is varied.
    n_points : int
        Points, the scenario as it stands included.
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


def list_sweeps(root: Path, most: int = 100) -> tuple[FinishedSweep, ...]:
    """Return the finished sweeps below a root of results, the newest first.

    What is unfinished, or cannot be read, is passed over.

    Parameters
    ----------
    root : Path
    most : int
        How many are listed.
    """
    manifests = [*(root / SWEEPS).glob(f"*/*/{MANIFEST_FILE}")]
    written = sorted(((_time(path), path) for path in manifests), reverse=True)
    found = (_read(path.parent) for _, path in written[:most])
    return tuple(entry for entry in found if entry is not None)


def _time(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _read(folder: Path) -> FinishedSweep | None:
    try:
        manifest: dict[str, Any] = read_manifest(folder)
        about = manifest["sweep"]
        return FinishedSweep(
            folder,
            str(about["name"]),
            str(manifest["run_id"]),
            str(about["title"]),
            str(manifest["scenarios"][0]["name"]),
            int(about["n_points"]),
            int(manifest["replicates"]),
        )
    except (RunError, KeyError, IndexError, TypeError, ValueError):
        return None
