"""Rows of the events table checked against the list of programmes and the record of sources.

Loading the facts checks each cell by itself. What two cells say together is checked when the
documentation is made and by the tests, since names of countries need a library that loads slowly.
What two rows say together is checked in `sim.analysis.history.programme_rows`.
"""

from __future__ import annotations

import csv
import re
from datetime import datetime
from typing import TYPE_CHECKING

from sim.data.codes import known_countries
from sim.data.country_names import codes_of, iso_name
from sim.data.features.ties import BLOC_HOME
from sim.data.provenance import FILE_NAME
from sim.errors import DataError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

EVENTS = "events.csv"
PROGRAMMES = "programmes.csv"
# Precision of a date to the length of its text. Loading the facts reports any other word.
_LENGTHS = {"day": len("2026-11-29"), "month": len("2026-11"), "year": len("2026"), "": 0}
# Their limits on a supplier are on record for both blocs.
_TWO_BLOCS = frozenset({"huawei_5g_restriction"})
# Kinds of programmes that are offers to others: a home does not sign with itself.
_OFFERS = frozenset({"contract", "memorandum"})
# Rows of such a programme say in their kind which contract it was.
_BY_CONTRACT = "contract"
_CONTRACTS = (
    "infrastructure",
    "adoption",
    "education",
    "services",
    "security",
    "memorandum",
)
_VOTES = ("voted_yes", "voted_no", "abstained")
# Words for what happened that belong to some kinds of programmes only.
_ONLY_OF = {
    **dict.fromkeys(_VOTES, ("vote",)),
    **dict.fromkeys(("used", "permitted"), ("equipment",)),
    "restricted": ("equipment", "classification", "membership"),
}
_AGAINST = frozenset(
    {"declined", "withdrew", "voted_no", "abstained", "invited_not_joined", "used", "permitted"}
)
# An address on the web, or a file of a repository.
_SOURCE = re.compile(r"https?://\S+\.\S|(^|; )[\w.-]+/[\w.-]+: \S")
_COMPILED = re.compile(r"Dated alignment events, compiled (\d+ \w+ \d{4})")

Row = dict[str, str]


def event_problems(folder: Path) -> list[Problem]:
    """Return the rows of the events table in a folder of tables that contradict themselves.

    Examples
    --------
    >>> from sim.data.facts import TABLES_FOLDER
    >>> event_problems(TABLES_FOLDER)
    []
    """
    programmes = {row["programme"]: row for _, row in rows_of(folder / PROGRAMMES)}
    compiled, place = _compiled(folder / FILE_NAME), str(folder / EVENTS)
    return [
        Problem(place, line, rule, remedy)
        for line, row in rows_of(folder / EVENTS)
        for rule, remedy in (*_broken(row, programmes), *_too_late(row, compiled))
    ]


def _compiled(path: Path) -> str:
    """Return the day on which the table was compiled, as its source says."""
    match = _COMPILED.search(path.read_text("utf-8"))
    if match is None:
        rule = "sources.EVENTS.title does not say when the table of events was compiled."
        remedy = "Write “Dated alignment events, compiled 23 November 2026”, with your own day."
        raise DataError([Problem(str(path), 0, rule, remedy)])
    return datetime.strptime(match[1], "%d %B %Y").date().isoformat()


def rows_of(path: Path) -> Iterator[tuple[int, Row]]:
    """Yield line and cells of each whole row of a table."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        for row in reader:
            # Loading the facts reports a row with too few or too many cells.
            if None not in row and None not in row.values():
                yield reader.line_num, row


def _broken(row: Row, programmes: Mapping[str, Row]) -> Iterator[tuple[str, str]]:
    """Yield rule and remedy of whatever contradicts something else in a row."""
    programme, bloc = row["programme"], row["bloc"]
    if programme not in programmes:
        yield (
            f"programme = {programme} is not in {PROGRAMMES}.",
            "Correct the name, or give the programme a row there.",
        )
    else:
        own = programmes[programme]
        if bloc != own["bloc"] and programme not in _TWO_BLOCS:
            yield (
                f"bloc = {bloc}, but {PROGRAMMES} has {programme} under {own['bloc']}.",
                "Correct one of the two.",
            )
        yield from _wrong_words(row, own["kind"])
        yield from _wrong_home(row, own["kind"])
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
    source = row["source"]
    if row["basis"].startswith("published") and not _SOURCE.search(source):
        yield (
            f"basis = {row['basis']}, but source = {source or 'empty'} names nothing published.",
            "Write its address (https://...) or a repository with a file (owner/name: path), or "
            "another basis.",
        )


def _wrong_words(row: Row, kind: str) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the words for what happened, given the programme's kind."""
    programme, event = row["programme"], row["event"]
    if kind != _BY_CONTRACT and row["kind"] != kind:
        yield (
            f"kind = {row['kind']}, but {PROGRAMMES} has {programme} as {kind}.",
            "Correct one of the two.",
        )
    if kind == _BY_CONTRACT and row["kind"] not in _CONTRACTS:
        yield (
            f"kind = {row['kind']}, but {PROGRAMMES} has {programme} as {kind}.",
            f"Say which contract: {', '.join(_CONTRACTS)}.",
        )
    if kind not in _ONLY_OF.get(event, (kind,)):
        yield (
            f"event = {event} does not happen to a {kind}, which {programme} is.",
            f"Only {' or '.join(_ONLY_OF[event])} has it. Correct event, or kind in {PROGRAMMES}.",
        )
    elif kind == "vote" and event not in _VOTES:
        yield (
            f"event = {event} does not happen to a vote, which {programme} is.",
            f"Write one of {', '.join(_VOTES)}, or correct kind in {PROGRAMMES}.",
        )


def _wrong_home(row: Row, kind: str) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with an answer of the country that leads the bloc itself."""
    if BLOC_HOME.get(row["bloc"]) != row["iso3"]:
        return
    home = f"iso3 = {row['iso3']} leads the bloc {row['bloc']}"
    if kind in _OFFERS:
        yield (
            f"{home}: {row['programme']} is its own offer to others.",
            "Remove the row, or correct iso3 or bloc.",
        )
    elif row["event"] in _AGAINST:
        yield (
            f"{home}, but event = {row['event']} is no yes to its own request.",
            "Correct one of the three.",
        )


def _too_late(row: Row, compiled: str) -> Iterator[tuple[str, str]]:
    date = row["date"]
    if date > compiled[: len(date)]:
        yield (
            f"date = {date} is after {compiled}, when the table was compiled.",
            f"Correct the date, or the day in sources.EVENTS.title of {FILE_NAME}.",
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
