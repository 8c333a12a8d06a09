"""What the catalogue says of each result, without reading its tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path, PurePath
from typing import Any, Literal

from sim.errors import ResultError
from sim.experiment.catalogue.failed_points import count_failed
from sim.experiment.catalogue.places import COMPARISONS, ResultFolder, find_places
from sim.experiment.file_bytes import PACKAGE_FILE
from sim.experiment.store.manifest import MANIFEST_FILE, read_manifest
from sim.experiment.store.results import LOG_FILE
from sim.experiment.store.strict_json import read_json
from sim.experiment.store.sweep_folders import MARK_FILE, SWEEPS

Status = Literal["whole", "damaged", "unfinished", "running"]
_MOST_NOTE_BYTES = 100_000
_CHUNK_RECORD = "[0-9]" * 6 + ".json"


@dataclass(frozen=True)
class Entry:
    """One result in a folder of results.

    Parameters
    ----------
    place : ResultFolder
        Where it lies.
    status : str
        ``whole``; ``damaged``; ``unfinished``, a sweep that was stopped or what a killed writer
        left; or ``running``, if a living process works on it.
    problem : str
        Why it is not whole; "" if it is.
    finished : datetime or None
        When it was finished, in UTC.
    n_bytes : int
        Size of its files.
    manifest : mapping or None
        None if it has none that can be read.
    """

    place: ResultFolder
    status: Status
    problem: str
    finished: datetime | None
    n_bytes: int
    manifest: Mapping[str, Any] | None

    @property
    def run_id(self) -> str:
        """Identifier of the result."""
        return self.place.run_id

    @property
    def is_whole(self) -> bool:
        """Whether the result is finished and every file is there in its size."""
        return self.status == "whole"

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Names of all its scenarios; none if it has no manifest that can be read."""
        listed = () if self.manifest is None else self.manifest["scenarios"]
        return tuple(str(item["name"]) for item in listed)

    @property
    def scenario(self) -> str | None:
        """Name of the scenario; of a comparison, the one whose effect is in question.

        Of a sweep of several scenarios, all of them, separated by commas.
        """
        if self.manifest is None:
            return None
        own = self.scenarios if self.manifest["kind"] == "sweep" else self.scenarios[-1:]
        return ", ".join(own)

    @property
    def compared_with(self) -> str | None:
        """Name of the scenario that a comparison compares with."""
        if self.manifest is None or self.manifest["kind"] != "comparison":
            return None
        return str(self.manifest["scenarios"][0]["name"])

    @property
    def title(self) -> str | None:
        """What the scenario or the sweep is about."""
        if self.manifest is None:
            return None
        about = self.manifest.get("sweep") or {}
        return str(about.get("title") or self.manifest["scenarios"][-1]["content"].get("title", ""))

    @property
    def n_points(self) -> int | None:
        """Scenarios that were run: the points of a sweep with point 0, else one or two."""
        if self.manifest is None:
            return None
        about = self.manifest.get("sweep")
        return len(self.manifest["scenarios"]) if about is None else int(about["n_points"])

    @cached_property
    def n_failed(self) -> int | None:
        """Points of a sweep that failed; None of other results, and where it is not known."""
        is_known = self.is_whole and self.place.kind == "sweep"
        return count_failed(self.place.folder) if is_known else None

    def stated(self, key: str) -> Any:
        """Return an entry of the manifest; None if it has none."""
        return None if self.manifest is None else self.manifest.get(key)


def read_entries(root: Path) -> Iterator[Entry]:
    """Yield what is known of every result below a folder of results."""
    for place in find_places(root):
        entry = _finished(place) if place.state == "finished" else _begun(place)
        if entry is not None:
            yield entry


