"""Rows that contradict each other and scenarios that tell nothing, as someone may add them."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from sim.analysis.history.programme_rows import programme_problems
from sim.analysis.history.programmes import history_files
from sim.data.facts import TABLES_FOLDER

BRI = {"programme": "bri", "bloc": "CHN", "kind": "memorandum", "confidence": "high"}
AIIB = {"programme": "aiib", "bloc": "CHN", "kind": "membership", "confidence": "high"}
VOTE = {"programme": "un_vote_cybercrime_2019", "bloc": "CHN", "kind": "vote", "confidence": "high"}
DEAL = {"programme": "openai_for_countries", "bloc": "US", "confidence": "high"}


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    folder = tmp_path / "tables"
    folder.mkdir()
    for name in ("events.csv", "programmes.csv"):
        shutil.copy(TABLES_FOLDER / name, folder / name)
    return folder


@pytest.fixture
def scenarios(tmp_path: Path) -> Path:
    """Return a folder like that of history, with the scenarios of two programmes."""
    folder = tmp_path / "history"
    folder.mkdir()
    for path in history_files():
        if path.stem in {"seoul-declaration", "xinjiang-support-2020"}:
            shutil.copy(path, folder / path.name)
    return folder


def add(path: Path, **cells: str) -> int:
    """Add a row to a table; return its line."""
    lines = path.read_text("utf-8").splitlines()
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, next(csv.reader(lines)), lineterminator="\n").writerow(cells)
    return len(lines) + 1


def test_what_ships_has_no_problem() -> None:
    assert programme_problems(TABLES_FOLDER, history_files()[0].parent) == []


@pytest.mark.parametrize(
    ("added", "rule"),
    [
        (
            [
                {**BRI, "iso3": "BRA", "date": "2024-11", "event": "signed", "note": "a"},
                {**BRI, "iso3": "BRA", "date": "2025-01", "event": "signed", "note": "b"},
            ],
            "two dates for one event.",
        ),
        (
            [
                {**AIIB, "iso3": "MEX", "date": "2020-03", "event": "joined"},
                {**AIIB, "iso3": "MEX", "date": "2020-03", "event": "declined"},
            ],
            "a country can refuse before it joins, not then or later.",
        ),
        (
            [
                {**AIIB, "iso3": "MEX", "date": "2020-03", "event": "joined"},
                {**AIIB, "iso3": "MEX", "date": "2021", "event": "declined"},
            ],
            "a country can refuse before it joins, not then or later.",
        ),
        (
            [{**AIIB, "iso3": "MEX", "date": "2020-03", "event": "withdrew"}],
            "MEX withdrew on 2020-03 from aiib (kind membership), but no row says that it joined.",
        ),
        (
            # What it has is of another kind.
            [{**DEAL, "iso3": "EST", "date": "2026-03", "event": "withdrew", "kind": "services"}],
            "(kind services), but no row says that it joined.",
        ),
        (
            [
                {**AIIB, "iso3": "MEX", "date": "2020-03-02", "event": "joined"},
                {**AIIB, "iso3": "MEX", "date": "2019", "event": "withdrew"},
            ],
            "has joined on 2020-03-02: it left before it joined.",
        ),
        (
            [{**VOTE, "iso3": "XKX", "date": "2019-12-17", "event": "voted_no"}],
            "but the vote un_vote_cybercrime_2019 was on 2019-12-27.",
        ),
    ],
)
def test_rows_that_contradict_each_other_are_told(
    tables: Path, added: list[dict[str, str]], rule: str
) -> None:
    path = tables / "events.csv"
    line = [add(path, **row) for row in added][-1]
    (told,) = programme_problems(tables, history_files()[0].parent)
    assert (told.file, told.line) == (str(path), line)
    assert told.message.endswith(rule)
    assert told.remedy


def test_rows_in_an_order_that_makes_sense_pass(tables: Path) -> None:
    path = tables / "events.csv"
    for date, event in (
        ("2019", "declined"),
        ("2020-03", "joined"),
        ("2021", "withdrew"),
        ("2022-01-05", "joined"),
    ):
        add(path, **AIIB, iso3="MEX", date=date, event=event)
    add(path, **BRI, iso3="CAN", date="2021", event="withdrew", detail="subnational")
    assert programme_problems(tables, history_files()[0].parent) == []


def problems_of_list(tables: Path, scenarios: Path) -> list[tuple[str, str, str]]:
    """Return file, rule and remedy of problems, except those of scenarios not copied."""
    kept = {"seoul_leaders_declaration_2024", "xinjiang_support_2020", "new_pact"}
    return [
        (Path(told.file).name, told.message, told.remedy)
        for told in programme_problems(tables, scenarios)
        if "counts_for_record" not in told.message or any(name in told.message for name in kept)
    ]


def test_a_programme_that_counts_needs_a_scenario(tables: Path, scenarios: Path) -> None:
    assert problems_of_list(tables, scenarios) == []
    (scenarios / "xinjiang-support-2020.yaml").unlink()
    ((file, rule, remedy),) = problems_of_list(tables, scenarios)
    assert file == "programmes.csv"
    assert rule.startswith("programme = xinjiang_support_2020 has counts_for_record = 1, but no")
    assert "programme: xinjiang_support_2020" in remedy


def test_a_programme_of_the_list_needs_rows(tables: Path, scenarios: Path) -> None:
    line = add(tables / "programmes.csv", programme="new_pact", kind="treaty", bloc="US")
    found = [told for told in programme_problems(tables, scenarios) if told.line == line]
    assert [told.message for told in found] == ["programme = new_pact has no row in events.csv."]
    assert found[0].remedy


def test_a_programme_has_one_scenario(tables: Path, scenarios: Path) -> None:
    text = (scenarios / "seoul-declaration.yaml").read_text("utf-8")
    again = text.replace("name: seoul-declaration", "name: seoul-twice")
    (scenarios / "seoul-twice.yaml").write_text(again, "utf-8")
    ((file, rule, remedy),) = problems_of_list(tables, scenarios)
    assert file == "seoul-twice.yaml"
    assert rule == (
        "programme = seoul_leaders_declaration_2024 is that of seoul-declaration.yaml too: its "
        "answers would count twice."
    )
    assert remedy == "Keep one of the two files."


@pytest.mark.parametrize(
    ("before", "after", "rule"),
    [
        ("end: 2024-05", "end: 2024-04", "horizon = 2023-12 to 2024-04, but nobody joins seoul"),
        ("seoul_leaders_declaration_2024", "seoul_leaders", "no row has programme ="),
        ("kind: declaration", "kind: declaraton", "kind"),
    ],
)
def test_a_scenario_that_tells_an_estimation_nothing_is_told(
    tables: Path, scenarios: Path, before: str, after: str, rule: str
) -> None:
    path = scenarios / "seoul-declaration.yaml"
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(f"  {before}", f"  {after}").replace(before, after), "utf-8")
    ((_, message, remedy),) = problems_of_list(tables, scenarios)
    assert rule in message
    assert remedy


def test_answers_of_low_confidence_are_told_as_the_cause(tables: Path, scenarios: Path) -> None:
    path = tables / "events.csv"
    lines = path.read_text("utf-8").splitlines()
    dated = ",2024-05-21,day,"
    undated = [
        line.replace(dated, ",,,") if line.startswith("seoul_leaders") else line for line in lines
    ]
    assert undated != lines
    path.write_text("\n".join(undated) + "\n", "utf-8")
    ((file, rule, remedy),) = problems_of_list(tables, scenarios)
    assert file == "seoul-declaration.yaml"
    assert "nobody joins" in rule
    assert remedy == "Give the rows dates, or more confidence than low."
