"""The store of results: each complete or absent, never half-written.

A result is written to a hidden folder beside its place, forced to disk, and renamed in one step. A
result that replaces another is exchanged with it. What looks complete is complete: leftovers of a
killed process are hidden, nothing reads them, and the next start deletes them.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

from sim.errors import ResultError, RunError
from sim.experiment.file_bytes import json_bytes, sha256
from sim.experiment.store.claims import claims_of_another, unfounded_files
from sim.experiment.store.counted import Counted
from sim.experiment.store.manifest import AGAIN, MANIFEST_FILE, read_manifest, sealed
from sim.experiment.store.replacing import exchange
from sim.experiment.store.stated_files import StatedFiles
from sim.experiment.store.unavailable import UnavailableError
from sim.experiment.store.writers import (
    PROBE,
    Writer,
    clear_left_over,
    clear_probes,
    discard,
    restore_replaced,
)

if TYPE_CHECKING:
    from sim.experiment.store.identity import RunInputs

# Time, duration, workers and machine: never compared, never part of the manifest.
LOG_FILE = "run_log.json"


# The content of a file: its bytes, or a function that writes it piece by piece.
Content = bytes | Callable[[IO[bytes]], None]


def write_file(path: Path, content: Content) -> None:
    """Write a file and force it to the disk."""
    _write_content(path, content, is_forced=True)


def write_passing(path: Path, content: Content) -> None:
    """Write a file that can be made again; a power failure may truncate it."""
    _write_content(path, content, is_forced=False)


def _write_content(path: Path, content: Content, is_forced: bool) -> None:
    with path.open("xb") as file:
        if callable(content):
            content(file)
        else:
            file.write(content)
        if is_forced:
            file.flush()
            os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Force a folder's list of names to disk, if the system can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def check_writable(folder: Path) -> None:
    """Make a folder and check that it can be written to, before hours are spent on its content.

    Raises
    ------
    UnavailableError
        If it cannot be made or written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # Nameless where the system allows it, so that a kill leaves nothing behind.
        with tempfile.TemporaryFile(prefix=PROBE, dir=folder):
            pass
        clear_probes(folder)
    except (OSError, ValueError) as error:
        raise UnavailableError(
            f"cannot write to the folder {folder}: {_reason(error)}.",
            "Name another one for the results.",
        ) from error


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def check_result(folder: Path) -> dict[str, Any]:
    """Return the manifest of a result, after checking every file against it.

    Raises
    ------
    RunError
        If there is no manifest, it was changed, or a file is missing or differs from it.
    """
    restore_replaced(folder)
    manifest = read_manifest(folder)
    files = StatedFiles(folder, manifest)
    damaged = files.damaged()
    if damaged:
        raise RunError(
            f"the result in {folder} is damaged: {', '.join(damaged)} "
            f"{'is' if len(damaged) == 1 else 'are'} not as written.\n  {AGAIN}"
        )
    unfounded = unfounded_files(files)
    if unfounded:
        raise ResultError(
            f"{folder / MANIFEST_FILE} is damaged: it and the data package differ about "
            f"{', '.join(unfounded)}.\n  {AGAIN}"
        )
    return manifest


def find_finished(root: Path, inputs: RunInputs) -> Path | None:
    """Return the folder of a finished result with the same inputs; None if there is none.

    Leftovers of killed writers beside it are put back or deleted.

    Raises
    ------
    RunError
        If the result is damaged or states other inputs, or its place cannot be read.
    """
    folder = root / inputs.folder
    try:
        clear_left_over(folder.parent)
        restore_replaced(folder)
        if not folder.exists():
            return None
        has_manifest = (folder / MANIFEST_FILE).is_file()
    except OSError as error:
        raise RunError(
            f"cannot look for the result in the folder {folder}: {_reason(error)}.\n"
            "  Name another one for the results."
        ) from error
    if not has_manifest:
        raise ResultError(f"{folder} is damaged: it has no {MANIFEST_FILE}.\n  {AGAIN}")
    wrong = claims_of_another(check_result(folder), inputs)
    if wrong:
        raise ResultError(
            f"{folder / MANIFEST_FILE} is damaged: it states other values for {', '.join(wrong)} "
            f"than the result that belongs here.\n  {AGAIN}"
        )
    return folder


def write_result(
    root: Path,
    inputs: RunInputs,
    files: Iterable[tuple[str, Content]],
    command_line: tuple[str, ...] | None = None,
    log: Mapping[str, Any] | None = None,
    fresh: bool = False,
) -> Path:
    """Write a result in one step and return its folder.

    Parameters
    ----------
    root : Path
        Root of all results.
    inputs : RunInputs
        The inputs that determine the result.
    files : iterable of (str, Content)
        Name and content of each file, as bytes or as a function that writes to an open file; the
        manifest is added.
    command_line : tuple of str, optional
        For the manifest.
    log : mapping, optional
        What differs between two writings of the result, for ``run_log.json``.
    fresh : bool
        Replace a result that already exists.

    Notes
    -----
    If two writers write the same result, one is first; the other finds it and discards its own,
    which has the same bytes.
    """
    final = root / inputs.folder
    check_writable(final.parent)
    clear_left_over(final.parent)
    try:
        with Writer(final) as writer:
            writer.partial.mkdir()
            _fill(writer.partial, inputs.manifest(command_line), files, log)
            if fresh:
                _replace(writer, final)
            else:
                _move_into_place(writer.partial, final)
    except OSError as error:
        raise UnavailableError(
            f"cannot write the result to {final}: {_reason(error)}.",
            "Make room or give permission, or name another folder for the results.",
        ) from error
    return final


def _fill(
    partial: Path,
    manifest: dict[str, Any],
    files: Iterable[tuple[str, Content]],
    log: Mapping[str, Any] | None,
) -> None:
    """Write all files of a result, the manifest last."""
    written = {}
    for name, content in files:
        size, digest = _write(partial / name, content)
        written[name] = {"bytes": size, "sha256": digest}
    if log is not None:
        write_file(partial / LOG_FILE, json_bytes(dict(log)))
    write_file(partial / MANIFEST_FILE, json_bytes(sealed(manifest | {"files": written})))
    sync_folder(partial)


def _write(path: Path, content: Content) -> tuple[int, str]:
    """Write a file; return the size and digest of its intended content."""
    if isinstance(content, bytes):
        write_file(path, content)
        return len(content), sha256(content)
    passed: list[Counted] = []

    def pass_on(file: IO[bytes]) -> None:
        passed.append(Counted(file))
        content(cast("IO[bytes]", passed[0]))

    write_file(path, pass_on)
    return passed[0].size, passed[0].digest


def _replace(writer: Writer, final: Path) -> None:
    """Put a complete folder in place of an older one and delete that; it stays if this fails."""
    try:
        if exchange(writer.partial, final):
            sync_folder(final.parent)
            return
        final.rename(writer.aside)
    except FileNotFoundError:
        _move_into_place(writer.partial, final)
        return
    try:
        _move_into_place(writer.partial, final)
    except BaseException:
        writer.aside.rename(final)
        raise
    discard(writer.aside)


def _move_into_place(partial: Path, final: Path) -> None:
    """Rename a complete folder to its place, unless another writer was first."""
    try:
        partial.rename(final)
    except OSError:
        if not (final / MANIFEST_FILE).is_file():
            raise
        check_result(final)
        return
    sync_folder(final.parent)
