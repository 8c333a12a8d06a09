"""A damaged table is refused with file, line, column, rule and remedy, all problems at once."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml

from sim.data import load_facts
from sim.data.facts import TABLES_FOLDER
from sim.errors import DataError, Problem


@pytest.fixture(scope="module", autouse=True)
def _records_read_once() -> Iterator[None]:
    """Read the same text of records once: a third of the time of loading tables goes into it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml, "load", cache(yaml.load))
        yield


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TABLES_FOLDER, tmp_path / "tables"))


def edit(path: Path, change: Callable[[list[str]], list[str]]) -> None:
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join(change(lines)) + "\n", "utf-8")


def set_cell(path: Path, line: int, column: str, text: str) -> None:
    """Set a cell of a table without quoted cells before it; line counts from 1."""

    def change(lines: list[str]) -> list[str]:
        place = lines[0].split(",").index(column)
        cells = lines[line - 1].split(",")
        cells[place] = text
        return [*lines[: line - 1], ",".join(cells), *lines[line:]]

    edit(path, change)


def test_the_shipped_tables_load_from_a_copy(folder: Path) -> None:
    assert load_facts(folder).hash == load_facts().hash


BAD_CELLS = [
    ("country_panel", "gdp_usd", "-5", r"gdp_usd = '-5' must be at least 1e\+06 USD"),
    ("country_panel", "gdp_usd", "many", r"gdp_usd = 'many' must be a number \(USD\)"),
    ("country_panel", "gdp_usd", "nan", r"gdp_usd = 'nan' must be finite"),
    ("country_panel", "population", "", r"population = '' must have a value"),
    ("country_panel", "liberal_democracy", "1.2", r"must be at most 1 index 0-1"),
    ("country_panel", "eu", "2", r"eu = '2' must be 0 or 1"),
    ("country_panel", "population_year", "24", r"must be a year from 1900 to 2100"),
    ("country_panel", "notable_ai_models", "1.5", r"must be a whole number"),
    ("country_panel", "data_rules", "strict", r"must be one of eea, adequate, partial, none"),
    ("dyads", "iso3_b", "ZZZ", r"must be the ISO3 code of a country in country_panel.csv"),
    ("events", "date", "spring", r"must be a date: YYYY, YYYY-MM or YYYY-MM-DD"),
    ("events", "date", "2023-02-30", r"date = '2023-02-30' is not a day of the calendar"),
    ("events", "confidence", "sure", r"must be one of high, medium, low"),
    ("events", "basis", "rumour", r'"general knowledge", "general knowledge, supported", "sec'),
    ("events", "bloc", "", r"bloc = '' must have a value"),
    ("events", "iso3", "Kor", r"must be a code of two or three capitals"),
]


@pytest.fixture(scope="module")
def bad_cells(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[Problem, ...]]:
    """Tables with each bad cell in a line of its own, from 3 on, and what is said of them."""
    folder = Path(shutil.copytree(TABLES_FOLDER, tmp_path_factory.mktemp("bad") / "tables"))
    for place, (table, column, text, _) in enumerate(BAD_CELLS):
        set_cell(folder / f"{table}.csv", 3 + place, column, text)
    with pytest.raises(DataError) as caught:
        load_facts(folder)
    return folder, caught.value.problems


@pytest.mark.parametrize("place", range(len(BAD_CELLS)), ids=lambda n: "-".join(BAD_CELLS[n][:3]))
def test_a_bad_cell(bad_cells: tuple[Path, tuple[Problem, ...]], place: int) -> None:
    folder, problems = bad_cells
    table, column, _, rule = BAD_CELLS[place]
    (problem,) = (problem for problem in problems if problem.line == 3 + place)
    assert problem.file == str(folder / f"{table}.csv")
    assert problem.message.startswith(column)
    assert re.search(rule, str(problem))
    assert problem.remedy


