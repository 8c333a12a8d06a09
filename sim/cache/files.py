"""Files that can be made again at any time, and are read only when nobody has touched them.

Compiled kernels are unpickled and executed. So a file is read only if no other user could have
written it, and only if its bytes are those that were written: Numba notices neither a bit that has
flipped in machine code nor whose file it is.
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
# A link in place of a file is not followed, and a pipe in its place does not block.
_FLAGS = sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"))
_OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH
_SECONDS_UNTIL_LEFT_OVER = 3600.0
HAS_OWNERS = hasattr(os, "geteuid")


class KeptFileError(Exception):
    """A kept file is there, but cannot be read or is not as it was written."""


def cache_root() -> Path | None:
    """Return the folder for what can be made again, existing or not; None without a home.

    ``ALIGNSIM_CACHE`` names it, else an exported ``NUMBA_CACHE_DIR``, else it is that of the user.
    A tilde at the beginning is a home folder; where there is no such home, there is no such folder.
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
    # Without a home the path begins with an unresolved tilde.
    return usual if usual.is_absolute() else None


def _placed(named: str) -> Path | None:
    """Return a named folder as an absolute path; None without the home, or with no folder here."""
    try:
        return Path(named).expanduser().absolute()
    except (OSError, RuntimeError):
        return None


def spare_root() -> Path:
    """Return a folder of this user alone below the one for temporary files; make it.

    Raises
    ------
    OSError
        If it cannot be made, or is not this user's alone.
    """
    where = Path(tempfile.gettempdir())
    if not HAS_OWNERS:
        # Such systems have a folder for temporary files for each user.
        return where / "alignsim"
    folder = where / f"alignsim-{os.geteuid()}"
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    found = folder.lstat()
    is_own = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()
    if not is_own or stat.S_IMODE(found.st_mode) & 0o077:
        raise PermissionError(f"{folder} is not a folder of this user alone")
    return folder


def trusted_owners() -> set[int]:
    """Return whose files are read: this user's, the system's, and those of the package's owner.

    The code of the latter two runs in this process anyway.
    """
    return {os.geteuid(), 0, Path(__file__).stat().st_uid}


def _check_owner(found: os.stat_result) -> None:
    """Check that nobody but a trusted owner could have written a file or folder.

    Raises
    ------
    PermissionError
        If somebody else could.
    """
    if not HAS_OWNERS:
        return
    if found.st_uid not in trusted_owners():
        raise PermissionError("it belongs to another user")
    if found.st_mode & _OTHERS_MAY_WRITE:
        raise PermissionError("other users may write to it")


def _check_folder(folder: Path) -> None:
    """Check that a folder is one, and that nobody else may write to it.

    Raises
    ------
    OSError
        If it is not there, or not so.
    """
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode):
        raise NotADirectoryError("it is not a folder")
    _check_owner(found)


def make_kept_folder(folder: Path) -> None:
    """Make a folder for kept files where it is missing; see that it can be written.

    Raises
    ------
    OSError
        If it cannot be, or other users may write to it.
    """
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    _check_folder(folder)
    tempfile.TemporaryFile(dir=folder).close()


def read_kept(path: Path) -> bytes | None:
    """Return the content of a kept file; None where there is none, or its folder is not safe.

    Raises
    ------
    KeptFileError
        If it cannot be read, is not as it was written, or could be another user's.
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
    """Return the content of an open file that nobody else could have written."""
    found = os.fstat(descriptor)
    _check_owner(found)
    if not stat.S_ISREG(found.st_mode):
        raise OSError("it is not a file")
    with os.fdopen(descriptor, "rb", closefd=False) as file:
        return file.read()


def write_kept(path: Path, content: bytes) -> None:
    """Write a kept file, in one step for whoever reads it.

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
    """Delete what processes have left that were killed while they wrote, an hour ago or more."""
    with suppress(OSError):
        for path in folder.glob(".*"):
            if time.time() - path.lstat().st_mtime > _SECONDS_UNTIL_LEFT_OVER:
                path.unlink()


def _digest(name: str, content: bytes) -> bytes:
    """Return the digest that stands before a content; the name keeps files from changing places."""
    digest = hashlib.sha256(name.encode() + b"\0")
    digest.update(content)
    return digest.digest()
