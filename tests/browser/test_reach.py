"""Pages for those who see large letters, colours of their own, or nothing."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from browser.conftest import Visit, settle, until
from browser.on_page import world

OUTLINE = "node => getComputedStyle(node).outlineStyle"


def _colour(page: Page, selector: str) -> str:
    colour = page.locator(selector).first.evaluate("node => getComputedStyle(node).backgroundColor")
    return str(colour)


def _width(page: Page, selector: str) -> float:
    box = page.locator(selector).bounding_box()
    assert box is not None
    return box["width"]


def test_large_letters_and_colours_of_the_system_leave_all_to_be_read(visit: Visit) -> None:
    page = visit(width=720, height=450)  # twice the size on a screen of 1440
    results, levers = page.locator(".st-key-results"), page.locator(".st-key-levers")
    assert _width(page, ".st-key-results") > 600
    below = "(node, other) => node.getBoundingClientRect().top > other.getBoundingClientRect().top"
    assert levers.evaluate(below, results.element_handle())
    link = page.get_by_role("link", name="Change the levers")
    expect(link).to_be_visible()
    # Four times: the headline scrolls by and leaves the page to what is read.
    page.set_viewport_size({"width": 360, "height": 225})
    settle(page)
    page.get_by_role("heading", name="What does this hang on?").scroll_into_view_if_needed()
    expect(page.locator("h1")).not_to_be_in_viewport()
    # On a phone that is held upright it stays, and what the keyboard comes to is not below it.
    page.set_viewport_size({"width": 390, "height": 844})
    settle(page)
    files = page.get_by_role("button", name=re.compile("CSV of partners over time"))
    files.scroll_into_view_if_needed()
    expect(page.locator("h1")).to_be_in_viewport()
    page.get_by_test_id("stMain").evaluate("node => node.scrollBy(0, 2000)")
    files.focus()
    on_top = """node => { const box = node.getBoundingClientRect();
        return node.contains(document.elementFromPoint(box.x + 20, box.y + box.height / 2)) }"""
    until(page, lambda: bool(files.evaluate(on_top)))
    check_colours_of_the_system(page)


def test_keyboard_and_screen_reader_come_to_the_results_and_know_where_they_are(
    visit: Visit,
) -> None:
    page = visit("/country?futures=200&country=BRA")
    pages = page.get_by_role("navigation", name="Pages")
    here = pages.locator("[aria-current=page]")
    expect(here).to_have_text(["Country"])
    explore = pages.get_by_role("link", name="Explore")
    # A link that is opened in another tab goes by its address alone.
    expect(explore).to_have_attribute("href", re.compile(r"^\./\?"))
    assert urlsplit(str(explore.evaluate("node => node.href"))).path == "/"
    said = page.locator(".alignsim-status")
    expect(said).to_have_attribute("role", "status")
    assert said.text_content() == ""
    check_two_presses(page)
    explore.click()
    world(page)
    settle(page)
    expect(here).to_have_text(["Explore"])
    expect(said).to_have_text(page.locator("h1").inner_text())
    page.get_by_role("radio", name="China").first.click()
    expect(page.locator("h1")).to_contain_text("China")
    expect(said).to_have_text(page.locator("h1").inner_text())


def check_two_presses(page: Page) -> None:
    """See that the keyboard comes to the results in two presses."""
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


def check_colours_of_the_system(page: Page) -> None:
    """See that colours of the system leave nothing unsaid."""
    page.set_viewport_size({"width": 1440, "height": 900})
    page.emulate_media(forced_colors="active")
    world(page)
    settle(page)
    chosen = "[data-testid=stButtonGroup] button[aria-checked=%s]"
    assert _colour(page, chosen % "true") != _colour(page, chosen % "false")
    ground = _colour(page, ".st-key-levers")
    handle = "[data-testid=stSlider] div:has(> [data-testid=stSliderThumbValue])"
    line = "[data-testid=stSlider] [role=group] > div > :first-child"
    assert _colour(page, handle) not in (ground, _colour(page, line))
    assert _colour(page, line) != ground
    legend = page.locator(".legend i").evaluate_all(
        "all => new Set(all.map((each) => getComputedStyle(each).backgroundColor)).size"
    )
    assert legend > 4
    page.emulate_media(forced_colors="none")
