"""The generated parts of docs/results.md: every view and column that a query can name.

They come from the tables themselves: the same descriptions go into the data dictionary of every
result. ``make docs`` writes them; tests hold them current.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from sim.experiment.catalogue.catalogue_table import COLUMNS, LEADING
from sim.experiment.catalogue.views import SCHEMAS
from sim.experiment.result import run_futures
from sim.experiment.store.identity import Kind
from sim.experiment.sweeps.designs.design import Design
from sim.experiment.sweeps.designs.swept import SweptField
from sim.experiment.sweeps.fields_table import fields_table
from sim.experiment.sweeps.point_tables import table_heads
from sim.experiment.sweeps.running import plan_sweep
from sim.experiment.tables import RUN_TABLES
from sim.experiment.tables.differences import COMPARISON_TABLES, Pair
from sim.experiment.tables.table import Column, Table
from sim.interfaces.generated.sections import markdown_table
from sim.model.ensemble import Ensemble
from sim.scenario import load_scenario
from sim.scenario.reading.shipped import shipped

# One of the present facts, and one of the facts of an earlier month, whose tables say so.
_SCENARIOS = (("baseline.yaml",), ("history", "gpai.yaml"))
# Enough for columns, which do not depend on what happens.
_FUTURES = 4
_LEVER = "linkage"
_FIELD = "<field>"
_HEADS = ["column", "type", "unit", "what it means"]

_Rename = Callable[[str], str]
_Columns = dict[str, Column]
# Tables by kind of result and name: description, and columns by name.
_Documented = dict[tuple[Kind, str], tuple[str, _Columns]]


def generated_sections() -> dict[str, str]:
    """Return the generated text of docs/results.md by section."""
    return {
        "catalogue": _as_markdown(COLUMNS),
        "leading": _as_markdown(LEADING),
        "views": "\n".join(_views()).strip(),
    }


def _views() -> Iterator[str]:
    found = documented_tables()
    for name in dict.fromkeys(name for _, name in found):
        for kind, schema in SCHEMAS.items():
            if (kind, name) in found:
                description, columns = found[kind, name]
                yield f"### {name} of {schema}"
                yield ""
                yield f"`{name}`, `{schema}.{name}`: {description}"
                yield ""
                yield _as_markdown(columns.values())
                yield ""


def documented_tables() -> _Documented:
    """Return every table that a result can have, with placeholders for names that differ."""
    paths = [shipped("scenarios", *parts) for parts in _SCENARIOS]
    ensembles = [run_futures(load_scenario(path), _FUTURES, 1) for path in paths]
    found: _Documented = {}
    for ensemble in ensembles:
        rename = _placeholders(ensemble)
        _add(found, "run", (make(ensemble) for make in RUN_TABLES.values()), rename)
    first = ensembles[0]
    pair = Pair(first, first)
    tables = (make(pair) for make in COMPARISON_TABLES.values())
    _add(found, "comparison", tables, _placeholders(first))
    swept = plan_sweep(first.scenario, Design.grid({_LEVER: [0, 1]}))
    heads = [*table_heads(swept.fields), fields_table(swept)]
    _add(found, "sweep", heads, _field_placeholders(swept.fields[0]))
    return found


def _add(found: _Documented, kind: Kind, tables: Iterable[Table], rename: _Rename) -> None:
    """Add tables; of columns that differ in a name only, the first."""
    for table in tables:
        _, columns = found.setdefault((kind, table.name), (table.description, {}))
        for column in table.columns:
            name = rename(column.name)
            text = rename(column.description)
            unit = "that of the number" if name == _FIELD else column.unit
            columns.setdefault(name, Column(name, column.kind, unit, text))


def _placeholders(ensemble: Ensemble) -> _Rename:
    """Return a function that puts placeholders for the names of providers and offers."""
    names = dict.fromkeys(ensemble.axes.offer, "<offer>")
    return _replacing(names | dict.fromkeys(ensemble.axes.provider, "<provider>"))


def _field_placeholders(field: SweptField) -> _Rename:
    """Return a function that puts placeholders for the number that a sweep sets."""
    names = {field.name: _FIELD, field.address: "<address>"}
    return _replacing(names | {field.spec.description: "<its meaning>."})


def _replacing(names: Mapping[str, str]) -> _Rename:
    longest_first = sorted(names, key=len, reverse=True)
    pattern = re.compile(
        rf"(?<![A-Za-z0-9])({'|'.join(map(re.escape, longest_first))})(?![A-Za-z0-9])"
    )
    return lambda text: pattern.sub(lambda found: names[found[0]], text)


def _as_markdown(columns: Iterable[Column]) -> str:
    rows = [[f"`{c.name}`", c.kind, c.unit, c.description] for c in columns]
    cells = [[cell.replace("|", "/").replace("<", "&lt;") for cell in row[1:]] for row in rows]
    return markdown_table([[row[0], *rest] for row, rest in zip(rows, cells, strict=True)], _HEADS)
