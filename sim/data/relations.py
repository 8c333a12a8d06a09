"""The tables of pairs, of treaties and of supported countries, in the form that others need.

Pairs and treaties are computed once for some facts, since every provider asks for the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

# How the table of pairs names the two flows of trade.
FLOWS = {"export": "export_share_to", "import": "import_share_from"}


def is_in_force(since: str, until: str, as_of: str) -> bool:
    """Return whether a month lies between two dates; an empty second date means no end.

    Examples
    --------
    >>> is_in_force("2014-06-01", "2016-03", "2014-06"), is_in_force("2014", "2016-03", "2016-03")
    (True, False)
    """
    return since[:7] <= as_of and (not until or until[:7] > as_of)


class Party(NamedTuple):
    """One country's part in an agreement; `until` is empty while it lasts."""

    iso3: str
    kind: str
    counterpart: str
    since: str
    until: str

    def is_bound(self, as_of: str) -> bool:
        """Return whether the agreement binds the country in a month."""
        return is_in_force(self.since, self.until, as_of)


def latest_months(dates: pd.Series) -> pd.Series:
    """Return the last month that each date can mean: a year alone can mean its December.

    Examples
    --------
    >>> latest_months(pd.Series(["2013", "2014-02", "2014-02-27"])).tolist()
    ['2013-12', '2014-02', '2014-02']
    """
    return dates.str[:7].where(dates.str.len() > 4, dates + "-12")


class DatedEvent(NamedTuple):
    """A dated row of the events table; `month` is the last that its date can mean."""

    programme: str
    iso3: str
    event: str
    side: str
    detail: str
    confidence: str
    month: str


def dated_events(events: pd.DataFrame) -> tuple[DatedEvent, ...]:
    """Return the events that have a date, by date; those of one date as the table has them."""
    rows = events[events["date"] != ""].sort_values("date", kind="stable")
    rows = rows.assign(month=latest_months(rows["date"]))
    columns = (rows[name].tolist() for name in DatedEvent._fields)
    return tuple(map(DatedEvent._make, zip(*columns, strict=True)))


def rows_at(row: Mapping[str, int], codes: Iterable[str]) -> NDArray[np.intp]:
    """Return the row numbers of countries; -1 for one that has none.

    Examples
    --------
    >>> rows_at({"BRA": 0, "KOR": 1}, ["KOR", "ATL"]).tolist()
    [1, -1]
    """
    # Same as get_indexer, which takes much longer for so few codes.
    return np.array([row.get(code, -1) for code in codes], np.intp)


def listed_shares(
    dyads: pd.DataFrame, index: pd.Index, row: Mapping[str, int]
) -> Mapping[str, pd.DataFrame]:
    """Return listed shares of each flow by country (rows) and partner; NaN if unlisted."""
    a, b = (rows_at(row, dyads[side].tolist()) for side in ("iso3_a", "iso3_b"))
    found = {}
    for flow, word in FLOWS.items():
        table = np.full((len(index), len(index)), np.nan)
        table[a, b] = dyads[f"a_{word}_b"]
        table[b, a] = dyads[f"b_{word}_a"]
        found[flow] = pd.DataFrame(table, index=index, columns=index)
    return found


def parties_by_agreement(treaties: pd.DataFrame) -> Mapping[str, tuple[Party, ...]]:
    """Return the parties of each agreement, in force or not, in the order of its name."""
    columns = [treaties[name].tolist() for name in ("agreement", *Party._fields)]
    found: dict[str, list[Party]] = {}
    for agreement, iso3, kind, counterpart, since, until in zip(*columns, strict=True):
        found.setdefault(agreement, []).append(Party(iso3, kind, counterpart, since, until))
    return {agreement: tuple(found[agreement]) for agreement in sorted(found)}
