"""Syntax trees without what only shows: how a result looks in a notebook changes no number.

A digest of code names results and says which evidence is current. With these base classes in it,
a class that learns to show itself would give every run another identifier.
"""

from __future__ import annotations

import ast
import copy
from typing import TYPE_CHECKING, TypeGuard

if TYPE_CHECKING:
    from collections.abc import Collection

    from sim.cache.sources import Trees

# The package of the base classes. It belongs to no stage that digests cover.
DISPLAY = "sim.notebook"


def without_display(trees: Trees, modules: Collection[str]) -> Trees:
    """Return the trees of some modules without imports from `DISPLAY`, and the bases from there.

    Parameters
    ----------
    trees : mapping
        By dotted name, as `sim.cache.sources.read_sources` returns them; not changed.
    modules : collection of str
        Dotted names.
    """
    return {name: _without(trees[name]) for name in modules}


def _without(tree: ast.Module) -> ast.Module:
    bases = {
        alias.asname or alias.name
        for node in tree.body
        if _is_of_display(node)
        for alias in node.names
    }
    if not bases:
        return tree
    body = [_without_bases(node, bases) for node in tree.body if not _is_of_display(node)]
    return ast.Module(body, tree.type_ignores)


def _is_of_display(node: ast.stmt) -> TypeGuard[ast.ImportFrom]:
    return isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{DISPLAY}.")


def _without_bases(node: ast.stmt, bases: set[str]) -> ast.stmt:
    if not isinstance(node, ast.ClassDef):
        return node
    found = copy.copy(node)
    found.bases = [
        base for base in node.bases if not (isinstance(base, ast.Name) and base.id in bases)
    ]
    return found
