"""A YAML reader that keeps line numbers and accepts only data.

It works on the parser's events, so nothing else can be built: no tags, no aliases, no objects, no
recursion. Words are read by `resolve_scalar`; every word that is not a number, switch or null stays
text, including ``yes`` and ``2025-05``.
"""

from __future__ import annotations

import re
import stat
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

from sim.errors import Problem, ScenarioError, why_closed
from sim.scenario.reading.nodes import Node, Plain, to_plain
from sim.scenario.reading.scalars import resolve_scalar

if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES = 256 * 1024
MAX_DEPTH = 20
MAX_NODES = 20_000

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DIGITS = re.compile(r"[0-9]+")
_CONTROL = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
START_REMEDY = "Start from a copy of a shipped scenario: name, title, description, extends."


class Document(NamedTuple):
    """The content of a file, and its YAML problems that did not prevent reading it."""

    root: Node
    problems: tuple[Problem, ...]


def read_file(path: Path, label: str, start: str = START_REMEDY) -> Document:
    """Return the content of a YAML file as nodes with places.

    Parameters
    ----------
    path : Path
        A regular file of at most 256 KiB; the size is checked before anything is read.
    label : str
        Name of the file in messages.
    start : str
        What to do about a file without keys.

    Raises
    ------
    ScenarioError
        If the file cannot be read or is not plain YAML data.
    """
    try:
        status = path.stat()
    except (OSError, ValueError):
        missing = "there is no such file.", "Check the path."
        raise _refusal(label, 0, *(why_closed(path) or missing)) from None
    if stat.S_ISDIR(status.st_mode):
        raise _refusal(label, 0, "is a folder, not a file.", "Name a file in it.")
    if not stat.S_ISREG(status.st_mode):
        raise _refusal(label, 0, "is not a regular file.", "Save the scenario as a file on disk.")
    if status.st_size > MAX_BYTES:
        raise _too_large(label, status.st_size)
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        reason = error.strerror or "unknown reason"
        raise _refusal(label, 0, f"cannot be read ({reason}).", "Check its permissions.") from None
    return read_bytes(data, label, start)


def read_bytes(data: bytes, label: str, start: str = START_REMEDY) -> Document:
    r"""Return YAML given as bytes as nodes with places; the rules are those of `read_file`.

    Examples
    --------
    >>> root, _ = read_bytes(b"start: 2025-05\nslots: 1e1\n", "example.yaml")
    >>> {key: (node.value, node.line) for key, node in root.value.items()}
    {'start': ('2025-05', 1), 'slots': (10.0, 2)}
    """
    if not isinstance(data, bytes):
        message = f"is a {type(data).__name__}, not text."
        raise _refusal(label, 0, message, "Give the YAML as text or bytes.")
    if len(data) > MAX_BYTES:
        raise _too_large(label, len(data))
    text = _decode(data, label)
    builder = _TreeBuilder(label)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
    except yaml.YAMLError as error:
        raise ScenarioError([*builder.problems, _syntax_problem(error, text, label)]) from None
    root = builder.root
    if root is None or root.value is None:
        problem = Problem(label, 0, "the file is empty.", start)
        raise ScenarioError([*builder.problems, problem])
    if not isinstance(root.value, dict):
        message = "the top level must be keys with values, like 'title: My scenario'."
        builder.problems.append(Problem(label, root.line, message, start))
        raise ScenarioError(builder.problems)
    return Document(root, tuple(builder.problems))


def read_entry(text: str) -> Plain:
    """Return the value that a text would have after a key of a file.

    Examples
    --------
    >>> [read_entry(text) for text in ("20", ".5", "True", "null", "2026-01", "[KOR, JPN]", "[")]
    [20, 0.5, True, None, '2026-01', ['KOR', 'JPN'], '[']
    """
    # A word is taken literally: in a file, a # after it would start a comment.
    if not text.lstrip().startswith(("[", "{", '"', "'")):
        return resolve_scalar(text)
    try:
        document = read_bytes(f"value: {text}".encode("utf-8", "surrogatepass"), "")
    except ScenarioError:
        return text
    content = to_plain(document.root)
    is_one = isinstance(content, dict) and [*content] == ["value"] and not document.problems
    return content["value"] if is_one else text  # type: ignore[index, call-overload]


