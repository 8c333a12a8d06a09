"""Reports in words: ranges and records beside every figure, scenarios by their names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd
import pytest

import sim
from experiment.short_sweeps import short_scenario
from interfaces.report_totals import totals_of
from sim.analysis.evidence import expected_joiners, load_evidence
from sim.interfaces.report.contents import contents
from sim.interfaces.report.document import Listing, Picture, Prose, Report
from sim.interfaces.report.subject import subject_of
from sim.words.digits import supported
from sim.words.wording import alike, error_in_words, with_sign


@pytest.fixture(scope="module")
def run() -> sim.Result:
    return sim.simulate(sim.load_scenario("baseline"), replicates=24, seed=3)


def test_a_change_says_how_far_it_goes_over_futures_and_of_what_intervals_are() -> None:
    first_of, second_of = map(sim.load_scenario, ("baseline", "sovereignty-guarantees"))
    result = sim.compare(first_of, second_of, replicates=60, seed=1)
    totals = totals_of(result)
    report = contents(subject_of(result))
    first, second, third = answer_of(report)
    ends = [with_sign(totals[f"difference_{end}"]) for end in ("p05", "p95")]
    assert "90 % interval of the mean: " in first
    assert re.search(rf"; 90 % of futures: {re.escape(' to '.join(alike(*ends)))}\)", first)
    assert "90 % of futures: " in second
    # Every kind of partner has both ranges, in the same order.
    changes = re.findall(r"\((.*?)\)", first.split(". They are")[0] + second)
    assert all(bracket.count(";") == 1 for bracket in changes)
    assert "points; 90 % interval of the mean: " in third
    heads = [head for each in listings(report) for head in each.heads]
    assert "90 % interval" not in heads
    assert {"90 % interval of the mean", "90 % interval over the uncertain numbers"} <= {*heads}


def answer_of(report: Report) -> Sequence[str]:
    (section,) = (each for each in report.sections if each.key == "answer")
    lead = section.blocks[0]
    assert isinstance(lead, Prose)
    assert lead.is_lead
    return lead.paragraphs


def listings(report: Report) -> list[Listing]:
    blocks = [block for section in report.sections for block in section.blocks]
    return [block for block in blocks if isinstance(block, Listing)]


def test_the_answer_says_how_far_off_the_models_own_numbers_were(run: sim.Result) -> None:
    (answer,) = (s for s in contents(subject_of(run)).sections if s.key == "answer")
    last = load_evidence().uptake.groupby("scenario").last()
    expected, found = last["forecast_mean"].mean(), last["on_record"].mean()
    _, beside = answer.blocks
    assert isinstance(beside, Prose)
    assert expected > found
    assert (
        f"expected {expected:.0f} joiners on average where {found:.0f} are on record"
        in (beside.paragraphs[0])
    )
    uptake = pd.DataFrame(
        {"scenario": ["a", "a", "b"], "forecast_mean": [1.0, 2.0, 3.0], "on_record": [0, 5, 7]}
    )
    few = expected_joiners(uptake)
    assert (few.forecast, few.on_record, few.n_above, few.programmes) == (2.5, 6.0, 0, 2)
    assert "expects too few: in 2 earlier programmes" in few.in_words
    assert "fewer than there were in 2 of them" in few.in_words


def test_a_comparison_names_its_scenarios_and_no_letters() -> None:
    first, second = map(sim.load_scenario, ("baseline", "sovereignty-guarantees"))
    result = sim.compare(first, second, replicates=8, seed=1)
    report = contents(subject_of(result))
    letter = re.compile(r"(?<!-)\b(?:in A|in B|A minus B|A is|B is|under A|of A|Rings: B)\b")
    said = [*words_of(report)]
    assert not [each for each in said if letter.search(each)]
    # Files name the first of the command line a: the question says which columns are whose.
    (question,) = (s.blocks[0] for s in report.sections if s.key == "question")
    assert isinstance(question, Prose)
    assert (
        "columns of baseline end in `_a`, those of sovereignty-guarantees in `_b`"
        in (question.paragraphs[1])
    )
    assert "differences are sovereignty-guarantees minus baseline" in question.paragraphs[1]
    (totals,) = (each for each in listings(report) if "What it does" in each.caption)
    row = totals_of(result)
    assert totals.heads[1:3] == ["sovereignty-guarantees", "baseline"]
    assert [float(cell) for cell in totals.rows[0][1:3]] == pytest.approx(
        [row["mean_b"], row["mean_a"]], abs=0.5
    )


def test_two_of_one_name_are_told_apart() -> None:
    start = sim.load_scenario("baseline")
    moved = [start.with_levers({"slots": slots}) for slots in (20, 30)]
    once = sim.compare(start, moved[0], replicates=8, seed=1)
    heads = {head for each in listings(contents(subject_of(once))) for head in each.heads}
    assert {"in baseline as moved", "in baseline"} <= heads
    result = sim.compare(moved[0], moved[1], replicates=8, seed=1)
    heads = {head for each in listings(contents(subject_of(result))) for head in each.heads}
    assert {"in baseline (second)", "in baseline (first)"} <= heads


def words_of(report: Report) -> Iterator[str]:
    """Yield what a reader of a report sees, the words in its pictures too."""
    for block in (block for section in report.sections for block in section.blocks):
        if isinstance(block, Prose):
            yield from block.paragraphs
        elif isinstance(block, Listing):
            yield from (block.caption, *block.heads)
        elif isinstance(block, Picture):
            yield from (block.title, block.caption, block.description)
            yield from re.findall(r">([^<>]+)</text>", block.wide)


def test_a_range_that_one_scenario_draws_is_told_in_words() -> None:
    first, second = map(sim.load_scenario, ("baseline", "sovereignty-guarantees"))
    report = contents(subject_of(sim.compare(first, second, replicates=8, seed=1)))
    (changes,) = (each for each in listings(report) if each.caption == "What differs.")
    ranges = [row for row in changes.rows if row[0].startswith("Range of: ")]
    assert [row[1:3] for row in ranges if row[3].endswith("infrastructure.local_control`")] == [
        ["one value, not drawn", "triangular from 0.25 to 0.45, mode 0.35"]
    ]
    for row in changes.rows:
        assert "distribution" not in " ".join(row[1:3])
        assert "nothing" not in row[1:3]


def test_the_title_of_a_run_says_what_was_moved() -> None:
    scenario = sim.load_scenario("baseline").with_levers({"slots": 20})
    report = contents(subject_of(sim.simulate(scenario, 8, seed=1)))
    assert report.title.endswith(", with Places in the US infrastructure offer: 20 instead of 10")
    assert "run of baseline as moved" in report.subtitle


def test_means_say_their_futures_and_error_and_have_no_more_digits(run: sim.Result) -> None:
    first = answer_of(contents(subject_of(run)))[0]
    row = totals_of(run)
    assert f"Monte Carlo error ±{error_in_words(row['mean_se'])}; 90 % of futures: " in first
    assert f"{run.replicates} futures" in first


def test_a_sweep_does_too(tmp_path: Path) -> None:
    design = sim.Design.grid({"local_control": [0.2, 0.8]})
    found = sim.sweep(short_scenario(), design, 24, out=tmp_path)
    report = contents(subject_of(found))
    first = answer_of(report)[0]
    outcomes = found.frame("outcomes")
    rows = outcomes[(outcomes["outcome"] == "n_countries") & (outcomes["provider"] == "us")]
    start = rows[rows["point"] == 0].iloc[0]
    assert (
        f"over 24 futures at each point (Monte Carlo error ±{error_in_words(start['mean_se'])}"
        in (first)
    )
    (table,) = (each for each in listings(report) if each.caption.startswith("Partners of the Uni"))
    at = list(table.heads).index("Monte Carlo error")
    for cells, (_, own) in zip(table.rows, rows.sort_values("point").iterrows(), strict=True):
        assert cells[at - 1] == supported(own["mean"], own["p05"], own["p95"])
        assert cells[at] == f"±{error_in_words(own['mean_se'])}"


def test_utility_is_explained_once(run: sim.Result) -> None:
    said = [each for each in words_of(contents(subject_of(run))) if "Utility is the score" in each]
    assert len(said) == 1
