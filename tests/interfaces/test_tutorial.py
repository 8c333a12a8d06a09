"""The tutorial runs, its outputs are what comes out, and its text says what they say."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from sim.interfaces.generated.api.tutorial import TUTORIAL, cell_texts, executed

ROOT = Path(__file__).parents[2]
COMMITTED = (ROOT / TUTORIAL).read_text("utf-8")
# Bold text with a digit in it.
_BOLD = re.compile(r"\*\*([^*]*\d[^*]*)\*\*")
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


def cells(text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(text)["cells"]
    return found


def as_text(cell: dict[str, Any]) -> str:
    source = cell["source"]
    return "".join(source) if isinstance(source, list) else source


def shown_by(cell: dict[str, Any]) -> str:
    """Return what a code cell shows as text, without its tags."""
    joined = ["".join(text) if isinstance(text, list) else text for text in cell_texts(cell)]
    return re.sub(r"<[^>]+>", " ", "\n".join(joined))


def unfounded_figures(text: str) -> list[str]:
    """Return bold figures of the text that the last output above does not have."""
    found, shown = [], ""
    for cell in cells(text):
        if cell["cell_type"] == "code":
            shown = shown_by(cell)
            continue
        for bold in _BOLD.findall(as_text(cell)):
            known = set(_NUMBER.findall(shown.replace("\u2212", "-")))
            found += [f"{bold}: {each}" for each in _NUMBER.findall(bold) if each not in known]
    return found


def differing(one: str, other: str) -> list[str]:
    """Return the cells of two notebooks that differ, by name."""
    pairs = zip(cells(one), cells(other), strict=True)
    return [a["id"] for a, b in pairs if a != b]


def test_it_runs_and_shows_what_is_committed() -> None:
    fresh = executed(COMMITTED)
    assert differing(COMMITTED, fresh) == [], "run: make docs"
    assert fresh == COMMITTED


def test_its_figures_are_those_computed() -> None:
    assert len(_BOLD.findall(COMMITTED)) >= 5
    assert unfounded_figures(COMMITTED) == []


def test_it_has_ten_cells_of_code_without_errors_and_paths_of_a_machine() -> None:
    code = [cell for cell in cells(COMMITTED) if cell["cell_type"] == "code"]
    assert len(code) == 10
    assert all(cell["outputs"] for cell in code)
    assert not re.search(r"/(home|tmp|root|Users|work)/", COMMITTED)
    assert len(COMMITTED) < 200_000


def test_its_links_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)#]+)", COMMITTED)
    assert links
    assert [link for link in links if not (ROOT / "docs" / link).is_file()] == []


def notebook(*sources: tuple[str, str]) -> str:
    made = []
    for number, (kind, source) in enumerate(sources):
        cell: dict[str, Any] = {"cell_type": kind, "id": f"c{number}", "metadata": {}}
        extra: dict[str, Any] = {"outputs": [], "execution_count": None} if kind == "code" else {}
        made.append(cell | extra | {"source": source})
    content = {"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(content)


def test_what_is_wrong_is_found() -> None:
    from nbclient.exceptions import CellExecutionError

    with pytest.raises(CellExecutionError, match="ZeroDivisionError"):
        executed(notebook(("code", "1 / 0")))
    sound = executed(notebook(("code", "print(6 * 7)"), ("markdown", "It is **42**, or **43**.")))
    assert unfounded_figures(sound) == ["43: 43"]
    other = sound.replace('"42\\n"', '"41\\n"')
    assert differing(other, sound) == ["c0"]
