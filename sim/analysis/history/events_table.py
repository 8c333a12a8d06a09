"""Events tables that users bring: one format, read and checked for every use.

`docs/scenarios.md` describes the format. Columns iso3, date and event are needed; a use may need
more. Columns that are not in `READ` are ignored.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.analysis.history import known_months
from sim.analysis.history.contradictions import ACT, DIFFERENT, CheckedEvent, contradictions, when
from sim.data.codes import GROUPS, known_countries
from sim.data.facts import load_facts
from sim.data.table_checks import broken_rule
from sim.errors import CHECK_PATH, InputError, Problem, checked_path, why_closed
from sim.scenario.wording import bounded_guessing, country_problem, nearest, suggest
from sim.words.wording import listed

if TYPE_CHECKING:
    import pandas as pd

NEEDED = ("iso3", "date", "event")
BY_PROGRAMME = ("programme", "kind")
BY_OFFER = ("provider", "offer")
READ = (*NEEDED, *BY_PROGRAMME, *BY_OFFER, "detail", "note", "confidence")
# What an empty cell stands for, and a column that is left out.
CONFIDENT = "high"
# Places outside the panel that have rows in events.csv or may have; they decide nothing.
OUTSIDE = frozenset({"COK", "MAC", "NIU", "VAT", "GRL"})
BLOC = "other"  # every row of a user's table answers the one programme
LARGEST_MIB = 32
# Cells that must be one of a few words. Records in provenance.yaml list them.
_CHOICES = ("event", "kind", "confidence")
_SEPARATORS = ";\t|"
_LONGEST_CELL = 60

# The cells of a row by the columns in `READ`; empty where the table lacks the column.
Cells = Mapping[str, str]


def _no_objection(row: Cells) -> None:
    """Accept a row that breaks no rule of the format."""


@dataclass(frozen=True)
class Use:
    """What a use needs of an events table beyond the columns that every table has.

    Parameters
    ----------
    about : tuple of tuple of str
        Alternative columns that say what an event is about. The first alternative of which a table
        has all columns holds, and its cells must have values.
    programme : str
        What a row without a programme belongs to; empty if each row must name its own.
    objection : callable
        Returns rule and remedy for a row that is right in itself but cannot be used, such as an
        answer that counts only with a month; else None.
    """

    about: tuple[tuple[str, ...], ...] = (("programme",),)
    programme: str = ""
    objection: Callable[[Cells], tuple[str, str] | None] = _no_objection

    @property
    def needed(self) -> str:
        """The columns that a header needs, in words."""
        ways = [" and ".join(way) for way in self.about if not self.has_default(way)]
        either = f", and either {' or '.join(ways)}" if ways else ""
        return f"The header needs {listed(NEEDED)}{either}."

    def has_default(self, way: Sequence[str]) -> bool:
        """Return whether a table may lack these columns."""
        return bool(self.programme) and tuple(way) == ("programme",)


def read_events(path: str | Path, programme: str) -> pd.DataFrame:
    """Return the rows of an events table as text, in the form that a backtest takes.

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
        As `read_table` does.
    """
    import pandas as pd

    rows = read_table(path, Use(programme=programme))
    columns = ["programme", *NEEDED, "confidence"]
    return pd.DataFrame([{name: row[name] for name in columns} | {"bloc": BLOC} for row in rows])


def read_table(path: str | Path, use: Use) -> list[Cells]:
    """Read and check an events table.

    Parameters
    ----------
    path : str or Path
        A CSV file with a header.
    use : Use
        What the rows are for.

    Returns
    -------
    list of mapping
        The cells of each row by the columns in `READ`, without blanks around them, in the order of
        the file.

    Raises
    ------
    InputError
        If the file cannot be read or has no rows; with every missing column, unknown country, event
        or other word, impossible date, row that cannot be used, row that is there twice, and two
        rows that contradict each other.
    """
    file = checked_path(path, "the events table")
    names, rows = _lines(str(file), _text(file))
    way = _way(str(file), names, use)
    with bounded_guessing():
        cells, problems = _checked(str(file), names, rows, way, use)
    if not cells and not problems:
        rule = "the events table has no rows."
        problems = [Problem(str(file), 0, rule, "Add one row for each answer.")]
    if problems:
        raise InputError(problems)
    return cells


def _text(file: Path) -> str:
    """Return the text of a file of bounded size."""
    closed = why_closed(file)
    if closed is not None:
        raise InputError([Problem(str(file), 0, *closed)])
    limit = LARGEST_MIB * 2**20
    try:
        with file.open("rb") as stream:
            content = stream.read(limit + 1)
    except (FileNotFoundError, NotADirectoryError):
        raise InputError(
            [Problem(str(file), 0, "the table is missing.", "Check the path.")]
        ) from None
    except OSError as error:
        rule = f"cannot be read ({error.strerror or 'unknown reason'})."
        raise InputError([Problem(str(file), 0, rule, CHECK_PATH)]) from None
    if len(content) > limit:
        rule = f"the file is larger than {LARGEST_MIB} MiB, the most that an events table may have."
        remedy = "Check that it is an events table, or keep only the rows that you need."
        raise InputError([Problem(str(file), 0, rule, remedy)])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        rule = "cannot be read as UTF-8 text."
        raise InputError([Problem(str(file), 0, rule, "Save it as CSV in UTF-8.")]) from None


def _lines(file: str, text: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Return the names of the columns, and the cells of each row that has any with its line."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        lines = [
            (reader.line_num, cells)
            for cells in ([cell.strip() for cell in row] for row in reader)
            if any(cells)  # spreadsheets save empty rows as bare commas
        ]
    except csv.Error as error:
        rule = f"this is not plain CSV ({error})."
        raise InputError([Problem(file, reader.line_num, rule, "Save it as CSV.")]) from None
    if not lines:
        remedy = "Write a header and one row for each answer."
        raise InputError([Problem(file, 0, "the table is empty.", remedy)])
    line, names = lines[0]
    if len(names) == 1 and (mark := next((m for m in _SEPARATORS if m in names[0]), None)):
        rule = f"the header is one cell: its columns seem to be separated by {mark!r}."
        remedy = "Save the table with commas between cells."
        raise InputError([Problem(file, line, rule, remedy)])
    return names, lines[1:]


def _way(file: str, names: list[str], use: Use) -> tuple[str, ...]:
    """Return the columns that say what an event is about; refuse a header that lacks some."""
    problems = [
        Problem(file, 1, f"the column {name} stands twice.", "Keep one of the two.")
        for name in READ
        if names.count(name) > 1
    ]
    found = next((way for way in use.about if set(way) <= set(names)), None)
    # The alternative that the header comes nearest to is the one that is meant.
    way = found or max(use.about[::-1], key=lambda way: len(set(way) & set(names)))
    wanted = NEEDED if use.has_default(way) else (*NEEDED, *way)
    missing = [name for name in wanted if name not in names]
    if missing:
        others = [name for name in names if name not in READ]
        meant = [(near, name) for name in missing if (near := nearest(name, others, 0.8))]
        remedy = "".join(f"If the column {near} is {name}, rename it. " for near, name in meant)
        are = "s %s are" if len(missing) > 1 else " %s is"
        rule = f"the column{are % listed(missing)} missing."
        problems.append(Problem(file, 1, rule, remedy + use.needed))
    if problems:
        raise InputError(problems)
    return way


def _checked(
    file: str, names: list[str], rows: list[tuple[int, list[str]]], way: tuple[str, ...], use: Use
) -> tuple[list[Cells], list[Problem]]:
    """Return the rows by column, and what is wrong with them."""
    found: list[Cells] = []
    sound: list[CheckedEvent] = []
    problems: list[Problem] = []
    seen: dict[tuple[str, ...], int] = {}
    for line, texts in rows:
        if len(texts) != len(names):
            rule = f"the row has {len(texts)} cells, the header {len(names)}."
            problems.append(Problem(file, line, rule, "Check quotes and commas."))
            continue
        given = dict(zip(names, texts, strict=True))
        row = {name: given.get(name, "") for name in READ}
        row["confidence"] = row["confidence"] or CONFIDENT
        row["programme"] = row["programme"] or use.programme
        wrong = [Problem(file, line, *broken) for broken in _broken_cells(row, way)]
        if not wrong and (objection := use.objection(row)):
            wrong = [Problem(file, line, *objection)]
        problems += wrong
        about, act = ".".join(row[name] for name in way), tuple(row[name] for name in ACT)
        key = (about, row["iso3"], row["date"], row["event"])
        numbered = CheckedEvent(line, *key, row["confidence"], act)
        first = seen.setdefault((*key, *act), line)
        if first != line:
            rule = f"repeats line {first}: {row['iso3']} {row['event']}{when(numbered)}."
            remedy = f"Keep one of the two rows. {DIFFERENT}"
            problems.append(Problem(file, line, rule, remedy))
        elif not wrong:
            sound.append(numbered)
        found.append(row)
    return found, [*problems, *contradictions(file, sound)]


def _broken_cells(row: Cells, way: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield the rule that a cell breaks, with the cell, and the remedy."""
    for name in dict.fromkeys((*NEEDED, *way, "kind", "confidence")):
        rule, remedy = _broken(name, row[name], is_needed=name in way)
        if rule:
            yield f"{name} = {row[name][:_LONGEST_CELL]!r} {rule}.", remedy


