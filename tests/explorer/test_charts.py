"""Charts are functions of numbers, and count what they say."""

from __future__ import annotations

import ast
import json
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.analysis.pairing import path_titles
from sim.analysis.shown import Shown
from sim.analysis.standing import ribbon
from sim.analysis.summary.dated import Dated
from sim.interfaces.charts import palette
from sim.interfaces.charts.base import dated_layers
from sim.interfaces.charts.capacity import capacity_spec
from sim.interfaces.charts.dots import twenty, twenty_spec
from sim.interfaces.charts.drivers import drivers_spec, is_cut, reach_of
from sim.interfaces.charts.probabilities import path_colours, probabilities_spec
from sim.interfaces.charts.shades import contrast, diverging_shade, ink_on, luminance, shade
from sim.interfaces.charts.sweeps.heat_map import Cell, heat_map_spec
from sim.interfaces.charts.sweeps.sweep_line import Mark, sweep_line_spec
from sim.interfaces.charts.uptake import difference_spec, uptake_spec
from sim.interfaces.explorer.tables.building import csv_for_spreadsheets
from sim.words.text import escaped

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
        uptake_spec(theme, MONTHS, band, "#000000"),
        uptake_spec(theme, MONTHS, band, "#000000", band),
        difference_spec(theme, MONTHS, band, "#000000"),
        twenty_spec(theme, VALUES[:, 0], "#000000"),
        twenty_spec(theme, VALUES[:, 0], "#000000", VALUES[:, 1]),
        probabilities_spec(theme, MONTHS, np.full((2, 3), 0.5), ["a", "b"], ["#000", "#fff"]),
        heat_map_spec(theme, [Cell(1, "0", "0", "5", "#32568f", "a")], ("x", "y"), (["0"], ["0"])),
        sweep_line_spec(theme, [Mark(1, 0, 1, np.nan, 2, "a")], ("x", "y"), "#000", 1.0, chosen=1),
        drivers_spec(theme, {"gain": 1.0, "cost": -0.5}, "#000", {"gain": 0.9, "cost": -0.1}),
    ]
    for spec in specs:
        assert json.loads(json.dumps(spec))["width"] == "container"


@pytest.mark.parametrize("is_dark", [True, False])
def test_figures_can_be_read_on_every_shade(is_dark: bool) -> None:
    theme = palette.theme(is_dark)
    table = palette.DARK if is_dark else palette.LIGHT
    fills = [shade(theme, colour, k / 50) for colour in table.values() for k in range(51)]
    fills += [diverging_shade(theme, k / 50) for k in range(-50, 51)]
    # WCAG 2 asks 4.5 of writing of this size.
    assert min(contrast(ink_on(fill), fill) for fill in fills) >= 4.5


def test_shades_rise_with_the_value() -> None:
    theme = palette.LIGHT_THEME
    found = [luminance(shade(theme, "#32568f", k / 10)) for k in range(11)]
    assert found == sorted(found, reverse=True)
    assert len(set(found)) == 11
    assert shade(theme, "#32568f", 7) == shade(theme, "#32568f", 1) == "#32568f"
    assert diverging_shade(theme, 0) == theme.page
    # As on the map: the first colour for more.
    assert (diverging_shade(theme, 1), diverging_shade(theme, -1)) == palette.DIVERGING_LIGHT


def test_a_heat_map_marks_now_and_what_is_chosen() -> None:
    cells = [
        Cell(1, "0", "0", "5", "#32568f", "a"),
        Cell(2, "1", "0", "", "", "b"),
    ]
    spec = heat_map_spec(palette.LIGHT_THEME, cells, ("x", "y"), (["0", "1"], ["0"]), [1], 2)
    filters = [layer["transform"][0]["filter"]["oneOf"] for layer in spec["layer"][3:]]
    assert filters == [[1], [2]]
    assert [layer["mark"]["strokeWidth"] for layer in spec["layer"][3:]] == [3, 3]
    both = heat_map_spec(palette.LIGHT_THEME, cells, ("x", "y"), (["0", "1"], ["0"]), [1], 2, [2])
    assert [layer["mark"]["strokeWidth"] for layer in both["layer"][3:]] == [3, 1.2, 3]
    rows = spec["data"]["values"]
    assert rows[1]["fill"] == rows[1]["ink"] == "transparent"
    assert rows[0]["ink"] == "#ffffff"


def test_the_chart_of_capacity_can_be_read() -> None:
    band = ribbon(1000 * VALUES)
    lines, colours = {"A: x": band, "B: x": band}, {"A: x": "#000", "B: x": "#111"}
    spec = capacity_spec(palette.LIGHT_THEME, MONTHS, lines, colours, "MW", ["B: x"])
    y = spec["layer"][1]["encoding"]["y"]["axis"]
    assert (y["title"], y["format"]) == ("MW", ",.0f")
    legend = spec["layer"][1]["encoding"]["color"]["legend"]
    assert legend["symbolOpacity"] == 1
    assert legend["columns"] == 2
    lines["A: y"], colours["A: y"] = band, "#222"
    three = capacity_spec(palette.LIGHT_THEME, MONTHS, lines, colours, "MW", ["B: x"])
    assert three["layer"][1]["encoding"]["color"]["legend"]["columns"] == 1
    assert '["B: x"]' in legend["symbolDash"]["expr"]


