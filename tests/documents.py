"""Reading the pages: their links, headings, code blocks and the files they speak of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_LINK = re.compile(r"\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
# Paths of the project's own folders in backticks; scenarios are left out, examples name new ones.
_PATH = re.compile(r"`((?:sim|docs|tests|benchmarks|\.ci)/[\w./-]*)`")
_FOREIGN = ("http://", "https://", "mailto:")


class CodeBlock(NamedTuple):
    """A fenced block of a page: language, and text."""

    page: Path
    language: str
    text: str


def pages(root: Path) -> list[Path]:
    """Return the project's Markdown pages."""
    below = [(root / folder).rglob("*.md") for folder in ("docs", "sim", "scenarios", "benchmarks")]
    found = {path for places in [root.glob("*.md"), *below] for path in places}
    kept = root / "results" / "README.md"
    return sorted(found | ({kept} if kept.is_file() else set()))


def code_blocks(page: Path) -> Iterator[CodeBlock]:
    """Yield the fenced blocks of a page."""
    for language, text in _FENCE.findall(page.read_text("utf-8")):
        yield CodeBlock(page, language, text)


def anchor(heading: str) -> str:
    """Return the anchor that renderers give a heading."""
    plain = re.sub(r"[^\w\s-]", "", heading.strip().lower())
    return plain.replace(" ", "-")


def anchors(page: Path) -> set[str]:
    """Return every anchor of a page."""
    text = _FENCE.sub("", page.read_text("utf-8"))
    named = re.findall(r'<a (?:id|name)="([^"]+)"', text)
    return {anchor(title) for title in re.findall(r"^#+ (.+)$", text, re.MULTILINE)} | set(named)


def broken_links(root: Path) -> list[str]:
    """Return links within the project that lead nowhere, and files named that do not exist."""
    complaints = []
    for page in pages(root):
        text = _FENCE.sub("", page.read_text("utf-8"))
        where = page.relative_to(root)
        for target in _LINK.findall(text):
            if target.startswith(_FOREIGN):
                continue
            file, _, section = target.partition("#")
            goal = (page.parent / file).resolve() if file else page
            if not goal.exists():
                complaints.append(f"{where}: link to {target}, which does not exist")
            elif section and goal.suffix == ".md" and section not in anchors(goal):
                complaints.append(f"{where}: link to {target}, which has no such heading")
        complaints += [
            f"{where}: names {path}, which does not exist"
            for path in _PATH.findall(text)
            if not (root / path).exists()
        ]
    return complaints


def commands(root: Path, *names: str) -> Iterator[tuple[str, str]]:
    """Yield page and line of every `alignsim` command in the code blocks of the named pages."""
    for name in names:
        for block in code_blocks(root / name):
            # A backslash at the end of a line continues it.
            for line in block.text.replace("\\\n", " ").splitlines():
                if line.strip().startswith("alignsim "):
                    yield name, line.split("  #")[0].strip()
