"""The yearly table by column: figures by country and year, and when each became public."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from sim.data.facts import YEARLY, Facts, load_facts

if TYPE_CHECKING:
    from numpy.typing import NDArray

NEVER = "9999-12"  # figures without a record of publication count only in the present vintage


class Known(NamedTuple):
    """The last public figures of a column, one per country.

    ``value`` is NaN, and ``year`` and ``source`` are '', if nothing was public; ``is_early``
    marks figures that were not yet public.
    """

    value: pd.Series
    year: pd.Series
    source: pd.Series
    is_early: pd.Series


@dataclass(frozen=True)
class YearlyColumn:
    """One column of the yearly table.

    Parameters
    ----------
    index : Index
        ISO3 codes, as in the panel.
    years : ndarray of int, shape (Y,)
        Years, ascending.
    value : ndarray of shape (n, Y)
        Figures; NaN where unknown.
    source : ndarray of str, shape (n, Y)
        Key of the source of each figure.
    public_from : ndarray of str, shape (n, Y)
        First month, "YYYY-MM", as of which a figure may be used.
    """

    index: pd.Index
    years: NDArray[np.int64]
    value: NDArray[np.float64]
    source: NDArray[np.str_]
    public_from: NDArray[np.str_]

    @property
    def first_public(self) -> str:
        """Month in which the first figures of the column were public."""
        return str(np.unique(self.public_from[~np.isnan(self.value)])[0])

    def is_public(self, as_of: str) -> NDArray[np.bool_]:
        """Return which figures were public by a month, (n, Y)."""
        return np.asarray(~np.isnan(self.value) & (self.public_from <= as_of))

    def known(self, is_used: NDArray[np.bool_], as_of: str) -> Known:
        """Return each country's last figure in use; a month decides whether it is early."""
        has_any = is_used.any(axis=1)
        last = len(self.years) - 1 - is_used[:, ::-1].argmax(axis=1)
        row = np.arange(len(self.index))
        year = np.where(has_any, self.years[last].astype(str), "")
        return Known(
            value=pd.Series(np.where(has_any, self.value[row, last], np.nan), self.index),
            year=pd.Series(year, self.index),
            source=pd.Series(np.where(has_any, self.source[row, last], ""), self.index),
            is_early=pd.Series(has_any & (self.public_from[row, last] > as_of), self.index),
        )


def yearly_column(facts: Facts, name: str) -> YearlyColumn:
    """Return a column of the yearly table by country and year.

    Examples
    --------
    >>> from sim.data import load_facts
    >>> column = yearly_column(load_facts(), "gdp_usd")
    >>> row = list(column.index).index("KOR")
    >>> int(column.years[3]), float(column.value[row, 3]), str(column.public_from[row, 3])
    (2013, 1370600000000.0, '2014-07')
    """
    return _shipped_column(name) if facts is load_facts() else _column(facts, name)


@lru_cache(maxsize=32)
def _shipped_column(name: str) -> YearlyColumn:
    """Return a column of the shipped facts; kept, because each month asks for the same."""
    return _column(load_facts(), name)


def _column(facts: Facts, name: str) -> YearlyColumn:
    """Return a column without looking for a kept one."""
    table, index = facts.yearly, facts.countries.index
    year = table["year"].to_numpy().astype(np.int64)
    years = np.arange(year.min(), year.max() + 1)
    cell = index.get_indexer(pd.Index(table["iso3"])), year - years[0]
    shape = len(index), len(years)
    value = np.full(shape, np.nan)
    value[cell] = table[name]
    source = np.full(shape, facts.provenance.column(YEARLY, name).sources[0], dtype="<U8")
    if f"{name}_source" in table:
        source[cell] = table[f"{name}_source"].to_numpy(dtype=str)
    return YearlyColumn(index, years, value, source, _public_from(facts, source, years))


def _public_from(
    facts: Facts, source: NDArray[np.str_], years: NDArray[np.int64]
) -> NDArray[np.str_]:
    """Return the month of publication of each cell, by its source and year."""
    months = np.full(source.shape, NEVER)
    used = set(np.unique(source).tolist())
    columns = (facts.publications[name].tolist() for name in ("source", "year", "public_from"))
    for key, year, month in zip(*columns, strict=True):
        place = int(year) - int(years[0])
        if key in used and 0 <= place < len(years):
            months[source[:, place] == key, place] = month
    return months


def last_public(column: YearlyColumn, as_of: str) -> Known:
    """Return the last figure that was public by a month, for each country.

    Examples
    --------
    >>> from sim.data import load_facts
    >>> gdp = yearly_column(load_facts(), "gdp_usd")
    >>> last_public(gdp, "2014-06").year["KOR"], last_public(gdp, "2014-07").year["KOR"]
    ('2012', '2013')
    """
    return column.known(column.is_public(as_of), as_of)


def first_or_last_public(column: YearlyColumn, as_of: str) -> Known:
    """Return the same as `last_public`, but the first figures before those were public."""
    return column.known(column.is_public(max(as_of, column.first_public)), as_of)


def for_every_country(column: YearlyColumn, as_of: str) -> Known:
    """Return the same as `last_public`, but a country's first figure if it had none yet."""
    used = column.is_public(as_of)
    on_record = ~np.isnan(column.value)
    first = np.zeros_like(used)
    first[np.arange(len(used)), on_record.argmax(axis=1)] = True
    used |= first & ~used.any(axis=1, keepdims=True)
    return column.known(used, as_of)


def mean_of_last(column: YearlyColumn, n_years: int, as_of: str) -> Known:
    """Return the mean over the last public years, or over the first ones before any was public."""
    month = max(as_of, column.first_public)
    used = column.is_public(month)
    places = np.flatnonzero(used.any(axis=0))[-n_years:]
    places = places[column.years[places] > column.years[places[-1]] - n_years]
    used &= np.isin(np.arange(len(column.years)), places)
    has_any = used.any(axis=1)
    total = np.where(used, column.value, 0.0).sum(axis=1)
    first, last = column.years[places[0]], column.years[places[-1]]
    span = str(first) if first == last else f"{first}-{last}"
    is_early = has_any & (as_of < column.first_public)
    return Known(
        value=pd.Series(np.where(has_any, total / used.sum(axis=1).clip(1), np.nan), column.index),
        year=pd.Series(np.where(has_any, span, ""), column.index),
        source=pd.Series(np.where(has_any, column.source[:, places[-1]], ""), column.index),
        is_early=pd.Series(is_early, column.index),
    )
