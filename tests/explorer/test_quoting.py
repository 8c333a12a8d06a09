"""What visitors take with them: pictures, citations, and commands that give the page's numbers."""

from __future__ import annotations

import io
import re
import shlex
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pandas as pd
import pytest
import streamlit as st
from streamlit.runtime.context import ContextProxy

import sim
from app_pages import FEW, Open, plain
from shell import Shell
from sim.interfaces import pictures
from sim.interfaces.explorer.compare.columns import read_columns
from sim.interfaces.explorer.quoting.pictures import (
    LONGEST_SHOWN,
    TOO_LONG,
    OfferedPicture,
    whole_picture,
)
from sim.interfaces.explorer.quoting.recipe import recipe_of_page
from sim.interfaces.explorer.state.runs import against_start, answer, answer_at
from sim.interfaces.explorer.state.view import Side, View
from sim.interfaces.framing import Frame, framed
from sim.interfaces.recipes.recipe import Recipe

FUTURES = FEW
MOVED = Side("baseline", (("linkage", 0.8), ("slots", 20.0)))
DRAFT = """name: mine
extends: baseline
title: Mine
description: Mine.
providers:
  us:
    linkage: 0.9
"""
VIEWS = {
    "moved": View(
        a=MOVED,
        beliefs=(("w_peer", 2.0),),
        as_of="2027-12",
        month="2026-09",
        futures=FUTURES,
        seed=3,
    ),
    "draft": View(a=Side("mine", (("slots", 15.0),), DRAFT), futures=FUTURES),
    "pair": View(a=Side("today"), b=MOVED, beliefs=(("w_peer", 2.0),), futures=FUTURES),
    "draft with two numbers": View(
        a=Side("mine", (), DRAFT), b=Side("mine", (("slots", 15.0),), DRAFT), futures=FUTURES
    ),
}
Offered = Callable[[str], bytes]


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> Offered:
    """Return a file that a page offers, by its name; pages have to be open before."""
    found: dict[str, Any] = {}

    def button(*_: Any, file_name: str, data: Any, **__: Any) -> bool:
        found[file_name] = data
        return False

    monkeypatch.setattr(st, "download_button", button)
    return lambda name: bytes(found[name]())


def save(recipe: Recipe, folder: Path) -> None:
    for path, text in recipe.files.items():
        (folder / path).write_text(text, "utf-8")


def countries_of(line: str, capsys: pytest.CaptureFixture[str]) -> pd.DataFrame:
    """Run a command and return its table of countries."""
    program, *words = shlex.split(line)
    assert program == "alignsim"
    said = Shell(capsys)(*words, "-q")
    assert said.status == 0, said.err
    return sim.load_run(said.out.strip()).frame("countries")


