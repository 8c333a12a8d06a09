"""Values of a scenario file that remember where they were written, and how layers merge."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sim.errors import Problem

Scalar: TypeAlias = str | int | float | bool | None
Plain: TypeAlias = "Scalar | list[Plain] | dict[str, Plain]"
Path: TypeAlias = tuple[str | int, ...]

# Maps whose entries have names of the author's choosing: only there does null remove an entry.
_REMOVABLE_PARENTS: tuple[tuple[str, ...], ...] = (
    ("providers",),
    ("providers", "*", "offers"),
    ("levers",),
    ("parameters",),
    ("uncertainties",),
    ("corporate_ties",),
    ("corporate_ties", "*"),
)
_LONGEST_KEY = 80
_REMOVABLE_KEYS = frozenset({"events", "initial", "sources", "corporate_ties", "countries"})


@dataclass(slots=True)
class Node:
    """A value with the key it stands under and the place where that key was written.

    Parameters
    ----------
    value : scalar, list of Node, or dict of Node
        The content.
    key : str or int or None
        Key or position in the parent as written; None at the top.
    file, line : str, int
        Where it was written; line 0 for values that come from code.
    """

    value: Scalar | list[Node] | dict[str, Node]
    key: str | int | None = None
    file: str = ""
    line: int = 0


def from_plain(value: Plain, key: str | int | None = None, file: str = "") -> Node:
    """Return plain data as nodes without lines."""
    if isinstance(value, dict):
        return Node({k: from_plain(v, k, file) for k, v in value.items()}, key, file)
    if isinstance(value, list):
        return Node([from_plain(v, k, file) for k, v in enumerate(value)], key, file)
    return Node(value, key, file)


def to_plain(node: Node) -> Plain:
    """Return the data of a node and all below it, without places."""
    if isinstance(node.value, dict):
        return {key: to_plain(child) for key, child in node.value.items()}
    if isinstance(node.value, list):
        return [to_plain(child) for child in node.value]
    return node.value


def trail(root: Node, path: Sequence[str | int]) -> list[Node]:
    """Return the nodes along a path as far as they exist, the root first."""
    nodes = [root]
    for part in path:
        value = nodes[-1].value
        if isinstance(value, dict):
            below = value.get(part) if isinstance(part, str) else None
        elif isinstance(value, list) and isinstance(part, int) and 0 <= part < len(value):
            below = value[part]
        else:
            below = None
        if below is None:
            break
        nodes.append(below)
    return nodes


def at(root: Node, path: Sequence[str | int]) -> Node | None:
    """Return the node at a path, or None where there is none."""
    nodes = trail(root, path)
    return nodes[-1] if len(nodes) == len(path) + 1 else None


def dotted(path: Sequence[str | int]) -> str:
    """Return a path as people write it: ``events[0].set``."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            name = part if len(part) <= _LONGEST_KEY else f"{part[: _LONGEST_KEY - 3]}..."
            # A key may hold anything at all, and the message goes to a terminal.
            name = name if name.isprintable() else ascii(name)
            text += f".{name}" if text else name
    return text


def is_removable(path: Path) -> bool:
    """Return whether null at this path removes an inherited entry."""
    if len(path) == 1:
        return path[0] in _REMOVABLE_KEYS
    parent = path[:-1]
    return any(
        len(pattern) == len(parent)
        and all(want in ("*", have) for want, have in zip(pattern, parent, strict=True))
        for pattern in _REMOVABLE_PARENTS
    )


def merge(
    parent: Node | None,
    child: Node,
    path: Path,
    report: Callable[[Problem], None],
    suggest: Callable[[str, Sequence[str]], str],
) -> Node:
    """Return ``child`` laid over ``parent``: maps merge key by key, all else is replaced.

    Null under a name of the author's choosing removes the inherited entry; where there is none to
    remove it is reported, because it is nearly always a misspelt name.
    """
    if not isinstance(child.value, dict):
        return child
    inherited = parent.value if parent is not None and isinstance(parent.value, dict) else {}
    merged = dict(inherited)
    for key, value in child.value.items():
        below = (*path, key)
        if value.value is None and is_removable(below):
            if merged.pop(key, None) is None:
                report(_removes_nothing(below, value, suggest(key, list(inherited))))
        else:
            merged[key] = merge(inherited.get(key), value, below, report, suggest)
    return Node(merged, child.key, child.file, child.line)


def _removes_nothing(path: Path, node: Node, hint: str) -> Problem:
    return Problem(
        node.file,
        node.line,
        f"{dotted(path)} is empty: it removes an inherited entry, and there is none of that name.",
        hint or "Give it a value, or delete the line.",
    )


def leaves(node: Node, path: Path = ()) -> list[Path]:
    """Return the paths of all scalars and lists at or below a node."""
    if not isinstance(node.value, dict):
        return [path]
    return [leaf for key, child in node.value.items() for leaf in leaves(child, (*path, key))]


def without_overruled(parent: Node, child: Node) -> Node:
    """Return ``parent`` without the distributions of numbers that ``child`` writes down.

    A number that is set later is meant to hold: it drops an inherited distribution of the same
    address unless the same layer gives a distribution too.
    """
    inherited = parent.value.get("uncertainties") if isinstance(parent.value, dict) else None
    if inherited is None or not isinstance(inherited.value, dict):
        return parent
    assert isinstance(parent.value, dict)
    kept = _entries(child, "uncertainties")
    written = {
        dotted((group, *leaf))
        for group in ("parameters", "providers", "corporate_ties")
        if isinstance(child.value, dict) and group in child.value
        for leaf in leaves(child.value[group])
    }
    left = {
        address: node
        for address, node in inherited.value.items()
        if address not in written or address in kept
    }
    block = Node(left, inherited.key, inherited.file, inherited.line)
    return Node({**parent.value, "uncertainties": block}, parent.key, parent.file, parent.line)


def _entries(node: Node, key: str) -> Mapping[str, Node]:
    block = node.value.get(key) if isinstance(node.value, dict) else None
    return block.value if block is not None and isinstance(block.value, dict) else {}
