"""What each country did about a programme, from the rows of an events table.

A country has joined, has not joined by the last month, or is unknown. Where the date of joining is
known only roughly, or many joined on the same few days, the answer is one of an interval of months:
a country that signs a declaration on the day of a summit decided in the months before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.data.codes import bloc_members
from sim.data.features.ties import BLOC_HOME
from sim.data.relations import latest_months
from sim.errors import InputError, Problem
from sim.scenario.months import month_number

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from sim.scenario import Offer, Scenario

YES = frozenset({"signed", "joined", "announced", "restricted", "voted_yes"})
# Weight of an answer by the confidence in its row; an answer of low confidence is unknown.
CONFIDENCE = {"high": 1.0, "medium": 0.7, "low": 0.0}
WAVES = 4  # at most so many months of joining: the dates are those of meetings, not of decisions
JOINT_BLOCS = ("EU", "AU", "ASEAN", "GCC")
JOINT_SHARE = 0.9  # of a bloc that joins on one day: it answered as one
NEVER = -1


@dataclass(frozen=True)
class Answers:
    """The answers of the countries of a scenario to its programme; axis i as in `Axes.country`.

    Parameters
    ----------
    programme : str
        Name in the events table.
    country : tuple of str
        ISO3 codes.
    first, last : ndarray of int64, shape (n,)
        First and last month index in which the country may have joined; -1 where it has not.
    weight : ndarray of shape (n,)
        How much its answer counts, 0-1: 0 where it was not asked, or nothing is known of it.
    n_months : int
        Months that are known.
    """

    programme: str
    country: tuple[str, ...]
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    weight: NDArray[np.float64]
    n_months: int

    @property
    def is_scored(self) -> NDArray[np.bool_]:
        """Countries that were asked and whose answer is known, shape (n,)."""
        return np.asarray(self.weight > 0.0)

    @property
    def has_joined(self) -> NDArray[np.bool_]:
        """Countries that joined in a month that is known, shape (n,)."""
        return np.asarray(self.is_scored & (self.last >= 0))


def programme_of(scenario: Scenario) -> tuple[str, Offer, str]:
    """Return the offer that is scored: its reference, the offer, and its programme.

    It is the only offer, or the only one with a ``programme``.

    Raises
    ------
    InputError
        If no offer, or more than one, could be meant.
    """
    named = {ref: offer for ref, offer in scenario.offers.items() if offer.programme is not None}
    chosen = named or dict(scenario.offers)
    if len(chosen) != 1:
        rule = f"has {len(chosen)} offers that could be meant: {', '.join(chosen)}."
        remedy = "Give the one whose answers are scored the key programme, and no other."
        raise InputError([Problem(_file(scenario), 0, f"the scenario {rule}", remedy)])
    reference, offer = next(iter(chosen.items()))
    return reference, offer, offer.programme or scenario.name


def _file(scenario: Scenario) -> str:
    return scenario.source_files[0] if scenario.source_files else ""


def read_answers(
    scenario: Scenario, events: pd.DataFrame, known_before: str | None = None, source: str = ""
) -> Answers:
    """Return what the countries of a scenario did about its programme.

    Parameters
    ----------
    scenario : Scenario
        With one offer that is scored: see `programme_of`.
    events : DataFrame
        Checked rows of an events table: programme, iso3, date, event, confidence, bloc.
    known_before : str, optional
        Month "YYYY-MM" before which answers are known; all of them unless given.
    source : str
        Name of the table in messages.

    Raises
    ------
    InputError
        If no row belongs to the programme, nobody who was asked joined within the horizon, or
        nothing is known yet.
    """
    reference, offer, programme = programme_of(scenario)
    rows = events[events["programme"] == programme]
    first_month = month_number(scenario.months[0])
    n_months = len(scenario.months)
    _check_rows(scenario, events, rows, programme, source)
    if known_before is not None:
        n_months = min(n_months, month_number(known_before) - first_month)
        # Nothing later may tell anything: neither who joins, nor in how many waves, nor how sure.
        rows = rows[(rows["date"] == "") | (latest_months(rows["date"]) < known_before)]
    home = scenario.homes[reference.split(".")[0]]
    joined, unsure = _joins(rows, home)
    joined = {code: span for code, span in joined.items() if span[0] < first_month + n_months}
    watched = [code for code, span in joined.items() if span[1] >= first_month]
    _check_open(scenario, offer, watched, source)
    agents = scenario.agents
    spans = _spans(joined, [code for code in agents if code in joined])
    country = tuple(sorted(agents))
    first = np.full(len(country), NEVER, np.int64)
    last = np.full(len(country), NEVER, np.int64)
    for i, code in enumerate(country):
        if code in spans:
            begin, end = (month - first_month for month in spans[code])
            if end >= 0:
                # Only part of a year may be watched.
                first[i], last[i] = max(0, begin), min(end, n_months - 1)
    weight = _weights(country, offer, rows, joined, unsure)
    early = [i for i, code in enumerate(country) if code in spans and spans[code][1] < first_month]
    weight[early] = 0.0  # on record before the programme is watched
    weight *= _joint_weights(country, last)
    return Answers(programme, country, first, last, weight, max(0, n_months))


def _check_open(scenario: Scenario, offer: Offer, joined: Collection[str], source: str) -> None:
    """Refuse countries that joined although the offer's lists leave them out."""
    closed = sorted(
        code for code in joined if code in scenario.agents and not offer.is_open_to(code)
    )
    if closed:
        rule = (
            f"{', '.join(closed)} joined, but the offer of {_file(scenario)} is not open to them."
        )
        remedy = "Add them to asked, take them out of excluded, or correct the rows."
        raise InputError([Problem(source, 0, rule, remedy)])