class _TreeBuilder:
    """Builds nodes from the parser's events, one at a time, within fixed limits."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.problems: list[Problem] = []
        self.root: Node | None = None
        self._stack: list[Node] = []
        self._keys: list[tuple[str, int] | None] = []
        self._count = 0
        self._documents = 0

    def take(self, event: Any) -> None:
        """Add one event to the tree."""
        line = event.start_mark.line + 1
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self._stop(line, "a second document begins here.", "Keep one scenario per file.")
        elif isinstance(event, yaml.AliasEvent):
            self._note(line, f"the alias *{event.anchor} is not allowed.", "Write the value out.")
            self._add(None, line, is_key_allowed=False)
        elif isinstance(event, yaml.NodeEvent):
            self._check_properties(event, line)
            if isinstance(event, yaml.ScalarEvent):
                self._take_scalar(event, line)
            else:
                self._open({} if isinstance(event, yaml.MappingStartEvent) else [], line)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._stack.pop()
            self._keys.pop()

    def _check_properties(self, event: Any, line: int) -> None:
        if event.anchor is not None:
            remedy = "Write the value out wherever it is needed."
            self._note(line, f"the anchor &{event.anchor} is not allowed.", remedy)
        if event.tag is not None:
            tag = _short(event.tag.replace("tag:yaml.org,2002:", "!!"))
            message = f"the tag {tag} is not allowed: scenario files hold plain data."
            self._note(line, message, "Delete the tag.")

    def _take_scalar(self, event: Any, line: int) -> None:
        is_plain = bool(event.implicit[0])
        if self._expects_key():
            self._keys[-1] = (self._checked_key(event.value, line), line)
            self._count_one(line)
        else:
            self._add(resolve_scalar(event.value) if is_plain else event.value, line)

    def _expects_key(self) -> bool:
        return bool(
            self._stack and isinstance(self._stack[-1].value, dict) and self._keys[-1] is None
        )

    def _checked_key(self, key: str, line: int) -> str:
        assert isinstance(self._stack[-1].value, dict)
        if key == "<<":
            self._note(line, "the merge key << is not allowed.", "Use 'extends' instead.")
        elif key in self._stack[-1].value:
            first = self._stack[-1].value[key].line
            remedy = f"It is already in line {first}; keep one of the two."
            self._note(line, f"the key {_short(key)} is given twice.", remedy)
        return key

    def _open(self, value: list[Node] | dict[str, Node], line: int) -> None:
        if self._expects_key():
            self._stop(line, "a key must be a single word.", "Put quotes around the key.")
        if len(self._stack) >= MAX_DEPTH:
            self._stop(line, f"the nesting is deeper than {MAX_DEPTH} levels.", "Flatten it.")
        node = self._add(value, line)
        self._stack.append(node)
        self._keys.append(None)

    def _add(self, value: Any, line: int, *, is_key_allowed: bool = True) -> Node:
        self._count_one(line)
        node = Node(value, None, self.label, line)
        if not self._stack:
            self.root = node
            return node
        parent = self._stack[-1].value
        if isinstance(parent, list):
            node.key = len(parent)
            parent.append(node)
            return node
        assert isinstance(parent, dict)
        if self._keys[-1] is None:
            if is_key_allowed:
                raise AssertionError("a value came before its key")
            self._keys[-1] = ("", line)
            return node
        node.key, node.line = self._keys[-1]
        self._keys[-1] = None
        if not self._is_rest_of_number(parent, node):
            parent[str(node.key)] = node
        return node

    def _is_rest_of_number(self, parent: dict[str, Node], node: Node) -> bool:
        """Return whether a decimal comma in a one-line map made this key; if so, report it."""
        before = next(reversed(parent.values()), None)
        if before is None or node.value is not None or before.line != node.line:
            return False
        whole, digits = before.value, str(node.key)
        if not isinstance(whole, int) or isinstance(whole, bool) or not _DIGITS.fullmatch(digits):
            return False
        message = f"{_short(str(before.key))}: {whole},{digits[:9]} is cut in two by its comma."
        self._note(node.line, message, f"Write a decimal point: {whole}.{digits[:9]}.")
        return True

    def _count_one(self, line: int) -> None:
        self._count += 1
        if self._count > MAX_NODES:
            self._stop(line, f"the file has more than {MAX_NODES:,} values.", "Split it.")

    def _note(self, line: int, message: str, remedy: str) -> None:
        self.problems.append(Problem(self.label, line, message, remedy))

    def _stop(self, line: int, message: str, remedy: str) -> None:
        self._note(line, message, remedy)
        raise ScenarioError(self.problems)


def _decode(data: bytes, label: str) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"is not a text file: byte 0x{data[error.start]:02x} here is not UTF-8."
        raise _refusal(label, line, message, "Save it as YAML text in UTF-8.") from None
    found = _CONTROL.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        message = f"contains the control character U+{ord(found.group()):04X}, which text may not."
        raise _refusal(label, line, message, "Save it as plain YAML text in UTF-8.")
    return text


def _syntax_problem(error: yaml.YAMLError, text: str, label: str) -> Problem:
    """Return in plain words what stopped the parser."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line = mark.line + 1 if mark is not None else 0
    detail = getattr(error, "problem", None) or getattr(error, "reason", None) or "syntax error"
    lines = text.splitlines()
    # The parser counts the end of the text as a line of its own.
    line = min(line, max(1, len(lines)))
    here = lines[line - 1] if 0 < line <= len(lines) else ""
    if "\t" in here[: len(here) - len(here.lstrip())]:
        remedy = "Indent with spaces; this line begins with a tab."
    else:
        remedy = (
            "Look here and in the lines above for a missing ': ', uneven indentation, an open "
            "quote or bracket, or text with ': ' or '#' in it that needs quotes."
        )
    return Problem(label, line, f"this is not valid YAML ({detail}).", remedy)


def _short(text: str) -> str:
    """Return a word for a message: shortened and on one line."""
    shown = text if len(text) <= 60 else text[:57] + "..."
    return shown.encode("unicode_escape").decode("ascii") if not shown.isprintable() else shown


def _too_large(label: str, size: int) -> ScenarioError:
    message = f"the file has {size:,} bytes and must have at most {MAX_BYTES:,} bytes."
    return _refusal(label, 0, message, "A scenario is a small file of differences; split it.")


def _refusal(label: str, line: int, message: str, remedy: str) -> ScenarioError:
    return ScenarioError([Problem(label, line, message, remedy)])
