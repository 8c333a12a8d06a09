"""The largest changes: the countries whose probability differs most from the reference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.analysis.pairing import only_in
from sim.analysis.reasons import moved_reasons
from sim.interfaces.explorer.compare.columns import paired_headers
from sim.interfaces.explorer.compare.numbers import takes_part
from sim.interfaces.explorer.tables.building import probability_header
from sim.words.titles import country_names
from sim.words.wording import percent, points, span

if TYPE_CHECKING:
    from sim.interfaces.explorer.compare.columns import ScenarioColumn

MOST_LISTED = 10


@dataclass(frozen=True)
class LargestDifference:
    """A country, and the scenario in which its probability differs most from the reference.

    Probabilities and differences are shares; low and high are the ends of the 90 % interval.
    """

    code: str
    country: str
    column: ScenarioColumn
    p_reference: float
    p: float
    difference: float
    low: float
    high: float
    why: str

    @property
    def is_clear(self) -> bool:
        """Whether the interval excludes zero."""
        return self.low > 0 or self.high < 0

    @property
    def in_words(self) -> str:
        """The change in the words of the page."""
        return f"{points(self.difference)} points ({span(self.low, self.high, points)})"


def probability_differences(columns: Sequence[ScenarioColumn], of: str) -> pd.DataFrame:
    """Return each country's probability of ending with a provider, in every compared scenario.

    Returns
    -------
    DataFrame
        One row per country and compared scenario, for countries that decide in both: position of
        the column, code, both probabilities, difference with both ends, and whether the interval
        excludes zero.
    """
    found = []
    for place, column in enumerate(columns):
        if column.found is None or column.found.comparison is None or column.found.b is None:
            continue
        own = column.found.comparison.countries
        own = own[own["outcome"] == f"p_committed_{of}"]
        both = [takes_part(column.found.a, c) and takes_part(column.found.b, c)
                for c in own["country"]]  # fmt: skip
        own = own[both]
        table = own[["country", "p_a", "p_b", "difference", "difference_low", "difference_high"]]
        found.append(table.assign(place=place))
    if not found:
        return pd.DataFrame({"country": [], "difference": [], "place": [], "is_clear": []})
    table = pd.concat(found, ignore_index=True)
    low, high = table["difference_low"], table["difference_high"]
    return table.assign(is_clear=(low > 0) | (high < 0))


def largest_changes(
    columns: Sequence[ScenarioColumn], of: str, most: int = MOST_LISTED
) -> list[LargestDifference]:
    """Return the countries with the largest differences, each once, where it is largest.

    A country that ends in the same way in every future is never listed.
    """
    table = probability_differences(columns, of)
    table = table[table["difference"] != 0]
    size = np.abs(table["difference"].to_numpy(np.float64))
    table = table.assign(size=-size).sort_values(["size", "country", "place"])
    table = table.drop_duplicates("country").head(most)
    names = country_names()
    changes = []
    for row in table.to_dict("records"):
        column, code = columns[int(row["place"])], str(row["country"])
        assert column.found is not None
        changes.append(
            LargestDifference(
                code,
                names[code],
                column,
                p_reference=float(row["p_a"]),
                p=float(row["p_b"]),
                difference=float(row["difference"]),
                low=float(row["difference_low"]),
                high=float(row["difference_high"]),
                why=_why(column, code, of),
            )
        )
    return changes


def _why(column: ScenarioColumn, code: str, of: str) -> str:
    """Return the reasons that changed most, or the only scenario that has the provider."""
    assert column.found is not None
    alone = only_in(column.found, of)
    if alone:
        return f"its offers, which only scenario {column.number if alone == 'A' else 1} has"
    return moved_reasons(column.found, code, of)


def how_many(columns: Sequence[ScenarioColumn], of: str) -> list[str]:
    """Return, for each compared scenario, how many countries change, and how many clearly."""
    table = probability_differences(columns, of)
    lines = []
    for place, column in enumerate(columns):
        own = table[table["place"] == place]
        if len(own):
            clear = int(own["is_clear"].sum())
            same = int((own["difference"] == 0).sum())
            lines.append(
                f"Scenario {column.number}: of {len(own)} countries {clear} change clearly, "
                f"{same} keep the same probability."
            )
    return lines


def largest_changes_table(changes: Sequence[LargestDifference], of_title: str) -> pd.DataFrame:
    """Return the list of changes as a table for a spreadsheet; probabilities are shares 0-1."""
    heads = paired_headers(probability_header(of_title))
    return pd.DataFrame(
        [
            {
                "code": change.code,
                "country": change.country,
                "scenario": change.column.label,
                **dict(
                    zip(
                        heads,
                        (change.p_reference, change.p, change.difference, change.low, change.high),
                        strict=True,
                    )
                ),
                "clear of zero": "yes" if change.is_clear else "no",
                "reasons that moved": change.why,
            }
            for change in changes
        ]
    )


def probabilities_in_words(change: LargestDifference) -> str:
    """Return both probabilities of a change.

    "41 % instead of 30 %"; never rounded to certainty.
    """
    return f"{percent(change.p)} instead of {percent(change.p_reference)}"
