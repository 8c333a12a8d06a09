"""Checks of the tree of sources: who imports whom, what files may be called and contain.

Each check takes the root of a tree and returns its complaints, so that the tests can hold it
against a tree that is broken on purpose as well as against the project.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

STAGES = (
    "notebook", "cache", "data", "scenario", "model", "words", "experiment", "analysis",
    "interfaces",
)  # fmt: skip
KERNEL_DECORATORS = {"entry", "inlined"}
# hashlib turns names into the identities that random numbers are keyed by.
KERNEL_LIBRARIES = {"__future__", "hashlib", "numba", "numpy", "typing"}
# Kernel support without a compiled function of its own: the arrays, and the decorators.
KERNEL_SUPPORT = {
    "sim.model.layout",
    "sim.model.machine.by_address",
    "sim.model.machine.compiled",
}
VAGUE_NAMES = {"utils", "util", "common", "helpers", "helper", "misc", "manager", "managers"}
MOST_FILE_LINES = 400
MOST_FUNCTION_LINES = 60
MOST_MODULES = 16
CODE_FOLDERS = ("sim", "tests", "benchmarks")
TEXT_FOLDERS = (*CODE_FOLDERS, "docs", "scenarios")
TEXT_SUFFIXES = {".py", ".md", ".yaml", ".toml", ".cff", ".txt"}
UNFINISHED = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|X" + r"XX)\b")

Function = ast.FunctionDef | ast.AsyncFunctionDef
Documented = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def python_files(root: Path, *folders: str) -> Iterator[Path]:
    """Yield the sources below some folders of a tree, in order."""
    for folder in folders:
        yield from sorted((root / folder).rglob("*.py"))


@cache
def source(path: Path) -> str:
    """Return the text of a source, read once for all the rules."""
    return path.read_text("utf-8")


@cache
def parsed(path: Path) -> ast.Module:
    """Return the syntax tree of a source."""
    return ast.parse(source(path), str(path))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Return every node of a source: most rules look at all of them."""
    return tuple(ast.walk(parsed(path)))


def has_word(path: Path, words: Iterable[str]) -> bool:
    """Return whether the text of a source has one of some words; else no node of it has."""
    return any(word in source(path) for word in words)


def forget_sources() -> None:
    """Forget what was read, since a file has changed."""
    for kept in (source, parsed, nodes):
        kept.cache_clear()


@cache
def module_name(root: Path, path: Path) -> str:
    """Return the dotted name of a source."""
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def is_module(root: Path, name: str) -> bool:
    """Return whether the tree has a module or package of this dotted name."""
    path = root.joinpath(*name.split("."))
    return path.is_dir() or path.with_suffix(".py").is_file()


def imported_modules(root: Path, path: Path) -> list[tuple[int, str]]:
    """Return line and dotted name of every import, also relative and inside functions."""
    package = module_name(root, path).split(".")
    if path.name != "__init__.py":
        package = package[:-1]
    found = []
    for node in nodes(path):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            source = ".".join([*base, *([node.module] if node.module else [])])
            for alias in node.names:
                inner = f"{source}.{alias.name}"
                found.append((node.lineno, inner if is_module(root, inner) else source))
    return found


def import_order(root: Path) -> list[str]:
    """Return imports that run against the order of the stages."""
    complaints = []
    for path in python_files(root, "sim"):
        own = module_name(root, path).split(".")
        for line, name in imported_modules(root, path):
            parts = name.split(".")
            if parts[0] != "sim" or parts == ["sim", "errors"] or own == ["sim"]:
                continue
            where = f"{path.relative_to(root)}:{line}"
            if own == ["sim", "errors"] or len(parts) == 1:
                complaints.append(f"{where}: must not import {name}")
            elif parts[1] not in STAGES or own[1] not in STAGES:
                complaints.append(f"{where}: {name} belongs to no stage")
            elif STAGES.index(parts[1]) > STAGES.index(own[1]):
                complaints.append(f"{where}: sim.{own[1]} must not import the later {name}")
    return complaints


# Where what is imported is named by a text: the packages that import on use, and the backend of
# notebooks. Elsewhere such an import would evade the order of the stages.
LATE = {"sim/__init__.py", "sim/data/__init__.py", "sim/experiment/__init__.py"}
LATE_BACKEND = "sim/notebook/showing.py"
BY_NAME = {"import_module", "__import__"}


