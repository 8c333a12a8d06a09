"""Places of chunks that many machines can reach: a shared folder, or an object store."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, TypeVar

from sim.errors import InputError, Problem
from sim.experiment.store.sweep_folders import UNFINISHED
from sim.experiment.store.unavailable import UnavailableError
from sim.experiment.sweeps.chunks import FolderPlace

if TYPE_CHECKING:
    from sim.experiment.sweeps.chunks import Place

Found = TypeVar("Found")

# Stores without folders. Asked to make one, their file systems would make a bucket.
_WITHOUT_FOLDERS = {"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "adl", "oci", "oss", "r2"}
_EXAMPLE = "For example: s3://bucket/sweeps, gs://bucket/sweeps, or file:///shared/sweeps."


def place_at(url: str, folder: PurePath) -> Place:
    """Return the place of the chunks of a sweep below a URL.

    Parameters
    ----------
    url : str
        ``s3://``, ``gs://``, ``file://``, or anything else that fsspec can open.
    folder : PurePath
        Folder of the finished sweep below a root of results.

    Raises
    ------
    InputError
        If the text is not such a URL.
    UnavailableError
        If a package that it needs is not installed.
    """
    files, root = _file_system(url)
    name = folder.with_name(folder.name + UNFINISHED)
    if _protocol(url) in ("file", "local"):
        return FolderPlace(Path(root, name), f".{folder.name}.discarded-")
    return ObjectPlace(files, url, f"{root.rstrip('/')}/{name.as_posix()}")


def _protocol(url: str) -> str:
    return url.partition("://")[0]


def _file_system(url: str) -> tuple[Any, str]:
    """Return the file system of a URL, and the path of the URL in it."""
    if not isinstance(url, str) or not (_protocol(url) and "://" in url):
        shown = repr(url[:100]) if isinstance(url, str) else f"a {type(url).__name__}"
        rule = f"the place of chunks must be a URL, not {shown}."
        raise InputError([Problem("", 0, rule, _EXAMPLE)])
    try:
        import fsspec

        found: tuple[Any, str] = fsspec.core.url_to_fs(url, use_listings_cache=False)
    except ImportError as error:
        reason = str(error).rstrip(".")
        raise UnavailableError(
            f"cannot open {url}: {reason}.",
            "Install 'alignsim[cluster]', and the package that the message names, if any.",
        ) from error
    except ValueError as error:
        rule = f"{url[:100]} is not a URL of a known kind: {error}."
        raise InputError([Problem("", 0, rule, _EXAMPLE)]) from error
    is_local = _protocol(url) in ("file", "local")
    if is_local and not PurePath(url.partition("://")[2]).is_absolute():
        rule = f"{url[:100]} is a relative path, which differs from machine to machine."
        raise InputError([Problem("", 0, rule, "Give the whole path: file:///shared/sweeps.")])
    if found[1].strip("/"):
        return found
    rule = f"{url[:100]} names no bucket or folder."
    raise InputError([Problem("", 0, rule, _EXAMPLE)])


class ObjectPlace:
    """A prefix of an object store; an object appears whole or not at all.

    Parameters
    ----------
    files : fsspec file system
    url : str
        The URL as given, for messages.
    prefix : str
        Path of the place in the file system.
    """

    def __init__(self, files: Any, url: str, prefix: str) -> None:
        self._files = files
        self._url = url
        self._prefix = prefix

    def __str__(self) -> str:
        # Paths of some kinds of store are URLs themselves.
        is_whole = "://" in self._prefix
        return self._prefix if is_whole else f"{_protocol(self._url)}://{self._prefix}"

    def is_there(self, name: str) -> bool:
        """Return whether there is an object of that name."""
        return bool(self._asked("read", lambda path: self._files.exists(path), name))

    def read(self, name: str, most: int) -> bytes:
        """Return the content of an object of at most `most` bytes."""
        size = self._asked("read", lambda path: self._files.info(path)["size"], name)
        if size > most:
            raise ValueError("it is longer than stated")
        content: bytes = self._asked("read", lambda path: self._files.cat_file(path), name)
        return content

    def times(self) -> dict[str, float]:
        """Return when each object was written, as far as the store says so in its list."""
        try:
            found = self._asked("list", lambda path: self._files.ls(path, detail=True))
        except FileNotFoundError:
            return {}
        written = {PurePath(entry["name"]).name: entry.get("LastModified") for entry in found}
        return {
            name: time.timestamp() if isinstance(time, datetime) else 0.0
            for name, time in written.items()
        }

    def put(self, name: str, content: bytes) -> None:
        """Write an object, in place of an older one."""
        try:
            self._asked("write to", lambda path: self._files.pipe_file(path, content), name)
        except FileNotFoundError as error:
            raise self._unavailable("write to", error) from error

    def make(self) -> None:
        """Make the folder, if the store has folders."""
        if _protocol(self._url) in _WITHOUT_FOLDERS:
            return
        try:
            self._asked("write to", lambda path: self._files.makedirs(path, exist_ok=True))
        except FileNotFoundError as error:
            raise self._unavailable("write to", error) from error

    def clear(self) -> None:
        """Delete all objects of the place."""
        try:
            self._asked("clear", lambda path: self._files.rm(path, recursive=True))
        except FileNotFoundError:
            return

    def _asked(self, what: str, ask: Callable[[str], Found], name: str = "") -> Found:
        """Return what the store answers; every failure but a missing object is told in words."""
        try:
            return ask(f"{self._prefix}/{name}" if name else self._prefix)
        except FileNotFoundError:
            raise
        # Each library of a store has errors of its own, which have no base in common.
        except Exception as error:
            raise self._unavailable(what, error) from error

    def _unavailable(self, what: str, error: Exception) -> UnavailableError:
        reason = " ".join(str(error).split()).rstrip(".") or type(error).__name__
        return UnavailableError(
            f"cannot {what} {self}: {reason}.",
            "Check the URL, the credentials, the permissions and the room there; "
            "the same command then continues the sweep.",
        )
