"""The origin of every column: unit, definition, source, year, licence, coverage, caveat, role."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from sim.errors import DataError, Problem

FILE_NAME = "provenance.yaml"

# Types a column may have; what each accepts is checked in table_checks.
COLUMN_TYPES = ("iso3", "place", "text", "number", "integer", "flag", "year", "date", "choice")
NUMERIC_TYPES = ("number", "integer", "flag", "year")
ROLES = ("feature", "reader")
# The licence of what nobody owns, and need not be credited.
PLAIN_FACTS = "plain facts"
_SOURCE_FIELDS = ("title", "publisher", "year", "licence", "read_from")
_COLUMN_FIELDS = (
    ("type", "unit", "definition", "sources", "year", "coverage", "caveat", "role"),
    ("required", "min", "max", "choices", "bloc"),
)


@dataclass(frozen=True)
class Source:
    """Where figures come from, under which terms, and how they were read."""

    key: str
    title: str
    publisher: str
    year: int
    licence: str
    read_from: str


@dataclass(frozen=True)
class ColumnRecord:
    """The record of one column of one table.

    ``year`` is the year of the figures or the name of the column that gives it row by row;
    ``coverage`` is the number of rows with a value; ``role`` is *feature* if the model uses the
    column and *reader* if it is only shown.
    """

    table: str
    name: str
    type: str
    unit: str
    definition: str
    sources: tuple[str, ...]
    year: str
    coverage: int
    caveat: str
    role: str
    licence: str
    required: bool = False
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    is_bloc: bool = False

    @property
    def is_numeric(self) -> bool:
        """Whether the cells are numbers."""
        return self.type in NUMERIC_TYPES


@dataclass(frozen=True)
class TableRecord:
    """The record of one table: what a row is, its key, and its columns in order."""

    name: str
    title: str
    key: tuple[str, ...]
    caveat: str
    columns: Mapping[str, ColumnRecord]


@dataclass(frozen=True)
class Provenance:
    """Records of all tables, sources, and works cited by the parameter table."""

    tables: Mapping[str, TableRecord]
    sources: Mapping[str, Source]
    references: Mapping[str, Source]

    def column(self, table: str, name: str) -> ColumnRecord:
        """Return the record of one column.

        Examples
        --------
        >>> from pathlib import Path
        >>> records = load_provenance(Path(__file__).parent / "tables")
        >>> records.column("country_panel", "liberal_democracy").licence
        'CC BY-SA 4.0'
        """
        return self.tables[table].columns[name]


def _check_fields(
    place: str, record: Any, needed: tuple[str, ...], allowed: tuple[str, ...]
) -> list[str]:
    """Return in words what is wrong with the keys of one record."""
    if not isinstance(record, dict):
        return [f"{place} must be a mapping of fields"]
    missing = [f"{place}.{key} is missing" for key in needed if key not in record]
    unknown = [
        f"{place}.{key} is not a known field" for key in record if key not in (*needed, *allowed)
    ]
    return missing + unknown


def _build_sources(records: Mapping[str, Any]) -> Mapping[str, Source]:
    return MappingProxyType({key: Source(key, **record) for key, record in records.items()})


def _build_column(
    table: str, name: str, record: Mapping[str, Any], sources: Mapping[str, Source]
) -> ColumnRecord:
    keys = tuple(record["sources"])
    licences = dict.fromkeys(sources[key].licence for key in keys)
    return ColumnRecord(
        table=table,
        name=name,
        type=record["type"],
        unit=record["unit"],
        definition=record["definition"],
        sources=keys,
        year=str(record["year"]),
        coverage=int(record["coverage"]),
        caveat=record["caveat"],
        role=record["role"],
        licence=" and ".join(licences),
        required=bool(record.get("required", False)),
        minimum=record.get("min"),
        maximum=record.get("max"),
        choices=tuple(record.get("choices", ())),
        is_bloc=bool(record.get("bloc", False)),
    )


def _complaints(raw: Any) -> list[str]:
    """Return in words everything wrong with the parsed file."""
    top = ("sources", "references", "tables")
    found = _check_fields("the file", raw, top, ())
    if found:
        return found
    for group in ("sources", "references"):
        for key, record in raw[group].items():
            found += _check_fields(f"{group}.{key}", record, _SOURCE_FIELDS, ())
    for name, table in raw["tables"].items():
        wrong = _check_fields(f"tables.{name}", table, ("title", "key", "caveat", "columns"), ())
        found += wrong
        for column, record in {} if wrong else table["columns"].items():
            place = f"tables.{name}.columns.{column}"
            wrong = _check_fields(place, record, *_COLUMN_FIELDS)
            found += wrong
            found += [] if wrong else _column_complaints(place, record, raw["sources"])
    return found


def _column_complaints(
    place: str, record: Mapping[str, Any], sources: Mapping[str, Any]
) -> list[str]:
    """Return in words what is wrong with the values of one column record."""
    found = []
    if not _is_list_of_texts(record["sources"]) or not record["sources"]:
        found.append(f"{place}.sources must be a list of keys such as [WDI]")
    else:
        found += [
            f"{place}.sources names {key!r}, which has no record under sources at the head of the "
            "file"
            for key in record["sources"]
            if key not in sources
        ]
    if record["type"] not in COLUMN_TYPES:
        found.append(f"{place}.type = {record['type']!r} must be one of {', '.join(COLUMN_TYPES)}")
    if record["role"] not in ROLES:
        found.append(f"{place}.role = {record['role']!r} must be one of {', '.join(ROLES)}")
    if (record["type"] == "choice") != _is_list_of_texts(record.get("choices")):
        found.append(
            f"{place}.choices must be a list of words where type is choice, and only there"
        )
    found += [
        f"{place}.{name} must be a text that is not empty"
        for name in ("unit", "definition")
        if not isinstance(record[name], str) or not record[name].strip()
    ]
    if not _is_whole(record["coverage"]):
        found.append(f"{place}.coverage = {record['coverage']!r} must be a whole number")
    bounds = {name: record[name] for name in ("min", "max") if name in record}
    wrong = [name for name, bound in bounds.items() if not _is_number(bound)]
    found += [f"{place}.{name} = {bounds[name]!r} must be a number" for name in wrong]
    if len(bounds) == 2 and not wrong and bounds["min"] > bounds["max"]:
        found.append(f"{place}.min = {bounds['min']} is above max = {bounds['max']}")
    return found


def _is_list_of_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(entry, str) for entry in value)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _repeated_keys(node: Any, place: str = "") -> Iterator[tuple[int, str]]:
    """Yield line and name of every key that stands twice in a mapping, of which YAML keeps one."""
    if isinstance(node, yaml.SequenceNode):
        for entry in node.value:
            yield from _repeated_keys(entry, place)
    if not isinstance(node, yaml.MappingNode):
        return
    seen = set()
    for key, value in node.value:
        name = f"{place}.{key.value}" if place else str(key.value)
        if key.value in seen:
            yield key.start_mark.line + 1, name
        seen.add(key.value)
        yield from _repeated_keys(value, name)


def load_provenance(folder: Path) -> Provenance:
    """Load the provenance records of a folder of tables.

    Parameters
    ----------
    folder : Path
        Folder with ``provenance.yaml``.

    Returns
    -------
    Provenance

    Raises
    ------
    DataError
        If the file is missing, is not YAML, or a record lacks a field or names an unknown source.
    """
    path = folder / FILE_NAME
    remedy = "Restore the file from the project's repository."
    try:
        text = path.read_text("utf-8")
        # The C reader is ten times as fast, if PyYAML was built with it.
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
        node = loader.get_single_node()
        raw: Any = None if node is None else loader.construct_document(node)
    except (OSError, UnicodeDecodeError) as error:
        raise DataError([Problem(str(path), 0, f"cannot be read: {error}.", remedy)]) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 0
        rule = f"is not valid YAML: {getattr(error, 'problem', None) or 'cannot be parsed'}."
        remedy = "Compare the indentation and the quotes with the record above."
        raise DataError([Problem(str(path), line, rule, remedy)]) from None
    if repeated := [*_repeated_keys(node)]:
        remedy = "Keep one of the two."
        raise DataError(
            [Problem(str(path), line, f"{name} stands twice.", remedy) for line, name in repeated]
        )
    complaints = _complaints(raw)
    if complaints:
        remedy = "The head of the file lists types, roles and fields; compare its other records."
        raise DataError([Problem(str(path), 0, f"{text}.", remedy) for text in complaints])
    sources = _build_sources(raw["sources"])
    tables = {
        name: TableRecord(
            name=name,
            title=record["title"],
            key=tuple(record["key"]),
            caveat=record["caveat"],
            columns=MappingProxyType(
                {
                    column: _build_column(name, column, fields, sources)
                    for column, fields in record["columns"].items()
                }
            ),
        )
        for name, record in raw["tables"].items()
    }
    return Provenance(MappingProxyType(tables), sources, _build_sources(raw["references"]))
