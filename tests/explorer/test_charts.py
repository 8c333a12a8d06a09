"""Charts are functions of numbers, and count what they say."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import numpy as np
import pytest

from sim.interfaces.charts import palette
from sim.interfaces.charts.dots import plot_twenty, twenty
from sim.interfaces.charts.drivers import plot_drivers
from sim.interfaces.charts.odds import plot_odds
from sim.interfaces.charts.uptake import plot_uptake, plot_uptake_difference
from sim.interfaces.explorer.standing import ribbon
from sim.interfaces.explorer.tables import csv_for_spreadsheets
from sim.interfaces.explorer.text import escaped

CHARTS = Path(palette.__file__).parent
MONTHS = ("2025-05", "2025-06", "2025-07")
VALUES = np.arange(60).reshape(20, 3)


def test_charts_know_nothing_of_the_page() -> None:
    for path in CHARTS.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in getattr(node, "names", [])]
            names.append(getattr(node, "module", "") or "")
            assert not [name for name in names if name.startswith("streamlit")], path.name


@pytest.mark.parametrize("is_dark", [True, False])
def test_specifications_are_plain_data(is_dark: bool) -> None:
    theme = palette.theme(is_dark)
    band = ribbon(VALUES)
    specs = [
        plot_uptake(theme, MONTHS, band, "#000000"),
        plot_uptake(theme, MONTHS, band, "#000000", band),
        plot_uptake_difference(theme, MONTHS, band, "#000000"),
        plot_twenty(theme, VALUES[:, 0], "#000000"),
        plot_twenty(theme, VALUES[:, 0], "#000000", VALUES[:, 1]),
        plot_odds(theme, MONTHS, np.full((2, 3), 0.5), ["a", "b"], ["#000", "#fff"]),
        plot_drivers(theme, {"gain": 1.0, "cost": -0.5}, "#000", {"gain": 0.9, "cost": -0.1}),
    ]
    for spec in specs:
        assert json.loads(json.dumps(spec))["width"] == "container"


def test_twenty_dots_stand_for_the_futures() -> None:
    values = np.repeat([3, 7], [250, 750])
    assert twenty(values) == [3] * 5 + [7] * 15
    spec = plot_twenty(palette.LIGHT_THEME, values, "#000", values)
    dots = spec["data"]["values"]
    assert len(dots) == 40
    assert sorted(d["countries"] for d in dots if d["side"] == "B") == [3] * 5 + [7] * 15


def test_ribbons_hold_what_they_say() -> None:
    found = ribbon(np.arange(1, 101)[:, None])
    ends = [float(e[0]) for e in (found.p05, found.p25, found.p75, found.p95, found.mean)]
    assert ends == [5, 25, 75, 95, 50.5]


def test_csv_is_safe_in_a_spreadsheet() -> None:
    import pandas as pd

    frame = pd.DataFrame({"=name": ["=1+1", "Türkiye", None], "p": [1 / 3, 0.0, 1.0]})
    content = csv_for_spreadsheets(frame)
    assert content.startswith(b"\xef\xbb\xbf")
    text = content.decode("utf-8-sig")
    assert text == "'=name,p\n'=1+1,0.333333\nTürkiye,0.0\n,1.0\n"


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "![x](http://a.b/c.png)", "[a](javascript:b)", ":red[x]",
     "# title", "- item", "1. item", "$x$", "a|b", "`code`", "&lt;"],
)  # fmt: skip
def test_text_of_files_is_no_markup(text: str) -> None:
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark", {"html": True}).parse(escaped(text))
    kinds = {token.type for token in tokens}
    kinds |= {child.type for token in tokens for child in token.children or ()}
    assert kinds <= {"paragraph_open", "inline", "paragraph_close", "text", "text_special"}
