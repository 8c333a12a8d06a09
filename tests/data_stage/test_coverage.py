"""Coverage on record: counted from the tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.data.coverage import coverage_of, with_coverage
from sim.data.facts import TABLES_FOLDER
from sim.errors import DataError

RECORD = """sources:
  events: 1
tables:
  events:
    columns:
      name:
        definition: "coverage: 7"
        coverage: 9
      date:
        coverage: 9
"""


def test_the_record_that_ships_is_current() -> None:
    text = (TABLES_FOLDER / "provenance.yaml").read_text("utf-8")
    assert with_coverage(text, TABLES_FOLDER) == text, "run: make docs"


def test_cells_are_counted_anew(tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_text("name,date\na,2025-01\nb,\n", "utf-8")
    assert coverage_of(tmp_path / "events.csv") == {"name": 2, "date": 1}
    found = with_coverage(RECORD, tmp_path)
    assert found == RECORD.replace("9", "2", 1).replace("9", "1", 1)


def test_a_record_of_what_is_gone_is_told_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"provenance\.yaml:4: tables\.events is on record, but"):
        with_coverage(RECORD, tmp_path)
    (tmp_path / "events.csv").write_text("name\na\n", "utf-8")
    with pytest.raises(DataError, match=r"provenance\.yaml:10: .*events\.csv has no column date"):
        with_coverage(RECORD, tmp_path)
