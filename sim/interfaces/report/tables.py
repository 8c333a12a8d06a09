"""The tables of a result as files beside a report: CSV, with their data dictionary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.experiment.comparison import Comparison
from sim.experiment.file_bytes import PACKAGE_FILE, sha256
from sim.experiment.result import Result
from sim.experiment.store.stated_files import StatedFiles
from sim.experiment.tables import RUN_TABLES
from sim.experiment.tables.differences import COMPARISON_TABLES
from sim.experiment.tables.files import csv_bytes, csv_resource, package_bytes

if TYPE_CHECKING:
    from sim.interfaces.report.subject import Reported, Subject

# Larger tables, of sweeps with many points, stay in the folder of the result.
MOST_BYTES = 100_000_000


@dataclass(frozen=True)
class TableFile:
    """A table as CSV.

    Parameters
    ----------
    resource : mapping
        Its entry in the data package: name, description, and the fields with type, unit and
        description.
    content : bytes or None
        The file; None if it is too large to be copied.
    """

    resource: Mapping[str, Any]
    content: bytes | None

    @property
    def name(self) -> str:
        """Name of the table."""
        return str(self.resource["name"])

    @property
    def fields(self) -> list[Mapping[str, Any]]:
        """Its columns."""
        return list(self.resource["schema"]["fields"])


def table_files(result: Reported) -> list[TableFile]:
    """Return the tables of a result, those of a stored one with the bytes that it has."""
    if isinstance(result, Result | Comparison):
        return [*_made(result)]
    files = StatedFiles(result.path, result.manifest)
    return [
        TableFile(
            resource,
            files.content(resource["path"]) if resource["bytes"] <= MOST_BYTES else None,
        )
        for resource in files.resources()
        if resource["format"] == "csv"
    ]


def _made(result: Result | Comparison) -> Iterator[TableFile]:
    for name in RUN_TABLES if isinstance(result, Result) else COMPARISON_TABLES:
        table = result.table(name)
        content = csv_bytes(table)
        yield TableFile(csv_resource(table, len(content), sha256(content)), content)


def csv_files(about: Subject, tables: list[TableFile]) -> dict[str, bytes]:
    """Return the CSV files of a report by name, with the data package that describes them."""
    found = {table.resource["path"]: table.content for table in tables}
    kept = {name: content for name, content in found.items() if content is not None}
    package = {
        "name": about.folder_name.lower(),
        "title": about.title,
        "description": f"Tables of the {about.kind} {about.run_id}, beside its report.",
    }
    resources = [table.resource for table in tables if table.content is not None]
    return {**kept, PACKAGE_FILE: package_bytes(package, resources)}
