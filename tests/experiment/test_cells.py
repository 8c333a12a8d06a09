"""Cells: numbers of six digits, text that no spreadsheet runs."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import RunError
from sim.experiment.rounding import round_number, round_numbers
from sim.experiment.table_files import csv_bytes, parquet_bytes, read_csv
from sim.experiment.tables.table import (
    Column,
    build_table,
    safe_text,
)

NUMBER = Column("x", "number", "MW", "A number.")
TEXT = Column("word", "string", "", "A word.")
SWITCH = Column("is_on", "boolean", "", "A switch.")
COUNT = Column("n", "integer", "countries", "A count.")
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1", "\uff0b1")


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_rounding_keeps_six_digits_and_settles_at_once(value: float) -> None:
    rounded = round_number(value)
    assert round_number(rounded) == rounded
    assert math.copysign(1.0, rounded) == 1.0 or rounded < 0.0
    assert float(f"{value:.5e}") == rounded


def test_columns_are_rounded_as_single_numbers_are() -> None:
    values = np.array([1 / 3, -0.0, np.nan, 1e-300, 123456789.0, 1 / 3])
    rounded = round_numbers(values)
    assert np.isnan(rounded[2])
    expected = [round_number(v) for v in values.tolist() if not math.isnan(v)]
    assert rounded[~np.isnan(rounded)].tolist() == expected


@pytest.mark.parametrize("text", FORMULAS)
def test_text_that_could_be_a_formula_gets_an_apostrophe(text: str) -> None:
    assert safe_text(text) == f"'{text}"
    table = build_table("t", "", (), [(TEXT, [text]), (NUMBER, [-1.0])])
    assert table.frame["word"].tolist() == [f"'{text}"]
    assert table.frame["x"].tolist() == [-1.0]
    fields = [{"name": "word", "type": "string"}, {"name": "x", "type": "number"}]
    assert read_csv(csv_bytes(table), fields)["word"].tolist()[0].startswith("'")


def test_ordinary_text_is_left_alone() -> None:
    assert safe_text("Côte d'Ivoire - a name = a name") == "Côte d'Ivoire - a name = a name"


def test_files_are_utf8_with_line_feeds_and_empty_cells() -> None:
    table = build_table(
        "t",
        "",
        (),
        [
            (TEXT, ["São Tomé", None, ""]),
            (NUMBER, [-0.0, None, 1 / 3]),
            (SWITCH, [True, False, True]),
            (COUNT, [1, 2, 3]),
        ],
    )
    expected = "word,x,is_on,n\nSão Tomé,0.0,true,1\n,,false,2\n,0.333333,true,3\n"
    assert csv_bytes(table) == expected.encode("utf-8")


def test_a_table_without_rows_has_its_header() -> None:
    table = build_table("t", "", (), [(TEXT, []), (NUMBER, []), (SWITCH, []), (COUNT, [])])
    assert csv_bytes(table) == b"word,x,is_on,n\n"
    assert len(parquet_bytes(table)) > 0


def test_two_columns_of_one_name_are_refused() -> None:
    content = [(NUMBER, [1.0]), (NUMBER, [2.0])]
    with pytest.raises(RunError, match="two columns of t would be called x"):
        build_table("t", "", (), content)
