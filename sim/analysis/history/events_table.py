"""Events tables that users bring: read, checked, and brought into the form of the project's own.

Columns iso3, date and event are needed; programme and confidence may be left out. Other columns are
ignored.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from sim.analysis.history.contradictions import ACT, Row, contradictions
from sim.data.codes import GROUPS, known_countries
from sim.data.facts import load_facts
from sim.data.table_checks import broken_rule, read_rows
from sim.errors import InputError, Problem, checked_path, why_closed
from sim.scenario.wording import suggest, suggest_country

if TYPE_CHECKING:
    from sim.data.provenance import ColumnRecord

NEEDED = ("iso3", "date", "event")
# What a column that is left out, or an empty cell of it, stands for.
DEFAULTS = {"programme": "", "confidence": "high"}
# Places that decide nothing in the model; their rows are left out.
OUTSIDE = frozenset({"COK", "MAC", "NIU", "VAT", "GRL"})
_CHECKED = ("iso3", "date", "event", "confidence")
BLOC = "other"  # every row of a user's table answers the one programme


def read_events(path: str | Path, programme: str) -> pd.DataFrame:
    """Return the rows of an events table as text, in the form that `read_answers` takes.

    Parameters
    ----------
    path : str or Path
        A CSV file with a header.
    programme : str
        What rows without a programme belong to.

    Returns
    -------
    DataFrame
        Columns programme, iso3, date, event, bloc, confidence.

    Raises
    ------
    InputError
        With every problem: a missing column, an unknown country or event, an impossible date, a row
        that is there twice, or two rows that contradict each other.
    """
    file = checked_path(path, "the events table")
    closed = why_closed(file)
    if closed is not None:
        raise InputError([Problem(str(file), 0, *closed)])
    header, rows, unreadable = read_rows(file)
    if unreadable:
        remedy = "Give a CSV file in UTF-8 with the columns " + ", ".join(NEEDED) + "."
        raise InputError([Problem(p.file, p.line, p.message, remedy) for p in unreadable])
    names = [name.strip().lstrip("\N{ZERO WIDTH NO-BREAK SPACE}") for name in header]
    if len(names) == 1 and (mark := next((m for m in ";\t|" if m in names[0]), None)):
        rule = f"the header is one cell: its columns seem to be separated by {mark!r}."
        raise InputError([Problem(str(file), 1, rule, "Save the table with commas between cells.")])
    problems = _missing_columns(str(file), names)
    if problems:
        raise InputError(problems)
    cells, problems = _cells(str(file), names, rows, programme)
    if problems:
        raise InputError(problems)
    if not cells:
        raise InputError([Problem(str(file), 0, "has no rows.", "Add one row for each answer.")])
    return pd.DataFrame(cells)


def _missing_columns(file: str, names: list[str]) -> list[Problem]:
    """Return the needed columns that are missing, and those that are there twice."""
    problems = [
        Problem(
            file, 1, f"the column {name} is missing.",
            suggest(name, names) or f"The header needs {', '.join(NEEDED)}.",
        )
        for name in NEEDED
        if name not in names
    ]  # fmt: skip
    for name in (*NEEDED, *DEFAULTS):
        if names.count(name) > 1:
            problems.append(Problem(file, 1, f"the column {name} is there twice.", "Drop one."))
    return problems


def _cells(
    file: str, names: list[str], rows: list[tuple[int, list[str]]], programme: str
) -> tuple[list[dict[str, str]], list[Problem]]:
    """Return the rows by column, and what is wrong with them."""
    records = load_facts().provenance.tables["events"].columns
    found: list[dict[str, str]] = []
    whole: list[Row] = []
    problems: list[Problem] = []
    seen: dict[tuple[str, ...], int] = {}
    for line, texts in rows:
        if not any(text.strip() for text in texts):
            continue  # as spreadsheets save empty rows
        if len(texts) != len(names):
            rule = f"the row has {len(texts)} cells, the header {len(names)}."
            problems.append(Problem(file, line, rule, "Check quotes and commas."))
            continue
        row = dict(zip(names, (text.strip() for text in texts), strict=True))
        cell = {name: row.get(name, "") or default for name, default in DEFAULTS.items()}
        cell |= {name: row[name] for name in NEEDED} | {"bloc": BLOC}
        cell["programme"] = cell["programme"] or programme
        if cell["iso3"] in OUTSIDE:
            continue
        wrong = [
            Problem(file, line, f"{name} = {cell[name]!r} {rule}.", remedy)
            for name in _CHECKED
            for rule, remedy in [_broken(name, cell[name], records[name])]
            if rule
        ]
        problems += wrong
        key = (cell["programme"], cell["iso3"], cell["date"], cell["event"])
        if key in seen:
            rule = f"repeats line {seen[key]}: {cell['iso3']} {cell['event']} on {cell['date']}."
            problems.append(Problem(file, line, rule, "Keep one of the two rows."))
        elif not wrong:
            act = tuple(row.get(name, "") for name in ACT)
            whole.append(Row(line, *key, cell["confidence"], act))
        seen.setdefault(key, line)
        found.append(cell)
    return found, [*problems, *contradictions(file, whole)]


def _broken(name: str, text: str, record: ColumnRecord) -> tuple[str, str]:
    """Return the rule that a cell breaks and the remedy; two empty texts if it breaks none."""
    if name == "iso3":
        if text in known_countries():
            return "", ""
        if text in GROUPS:
            return "is a group of countries", "Give each member that joined a row of its own."
        return "is not the code of a country that the model knows", suggest_country(text)
    rule = broken_rule(text, record, ())
    return rule, suggest(text, record.choices) or "Write YYYY, YYYY-MM or YYYY-MM-DD."
