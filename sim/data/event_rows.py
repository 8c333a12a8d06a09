"""Rows of the events table checked against each other and against the list of programmes.

Loading the facts checks each cell by itself. What two cells say together is checked when the
documentation is made and by the tests, since names of countries need a library that loads slowly.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from sim.data.codes import known_countries
from sim.data.country_names import codes_of, iso_name
from sim.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

EVENTS = "events.csv"
PROGRAMMES = "programmes.csv"
# Precision of a date to the length of its text. Loading the facts reports any other word.
_LENGTHS = {"day": len("2026-11-29"), "month": len("2026-11"), "year": len("2026"), "": 0}
# Their limits on a supplier are on record for both blocs.
_TWO_BLOCS = frozenset({"huawei_5g_restriction"})

Row = dict[str, str]


def event_problems(folder: Path) -> list[Problem]:
    """Return the rows of the events table in a folder of tables that contradict themselves.

    Examples
    --------
    >>> from sim.data.facts import TABLES_FOLDER
    >>> event_problems(TABLES_FOLDER)
    []
    """
    programmes = {row["programme"]: row["bloc"] for _, row in _rows(folder / PROGRAMMES)}
    place = str(folder / EVENTS)
    return [
        Problem(place, line, rule, remedy)
        for line, row in _rows(folder / EVENTS)
        for rule, remedy in _broken(row, programmes)
    ]


def _rows(path: Path) -> Iterator[tuple[int, Row]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        for row in reader:
            # Loading the facts reports a row with too few or too many cells.
            if None not in row and None not in row.values():
                yield reader.line_num, row


def _broken(row: Row, programmes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield rule and remedy of whatever contradicts something else in a row."""
    programme, bloc = row["programme"], row["bloc"]
    if programme not in programmes:
        yield (
            f"programme = {programme} is not in {PROGRAMMES}.",
            "Correct the name, or give the programme a row there.",
        )
    elif bloc != programmes[programme] and programme not in _TWO_BLOCS:
        yield (
            f"bloc = {bloc}, but {PROGRAMMES} has {programme} under {programmes[programme]}.",
            "Correct one of the two.",
        )
    yield from _wrong_country(row["iso3"], row["country"])
    date, precision = row["date"], row["date_precision"]
    if len(date) != _LENGTHS.get(precision, len(date)):
        yield (
            f"date = {date or 'empty'}, but date_precision = {precision or 'empty'}.",
            "Write YYYY-MM-DD for a day, YYYY-MM for a month, YYYY for a year, or empty both.",
        )
    if bool(row["side"]) != (row["event"] == "withdrew"):
        yield (
            f"event = {row['event']}, but side = {row['side'] or 'empty'}.",
            "Say of a withdrawal, and only of that, whether the country or the supplier ended it.",
        )


def _wrong_country(code: str, name: str) -> Iterator[tuple[str, str]]:
    if known_countries().get(code) == name:
        return
    if iso_name(code) == code:
        yield f"iso3 = {code} is no country's code.", f"Write the ISO3 code of {name}."
    elif code not in codes_of(name):
        yield (
            f"iso3 = {code} is {iso_name(code)}, but country = {name}.",
            "Correct one of the two.",
        )
