"""How many partners of a provider are on record, month by month, beside what a scenario simulates.

An offer says with ``programme`` which rows of the events table answer it. A provider without such
an offer has no record.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING

import pandas as pd

from sim.analysis.forecasts.answers import PARTIAL, PROGRAMMES
from sim.analysis.history.answers import CONFIDENCE, YES, programme_of
from sim.analysis.history.contradictions import LEFT
from sim.analysis.history.programmes import EVENTS, history_scenarios
from sim.data import load_facts
from sim.data.features.ties import BLOC_HOME
from sim.data.relations import latest_months
from sim.scenario.months import month_name, month_number
from sim.words.titles import programme_title

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sim.analysis.shown import Shown
    from sim.scenario import Scenario


@dataclass(frozen=True)
class OnRecord:
    """The partners of a provider on record.

    Parameters
    ----------
    months : tuple of str
        "YYYY-MM", each after the one before.
    partners : tuple of int
        Countries that stand as partners at each month's end: those that have withdrawn do not.
    programmes : tuple of str
        The programmes that its offers name, as in the events table.
    """

    months: tuple[str, ...]
    partners: tuple[int, ...]
    programmes: tuple[str, ...]

    @property
    def source(self) -> str:
        """Where the numbers come from, for captions and downloads."""
        titles = ", ".join(programme_title(name) for name in self.programmes)
        return f"rows of {titles} in {EVENTS}"


def partners_on_record(
    scenario: Scenario, provider: str, until: str | None = None
) -> OnRecord | None:
    """Return the partners of a provider on record, as far as a scenario overlaps the record.

    It begins when the offers became known (``horizon.known_since``, else the first month), and ends
    with the run or with the last month in which the programme is watched.

    Parameters
    ----------
    scenario : Scenario
    provider : str
        Key of the provider.
    until : str, optional
        Last month "YYYY-MM" of the run; that of the scenario unless given.

    Returns
    -------
    OnRecord or None
        None if no offer of the provider names a programme, or the record ends before the scenario
        knows the offers.
    """
    block = scenario.providers.get(provider)
    offers = block.offers.values() if block is not None else ()
    programmes = tuple(dict.fromkeys(o.programme for o in offers if o.programme is not None))
    rows = {name: _rows(name, tuple(scenario.homes[provider])) for name in programmes}
    ends = [_watched_until(name) for name, own in rows.items() if not own.empty]
    if not ends:
        return None
    first = month_number(scenario.horizon.known_since or scenario.months[0])
    last = month_number(min(max(ends), until or scenario.months[-1]))
    months = tuple(month_name(n) for n in range(first, last + 1))
    if not months:
        return None
    found = _standing([*rows.values()], months, scenario.agents)
    return OnRecord(months, found, programmes)


def record_shown(shown: Shown, provider: str) -> OnRecord | None:
    """Return the record that belongs beside the partners of a provider: that of A, else of B."""
    sides = [shown.a] if shown.b is None else [shown.a, shown.b]
    found = (partners_on_record(side.scenario, provider, side.months[-1]) for side in sides)
    return next((each for each in found if each is not None), None)


@cache
def _rows(programme: str, home: tuple[str, ...]) -> pd.DataFrame:
    """Return the dated answers to a programme, with month, offer and is_yes, by month; read-only.

    A year alone counts from its December, or from the last month that is watched. Where rows answer
    both sides, only those of the provider's own side are kept. Where the table says which kind of
    answer accepts which offer, other kinds accept none.
    """
    events = load_facts().events
    rows = events[(events["programme"] == programme) & (events["date"] != "")]
    rows = rows[(rows["confidence"].map(CONFIDENCE) > 0.0) & (rows["detail"] != PARTIAL)]
    rows = rows[rows["event"].isin(YES | {LEFT})]
    if len(set(rows["bloc"])) > 1:
        own = next((bloc for bloc, state in BLOC_HOME.items() if state in home), "other")
        rows = rows[rows["bloc"] == own]
    offers = PROGRAMMES.get(programme)
    if offers is not None:
        rows = rows[rows["kind"].isin(offers)]
    months, last = latest_months(rows["date"]), _watched_until(programme)
    found = rows.assign(
        month=months.where(months <= last, last),
        offer=rows["kind"].map(lambda kind: ".".join(offers[kind]) if offers else programme),
        is_yes=rows["event"] != LEFT,
    )
    # Of two events of one day, the later row is the later event.
    return found.sort_values(["month", "date"], kind="stable")


def _watched_until(programme: str) -> str:
    """Return the last month that the record of a programme covers."""
    for scenario in history_scenarios():
        if programme_of(scenario)[2] == programme:
            return str(scenario.months[-1])
    dates = load_facts().events["date"]
    return str(dates[dates.str.len() > len("2026")].str[:7].max())


def _standing(
    tables: Sequence[pd.DataFrame], months: Sequence[str], agents: Collection[str]
) -> tuple[int, ...]:
    """Return how many countries stand in some offer at each month's end."""
    answers = sorted(
        (
            (month, (place, iso3, offer), is_yes)
            for place, rows in enumerate(tables)
            for month, iso3, offer, is_yes in zip(
                *(rows[name].tolist() for name in ("month", "iso3", "offer", "is_yes")), strict=True
            )
        ),
        # The order within a month is that of the rows, so that the later event counts.
        key=itemgetter(0),
    )
    decides, coming = set(agents), iter([*answers, None])
    latest: dict[tuple[int, str, str], bool] = {}
    counts, answer = [], next(coming)
    for month in months:
        while answer is not None and answer[0] <= month:
            latest[answer[1]] = answer[2]
            answer = next(coming)
        partners = {iso3 for (_, iso3, _), is_yes in latest.items() if is_yes}
        counts.append(len(partners & decides))
    return tuple(counts)


def answers_on_record(scenario: Scenario, provider: str) -> pd.DataFrame:
    """Return every dated answer to the offers of a provider, by month.

    Parameters
    ----------
    scenario : Scenario
    provider : str
        Key of the provider.

    Returns
    -------
    DataFrame
        Rows of the events table since the offers became known, with ``month``, ``offer`` (such as
        ``us.infrastructure``) and ``is_yes``: false for a withdrawal. Empty if no offer of the
        provider names a programme. To be treated as read-only.
    """
    first = scenario.horizon.known_since or scenario.months[0]
    offers = scenario.providers[provider].offers.values()
    names = dict.fromkeys(o.programme for o in offers if o.programme is not None)
    return _answers(tuple(names), tuple(scenario.homes[provider]), first)


@lru_cache(maxsize=64)
def _answers(programmes: tuple[str, ...], home: tuple[str, ...], first: str) -> pd.DataFrame:
    tables = [_rows(name, home) for name in programmes]
    found = pd.concat(tables) if tables else _rows("", ())
    return found[found["month"] >= first].reset_index(drop=True)
