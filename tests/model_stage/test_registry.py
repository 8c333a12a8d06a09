"""A term or a parameter that is registered in part is told, with what is missing and where."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from sim.cache.sources import Sources
from sim.errors import DataError
from sim.model.mechanism import terms
from sim.model.world import building, fields, registered
from sim.model.world.fields import Read, field_problems, fields_read
from sim.model.world.registered import TERMS_FILE, check_terms, half_registered
from sim.scenario import load_scenario
from sim.words.terms import TERM_WORDS, checked_words

SIM = Path(__file__).parents[2] / "sim"
SOURCE = (SIM / "model" / "mechanism" / "terms.py").read_text("utf-8")


def test_every_term_is_registered_whole() -> None:
    complaints = half_registered(ast.parse(SOURCE), terms.SETTLED_TERMS, terms.MOVING_TERMS)
    assert not complaints, "\n".join(complaints)
    labels = [words.label for words in TERM_WORDS.values()]
    twice = sorted({label for label in labels if labels.count(label) > 1})
    assert twice == [], "give each term a label of its own in sim/words/terms.py"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (r"    out\[3\] = retaliation\(.*\n", "", "fill_terms leaves out the term retaliation"),
        (r"        \+ cost\(.*\n", "", "settled_utility leaves out the term cost"),
        (r"        \+ peers\(.*\n", "", "expected_utility leaves out the term peers"),
        (r"def intercept\(", "def intercepts(", "no function intercept, which is listed"),
        (r"out\[0\] = gain\((.*)\)\n    out\[1\] = cost", r"out[0] = cost(\1)\n    out[1] = gain",
         "fill_terms has the terms in another order"),
    ],
)  # fmt: skip
def test_a_half_registered_term_is_told(old: str, new: str, said: str) -> None:
    broken, times = re.subn(old, new, SOURCE)
    assert times == 1
    complaints = half_registered(ast.parse(broken), terms.SETTLED_TERMS, terms.MOVING_TERMS)
    assert re.search(said, complaints[0])


def test_words_of_a_term_that_are_missing_or_left_over_are_told() -> None:
    words = {name: TERM_WORDS[name] for name in TERM_WORDS if name != "cost"}
    with pytest.raises(DataError) as refusal:
        checked_words({**words, "prestige": TERM_WORDS["cost"]})
    assert str(refusal.value).splitlines() == [
        "sim/words/terms.py: has words for prestige, which is not a term.",
        "  Remove them.",
        "sim/words/terms.py: the term cost has no words.",
        "  Give it an entry here.",
    ]


def test_a_half_registered_term_is_refused_before_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    missing = ("fill_terms leaves out the term prestige: add its line.",)
    monkeypatch.setattr(registered, "half_registered", lambda *_: missing)
    building._check_records.cache_clear()
    with pytest.raises(DataError, match=f"{TERMS_FILE}: {missing[0]}\n  See CONTRIBUTING"):
        building.build_world(load_scenario("baseline"))
    monkeypatch.undo()
    check_terms()


RECORDS = {
    "weight": {"w_peer"},
    "offer": {"chips"},
    "provider": {"linkage"},
    "country": {"readiness"},
    "relation": {"ally"},
}


def problems_of(folder: Path, source: str, *rows: str) -> list[str]:
    """Return what is wrong with the fields that one function reads, in a module in a folder."""
    head = "from sim.model.machine.compiled import inlined"
    text = f"{head}\ndef gravity(world, draw, i):\n    {source}"
    path = folder / "terms.py"
    path.write_text(text, "utf-8")
    reads = fields_read(Sources({"sim.model.mechanism.terms": path}))
    return [str(found) for found in field_problems([*reads], RECORDS, rows)]


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
def test_a_field_that_does_not_exist_is_told_with_its_place(
    tmp_path: Path, source: str, said: str
) -> None:
    (problem,) = problems_of(tmp_path, source)
    assert problem.startswith(f"{TERMS_FILE}:3: gravity reads ")
    assert re.search(said, problem)


def test_a_row_that_nothing_reads_is_told(tmp_path: Path) -> None:
    assert problems_of(tmp_path, "return draw.weight.w_peer * draw.offer.shape[0]", "w_peer") == []
    (problem,) = problems_of(tmp_path, "return draw.offer[0].chips", "w_peer")
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
