"""The tables of a result as an Excel workbook: the data dictionary first, then a sheet a table.

Every cell is written with its type, so no text becomes a formula, a link, a number or a date.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import xlsxwriter

from sim.experiment.tables.files import read_csv

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.interfaces.report.tables import TableFile

    Write = Callable[[Any, int, int, Any], None]

DICTIONARY, ABOUT = "data dictionary", "about"
# A sheet of more rows is slow to open, and a longer text does not fit into a cell.
MOST_ROWS = 50_000
_MOST_LETTERS = 32_000
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
_MOST_IN_NAME = 31
_WIDEST, _NARROWEST = 44, 9
_HEADS = ("table", "column", "type", "unit", "description")
_WIDTHS = (22, 34, 12, 24, 100)
# A fixed day, so that the same result makes the same bytes.
_CREATED = datetime(2026, 1, 1, tzinfo=UTC)


def workbook(title: str, about: Sequence[tuple[str, str]], tables: Sequence[TableFile]) -> bytes:
    """Return tables as a workbook.

    Parameters
    ----------
    title : str
        Of the result.
    about : sequence of (str, str)
        What it is, on the last sheet.
    tables : sequence of TableFile
        Those of more than `MOST_ROWS` rows stand in the dictionary and have no sheet.
    """
    sink = io.BytesIO()
    # Texts are written by write_string alone; the options hold for the names in heads, too.
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(sink, options) as book:
        book.set_properties({"title": title[:255], "created": _CREATED})
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        frames = {table.name: _frame(table) for table in tables}
        shown = [table for table in tables if frames[table.name] is not None]
        names = sheet_names([DICTIONARY, *(table.name for table in shown), ABOUT])
        sheets = [book.add_worksheet(name) for name in names]
        _write_dictionary(sheets[0], tables, {table.name for table in shown}, head, wrapped)
        for sheet, table in zip(sheets[1:-1], shown, strict=True):
            _write_table(sheet, table, frames[table.name], head)
        _write_about(sheets[-1], [("title", title), *about], head, wrapped)
    return sink.getvalue()


def _frame(table: TableFile) -> Any:
    """Return the content of a table; None if it is too long for a sheet."""
    if table.content is None or table.content.count(b"\n") > MOST_ROWS:
        return None
    return read_csv(table.content, table.fields)


def sheet_names(wanted: Iterable[str]) -> list[str]:
    """Return names that Excel takes for sheets: short, without its signs, each once.

    Examples
    --------
    >>> sheet_names(["a/b", "A_B", "x" * 40, "x" * 41, "History", "'q'"])[:2]
    ['a_b', 'A_B 2']
    >>> [len(name) for name in sheet_names(["x" * 40, "x" * 41])], sheet_names(["History", "'q'"])
    ([31, 31], ['History 2', 'q'])
    """
    found: list[str] = []
    # Excel keeps this name for itself.
    taken = {"history"}
    for name in wanted:
        plain = _NOT_IN_NAMES.sub("_", name).strip("'")[:_MOST_IN_NAME].strip("'") or "table"
        number, own = 1, plain
        while own.lower() in taken:
            number += 1
            end = f" {number}"
            own = f"{plain[: _MOST_IN_NAME - len(end)]}{end}"
        taken.add(own.lower())
        found.append(own)
    return found


def _write_dictionary(
    sheet: Any, tables: Sequence[TableFile], shown: set[str], head: Any, wrapped: Any
) -> None:
    """Write what each table and each of its columns is."""
    for j, (name, width) in enumerate(zip(_HEADS, _WIDTHS, strict=True)):
        sheet.set_column(j, j, width, wrapped)
        sheet.write_string(0, j, name, head)
    n = 0
    for table in tables:
        n += 1
        says = str(table.resource["description"])
        if table.name not in shown:
            size = "It stays in the folder of the result" if table.content is None else "It is"
            says = f"{says} Too long for a sheet. {size} as {table.resource['path']}."
        _row(sheet, n, (table.name, "", "table", "", says))
        for field in table.fields:
            n += 1
            texts = (field["name"], field["type"], field["unit"], field["description"])
            _row(sheet, n, (table.name, *texts))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, n, len(_HEADS) - 1)


def _row(sheet: Any, n: int, texts: Sequence[str]) -> None:
    for j, text in enumerate(texts):
        if text:
            sheet.write_string(n, j, str(text)[:_MOST_LETTERS])


def _write_table(sheet: Any, table: TableFile, frame: Any, head: Any) -> None:
    """Write a table: a row of heads with units, which stays in view, and the cells below it."""
    for j, field in enumerate(table.fields):
        unit = field["unit"]
        title = f"{field['name']} ({unit})" if unit else field["name"]
        width = min(max(len(field["name"]) + 2, _NARROWEST), _WIDEST)
        sheet.set_column(j, j, width)
        sheet.write_string(0, j, title, head)
        write = _WRITE[field["type"]]
        column = frame[field["name"]]
        # Unknown cells stay empty. A cell takes longer to read from a series than to write.
        known = column.notna().to_numpy()
        for i, cell in zip(np.flatnonzero(known).tolist(), column[known].tolist(), strict=True):
            write(sheet, i + 1, j, cell)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(frame), 1), max(len(table.fields) - 1, 0))


def _string(sheet: Any, i: int, j: int, cell: Any) -> None:
    text = str(cell)
    if text:
        sheet.write_string(i, j, text[:_MOST_LETTERS])


def _number(sheet: Any, i: int, j: int, cell: Any) -> None:
    if math.isfinite(cell):
        sheet.write_number(i, j, cell)


def _switch(sheet: Any, i: int, j: int, cell: Any) -> None:
    sheet.write_boolean(i, j, bool(cell))


# By the type of a field in the data package; months are text, which Excel leaves as it is.
_WRITE: dict[str, Write] = {
    "string": _string,
    "yearmonth": _string,
    "number": _number,
    "integer": _number,
    "boolean": _switch,
}


def _write_about(sheet: Any, rows: Sequence[tuple[str, str]], head: Any, wrapped: Any) -> None:
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 100, wrapped)
    for i, (name, value) in enumerate(rows):
        sheet.write_string(i, 0, name, head)
        sheet.write_string(i, 1, value[:_MOST_LETTERS])
    sheet.freeze_panes(0, 1)
