"""Rows of the table of patterns in words, for the terminal and for pages."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from sim.words.wording import counted, percent

Row = Mapping[Any, Any]  # of the table, by column
# Units in which a tenth means something, and a hundredth nothing.
_COARSE = {"months": 1, "countries": 1}
HOW_JUDGED = (
    "A pattern holds if the mean over futures lies on the side of the threshold that its words ask "
    "for, by more than its Monte Carlo error, and so do more than half of the futures in which the "
    "statistic is defined. Thresholds were set before any value was computed. Two things changed "
    "after that. The first statistic of uptake, by thirds of the span, gave a Bass curve among 190 "
    "countries -0.14 and was replaced; neither uptake held by it. The Monte Carlo error was added, "
    "which makes the rule stricter."
)
NO_ERROR = "A pattern that does not hold is a finding about the model, not an error."


def shown(value: float, unit: str) -> str:
    """Return a value with the digits that its unit supports.

    Examples
    --------
    >>> shown(-12.214, "months"), shown(0.3222, "Moran's I"), shown(-0.001, "rank 0-1")
    ('-12.2', '0.32', '0.00')
    """
    if math.isnan(value):
        return "-"
    text = f"{value:,.{_COARSE.get(unit, 2)}f}"
    return text.removeprefix("-") if float(text.replace(",", "")) == 0.0 else text


def simulated_in_words(row: Row) -> str:
    """Return the simulated value of a row with its interval, or why there is none.

    Examples
    --------
    >>> row = {"value": -2.294, "low": -7.0, "high": 0.0, "unit": "countries", "futures": 1000}
    >>> simulated_in_words(row)
    '-2.3 (-7.0 to 0.0)'
    """
    if not row["futures"]:
        return "in no future"
    value, low, high = (shown(row[name], row["unit"]) for name in ("value", "low", "high"))
    return f"{value} ({low} to {high})"


def record_in_words(row: Row) -> str:
    """Return the value of a row on record and how many programmes show the pattern.

    Examples
    --------
    >>> row = {"on_record": 0.171, "unit": "Moran's I", "programmes": 8, "programmes_showing": 7}
    >>> record_in_words(row), record_in_words(row | {"programmes": 1, "programmes_showing": 0})
    ('0.17, shown by 7 of 8 programmes', '0.17, not shown by the one programme')
    """
    n, n_showing = int(row["programmes"]), int(row["programmes_showing"])
    if n == 0:
        return ""
    value = shown(row["on_record"], row["unit"])
    if n == 1:
        return f"{value}, {'' if n_showing else 'not '}shown by the one programme"
    return f"{value}, shown by {n_showing} of {n} programmes"


def share_in_words(row: Row) -> str:
    """Return in how many futures the pattern shows, of those in which it can be judged.

    Examples
    --------
    >>> share_in_words({"futures": 720, "share_showing": 0.8125})
    '81 % of 720 futures'
    """
    if not row["futures"]:
        return "no future"
    return f"{percent(row['share_showing'])} of {counted(int(row['futures']), 'future')}"


def count_in_words(rows: Sequence[Row]) -> str:
    """Return how many patterns hold, and which do not.

    Examples
    --------
    >>> count_in_words([{"pattern": "a", "holds": True}, {"pattern": "b", "holds": False}])
    '1 of 2 patterns hold in the simulations; not b.'
    """
    failing = [row["pattern"] for row in rows if not row["holds"]]
    if not failing:
        return f"All {len(rows)} patterns hold in the simulations."
    n = len(rows) - len(failing)
    return f"{n} of {len(rows)} patterns hold in the simulations; not {', '.join(failing)}."
