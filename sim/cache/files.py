"""Files that can be made again at any time, and are read only if nobody has tampered with them.

Compiled kernels are unpickled and executed. So a file is read only if no other user could have
written it and its bytes are those that were written: Numba detects neither a flipped bit in machine
code nor a file of another user.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
import tempfile
import time
from contextlib import suppress
from pathlib import Path

_MARK = b"alignsim kept file 1\n"
_DIGEST_SIZE = hashlib.sha256().digest_size
# Do not follow a link, and do not block on a pipe, in place of the file.
_FLAGS = sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"))
_OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH
_SECONDS_UNTIL_LEFT_OVER = 3600.0
HAS_OWNERS = hasattr(os, "geteuid")


class KeptFileError(Exception):
    """A kept file exists, but cannot be read or differs from what was written."""


def cache_root() -> Path | None:
    """Return the folder for what can be made again, existing or not; None without a home.

    It is ``ALIGNSIM_CACHE``, else an exported ``NUMBA_CACHE_DIR``, else the user's cache folder. A
    tilde at the beginning means a home folder; None if that home folder does not exist.
    """
    named = os.environ.get("ALIGNSIM_CACHE")
    if named:
        return _placed(named)
    numba_cache = os.environ.get("NUMBA_CACHE_DIR")
    if numba_cache:
        placed = _placed(numba_cache)
        return placed and placed / "alignsim"
    import platformdirs

    usual = platformdirs.user_cache_path("alignsim")
    # Without a home the path starts with an unresolved tilde.
    return usual if usual.is_absolute() else None


def _placed(named: str) -> Path | None:
    """Return a named folder as an absolute path; None if its home or current folder is missing."""
    try:
        return Path(named).expanduser().absolute()
    except (OSError, RuntimeError):
        return None


def spare_root() -> Path:
    """Make a folder for this user only inside the temporary folder, and return it.

    Raises
    ------
    OSError
        If it cannot be made, or does not belong to this user only.
    """
    where = Path(tempfile.gettempdir())
    if not HAS_OWNERS:
        # Such systems have a temporary folder for each user.
        return where / "alignsim"
    folder = where / f"alignsim-{os.geteuid()}"
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    found = folder.lstat()
    is_own = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()
    if not is_own or stat.S_IMODE(found.st_mode) & 0o077:
        raise PermissionError(f"{folder} does not belong to this user only")
    return folder


def trusted_owners() -> set[int]:
    """Return the owners whose files are read: this user, the system, and the package's owner.

    The code of the latter two runs in this process anyway.
    """
    return {os.geteuid(), 0, Path(__file__).stat().st_uid}


def _check_owner(found: os.stat_result) -> None:
    """Check that only a trusted owner could have written a file or folder.

    Raises
    ------
    PermissionError
        If another user could have.
    """
    if not HAS_OWNERS:
        return
    if found.st_uid not in trusted_owners():
        raise PermissionError("it belongs to another user")
    if found.st_mode & _OTHERS_MAY_WRITE:
        raise PermissionError("other users may write to it")


def _check_folder(folder: Path) -> None:
    """Check that a folder exists and that nobody else may write to it.

    Raises
    ------
    OSError
        If it does not exist, is not a folder, or others may write to it.
    """
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode):
        raise NotADirectoryError("it is not a folder")
    _check_owner(found)


def make_kept_folder(folder: Path) -> None:
    """Make a folder for kept files if it is missing; check that it can be written to.

    Raises
    ------
    OSError
        If it cannot be made or written to, or other users may write to it.
    """
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    _check_folder(folder)
    tempfile.TemporaryFile(dir=folder).close()


def read_kept(path: Path) -> bytes | None:
    """Return the content of a kept file; None if it does not exist or its folder is not safe.

    Raises
    ------
    KeptFileError
        If it cannot be read, differs from what was written, or could be another user's.
    """
    try:
        _check_folder(path.parent)
    except OSError:
        return None
    try:
        descriptor = os.open(path, os.O_RDONLY | _FLAGS)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise KeptFileError(str(error)) from error
    try:
        whole = _read(descriptor)
    except OSError as error:
        raise KeptFileError(str(error)) from error
    finally:
        os.close(descriptor)
    head = len(_MARK) + _DIGEST_SIZE
    content = whole[head:]
    if whole[:head] != _MARK + _digest(path.name, content):
        raise KeptFileError("its bytes are not those that were written")
    return content


def _read(descriptor: int) -> bytes:
    """Return the content of an open file, after checking that nobody else could have written it."""
    found = os.fstat(descriptor)
    _check_owner(found)
    if not stat.S_ISREG(found.st_mode):
        raise OSError("it is not a file")
    with os.fdopen(descriptor, "rb", closefd=False) as file:
        return file.read()


def write_kept(path: Path, content: bytes) -> None:
    """Write a kept file, in a single step for its readers.

    Raises
    ------
    OSError
        If it cannot be written, or other users may write to its folder.
    """
    path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    _check_folder(path.parent)
    own = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _FLAGS, 0o644)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(_MARK + _digest(path.name, content))
            file.write(content)
        own.replace(path)
    except BaseException:
        with suppress(OSError):
            own.unlink()
        raise


def clear_left_over(folder: Path) -> None:
    """Delete the leftovers of processes killed while writing, if an hour old or more."""
    with suppress(OSError):
        for path in folder.glob(".*"):
            if time.time() - path.lstat().st_mtime > _SECONDS_UNTIL_LEFT_OVER:
                path.unlink()


def _digest(name: str, content: bytes) -> bytes:
    """Return the digest that precedes a content; it covers the name, so files cannot be swapped."""
    digest = hashlib.sha256(name.encode() + b"\0")
    digest.update(content)
    return digest.digest()
