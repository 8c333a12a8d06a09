"""Answers to a query in SQL over the tables of many results."""

from __future__ import annotations

import re
import tempfile
import textwrap
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from sim.errors import InputError, Problem, ResultError, RunError, SimWarning, checked_text
from sim.experiment.catalogue.catalogue_table import NAME
from sim.experiment.catalogue.views import Views, identifier, quoted, readable

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.catalogue.stored_tables import StoredTable

Tables = Mapping[str, Sequence["StoredTable"]]
# Rows that are in memory at a time when an answer is passed on piece by piece.
_ROWS_TOGETHER = 100_000
_WIDTH = 92
_CONFIG = {
    "python_enable_replacements": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}
# Statements and functions that ask which tables there are, without naming one.
_ASKS_FOR_TABLES = re.compile(
    r"\b(show|information_schema|(duckdb|pragma|pg)_\w+)\b", re.IGNORECASE
)
# What DuckDB says of a statement that is not one SELECT, or writes inside one.
_WRITES = re.compile(r"single SELECT statement|must be at the top level|PIVOT statements")
_KEEPS = "To keep its answer in a file: alignsim query SQL --out FILE, or the DataFrame in Python."
_PLAIN = {"VARCHAR", "DOUBLE", "BIGINT", "INTEGER", "SMALLINT", "TINYINT", "BOOLEAN"}
_NUMBERS = ("DECIMAL", "HUGEINT", "UHUGEINT", "UBIGINT", "UINTEGER", "FLOAT")


class QueryResult:
    """The answer to a query, computed when it is read.

    Parameters
    ----------
    connection : DuckDBPyConnection
        With the views, closed to everything else.
    sql : str
        The query.

    Attributes
    ----------
    columns : tuple of str
        Names of the columns.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, sql: str) -> None:
        self._connection = connection
        # DuckDB accepts nothing here but one statement that reads.
        self._source = f"from query({quoted(sql)})"
        self._relation = connection.sql(self._source)
        self.columns = tuple(self._relation.columns)

    def frame(self) -> pd.DataFrame:
        """Return the rows as a frame."""
        found: pd.DataFrame = self._relation.df()
        return found

    def batches(self, most_rows: int | None = None) -> Iterator[pa.RecordBatch]:
        """Yield the rows, or the first of them, piece by piece.

        Cells are text, numbers, whole numbers or switches; anything else, such as a day or a list,
        is text. At least one piece comes, so that a reader knows the columns.
        """
        cells = [
            _as_plain(name, str(kind))
            for name, kind in zip(self.columns, self._relation.types, strict=True)
        ]
        found = self._connection.sql(f"select {', '.join(cells)} {self._source}")
        if most_rows is not None:
            found = found.limit(most_rows)
        reader = found.to_arrow_reader(_ROWS_TOGETHER)
        yield pa.RecordBatch.from_pylist([], schema=reader.schema)
        yield from reader


def _as_plain(name: str, kind: str) -> str:
    """Return a column of an answer as an expression of a type that every file can hold."""
    column = identifier(name)
    if kind in _PLAIN:
        return column
    plain = "DOUBLE" if kind.startswith(_NUMBERS) else "VARCHAR"
    return f"{column}::{plain} as {column}"


@contextmanager
def answered(
    root: Path, tables: Tables, catalogue: Callable[[], pa.Table], sql: object
) -> Iterator[QueryResult]:
    """Yield the answer to a query.

    Parameters
    ----------
    root : Path
        Folder of the results.
    tables : mapping
        Every table of the results, by name.
    catalogue : callable
        Returns the catalogue of the results.
    sql : str
        One statement that reads.

    Raises
    ------
    InputError
        If the query cannot be answered; the message names the tables or columns there are.
    RunError
        If memory or the disk does not suffice.

    Notes
    -----
    Only tables that the query names are opened, each after its bytes were checked. A result with a
    damaged file is left out, with a warning.
    """
    text = checked_text(sql, "a query").strip()
    used = _intact({name: tables[name] for name in tables if _names(text, name)})
    with (
        readable(root) as base,
        tempfile.TemporaryDirectory(prefix="alignsim-") as aside,
        duckdb.connect(":memory:", config={**_CONFIG, "temp_directory": aside}) as connection,
    ):
        try:
            views = Views(connection, root, base)
            if _names(text, NAME):
                views.make_table(NAME, catalogue())
            views.make(used)
            views.close()
            yield QueryResult(connection, text)
        except duckdb.Error as error:
            raise _in_words(error, connection, [NAME, *tables]) from error


def _names(sql: str, table: str) -> bool:
    """Return whether a query may read a table: its name occurs, perhaps in another sense."""
    found = re.search(rf"\b{re.escape(table)}\b", sql, re.IGNORECASE)
    return found is not None or _ASKS_FOR_TABLES.search(sql) is not None


def _intact(tables: Tables) -> dict[str, list[StoredTable]]:
    """Return the tables whose files are as they were written, and warn of the others."""
    found: dict[str, list[StoredTable]] = {}
    damage: dict[Path, str] = {}
    for stored in tables.values():
        for table in stored:
            try:
                table.files.path(table.file)
                if not table.is_parquet:
                    _ = table.columns
            except ResultError as error:
                damage.setdefault(table.entry.place.folder, str(error).splitlines()[0])
    for name, stored in tables.items():
        kept = [table for table in stored if table.entry.place.folder not in damage]
        if kept:
            found[name] = kept
    for reason in damage.values():
        warnings.warn(f"{reason} The result is left out of the answer.", SimWarning, stacklevel=2)
    return found


def _in_words(
    error: duckdb.Error, connection: duckdb.DuckDBPyConnection, tables: Sequence[str]
) -> InputError | RunError:
    """Return an error of DuckDB as one of this project, with what the query could name instead."""
    reason = str(error).split("\n\nLINE ")[0].strip()
    # The first line says what is wrong; others guess at names that no user has.
    kind, _, said = reason.splitlines()[0].partition(": ")
    said = said if kind.endswith("Error") else reason
    if isinstance(error, duckdb.OutOfMemoryException | duckdb.IOException):
        return RunError(f"the query could not be answered: {said}")
    message, remedy = f"the query cannot be answered: {said.rstrip('.!')}.", ""
    if _WRITES.search(said):
        message, remedy = "a query must be one SELECT, which only reads.", _KEEPS
    elif isinstance(error, duckdb.PermissionException):
        message = f"a query reads only the tables of the results: {said.partition(' - ')[0]}."
        remedy = _listed("Tables", tables)
    elif isinstance(error, duckdb.CatalogException):
        remedy = _listed("Tables", tables)
    elif isinstance(error, duckdb.BinderException):
        remedy = "\n  ".join(_listed(f"Columns of {name}", c) for name, c in _columns(connection))
    return InputError([Problem("", 0, message, remedy)])


def _columns(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, list[str]]]:
    """Yield the tables of a connection with their columns."""
    rows = connection.execute(
        "select table_name, list(column_name order by ordinal_position) "
        "from information_schema.columns where table_schema = 'main' "
        "group by table_name order by table_name"
    ).fetchall()
    yield from ((str(name), list(columns)) for name, columns in rows)


def _listed(what: str, names: Sequence[str]) -> str:
    text = f"{what}: {', '.join(names)}."
    return textwrap.fill(text, _WIDTH, subsequent_indent="    ")