def test_drivers_beside_each_other_share_a_scale() -> None:
    spec = drivers_spec(palette.LIGHT_THEME, {"a": 1.0}, "#000", reach=(-2.0, 3.0))
    assert spec["layer"][1]["encoding"]["x"]["scale"]["domain"] == [-2.0, 3.0]


def test_a_reason_that_towers_over_all_is_cut_and_printed() -> None:
    values = {"a": -33.8, "b": 1.2, "c": 1.0, "d": -0.9, "e": 0.4}
    reach = reach_of(values.values())
    assert -8 < reach[0] < 0 < 1.2 <= reach[1] < 8
    spec = drivers_spec(palette.LIGHT_THEME, values, "#000", {"a": -20.0, "b": 1.0}, reach)
    cut = [layer for layer in spec["layer"] if "number" in str(layer.get("encoding"))]
    (row,) = cut[0]["data"]["values"]
    assert row["number"] == "\u221233.8\nB \u221220.0"
    assert cut[0]["mark"]["lineBreak"] == "\n"
    assert row["A"] == -33.8
    assert row["A drawn"] == pytest.approx(reach[0])
    # Without such a reason nothing is cut, and every label of the axis lies inside the scale.
    plain_reach = reach_of([1.0, -2.0, 1.5])
    assert plain_reach == (-2.0, 1.5)
    assert not is_cut([1.0, -2.0, 1.5], plain_reach)
    axis = drivers_spec(palette.LIGHT_THEME, {"a": 1.5}, "#000", None, plain_reach)["layer"][1][
        "encoding"
    ]["x"]
    assert all(plain_reach[0] <= tick <= plain_reach[1] for tick in axis["axis"]["values"])
    assert axis["axis"]["labelFlush"] is False
    assert axis["scale"]["padding"] > 0


def test_the_legend_leaves_out_what_cannot_be_seen() -> None:
    probability = np.array([[0.995, 0.99, 0.995], [0.005, 0.01, 0.005]])
    spec = probabilities_spec(
        palette.LIGHT_THEME, MONTHS, probability, ["a", "b"], ["#000", "#fff"]
    )
    assert spec["encoding"]["color"]["scale"]["domain"] == ["a"]


def test_twenty_dots_stand_for_the_futures() -> None:
    values = np.repeat([3, 7], [250, 750])
    assert twenty(values) == [3] * 5 + [7] * 15
    spec = twenty_spec(palette.LIGHT_THEME, values, "#000", values)
    dots = spec["data"]["values"]
    assert len(dots) == 40
    assert sorted(d["countries"] for d in dots if d["side"] == "B") == [3] * 5 + [7] * 15


@pytest.mark.parametrize("spread", [0, 1, 3, 40])
def test_every_dot_stands_at_a_number_that_a_future_has(spread: int) -> None:
    values = np.random.default_rng(5).integers(60, 61 + spread, 500)
    other = values + 3 * spread
    spec = twenty_spec(palette.LIGHT_THEME, values, "#000", other)
    dots = spec["data"]["values"]
    at = spec["layer"][-1]["encoding"]["x"]["field"]
    for side, futures in (("A", values), ("B", other)):
        own = [dot for dot in dots if dot["side"] == side]
        assert [dot[at] for dot in own] == twenty(futures)
        assert len({(dot[at], dot["row"]) for dot in own}) == 20
    # What A shows does not hang on B.
    alone = twenty_spec(palette.LIGHT_THEME, values, "#000")["data"]["values"]
    assert [dot[at] for dot in alone] == [dot[at] for dot in dots if dot["side"] == "A"]


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


def test_every_path_of_a_country_has_a_colour_of_its_own() -> None:
    shown = Shown(sim.simulate(sim.load_scenario("baseline"), replicates=8, seed=1))
    for page in (palette.LIGHT_THEME, palette.DARK_THEME):
        colours = path_colours(page, shown)
        assert len(colours) > 10
        assert len({*colours}) == len(colours)
        # The four of one provider are told apart as areas that touch.
        own = [colour for path, colour in zip(path_titles(shown).items(), colours, strict=True)
               if path[0].startswith("us_") and "china" not in path[0]]  # fmt: skip
        assert len(own) == 4
        assert min(contrast(one, other) for one, other in combinations(own, 2)) > 1.25


def test_marks_of_one_month_do_not_stand_on_each_other() -> None:
    dated = [Dated("2025-05", "one"), Dated("2025-05", "two"), Dated("2026-01", "three")]
    rows = dated_layers(palette.LIGHT_THEME, dated)[1]["data"]["values"]
    assert [(row["month"], row["n"], row["what"]) for row in rows] == [
        ("2025-05-01", "1, 2", "one; two"),
        ("2026-01-01", "3", "three"),
    ]
