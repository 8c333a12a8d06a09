"""Answers on record: which country accepted which offer in which month, from an events table.

The table has the columns of ``sim/data/tables/events.csv``, with the programme and kind of each
event; or it names provider and offer itself.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.data.codes import known_countries
from sim.data.facts import load_facts
from sim.data.features.ties import ANSWERS
from sim.data.table_checks import broken_rule
from sim.errors import InputError, Problem

if TYPE_CHECKING:
    from sim.data import Facts

# An offer, as (provider, offer).
Pair = tuple[str, str]
ALWAYS = ("iso3", "date", "event")
BY_PROGRAMME = ("programme", "kind")
BY_OFFER = ("provider", "offer")
# Read where a table has them; what is said of them in provenance.yaml holds here too.
_CHECKED = (*ALWAYS, *BY_PROGRAMME, "detail", "confidence")
YES = frozenset(event for event, weight in ANSWERS.items() if weight == 1.0)
LEFT = "withdrew"
# An agreement of a part of the country.
PARTIAL = "subnational"
# Which kinds of event of a programme are an acceptance of which offer. An event of another kind,
# such as a security service alone, is an acceptance of none.
_LIGHT = ("adoption", "education", "services")


def _offers_of(provider: str) -> dict[str, Pair]:
    light = dict.fromkeys(_LIGHT, (provider, "adoption"))
    return {"infrastructure": (provider, "infrastructure"), **light}


PROGRAMMES: Mapping[str, Mapping[str, Pair]] = {
    "openai_for_countries": _offers_of("us"),
    "digital_silk_road_ai": _offers_of("china"),
}
LARGEST_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True)
class Answer:
    """One country's acceptance of an offer, or its end.

    Parameters
    ----------
    iso3 : str
        The country.
    pair : tuple of str
        Provider and offer.
    month : str
        "YYYY-MM".
    is_yes : bool
        False for a withdrawal.
    """

    iso3: str
    pair: Pair
    month: str
    is_yes: bool


@dataclass(frozen=True)
class Answers:
    """The answers of an events table.

    Parameters
    ----------
    answers : tuple of Answer
        In the order of their dates.
    last_month : str
        The latest month of any event in the table.
    """

    answers: tuple[Answer, ...]
    last_month: str

    def standing(self, pair: Pair, month: str) -> frozenset[str]:
        """Return the countries that had accepted an offer by a month's end and not left it."""
        latest = {a.iso3: a.is_yes for a in self.answers if a.pair == pair and a.month <= month}
        return frozenset(iso3 for iso3, is_yes in latest.items() if is_yes)

    def accepted(self, pair: Pair, after: str, until: str) -> frozenset[str]:
        """Return the countries that accepted an offer after one month and by another's end."""
        return frozenset(
            a.iso3 for a in self.answers if a.pair == pair and a.is_yes and after < a.month <= until
        )


def read_answers(path: Path, offers: Collection[Pair]) -> Answers:
    """Read and check an events table.

    Parameters
    ----------
    path : Path
        CSV in UTF-8 with the columns iso3, date and event, and either programme and kind or
        provider and offer; other columns are ignored, except confidence and detail, whose values
        low and subnational keep an event from counting.
    offers : collection of (provider, offer)
        The offers that have a forecast.

    Raises
    ------
    InputError
        If it cannot be read, lacks a column or has no row; with every unknown country, programme,
        offer, event or kind, every impossible date, every repeated row, and every answer to an
        offer whose month is not known.
    """
    header, rows = _read(path)
    way = _way(path, header)
    facts = load_facts()
    problems = [*_cell_problems(path, header, rows, way, facts), *_repeats(path, rows, way)]
    if way == BY_OFFER:
        problems += _offer_problems(path, rows, offers)
    if problems:
        raise InputError(problems)
    answers = []
    # Of two events of one day, the later row is the later event.
    for line, row in sorted(rows, key=lambda numbered: numbered[1]["date"]):
        answer, problem = _answer(path, line, row, way)
        answers += [answer] if answer else []
        problems += [problem] if problem else []
    months = [row["date"][:7] for _, row in rows if len(row["date"]) >= len("2026-11")]
    if not months and not problems:
        rule = "no event has a date with a month, so nothing can be scored."
        problems = [Problem(str(path), 0, rule, "Write dates as YYYY-MM or YYYY-MM-DD.")]
    if problems:
        raise InputError(problems)
    return Answers(tuple(answers), max(months))


Row = dict[str, str]


def _read(path: Path) -> tuple[list[str], list[tuple[int, Row]]]:
    """Return the header and the numbered rows of a CSV file."""
    reader = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
    try:
        lines = [(reader.line_num, cells) for cells in reader if cells]
    except csv.Error as error:
        rule = f"this is not plain CSV ({error})."
        raise InputError([Problem(str(path), reader.line_num, rule, "Save it as CSV.")]) from None
    if len(lines) < 2:
        rule = "the events table has no rows."
        raise InputError([Problem(str(path), 0, rule, "Give at least one event.")])
    header = lines[0][1]
    problems = [
        Problem(
            str(path), line, f"the row has {len(cells)} cells, the header {len(header)}.",
            "Check quotes and commas.",
        )
        for line, cells in lines[1:]
        if len(cells) != len(header)
    ]  # fmt: skip
    if problems:
        raise InputError(problems)
    return header, [(line, dict(zip(header, cells, strict=True))) for line, cells in lines[1:]]


def _text(path: Path) -> str:
    try:
        if not path.is_file():
            raise InputError([Problem(str(path), 0, "is not a file.", "Name an events table.")])
        if path.stat().st_size > LARGEST_BYTES:
            rule = f"the file has more than {LARGEST_BYTES:,} bytes."
            raise InputError([Problem(str(path), 0, rule, "Name an events table.")])
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        rule = "is not text in UTF-8."
        raise InputError([Problem(str(path), 0, rule, "Save it as CSV in UTF-8.")]) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no such path is possible"
        rule = f"cannot be read ({reason})."
        raise InputError([Problem(str(path), 0, rule, "Check the path.")]) from None


def _way(path: Path, header: list[str]) -> tuple[str, ...]:
    """Return the columns that say which offer an event is about."""
    problems = [
        Problem(str(path), 1, f"the column {name} stands twice.", "Keep one of the two.")
        for name in dict.fromkeys(header)
        if header.count(name) > 1
    ]
    missing = [name for name in ALWAYS if name not in header]
    way = BY_OFFER if set(BY_OFFER) <= set(header) else BY_PROGRAMME
    missing += [name for name in way if name not in header]
    remedy = (
        f"It needs {', '.join(ALWAYS)}, and either {' and '.join(BY_PROGRAMME)} or "
        f"{' and '.join(BY_OFFER)}."
    )
    problems += [
        Problem(str(path), 1, f"the column {name} is missing.", remedy) for name in missing
    ]
    if problems:
        raise InputError(problems)
    return way


def _cell_problems(
    path: Path, header: list[str], rows: list[tuple[int, Row]], way: tuple[str, ...], facts: Facts
) -> Iterator[Problem]:
    """Yield every cell that breaks a rule."""
    from sim.scenario.wording import country_problem

    records = facts.provenance.tables["events"].columns
    checked = [
        name for name in _CHECKED
        if name in header and (name not in BY_PROGRAMME or name in way)
    ]  # fmt: skip
    programmes = {*facts.events["programme"], *PROGRAMMES}
    countries = {*known_countries(), *facts.events["iso3"]}
    for line, row in rows:
        for name in checked:
            rule, remedy = broken_rule(row[name], records[name], countries), "Correct the cell."
            if name == "iso3" and row[name] and row[name] not in countries:
                rule, remedy = country_problem(row[name])
            elif name == "programme" and not rule and row[name] not in programmes:
                rule = "is not a programme of the data"
                remedy = f"Programmes that are offers of a scenario: {', '.join(PROGRAMMES)}."
            if rule:
                yield Problem(str(path), line, f"{name} = {row[name][:60]!r} {rule}.", remedy)


def _repeats(path: Path, rows: list[tuple[int, Row]], way: tuple[str, ...]) -> Iterator[Problem]:
    """Yield every row that repeats another."""
    first: dict[tuple[str, ...], int] = {}
    key = (*way, *ALWAYS)
    for line, row in rows:
        values = tuple(row[name] for name in key)
        if values in first:
            rule = f"{', '.join(key)} = {', '.join(values)} repeats line {first[values]}."
            yield Problem(str(path), line, rule, "Keep one of the two rows.")
        first.setdefault(values, line)


def _offer_problems(
    path: Path, rows: list[tuple[int, Row]], offers: Collection[Pair]
) -> Iterator[Problem]:
    """Yield every row about an offer that has no forecast."""
    remedy = f"Offers with a forecast: {', '.join('.'.join(pair) for pair in sorted(offers))}."
    for line, row in rows:
        if (row["provider"], row["offer"]) not in offers:
            named = f"{row['provider']}.{row['offer']}"[:60]
            yield Problem(str(path), line, f"{named!r} is not an offer with a forecast.", remedy)


def _answer(
    path: Path, line: int, row: Row, way: tuple[str, ...]
) -> tuple[Answer | None, Problem | None]:
    """Return what a row says about an offer, if anything, or why it cannot be dated."""
    pair = (
        (row["provider"], row["offer"])
        if way == BY_OFFER
        else PROGRAMMES.get(row["programme"], {}).get(row["kind"])
    )
    is_answer = row["event"] in YES or row["event"] == LEFT
    is_sure = row.get("confidence") != "low" and row.get("detail") != PARTIAL
    if pair is None or not is_answer or not is_sure:
        return None, None
    if len(row["date"]) < len("2026-11"):
        rule = f"date = {row['date']!r} must have a month, since the event is scored."
        return None, Problem(str(path), line, rule, "Write it as YYYY-MM or YYYY-MM-DD.")
    return Answer(row["iso3"], pair, row["date"][:7], row["event"] in YES), None
