"""Unexpected errors: one line in the log, a plain sentence on the page.

A visitor can cause an error that we do not know of. With a traceback for each, one visitor could
fill the log, and tracebacks show paths of the machine. The line has what is needed to find the
place: type, message, and the calls in our own code. ``--logger.level debug`` restores tracebacks.
"""

from __future__ import annotations

import logging
import threading
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

if TYPE_CHECKING:
    from types import TracebackType

_ROOT = Path(__file__).parents[4]
MOST_CALLS = 6
LONGEST_MESSAGE = 200
# The beginning of such a line, for searching the log.
UNEXPECTED = "unexpected error"
ON_THE_PAGE = (
    "This page could not be drawn because of an error in the program. Reload it; if that does "
    "not help, open the explorer without a link."
)


def in_one_line(error: BaseException) -> str:
    """Return type and message of an error, and the calls in our own code, innermost first.

    Examples
    --------
    >>> in_one_line(ValueError("no such thing"))
    "unexpected error: ValueError: 'no such thing'"
    """
    line = f"{UNEXPECTED}: {type(error).__name__}: {str(error)[:LONGEST_MESSAGE]!r}"
    calls = " < ".join(_calls(error.__traceback__))
    return f"{line} at {calls}" if calls else line


def _calls(trace: TracebackType | None) -> list[str]:
    """Return the last calls in our own code; the very last call if none is ours."""
    frames = traceback.extract_tb(trace)
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(_ROOT)]
    own = [frame for frame in own if "site-packages" not in frame.filename] or frames[-1:]
    return [
        f"{'/'.join(Path(frame.filename).parts[-2:])}:{frame.lineno} {frame.name}"
        for frame in reversed(own[-MOST_CALLS:])
    ]


def log_in_plain_lines() -> None:
    """Keep loggers and threads from writing tracebacks, unless details are requested."""
    made_before = logging.getLogRecordFactory()

    def make(*arguments: Any, **named: Any) -> logging.LogRecord:
        record = made_before(*arguments, **named)
        is_asked_for = logging.getLogger(record.name).isEnabledFor(logging.DEBUG)
        if record.exc_info and not is_asked_for:
            error = record.exc_info[1]
            said = record.getMessage().partition("\n")[0].strip()
            record.msg = said if error is None else f"{said}: {in_one_line(error)}"
            record.args, record.exc_info, record.stack_info = None, None, None
        return record

    logging.setLogRecordFactory(make)
    threading.excepthook = _log_end_of_thread


def _log_end_of_thread(ended: threading.ExceptHookArgs) -> None:
    error = ended.exc_value
    if error is not None and not isinstance(error, SystemExit):
        logging.getLogger(__name__).error(
            "a thread ended", exc_info=(type(error), error, ended.exc_traceback)
        )


def say_plainly(_: Exception) -> bool:
    """Draw the sentence for a page that could not be drawn; return True, as nothing else is due."""
    st.error(ON_THE_PAGE)
    return True
