"""What stands behind each term of utility: the numbers of a scenario and the features it reads.

Read from the sources of the rule, so that a new term is explained without being listed here.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from sim.cache.sources import remembered
from sim.model.mechanism.terms import TERM_NAMES
from sim.model.world.building import OFFER_FIELDS, PROVIDER_FIELDS

if TYPE_CHECKING:
    from sim.cache.sources import Trees

WEIGHT, OFFER, PROVIDER = "weight", "offer", "provider"
COUNTRY, RELATION, PEERS = "country", "relation", "peers"
_RECORDS = (WEIGHT, OFFER, PROVIDER, COUNTRY, RELATION)
_RULE = "sim.model.mechanism."
# Drivers of the rule, not the rule: they have functions of the same names.
_DRIVERS = ("block", "entries", "observed", "scored")
# Terms about what the rivals of an offer's provider could do.
OF_RIVALS = ("retaliation",)


class Ground(NamedTuple):
    """Something that a term reads: a field of a record.

    ``record`` is weight, offer, provider, country or relation (towards a provider); peers is the
    weight of each peer.
    """

    record: str
    field: str


# What fills an array of the state that a term reads: functions, and fields that none of them names.
# An array that is called like a function of the rule is filled by it.
_FILLED: Mapping[str, tuple[tuple[str, ...], tuple[Ground, ...]]] = {
    "offer_mw": (("taken_mw",), ()),
    "ready": (("power",), (Ground(COUNTRY, "readiness"), Ground(WEIGHT, "readiness_exponent"))),
    "concern": (("relax", "forgetting"), (Ground(COUNTRY, "base_concern"),)),
    "conceded": (("concede",), ()),
    "peer_share": ((), (Ground(PEERS, "weight"),)),
    "taste": (
        ("kind_of",),
        tuple(Ground(WEIGHT, f"taste_sd_{name}") for name in ("provider", "kind", "path")),
    ),
}


@cache
def grounds_of_terms() -> Mapping[str, tuple[Ground, ...]]:
    """Return what each term of utility reads, in the order in which it reads it.

    Examples
    --------
    >>> grounds_of_terms()["coordination"]
    (Ground(record='offer', field='exclusivity'), Ground(record='weight', field='w_hedge'))
    """
    kept = json.loads(remembered("grounds", lambda trees: json.dumps(read_grounds(trees))))
    return MappingProxyType(
        {term: tuple(Ground(*pair) for pair in kept[term]) for term in TERM_NAMES}
    )


def read_grounds(trees: Trees) -> dict[str, list[Ground]]:
    """Return what each term reads, directly and through what it calls."""
    functions = {
        node.name: node
        for module in trees
        if module.startswith(_RULE) and module.removeprefix(_RULE) not in _DRIVERS
        for node in trees[module].body
        if isinstance(node, ast.FunctionDef)
    }
    # The value of waiting is worked out once a month and passed on.
    roots = {term: [term] for term in TERM_NAMES} | {"waiting": ["waiting", "waiting_value"]}
    return {
        term: list(dict.fromkeys(_reads(functions, names, set()))) for term, names in roots.items()
    }


def _reads(
    functions: Mapping[str, ast.FunctionDef], names: list[str], seen: set[str]
) -> Iterator[Ground]:
    """Yield what some functions read; `seen` are those that are done, and is modified in place."""
    for name in names:
        if name in seen or name not in functions:
            continue
        seen.add(name)
        for node in _in_order(functions[name]):
            if isinstance(node, ast.Name):
                yield from _reads(functions, [node.id], seen)
            elif node.attr in _FILLED:
                fillers, fields = _FILLED[node.attr]
                yield from fields
                yield from _reads(functions, list(fillers), seen)
            elif _name_of(node.value) == "state":
                yield from _reads(functions, [node.attr], seen)
            elif (record := _name_of(node.value)) in _RECORDS:
                yield from _of_record(record, node.attr)


def _in_order(function: ast.FunctionDef) -> list[ast.Name | ast.Attribute]:
    """Return the names that a function calls and the attributes that it reads, as written."""
    found: list[ast.Name | ast.Attribute] = []
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            found.append(node.func)
        elif isinstance(node, ast.Attribute):
            found.append(node)
    return sorted(found, key=lambda node: (node.lineno, node.col_offset))


def _name_of(node: ast.expr) -> str:
    """Return what is before a dot is called: the last name before any index."""
    while isinstance(node, ast.Subscript):
        node = node.value
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _of_record(record: str, field: str) -> Iterator[Ground]:
    """Yield a field of a record, unless it tells records apart and is no number."""
    known = {OFFER: OFFER_FIELDS, PROVIDER: PROVIDER_FIELDS}.get(record)
    if known is None or field in known:
        yield Ground(record, field)
