"""How far a sweep is, from what is on disk: nothing is run, and nothing is changed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from sim.experiment.store.identity import ID_LENGTH
from sim.experiment.store.manifest import MANIFEST_FILE, read_manifest
from sim.experiment.store.sweep_folders import UNFINISHED
from sim.experiment.sweeps.running import chunk_store
from sim.experiment.sweeps.stored import StoredSweep

if TYPE_CHECKING:
    from sim.experiment.sweeps.inputs import SweepInputs

State = Literal["finished", "unfinished", "not begun"]


@dataclass(frozen=True)
class SweepStatus:
    """How far a sweep is.

    Parameters
    ----------
    name, run_id : str
        Name and identifier of the sweep.
    state : str
        finished, unfinished, or not begun.
    place : str
        Folder of the result, or place of the chunks.
    n_points, n_done : int
        Points in all, point 0 included, and those that are written.
    n_failed : int
        How many of a finished sweep failed.
    newest : float or None
        When the newest chunk was written, in seconds since 1970; None if that is unknown.
    others : tuple of str
        Identifiers of other sweeps of this name below the root: made from other inputs, or by
        another version.
    """

    name: str
    run_id: str
    state: State
    place: str
    n_points: int
    n_done: int
    n_failed: int
    newest: float | None
    others: tuple[str, ...]


def sweep_status(root: Path, inputs: SweepInputs, chunks_at: str | None = None) -> SweepStatus:
    """Return how far a sweep is below a root of results, or at a URL."""
    final = root / inputs.folder
    chunks = chunk_store(root, inputs, chunks_at)
    state: State = "not begun"
    place, newest, n_done, n_failed = str(chunks.place), None, 0, 0
    if (final / MANIFEST_FILE).is_file():
        state, place, n_done = "finished", str(final), inputs.n_points
        n_failed = StoredSweep(final, read_manifest(final)).n_failed
    elif chunks.is_begun:
        state = "unfinished"
        recorded = chunks.recorded()
        n_done = chunks.count(recorded)
        newest = max(recorded.values(), default=0.0) or None
    return SweepStatus(
        inputs.heading.name,
        inputs.run_id,
        state,
        place,
        inputs.n_points,
        n_done,
        n_failed,
        newest,
        _others(final),
    )


def _others(final: Path) -> tuple[str, ...]:
    """Return the identifiers of other sweeps of the same name."""
    pattern = "[0-9a-f]" * ID_LENGTH
    paths = [*final.parent.glob(pattern), *final.parent.glob(pattern + UNFINISHED)]
    return tuple(sorted({path.name.removesuffix(UNFINISHED) for path in paths} - {final.name}))
