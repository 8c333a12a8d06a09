"""What has changed from one run to another: who moves most, and whose likeliest path is another."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.standing import final_group_counts, paired_groups
from sim.experiment.rounding import round_numbers
from sim.experiment.tables.differences import ends_with, paired_probabilities
from sim.words.titles import country_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.analysis.shown import Shown
    from sim.analysis.standing import Group
    from sim.experiment.comparison import Comparison
    from sim.experiment.tables.differences import Pair
    from sim.model.ensemble import Ensemble

_ROWS = ("p_before", "p", "difference", "difference_low", "difference_high")
# By the comparison in view and the provider: several parts of a page ask for the same.
_MADE: WeakKeyDictionary[Comparison, dict[str, pd.DataFrame]] = WeakKeyDictionary()


def partner_changes(shown: Shown, provider: str) -> pd.DataFrame:
    """Return each country's probability of ending with a provider in B and in A.

    Returns
    -------
    DataFrame
        One row per country that decides in both: code, p_before (in B), p (in A), and difference
        with difference_low and difference_high, in the same futures. Shares 0-1, with the digits of
        the table ``countries`` of a comparison, which takes sixteen times as long. To be treated
        as read-only.
    """
    assert shown.comparison is not None
    made = _MADE.setdefault(shown.comparison, {})
    if provider not in made:
        made[provider] = _made(shown.comparison.pair, provider)
    return made[provider]


def _made(pair: Pair, provider: str) -> pd.DataFrame:
    values = paired_probabilities(pair, ends_with(provider))[: len(_ROWS)]
    numbers = {name: round_numbers(row) for name, row in zip(_ROWS, values, strict=True)}
    table = pd.DataFrame({"code": list(pair.countries)} | numbers)
    both = {*pair.a.axes.country} & {*pair.b.axes.country}
    return table[table["code"].isin(both)].reset_index(drop=True)


def largest_movers(shown: Shown, provider: str) -> pd.DataFrame:
    """Return the rows of `partner_changes` that change, largest first, with the country's name.

    A country that ends in the same way in every future is left out.
    """
    table = partner_changes(shown, provider)
    table = table[table["difference"] != 0]
    names = country_names()
    table = table.assign(country=[names[code] for code in table["code"]])
    size = -table["difference"].abs()
    ordered = table.assign(size=size).sort_values(["size", "country"], ignore_index=True)
    return ordered[["code", "country", *_ROWS]]


def likeliest(ensemble: Ensemble, groups: Sequence[Group]) -> tuple[NDArray[np.int64], ...]:
    """Return the likeliest group of each country at the end, and in how many futures, (n,) each.

    Of two that are as likely, the first counts, as on the map.
    """
    at_end = final_group_counts(ensemble, groups)
    best = at_end.argmax(axis=1)
    return best, np.take_along_axis(at_end, best[:, None], axis=1)[:, 0]


def likeliest_before(shown: Shown) -> dict[str, str]:
    """Return the title of the likeliest path in B of each country that decides there, by code."""
    assert shown.other is not None
    _, groups = paired_groups(shown.ensemble, shown.other)
    best, _ = likeliest(shown.other, groups)
    titles = [groups[g].title for g in best]
    return dict(zip(shown.other.axes.country, titles, strict=True))


def flips(shown: Shown) -> pd.DataFrame:
    """Return the countries whose likeliest path is another one in A than in B.

    Returns
    -------
    DataFrame
        One row per country that decides in both: code, country, before and p_before (likeliest path
        in B and its probability there), now and p (in A); those likeliest in A first. Shares 0-1.
    """
    assert shown.other is not None
    sides = (shown.ensemble, shown.other)
    now, before = (
        {
            code: (groups[g].title, n / ensemble.replicates)
            for code, g, n in zip(ensemble.axes.country, *likeliest(ensemble, groups), strict=True)
        }
        for ensemble, groups in zip(sides, paired_groups(*sides), strict=True)
    )
    names = country_names()
    rows = [
        (code, names[code], *before[code], *now[code])
        for code in now
        if code in before and before[code][0] != now[code][0]
    ]
    rows.sort(key=lambda row: (-row[-1], row[1]))
    return pd.DataFrame(rows, columns=["code", "country", "before", "p_before", "now", "p"])
