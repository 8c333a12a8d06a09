"""Rows of the parameter table that a contributor may write, and what is said of them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from sim.data.facts import TABLES_FOLDER
from sim.data.parameters import PARAMETER_TABLE, load_parameters, read_parameters
from sim.errors import DataError

LINES = (TABLES_FOLDER / "parameters.csv").read_text("utf-8").splitlines()
HEADER = LINES[0].split(",")
# Cost of running two partners: 0.6 of 0 to 20, triangular from 0.3 to 0.9.
HEDGE = next(j for j, line in enumerate(LINES) if line.startswith("w_hedge,"))


def said(tmp_path: Path, lines: list[str]) -> list[tuple[int, str]]:
    """Return line and words of each problem of a table."""
    path = tmp_path / "parameters.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    with pytest.raises(DataError) as refused:
        read_parameters(path)
    assert {problem.file for problem in refused.value.problems} == {PARAMETER_TABLE}
    assert all(problem.remedy for problem in refused.value.problems)
    return [(problem.line, problem.message) for problem in refused.value.problems]


def with_cells(cells: dict[str, str]) -> list[str]:
    """Return the lines of the table that ships with some cells of `w_hedge` replaced."""
    row = dict(zip(HEADER, next(csv.reader([LINES[HEDGE]])), strict=True)) | cells
    text = ",".join(f'"{cell}"' for cell in row.values())
    return [*LINES[:HEDGE], text, *LINES[HEDGE + 1 :]]


def test_the_table_that_ships_is_read_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "parameters.csv"
    path.write_text("\n".join(with_cells({})) + "\n", "utf-8")
    assert read_parameters(path) == load_parameters()


@pytest.mark.parametrize(
    ("cells", "rule"),
    [
        ({"distribution": "triangel"},
         "distribution = triangel must be one of triangular, uniform, loguniform, or empty."),
        ({"dist_low": "", "dist_mode": "", "dist_high": ""},
         "triangular takes dist_low, dist_mode, dist_high; look at dist_low, dist_mode, "
         "dist_high."),
        ({"distribution": "uniform"}, "uniform takes dist_low, dist_high; look at dist_mode."),
        ({"distribution": ""},
         "no distribution takes no numbers; look at dist_low, dist_mode, dist_high."),
        ({"dist_low": "0.9", "dist_high": "0.3"},
         "dist_low <= dist_mode <= dist_high must hold, from 0 to 20; they are 0.9, 0.6, 0.3."),
        ({"dist_low": "-1"},
         "dist_low <= dist_mode <= dist_high must hold, from 0 to 20; they are -1, 0.6, 0.9."),
        ({"default": "21"}, "default = 21 must be from 0 to 20."),
        ({"low": "21"}, "low is 21 and high 20."),
        ({"default": "2"}, "default = 2 must be within what is drawn, 0.3 to 0.9."),
        ({"distribution": "loguniform", "dist_mode": "", "dist_low": "0"},
         "a loguniform dist_low must be above 0; it is 0."),
        ({"default": "some"}, "default = some must be a number."),
        ({"default": ""}, "default = nothing must be a number."),
        ({"dist_high": "inf"}, "dist_high = inf must be a number."),
        ({"estimate": "x"}, "estimate = x must be a number."),
        ({"programmes": "39.0"}, "programmes = 39.0 must be a whole number."),
        ({"status": "published"}, "status is published, without a source."),
        ({"status": "guess"}, "status = guess must be one of assumption, published, estimated."),
        ({"label": "x" * 41}, "label has 41 characters, and at most 40 fit a list."),
        ({"label": " "}, "label is empty."),
        ({"unit": ""}, "unit is empty."),
        ({"group": ""}, "group is empty."),
        ({"description": ""}, "description is empty."),
    ],
)  # fmt: skip
def test_a_wrong_row_is_named(tmp_path: Path, cells: dict[str, str], rule: str) -> None:
    found = said(tmp_path, with_cells(cells))
    assert (HEDGE + 1, f"w_hedge: {rule}") in found
    # A bound that is wrong makes what is drawn wrong as well.
    assert len(found) == (2 if "low" in cells or cells.get("default") == "21" else 1)


def test_a_row_twice_is_named_at_both_lines(tmp_path: Path) -> None:
    found = said(tmp_path, [*LINES, LINES[HEDGE]])
    for line in (HEDGE + 1, len(LINES) + 1):
        assert (line, "name = w_hedge stands twice.") in found
        assert (line, "label = Cost of running two partners stands twice.") in found


def test_cells_and_columns_are_counted(tmp_path: Path) -> None:
    lines = [*LINES]
    lines[HEDGE] += ", and a comma"
    assert said(tmp_path, lines) == [(HEDGE + 1, "has 19 cells, and the header 18.")]
    ((line, words),) = said(tmp_path, [LINES[0].replace("unit", "units"), *LINES[1:]])
    assert (line, words[:33]) == (1, "the columns must be name, label, ")
