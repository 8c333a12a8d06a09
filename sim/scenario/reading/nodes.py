"""Values of a scenario file that remember where they were written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

Scalar: TypeAlias = str | int | float | bool | None
Plain: TypeAlias = "Scalar | list[Plain] | dict[str, Plain]"
Path: TypeAlias = tuple[str | int, ...]

_LONGEST_KEY = 80


@dataclass(slots=True)
class Node:
    """A value with its key and the place where that key was written.

    Parameters
    ----------
    value : scalar, list of Node, or dict of Node
        The content.
    key : str or int or None
        Key or position in the parent as written; None at the top.
    file, line : str, int
        Where it was written; line 0 for values set in code.
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
    """Return the data of a node and everything below it, without places."""
    if isinstance(node.value, dict):
        return {key: to_plain(child) for key, child in node.value.items()}
    if isinstance(node.value, list):
        return [to_plain(child) for child in node.value]
    return node.value


def trail(root: Node, path: Sequence[str | int]) -> list[Node]:
    """Return the nodes along a path as far as they exist, starting with the root."""
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
    """Return the node at a path, or None if there is none."""
    nodes = trail(root, path)
    return nodes[-1] if len(nodes) == len(path) + 1 else None


def dotted(path: Sequence[str | int]) -> str:
    """Return a path in dotted form: ``events[0].set``."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            name = part if len(part) <= _LONGEST_KEY else f"{part[: _LONGEST_KEY - 3]}..."
            # A key may contain anything, and the message goes to a terminal.
            name = name if name and name.isprintable() else ascii(name)
            text += f".{name}" if text else name
    return text


def leaves(node: Node, path: Path = ()) -> list[Path]:
    """Return the paths of all scalars and lists at or below a node."""
    if not isinstance(node.value, dict):
        return [path]
    return [leaf for key, child in node.value.items() for leaf in leaves(child, (*path, key))]
