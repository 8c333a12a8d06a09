"""Files and bytes as Arrow's own, for reading Parquet.

Arrow reads on threads that may still hold what they read while the interpreter ends. To let go of a
Python object, a file or bytes, such a thread asks for the interpreter, and the process aborts. So
Parquet is read from sources of Arrow's own alone.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa


def file_source(path: Path) -> pa.NativeFile:
    """Return an open file; read into memory where its path is not UTF-8, which Arrow refuses.

    Raises
    ------
    OSError
        If it cannot be read.
    """
    try:
        str(path).encode("utf-8")
    except UnicodeEncodeError:
        return bytes_source(path.read_bytes())
    return pa.OSFile(str(path), "rb")


def bytes_source(content: bytes) -> pa.NativeFile:
    """Return bytes as a file; they are copied."""
    sink = pa.BufferOutputStream()
    sink.write(content)
    return pa.BufferReader(sink.getvalue())
