"""A term or a parameter that is registered in part is told, with what is missing and where."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from sim.data import load_parameters
from sim.model.mechanism import terms
from sim.words.terms import TERM_WORDS

SIM = Path(__file__).parents[2] / "sim"
SOURCE = (SIM / "model" / "mechanism" / "terms.py").read_text("utf-8")
TERMS_FILE = "sim/model/mechanism/terms.py"


def calls_of(source: str, function: str) -> list[str]:
    """Return the functions that a function of a source calls, in their order."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and node.name == function:
            calls = [n for n in ast.walk(node) if isinstance(n, ast.Call)]
            calls.sort(key=lambda call: (call.lineno, call.col_offset))
            return [call.func.id for call in calls if isinstance(call.func, ast.Name)]
    return []


def half_registered(source: str, settled: Iterable[str], moving: Iterable[str]) -> list[str]:
    """Return what is missing of each term of utility in the source of the terms."""
    settled, moving = [*settled], [*moving]
    wanted = {
        "fill_terms": [*settled, *moving],
        "settled_utility": settled,
        # Taste is what an outsider cannot see.
        "expected_utility": [name for name in moving if name != "taste"],
    }
    defined = {n.name for n in ast.parse(source).body if isinstance(n, ast.FunctionDef)}
    found = [
        f"{TERMS_FILE} has no function {name}, which is listed as a term."
        for name in wanted["fill_terms"]
        if name not in defined
    ]
    for function, names in wanted.items():
        called = [name for name in calls_of(source, function) if name in defined]
        found += [
            f"{function} in {TERMS_FILE} leaves out the term {name}: add its line."
            for name in names
            if name not in called
        ]
        if {*called} == {*names} and called != names:
            found.append(f"{function} in {TERMS_FILE} has the terms in another order than listed.")
    return found


def test_every_term_is_registered_whole() -> None:
    assert half_registered(SOURCE, terms.SETTLED_TERMS, terms.MOVING_TERMS) == []
    assert list(TERM_WORDS) == list(terms.TERM_NAMES)
    assert len({words.label for words in TERM_WORDS.values()}) == len(TERM_WORDS)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (r"    out\[3\] = retaliation\(.*\n", "", "fill_terms .* leaves out the term retaliation"),
        (r"        \+ cost\(.*\n", "", "settled_utility in .* leaves out the term cost"),
        (r"        \+ peers\(.*\n", "", "expected_utility in .* leaves out the term peers"),
        (r"def intercept\(", "def intercepts(", "has no function intercept, which is listed"),
        (r"out\[0\] = gain\((.*)\)\n    out\[1\] = cost", r"out[0] = cost(\1)\n    out[1] = gain",
         "fill_terms in .* in another order"),
    ],
)  # fmt: skip
def test_a_half_registered_term_is_told(old: str, new: str, said: str) -> None:
    broken, times = re.subn(old, new, SOURCE)
    assert times == 1
    complaints = half_registered(broken, terms.SETTLED_TERMS, terms.MOVING_TERMS)
    assert re.search(said, complaints[0])


def test_every_number_that_the_rule_reads_has_a_row_and_every_row_is_read() -> None:
    read = {
        node.attr
        for path in (SIM / "model").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute)
        and (
            getattr(node.value, "attr", "") == "weight" or getattr(node.value, "id", "") == "weight"
        )
    }
    rows = {name for name, row in load_parameters().items() if row.group != "features"}
    numbers = {name for name in read if name not in {"dtype", "copy", "shape", "size"}}
    assert not numbers - rows, "give these a row in sim/data/tables/parameters.csv"
    assert not rows - numbers, "no kernel reads these rows of sim/data/tables/parameters.csv"
