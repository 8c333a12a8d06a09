"""Laying one file over what it builds on: maps merge, lists are replaced, null removes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from sim.data.parameters import load_parameters
from sim.errors import Problem
from sim.scenario.reading.nodes import Node, Path, at, dotted, leaves
from sim.scenario.wording import PARAMETERS_PAGE, suggest

# Maps whose entries are named by the author: only there does null remove an entry.
_REMOVABLE_PARENTS: tuple[tuple[str, ...], ...] = (
    ("providers",),
    ("providers", "*", "offers"),
    ("levers",),
    ("parameters",),
    ("uncertainties",),
    ("corporate_ties",),
    ("corporate_ties", "*"),
)
_REMOVABLE_KEYS = frozenset(
    {"estimated", "events", "initial", "sources", "corporate_ties", "countries"}
)


def lay_over(parent: Node | None, child: Node, report: Callable[[Problem], None]) -> Node:
    """Return ``child`` laid over ``parent``, without what the child makes obsolete in the parent.

    A number that the child sets drops its inherited distribution; a provider, an offer or a
    posterior that the child removes takes everything inherited about it along.
    """
    if parent is not None:
        parent = _without_removed(_without_overruled(parent, child), child)
        if (asked := at(child, ("estimated",))) is not None and asked.value is None:
            parent = _without_posterior(parent)
    return _merge(parent, child, (), report)


def is_removable(path: Path) -> bool:
    """Return whether null at this path removes an inherited entry."""
    return path[0] in _REMOVABLE_KEYS if len(path) == 1 else _has_chosen_names(path[:-1])


def _has_chosen_names(path: Path) -> bool:
    """Return whether the entries of the map at this path are named by the author."""
    return any(
        len(pattern) == len(path)
        and all(want in ("*", have) for want, have in zip(pattern, path, strict=True))
        for pattern in _REMOVABLE_PARENTS
    )


def _merge(
    parent: Node | None,
    child: Node,
    path: Path,
    report: Callable[[Problem], None],
) -> Node:
    """Return ``child`` laid over ``parent``: maps merge key by key, all else is replaced.

    Null under a name given by the author removes the inherited entry. If there is none to remove,
    this is reported, because it is nearly always a misspelt name.
    """
    if not isinstance(child.value, dict):
        return child
    if parent is not None and _is_of_another_kind(parent, child, path):
        return child
    if parent is not None and not isinstance(parent.value, dict) and _has_chosen_names(path):
        # A few more entries do not mend it, and what it should contain is reported elsewhere.
        return parent
    inherited = parent.value if parent is not None and isinstance(parent.value, dict) else {}
    merged = dict(inherited)
    for key, value in child.value.items():
        below = (*path, key)
        if value.value is None and is_removable(below):
            if merged.pop(key, None) is None:
                report(_removes_nothing(below, value, list(inherited)))
        else:
            merged[key] = _merge(inherited.get(key), value, below, report)
    return Node(merged, child.key, child.file, child.line)


def _is_of_another_kind(parent: Node, child: Node, path: Path) -> bool:
    """Return whether two distributions of a number are of different kinds, with other keys each."""
    if len(path) != 2 or path[0] != "uncertainties":
        return False
    kinds = [_value(node, "distribution") for node in (parent, child)]
    return None not in kinds and kinds[0] != kinds[1]


def _removes_nothing(path: Path, node: Node, inherited: Sequence[str]) -> Problem:
    table = load_parameters()
    name = str(path[-1])
    if path[0] == "parameters" and name not in table:
        message = f"{dotted(path)} is empty, and is not a parameter of the model."
        return Problem(node.file, node.line, message, suggest(name, table) or PARAMETERS_PAGE)
    message = (
        f"{dotted(path)} is empty: that removes an inherited entry, but there is none of that name."
    )
    # A key of the schema is not a misspelt name.
    remedy = suggest(name, inherited) if len(path) > 1 else ""
    remedy = remedy or "Give it a value, or delete the line."
    return Problem(node.file, node.line, message, remedy)


def _without_overruled(parent: Node, child: Node) -> Node:
    """Return ``parent`` without the distributions of numbers that ``child`` sets.

    A number that is set later is taken as certain: it drops an inherited distribution for the same
    address unless the same layer also gives a distribution.
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


def _without_posterior(parent: Node) -> Node:
    """Return ``parent`` without what is drawn from its posterior, which the child removes.

    A complete scenario also states the mean as the value of each such parameter.
    """
    drawn = {
        address
        for address, node in _entries(parent, "uncertainties").items()
        if _value(node, "distribution") == "posterior"
    }
    kept: dict[str, Callable[[str, Node], bool]] = {
        "uncertainties": lambda address, _: address not in drawn,
        "parameters": lambda name, _: f"parameters.{name}" not in drawn,
    }
    return _mapped(parent, lambda key, block: _filtered(block, kept[key]) if key in kept else block)


