"""Misspelt keys of a file: reported, and read as what was probably meant.

If a value were refused for its key, its absence would cause more problems: all references to an
offer under ``offres`` would lead nowhere. When it is read as meant, one slip is one problem.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import Problem
from sim.scenario.addresses import FieldSpec, block_fields
from sim.scenario.reading.nodes import Node, Path, dotted
from sim.scenario.schema.file import FILE_KEYS, ScenarioFile
from sim.scenario.wording import bounded_guessing, nearest

if TYPE_CHECKING:
    from pydantic import BaseModel

# Stricter than for a mere suggestion: the meaning must be all but certain.
_ALIKE = 0.75


def mend_keys(root: Node, block: type[BaseModel] = ScenarioFile) -> list[Problem]:
    """Move values under misspelt keys to the right key, in place; return the problems.

    A key is mended if the schema has a very similar key that the file does not use. For messages,
    the values remember the keys that were written.

    Parameters
    ----------
    root : Node
        Content of a file.
    block : type
        Schema of the file.

    Examples
    --------
    >>> from sim.scenario.reading.nodes import from_plain, to_plain
    >>> root = from_plain({"extend": "baseline", "horizon": {"strat": "2026-01"}})
    >>> [problem.message for problem in mend_keys(root)]
    ['extend is not a known key.', 'horizon.strat is not a known key.']
    >>> to_plain(root)
    {'horizon': {'start': '2026-01'}, 'extends': 'baseline'}
    """
    problems: list[Problem] = []
    with bounded_guessing():
        _mend(root, FieldSpec("map", block=block), (), problems)
    return problems


def _mend(node: Node, spec: FieldSpec | None, path: Path, problems: list[Problem]) -> None:
    """Mend the keys of a block of the schema, or of each entry of a map or list of blocks."""
    if spec is None or spec.block is None:
        return
    if spec.entry is not None:
        for below in _below(node):
            _mend(below, spec.entry, (*path, below.key or ""), problems)
    elif isinstance(node.value, dict):
        known = block_fields(spec.block)
        names = {*known, *FILE_KEYS} if spec.block is ScenarioFile else {*known}
        needed = {k for k, field in spec.block.model_fields.items() if field.is_required()}
        for key in [key for key in node.value if key not in names]:
            _mend_key(node.value, key, names, needed, (*path, key), problems)
        for key, below in node.value.items():
            _mend(below, known.get(key), (*path, below.key or key), problems)


def _below(node: Node) -> list[Node]:
    if isinstance(node.value, dict):
        return [*node.value.values()]
    return node.value if isinstance(node.value, list) else []


def _mend_key(
    content: dict[str, Node],
    key: str,
    names: set[str],
    needed: set[str],
    path: Path,
    problems: list[Problem],
) -> None:
    left = names - content.keys()
    # A required key that is absent is meant even if little of it is left: 'olw' is 'low'.
    meant = nearest(key, left, _ALIKE) or nearest(key, left & needed)
    if meant is None or content[key].value is None:
        return
    below = content[key]
    message = f"{dotted(path)} is not a known key."
    problems.append(Problem(below.file, below.line, message, f"Did you mean '{meant}'?"))
    content[meant] = content.pop(key)
