"""Tables as HTML: sections, cells that are text, and what is unknown."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from sim.interfaces.explorer.tables.html import html_listing


def cells(html: str) -> list[str]:
    return re.findall(r"<td[^>]*>(.*?)</td>", html)


def test_rows_that_follow_each_other_make_a_section() -> None:
    table = pd.DataFrame({"of": ["a", "a", "b", "a"], "what": list("wxyz"), "n": [1, 2, 3, 4]})
    html = html_listing(table, "Things", {}, "of")
    sections = re.findall(r'class="section"[^>]*>(\w)</th>', html)
    assert sections == ["a", "b", "a"]
    assert html.count("<tbody") == 3
    assert re.findall(r'scope="col"[^>]*>(\w+)</th>', html) == ["what", "n"]
    assert cells(html) == ["1", "2", "3", "4"]
    assert 'class="section"' not in html_listing(table, "Things", {})


def test_a_cell_is_text_and_an_unknown_one_is_empty() -> None:
    table = pd.DataFrame(
        {"<b>what": ["<img src=x>", "b"], 'n"': [np.nan, -12345.5], "m": [None, 'say "</td>"']}
    )
    html = re.sub("<style>.*?</style>", "", html_listing(table, 'a "box"', {}), flags=re.DOTALL)
    assert cells(html)[:3] == ["", "", "\u221212,345.5"]
    assert cells(html)[3] == "say &quot;&lt;/td&gt;&quot;"
    tags = {"div", "table", "thead", "tr", "th", "tbody", "td"}
    assert set(re.findall(r"</?(\w+)", html)) == tags
    assert 'aria-label="a &quot;box&quot;"' in html
    assert 'data-of="n&quot;"' in html


def test_a_share_of_the_width_goes_to_the_column_that_it_names() -> None:
    table = pd.DataFrame({"what": ["x"], "why": ["y"]})
    html = html_listing(table, "Things", {"why": 70})
    assert re.findall(r'<th scope="col"[^>]*?(?: style="([^"]*)")?>(\w+)', html) == [
        ("", "what"), ("width: 70%", "why"),
    ]  # fmt: skip
