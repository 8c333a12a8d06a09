"""The record of origins is complete both ways, true, and fit to be shipped."""

from __future__ import annotations

import csv

import pytest

from sim.data import load_facts, load_parameters
from sim.data.facts import TABLES_FOLDER
from sim.data.provenance import PLAIN_FACTS
from sim.interfaces.generated.data_page import credit_sections
from sim.interfaces.generated.sections import fill_sections

OPEN_TERMS = {"public domain", "CC0 1.0", "CC BY 4.0", "CC BY-SA 4.0", "MIT", PLAIN_FACTS}
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
# Numbers of the model rather than facts: what each rests on stands in its own row, or its name.
NUMBERS = {"parameters", "posterior", "launches"}


def rows_of(table: str) -> list[dict[str, str]]:
    with (TABLES_FOLDER / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_table_has_a_record_and_every_record_a_table() -> None:
    files = {path.stem for path in TABLES_FOLDER.glob("*.csv")} - NUMBERS
    assert files == set(TABLES)


@pytest.mark.parametrize("table", TABLES)
def test_every_record_says_what_it_must(table: str) -> None:
    for column in PROVENANCE.tables[table].columns.values():
        assert column.unit, column.name
        assert len(column.definition) > 3, column.name
        assert column.sources, column.name
        is_column = column.year in PROVENANCE.tables[table].columns
        assert is_column or column.year[:4].isdigit(), column.name


def test_only_open_terms_are_shipped() -> None:
    closed = [
        f"{key} is under {source.licence!r}; a record must be under {', '.join(sorted(terms))}"
        for records, terms in (
            (PROVENANCE.sources, OPEN_TERMS),
            (PROVENANCE.references, OPEN_TERMS | CITED_ONLY),
        )
        for key, source in records.items()
        if source.licence not in terms
    ]
    assert not closed, "\n".join(closed)
    named = " ".join(f"{s.title} {s.publisher}" for s in PROVENANCE.sources.values()).lower()
    assert not [publisher for publisher in KEPT_OUT if publisher in named.split(", ")]


def test_every_source_is_used() -> None:
    used = {
        key
        for table in PROVENANCE.tables.values()
        for column in table.columns.values()
        for key in column.sources
    }
    idle = [key for key in PROVENANCE.sources if key not in used]
    assert idle == [], "no column cites these: cite them, or delete their records"


def test_the_credits_of_the_licence_are_current() -> None:
    page = (TABLES_FOLDER / "LICENSE.md").read_text("utf-8")
    credit = credit_sections(PROVENANCE.sources.values())
    assert fill_sections(page, credit) == page, "run: make docs"


def test_who_must_be_credited_is() -> None:
    (credit,) = credit_sections(PROVENANCE.sources.values()).values()
    for source in PROVENANCE.sources.values():
        is_named = source.publisher in credit and source.title in credit
        assert is_named == (source.licence != PLAIN_FACTS), source.key


def test_every_source_key_of_a_table_is_on_record() -> None:
    cited = {
        "parameters.csv": {row.source for row in load_parameters().values() if row.source},
        "publications.csv": {row["source"] for row in rows_of("publications")},
    }
    known = {*PROVENANCE.references, *PROVENANCE.sources}
    unknown = [
        f"{table} cites {key}: give it a record under references or sources in provenance.yaml"
        for table, keys in cited.items()
        for key in sorted(keys - known)
    ]
    assert not unknown, "\n".join(unknown)


def test_share_alike_reaches_what_rests_on_the_democracy_index() -> None:
    column = PROVENANCE.column("country_panel", "liberal_democracy")
    assert column.licence == "CC BY-SA 4.0"


def test_tables_are_plain_text_with_unix_line_ends() -> None:
    for path in TABLES_FOLDER.glob("*.csv"):
        content = path.read_bytes()
        assert b"\r" not in content, path.name
        assert content.endswith(b"\n"), path.name
        assert not content.startswith(b"\xef\xbb\xbf"), path.name
