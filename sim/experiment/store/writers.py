"""Writers of results: where each works, whether it is alive, and how leftovers are removed.

A writer works in a hidden folder beside the place of its result and holds the lock on a file with
the same mark. The system releases the lock when the process ends, however it ends. So the leftovers
of a killed writer are removed at the next start, and the folder of a living one is left alone, even
if it runs in another container on the same disk.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import shutil
import time
from collections import defaultdict
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from sim.experiment.store.identity import ID_LENGTH
from sim.experiment.store.manifest import MANIFEST_FILE

# If it is unknown whether a writer is alive, its leftovers are deleted after this time.
STALE_SECONDS = 24 * 3600
# A probe lives for less time.
_MOMENT_SECONDS = 60
PROBE = ".probe-"
_LEFT_OVER = re.compile(
    rf"\.(?P<run_id>[0-9a-f]{{{ID_LENGTH}}})\.(?P<kind>partial|replaced|discarded|lock)-"
    r"(?P<mark>[0-9]+-[0-9a-f]+)"
)


class HeldLock:
    """As a context, tells other processes that this one works on a result.

    Parameters
    ----------
    final : Path
        Place of the result; the lock is on a hidden file beside it.
    mark : str, optional
        Mark of the writer; a new one unless given.
    """

    def __init__(self, final: Path, mark: str | None = None) -> None:
        self._path = final.with_name(f".{final.name}.lock-{mark or new_mark()}")

    def __enter__(self) -> HeldLock:
        while True:
            self._file = self._path.open("xb")
            # Not every file system has locks; age decides there.
            with suppress(OSError):
                _take(self._file.fileno(), blocking=True)
            # Another process may have deleted it as a leftover before it was locked.
            if self._path.exists():
                return self
            self._file.close()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()
        with suppress(OSError):
            self._path.unlink()


def is_at_work(final: Path) -> bool:
    """Return whether a living process, on this machine or another, works on a result.

    Where the file system has no locks, a process counts as living for `STALE_SECONDS`.
    """
    return any(_is_held(path) for path in final.parent.glob(f".{final.name}.lock-*"))


def _is_held(lock: Path) -> bool:
    try:
        with lock.open("r+b") as file:
            return not _take(file.fileno(), blocking=False)
    except FileNotFoundError:
        return False
    except OSError:
        return lock.exists() and _age(lock) < STALE_SECONDS


class Writer:
    """One writing of a result; as a context, it holds a lock and deletes its leftovers.

    Parameters
    ----------
    final : Path
        Place of the result.

    Attributes
    ----------
    partial : Path
        Where the files are written.
    aside : Path
        Where an older result is kept while it is being replaced.
    """

    def __init__(self, final: Path) -> None:
        mark = new_mark()
        self.partial = final.with_name(f".{final.name}.partial-{mark}")
        self.aside = final.with_name(f".{final.name}.replaced-{mark}")
        self._lock = HeldLock(final, mark)

    def __enter__(self) -> Writer:
        self._lock.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        discard(self.partial)
        self._lock.__exit__(kind, error, trace)


def new_mark() -> str:
    """Return a mark that distinguishes the files of this process from those of others."""
    return f"{os.getpid()}-{secrets.token_hex(4)}"


def discard(path: Path) -> None:
    """Delete a file, or a folder with its content; ignore what cannot be deleted."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()


def clear_left_over(folder: Path) -> None:
    """Restore results that a kill left aside, and delete all other leftovers of dead writers.

    Parameters
    ----------
    folder : Path
        Folder of all results of one name, each in the folder of its run id.
    """
    writings: defaultdict[tuple[str, str], dict[str, Path]] = defaultdict(dict)
    with suppress(OSError):
        for path in folder.iterdir():
            found = _LEFT_OVER.fullmatch(path.name)
            if found is not None:
                writings[found["run_id"], found["mark"]][found["kind"]] = path
    for (run_id, mark), paths in writings.items():
        with suppress(OSError):
            _clear_writing(folder / run_id, mark, paths)


def _clear_writing(final: Path, mark: str, paths: dict[str, Path]) -> None:
    """Delete the leftovers of one writer, if it is dead."""
    if "discarded" in paths:
        discard(paths.pop("discarded"))
    lock = paths.pop("lock", final.with_name(f".{final.name}.lock-{mark}"))
    try:
        file = lock.open("r+b")
    except FileNotFoundError:
        # Written by a version without locks, or nothing is left by now.
        _restore_or_delete(final, paths, STALE_SECONDS)
        return
    with file:
        if not _take(file.fileno(), blocking=False):
            return
        _restore_or_delete(final, paths, 0)
        if os.name == "posix":
            lock.unlink(missing_ok=True)
    if os.name != "posix":
        # On systems that cannot delete an open file, nobody has this one open.
        lock.unlink(missing_ok=True)


def _restore_or_delete(final: Path, paths: dict[str, Path], least_age: float) -> None:
    """Restore a result left aside if its place is empty; delete what is old enough."""
    aside = paths.get("replaced")
    if aside is not None and (aside / MANIFEST_FILE).is_file() and not os.path.lexists(final):
        aside.rename(final)
    for path in paths.values():
        if os.path.lexists(path) and _age(path) >= least_age:
            discard(path)


def restore_replaced(final: Path, patience: float = 5.0) -> None:
    """Make sure that a result is at its place, if it was left aside while being replaced.

    On systems that cannot exchange two folders, the place is empty for a moment while a result is
    replaced: a living writer ends that at once, and a result left aside by a dead one is restored.

    Parameters
    ----------
    final : Path
        Place of the result.
    patience : float
        Seconds to wait for a living writer.
    """
    until = time.monotonic() + patience
    while not os.path.lexists(final) and time.monotonic() < until:
        try:
            waits = any(final.parent.glob(f".{final.name}.replaced-*"))
        except OSError:
            # The place may be unreadable: whoever reads the result reports why.
            return
        if not waits:
            return
        clear_left_over(final.parent)
        time.sleep(0.01)


def clear_probes(folder: Path) -> None:
    """Delete what a kill left of an attempt to write to a folder."""
    with suppress(OSError):
        for path in [*folder.glob(f"{PROBE}*")]:
            if path.is_file() and not path.stat().st_size and _age(path) > _MOMENT_SECONDS:
                path.unlink()


def _age(path: Path) -> float:
    return time.time() - path.lstat().st_mtime


def _take(descriptor: int, blocking: bool) -> bool:
    """Lock an open file; return whether the lock was available."""
    from filelock import lock_descriptor

    return lock_descriptor(descriptor, blocking=blocking)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, if it does not exist.

    Raises
    ------
    OSError
        If it cannot be made; never `FileNotFoundError`, which would mean that it was lost.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileNotFoundError as error:
        raise PermissionError(errno.EACCES, "no folder can be made there") from error
