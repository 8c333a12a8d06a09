"""Points from a CSV file: plain numbers under names, nothing else."""

from __future__ import annotations

import csv
import io
import math
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError, Problem
from sim.experiment.rounding import round_numbers
from sim.experiment.sweeps.designs.point_problems import (
    MOST_FIELDS,
    MOST_PROBLEMS,
    check_points_differ,
)
from sim.scenario.reading.scalars import is_number, number_remedy, resolve_scalar
from sim.scenario.wording import shown_value, shown_whole

MOST_BYTES = 128 * 1024 * 1024
# Fewer than in a design that is computed: each cell is read as text.
MOST_ROWS = 1_000_000
LONGEST_NAME = 300
# Separators that some programs write instead of commas. No lever or address contains one.
_SEPARATORS = {";": "semicolons", "\t": "tabs"}
# Names that pandas gives to unnamed columns when it reads a file.
_UNNAMED = re.compile(r"Unnamed: [0-9]+")
_ROW_NUMBERS = (
    "If it numbers the rows, leave it out (in pandas index=False, in R row.names=FALSE); "
    "otherwise name it."
)
_NUMBER = "Write a plain number such as 20 or 0.35; true, false, or null for no limit."


@dataclass(frozen=True)
class PointsFile:
    """Points of a file, with the line number of each and of their names.

    Parameters
    ----------
    names : tuple of str
        Names of the columns.
    points : ndarray, shape (points, names)
        Cells; NaN for null.
    method : str
        Source of the points, in words.
    switches : ndarray of bool, shape (points, names)
        Which cells are true or false.
    lines : tuple of int
        Line of each point.
    names_line : int
        Line of the names.
    """

    names: tuple[str, ...]
    points: NDArray[np.float64]
    method: str
    switches: NDArray[np.bool_]
    lines: tuple[int, ...]
    names_line: int


def read_points(path: Path, label: str) -> PointsFile:
    """Read the points of a CSV file.

    Parameters
    ----------
    path : Path
        A regular file of at most 128 MiB in UTF-8: names in the first line, then one point per
        line, separated by commas. A first line ``sep=,``, as some spreadsheets write it, is
        skipped.
    label : str
        Name of the file in messages.

    Raises
    ------
    InputError
        If it cannot be read; with the first twenty cells that are not numbers, by line and column,
        or the first twenty duplicate points.
    """
    rows = csv.reader(io.StringIO(_text(path, label), newline=""), strict=True)
    try:
        header = next(rows, [])
        if _is_mark_of_separator(header):
            header = next(rows, [])
        line = rows.line_num
        return _points(rows, _names(header, label, line), path, label, line)
    except csv.Error as error:
        message = f"this is not plain CSV ({error})."
        raise InputError([Problem(label, rows.line_num, message, "Save it as CSV.")]) from None


def _text(path: Path, label: str) -> str:
    """Return the text of a file, after checking its size."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise _refusal(label, "is not a regular file.", "Name a CSV file.")
        if status.st_size > MOST_BYTES:
            message = f"the file has {status.st_size:,} bytes and must have at most {MOST_BYTES:,}."
            raise _refusal(label, message, "Split the sweep.")
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _refusal(label, "is not text in UTF-8.", "Save it as CSV in UTF-8.") from None
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or "unknown reason"
        raise _refusal(label, f"cannot be read ({reason}).", "Check the path.") from None


def _is_mark_of_separator(header: list[str]) -> bool:
    """Return whether a row only tells a spreadsheet the separator."""
    return ",".join(header).strip().lower() in ("sep=", "sep=,")


def _names(header: list[str], label: str, line: int) -> tuple[str, ...]:
    names = tuple(name.strip() for name in header)
    problems = []
    if not any(names):
        raise _refusal(label, "has no names in its first line.", "Write levers or addresses there.")
    if len(names) > MOST_FIELDS:
        message = f"has {len(names)} columns and must have at most {MOST_FIELDS}."
        raise _refusal(label, message, "Keep those that the question is about.", line)
    for mark, words in _SEPARATORS.items():
        if any(mark in name for name in names):
            message = f"the columns are separated by {words} and must be separated by commas."
            remedy = "Save it with commas between columns, and with decimal points: 0.35."
            raise _refusal(label, message, remedy, line)
    for place, name in enumerate(names, 1):
        if not name or _UNNAMED.fullmatch(name):
            remedy = _ROW_NUMBERS if place == 1 else "Name it, or delete the column."
            problems.append(Problem(label, line, f"column {place} has no name.", remedy))
        elif not name.isprintable() or len(name) > LONGEST_NAME:
            message = (
                f"the name of column {place} is not one line of up to {LONGEST_NAME} characters."
            )
            problems.append(Problem(label, line, message, "Write a lever or an address."))
        elif name in names[: place - 1]:
            message = f"the column {shown_value(name)} appears twice."
            problems.append(Problem(label, line, message, "Keep one of them."))
    if problems:
        raise InputError(problems)
    return names


def _points(
    rows: Iterator[list[str]], names: tuple[str, ...], path: Path, label: str, names_line: int
) -> PointsFile:
    problems: list[Problem] = []
    values: list[NDArray[np.float64]] = []
    switches: list[NDArray[np.bool_]] = []
    lines: list[int] = []
    for row in rows:
        line = int(getattr(rows, "line_num", 0))
        if not row:
            continue
        if len(row) != len(names):
            message = f"{len(row)} of {len(names)} cells: each line must have one cell per name."
            problems.append(Problem(label, line, message, "Look for a missing or extra comma."))
        else:
            cells = [*_cells(row, names, label, line, problems)]
            values.append(np.array(cells, np.float64))
            switches.append(np.array([isinstance(cell, bool) for cell in cells]))
            lines.append(line)
        if len(problems) >= MOST_PROBLEMS:
            break
        if len(lines) > MOST_ROWS:
            message = f"has more than {MOST_ROWS:,} points."
            raise _refusal(label, message, "Split the sweep.", line)
    if problems:
        raise InputError(problems)
    if not values:
        raise _refusal(label, "has no points below its first line.", "Write one point per line.")
    # Rounded as in the design.
    points = round_numbers(np.stack(values))
    check_points_differ(points, lambda row: (label, lines[row]))
    method = f"points of {path.name}"
    return PointsFile(names, points, method, np.stack(switches), tuple(lines), names_line)


def _cells(
    row: list[str], names: tuple[str, ...], label: str, line: int, problems: list[Problem]
) -> Iterator[float | bool]:
    """Yield the cells of a row, NaN for null; report cells that are not numbers, yielding NaN."""
    for name, text in zip(names, row, strict=True):
        word = text.strip()
        value = resolve_scalar(word)
        if word and value is None:
            yield math.nan
        elif isinstance(value, bool | int | float) and is_number(value):
            yield value
        else:
            shown = f"= {shown_value(word)} must be a number" if word else "is empty"
            if isinstance(value, int):
                shown = f"= {shown_whole(value)} must be a number of at most 308 digits"
            remedy = (number_remedy(word) if isinstance(value, str) else "") or _NUMBER
            problems.append(Problem(label, line, f"column {name} {shown}.", remedy))
            yield math.nan


def _refusal(label: str, message: str, remedy: str, line: int = 0) -> InputError:
    return InputError([Problem(label, line, message, remedy)])
