"""From errors of the schema to messages with file, line, key, value, rule and remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.data.parameters import load_parameters
from sim.errors import Problem
from sim.scenario.addresses import FieldSpec, block_fields, field_at
from sim.scenario.reading.nodes import Node, Path, Plain, at, dotted, from_plain, trail
from sim.scenario.schema.file import FILE_KEYS, ScenarioFile
from sim.scenario.schema.rules import broken_rule
from sim.scenario.wording import PARAMETERS_PAGE, shown_value, suggest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pydantic import BaseModel
    from pydantic_core import ErrorDetails

_STAND_INS: Mapping[str, Plain] = {
    **dict.fromkeys(("name", "title", "description", "explanation"), "x"),
    **dict.fromkeys(("country", "offer", "provider", "target"), "x"),
    "providers": {},
    "home": ["x"],
    "by": "country",
    "date": "0000-01",
    "signed": "0000-01",
}
_NAME_RULES = {
    "name": "must be 1 to 60 lower-case letters, digits, hyphens or underscores",
    "[key]": "must be a short name: a lower-case letter, then letters, digits or underscores",
}


def problem_at(root: Node, path: Sequence[str | int], rule: str, remedy: str = "") -> Problem:
    """Return a problem with the value at a path: its place, key, value and rule.

    Parameters
    ----------
    root : Node
        The merged scenario.
    path : sequence of str or int
        Place of the value; if it does not exist, its nearest parent gives the position.
    rule : str
        The rest of the sentence after key and value: ``must be at least 0 MW``.
    """
    nodes = trail(root, path)
    node = nodes[-1]
    written = _keys(nodes)
    is_whole_path = len(nodes) == len(path) + 1
    if is_whole_path or not isinstance(node.value, dict | list):
        shown = "is empty and" if node.value is None else f"= {shown_value(node.value)}"
        if isinstance(node.value, dict | list):
            shown = ""
        sentence = " ".join(part for part in (dotted(written), shown, rule) if part)
    else:
        sentence = f"{dotted((*written, *path[len(nodes) - 1 :]))} {rule}"
    return Problem(node.file, node.line, f"{sentence}.", remedy)


def _keys(nodes: Sequence[Node]) -> Path:
    return tuple(node.key for node in nodes[1:] if node.key is not None)


def written_path(root: Node, path: Sequence[str | int]) -> Path:
    """Return a path with the positions in the file, before anything was removed."""
    nodes = trail(root, path)
    return (*_keys(nodes), *path[len(nodes) - 1 :])


def translate(root: Node, error: ErrorDetails, block: type[BaseModel] = ScenarioFile) -> Problem:
    """Return an error of the schema of a file, `block`, in our own words."""
    path, is_key = _place(root, error)
    kind = error["type"]
    if kind == "extra_forbidden":
        return _unknown_key(root, path, block)
    if kind == "missing":
        return _missing_key(root, path, block)
    if is_key:
        node = trail(root, path)[-1]
        rule, remedy = _NAME_RULES["[key]"], "For example: us, infrastructure, rival_2."
        if kind == "own_rule":
            rule, remedy = str(error["ctx"]["rule"]), str(error["ctx"]["remedy"])
        message = f"the name {shown_value(str(path[-1]))} in {dotted(path[:-1])} {rule}."
        return Problem(node.file, node.line, message, remedy)
    rule, remedy = _rule_and_remedy(field_at(path, block), error, path)
    return problem_at(root, path, rule, remedy)


def _place(root: Node, error: ErrorDetails) -> tuple[Path, bool]:
    """Return where an error is, and whether it is about a key rather than its value."""
    path = tuple(error["loc"])
    # The schema marks a bad key with an extra part; a file may contain a key of that very name.
    is_key = len(path) > 1 and path[-1] == "[key]" and len(trail(root, path)) <= len(path)
    return (path[:-1], True) if is_key else (_with_stop_as_written(root, path), False)


def _with_stop_as_written(root: Node, path: Path) -> Path:
    """Return a path with the key of a lever's stop as written; the schema has numbers there."""
    stops = at(root, path[:-1])
    is_stop = len(path) == 4 and path[0] == "levers" and path[2] == "stops"
    if not is_stop or stops is None or not isinstance(stops.value, dict):
        return path
    written = (key for key in stops.value if float(key) == float(path[-1]))
    return (*path[:-1], next(written, path[-1]))


def _unknown_key(root: Node, path: Path, block: type[BaseModel]) -> Problem:
    parent = field_at(path[:-1], block)
    known = list(block_fields(parent.block)) if parent is not None and parent.block else []
    if block is ScenarioFile and len(path) == 1:
        known += FILE_KEYS
    node = trail(root, path)[-1]
    message = f"{dotted(path)} is not a known key."
    return Problem(node.file, node.line, message, suggest(str(path[-1]), known))


