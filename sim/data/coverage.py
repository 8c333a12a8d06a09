"""How many rows of a table have a value in each column: counted, and written into its record.

The record states what the tables contain, so that a value lost or added by accident is noticed.
After an intended change, ``make docs`` counts again.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

from sim.data.provenance import FILE_NAME
from sim.errors import DataError, Problem

_TABLE = re.compile(r"  (\w+):")
_COLUMN = re.compile(r"      (\w+):")
_COVERAGE = re.compile(r"        coverage: (\d+)")


def coverage_of(path: Path) -> dict[str, int]:
    """Return the number of rows with a value in each column of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        columns = list(rows.fieldnames or ())
        found = dict.fromkeys(columns, 0)
        for row in rows:
            for column in columns:
                found[column] += bool(row[column])
    return found


def with_coverage(record: str, folder: Path) -> str:
    """Return the text of provenance.yaml with every coverage counted in the tables of a folder.

    Raises
    ------
    DataError
        If the record has a table or a column that does not exist.
    """
    lines = record.split("\n")
    begin = lines.index("tables:")
    table = column = ""
    counts: dict[str, int] = {}
    for place in range(begin + 1, len(lines)):
        line = lines[place]
        if match := _TABLE.fullmatch(line):
            table = match[1]
            if not (folder / f"{table}.csv").is_file():
                raise _not_there(place, f"tables.{table}", f"there is no {table}.csv")
            counts = coverage_of(folder / f"{table}.csv")
        elif match := _COLUMN.fullmatch(line):
            column = match[1]
        elif match := _COVERAGE.fullmatch(line):
            if column not in counts:
                rule = f"{table}.csv has no column {column}"
                raise _not_there(place, f"tables.{table}.columns.{column}", rule)
            lines[place] = line.replace(match[1], str(counts[column]))
    return "\n".join(lines)


def _not_there(place: int, record: str, rule: str) -> DataError:
    remedy = "Add it, or take its record out of the file."
    return DataError([Problem(FILE_NAME, place + 1, f"{record} is on record, but {rule}.", remedy)])
