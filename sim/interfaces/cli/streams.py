"""The standard streams of a process: no work stops because they cannot be written.

A reader that has left, as ``head`` does, is no failure. A full device is one, which is told when
the work is done and kept.
"""

from __future__ import annotations

import codecs
import errno
import io
import os
import sys
from typing import TYPE_CHECKING, TextIO, cast

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

_ESCAPED = "alignsim.escaped"


class Sink(io.FileIO):
    """Takes bytes to an open file; once that fails, to nowhere.

    Parameters
    ----------
    descriptor : int
        Of the open file, which stays open.
    """

    failure: OSError | None = None

    def __init__(self, descriptor: int) -> None:
        super().__init__(descriptor, "w", closefd=False)

    def write(self, content: Buffer) -> int:
        """Return how many bytes were taken, also where the file took none."""
        while self.failure is None:
            try:
                taken = super().write(content)
            except OSError as error:
                self.failure = error
                break
            if taken is not None:
                return taken
            self._wait()
        return memoryview(content).nbytes

    def _wait(self) -> None:
        """Wait until a file that does not block takes bytes again."""
        import select

        select.select([], [self], [])

    @property
    def reason(self) -> str | None:
        """Why bytes were lost that a reader may miss; None where none were."""
        # Windows says of a pipe without a reader that the argument is invalid.
        left = (errno.EPIPE, errno.EINVAL) if os.name == "nt" else (errno.EPIPE,)
        if self.failure is None or self.failure.errno in left:
            return None
        return self.failure.strerror or str(self.failure)


def let_letters_pass(stream: TextIO | None) -> None:
    """Let a stream write any text: a letter that it has not as another, an odd byte as it is."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors=_ESCAPED)


def guarded_streams() -> Sink:
    """Put streams that cannot fail in the place of standard output and error.

    Returns
    -------
    Sink
        What standard output writes to.
    """
    _fill_gaps()
    output, errors = Sink(1), Sink(2)
    # A console of Windows takes letters, not bytes, and has no reader that leaves.
    if not (os.name == "nt" and output.isatty()):
        sys.stdout = _text_onto(output, sys.stdout)
    if not (os.name == "nt" and errors.isatty()):
        sys.stderr = _text_onto(errors, sys.stderr, by_line=True)
    return output


def _fill_gaps() -> None:
    """Open what the caller has closed, or the next file opened would be taken for a stream."""
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            # The lowest number that is free, which is this one.
            os.open(os.devnull, os.O_RDWR)


def _text_onto(sink: Sink, stream: TextIO | None, by_line: bool = False) -> TextIO:
    is_direct = getattr(stream, "line_buffering", False) or getattr(stream, "write_through", False)
    return io.TextIOWrapper(
        io.BufferedWriter(cast("io.RawIOBase", sink)),
        encoding=getattr(stream, "encoding", None) or "utf-8",
        errors=_ESCAPED,
        line_buffering=by_line or is_direct or sink.isatty(),
    )


def _escape(error: UnicodeError) -> tuple[bytes, int]:
    """Return bytes for letters that an encoding has not: of a path, those that it came from."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    numbers = map(ord, error.object[error.start : error.end])
    content = (number - 0xDC00 if 0xDC80 <= number <= 0xDCFF else ord("?") for number in numbers)
    return bytes(content), error.end


codecs.register_error(_ESCAPED, _escape)