class _Removed:
    """The providers and offers that a layer removes with null, and what refers to them."""

    def __init__(self, parent: Node, child: Node) -> None:
        there, said = _entries(parent, "providers"), _entries(child, "providers")
        self.providers = {
            name for name, block in said.items() if block.value is None and name in there
        }
        self.offers = {
            f"{name}.{offer}"
            for name, block in said.items()
            if name in there
            for offer, terms in _entries(block, "offers").items()
            if terms.value is None and offer in _entries(there[name], "offers")
        }

    def __bool__(self) -> bool:
        return bool(self.providers or self.offers)

    def has_provider(self, node: Node | None) -> bool:
        """Return whether a node names a removed provider."""
        return node is not None and isinstance(node.value, str) and node.value in self.providers

    def has_offer(self, node: Node | None) -> bool:
        """Return whether a node names a removed offer, as ``provider.offer``."""
        if node is None or not isinstance(node.value, str):
            return False
        return node.value in self.offers or node.value.partition(".")[0] in self.providers

    def has_address(self, address: object) -> bool:
        """Return whether a dotted address leads into something removed."""
        parts = str(address).split(".")
        if parts[0] == "corporate_ties":
            return len(parts) == 3 and parts[2] in self.providers
        if parts[0] != "providers" or len(parts) < 2:
            return False
        is_offer = len(parts) > 3 and parts[2] == "offers"
        return parts[1] in self.providers or (is_offer and f"{parts[1]}.{parts[3]}" in self.offers)


def _without_removed(parent: Node, child: Node) -> Node:
    """Return ``parent`` without what refers to providers and offers that ``child`` removes.

    References in the child itself stay: they are errors to be fixed there.
    """
    removed = _Removed(parent, child)
    if not removed:
        return parent
    own = {key: _entries(child, key) for key in ("uncertainties", "levers", "corporate_ties")}

    def ties_kept(country: str, ties: Node) -> Node:
        mentioned = _entries(at(child, ("corporate_ties", country)))
        return _filtered(ties, lambda name, _: name in mentioned or name not in removed.providers)

    changes: dict[str, Callable[[Node], Node]] = {
        "uncertainties": lambda block: _filtered(
            block, lambda name, _: name in own["uncertainties"] or not removed.has_address(name)
        ),
        "levers": lambda block: _filtered(
            block,
            lambda name, lever: (
                name in own["levers"] or not removed.has_address(_value(lever, "target"))
            ),
        ),
        "corporate_ties": lambda block: _mapped(block, ties_kept),
        "events": lambda block: _listed(block, lambda event: _event_without(event, removed)),
        "initial": lambda block: _mapped(block, lambda _, record: _record_without(record, removed)),
    }
    return _mapped(parent, lambda key, block: changes[key](block) if key in changes else block)


def _event_without(event: Node, removed: _Removed) -> Node | None:
    """Return an event without its effects on what is removed; None if it had no others."""
    if not isinstance(event.value, dict):
        return event
    content = dict(event.value)
    for kind in ("shock", "affinity_shift"):
        if removed.has_provider(at(event, (kind, "provider"))):
            del content[kind]
    if "set" in content:
        content["set"] = _filtered(content["set"], lambda name, _: not removed.has_address(name))
        if content["set"].value == {} != event.value["set"].value:
            del content["set"]
    is_idle = not content.keys() & {"set", "shock", "affinity_shift"}
    return None if is_idle and len(content) < len(event.value) else replace(event, value=content)


def _record_without(record: Node, removed: _Removed) -> Node:
    """Return commitments or withdrawals without those of removed offers."""
    return _listed(record, lambda e: None if removed.has_offer(at(e, ("offer",))) else e)


def _entries(node: Node | None, *path: str) -> Mapping[str, Node]:
    """Return the entries of a map; none if it is not a map."""
    block = at(node, path) if node is not None else None
    return block.value if block is not None and isinstance(block.value, dict) else {}


def _value(node: Node, key: str) -> object:
    below = at(node, (key,))
    return below.value if below is not None else None


def _filtered(node: Node, keeps: Callable[[str, Node], bool]) -> Node:
    """Return a map with only the entries to keep; anything else unchanged."""
    if not isinstance(node.value, dict):
        return node
    return replace(node, value={k: below for k, below in node.value.items() if keeps(k, below)})


def _mapped(node: Node, change: Callable[[str, Node], Node]) -> Node:
    """Return a map with its entries changed; anything else unchanged."""
    if not isinstance(node.value, dict):
        return node
    return replace(node, value={key: change(key, below) for key, below in node.value.items()})


def _listed(node: Node, change: Callable[[Node], Node | None]) -> Node:
    """Return a list with its entries changed, without entries that became None."""
    if not isinstance(node.value, list):
        return node
    changed = [change(entry) for entry in node.value]
    return replace(node, value=[entry for entry in changed if entry is not None])
