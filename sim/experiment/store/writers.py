"""Writers of results: where each works, whether it is alive, and what the dead have left behind.

A writer works in a hidden folder beside the place of its result and holds the lock of a file of the
same mark, which the system gives up when the process ends, however it ends. So what a killed writer
has left is cleared at the next start, and what a living one works on is left alone, also where it
runs in another container on the same disk.
"""

from __future__ import annotations

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

# Where nobody can tell whether a writer is alive, what it left is cleared after so long.
STALE_SECONDS = 24 * 3600
# A probe lives for less.
_MOMENT_SECONDS = 60
PROBE = ".probe-"
_LEFT_OVER = re.compile(
    rf"\.(?P<run_id>[0-9a-f]{{{ID_LENGTH}}})\.(?P<kind>partial|replaced|discarded|lock)-"
    r"(?P<mark>[0-9]+-[0-9a-f]+)"
)


class Writer:
    """One writing of a result; as a context, it holds a lock and clears away what is left.

    Parameters
    ----------
    final : Path
        Place of the result.

    Attributes
    ----------
    partial : Path
        Where the files are written.
    aside : Path
        Where an older result waits while it is replaced.
    """

    def __init__(self, final: Path) -> None:
        self._mark = new_mark()
        self.partial = final.with_name(f".{final.name}.partial-{self._mark}")
        self.aside = final.with_name(f".{final.name}.replaced-{self._mark}")
        self._lock = final.with_name(f".{final.name}.lock-{self._mark}")

    def __enter__(self) -> Writer:
        while True:
            self._file = self._lock.open("xb")
            # Not every disk has locks: age must do there.
            with suppress(OSError):
                _take(self._file.fileno(), blocking=True)
            # Who clears left-overs may have taken it for one before it was locked.
            if self._lock.exists():
                return self
            self._file.close()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        discard(self.partial)
        self._file.close()
        with suppress(OSError):
            self._lock.unlink()


def new_mark() -> str:
    """Return what tells the files of this process from those of others."""
    return f"{os.getpid()}-{secrets.token_hex(4)}"


def discard(path: Path) -> None:
    """Delete a folder with all that it holds, or a file; what cannot go stays."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()


def clear_left_over(folder: Path) -> None:
    """Put back results that a kill left aside, and delete what else dead writers have left.

    Parameters
    ----------
    folder : Path
        Where results of one name lie, each in the folder of its run id.
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
    """Clear what one writer has left, if it is dead."""
    if "discarded" in paths:
        discard(paths.pop("discarded"))
    lock = paths.pop("lock", final.with_name(f".{final.name}.lock-{mark}"))
    try:
        file = lock.open("r+b")
    except FileNotFoundError:
        # Of a version that had no locks, or there is nothing left by now.
        _settle(final, paths, STALE_SECONDS)
        return
    with file:
        if not _take(file.fileno(), blocking=False):
            return
        _settle(final, paths, 0)
        if os.name == "posix":
            lock.unlink(missing_ok=True)
    if os.name != "posix":
        # Where an open file cannot be deleted, nobody has this one open.
        lock.unlink(missing_ok=True)


def _settle(final: Path, paths: dict[str, Path], least_age: float) -> None:
    """Put a result back that lies aside while its place is empty; delete what is old enough."""
    aside = paths.get("replaced")
    if aside is not None and (aside / MANIFEST_FILE).is_file() and not os.path.lexists(final):
        aside.rename(final)
    for path in paths.values():
        if os.path.lexists(path) and _age(path) >= least_age:
            discard(path)


def restore_replaced(final: Path, patience: float = 5.0) -> None:
    """See that a result is at its place, if one waits beside it to be put there.

    Where a system cannot exchange two folders, there is none at the place for a moment while one
    is replaced: a living writer ends that at once, and what a dead one left aside is put back.

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
            # The place may not be seen: whoever reads the result says why.
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
    """Take the lock of an open file; return whether it was to be had."""
    from filelock import lock_descriptor

    return lock_descriptor(descriptor, blocking=blocking)