def _finished(place: ResultFolder) -> Entry | None:
    sizes = _sizes(place.folder)
    if not _is_of_a_result(sizes):
        return None
    manifest = None
    try:
        manifest = read_manifest(place.folder)
        problem = _misplaced(place, manifest) or _incomplete(sizes, manifest)
    except ResultError as error:
        # The first line says what is wrong, the second how to write the result again.
        problem = str(error).splitlines()[0].removeprefix(f"{place.folder / MANIFEST_FILE} ")
    status: Status = "damaged" if problem else "whole"
    n_bytes = sum(sizes.values())
    return Entry(place, status, problem, _when(place.folder), n_bytes, manifest)


def _is_of_a_result(sizes: Mapping[str, int]) -> bool:
    """Return whether a folder named like a run holds any file that only a result has."""
    return not sizes.keys().isdisjoint((MANIFEST_FILE, PACKAGE_FILE, LOG_FILE))


def _sizes(folder: Path) -> dict[str, int]:
    """Return the size of each file in a folder, by name."""
    try:
        return {path.name: path.stat().st_size for path in folder.iterdir() if path.is_file()}
    except OSError:
        return {}


def _misplaced(place: ResultFolder, manifest: Mapping[str, Any]) -> str:
    """Return what is wrong if the folder is that of another result, else ""."""
    names = [str(item["name"]) for item in manifest["scenarios"]]
    above = {
        "run": names[0],
        "comparison": f"{COMPARISONS}/{'_vs_'.join(names)}",
        "sweep": f"{SWEEPS}/{(manifest.get('sweep') or {}).get('name')}",
    }[manifest["kind"]]
    stated = f"{above}/{manifest['run_id']}"
    if stated == place.below_root:
        return ""
    return f"it belongs in {stated}, not in this folder"


def _incomplete(sizes: Mapping[str, int], manifest: Mapping[str, Any]) -> str:
    """Return which files are missing or not of their size, else ""."""
    stated = manifest["files"]
    wrong = [name for name, about in stated.items() if sizes.get(name) != about["bytes"]]
    if not wrong:
        return ""
    missing = [name for name in wrong if name not in sizes]
    if missing:
        return f"without {', '.join(missing)}"
    return f"of another size than written: {', '.join(wrong)}"


def _begun(place: ResultFolder) -> Entry:
    """Return the entry of a sweep that is not finished, or of what a writer has written so far."""
    sizes = _sizes(place.folder)
    is_running = place.is_at_work
    if place.state == "partial":
        problem = "its files are being written"
        if not is_running:
            problem = "half written by a process that was killed; its command writes it again"
    else:
        problem = f"{_share_done(place.folder, sizes)} of its points are done"
        if not is_running:
            problem += "; the command that began it continues it"
    status: Status = "running" if is_running else "unfinished"
    return Entry(place, status, problem, None, sum(sizes.values()), None)


def _share_done(folder: Path, sizes: Mapping[str, int]) -> str:
    """Return the share of a sweep's chunks that are written, in words."""
    n_written = sum(PurePath(name).match(_CHUNK_RECORD) for name in sizes)
    n_chunks = _note(folder / MARK_FILE).get("n_chunks")
    if not isinstance(n_chunks, int) or n_chunks < 1:
        return "an unknown share"
    return f"{100 * min(n_written, n_chunks) // n_chunks} %"


def _note(path: Path) -> dict[str, Any]:
    """Return a small JSON file that no digest protects; empty if it cannot be read."""
    try:
        with path.open("rb") as file:
            found = read_json(file.read(_MOST_NOTE_BYTES))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def read_log(folder: Path) -> dict[str, Any]:
    """Return the log of a result: when it was finished, how long it took, on what machine."""
    return _note(folder / LOG_FILE)


def _when(folder: Path) -> datetime | None:
    """Return when a result was finished: by its log, or by the time of its manifest."""
    try:
        found = datetime.fromisoformat(str(read_log(folder).get("finished_utc")))
        return found if found.tzinfo is None else found.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        pass
    try:
        stamp = (folder / MANIFEST_FILE).stat().st_mtime
    except OSError:
        return None
    return datetime.fromtimestamp(stamp, UTC).replace(tzinfo=None, microsecond=0)
