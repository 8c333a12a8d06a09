"""A term or a parameter that is registered in part is told, with what is missing and where."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from sim.errors import DataError
from sim.model.mechanism import terms
from sim.model.world import building, fields
from sim.model.world.fields import Read, field_problems, fields_read
from sim.scenario import load_scenario
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
    complaints = half_registered(SOURCE, terms.SETTLED_TERMS, terms.MOVING_TERMS)
    assert not complaints, "\n".join(complaints)
    labels = [words.label for words in TERM_WORDS.values()]
    twice = sorted({label for label in labels if labels.count(label) > 1})
    assert twice == [], "give each term a label of its own in sim/words/terms.py"


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


RECORDS = {
    "weight": {"w_peer"},
    "offer": {"chips"},
    "provider": {"linkage"},
    "country": {"readiness"},
    "relation": {"ally"},
}


def problems_of(source: str, *rows: str) -> list[str]:
    """Return what is wrong with the fields that one function reads."""
    head = "from sim.model.machine.compiled import inlined"
    text = f"{head}\ndef gravity(world, draw, i):\n    {source}"
    trees = {"sim.model.mechanism.terms": ast.parse(text)}
    return [str(found) for found in field_problems([*fields_read(trees)], RECORDS, rows)]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("return draw.weight.w_mass", r"weight\.w_mass, .*\n  Give it a row in .*parameters\.csv"),
        (
            "weight = draw.weight; return weight.w_mass",
            r"reads weight\.w_mass, which does not exist",
        ),
        ("return draw.offer[0].mass", r"offer\.mass, .*\n  Add it to Offer in sim/scenario/schema"),
        (
            "return draw.provider[0].mass",
            r"provider\.mass, .*\n  Add it to Provider in sim/scen",
        ),
        ("return world.country[i].mass", r"country\.mass, .*\n  Write a feature .*country\.py"),
        ("return world.relation[i, 0].mass", r"relation\.mass, .*\n  Add it to TIE_FACTS"),
    ],
)
def test_a_field_that_does_not_exist_is_told_with_its_place(source: str, said: str) -> None:
    (problem,) = problems_of(source)
    assert problem.startswith(f"{TERMS_FILE}:3: gravity reads ")
    assert re.search(said, problem)


def test_a_row_that_nothing_reads_is_told() -> None:
    assert problems_of("return draw.weight.w_peer * draw.offer.shape[0]", "w_peer") == []
    (problem,) = problems_of("return draw.offer[0].chips", "w_peer")
    assert "parameters.csv: no function reads w_peer." in problem
    assert "Read it as draw.weight.w_peer in sim/model/mechanism/, or delete the row." in problem


def test_a_mechanism_that_reads_what_is_not_there_is_refused_before_it_is_compiled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reads = (*fields._shipped_reads(), Read("weight", "w_mass", "gravity", TERMS_FILE, 7))
    monkeypatch.setattr(fields, "_shipped_reads", lambda: reads)
    building._check_records.cache_clear()
    with pytest.raises(DataError, match=r"terms\.py:7: gravity reads weight\.w_mass"):
        building.build_world(load_scenario("baseline"))
