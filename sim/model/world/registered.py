"""Terms of utility that are registered in part: refused before a run names its reasons wrongly."""

from __future__ import annotations

import ast
import inspect
from typing import TYPE_CHECKING

from sim.errors import DataError, Problem
from sim.model.mechanism import terms

if TYPE_CHECKING:
    from collections.abc import Iterable

TERMS_FILE = "sim/model/mechanism/terms.py"


def _calls_of(tree: ast.Module, function: str) -> list[str]:
    """Return the functions that a function of a module calls, in their order."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == function:
            calls = [n for n in ast.walk(node) if isinstance(n, ast.Call)]
            calls.sort(key=lambda call: (call.lineno, call.col_offset))
            return [call.func.id for call in calls if isinstance(call.func, ast.Name)]
    return []


def half_registered(tree: ast.Module, settled: Iterable[str], moving: Iterable[str]) -> list[str]:
    """Return what is missing of each term in the module of the terms."""
    settled, moving = [*settled], [*moving]
    wanted = {
        "fill_terms": [*settled, *moving],
        "settled_utility": settled,
        # Taste is what an outsider cannot see.
        "expected_utility": [name for name in moving if name != "taste"],
    }
    defined = {n.name for n in tree.body if isinstance(n, ast.FunctionDef)}
    found = [
        f"there is no function {name}, which is listed as a term."
        for name in wanted["fill_terms"]
        if name not in defined
    ]
    for function, names in wanted.items():
        called = [name for name in _calls_of(tree, function) if name in defined]
        found += [
            f"{function} leaves out the term {name}: add its line."
            for name in names
            if name not in called
        ]
        if {*called} == {*names} and called != names:
            found.append(f"{function} has the terms in another order than listed.")
    return found


def check_terms() -> None:
    """Refuse a mechanism in which a term is registered in part.

    Raises
    ------
    DataError
        With each list or sum that leaves a term out.
    """
    tree = ast.parse(inspect.getsource(terms))
    missing = half_registered(tree, terms.SETTLED_TERMS, terms.MOVING_TERMS)
    if missing:
        remedy = "See CONTRIBUTING.md, how to add a term of utility."
        raise DataError([Problem(TERMS_FILE, 0, text, remedy) for text in missing])
