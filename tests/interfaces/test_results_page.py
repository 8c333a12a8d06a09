"""docs/results.md lists every table and column, from the tables themselves."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from sim.experiment.file_bytes import PACKAGE_FILE
from sim.experiment.store.identity import Kind
from sim.interfaces.generated.results_page import documented_tables, generated_sections
from sim.interfaces.generated.sections import fill_sections

ROOT = Path(__file__).parents[2]
Folders = dict[str, Path]


def test_the_generated_sections_are_current() -> None:
    page = (ROOT / "docs" / "results.md").read_text("utf-8")
    assert fill_sections(page, generated_sections()) == page, "run: make docs"


@pytest.mark.parametrize("kind", ["run", "comparison", "sweep"])
def test_every_column_of_a_result_is_on_the_page(results_of_each_kind: Folders, kind: Kind) -> None:
    documented = documented_tables()
    package = json.loads((results_of_each_kind[kind] / PACKAGE_FILE).read_text("utf-8"))
    tables = {r["name"]: r for r in package["resources"] if r["format"] == "csv"}
    assert tables.keys() == {name for of, name in documented if of == kind}
    for name, resource in tables.items():
        _, columns = documented[kind, name]
        # What a placeholder stands for; the scenario of the results has other offers.
        patterns = [re.sub("<[a-z]+>", "[a-z_.]+", re.escape(column)) for column in columns]
        fields = [field["name"] for field in resource["schema"]["fields"]]
        assert [f for f in fields if not any(re.fullmatch(p, f) for p in patterns)] == []