def late_imports(root: Path) -> list[str]:
    """Return imports by name of modules that the order of the stages does not see."""
    complaints = []
    for path in python_files(root, "sim"):
        where = path.relative_to(root).as_posix()
        if where in {*LATE, LATE_BACKEND} or where.startswith("sim/interfaces/"):
            continue
        for node in nodes(path) if has_word(path, BY_NAME) else ():
            if BY_NAME & {*_identifiers(node)}:
                complaints.append(f"{where}:{getattr(node, 'lineno', 0)}: imports by name")
    return complaints


def circles(root: Path) -> list[str]:
    """Return a circle of modules that import each other, if there is one.

    Imports inside functions and for type checkers count: they only hide that two modules are one.
    """
    known = {module_name(root, path): path for path in python_files(root, "sim")}
    graph = {
        name: {imported for _, imported in imported_modules(root, path) if imported in known}
        for name, path in known.items()
    }
    for name in graph:
        # A package that imports from itself.
        graph[name].discard(name)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return [f"these import each other: {' -> '.join(error.args[1])}"]
    return []


def crowded_folders(root: Path) -> list[str]:
    """Return folders with more modules than one can keep in mind."""
    rooms = Counter(path.parent for path in python_files(root, "sim") if path.stem != "__init__")
    return [
        f"{folder.relative_to(root)} has {count} modules: divide it, {MOST_MODULES} at most"
        for folder, count in sorted(rooms.items())
        if count > MOST_MODULES
    ]


def is_kernel(path: Path) -> bool:
    """Return whether a source defines a compiled function."""
    for node in nodes(path):
        if isinstance(node, Function):
            for decorator in node.decorator_list:
                if isinstance(decorator, ast.Name) and decorator.id in KERNEL_DECORATORS:
                    return True
    return False


def _type_checking_lines(path: Path) -> set[int]:
    """Return the lines that only a type checker reads."""
    lines: set[int] = set()
    for node in nodes(path):
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            lines.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return lines


def kernel_imports(root: Path) -> list[str]:
    """Return imports of kernel files beyond numpy, numba, typing and each other."""
    kernels = [path for path in python_files(root, "sim/model") if is_kernel(path)]
    allowed = KERNEL_SUPPORT | {module_name(root, path) for path in kernels}
    complaints = []
    for path in kernels:
        unread = _type_checking_lines(path)
        for line, name in imported_modules(root, path):
            known = name in allowed or name.split(".")[0] in KERNEL_LIBRARIES
            if not known and line not in unread:
                complaints.append(f"{path.relative_to(root)}:{line}: a kernel imports {name}")
    return complaints


# What only one file may call, beside the one that defines it.
_PAGES_DRAW = "sim/interfaces/explorer/controls/charts.py"
ONLY_CALLERS = {
    "run_block": "sim/model/rows.py",
    # Streamlit's ways to draw: pages take their charts from CHARTS.
    "vega_lite_chart": _PAGES_DRAW,
    "altair_chart": _PAGES_DRAW,
    "plotly_chart": _PAGES_DRAW,
    "line_chart": _PAGES_DRAW,
    "area_chart": _PAGES_DRAW,
    "bar_chart": _PAGES_DRAW,
    "scatter_chart": _PAGES_DRAW,
}


def second_callers(root: Path) -> list[str]:
    """Return uses of a function that has one caller in files that are not that caller."""
    complaints = []
    for path in python_files(root, "sim", "benchmarks"):
        where = str(path.relative_to(root))
        for node in nodes(path) if has_word(path, ONLY_CALLERS) else ():
            for name in _identifiers(node) if not isinstance(node, ast.FunctionDef) else ():
                if name in ONLY_CALLERS and where != ONLY_CALLERS[name]:
                    line = getattr(node, "lineno", 0)
                    complaints.append(f"{where}:{line}: only {ONLY_CALLERS[name]} calls {name}")
    return complaints


