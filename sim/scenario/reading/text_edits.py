"""Changes of a scenario's text that leave everything else as it was written.

A form sets one value at a time, and people keep comments, order and line breaks for a reason. So
the text is not parsed and rewritten: the parser gives the position of the value, and only those
characters are replaced. Each change is then read back and compared with its intention, so that YAML
written in an unforeseen way is refused and never damaged. (A library that writes whole documents,
such as ruamel.yaml, reflows texts and quotes, and would read visitors' uploads with a second and
slower parser.)
"""

from __future__ import annotations

import copy
import re
import textwrap
from collections.abc import Sequence
from typing import Any

import yaml

from sim.errors import Problem, ScenarioError
from sim.scenario.reading.nodes import Plain, dotted, to_plain
from sim.scenario.reading.scalars import resolve_scalar
from sim.scenario.reading.yaml_reader import read_bytes
from sim.scenario.wording import shown_number

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PLAIN_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_./()-]*( [A-Za-z0-9_./()-]+)*")
# Words that other dialects of YAML read as something else.
_AMBIGUOUS = frozenset({"yes", "no", "on", "off", "y", "n", "true", "false", "null"})
_WIDTH = 96
_LONG = 72
_REMEDY = "Change it in the text itself."
_Pair = tuple[Any, Any]


def write_value(text: str, path: Sequence[str], value: Plain, label: str = "text") -> str:
    r"""Return a text with one value set, and missing maps above it added.

    Parameters
    ----------
    text : str
        YAML that the reader accepts without a problem.
    path : sequence of str
        Keys from the top down to the value.
    value : scalar, list or dict
        The new value.
    label : str
        Name of the text in messages.

    Raises
    ------
    ScenarioError
        If the text cannot be read, or is written in a way that does not allow such a change.

    Examples
    --------
    >>> write_value("title: x  # why\nslots: 2\n", ("slots",), 20)
    'title: x  # why\nslots: 20\n'
    >>> write_value("title: x\n", ("horizon", "end"), "2031-12")
    'title: x\nhorizon:\n  end: 2031-12\n'
    """
    wanted = _content(text, label)
    below = wanted
    for part in path[:-1]:
        if below.get(part) is None:
            below[part] = {}
        below = below[part]
        if not isinstance(below, dict):
            raise _refusal(label, path)
    below[path[-1]] = copy.deepcopy(value)
    chain, node = _walk(text, path)
    rest = path[len(chain) :]
    if not rest:
        changed = _replaced(text, chain, value)
    elif isinstance(node, yaml.MappingNode):
        changed = _inserted(text, chain, node, rest[0], _nested(rest[1:], value))
    else:
        changed = _replaced(text, chain, _nested(rest, value))
    return _checked(changed, wanted, path, label)


def remove_key(text: str, path: Sequence[str], label: str = "text") -> str:
    r"""Return a text without one key, and without maps above it that become empty.

    Raises
    ------
    ScenarioError
        As for `write_value`, or if the key does not exist.

    Examples
    --------
    >>> remove_key("title: x\nhorizon:\n  end: 2031-12\n", ("horizon", "end"))
    'title: x\n'
    """
    wanted = _content(text, label)
    chain, _ = _walk(text, path)
    if len(chain) < len(path):
        raise _refusal(label, path)
    depth = len(path) - 1
    while depth > 0 and len(chain[depth][0].value) == 1:
        depth -= 1
    below = wanted
    for part in path[:depth]:
        below = below[part]
    del below[path[depth]]
    return _checked(_removed(text, chain, depth, label, path), wanted, path, label)


def _content(text: str, label: str) -> dict[str, Any]:
    """Return the data of a text, read within the limits of all uploads."""
    document = read_bytes(text.encode("utf-8", "surrogatepass"), label)
    if document.problems:
        raise ScenarioError(document.problems)
    content = to_plain(document.root)
    assert isinstance(content, dict)
    return content


def _checked(changed: str, wanted: dict[str, Any], path: Sequence[str], label: str) -> str:
    try:
        found = _content(changed, label)
    except ScenarioError:
        found = {}
    if found != wanted:
        raise _refusal(label, path)
    return changed


def _refusal(label: str, path: Sequence[str]) -> ScenarioError:
    message = f"{dotted(path)} is written in a way that the form cannot change."
    return ScenarioError([Problem(label, 0, message, _REMEDY)])


def _walk(text: str, path: Sequence[str]) -> tuple[list[tuple[Any, _Pair]], Any]:
    """Return map and pair of each existing part of a path, and the last node reached."""
    node: Any = yaml.compose(text, Loader=_LOADER)
    chain: list[tuple[Any, _Pair]] = []
    for part in path:
        pairs = node.value if isinstance(node, yaml.MappingNode) else []
        pair = next((pair for pair in pairs if pair[0].value == part), None)
        if pair is None:
            break
        chain.append((node, pair))
        node = pair[1]
    return chain, node


def _nested(path: Sequence[str], value: Plain) -> Plain:
    for part in reversed(path):
        value = {part: value}
    return value


def _is_flow(chain: Sequence[tuple[Any, _Pair]], node: Any = None) -> bool:
    """Return whether a place lies inside brackets."""
    return any(m.flow_style for m, _ in chain) or bool(node is not None and node.flow_style)


