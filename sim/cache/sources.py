"""Digests of sources by syntax tree: comments, docstrings and formatting do not count.

A digest covers the modules that some entry points import, directly or indirectly. So a module that
is added, or imported from elsewhere, is covered without being listed.
"""

from __future__ import annotations

import ast
import hashlib
import json
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from sim.cache.files import KeptFileError, cache_root, read_kept, write_kept

PACKAGE = Path(__file__).resolve().parents[1]
# Stages that can affect results or what is estimated; interfaces only show them.
STAGES = ("cache", "data", "scenario", "model", "words", "experiment", "analysis")
_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
_BLOCKS = ("body", "orelse", "handlers", "finalbody", "cases")
Trees = Mapping[str, ast.Module]


class Sources(Mapping[str, ast.Module]):
    """Syntax trees of sources by dotted name, each parsed when it is first asked for.

    To parse all takes more than a second, and most digests need a tenth of them.

    Parameters
    ----------
    paths : mapping
        Dotted name to file.
    """

    def __init__(self, paths: Mapping[str, Path]) -> None:
        self._paths = paths
        self._texts: dict[str, bytes] = {}
        self._trees: dict[str, ast.Module] = {}

    def __getitem__(self, name: str) -> ast.Module:
        if name not in self._trees:
            self._trees[name] = ast.parse(self.text(name), str(self._paths[name]))
        return self._trees[name]

    def __contains__(self, name: object) -> bool:
        return name in self._paths

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)

    def text(self, name: str) -> bytes:
        """Return a source as it is written."""
        if name not in self._texts:
            self._texts[name] = self._paths[name].read_bytes()
        return self._texts[name]


def source_files(package: Path = PACKAGE) -> Iterator[Path]:
    """Yield the sources of all stages before the interfaces, in a fixed order."""
    yield package / "errors.py"
    for stage in STAGES:
        yield from sorted((package / stage).rglob("*.py"))


def plain_syntax(node: Any) -> Any:
    """Return a syntax tree as lists and plain values, the same in every version of Python.

    Empty fields are omitted, since versions differ in which fields they have. The texts of an
    f-string are joined, since versions differ in how they split them. Docstrings are omitted.
    """
    if isinstance(node, list):
        return [plain_syntax(entry) for entry in node]
    if not isinstance(node, ast.AST):
        # JSON has one form for each of these types, and none for others.
        is_plain = node is None or isinstance(node, bool | int | float | str)
        return node if is_plain else [type(node).__name__, repr(node)]
    kept = []
    for name in _in_order(node._fields):
        value = getattr(node, name, None)
        if name == "body" and isinstance(node, _DOCUMENTED):
            has_docstring = ast.get_docstring(node, clean=False) is not None
            value = node.body[1:] if has_docstring else node.body
        elif name == "values" and isinstance(node, ast.JoinedStr):
            value = _joined(node.values)
        if value is not None and value != []:
            kept.append([name, plain_syntax(value)])
    return [type(node).__name__, *kept]


@cache
def _in_order(fields: tuple[str, ...]) -> tuple[str, ...]:
    """Return the fields of a kind of node, sorted, but for the letter u before a string."""
    return tuple(sorted(name for name in fields if name != "kind"))


def _joined(values: list[ast.expr]) -> list[ast.expr | str]:
    """Return the parts of an f-string, with adjacent texts joined and empty ones omitted."""
    parts: list[ast.expr | str] = []
    for value in values:
        text = value.value if isinstance(value, ast.Constant) else value
        if isinstance(text, str) and parts and isinstance(parts[-1], str):
            parts[-1] += text
        elif text != "":
            parts.append(text if isinstance(text, str) else value)
    return parts


def read_sources(package: Path = PACKAGE) -> Sources:
    """Return the syntax trees of the sources of the stages, by dotted name."""
    paths = {}
    for path in source_files(package):
        parts = path.relative_to(package.parent).with_suffix("").parts
        paths[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return Sources(paths)


def importers(sources: Sources, module: str) -> list[str]:
    """Return the modules that import from a module; only texts that name it are parsed."""
    named = [name for name in sources if module.encode() in sources.text(name)]
    return [name for name in named if any(home == module for home, _ in imports(sources[name]))]


def imports(tree: ast.Module, is_typing: bool = False) -> Iterator[tuple[str, str]]:
    """Yield module and name of each import, including imports inside functions.

    Parameters
    ----------
    tree : ast.Module
        Of a source that imports by absolute names, as all of this package do.
    is_typing : bool
        Whether imports for type checkers count too.
    """
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.module or "", alias.name) for alias in node.names)
        elif isinstance(node, ast.If) and not is_typing and _is_for_typing(node.test):
            waiting += node.orelse
        else:
            # Statements only: no expression contains an import.
            for part in _BLOCKS:
                waiting += getattr(node, part, ())


def _is_for_typing(test: ast.expr) -> bool:
    return isinstance(test, ast.Name) and test.id == "TYPE_CHECKING"


def reached(trees: Trees, entrances: Collection[str], aside: Collection[str] = ()) -> list[str]:
    """Return the modules that some entry points import, directly or not, with them, sorted.

    Parameters
    ----------
    trees : mapping
        Syntax trees by dotted name.
    entrances : collection of str
        Dotted names to start from.
    aside : collection of str
        Dotted names to ignore, with all that only they import.
    """
    found: set[str] = set()
    waiting = list(entrances)
    while waiting:
        module = waiting.pop()
        if module in found or module in aside:
            continue
        found.add(module)
        homes = (_home(trees, *pair) for pair in imports(trees[module]))
        waiting += [home for home in homes if home is not None]
    return sorted(found)


def _home(trees: Trees, module: str, name: str) -> str | None:
    """Return the module that defines an imported name; None outside the stages.

    A package re-exports names of its modules. Only the defining module counts; otherwise importing
    one name would reach all of them.
    """
    if f"{module}.{name}" in trees:
        return f"{module}.{name}"
    if module not in trees:
        return None
    for source, handed_on in imports(trees[module], is_typing=True):
        if handed_on == name and source.startswith(f"{module}."):
            return _home(trees, source, name)
    return module


def digest_of(trees: Trees, modules: Collection[str]) -> str:
    """Return the SHA-256 over the syntax of some modules."""
    plain = [[module, plain_syntax(trees[module])] for module in sorted(modules)]
    return hashlib.sha256(json.dumps(plain, separators=(",", ":")).encode()).hexdigest()


@cache
def _bytes_digest() -> str:
    """Return a digest of every byte of the sources, and of the Python version that reads them."""
    digest = hashlib.sha256(sys.version.encode())
    for path in source_files():
        content = path.read_bytes()
        name = path.relative_to(PACKAGE).as_posix()
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def remembered(name: str, make: Callable[[Sources], str]) -> str:
    """Return a digest of the sources, which is made only if a byte of them has changed.

    Making it takes up to a second, which would double the start of a command. It is stored
    under a digest of all bytes of all sources; if it cannot be stored, it is computed each time.
    """
    root = cache_root()
    path = None if root is None else root / "sources" / f"{name}-{_bytes_digest()[:32]}"
    if path is not None:
        try:
            found = read_kept(path)
        except KeptFileError:
            # Computed again and overwritten.
            found = None
        if found is not None:
            return found.decode("ascii")
    digest = make(read_sources())
    if path is not None:
        # Without it the next start takes a second longer; the kernel cache reports why.
        with suppress(OSError):
            write_kept(path, digest.encode("ascii"))
    return digest
