"""Bytes on their way to a file, with their number and digest."""

from __future__ import annotations

import hashlib
import io
from typing import IO, Any


class Counted(io.RawIOBase):
    """Passes bytes on to a file, and keeps their number and digest.

    A digest taken from the file afterwards would vouch for damage on the way.

    Parameters
    ----------
    file : binary file
        Open for writing; left open.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        self.size = 0

    def writable(self) -> bool:
        """Say that it takes bytes."""
        return True

    def write(self, content: Any) -> int:
        """Pass bytes on."""
        view = memoryview(content)
        self._file.write(view)
        self._digest.update(view)
        self.size += view.nbytes
        return view.nbytes

    @property
    def digest(self) -> str:
        """SHA-256 of what has passed, in hexadecimal."""
        return self._digest.hexdigest()
