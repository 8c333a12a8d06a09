"""Every public name is documented, with an example, and stands on docs/api.md."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.interfaces.generated.api import page as api_page
from sim.interfaces.generated.api.docstring import (
    EXAMPLES,
    PARAMETERS,
    RAISES,
    RETURNS,
    read_docstring,
)
from sim.interfaces.generated.sections import fill_sections

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "api.md"
NAMES = api_page.public_names()
FUNCTIONS = {name: found for name, found in NAMES.items() if not inspect.isclass(found)}
EVERY = pytest.mark.parametrize("name", NAMES)


def flaws(found: Any) -> list[str]:
    """Return what the docstring of a public name lacks."""
    doc = read_docstring(found.__doc__)
    complaints = [] if doc.summary.endswith(".") else ["a first sentence"]
    if ">>>" not in doc.sections.get(EXAMPLES, ""):
        complaints.append("an example that runs, under Examples")
    if inspect.isclass(found):
        return complaints
    described = {name.lstrip("*") for entry in doc.entries(PARAMETERS) for name in entry.names}
    given = set(inspect.signature(found).parameters)
    complaints += [f"the parameter {name}, under Parameters" for name in sorted(given - described)]
    complaints += [f"{name}: it has no such parameter" for name in sorted(described - given)]
    complaints += [
        f"the section {section}" for section in (RETURNS, RAISES) if section not in doc.sections
    ]
    return complaints


@EVERY
def test_a_public_name_is_documented_with_an_example(name: str) -> None:
    assert flaws(NAMES[name]) == [], f"sim.{name} needs in its docstring"


def test_what_is_missing_is_told() -> None:
    def half(x: int, y: int) -> int:
        """Return a sum

        Parameters
        ----------
        x, z : int
            Terms.
        """
        return x + y

    assert flaws(half) == [
        "a first sentence",
        "an example that runs, under Examples",
        "the parameter y, under Parameters",
        "z: it has no such parameter",
        "the section Returns",
        "the section Raises",
    ]


def test_the_page_is_current() -> None:
    page = PAGE.read_text("utf-8")
    assert fill_sections(page, api_page.generated_sections()) == page, "run: make docs"


@EVERY
def test_the_page_has_every_name(name: str) -> None:
    text = PAGE.read_text("utf-8")
    word = "class " if inspect.isclass(NAMES[name]) else ""
    assert f"### {word}`sim.{name}`\n" in text


def test_members_are_listed_with_what_they_say() -> None:
    members = dict(api_page.members(sim.Result))
    assert members[".countries"].startswith("One row per country")
    assert ".plot(name=None, *, is_dark=False, **choices)" in members
    assert not any(head.startswith("._") for head in members)


def test_a_docstring_is_read_by_its_sections() -> None:
    doc = read_docstring(sim.compare.__doc__)
    assert doc.summary == "Return what changes from one scenario to another, in the same futures."
    assert doc.text.startswith("Random numbers belong to countries")
    entries = {entry.names: entry for entry in doc.entries(PARAMETERS)}
    assert entries["scenario_a", "scenario_b"].kind == "Scenario"
    assert entries["replicates", "seed", "workers", "facts", "progress"].text == "As in `simulate`."
    assert [entry.names for entry in doc.entries(RETURNS)] == [("Comparison",)]
    assert read_docstring(None).summary == ""