def _broken(name: str, text: str, is_needed: bool) -> tuple[str, str]:
    """Return the rule that a cell breaks and the remedy; two empty texts if it breaks none."""
    if name == "iso3":
        return _broken_country(text)
    if not text and is_needed:
        return "must have a value", f"Fill in the {name}."
    record = load_facts().provenance.tables["events"].columns.get(name)
    # Every row of the project's table has a kind; a user's row may lack one.
    if record is None or (not text and name == "kind"):
        return "", ""
    rule = broken_rule(text, record, ())
    if name == "date":
        if not rule and text[:7] > known_months.last_month():
            return "is in the future", "Give what has happened, or correct the date."
        return rule, "Write YYYY, YYYY-MM or YYYY-MM-DD."
    return rule, (suggest(text, record.choices) if name in _CHOICES else "") or "Correct the cell."


def _broken_country(text: str) -> tuple[str, str]:
    """Return what is wrong with the code of a country, and the remedy; empty if nothing is."""
    if text in known_countries() or text in OUTSIDE:
        return "", ""
    if not text:
        return "must have a value", "Write the three-letter code of the country."
    if text in GROUPS:
        return "is a group of countries", "Give each member a row of its own."
    if text.upper() in OUTSIDE:
        return "must be in capitals", f"Write {text.upper()}."
    return country_problem(text)