def _docstrings(tree: ast.Module) -> set[int]:
    """Return the identities of the nodes that are docstrings."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, *Documented)) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                found.add(id(first.value))
    return found


def _identifiers(node: ast.AST) -> list[str]:
    """Return the names that a node introduces or uses."""
    names = [getattr(node, field, None) for field in ("id", "attr", "arg", "name", "asname")]
    return [name for name in names if isinstance(name, str)]


def names_of_actors(
    root: Path, providers: Iterable[str], countries: Iterable[str], codes: Iterable[str]
) -> list[str]:
    """Return providers and countries named in the mechanism, in strings or in identifiers.

    A provider's key counts as a word of a string and as a part of an identifier; a country's name
    likewise, with underscores for spaces; a code as a word of a string and as a whole identifier.
    """
    keys, long_names, short = set(providers), set(countries), set(codes)
    parts_refused = keys | {name.lower() for name in long_names if name.isalpha()}
    spelled = {re.sub(r"\W+", "_", name.lower()) for name in long_names}
    complaints = []
    for path in python_files(root, "sim/model"):
        tree = parsed(path)
        prose = _docstrings(tree)
        for node in nodes(path):
            hits: set[str] = set()
            text = getattr(node, "value", None)
            if isinstance(node, ast.Constant) and isinstance(text, str) and id(node) not in prose:
                hits = set(re.findall(r"[A-Za-z]+", text)) & (keys | short)
                hits |= {name for name in long_names if re.search(rf"\b{name}\b", text)}
            for name in _identifiers(node):
                if name in short or spelled & {name.lower()}:
                    hits.add(name)
                hits |= set(name.lower().split("_")) & parts_refused
            line = getattr(node, "lineno", 0)
            complaints += [f"{path.relative_to(root)}:{line}: names {hit}" for hit in sorted(hits)]
    return complaints


def vague_names(root: Path) -> list[str]:
    """Return files and folders whose name says nothing."""
    found = []
    for folder in CODE_FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.stem.lower() in VAGUE_NAMES:
                found.append(f"{path.relative_to(root)}: say what it holds")
    return found


def function_length(node: Function) -> int:
    """Return the lines of a function without its docstring."""
    lines = (node.end_lineno or node.lineno) - node.lineno + 1
    text = node.body[0]
    if ast.get_docstring(node, clean=False) is not None:
        lines -= (text.end_lineno or text.lineno) - text.lineno + 1
    return lines


def sizes(root: Path) -> list[str]:
    """Return files and functions that have grown too long."""
    complaints = []
    for path in python_files(root, *CODE_FOLDERS):
        where = path.relative_to(root)
        n_lines = len(source(path).splitlines())
        if n_lines > MOST_FILE_LINES:
            complaints.append(f"{where}: {n_lines} lines, at most {MOST_FILE_LINES}")
        for node in nodes(path):
            if isinstance(node, Function) and function_length(node) > MOST_FUNCTION_LINES:
                complaints.append(
                    f"{where}:{node.lineno}: {node.name} has {function_length(node)} lines, "
                    f"at most {MOST_FUNCTION_LINES}"
                )
    return complaints


def is_overload(node: ast.AST) -> bool:
    """Return whether a function only declares types of another of its name."""
    return isinstance(node, Function) and any(
        isinstance(mark, ast.Name) and mark.id == "overload" for mark in node.decorator_list
    )


def undocumented(root: Path) -> list[str]:
    """Return public modules, classes, functions and methods without a docstring.

    The function that overloads describe has it for them (ruff D418).
    """
    complaints = []
    for path in python_files(root, "sim", "benchmarks"):
        where = path.relative_to(root)
        if ast.get_docstring(parsed(path)) is None:
            complaints.append(f"{where}: the module has no docstring")
        waiting: list[ast.AST] = [parsed(path)]
        while waiting:
            for node in ast.iter_child_nodes(waiting.pop()):
                if isinstance(node, Documented) and not node.name.startswith("_"):
                    if ast.get_docstring(node) is None and not is_overload(node):
                        complaints.append(f"{where}:{node.lineno}: {node.name} has no docstring")
                    if isinstance(node, ast.ClassDef):
                        waiting.append(node)
    return complaints


def text_files(root: Path) -> Iterator[Path]:
    """Yield the texts of the project: sources, pages, scenarios, files at the top."""
    places = [root.glob("*"), *((root / folder).rglob("*") for folder in TEXT_FOLDERS)]
    for place in places:
        for path in sorted(place):
            if path.is_file() and (path.suffix in TEXT_SUFFIXES or path.name == "Makefile"):
                yield path


def shared_class_names(root: Path) -> list[str]:
    """Return classes of the package that have the name of a class in another module."""
    places: dict[str, list[str]] = {}
    for path in python_files(root, "sim"):
        for node in parsed(path).body:
            if isinstance(node, ast.ClassDef):
                places.setdefault(node.name, []).append(f"{path.relative_to(root)}:{node.lineno}")
    return [
        f"class {name} is defined in {' and '.join(found)}: use one class for one thing, or rename "
        "the one whose name says less of what it is"
        for name, found in sorted(places.items())
        if len(found) > 1
    ]


def unfinished(root: Path) -> list[str]:
    """Return lines that put something off."""
    return [
        f"{path.relative_to(root)}:{number}: {line.strip()}"
        for path in text_files(root)
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if UNFINISHED.search(line)
    ]
