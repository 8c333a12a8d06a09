"""Getting away with a figure, and onto paper."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from browser.conftest import Visit, settle
from browser.on_page import NO_BARRIERS, barriers_in_both_schemes, serious_barriers, skipped_levels


def test_link_command_and_picture_are_taken_along(visit: Visit, tmp_path: Path) -> None:
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
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    check_a_picture(page, tmp_path)


def check_a_picture(page: Page, folder: Path) -> None:
    """See that a chart can be downloaded as a picture, or shown elsewhere."""
    page.get_by_role("button", name="Picture of partners over time").click()
    with page.expect_download() as found:
        page.get_by_role("button", name="PNG", exact=True).click()
    found.value.save_as(folder / "x.png")
    assert found.value.suggested_filename == "uptake.png"
    assert (folder / "x.png").read_bytes()[:4] == b"\x89PNG"
    expect(page.get_by_text('<iframe src="http')).to_be_visible()
    assert serious_barriers(page) == []


def test_a_figure_alone_fits_a_frame(visit: Visit) -> None:
    page = visit("/?embed=true&show=uptake&futures=200", 600, 400)
    expect(page.get_by_role("heading", level=1)).to_have_text("Partners over time: United States")
    expect(page.get_by_role("link", name="Open the whole view")).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("link")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 600
    assert barriers_in_both_schemes(page) == NO_BARRIERS


def test_paper_has_the_results_and_no_controls(visit: Visit) -> None:
    check_paper(visit("/compare?futures=200"))


def check_paper(page: Page) -> None:
    """See that paper has the results of a page as it is at first, and no controls."""
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
        page.url.partition("#")[0],
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
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 1440, "height": 900})
    settle(page)
