"""Cells: numbers of six digits, text that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator
from importlib import import_module

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import RunError
from sim.experiment.rounding import round_number, round_numbers
from sim.experiment.tables.csv_text import csv_text
from sim.experiment.tables.files import arrow_table, csv_bytes, parquet_bytes, read_csv
from sim.experiment.tables.table import Column, build_table, safe_text

NUMBER = Column("x", "number", "MW", "A number.")
TEXT = Column("word", "string", "", "A word.")
SWITCH = Column("is_on", "boolean", "", "A switch.")
COUNT = Column("n", "integer", "countries", "A count.")
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "\uff1d1", "\uff0b1", " =1", '"=1')
# By which the import dialogues of spreadsheets part columns, besides commas, and rows.
SEPARATORS = (";", "\t", " ", "|", "\n", "\r")
MISSING = import_module("pandas._libs.parsers").STR_NA_VALUES - {""}
SIGNS = ("=", "+", "-", "@", "\uff1d")


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


@given(
    st.lists(
        st.floats()
        | st.integers(-(10**9), 10**9).map(lambda n: n / 1000)
        # Half a unit of the seventh digit: binary fractions lie above or below it.
        | st.tuples(st.integers(100_000, 999_999), st.integers(-25, 25)).map(
            lambda pair: float(f"{pair[0]}5e{pair[1]}")
        ),
        min_size=1,
    )
)
def test_columns_of_any_size_are_rounded_exactly(values: list[float]) -> None:
    rounded = round_numbers(np.array(values))
    expected = np.array([round_number(value) for value in values])
    np.testing.assert_array_equal(rounded, expected)
    assert not np.signbit(rounded[rounded == 0.0]).any()


@pytest.mark.parametrize("text", FORMULAS)
def test_text_that_could_be_a_formula_gets_an_apostrophe(text: str) -> None:
    assert safe_text(text).lstrip(" ").startswith("'")
    table = build_table("t", "", (), [(TEXT, [text]), (NUMBER, [-1.0])])
    assert table.frame["word"].tolist() == [safe_text(text)]
    assert table.frame["x"].tolist() == [-1.0]
    fields = [{"name": "word", "type": "string"}, {"name": "x", "type": "number"}]
    assert read_csv(csv_bytes(table), fields)["word"].tolist()[0].lstrip(" ").startswith("'")


@pytest.mark.parametrize(
    "text", ["Côte d'Ivoire - a name = a name", "half; or more", "Nairobi", "none", "e-mail a@b"]
)
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert safe_text(text) == text


def as_read(content: bytes, separator: str) -> Iterator[str]:
    """Yield the cells of a CSV as a spreadsheet reads it that parts columns by a separator."""
    text = content.decode("utf-8-sig")
    if separator in "\r\n":
        # A reader that does not see the quotes ends a row at each line break.
        yield from re.split(r"[\r\n]", text)
    else:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            yield from row


@pytest.mark.parametrize("separator", SEPARATORS)
@given(
    start=st.text(st.sampled_from("ab,;\"'\n"), max_size=4),
    between=st.sampled_from(["", '"', '""']),
    sign=st.sampled_from(SIGNS),
)
def test_no_separator_makes_a_formula_of_a_part_of_a_text(
    separator: str, start: str, between: str, sign: str
) -> None:
    text = f"{start}{separator}{between}{sign}1"
    table = build_table("t", "", (), [(TEXT, ["first", text]), (COUNT, [1, 2])])
    cells = [cell.strip(' "') for cell in as_read(csv_bytes(table), separator)]
    assert not [cell for cell in cells if cell.startswith(SIGNS)]


@pytest.mark.parametrize("word", sorted(MISSING))
def test_text_that_stands_for_a_missing_value_stays_text(word: str) -> None:
    table = build_table("t", "", (), [(TEXT, [word, None]), (COUNT, [1, 2])])
    read = pd.read_csv(io.BytesIO(csv_bytes(table)))
    assert read["word"].tolist()[0] == f"'{word}"
    assert read["word"].isna().tolist() == [False, True]
    assert list(read) == ["word", "n"]


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
    assert csv_bytes(table) == expected.encode("utf-8-sig")
    assert csv_text(arrow_table(table), has_header=False).decode() == expected.partition("\n")[2]


def test_a_table_without_rows_has_its_header() -> None:
    table = build_table("t", "", (), [(TEXT, []), (NUMBER, []), (SWITCH, []), (COUNT, [])])
    assert csv_bytes(table) == b"\xef\xbb\xbfword,x,is_on,n\n"
    assert len(parquet_bytes(table)) > 0


def test_two_columns_of_one_name_are_refused() -> None:
    content = [(NUMBER, [1.0]), (NUMBER, [2.0])]
    with pytest.raises(RunError, match="two columns of t would be called x"):
        build_table("t", "", (), content)
