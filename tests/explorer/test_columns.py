"""Tables on a page have the signs of print, and numbers that sort as such."""

from __future__ import annotations

import re

import pandas as pd
from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df
from streamlit.testing.v1 import AppTest

from app_pages import Open
from sim.interfaces.explorer.tables.columns import printed


def drawn(at: AppTest, n: int) -> pd.DataFrame:
    """Return the text of each cell of a table that says what its numbers look like."""
    styler = at.dataframe[n].proto.arrow_data.styler
    return convert_arrow_bytes_to_pandas_df(styler.display_values)


def test_differences_have_a_minus_and_sort_as_numbers(open_page: Open) -> None:
    at = open_page(a__local_control="0", b="baseline")
    own = at.dataframe[0].value
    assert own["A minus B, points"].min() < 0
    words = drawn(at, 0)[["A minus B, points", "A minus B, 90 %"]].to_numpy().ravel().tolist()
    assert any(str(text).startswith("\u2212") for text in words)
    assert not [text for text in words if re.search(r"-\d", str(text))]


def test_a_negative_number_takes_its_column_with_it() -> None:
    table = pd.DataFrame({"what": ["a-1", "-2 %"], "value": [-0.5, 1200.0], "n": [3, 4]})
    shown = printed(table)
    assert shown.data["what"].tolist() == ["a-1", "\u22122\u00a0%"]
    assert shown.data["value"].tolist() == [-0.5, 1200.0]
    html = shown.to_html()
    assert {"\u22120.5", "1200", "3"} <= set(re.findall(r">([^<>\s]+)</td>", html))
    assert printed(table.drop(columns="value")).equals(
        pd.DataFrame({"what": ["a-1", "\u22122\u00a0%"], "n": [3, 4]})
    )