def _missing_key(root: Node, path: Path, block: type[BaseModel]) -> Problem:
    spec = field_at(path, block)
    remedy = f"Add '{path[-1]}: ...'. {spec.description if spec is not None else ''}".strip()
    # A misspelt provider or offer looks like a new one that lacks its title and home.
    siblings = trail(root, path[:-2])[-1].value
    if path[0] in ("providers", "levers") and isinstance(siblings, dict) and len(path) > 2:
        guess = suggest(str(path[-2]), [name for name in siblings if name != path[-2]])
        if guess.startswith("Did"):
            remedy = f"{guess} If {path[-2]} is meant to be new: {remedy[0].lower()}{remedy[1:]}"
    return problem_at(root, path, "is missing", remedy)


def _rule_and_remedy(spec: FieldSpec | None, error: ErrorDetails, path: Path) -> tuple[str, str]:
    """Return the rule a value breaks and the remedy, from the error's kind and the field."""
    kind, context, value = error["type"], error.get("ctx", {}), error["input"]
    if kind == "own_rule":
        return str(context["rule"]), str(context["remedy"])
    if spec is not None and (spec.is_numeric or spec.kind == "switch"):
        broken = broken_rule(spec, value)
        if broken is not None:
            return broken.rule, broken.remedy
    if spec is None and len(path) == 2 and path[0] == "parameters":
        remedy = suggest(str(path[1]), load_parameters()) or PARAMETERS_PAGE
        return "is not a parameter of the model", remedy
    if kind == "literal_error" and spec is not None:
        allowed = ", ".join(spec.choices)
        return f"must be one of {allowed}", suggest(str(value), spec.choices)
    if kind == "string_pattern_mismatch":
        example = "Use the file's name without .yaml, for example third-way."
        return _NAME_RULES["name"], example
    if kind == "string_type":
        return "must be text", "Put it in quotes." if value is not None else "Write a few words."
    return _rule_of_size_or_shape(kind, context, value, path)


def _rule_of_size_or_shape(
    kind: str, context: dict[str, Any], value: Any, path: Path
) -> tuple[str, str]:
    if kind == "string_too_long":
        return (
            f"has {len(value)} characters and must have at most {context['max_length']}",
            "Shorten it.",
        )
    if kind == "too_long":
        return (
            f"has more entries than the {context['max_length']} that are allowed",
            "Remove some of them.",
        )
    if kind == "too_short":
        return "must have at least one entry", "Add one."
    if kind in {"tuple_type", "list_type"}:
        return "must be a list", "Write it in brackets, [a, b], or as lines that begin with '- '."
    is_map_wanted = kind in {"model_type", "mapping_type", "dict_type"}
    if is_map_wanted and path[0] == "uncertainties" and len(path) > 1:
        example = "For example: {distribution: uniform, low: 0.2, high: 0.6}."
        return "must be a distribution, or the word fixed", example
    if is_map_wanted:
        return "must be a map of keys and values", "Write 'key: value' lines under it, indented."
    return "is not allowed here", "See docs/scenarios.md for what this key takes."


def fill_missing(root: Node, errors: Sequence[ErrorDetails]) -> list[Path]:
    """Fill in what the schema misses, in place; return the places filled.

    So an entry without a required key is still checked. The placeholder means nothing: a check that
    reads it asks whether the value was missing.
    """
    filled: list[Path] = []
    for error in errors:
        path = tuple(error["loc"])
        nodes = trail(root, path)
        parent = nodes[-1]
        if error["type"] != "missing" or len(nodes) != len(path) or path[-1] not in _STAND_INS:
            continue
        if isinstance(parent.value, dict):
            key = str(path[-1])
            below = from_plain(_STAND_INS[key], key)
            parent.value = {**parent.value, key: below}
            filled.append(_keys([*nodes, below]))
    return filled


def prune(root: Node, errors: Sequence[ErrorDetails]) -> list[Path]:
    """Remove what the schema refuses from the tree, in place; return the places removed.

    The rest can then be checked, so that one look shows all problems. An entry without a required
    key is removed as a whole, unless the key was filled in.
    """
    doomed: dict[int, tuple[Node, set[int]]] = {}
    taken: list[Path] = []
    for error in errors:
        path, _ = _place(root, error)
        # For a missing key the trail ends at the entry that lacks it.
        nodes = trail(root, path)
        if len(nodes) > 1:
            parent, child = nodes[-2], nodes[-1]
            doomed.setdefault(id(parent), (parent, set()))[1].add(id(child))
            taken.append(_keys(nodes))
    for parent, children in doomed.values():
        if isinstance(parent.value, dict):
            parent.value = {k: v for k, v in parent.value.items() if id(v) not in children}
        elif isinstance(parent.value, list):
            parent.value = [entry for entry in parent.value if id(entry) not in children]
    return taken
