"""Fields that the mechanism reads from its records, checked against those that the records have.

Numba says of a missing field only that there is a KeyError, after half a minute. So this is checked
before anything is compiled.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from sim.cache.sources import importers, imports, remembered
from sim.data.parameters import PARAMETER_TABLE, load_parameters
from sim.errors import DataError, Problem
from sim.model.machine.kernel_cache import DECORATORS

if TYPE_CHECKING:
    from sim.cache.sources import Sources

# What functions of the mechanism are compiled by.
COMPILED = {(DECORATORS, "entry"), (DECORATORS, "inlined")}
WEIGHT = "weight"
# Where a field of each record comes from, as a remedy.
_REMEDIES = {
    WEIGHT: f"Give it a row in {PARAMETER_TABLE}, or correct the name.",
    "offer": "Add it to Offer in sim/scenario/schema/offers.py, or correct the name.",
    "provider": "Add it to Provider in sim/scenario/schema/offers.py, or correct the name.",
    "country": "Write a feature of this name in sim/data/features/country.py, or correct the name.",
    "relation": "Add it to TIE_FACTS in sim/data/features/building.py, or correct the name.",
}
_OF_ARRAYS = frozenset({"copy", "dtype", "shape", "size"})


class Read(NamedTuple):
    """A place where a function of the mechanism reads a field of a record."""

    record: str
    field: str
    function: str
    file: str
    line: int


def fields_read(sources: Sources) -> Iterator[Read]:
    """Yield every field that functions of the mechanism read, by the name of the record.

    A record is what is called weight, offer, provider, country or relation, alone or as an
    attribute, with or without an index: ``draw.weight.w_peer``, ``offer.chips``,
    ``world.country[i].need_mw``.
    """
    for module in importers(sources, DECORATORS):
        tree = sources[module]
        if not any(pair in COMPILED for pair in imports(tree)):
            continue
        file = f"{module.replace('.', '/')}.py"
        for function in tree.body:
            if not isinstance(function, ast.FunctionDef):
                continue
            for node in ast.walk(function):
                if isinstance(node, ast.Attribute) and node.attr not in _OF_ARRAYS:
                    record = _name_of(node.value)
                    if record in _REMEDIES:
                        yield Read(record, node.attr, function.name, file, node.lineno)


def _name_of(node: ast.expr) -> str:
    """Return what a record is called: the last name before any index."""
    while isinstance(node, ast.Subscript):
        node = node.value
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def field_problems(
    reads: Collection[Read], records: Mapping[str, Collection[str]], rows: Collection[str]
) -> list[Problem]:
    """Return fields that are read but not there, and rows of the table that nothing reads.

    Parameters
    ----------
    reads : collection of Read
        From `fields_read`.
    records : mapping
        Fields of each record.
    rows : collection of str
        Rows of the parameter table that the mechanism must read.
    """
    problems = [
        Problem(
            read.file,
            read.line,
            f"{read.function} reads {read.record}.{read.field}, which does not exist.",
            _REMEDIES[read.record],
        )
        for read in reads
        if read.field not in records[read.record]
    ]
    used = {read.field for read in reads if read.record == WEIGHT}
    remedy = "Read it as draw.weight.NAME in sim/model/mechanism/, or delete the row."
    problems += [
        Problem(PARAMETER_TABLE, 0, f"no function reads {name}.", remedy.replace("NAME", name))
        for name in sorted({*rows} - used)
    ]
    return problems


@cache
def _shipped_reads() -> tuple[Read, ...]:
    """Return what the shipped mechanism reads; kept on disk, because parsing takes long."""
    kept = remembered("fields", lambda sources: json.dumps([*fields_read(sources)]))
    return tuple(Read(*read) for read in json.loads(kept))


def check_fields(records: Mapping[str, Collection[str]]) -> None:
    """Refuse a mechanism that reads a field that does not exist, or leaves out a number.

    Parameters
    ----------
    records : mapping
        Fields of offer, provider, country and relation.

    Raises
    ------
    DataError
        With each place, and what to do.
    """
    table = load_parameters()
    rows = [name for name, row in table.items() if row.group != "features"]
    problems = field_problems(_shipped_reads(), {**records, WEIGHT: table}, rows)
    if problems:
        raise DataError(problems)
