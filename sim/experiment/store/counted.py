"""Counting and hashing bytes on their way to a file."""

from __future__ import annotations

import hashlib
import io
from typing import IO, Any


class Counted(io.RawIOBase):
    """Passes bytes on to a file, and keeps their number and digest.

    A digest taken from the file afterwards would confirm any damage done while writing.

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
        """Return that bytes can be written."""
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
        """SHA-256 of the bytes passed on, in hexadecimal."""
        return self._digest.hexdigest()
