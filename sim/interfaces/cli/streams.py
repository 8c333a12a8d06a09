"""The standard streams of a process: work goes on even if they cannot be written.

A reader that leaves, as ``head`` does, is not a failure. A full device is one, and is reported once
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
    """Passes bytes to an open file; once that fails, discards them.

    Parameters
    ----------
    descriptor : int
        Descriptor of the open file, which stays open.
    """

    failure: OSError | None = None

    def __init__(self, descriptor: int) -> None:
        super().__init__(descriptor, "w", closefd=False)

    def write(self, content: Buffer) -> int:
        """Return how many bytes were accepted, even if the file accepted none."""
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
        """Wait until a non-blocking file accepts bytes again."""
        import select

        select.select([], [self], [])

    @property
    def reason(self) -> str | None:
        """Why bytes were lost that a reader may miss; None if none were."""
        # Windows reports a pipe without a reader as an invalid argument.
        left = (errno.EPIPE, errno.EINVAL) if os.name == "nt" else (errno.EPIPE,)
        if self.failure is None or self.failure.errno in left:
            return None
        return self.failure.strerror or str(self.failure)


def let_letters_pass(stream: TextIO | None) -> None:
    """Let a stream write any text: unknown characters are replaced, undecodable bytes kept."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors=_ESCAPED)


def guarded_streams() -> Sink:
    """Replace standard output and error by streams that cannot fail.

    Returns
    -------
    Sink
        What standard output writes to.
    """
    _fill_gaps()
    output, errors = Sink(1), Sink(2)
    # A Windows console takes characters, not bytes, and has no reader that leaves.
    if not (os.name == "nt" and output.isatty()):
        sys.stdout = _text_onto(output, sys.stdout)
    if not (os.name == "nt" and errors.isatty()):
        sys.stderr = _text_onto(errors, sys.stderr, by_line=True)
    return output


def _fill_gaps() -> None:
    """Open streams that the caller has closed; otherwise the next file would become a stream."""
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            # This is the lowest free descriptor.
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
    """Return bytes for characters that an encoding lacks; for a path, its original bytes."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    numbers = map(ord, error.object[error.start : error.end])
    content = (number - 0xDC00 if 0xDC80 <= number <= 0xDCFF else ord("?") for number in numbers)
    return bytes(content), error.end


codecs.register_error(_ESCAPED, _escape)