def commands(recipe: Recipe) -> list[str]:
    """Return the lines of a recipe that are commands, without comments."""
    return [line for line in recipe.command.splitlines() if not line.startswith("#")]


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_the_commands_give_the_numbers_of_the_page(
    view: View, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recipe = recipe_of_page("explore", view)
    assert recipe is not None
    save(recipe, folder)
    whole = answer(view)
    on_view = answer_at(whole, view.month)
    pages = [whole, None if on_view is whole else on_view, against_start(on_view)]
    shown = [page for page in pages if page is not None]
    for line, page in zip(commands(recipe), shown, strict=True):
        found = countries_of(line, capsys)
        own = page.a.countries if page.comparison is None else page.comparison.countries
        # What is moved in the first of two is a scenario of its own on the command line.
        names = ["scenario", "scenario_a", "scenario_b"]
        pd.testing.assert_frame_equal(
            found.drop(columns=names, errors="ignore"),
            own.drop(columns=names, errors="ignore"),
            check_dtype=False,
        )


def test_so_do_the_lines_of_python(folder: Path) -> None:
    for name in ("moved", "draft", "pair"):
        recipe = recipe_of_page("country", VIEWS[name])
        assert recipe is not None
        save(recipe, folder)
        scope: dict[str, Any] = {}
        with redirect_stdout(io.StringIO()) as said:
            exec(recipe.python, scope)
        assert "p_committed_us" in said.getvalue()
        page = answer_at(answer(VIEWS[name]), VIEWS[name].month)
        if page.comparison is None:
            pd.testing.assert_frame_equal(scope["result"].countries, page.a.countries)
        else:
            pd.testing.assert_frame_equal(scope["change"].countries, page.comparison.countries)


def test_each_column_of_compare_has_its_command(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    view = View(
        compared=(MOVED, Side("today"), Side("third-way")), futures=FUTURES, as_of="2028-06"
    )
    recipe = recipe_of_page("compare", view)
    assert recipe is not None
    save(recipe, folder)
    _, *columns = read_columns(view)
    for line, column in zip(commands(recipe), columns, strict=True):
        assert column.found is not None
        assert column.found.comparison is not None
        found = countries_of(line, capsys).set_index(["country", "outcome"])["difference"]
        own = column.found.comparison.countries.set_index(["country", "outcome"])["difference"]
        pd.testing.assert_series_equal(found, own)


PANELS = {
    "explore": ({"a__linkage": "0.8"},
                f"alignsim run baseline --lever linkage=0.8 -n {FEW} --seed 1"),
    "country": ({"country": "BRA"}, f"alignsim run baseline -n {FEW} --seed 1 --focus BRA"),
    "compare": ({"c1": "baseline", "c2": "today"},
                f"alignsim compare baseline today -n {FEW} --seed 1"),
    "sweep": ({"show__sweep__x": "linkage,0,1,3", "show__sweep__y": "none"},
              "alignsim sweep linkage"),
    "editor": ({}, "alignsim validate scenarios/baseline-changed.yaml"),
}  # fmt: skip


@pytest.mark.parametrize("page", PANELS)
def test_the_panel_of_a_page_says_link_citation_and_command(page: str, open_page: Open) -> None:
    link, command = PANELS[page]
    at = open_page(page, **link)
    at.button(key="quote").click().run()
    assert not at.exception
    texts = [block.value for block in at.code]
    assert texts[0].startswith("The alignsim developers (")
    assert texts[1].startswith("@software{alignsim,")
    assert any(command in text.splitlines() for text in texts[2:])
    assert texts[-1].startswith("import sim")
    compile(texts[-1], "panel", "exec")


def test_a_view_that_breaks_a_rule_has_no_command(open_page: Open) -> None:
    at = open_page(a__linkage="7")
    at.button(key="quote").click().run()
    assert not at.exception
    assert any("nothing to repeat yet" in block.value for block in at.markdown)


def test_a_picture_says_what_was_moved_and_where_it_is_from(
    open_page: Open, offered: Offered
) -> None:
    at = open_page(a__linkage="0.8", belief__w_peer="2", seed="7")
    assert at.button(key="pictures.partners-us").label == "Picture of partners over time"
    for button in ("map-2030-12", "partners-us"):
        at.button(key=f"pictures.{button}").click().run()
    for name in ("uptake", "world", "card"):
        root = ET.fromstring(offered(f"{name}.svg"))
        text = " ".join("".join(node.itertext()) for node in root.iter() if "text" in node.tag)
        assert "Tie to the US project and its diplomacy: 0.8 instead of 0.5" in text
        assert "Weight of what peers do: 2" in text
        assert f"{FEW} futures, seed 7" in text
        assert f"alignsim {sim.__version__}" in text
        assert "not a forecast" in text
    assert offered("world.png")[:8] == b"\x89PNG\r\n\x1a\n"


def test_without_the_renderer_no_picture_is_offered(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "RENDERER", "no_such_renderer")
    at = open_page()
    labels = [button.proto.label for button in at.get("download_button")]
    assert any(label.startswith("CSV") for label in labels)
    assert not any(button.label.startswith("Picture") for button in at.button)


def test_texts_of_a_frame_are_not_markup_and_stay_inside() -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 100"></svg>'
    long = "https://example.org/?" + "a" * 200
    root = ET.fromstring(framed(svg, Frame("<b>&", ("国" * 60,), (long,))))
    lines = ["".join(node.itertext()) for node in root.iter() if node.tag.endswith("}text")]
    assert lines[0] == "<b>&"
    assert "".join(lines[1:]) == "国" * 60 + long
    assert max(map(len, lines[1:])) < 60


def test_a_link_that_is_too_long_is_not_drawn() -> None:
    svg = '<svg viewBox="0 0 300 100"></svg>'
    picture = OfferedPicture("x", "X", "", lambda: svg, lambda: None)
    assert "x" * 40 in whole_picture(picture, {}, "x" * 40)
    assert TOO_LONG[:30] in whole_picture(picture, {}, "x" * (LONGEST_SHOWN + 1))


ALONE = [
    ("explore", "uptake", "Partners over time: United States", "vega_lite_chart"),
    ("explore", "world", "World map: likeliest path of each country, December 2030",
     "bidi_component"),
    ("country", "drivers.us", "What weighs for and against: South Korea, United States",
     "vega_lite_chart"),
    ("compare", "small_world.2",
     "World map of 2 sovereignty-guarantees: likeliest path of each country, December 2030",
     "bidi_component"),
    ("evidence", "calibration", "How often countries joined, by what was forecast",
     "vega_lite_chart"),
]  # fmt: skip


@pytest.mark.parametrize(("page", "name", "title", "kind"), ALONE)
def test_a_figure_stands_alone(
    page: str, name: str, title: str, kind: str, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ContextProxy, "is_embedded", True)
    at = open_page(page, show=name)
    assert plain(at.title[0].value) == title
    (whole,) = [html.proto.body for html in at.get("html") if 'class="whole"' in html.proto.body]
    assert "Open the whole view" in whole
    assert len(at.get("vega_lite_chart")) == (kind == "vega_lite_chart")
    assert any("Source: alignsim" in plain(block.value) for block in at.caption)


def test_a_figure_that_a_page_has_not_is_told(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ContextProxy, "is_embedded", True)
    at = open_page(show="<b>pie")
    assert at.title[0].value == "No such figure"
    said = plain(at.caption[0].value)
    assert "<b>pie" in said
    assert re.search(r"one of: world, card, uptake, dots", said)
    assert at.get("vega_lite_chart") == []
