"""Rows of an events table that a backtest cannot use as they stand, counted by the reason."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sim.analysis.history.answers import CONFIDENCE, YES, programme_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from sim.scenario import Scenario

NO_DECISION = "not a country that decides in the scenario"
NOT_ASKED = "not among the countries that were asked"
LOW = "of low confidence"
UNDATED = "joining without a date"
EARLY = "joining before the launch"
LATE = "joining after the horizon"


def rows_left_out(scenario: Scenario, events: pd.DataFrame) -> Mapping[str, int]:
    """Return how many rows of a programme are left out, by the first reason that holds.

    Parameters
    ----------
    scenario : Scenario
        With one offer that is scored.
    events : DataFrame
        Checked rows of an events table: programme, iso3, date, event, confidence.

    Returns
    -------
    mapping of str to int
        Reasons without a row are absent. A country that joins after the horizon counts as one that
        had not joined by its end.
    """
    _, offer, programme = programme_of(scenario)
    rows = events[events["programme"] == programme]
    first, last = scenario.months[0], scenario.months[-1]
    found: Counter[str] = Counter()
    for code, date, event, confidence in zip(
        rows["iso3"], rows["date"], rows["event"], rows["confidence"], strict=True
    ):
        month = date[:7]
        is_yes = event in YES
        reasons = (
            (NO_DECISION, code not in scenario.agents),
            (NOT_ASKED, not offer.is_open_to(code)),
            (LOW, CONFIDENCE[confidence] <= 0.0),
            (UNDATED, is_yes and not date),
            # A year is compared with a year: a part of it may be watched.
            (EARLY, is_yes and month < first[: len(month)]),
            (LATE, is_yes and month > last[: len(month)]),
        )
        found.update([reason for reason, holds in reasons if holds][:1])
    return dict(found)
