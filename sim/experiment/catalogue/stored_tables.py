"""Which file of which result holds each table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from sim.errors import ResultError
from sim.experiment.catalogue.catalogue_table import NAME
from sim.experiment.catalogue.entries import Entry
from sim.experiment.file_bytes import PACKAGE_FILE
from sim.experiment.store.manifest import AGAIN
from sim.experiment.store.stated_files import StatedFiles
from sim.experiment.tables.files import column_of

if TYPE_CHECKING:
    from sim.experiment.tables.table import Column

# Tables of any version; one that is called like the catalogue would hide it.
_TABLE_NAME = re.compile(r"[a-z][a-z0-9_]*")
PARQUET, CSV = ".parquet", ".csv"


@dataclass(frozen=True)
class StoredTable:
    """One table of one result.

    Parameters
    ----------
    name : str
    entry : Entry
        The result, which is whole.
    files : StatedFiles
        Its files.
    file : str
        Name of the file: the Parquet twin, or the CSV where there is none.
    """

    name: str
    entry: Entry
    files: StatedFiles
    file: str

    @property
    def is_parquet(self) -> bool:
        """Whether the file is Parquet."""
        return self.file.endswith(PARQUET)

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns as the data dictionary of the result describes them.

        Raises
        ------
        ResultError
            If the data dictionary is damaged or does not describe the table.
        """
        try:
            (resource,) = (r for r in self.files.resources() if r["path"] == self.file)
            return tuple(column_of(field) for field in resource["schema"]["fields"])
        except (KeyError, TypeError, ValueError) as error:
            raise ResultError(
                f"{self.files.folder / PACKAGE_FILE} does not describe {self.file}.\n  {AGAIN}"
            ) from error


def stored_tables(entries: Iterable[Entry]) -> dict[str, list[StoredTable]]:
    """Return every table of the results that are whole, by its name.

    Parameters
    ----------
    entries : iterable of Entry
        Results that are not whole are left out.
    """
    found: dict[str, list[StoredTable]] = {}
    for entry in entries:
        if not entry.is_whole or entry.manifest is None:
            continue
        files = StatedFiles(entry.place.folder, entry.manifest)
        for name, file in _tables_in(entry.manifest["files"]).items():
            found.setdefault(name, []).append(StoredTable(name, entry, files, file))
    return found


def _tables_in(stated: Mapping[str, Any]) -> dict[str, str]:
    """Return the file of each table, Parquet where there is both."""
    found: dict[str, str] = {}
    for suffix in (CSV, PARQUET):
        for file in stated:
            path = PurePath(file)
            if path.suffix == suffix and _TABLE_NAME.fullmatch(path.stem) and path.stem != NAME:
                found[path.stem] = file
    return found
