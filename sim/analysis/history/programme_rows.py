"""Rows of the events table that contradict each other, and programmes without rows or scenario.

Runs when the documentation is made and in the tests, over a folder of tables and one of scenarios.
What a row says by itself is checked in `sim.data.event_rows`.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pandas as pd

from sim.analysis.history.answers import CONFIDENCE, YES, programme_of, read_answers
from sim.analysis.history.contradictions import ACT, LEFT, CheckedEvent, contradictions, when
from sim.data.event_rows import EVENTS, PROGRAMMES, rows_of
from sim.errors import InputError, Problem
from sim.scenario import load_scenario

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from sim.data.event_rows import Row
    from sim.scenario import Scenario

# An agreement below the state: that it ended says nothing of the country's own.
BELOW_THE_STATE = "subnational"


def programme_problems(tables: Path, scenarios: Path) -> list[Problem]:
    """Return what is wrong with the rows, the list and the scenarios of programmes together.

    Examples
    --------
    >>> from sim.analysis.history.programmes import history_files
    >>> from sim.data.facts import TABLES_FOLDER
    >>> programme_problems(TABLES_FOLDER, history_files()[0].parent)
    []
    """
    rows, listed = list(rows_of(tables / EVENTS)), list(rows_of(tables / PROGRAMMES))
    kinds = {row["programme"]: row["kind"] for _, row in listed}
    return [
        *_row_problems(str(tables / EVENTS), rows, kinds),
        *_scenario_problems(tables, scenarios, rows, listed),
    ]


def _row_problems(
    file: str, rows: Sequence[tuple[int, Row]], kinds: Mapping[str, str]
) -> Iterator[Problem]:
    """Yield rows of one country and programme, or of one vote, that cannot all be true."""
    events = [_event(line, row) for line, row in rows if row["confidence"] in CONFIDENCE]
    # A country has several contracts; it joins anything else once, whatever the note says.
    once = [
        event._replace(act=event.act[:1])
        for event in events
        if event.event in YES and kinds.get(event.programme) != "contract"
    ]
    ends = [event._replace(act=()) for event in events if event.event == LEFT]
    yield from dict.fromkeys([*contradictions(file, events), *contradictions(file, [*once, *ends])])
    yield from _left_before_joining(file, events)
    yield from _votes_of_two_days(file, events, kinds)


def _event(line: int, row: Row) -> CheckedEvent:
    return CheckedEvent(
        line=line,
        programme=row["programme"],
        iso3=row["iso3"],
        date=row["date"],
        event=row["event"],
        confidence=row["confidence"],
        act=tuple(row[name] for name in ACT),
    )


def _left_before_joining(file: str, events: Sequence[CheckedEvent]) -> Iterator[Problem]:
    """Yield withdrawals from what the country had not joined by then."""
    joined: dict[tuple[str, str, str], list[CheckedEvent]] = {}
    for event in events:
        if event.event in YES:
            joined.setdefault((event.programme, event.iso3, event.act[0]), []).append(event)
    for event in events:
        kind, detail, _ = event.act
        if event.event != LEFT or detail == BELOW_THE_STATE:
            continue
        own = joined.get((event.programme, event.iso3, kind), [])
        said = f"{event.iso3} {LEFT}{when(event)} from {event.programme} (kind {kind})"
        if not own:
            remedy = "Add the row of what it ended, or write declined if it never agreed; "
            remedy += f"detail = {BELOW_THE_STATE} if a part of the country had agreed."
            yield Problem(file, event.line, f"{said}, but no row says that it joined.", remedy)
        elif all(event.date < each.date[: len(event.date)] for each in own):
            first = min(own, key=lambda each: each.date)
            rule = f"{said}; line {first.line} has {first.event}{when(first)}: it left before it "
            rule += "joined."
            yield Problem(file, event.line, rule, "Correct one of the two dates.")


def _votes_of_two_days(
    file: str, events: Sequence[CheckedEvent], kinds: Mapping[str, str]
) -> Iterator[Problem]:
    """Yield rows of a vote that have another date than most of its rows."""
    dates: dict[str, Counter[str]] = {}
    votes = [event for event in events if kinds.get(event.programme) == "vote"]
    for event in votes:
        dates.setdefault(event.programme, Counter())[event.date] += 1
    for event in votes:
        ((usual, _),) = dates[event.programme].most_common(1)
        if event.date != usual:
            rule = f"{event.iso3} {event.event}{when(event)}, but the vote {event.programme} was "
            rule += f"on {usual}."
            yield Problem(file, event.line, rule, "Correct the date: all vote on one day.")


def _scenario_problems(
    tables: Path,
    scenarios: Path,
    rows: Sequence[tuple[int, Row]],
    listed: Sequence[tuple[int, Row]],
) -> Iterator[Problem]:
    """Yield programmes without rows or scenario, and scenarios that tell an estimation nothing."""
    events = pd.DataFrame([row for _, row in rows if row["confidence"] in CONFIDENCE])
    of_programme: dict[str, Path] = {}
    for path in sorted(scenarios.glob("*.yaml")):
        try:
            scenario = load_scenario(path)
            programme = programme_of(scenario)[2]
            if programme in of_programme:
                rule = f"programme = {programme} is that of {of_programme[programme].name} too: "
                rule += "its answers would count twice."
                yield Problem(str(path), 0, rule, "Keep one of the two files.")
                continue
            of_programme[programme] = path
            yield from _nobody_joins(path, scenario, events)
        except InputError as error:
            yield from error.problems
    known = {row["programme"] for _, row in rows}
    place = str(tables / PROGRAMMES)
    for line, row in listed:
        name = row["programme"]
        if name not in known:
            rule = f"programme = {name} has no row in {EVENTS}."
            yield Problem(place, line, rule, "Correct the name, or add its rows there.")
        elif row["counts_for_record"] == "1" and name not in of_programme:
            rule = f"programme = {name} has counts_for_record = 1, but no file in "
            rule += f"scenarios/{scenarios.name} has it: no estimation uses it."
            remedy = f"Write a scenario there whose offer has programme: {name}, or write 0."
            yield Problem(place, line, rule, remedy)


def _nobody_joins(path: Path, scenario: Scenario, events: pd.DataFrame) -> Iterator[Problem]:
    answers = read_answers(scenario, events, None, EVENTS)
    if not answers.has_joined.any():
        rows = events[(events["programme"] == answers.programme) & events["event"].isin(YES)]
        dates = sorted(date for date in rows["date"] if date)
        rule = f"horizon = {scenario.months[0]} to {scenario.months[-1]}, but nobody joins "
        rule += f"{answers.programme} in these months: an estimation would skip it."
        remedy = "Give the rows dates, or more confidence than low."
        if dates:
            remedy = (
                f"Its rows that say yes are of {dates[0]} to {dates[-1]}. Correct the horizon, "
            )
            remedy += "who is asked, or the rows."
        yield Problem(str(path), 0, rule, remedy)