def test_all_problems_of_all_tables_come_at_once(folder: Path) -> None:
    set_cell(folder / "country_panel.csv", 2, "eu", "7")
    set_cell(folder / "country_panel.csv", 9, "nato", "x")
    set_cell(folder / "dyads.csv", 4, "land_border", "")
    with pytest.raises(DataError, match="eu = '7'") as caught:
        load_facts(folder)
    places = [(Path(p.file).name, p.line) for p in caught.value.problems]
    assert places == [("country_panel.csv", 2), ("country_panel.csv", 9), ("dyads.csv", 4)]


def test_a_repeated_key(folder: Path) -> None:
    edit(folder / "country_panel.csv", lambda lines: [*lines, lines[1]])
    with pytest.raises(DataError, match=r"country_panel.csv:199: iso3 = AFG repeats line 2"):
        load_facts(folder)


def test_a_ragged_row(folder: Path) -> None:
    edit(folder / "dyads.csv", lambda lines: [*lines[:4], lines[4] + ",1", *lines[5:]])
    with pytest.raises(DataError, match=r"dyads.csv:5: the row has 9 cells, the header 8"):
        load_facts(folder)


def test_a_column_without_record(folder: Path) -> None:
    edit(folder / "dyads.csv", lambda lines: [f"{line},0" for line in lines])
    with pytest.raises(DataError, match=r"dyads.csv:1: column 0 has no record"):
        load_facts(folder)


def test_a_record_without_column(folder: Path) -> None:
    edit(folder / "dyads.csv", lambda lines: [line.rsplit(",", 1)[0] for line in lines])
    with pytest.raises(DataError, match=r"b_import_share_from_a is on record but missing"):
        load_facts(folder)


@pytest.mark.parametrize(
    ("order", "said"),
    [
        # A column that was added in another place than its record, and two that changed places.
        (
            [0, 1, 7, 2, 3, 4, 5, 6],
            "Move the record of b_import_share_from_a after that of iso3_b in",
        ),
        (
            [1, 2, 3, 4, 5, 6, 7, 0],
            "Move the record of iso3_a after that of b_import_share_from_a in",
        ),
        (
            [1, 0, 2, 3, 4, 5, 6, 7],
            "Move the record of iso3_b first in tables.dyads.columns of prov",
        ),
    ],
)
def test_columns_out_of_order(folder: Path, order: list[int], said: str) -> None:
    def reorder(lines: list[str]) -> list[str]:
        return [",".join(line.split(",")[j] for j in order) for line in lines]

    edit(folder / "dyads.csv", reorder)
    with pytest.raises(DataError, match=re.escape(said)):
        load_facts(folder)


@pytest.mark.parametrize(
    ("column", "text", "rule"),
    [
        ("iso3", "CHN", r"iso3 = 'CHN' must be another country than home"),
        ("ended", "2019-01", r"ended = '2019-01' must be later than date = '2020-06-15'"),
    ],
)
def test_a_dispute_that_cannot_be(folder: Path, column: str, text: str, rule: str) -> None:
    lines = (folder / "disputes.csv").read_text("utf-8").splitlines()
    line = next(n for n, row in enumerate(lines, start=1) if ",2020-06-15," in row)
    set_cell(folder / "disputes.csv", line, column, text)
    with pytest.raises(DataError, match=rf"disputes.csv:{line}: {rule}"):
        load_facts(folder)


def test_a_list_entry_that_ends_before_it_begins(folder: Path) -> None:
    path = folder / "unsupported_countries.csv"
    lines = path.read_text("utf-8").splitlines()
    line = next(n for n, row in enumerate(lines, start=1) if ",SAU," in row)
    set_cell(path, line, "ended", "2024-06")
    with pytest.raises(DataError, match=rf"unsupported_countries.csv:{line}: ended = '2024-06' mu"):
        load_facts(folder)


def test_a_stale_coverage(folder: Path) -> None:
    set_cell(folder / "country_panel.csv", 2, "gdp_usd", "")
    with pytest.raises(DataError, match=r"gdp_usd.coverage = 193, but the table has 192 values"):
        load_facts(folder)


