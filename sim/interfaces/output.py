"""What goes to the terminal: summaries, data for machines, notices, errors."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment import Summary

_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"


def show_summary(summary: Summary) -> None:
    """Print a summary to standard output, headings in bold on a terminal."""
    on_terminal = sys.stdout.isatty()
    for place, section in enumerate(summary.sections):
        if place:
            print()
        print(f"{_BOLD}{section.heading}{_PLAIN}" if on_terminal else section.heading)
        for line in section.lines:
            print(f"  {line}".rstrip())


def show_json(content: Any) -> None:
    """Print plain data to standard output as JSON, and nothing else."""
    print(json.dumps(_without_nan(content), indent=2, ensure_ascii=False))


def _without_nan(value: Any) -> Any:
    """Return plain data with null in place of what JSON cannot hold."""
    if isinstance(value, Mapping):
        return {str(key): _without_nan(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nan(entry) for entry in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as plain data, None where a cell is empty."""
    cells = frame.astype(object).where(frame.notna(), None)
    return [
        {str(name): getattr(cell, "item", lambda c=cell: c)() for name, cell in row.items()}
        for row in cells.to_dict("records")
    ]


def notice(text: str) -> None:
    """Print a line about the progress of work to standard error."""
    print(text, file=sys.stderr, flush=True)


def show_error(text: str) -> None:
    """Print an error to standard error."""
    print(text, file=sys.stderr, flush=True)
