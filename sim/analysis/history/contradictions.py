"""Rows of an events table that cannot both be true of one country and programme."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from sim.analysis.history.answers import CONFIDENCE, YES
from sim.errors import Problem

NO = frozenset({"declined", "voted_no", "abstained", "invited_not_joined"})
LEFT = "withdrew"
# Two rows that differ here are about two acts, such as a memorandum and a later contract.
ACT = ("kind", "detail", "note")
DIFFERENT = f"Two acts must differ in {', '.join(ACT[:-1])} or {ACT[-1]}."


class CheckedEvent(NamedTuple):
    """A row of an events table that has passed the checks of its cells.

    Parameters
    ----------
    line : int
        Line in the file.
    programme, iso3, date, event : str
        Its cells; for programme, what the event is about, such as provider and offer.
    confidence : str
        high, medium or low.
    act : tuple of str
        The cells of the columns in `ACT`; empty where the table lacks them.
    """

    line: int
    programme: str
    iso3: str
    date: str
    event: str
    confidence: str
    act: tuple[str, ...]


def contradictions(file: str, rows: Sequence[CheckedEvent]) -> Iterator[Problem]:
    """Yield every pair of rows about one country and programme that contradict each other.

    Notes
    -----
    A country may refuse and join later, join and withdraw later, or do several acts that differ in
    `ACT`. It cannot do one act of joining on two dates, nor refuse an act when it joins or later.
    Rows of low confidence count for nothing, so they contradict nothing.
    """
    acts: dict[tuple[str, str, tuple[str, ...]], list[CheckedEvent]] = {}
    left: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        if CONFIDENCE[row.confidence] > 0.0:
            acts.setdefault((row.programme, row.iso3, row.act), []).append(row)
            if row.event == LEFT:
                left.setdefault((row.programme, row.iso3), []).append(row.date)
    for (programme, iso3, _), own in acts.items():
        for one, other in combinations(own, 2):
            yield from _contradiction(file, one, other, left.get((programme, iso3), ()))


def _contradiction(
    file: str, one: CheckedEvent, other: CheckedEvent, left: Sequence[str]
) -> Iterator[Problem]:
    """Yield what is wrong with two rows about one act of a country, if anything."""
    first, second = sorted((one, other), key=lambda row: row.date)
    said = f"{other.iso3} {other.event}{when(other)}; line {one.line} has {one.event}{when(one)}"
    if one.event == other.event and one.event in YES and one.date != other.date:
        # A country that left in between may join again.
        if not any(_is_before(first.date, end) and _is_before(end, second.date) for end in left):
            remedy = f"Keep the row that is right. {DIFFERENT}"
            yield Problem(file, other.line, f"{said}: two dates for one event.", remedy)
        return
    refusal = next((row for row in (one, other) if row.event in NO), None)
    joining = next((row for row in (one, other) if row.event in YES), None)
    if refusal and joining and not _is_before(refusal.date, joining.date):
        rule = f"{said}: a country can refuse before it joins, not then or later."
        remedy = "Keep the row that is right, correct a date, or write withdrew if it left."
        yield Problem(file, other.line, rule, remedy)


def when(row: CheckedEvent) -> str:
    """Return the date of a row as a sentence continues with it."""
    return f" on {row.date}" if row.date else " without a date"


def _is_before(one: str, other: str) -> bool:
    """Return whether a date is certainly before another, as exactly as both are known."""
    n = min(len(one), len(other))
    return one[:n] < other[:n]
