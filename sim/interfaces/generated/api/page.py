"""The generated part of docs/api.md: every public name of the package, from its docstring.

``make docs`` writes it; a test checks that it is current.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from functools import cached_property
from importlib import import_module
from typing import Any

from sim.interfaces.generated.api.docstring import (
    EXAMPLES,
    PARAMETERS,
    RAISES,
    RETURNS,
    Docstring,
    read_docstring,
)

PACKAGE = __name__.partition(".")[0]
# The first place that a name's module begins with is its chapter.
CHAPTERS = {
    "sim.scenario": "Scenarios",
    "sim.experiment.sweeps": "Sweeps",
    "sim.experiment": "Runs, comparisons, and what is kept of them",
    "sim.model": "One future, step by step",
    "sim.analysis.backtests": "The model against the record",
    "sim.analysis.calibration": "The model against the record",
    "sim.analysis.forecasts": "The model against the record",
    "sim.analysis.patterns": "The model against the record",
    "sim.analysis.verification": "The model against the record",
    "sim.analysis": "Questions about results",
    "sim.interfaces": "Figures and reports",
    "sim.errors": "Errors",
}
# As a reader meets them.
_ORDER = (
    "Scenarios",
    "Runs, comparisons, and what is kept of them",
    "Sweeps",
    "Questions about results",
    "The model against the record",
    "Figures and reports",
    "One future, step by step",
    "Errors",
)
_CODE = re.compile(r"(``.+?``|`.+?`)", re.DOTALL)


def public_names() -> dict[str, Any]:
    """Return every public function and class of the package, by name."""
    package = import_module(PACKAGE)
    found = {name: getattr(package, name) for name in package.__all__}
    return {name: each for name, each in found.items() if callable(each)}


def chapter_of(found: Any) -> str:
    """Return the chapter of a public name, by the module that defines it."""
    return next(title for place, title in CHAPTERS.items() if found.__module__.startswith(place))


def generated_sections() -> dict[str, str]:
    """Return the generated text of docs/api.md by section."""
    chapters: dict[str, dict[str, Any]] = {title: {} for title in _ORDER}
    for name, found in public_names().items():
        chapters[chapter_of(found)][name] = found
    return {"api": "\n".join(_lines(chapters)).strip()}


def _lines(chapters: dict[str, dict[str, Any]]) -> Iterator[str]:
    # Functions first: they return the classes.
    ordered = {
        title: dict(sorted(names.items(), key=lambda item: inspect.isclass(item[1])))
        for title, names in chapters.items()
    }
    for title, names in ordered.items():
        listed = ", ".join(f"[`{name}`](#{_anchor(name, found)})" for name, found in names.items())
        yield f"- **{title}:** {listed}"
    for title, names in ordered.items():
        yield from ("", f"## {title}")
        for name, found in names.items():
            yield from _entry(name, found)


def _heading(name: str, found: Any) -> str:
    # A function and a class can differ in a capital letter only, which anchors do not keep.
    return f"class `sim.{name}`" if inspect.isclass(found) else f"`sim.{name}`"


def _anchor(name: str, found: Any) -> str:
    return re.sub(r"[^\w-]", "", _heading(name, found).lower().replace(" ", "-"))


def _entry(name: str, found: Any) -> Iterator[str]:
    """Yield the lines of one name."""
    doc = read_docstring(found.__doc__)
    yield from ("", f"### {_heading(name, found)}", "")
    if not inspect.isclass(found):
        yield from (f"`{name}({signature(found)})`", "")
    yield _markdown(doc.summary)
    if doc.text:
        yield from ("", _markdown(doc.text))
    yield from _listed("Fields" if inspect.isclass(found) else "Parameters", _fields(found))
    yield from _returned(doc)
    raised = [(f"`{', '.join(e.names)}`", e.text) for e in doc.entries(RAISES)]
    yield from _bullets("Raises", raised)
    if "Notes" in doc.sections:
        yield from ("", _markdown(doc.sections["Notes"]))
    if inspect.isclass(found):
        yield from _bullets("Members", [(f"`{head}`", text) for head, text in members(found)])
    if EXAMPLES in doc.sections:
        yield from ("", "```pycon", doc.sections[EXAMPLES], "```")


def _fields(found: Any) -> Docstring:
    """Return the docstring with the parameters: that of a class or of the one it builds on."""
    kinds = found.__mro__ if inspect.isclass(found) else (found,)
    docs = [read_docstring(kind.__doc__) for kind in kinds if kind.__module__.startswith(PACKAGE)]
    return next((doc for doc in docs if PARAMETERS in doc.sections), docs[0])


def _listed(title: str, doc: Docstring) -> Iterator[str]:
    rows = [
        (f"`{', '.join(each.names)}`{f' ({_markdown(each.kind)})' if each.kind else ''}", each.text)
        for each in doc.entries(PARAMETERS)
    ]
    yield from _bullets(title, rows)


def _returned(doc: Docstring) -> Iterator[str]:
    entries = doc.entries(RETURNS)
    if entries:
        first = entries[0]
        text = f": {_markdown(first.text)}" if first.text else ""
        yield from ("", f"**Returns** {_markdown(', '.join(first.names))}{text}")


def _bullets(title: str, rows: list[tuple[str, str]]) -> Iterator[str]:
    if rows:
        yield from ("", f"**{title}**", "")
        yield from (f"- {head}{f': {_markdown(text)}' if text else ''}" for head, text in rows)


def _markdown(text: str) -> str:
    """Return text of a docstring as Markdown: code in single backticks, stars as they are."""
    parts = _CODE.split(text)
    return "".join(_code(part) if part.startswith("`") else _prose(part) for part in parts)


def _code(text: str) -> str:
    return f"`{text.strip('`')}`"


def _prose(text: str) -> str:
    return text.replace("*", r"\*").replace("<", "&lt;")


def signature(found: Any) -> str:
    """Return names and defaults of the parameters of a function, for a heading.

    Examples
    --------
    >>> def example(x, *, y=2, progress=print): ...
    >>> signature(example)
    'x, *, y=2, progress=...'
    """
    parts: list[str] = []
    for each in inspect.signature(found).parameters.values():
        if each.kind is each.KEYWORD_ONLY and "*" not in parts:
            parts.append("*")
        default = each.default
        shown = "..." if callable(default) else repr(default)
        mark = "**" if each.kind is each.VAR_KEYWORD else ""
        parts.append(mark + (each.name if default is each.empty else f"{each.name}={shown}"))
    return ", ".join(part for part in parts if part != "self" and part != "cls")


def members(kind: type) -> list[tuple[str, str]]:
    """Return the public properties and methods of a class, each with its first sentence."""
    found = []
    for name in sorted(dir(kind)):
        raw = inspect.getattr_static(kind, name)
        if name.startswith("_"):
            continue
        if isinstance(raw, property | cached_property):
            function = raw.fget if isinstance(raw, property) else raw.func
            head = f".{name}"
        else:
            function = getattr(raw, "__func__", raw)
            if not inspect.isfunction(function):
                continue
            head = f".{name}({signature(function)})"
        if function is not None and function.__module__.startswith(PACKAGE):
            found.append((head, read_docstring(function.__doc__).summary))
    return found
