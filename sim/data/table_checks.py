"""Reading a table of facts and checking it against its provenance record, all problems at once."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from sim.data.provenance import FILE_NAME
from sim.errors import Problem

if TYPE_CHECKING:
    import pandas as pd

    from sim.data.provenance import ColumnRecord, TableRecord

_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_PLACE = re.compile(r"[A-Z]{2,3}")
_RESTORE = "Restore the file from the project's repository."

Rows = list[tuple[int, list[str]]]


def read_rows(path: Path) -> tuple[list[str], Rows, list[Problem]]:
    """Return the header, the numbered data rows, and problems that prevent reading the file."""
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return [], [], [Problem(str(path), 0, "the table is missing.", _RESTORE)]
    except (OSError, UnicodeDecodeError) as error:
        return [], [], [Problem(str(path), 0, f"cannot be read as UTF-8 text: {error}.", _RESTORE)]
    reader = csv.reader(text.splitlines())
    try:
        lines = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        return [], [], [Problem(str(path), reader.line_num, f"is not CSV: {error}.", _RESTORE)]
    if not lines:
        return [], [], [Problem(str(path), 0, "the table is empty.", _RESTORE)]
    return lines[0][1], [line for line in lines[1:] if line[1]], []


def check_header(path: Path, header: list[str], table: TableRecord) -> list[Problem]:
    """Return the differences between the header and the columns on record."""
    expected = list(table.columns)
    place = f"tables.{table.name}.columns of {FILE_NAME}"
    problems = [
        Problem(str(path), 1, f"column {name} has no record.", f"Add {name} to {place}.")
        for name in header
        if name not in expected
    ]
    problems += [
        Problem(
            str(path), 1, f"column {name} is on record but missing.",
            f"Add the column, or take {name} out of {place}.",
        )
        for name in expected
        if name not in header
    ]  # fmt: skip
    if not problems and header != expected:
        problems.append(Problem(str(path), 1, *_order_rule(header, expected, place)))
    return problems


def _order_rule(header: list[str], expected: list[str], place: str) -> tuple[str, str]:
    """Return what is wrong with the order of the columns, and what to do."""
    if repeated := [name for name in expected if header.count(name) > 1]:
        return f"column {repeated[0]} stands twice.", "Keep one of the two."
    at = next(j for j, name in enumerate(header) if name != expected[j])
    # The column that is moved, not those that it pushes aside.
    moved = header[at] if expected[at] == header[at + 1] else expected[at]
    before = header[header.index(moved) - 1] if header.index(moved) else ""
    where = f"after that of {before}" if before else "first"
    return (
        f"the columns are in another order than their records: {moved} is out of place.",
        f"Move the record of {moved} {where} in {place}.",
    )


def _number_rule(text: str, column: ColumnRecord) -> str:
    """Return the rule that a numeric cell breaks, or the empty string."""
    try:
        value = float(text)
    except ValueError:
        return f"must be a number ({column.unit})"
    if not math.isfinite(value):
        return "must be finite"
    if column.type in ("integer", "year") and value != int(value):
        return "must be a whole number"
    if column.type == "flag" and value not in (0, 1):
        return "must be 0 or 1"
    if column.type == "year" and not 1900 <= value <= 2100:
        return "must be a year from 1900 to 2100"
    if column.minimum is not None and value < column.minimum:
        return f"must be at least {column.minimum:g} {column.unit}"
    if column.maximum is not None and value > column.maximum:
        return f"must be at most {column.maximum:g} {column.unit}"
    return ""


def _date_rule(text: str) -> str:
    """Return the rule that a date breaks, or the empty string."""
    if not _DATE.fullmatch(text):
        return "must be a date: YYYY, YYYY-MM or YYYY-MM-DD"
    if len(text) == len("2026-11-28"):
        try:
            date.fromisoformat(text)
        except ValueError:
            return "is not a day of the calendar"
    return ""


def broken_rule(text: str, column: ColumnRecord, countries: Collection[str]) -> str:
    """Return the rule that a cell breaks, in words, or the empty string.

    Parameters
    ----------
    text : str
        The cell as written in the file.
    column : ColumnRecord
        Its record.
    countries : collection of str
        ISO3 codes of the panel.
    """
    if text == "":
        return "must have a value" if column.required else ""
    if column.is_numeric:
        return _number_rule(text, column)
    if column.type == "iso3" and text not in countries:
        return "must be the ISO3 code of a country in country_panel.csv"
    if column.type == "place" and not _PLACE.fullmatch(text):
        return "must be a code of two or three capitals"
    if column.type == "date":
        return _date_rule(text)
    if column.type == "choice" and text not in column.choices:
        has_commas = any("," in choice for choice in column.choices)
        shown = [f'"{choice}"' if has_commas else choice for choice in column.choices]
        return f"must be one of {', '.join(shown)}"
    return ""


def check_cells(
    path: Path, rows: Rows, table: TableRecord, countries: Collection[str]
) -> list[Problem]:
    """Return every cell that breaks its column's rule, and every repeated key."""
    problems: list[Problem] = []
    columns = list(table.columns.values())
    whole = [cells for _, cells in rows if len(cells) == len(columns)]
    # A column repeats the same few texts, so each is checked once.
    broken = [
        {text: broken_rule(text, column, countries) for text in set(texts)}
        for column, texts in zip(columns, zip(*whole, strict=True), strict=False)
    ]
    place = [list(table.columns).index(name) for name in table.key]
    first_line: dict[tuple[str, ...], int] = {}
    for line, cells in rows:
        if len(cells) != len(columns):
            rule = f"the row has {len(cells)} cells, the header {len(columns)}."
            problems.append(Problem(str(path), line, rule, "Check quotes and commas."))
            continue
        for text, column, rules in zip(cells, columns, broken, strict=True):
            if rules[text]:
                remedy = "Correct the cell." if column.required else "Correct the cell or empty it."
                message = f"{column.name} = {text!r} {rules[text]}."
                problems.append(Problem(str(path), line, message, remedy))
        key = tuple(cells[j] for j in place)
        if key in first_line:
            rule = f"{', '.join(table.key)} = {', '.join(key)} repeats line {first_line[key]}."
            problems.append(Problem(str(path), line, rule, "Keep one of the two rows."))
        first_line.setdefault(key, line)
    return problems


def to_frame(rows: Rows, columns: Mapping[str, ColumnRecord]) -> pd.DataFrame:
    """Return checked rows as a table: numbers as float64, text as str, unknown text as ''."""
    # A scenario that draws from the posterior reads rows too, and loads no library of tables.
    import pandas as pd

    cells = list(zip(*(row for _, row in rows), strict=True)) or [()] * len(columns)
    data = {
        column.name: (
            [float(text) if text else math.nan for text in values]
            if column.is_numeric
            else list(values)
        )
        for column, values in zip(columns.values(), cells, strict=True)
    }
    return pd.DataFrame(data)
