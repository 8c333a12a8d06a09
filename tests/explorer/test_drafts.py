"""Drafts on the other pages: chosen, kept, compared, bounded, and never more than text."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any, cast

import numpy as np
import pytest
from markdown_it import MarkdownIt

from app_pages import Downloaded, Open, plain
from explorer.draft_pages import ANSWERED, GOOD, button, click_through, errors, said, text_of
from explorer.hostile_names import hostile_scenario, quoted
from sim.errors import ScenarioError
from sim.interfaces.explorer.controls.latest import NOT_YOURS
from sim.interfaces.explorer.state import runs
from sim.interfaces.explorer.state.drafts import own_name, read_draft
from sim.interfaces.explorer.state.run_size import check_run_size, run_size_mb
from sim.interfaces.explorer.state.view import Side, pack
from sim.scenario import default_folder, load_scenario, load_scenario_text


def test_a_draft_works_in_explore(open_page: Open) -> None:
    at = open_page("editor", draft=pack(GOOD))
    click_through(at, "Open in Explore")
    assert not at.exception
    assert re.search(r"partners of the US by 2030", at.title[0].value)
    assert at.query_params["a"] == "more-control"
    assert at.query_params["draft.a"] == pack(GOOD)
    box = at.selectbox(key="scenario.a")
    assert "Draft: More control" in box.options
    draft, headline = box.value, at.title[0].value
    box.set_value("today").run()
    assert "draft.a" not in at.query_params
    at.selectbox(key="scenario.a").set_value(draft).run()
    assert at.title[0].value == headline
    at.slider(key="lever.a.more-control.slots").set_value(30).run()
    assert at.query_params["a.slots"] == "30"
    button(at, "Undo").click().run()
    button(at, "Undo").click().run()
    assert at.selectbox(key="scenario.a").value == "today"
    button(at, "Undo").click().run()
    assert at.selectbox(key="scenario.a").value == draft


def test_partners_on_record_are_named_beside_those_of_a_draft(
    open_page: Open, downloaded: Downloaded
) -> None:
    draft = ANSWERED.format(extends="baseline", programme="openai_for_countries")
    at = open_page("editor", draft=pack(draft))
    click_through(at, "Open in Explore")
    assert "Stepped line: partners on record from 2025-05 to 2026-11" in said(at)
    assert "rows of OpenAI for Countries in sim/data/tables/events.csv" in said(at)
    rows = downloaded("partners-us")
    assert rows.loc[rows["side"] == "on record", "on record (countries)"].iloc[-1] == 18
    at.segmented_control(key="of").set_value("china").run()
    assert "Stepped line" not in said(at)


def test_a_draft_against_what_it_extends(open_page: Open) -> None:
    at = open_page("editor", draft=pack(GOOD))
    click_through(at, "Compare with what it extends")
    assert at.query_params["b"] == "baseline"
    assert at.title[0].value.endswith("than baseline")
    found = read_draft(GOOD).scenario
    assert found == load_scenario_text(GOOD, default_folder())


@pytest.mark.parametrize("page", ["explore", "country", "evidence", "editor"])
def test_a_link_with_a_draft_opens_on_every_page(open_page: Open, page: str) -> None:
    at = open_page(page, a="more-control", draft__a=pack(GOOD))
    assert not at.error
    if page == "editor":
        assert text_of(at) == GOOD


@pytest.mark.parametrize("page", ["explore", "country", "evidence"])
def test_a_broken_draft_in_a_link_is_said(open_page: Open, page: str) -> None:
    bad = GOOD.replace("0.2 ", "2 ")
    at = open_page(page, a="more-control", draft__a=pack(bad))
    assert any("linkage = 2 must be at most 1" in error for error in errors(at))


def test_a_text_too_long_for_a_link_is_said_and_kept(open_page: Open) -> None:
    long = GOOD + "".join(f"# {n * 7919 % 100003}\n" for n in range(4000))
    at = open_page("editor", draft=pack(GOOD))
    at.text_area(key="editor.text").set_value(long).run()
    assert "too long for a link" in said(at)
    assert "draft" not in at.query_params
    click_through(at, "Open in Explore")
    assert "too long for a link" in said(at)
    draft = at.selectbox(key="scenario.a").value
    at.selectbox(key="scenario.a").set_value("baseline").run()
    at.selectbox(key="scenario.a").set_value(draft).run()
    assert not at.error
    # The link names the draft only; this session still has it.
    at.query_params["country"] = "BRA"
    at.run()
    assert not at.error
    assert at.selectbox(key="scenario.a").value == draft


def test_two_versions_of_a_draft_can_be_told_apart(open_page: Open) -> None:
    older = GOOD.replace("0.8", "0.6")
    at = open_page(a="more-control", draft__a=pack(GOOD), b="more-control", draft__b=pack(older))
    assert not at.error
    for side in "ab":
        options = at.selectbox(key=f"scenario.{side}").options
        assert sum(option.startswith("Draft: More control") for option in options) == 2
        assert len(set(options)) == len(options)


def test_a_run_too_large_is_refused_in_words() -> None:
    homes = {"p": "USA", "q": "CHN", "r": "FRA", "s": "JPN"}
    offers = {"a": {"title": "a"}, "b": {"title": "b"}, "c": {"title": "c"}}
    providers: dict[str, Any] = {
        name: {"title": name, "home": home, "offers": offers} for name, home in homes.items()
    }
    providers["s"] = {**providers["s"], "offers": {"a": {"title": "a"}, "b": {"title": "b"}}}
    content = {"name": "big", "title": "x", "description": "x", "providers": providers,
               "horizon": {"start": "2025-01", "end": "2044-12"}}  # fmt: skip
    scenario = load_scenario_text(json.dumps(content))
    with pytest.raises(ScenarioError, match="2,000 futures of big, with 240 months and 11"):
        runs.run(scenario, 2000, 1)
    check_run_size(scenario, 200)
    check_run_size(load_scenario("baseline"), 2000)


def test_the_size_of_a_run_is_that_of_its_arrays() -> None:
    for name in ("baseline", "third-way"):
        ensemble = runs.run(load_scenario(name), 40, 1).ensemble
        arrays = [v for v in vars(ensemble).values() if isinstance(v, np.ndarray)]
        size = sum(array.nbytes for array in arrays) / 1e6
        assert run_size_mb(load_scenario(name), 40) == pytest.approx(size, rel=0.03)


def test_own_names_are_names_of_files() -> None:
    assert own_name(GOOD) == "more-control"
    for name in ("../x", "/x", "A", "x.yaml", "'x y'", "[x]", "5"):
        assert own_name(f"name: {name}") in ("", "5")


@pytest.mark.parametrize("page", ["explore", "country", "evidence", "editor"])
def test_hostile_names_are_words_on_every_page(open_page: Open, page: str) -> None:
    """Whatever Markdown a page writes holds no tag, picture, link or formula from a scenario."""
    at = open_page(
        page, a="hostile", draft__a=pack(hostile_scenario()), b="baseline",
        **{"show__editor.part": "events"},
    )  # fmt: skip
    assert not [error for error in errors(at) if "hostile" in error]
    parser = MarkdownIt("commonmark", {"html": True})
    checked = 0
    for kind in ("title", "subheader", "markdown", "caption", "error", "info", "success"):
        for block in cast(Any, at.get(kind)):
            tokens = parser.parse(block.value)
            inner = [child for token in tokens for child in token.children or ()]
            assert not [t for t in inner if t.type in ("html_inline", "image")], block.value
            assert not [t for t in tokens if t.type == "html_block"], block.value
            links = [t.attrGet("href") or "" for t in inner if t.type == "link_open"]
            assert not [link for link in links if not str(link).startswith(("#", "http"))]
            checked += "script" in block.value or "latex" in block.value
    # The editor shows names in its text and its tables only.
    assert checked or page == "editor"
    kinds = ("slider", "metric", "expander")
    labels = [found.label for kind in kinds for found in cast(Any, at.get(kind))]
    labels += [slider.help for slider in at.slider]
    for label in labels:
        types = {c.type for t in parser.parse(label) for c in t.children or ()}
        assert not types & {"html_inline", "image"}, label


def test_hostile_names_are_no_formulas_in_a_download() -> None:
    from sim.interfaces.explorer.editor.form import event_table
    from sim.interfaces.explorer.editor.report import draft_changes
    from sim.interfaces.explorer.state.view import View
    from sim.interfaces.explorer.tables.building import country_table, csv_for_spreadsheets

    text = hostile_scenario()
    draft = read_draft(text)
    assert draft.layers is not None
    found = runs.answer(View(a=Side("hostile", (), text), futures=200))
    for table in (event_table(draft.layers), draft_changes(draft), country_table(found, "us")):
        cells = csv.reader(io.StringIO(csv_for_spreadsheets(table).decode("utf-8-sig")))
        begins = {cell[:1] for row in cells for cell in row}
        assert not begins & set("=@\t\r")


def test_providers_of_one_name_are_told_apart(open_page: Open) -> None:
    text = GOOD + "  china: {title: United States (too)}\n"
    at = open_page(a="more-control", draft__a=pack(text))
    columns = list(at.dataframe[0].value.columns)
    assert len(columns) == len(set(columns))
    probabilities = [name for name in columns if not name.endswith((", 90 %", ", data centre"))]
    assert sum(name.startswith("United States") for name in probabilities) == 2
    titles = ("code", "country"), ("waits", "(x)"), ("facts estimated", "region, 90 %")
    for us, china in titles:
        own = GOOD.replace("  us:\n", f"  us:\n    title: {quoted(us)}\n")
        odd = own + f"  china: {{title: {quoted(china)}}}\n"
        for page in ("explore", "country"):
            assert not open_page(page, a="more-control", draft__a=pack(odd), b="baseline").error


@pytest.mark.parametrize(
    "lever",
    [
        "{low: 0.35, high: 0.3500000001}",
        "{low: 0, high: 1.0e-9}",
        "{low: 0.9, high: 1}",
        "{low: 0, high: 1, stops: {0.123456789: x}}",
        "{target: providers.us.offers.adoption.slots, low: 1, high: 2}",
        "{target: providers.us.offers.infrastructure.intercept, low: -20, high: 20}",
        "{target: parameters.w_peer, low: 0, high: 0.3}",
        "{target: providers.us.offers.infrastructure.data_centre_mw_max, low: 0, high: 20000}",
        "{target: corporate_ties.TUV.china, low: 0, high: 1}",
    ],
)
def test_levers_of_a_draft_may_be_odd(open_page: Open, lever: str) -> None:
    text = f"{GOOD}levers:\n  local_control: {lever}\n"
    draft = read_draft(text)
    at = open_page(a="more-control", draft__a=pack(text))
    assert bool(at.error) == (draft.scenario is None), (errors(at), draft.problems)


def test_the_largest_scenario_still_opens(open_page: Open) -> None:
    """Eleven offers, 240 months and 500 events: as much as the rules allow."""
    homes = {"p": "USA", "q": "CHN", "r": "FRA", "s": "JPN"}
    providers = {
        name: {"title": name, "home": home,
               "offers": {f"o{n}": {"title": "x"} for n in range(2 if name == "s" else 3)}}
        for name, home in homes.items()
    }  # fmt: skip
    events = [
        {"date": f"{2025 + n % 20}-{1 + n % 12:02d}", "title": "x",
         "shock": {"provider": "p", "size": 0.1}, "set": {"providers.p.linkage": 0.5}}
        for n in range(500)
    ]  # fmt: skip
    content = {"name": "big", "title": "x", "description": "x", "providers": providers,
               "events": events, "horizon": {"start": "2025-01", "end": "2044-12"}}  # fmt: skip
    at = open_page("editor", draft="")
    at.text_area(key="editor.text").set_value(json.dumps(content)).run()
    assert not at.error
    click_through(at, "Open in Explore")
    assert not at.error
    assert "by 2044" in at.title[0].value
    headline = at.title[0].value
    at.select_slider(key="futures").set_value(2000).run()
    warning = plain(at.warning[0].value)
    assert "2,000 futures of big" in warning
    assert "240 MB" in warning
    assert plain(at.title[0].value) == NOT_YOURS + plain(headline)