def _check_rows(
    scenario: Scenario, events: pd.DataFrame, rows: pd.DataFrame, programme: str, source: str
) -> None:
    """Refuse a programme without rows, or without anybody who joined."""
    if rows.empty:
        known = sorted(set(events["programme"]))
        shown = ", ".join(known[:8]) + (", ..." if len(known) > 8 else "")
        rule = f"no row has programme = {programme!r}, which {_file(scenario)} asks for."
        remedy = f"The table has {shown}. Correct the key programme of the offer, or the rows."
        raise InputError([Problem(source, 0, rule, remedy)])
    if not rows["event"].isin(YES).any():
        rule = f"no row of {programme} says that a country joined: its events are "
        rule += f"{', '.join(sorted(set(rows['event'])))}."
        remedy = f"Events that count as joining are {', '.join(sorted(YES))}."
        raise InputError([Problem(source, 0, rule, remedy)])


def _joins(rows: pd.DataFrame, home: Sequence[str]) -> tuple[dict[str, tuple[int, int]], set[str]]:
    """Return the months (first, last) in which each country may have joined, and who is unsure.

    Where rows answer both sides, only those of the programme's own side are a yes.
    """
    own = next((bloc for bloc, state in BLOC_HOME.items() if state in home), "other")
    is_yes = rows["event"].isin(YES)
    if len(set(rows["bloc"])) > 1:
        is_yes &= rows["bloc"] == own
    yes = rows[is_yes]
    joined: dict[str, tuple[int, int]] = {}
    unsure: set[str] = set()
    for iso3, date, confidence in zip(yes["iso3"], yes["date"], yes["confidence"], strict=True):
        if not date or CONFIDENCE[confidence] <= 0.0:
            unsure.add(iso3)
            continue
        span = (
            (month_number(f"{date}-01"), month_number(f"{date}-12"))
            if len(date) == 4
            else (month_number(date[:7]), month_number(date[:7]))
        )
        joined[iso3] = min(joined.get(iso3, span), span)
    return joined, unsure - set(joined)


def _spans(
    joined: Mapping[str, tuple[int, int]], asked: Sequence[str]
) -> dict[str, tuple[int, int]]:
    """Return the months in which each country may have decided; in waves, since the last one."""
    ends = sorted({joined[code][1] for code in asked})
    if len(ends) > WAVES:
        return {code: joined[code] for code in asked}
    since = {end: before + 1 for before, end in zip([-1, *ends], ends, strict=False)}
    return {code: (min(since[joined[code][1]], joined[code][0]), joined[code][1]) for code in asked}


def _silence(offer: Offer) -> str:
    """Return what it means that a country has no row: ``refusal`` or ``unknown``."""
    return offer.silence or ("unknown" if offer.kind == "vote" else "refusal")


def reads_uninvited_as_refusals(offer: Offer) -> bool:
    """Return whether the offer is by invitation, and yet all without a row count as refusals."""
    by_invitation = not offer.open_enrolment and offer.asked == ("all",)
    return by_invitation and _silence(offer) == "refusal"


def _weights(
    country: Sequence[str], offer: Offer, rows: pd.DataFrame,
    joined: Mapping[str, tuple[int, int]], unsure: set[str],
) -> NDArray[np.float64]:  # fmt: skip
    """Return how much each country's answer counts, by who was asked and what is known."""
    silence = _silence(offer)
    best = rows.groupby("iso3")["confidence"].agg(lambda c: max(CONFIDENCE[each] for each in c))
    weight = np.zeros(len(country))
    for i, code in enumerate(country):
        if not offer.is_open_to(code):
            continue
        if code in best.index:
            weight[i] = 0.0 if code in unsure else best[code]
        elif silence == "refusal":
            weight[i] = 1.0
    return weight


def _joint_weights(country: Sequence[str], last: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return 1, and less for members of a bloc that joined as one: n count as sqrt(n)."""
    weight = np.ones(len(country))
    for bloc in JOINT_BLOCS:
        members = [i for i, code in enumerate(country) if code in (bloc_members(bloc) or ())]
        months, counts = np.unique(last[members], return_counts=True)
        for month, count in zip(months, counts, strict=True):
            if month >= 0 and count >= JOINT_SHARE * len(members):
                alike = [i for i in members if last[i] == month]
                weight[alike] = 1.0 / np.sqrt(len(alike))
    return weight
