"""Removing results: whole folders of the project, in one step, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from sim.errors import RunError
from sim.experiment.catalogue.entries import Entry
from sim.experiment.file_bytes import PACKAGE_FILE
from sim.experiment.store.manifest import MANIFEST_FILE
from sim.experiment.store.results import LOG_FILE
from sim.experiment.store.sweep_folders import MARK_FILE
from sim.experiment.store.writers import clear_left_over, discard, new_mark
from sim.experiment.sweeps.stored import TABLES as SWEEP_TABLES
from sim.experiment.tables import RUN_TABLES
from sim.experiment.tables.differences import COMPARISON_TABLES

# What the project writes into the folder of a result, or of the chunks of a sweep.
_NOTES = (MANIFEST_FILE, PACKAGE_FILE, LOG_FILE, MARK_FILE)
_TABLES = {*RUN_TABLES, *COMPARISON_TABLES, *SWEEP_TABLES, "fields"}
_TABLE = re.compile(rf"({'|'.join(sorted(_TABLES))})\.(csv|parquet)")
_CHUNK = rf"[0-9]{{6}}\.(json|({'|'.join(SWEEP_TABLES)})\.parquet)"
# Chunks and marks are written under a name of their own first.
_BEGUN = re.compile(rf"{_CHUNK}|\.({_CHUNK}|{re.escape(MARK_FILE)})\.[0-9]+-[0-9a-f]+")
_MOST_NAMED = 3


def check_removable(entries: Iterable[Entry]) -> None:
    """Check that results may be removed.

    Raises
    ------
    RunError
        If a process works on one of them, or a folder is a link or holds files of others; with all
        reasons.
    """
    reasons = [reason for entry in entries for reason in _obstacles(entry)]
    if reasons:
        raise RunError("\n".join(reasons))


def _obstacles(entry: Entry) -> Iterator[str]:
    folder = entry.place.folder
    if entry.place.is_at_work:
        yield f"{folder} is in use: a process writes it.\n  Wait until that ends, or end it."
    elif (link := _link_to(entry)) is not None:
        yield f"{link} is a link to another folder.\n  Remove the link yourself."
    else:
        foreign = [path.name for path in _inside(folder) if not _is_own(path, entry.manifest)]
        if foreign:
            more = ", ..." if len(foreign) > _MOST_NAMED else ""
            names = ", ".join(ascii(name)[1:-1] for name in foreign[:_MOST_NAMED])
            yield (
                f"{folder} holds what does not belong to the result: {names}{more}.\n"
                "  Move that elsewhere first."
            )


def _link_to(entry: Entry) -> Path | None:
    """Return the link through which a result is reached below the folder of results, if any."""
    folder = entry.place.folder
    above = folder.parents[: entry.place.below_root.count("/")]
    return next((path for path in (folder, *above) if path.is_symlink()), None)


def _inside(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError as error:
        raise RunError(f"{folder} cannot be read: {error.strerror or error}.") from error


def _is_own(path: Path, manifest: object) -> bool:
    """Return whether the project writes such a file into the folder of a result."""
    if path.is_symlink() or not path.is_file():
        return False
    stated = manifest["files"] if isinstance(manifest, dict) else None
    if path.name in _NOTES:
        return True
    if stated is not None:
        return path.name in stated
    return any(pattern.fullmatch(path.name) is not None for pattern in (_TABLE, _BEGUN))


def remove_entries(entries: Iterable[Entry]) -> None:
    """Delete results after checking all of them: each disappears in one step.

    Raises
    ------
    RunError
        If one may not be removed, and then none is; or a folder cannot be changed.
    """
    listed = [*entries]
    check_removable(listed)
    for entry in listed:
        _remove(entry)


def _remove(entry: Entry) -> None:
    folder = entry.place.folder
    if entry.place.state == "partial":
        # With its lock. A writer of a version without locks leaves a folder only.
        clear_left_over(folder.parent)
    # The store treats this name as a leftover, should a kill leave the folder.
    aside = folder.with_name(f".{entry.run_id}.discarded-{new_mark()}")
    try:
        folder.rename(aside)
    except FileNotFoundError:
        # Another process removed it.
        return
    except OSError as error:
        raise RunError(
            f"cannot remove {folder}: {error.strerror or error}.\n"
            "  Check the permissions of its folders."
        ) from error
    discard(aside)
