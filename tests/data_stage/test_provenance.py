"""The record of origins is complete both ways, true, and fit to be shipped."""

from __future__ import annotations

import csv

import pytest

from sim.data import load_facts, load_parameters
from sim.data.facts import TABLES_FOLDER

OPEN_TERMS = {"public domain", "CC0 1.0", "CC BY 4.0", "CC BY-SA 4.0", "MIT", "plain facts"}
CITED_ONLY = {"cited, not reproduced"}
# Publishers whose terms restrict what may be passed on.
KEPT_OUT = (
    "freedom house",
    "telegeography",
    "data center map",
    "oecd.ai",
    "top500",
    "vine",
    "atop",
)

PROVENANCE = load_facts().provenance
TABLES = sorted(PROVENANCE.tables)


def rows_of(table: str) -> list[dict[str, str]]:
    with (TABLES_FOLDER / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_table_has_a_record_and_every_record_a_table() -> None:
    files = {path.stem for path in TABLES_FOLDER.glob("*.csv")} - {"parameters"}
    assert files == set(TABLES)


@pytest.mark.parametrize("table", TABLES)
def test_every_column_has_a_record_and_every_record_a_column(table: str) -> None:
    assert list(rows_of(table)[0]) == list(PROVENANCE.tables[table].columns)


@pytest.mark.parametrize("table", TABLES)
def test_coverage_is_the_number_of_filled_cells(table: str) -> None:
    rows = rows_of(table)
    counted = {name: sum(row[name] != "" for row in rows) for name in rows[0]}
    recorded = {c.name: c.coverage for c in PROVENANCE.tables[table].columns.values()}
    assert recorded == counted


@pytest.mark.parametrize("table", TABLES)
def test_every_record_says_what_it_must(table: str) -> None:
    for column in PROVENANCE.tables[table].columns.values():
        assert column.unit, column.name
        assert len(column.definition) > 3, column.name
        assert column.sources, column.name
        is_column = column.year in PROVENANCE.tables[table].columns
        assert is_column or column.year[:4].isdigit(), column.name


def test_only_open_terms_are_shipped() -> None:
    assert {source.licence for source in PROVENANCE.sources.values()} <= OPEN_TERMS
    assert {s.licence for s in PROVENANCE.references.values()} <= OPEN_TERMS | CITED_ONLY
    named = " ".join(f"{s.title} {s.publisher}" for s in PROVENANCE.sources.values()).lower()
    assert not [publisher for publisher in KEPT_OUT if publisher in named.split(", ")]


def test_every_source_is_used_and_credited() -> None:
    used = {
        key
        for table in PROVENANCE.tables.values()
        for column in table.columns.values()
        for key in column.sources
    }
    assert used == set(PROVENANCE.sources)
    licence = (TABLES_FOLDER / "LICENSE.md").read_text("utf-8")
    credited = [key for key, s in PROVENANCE.sources.items() if s.licence != "plain facts"]
    for key in credited:
        publisher = PROVENANCE.sources[key].publisher.split(";")[0].split(",")[0]
        assert publisher in licence, key


def test_every_source_key_of_the_parameter_table_is_on_record() -> None:
    keys = {row.source for row in load_parameters().values() if row.source}
    assert keys <= set(PROVENANCE.references) | set(PROVENANCE.sources)


def test_share_alike_reaches_what_rests_on_the_democracy_index() -> None:
    column = PROVENANCE.column("country_panel", "liberal_democracy")
    assert column.licence == "CC BY-SA 4.0"


def test_tables_are_plain_text_with_unix_line_ends() -> None:
    for path in TABLES_FOLDER.glob("*.csv"):
        content = path.read_bytes()
        assert b"\r" not in content, path.name
        assert content.endswith(b"\n"), path.name
        assert not content.startswith(b"\xef\xbb\xbf"), path.name
