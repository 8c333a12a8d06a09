"""Every table and column that a query can name, from the data dictionaries of the results."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import pandas as pd

from sim.experiment.catalogue.catalogue_table import LEADING

if TYPE_CHECKING:
    from sim.experiment.catalogue.querying import Tables
    from sim.experiment.tables.table import Column, Table

COLUMNS = ("table", "result_kind", "column", "type", "unit", "description")
_Row = tuple[str, str, str, str, str, str]


def schema_table(tables: Tables, catalogue: Table) -> pd.DataFrame:
    """Return one row for each column of each table of each kind of result.

    Parameters
    ----------
    tables : mapping
        Every table of the results, by name.
    catalogue : Table
        The catalogue, whose columns come first.

    Raises
    ------
    ResultError
        If a data dictionary is damaged.
    """
    rows = [*_rows(catalogue.name, "", catalogue.columns)]
    for name, stored in tables.items():
        for kind in dict.fromkeys(table.entry.place.kind for table in stored):
            rows += _rows(name, kind, LEADING)
            for table in stored:
                if table.entry.place.kind == kind:
                    rows += _rows(name, kind, table.columns)
    return pd.DataFrame(list(dict.fromkeys(rows)), columns=list(COLUMNS))


def _rows(table: str, kind: str, columns: Iterable[Column]) -> Iterator[_Row]:
    yield from ((table, kind, c.name, c.kind, c.unit, c.description) for c in columns)
