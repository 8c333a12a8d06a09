"""Getting past the controls, away with a figure, and onto paper."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from browser.conftest import Visit, settle
from browser.on_page import NO_BARRIERS, barriers_in_both_schemes, serious_barriers, skipped_levels

OUTLINE = "node => getComputedStyle(node).outlineStyle"


def test_the_keyboard_comes_to_the_results_in_two_presses(visit: Visit) -> None:
    page = visit("/country?futures=200&country=BRA")
    expect(page).to_have_title(re.compile("^Brazil: .* · alignsim$"))
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the result")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Explore", exact=True).first).to_be_focused()
    assert page.locator(":focus").evaluate(OUTLINE) == "solid"
    skip.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    results = page.locator(".st-key-results")
    assert results.evaluate("node => node.contains(document.activeElement)")


def test_link_and_command_are_taken_along(visit: Visit) -> None:
    page = visit("/?futures=200&a.linkage=0.8")
    page.get_by_role("button", name="Share, cite, repeat").click()
    panel = page.get_by_role("dialog")
    expect(panel.get_by_text("alignsim run baseline --lever linkage=0.8 -n 200")).to_be_visible()
    field = panel.get_by_role("textbox", name="Link to this view")
    expect(field).to_have_value(page.url)
    # Over plain HTTP to another host browsers have no clipboard at all.
    page.evaluate("() => Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    panel.get_by_role("button", name="Copy the link").click()
    expect(panel.get_by_role("status")).to_contain_text("Ctrl+C")
    assert page.evaluate("() => window.getSelection().toString()") == page.url
    assert serious_barriers(page) == []


def test_a_picture_is_downloaded(visit: Visit, tmp_path: Path) -> None:
    page = visit()
    page.get_by_role("button", name="Picture of partners over time").click()
    with page.expect_download() as found:
        page.get_by_role("button", name="PNG", exact=True).click()
    found.value.save_as(tmp_path / "x.png")
    assert found.value.suggested_filename == "uptake.png"
    assert (tmp_path / "x.png").read_bytes()[:4] == b"\x89PNG"
    expect(page.get_by_text('<iframe src="http')).to_be_visible()
    assert serious_barriers(page) == []


def test_a_figure_alone_fits_a_frame(visit: Visit) -> None:
    page = visit("/?embed=true&show=uptake&futures=200", 600, 400)
    expect(page.get_by_role("heading", level=1)).to_have_text("Partners over time: United States")
    expect(page.get_by_role("link", name="Open the whole view")).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("link")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 600
    assert barriers_in_both_schemes(page) == NO_BARRIERS


@pytest.mark.parametrize("name", ["", "country", "compare"])
def test_paper_has_the_results_and_no_controls(visit: Visit, name: str) -> None:
    page = visit(f"/{name}?futures=200")
    assert skipped_levels(page) == []
    page.emulate_media(media="print")
    shown = "nodes => nodes.filter((node) => node.checkVisibility()).map((node) => node.innerText)"
    assert page.locator("button, input[type=range]").evaluate_all(shown) == []
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    # A sheet says what was moved and where it comes from, as pictures do.
    origin = page.locator(".alignsim-origin")
    expect(origin).to_be_visible()
    for part in (
        "baseline, with no lever moved",
        "200 futures, seed 1",
        "Source: alignsim",
        page.url,
    ):
        expect(origin).to_contain_text(part)
    page.emulate_media(media="screen")
    expect(origin).to_be_hidden()
    page.emulate_media(media="print")
    cut = """() => [...document.querySelectorAll('.stMain, .listing, .stVegaLiteChart')]
        .filter((node) => node.scrollWidth > node.clientWidth + 1).length"""
    page.set_viewport_size({"width": 718, "height": 1000})
    settle(page)
    assert page.evaluate(cut) == 0