def test_a_missing_table(folder: Path) -> None:
    (folder / "ties.csv").unlink()
    with pytest.raises(DataError, match=r"ties.csv: the table is missing"):
        load_facts(folder)


def test_an_empty_table(folder: Path) -> None:
    (folder / "ties.csv").write_text("", "utf-8")
    with pytest.raises(DataError, match=r"ties.csv: the table is empty"):
        load_facts(folder)


def test_binary_junk(folder: Path) -> None:
    (folder / "ties.csv").write_bytes(bytes(range(256)))
    with pytest.raises(DataError, match=r"ties.csv: cannot be read as UTF-8 text"):
        load_facts(folder)


def test_a_missing_panel_does_not_hide_behind_other_problems(folder: Path) -> None:
    (folder / "country_panel.csv").unlink()
    with pytest.raises(DataError, match=r"country_panel.csv: the table is missing"):
        load_facts(folder)


def test_a_pair_out_of_order(folder: Path) -> None:
    def swap(lines: list[str]) -> list[str]:
        cells = lines[1].split(",")
        return [lines[0], ",".join([cells[1], cells[0], *cells[2:]]), *lines[2:]]

    edit(folder / "dyads.csv", swap)
    with pytest.raises(DataError, match=r"dyads.csv:2: iso3_a = 'ARE' must come before"):
        load_facts(folder)


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("  CIA:\n", "  CIA: [\n", r"provenance.yaml:\d+: is not valid YAML"),
        ("sources: [EPM]", "sources: [XX]", r"names 'XX', which has no record under sources"),
        ("        role: reader\n", "", r"role is missing"),
        ("role: reader", "role: writer", r"role = 'writer' must be one of feature, reader"),
        ("type: flag", "type: boolean", r"type = 'boolean' must be one of"),
        ("publisher: World Bank", "author: World Bank", r"publisher is missing"),
        ("sources: [EPM]", "sources: EPM", r"sources must be a list of keys such as \[WDI\]"),
        ("sources: [EPM]", "sources: []", r"sources must be a list of keys"),
        ("type: choice", "type: text", r"choices must be a list of words where type is choice"),
        ("type: text", "type: choice", r"choices must be a list of words where type is choice"),
        ("coverage: 197", "coverage: none", r"coverage = 'none' must be a whole number"),
        ("min: 0\n", "min: low\n", r"min = 'low' must be a number"),
        ("max: 1\n", "max: -1\n", r"min = 0 is above max = -1"),
        ('unit: "USD"\n', 'unit: ""\n', r"unit must be a text that is not empty"),
        (
            "        role: reader\n",
            2 * "        role: reader\n",
            r"provenance.yaml:\d+: tables\.\w+\.columns\.\w+\.role stands twice",
        ),
    ],
)
def test_a_broken_record(folder: Path, old: str, new: str, rule: str) -> None:
    path = folder / "provenance.yaml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(DataError, match=rule):
        load_facts(folder)


def test_records_of_other_tables_are_refused(folder: Path) -> None:
    path = folder / "provenance.yaml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("\n  publications:\n", "\n  publishing:\n", 1), "utf-8")
    with pytest.raises(DataError, match=r"tables.publications is missing") as caught:
        load_facts(folder)
    assert "tables.publishing is not a table that is read" in caught.value.problems[1].message


def test_a_damaged_yearly_table_is_refused_with_the_others(folder: Path) -> None:
    set_cell(folder / "country_year.csv", 3, "liberal_democracy", "1.2")
    with pytest.raises(DataError, match=r"country_year.csv:3: liberal_democracy = '1.2' must be"):
        load_facts(folder)


def test_a_missing_record_file(folder: Path) -> None:
    (folder / "provenance.yaml").unlink()
    with pytest.raises(DataError, match=re.escape("provenance.yaml: cannot be read")):
        load_facts(folder)
