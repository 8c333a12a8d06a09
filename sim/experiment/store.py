"""The store of results: whole or not there at all, never half.

A result is written to a hidden folder beside its place, forced to the disk, and renamed in one
step. What looks complete is complete: a kill leaves a hidden folder that nobody reads and that the
next writer of the same scenario clears away after a day.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import shutil
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from sim.errors import ResultError, RunError
from sim.experiment.identity import ID_LENGTH
from sim.experiment.table_files import json_bytes, sha256

if TYPE_CHECKING:
    from sim.experiment.identity import Inputs

MANIFEST_FILE = "manifest.json"
# Time, duration, workers and machine: never compared, never part of the manifest.
LOG_FILE = "run_log.json"
STALE_SECONDS = 24 * 3600
_LEFT_OVER = re.compile(rf"\.[0-9a-f]{{{ID_LENGTH}}}\.(partial|replaced)-[0-9]+-[0-9a-f]+")
_LARGEST_MANIFEST = 50_000_000


# The content of a file: all of it, or what writes it piece by piece.
Content = bytes | Callable[[IO[bytes]], None]


def write_file(path: Path, content: Content) -> None:
    """Write a file and force it to the disk."""
    with path.open("xb") as file:
        if callable(content):
            content(file)
        else:
            file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Force a folder's list of names to the disk, where the system can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def check_writable(folder: Path) -> None:
    """Make a folder and see that it takes files, before hours are spent on what goes into it.

    Raises
    ------
    RunError
        If it cannot be made or written to.
    """
    probe = folder / f".probe-{os.getpid()}-{secrets.token_hex(4)}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except (OSError, ValueError) as error:
        raise RunError(
            f"cannot write to the folder {folder}: {_reason(error)}.\n"
            "  Name another one for the results."
        ) from error


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a result.

    Raises
    ------
    ResultError
        If there is none, or it cannot be read.
    """
    path = folder / MANIFEST_FILE
    try:
        if not path.is_file():
            raise ResultError(
                f"{folder} is no result: it has no {MANIFEST_FILE}.\n"
                "  Name a folder such as results/baseline/0123456789abcdef."
            )
        if path.stat().st_size > _LARGEST_MANIFEST:
            raise ValueError("too large")
        manifest = json.loads(path.read_bytes())
        digests = {str(name): str(entry["sha256"]) for name, entry in manifest["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ResultError(f"{path} is damaged and cannot be read.\n  {_AGAIN}") from error
    if any(Path(name).name != name or name in ("", ".", "..") for name in digests):
        raise ResultError(f"{path} is damaged: it names files outside its folder.\n  {_AGAIN}")
    return dict(manifest)


_AGAIN = "Run the same command with --fresh to write it again."


def damaged_files(folder: Path, manifest: Mapping[str, Any]) -> list[str]:
    """Return the files of a result that are missing or not as the manifest says."""
    return [
        name
        for name, stated in manifest["files"].items()
        if not _is_as_stated(folder / name, stated)
    ]


def _is_as_stated(path: Path, stated: Mapping[str, Any]) -> bool:
    try:
        if path.stat().st_size != stated["bytes"]:
            return False
        return file_digest(path) == str(stated["sha256"])
    except (OSError, KeyError, TypeError):
        return False


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file, however large, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_result(folder: Path) -> dict[str, Any]:
    """Return the manifest of a result, after checking every file against it.

    Raises
    ------
    RunError
        If there is no manifest, or a file is missing or differs from it.
    """
    manifest = read_manifest(folder)
    damaged = damaged_files(folder, manifest)
    if damaged:
        raise RunError(
            f"the result in {folder} is damaged: {', '.join(damaged)} "
            f"{'is' if len(damaged) == 1 else 'are'} not as written.\n  {_AGAIN}"
        )
    return manifest


def find_finished(root: Path, inputs: Inputs) -> Path | None:
    """Return the folder of a finished result with the same inputs; None where there is none.

    Raises
    ------
    RunError
        If there is one and it is damaged.
    """
    folder = root / inputs.folder
    if not folder.exists():
        return None
    check_result(folder)
    return folder


def write_result(
    root: Path,
    inputs: Inputs,
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
    inputs : Inputs
        What the result follows from.
    files : iterable of (str, Content)
        Name and content of each file, in bytes or as a function that writes it to an open file;
        the manifest is added.
    command_line : tuple of str, optional
        Goes into the manifest.
    log : mapping, optional
        What differs from one writing to the next, for ``run_log.json``.
    fresh : bool
        Replace a result that is already there.

    Notes
    -----
    Of two writers of the same result one comes first; the other finds it there and discards its
    own, which holds the same bytes.
    """
    final = root / inputs.folder
    check_writable(final.parent)
    clear_left_over(final.parent)
    mark = f"{os.getpid()}-{secrets.token_hex(4)}"
    partial = final.parent / f".{inputs.run_id}.partial-{mark}"
    try:
        partial.mkdir()
        _fill(partial, inputs.manifest(command_line), files, log)
        if fresh:
            _replace(partial, final, final.parent / f".{inputs.run_id}.replaced-{mark}")
        else:
            _move_into_place(partial, final)
    except OSError as error:
        raise RunError(f"cannot write the result to {final}: {_reason(error)}.") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
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
        path = partial / name
        write_file(path, content)
        digest = sha256(content) if isinstance(content, bytes) else file_digest(path)
        written[name] = {"bytes": path.stat().st_size, "sha256": digest}
    if log is not None:
        write_file(partial / LOG_FILE, json_bytes(dict(log)))
    write_file(partial / MANIFEST_FILE, json_bytes(manifest | {"files": written}))
    sync_folder(partial)


def _replace(partial: Path, final: Path, aside: Path) -> None:
    """Put a full folder in the place of an older one, which comes back if that fails."""
    try:
        final.rename(aside)
    except FileNotFoundError:
        _move_into_place(partial, final)
        return
    try:
        _move_into_place(partial, final)
    except BaseException:
        aside.rename(final)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _move_into_place(partial: Path, final: Path) -> None:
    """Rename a full folder to its place, unless another writer was first."""
    try:
        partial.rename(final)
    except OSError:
        if not (final / MANIFEST_FILE).is_file():
            raise
        check_result(final)
        return
    sync_folder(final.parent)


def clear_left_over(folder: Path) -> None:
    """Delete hidden folders of interrupted writers that are older than a day."""
    for path in folder.iterdir():
        if not _LEFT_OVER.fullmatch(path.name):
            continue
        try:
            is_stale = time.time() - path.stat().st_mtime > STALE_SECONDS
        except OSError:
            continue
        if is_stale:
            shutil.rmtree(path, ignore_errors=True)
