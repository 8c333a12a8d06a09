"""The files of a result, read only if they match its manifest.

Files are checked when a result is opened and again when they are read, so that damage done while a
result is open is detected too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.errors import ResultError
from sim.experiment.file_bytes import PACKAGE_FILE, sha256
from sim.experiment.store.manifest import AGAIN, MANIFEST_FILE
from sim.experiment.store.strict_json import read_json

# More than any table of a run: the largest has a row per country, month and path.
MOST_BYTES_IN_MEMORY = 500_000_000
_MOST_PACKAGE_BYTES = 10_000_000
_Stamp = tuple[int, int, int]


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file, however large, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class StatedFiles:
    """The files of a result that its manifest names.

    Parameters
    ----------
    folder : Path
        Folder of the result.
    manifest : mapping
        Its manifest.
    """

    def __init__(self, folder: Path, manifest: Mapping[str, Any]) -> None:
        self.folder = folder
        self.stated: Mapping[str, Mapping[str, Any]] = manifest["files"]
        self._checked: dict[str, _Stamp] = {}

    def damaged(self) -> list[str]:
        """Read all files and return the names of those that are missing or not as stated."""
        return [name for name in self.stated if not self._is_as_stated(name)]

    def _is_as_stated(self, name: str) -> bool:
        path, stated = self.folder / name, self.stated[name]
        try:
            before = _stamp(path)
            if before[0] != stated["bytes"] or file_digest(path) != stated["sha256"]:
                return False
        except OSError:
            return False
        self._checked[name] = before
        return True

    def path(self, name: str) -> Path:
        """Return the path of a file after checking that it is as stated.

        The file is read again only if its size or times differ from those at the last check.

        Raises
        ------
        ResultError
            If the manifest does not name it, or it is not as stated.
        """
        path = self.folder / name
        self._check_named(name)
        try:
            is_known = self._checked.get(name) == _stamp(path)
        except OSError:
            is_known = False
        if not is_known and not self._is_as_stated(name):
            raise self._damage(name)
        return path

    def content(self, name: str, most_bytes: int | None = None) -> bytes:
        """Return the content of a file after checking that it is as stated.

        Raises
        ------
        ResultError
            If the manifest does not name it, it is not as stated, or it is too large.
        """
        self._check_named(name)
        stated = self.stated[name]
        most_bytes = most_bytes or MOST_BYTES_IN_MEMORY
        if stated["bytes"] > most_bytes:
            raise ResultError(
                f"{self.folder / name} has {stated['bytes']:,} bytes, more than the maximum of "
                f"{most_bytes:,} for a file of this kind.\n  {AGAIN}"
            )
        try:
            with (self.folder / name).open("rb") as file:
                content = file.read(stated["bytes"] + 1)
        except OSError as error:
            raise self._damage(name) from error
        if sha256(content) != stated["sha256"]:
            raise self._damage(name)
        return content

    def _check_named(self, name: str) -> None:
        if name not in self.stated:
            raise ResultError(
                f"{self.folder / MANIFEST_FILE} is damaged: it names no file {name}.\n  {AGAIN}"
            )

    def _damage(self, name: str) -> ResultError:
        return ResultError(f"{self.folder / name} is not as it was written.\n  {AGAIN}")

    def resources(self) -> list[dict[str, Any]]:
        """Return the entry of each file in the data package.

        Raises
        ------
        ResultError
            If the data package is missing, not as stated, or unreadable.
        """
        content = self.content(PACKAGE_FILE, _MOST_PACKAGE_BYTES)
        try:
            return [dict(resource) for resource in read_json(content)["resources"]]
        except (KeyError, TypeError, ValueError) as error:
            raise self._damage(PACKAGE_FILE) from error


def _stamp(path: Path) -> _Stamp:
    """Return what changes when a file is written: size, modification time, status-change time."""
    found = path.stat()
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns
