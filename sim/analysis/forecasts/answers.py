"""Answers on record: which country accepted which offer in which month, from an events table."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from sim.analysis.history.answers import CONFIDENCE, YES
from sim.analysis.history.contradictions import LEFT
from sim.analysis.history.events_table import BY_OFFER, BY_PROGRAMME, Cells, Use, read_table
from sim.data.facts import load_facts
from sim.errors import InputError, Problem

# An offer, as (provider, offer).
Pair = tuple[str, str]
# An agreement of a part of the country.
PARTIAL = "subnational"
MONTH = "YYYY-MM"  # a date is that long, or longer, if it has a month
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


@dataclass(frozen=True)
class RecordedAnswer:
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
class RecordedAnswers:
    """The answers of an events table.

    Parameters
    ----------
    answers : tuple of RecordedAnswer
        In the order of their dates.
    last_month : str
        The latest month of any event in the table.
    """

    answers: tuple[RecordedAnswer, ...]
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


def read_answers(path: Path, offers: Collection[Pair]) -> RecordedAnswers:
    """Return the answers of an events table.

    Parameters
    ----------
    path : Path
        A table in the format of every events table, with the columns programme and kind, or
        provider and offer. A row whose confidence is low or whose detail is subnational counts for
        nothing.
    offers : collection of (provider, offer)
        The offers that have a forecast.

    Raises
    ------
    InputError
        As `read_table` does; also for every unknown programme, every offer without a forecast, and
        every answer to an offer whose month is not known.
    """
    rows = read_table(path, _scoring(offers))
    months = [row["date"][: len(MONTH)] for row in rows if len(row["date"]) >= len(MONTH)]
    if not months:
        rule = "no event has a date with a month, so nothing can be scored."
        remedy = "Write dates as YYYY-MM or YYYY-MM-DD."
        raise InputError([Problem(str(path), 0, rule, remedy)])
    # Of two events of one day, the later row is the later event.
    answers = [
        RecordedAnswer(row["iso3"], pair, row["date"][: len(MONTH)], row["event"] in YES)
        for row in sorted(rows, key=lambda row: row["date"])
        if (pair := _answered(row)) is not None
    ]
    return RecordedAnswers(tuple(answers), max(months))


def _scoring(offers: Collection[Pair]) -> Use:
    """Return what the scores of forecasts need of an events table."""
    programmes = {*load_facts().events["programme"], *PROGRAMMES}
    forecast = f"Offers with a forecast: {', '.join('.'.join(pair) for pair in sorted(offers))}."

    def objection(row: Cells) -> tuple[str, str] | None:
        named = _named(row)
        if named is not None and named not in offers:
            return f"{'.'.join(named)[:60]!r} is not an offer with a forecast.", forecast
        if named is None and row["programme"] not in programmes:
            rule = f"programme = {row['programme'][:60]!r} is not a programme of the data."
            return rule, f"Programmes that can be scored: {', '.join(PROGRAMMES)}."
        if _answered(row) is not None and len(row["date"]) < len(MONTH):
            rule = f"date = {row['date']!r} must have a month, since the event is scored."
            return rule, "Write it as YYYY-MM or YYYY-MM-DD."
        return None

    return Use((BY_OFFER, BY_PROGRAMME), objection=objection)


def _named(row: Cells) -> Pair | None:
    """Return the offer that a row names itself, if it does."""
    return (row["provider"], row["offer"]) if row["provider"] and row["offer"] else None


def _answered(row: Cells) -> Pair | None:
    """Return the offer that a row accepts or leaves; None if it counts for nothing."""
    is_answer = row["event"] in YES or row["event"] == LEFT
    if not is_answer or CONFIDENCE[row["confidence"]] <= 0.0 or row["detail"] == PARTIAL:
        return None
    return _named(row) or PROGRAMMES.get(row["programme"], {}).get(row["kind"])
