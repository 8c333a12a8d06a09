"""Views in DuckDB over the tables of many results."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from sim.experiment.catalogue.catalogue_table import LEADING
from sim.experiment.store.identity import Kind

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from sim.experiment.catalogue.stored_tables import StoredTable

# Name of the schema with the tables of one kind of result.
SCHEMAS: Mapping[Kind, str] = {"run": "runs", "comparison": "comparisons", "sweep": "sweeps"}
_TYPES = {
    "string": "VARCHAR",
    "yearmonth": "VARCHAR",
    "number": "DOUBLE",
    "integer": "BIGINT",
    "boolean": "BOOLEAN",
}
_INTERNAL = "internal"
# Column with the file that a row comes from, until it is joined to the result.
_FILE = "file of the row"
_Schema = tuple[tuple[str, str], ...]


def quoted(text: str) -> str:
    """Return a text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """Return a name of a column as SQL writes it, whatever its letters."""
    return '"' + name.replace('"', '""') + '"'


@contextmanager
def readable(root: Path) -> Iterator[Path]:
    """Yield a path of a folder that DuckDB accepts: absolute and in UTF-8.

    A folder whose name is not valid UTF-8, which only POSIX systems allow, is reached by a link
    that lasts as long as the context.
    """
    path = Path(os.path.abspath(root))  # noqa: PTH100 (resolve would follow links)
    try:
        str(path).encode("utf-8")
    except UnicodeEncodeError:
        with tempfile.TemporaryDirectory(prefix="alignsim-") as folder:
            link = Path(folder) / "results"
            link.symlink_to(path, target_is_directory=True)
            yield link
    else:
        yield path


class Views:
    """Makes the views of some tables in a connection, and then closes it to all other files.

    Parameters
    ----------
    connection : DuckDBPyConnection
        In memory, new.
    root : Path
        Folder of the results, for the tables.
    base : Path
        The same folder as DuckDB is to be told of it.
    """

    def __init__(self, connection: DuckDBPyConnection, root: Path, base: Path) -> None:
        self._connection = connection
        self._root = root
        self._base = base
        self._allowed: list[str] = []

    def make_table(self, name: str, content: pa.Table) -> None:
        """Make a table of plain rows."""
        self._connection.register("given", content)
        self._connection.execute(f"create table {name} as from given")
        self._connection.unregister("given")

    def make(self, tables: Mapping[str, Sequence[StoredTable]]) -> None:
        """Make a view of each table, over the results of all kinds and over those of each kind."""
        for schema in (_INTERNAL, *SCHEMAS.values()):
            self._connection.execute(f"create schema {schema}")
        self._list_files(table for each in tables.values() for table in each)
        for name, stored in tables.items():
            parts = []
            for kind, schema in SCHEMAS.items():
                own = [table for table in stored if table.entry.place.kind == kind]
                if own:
                    self._make_one(f"{schema}.{identifier(name)}", own)
                    parts.append(f"from {schema}.{identifier(name)}")
            joined = " union all by name ".join(parts)
            self._connection.execute(f"create view main.{identifier(name)} as {joined}")

    def close(self) -> None:
        """Allow no file but those of the views, and no change of any setting."""
        listed = ", ".join(quoted(path) for path in self._allowed)
        self._connection.execute(f"set allowed_paths = [{listed}]")
        self._connection.execute("set enable_external_access = false")
        self._connection.execute("set lock_configuration = true")

    def _path(self, table: StoredTable) -> str:
        inside = table.entry.place.folder.relative_to(self._root)
        return (self._base / inside / table.file).as_posix()

    def _list_files(self, tables: Iterable[StoredTable]) -> None:
        rows = [(self._path(table), table.entry) for table in tables]
        cells = {
            _FILE: [path for path, _ in rows],
            LEADING[0].name: [entry.run_id for _, entry in rows],
            LEADING[1].name: [entry.place.kind for _, entry in rows],
            LEADING[2].name: [entry.place.name for _, entry in rows],
        }
        schema = pa.schema([(name, pa.string()) for name in cells])
        self.make_table(f"{_INTERNAL}.files", pa.table(cells, schema=schema))

    def _make_one(self, view: str, tables: Sequence[StoredTable]) -> None:
        source = " union all by name ".join(self._sources(tables))
        own = self._connection.sql(source).columns
        leading = [column.name for column in LEADING]
        # A lever or an offer may be called like a column that every view has.
        hidden = [name for name in own if name == _FILE or name.lower() in leading]
        exclude = ", ".join(map(identifier, hidden))
        first = ", ".join(f"files.{name}" for name in leading)
        # Names come quoted, and nothing else is from a file.
        chosen = f"select {first}, rows.* exclude ({exclude}) from ({source}) rows"  # noqa: S608
        files = f"join {_INTERNAL}.files files using ({identifier(_FILE)})"
        self._connection.execute(f"create view {view} as {chosen} {files}")

    def _sources(self, tables: Sequence[StoredTable]) -> Iterator[str]:
        """Yield a select for the Parquet files, and one for the CSV files of each schema."""
        named = f"filename = {quoted(_FILE)}"
        paths = [self._path(table) for table in tables if table.is_parquet]
        if paths:
            yield f"from read_parquet({self._listed(paths)}, union_by_name = true, {named})"
        by_schema: dict[_Schema, list[str]] = {}
        for table in tables:
            if not table.is_parquet:
                schema = tuple((column.name, _TYPES[column.kind]) for column in table.columns)
                by_schema.setdefault(schema, []).append(self._path(table))
        for schema, paths in by_schema.items():
            columns = ", ".join(f"{quoted(name)}: {quoted(kind)}" for name, kind in schema)
            yield (
                f"from read_csv({self._listed(paths)}, auto_detect = false, header = true, "
                "delim = ',', quote = '\"', escape = '\"', nullstr = '', "
                f"columns = {{{columns}}}, {named})"
            )

    def _listed(self, paths: Iterable[str]) -> str:
        """Return paths as a list of SQL, and allow them."""
        patterns = {path: re.sub(r"[\[*?]", r"[\g<0>]", path) for path in paths}
        # A pattern is checked as it is written, and then again as the file that it finds.
        self._allowed += dict.fromkeys([*patterns, *patterns.values()])
        return f"[{', '.join(map(quoted, patterns.values()))}]"