def _end(text: str, key: Any, value: Any) -> int:
    """Return the position after the last character of a pair, excluding comments after it."""
    if isinstance(value, yaml.CollectionNode) and not value.flow_style and value.value:
        last = value.value[-1]
        return _end(text, *last) if isinstance(last, tuple) else _end(text, None, last)
    start: int = value.start_mark.index
    end: int = value.end_mark.index
    if start == end:
        return start if key is None else _colon(text, key)
    return start + len(text[start:end].rstrip())


def _colon(text: str, key: Any) -> int:
    """Return the position after the colon of a key."""
    start: int = key.end_mark.index
    return text.index(":", start) + 1


def _replaced(text: str, chain: Sequence[tuple[Any, _Pair]], value: Plain) -> str:
    """Return the text with the value of the last pair of a chain replaced."""
    key, old = chain[-1][1]
    start, end = _colon(text, key), _end(text, key, old)
    if _is_flow(chain):
        return f"{text[:start]} {_flow(value)}{text[end:]}"
    return text[:start] + _block(value, key.start_mark.column) + text[end:]


def _inserted(
    text: str, chain: Sequence[tuple[Any, _Pair]], node: Any, key: str, value: Plain
) -> str:
    """Return the text with a pair added at the end of a map."""
    if _is_flow(chain, node):
        if not node.value:
            place = node.start_mark.index + 1
            return f"{text[:place]}{_word(key)}: {_flow(value)}{text[place:]}"
        place = _end(text, *node.value[-1])
        return f"{text[:place]}, {_word(key)}: {_flow(value)}{text[place:]}"
    indent = node.value[0][0].start_mark.column
    place = _line_end(text, _end(text, *node.value[-1]))
    line = f"{' ' * indent}{_word(key)}:{_block(value, indent)}"
    return f"{text[:place]}\n{line}{text[place:]}"


def _line_end(text: str, place: int) -> int:
    end = text.find("\n", place)
    return len(text) if end < 0 else end


def _removed(
    text: str, chain: Sequence[tuple[Any, _Pair]], depth: int, label: str, path: Sequence[str]
) -> str:
    """Return the text without one pair."""
    node, pair = chain[depth]
    start, end = pair[0].start_mark.index, _end(text, *pair)
    if _is_flow(chain[:depth], node):
        n = node.value.index(pair)
        if n + 1 < len(node.value):
            return text[:start] + text[node.value[n + 1][0].start_mark.index :]
        if n:
            return text[: _end(text, *node.value[n - 1])] + text[end:]
        return text[:start] + text[end:]
    first = text.rfind("\n", 0, start) + 1
    if text[first:start].strip():
        raise _refusal(label, path)
    return text[:first] + text[_line_end(text, end) + 1 :]


def _flow(value: Plain) -> str:
    """Return a value on one line, in the form it has inside or outside brackets."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_word(k)}: {_flow(v)}' for k, v in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_flow, value))}]"
    return _scalar(value)


def _block(value: Plain, indent: int) -> str:
    """Return the text after a key's colon, for a key at some indentation."""
    inner = " " * (indent + 2)
    if isinstance(value, dict) and value:
        lines = [f"{inner}{_word(k)}:{_block(v, indent + 2)}" for k, v in value.items()]
        return "\n" + "\n".join(lines)
    if isinstance(value, list) and any(isinstance(entry, dict | list) for entry in value):
        return "\n" + "\n".join(f"{inner}-{_item(entry, indent + 2)}" for entry in value)
    if isinstance(value, str) and len(value) > _LONG and _can_fold(value):
        lines = [
            line
            for paragraph in value.split("\n")
            for line in [*_wrapped(paragraph, _WIDTH - indent), ""]
        ][:-1]
        return " >-\n" + "\n".join(inner + line if line else "" for line in lines)
    return f" {_flow(value)}"


def _item(entry: Plain, indent: int) -> str:
    """Return the text after a list's hyphen; a map has its first key on that line."""
    if not isinstance(entry, dict) or not entry:
        return f" {_flow(entry)}"
    inner = " " * (indent + 2)
    lines = [f"{_word(k)}:{_block(v, indent + 2)}" for k, v in entry.items()]
    return " " + f"\n{inner}".join(lines)


def _can_fold(text: str) -> bool:
    """Return whether a text survives the folding of lines."""
    return all(
        paragraph and " ".join(paragraph.split()) == paragraph and paragraph.isprintable()
        for paragraph in text.split("\n")
    )


def _wrapped(paragraph: str, width: int) -> list[str]:
    return textwrap.wrap(paragraph, max(width, 40), break_long_words=False, break_on_hyphens=False)


def _scalar(value: Plain) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return shown_number(value)
    return str(value) if isinstance(value, int) else _word(str(value))


def _word(text: str) -> str:
    """Return a text as a plain word if it is read back unchanged, otherwise in quotes."""
    is_plain = _PLAIN_WORD.fullmatch(text) and text.lower() not in _AMBIGUOUS
    return text if is_plain and resolve_scalar(text) == text else _quoted(text)


def _quoted(text: str) -> str:
    escapes = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}
    return '"' + "".join(escapes.get(c) or _shown_character(c) for c in text) + '"'


def _shown_character(character: str) -> str:
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
