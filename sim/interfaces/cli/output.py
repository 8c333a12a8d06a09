"""Output to the terminal: summaries, data for machines, notices, errors."""

from __future__ import annotations

import codecs
import json
import math
import os
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TextIO

from sim.errors import SimWarning

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment import Summary

EXISTS_ALREADY = "This result exists already; --fresh simulates again."
_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"


def show_summary(summary: Summary) -> None:
    """Print a summary to standard output, headings in bold on a terminal."""
    is_bold = not is_plain(sys.stdout)
    for place, section in enumerate(summary.sections):
        if place:
            print()
        print(f"{_BOLD}{section.heading}{_PLAIN}" if is_bold else section.heading)
        for line in section.lines:
            print(f"  {line}".rstrip())


def show_json(content: Any) -> None:
    """Print plain data to standard output as JSON."""
    is_wide = codecs.lookup(sys.stdout.encoding or "utf-8").name == "utf-8"
    text = json.dumps(_without_nan(content), indent=2, ensure_ascii=not is_wide)
    # An undecodable byte of a path is escaped, as JSON can do for any character.
    print(text.encode("utf-8", "backslashreplace").decode("utf-8"))


def _without_nan(value: Any) -> Any:
    """Return plain data with null for values that JSON cannot represent."""
    if isinstance(value, Mapping):
        return {str(key): _without_nan(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nan(entry) for entry in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as plain data, with None for empty cells."""
    cells = frame.astype(object).where(frame.notna(), None)
    return [
        {str(name): getattr(cell, "item", lambda c=cell: c)() for name, cell in row.items()}
        for row in cells.to_dict("records")
    ]


def is_plain(stream: TextIO) -> bool:
    """Return whether a stream should get plain text only: no bold type, nothing that moves.

    This holds for a file, a pipe, a simple terminal, and wherever NO_COLOR is set.
    """
    if not stream.isatty() or os.environ.get("NO_COLOR"):
        return True
    # Windows does not name the kind of terminal, but its terminals know the codes.
    kind = os.environ.get("TERM", "" if os.name == "posix" else "console")
    return kind in ("", "dumb", "unknown")


@contextmanager
def warnings_as_notes() -> Iterator[None]:
    """Show warnings meant for users as notes on standard error, and others as usual."""
    with warnings.catch_warnings():
        show = warnings.showwarning

        def show_note(message: Warning | str, category: type[Warning], *place: Any) -> None:
            if issubclass(category, SimWarning):
                notice(f"note: {message}")
            else:
                show(message, category, *place)

        # Its documentation allows this replacement.
        warnings.showwarning = show_note  # type: ignore[assignment]
        yield


def notice(text: str) -> None:
    """Print a line about the progress of work to standard error."""
    print(text, file=sys.stderr, flush=True)


def show_error(text: str) -> None:
    """Print an error to standard error."""
    print(text, file=sys.stderr, flush=True)


def bytes_in_words(n_bytes: float) -> str:
    """Return a size with its unit, without more digits than anybody needs.

    Examples
    --------
    >>> bytes_in_words(900), bytes_in_words(1_550_000), bytes_in_words(2_340_000_000)
    ('1 kB', '1.6 MB', '2.3 GB')
    """
    if n_bytes < 1e5:
        return f"{math.ceil(n_bytes / 1000)} kB"
    unit, size = next(
        ((unit, size) for unit, size in (("TB", 1e12), ("GB", 1e9)) if n_bytes >= size),
        ("MB", 1e6),
    )
    amount = n_bytes / size
    return f"{amount:.1f} {unit}" if amount < 10 else f"{amount:,.0f} {unit}"
