"""The scenario editor in a browser: files, form and text, links, and names that would be markup."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from browser.conftest import Visit, settle
from browser.on_page import NO_BARRIERS, barriers_in_both_schemes, link, skipped_levels, turn
from explorer.draft_pages import GOOD
from explorer.hostile_names import hostile_scenario
from sim.interfaces.explorer.state.view import pack

BAD = GOOD.replace("0.2 ", "1.5 ")
AN_OFFER = "&show.editor.part=us.infrastructure"


def editor(text: str = GOOD, more: str = "") -> str:
    return f"/editor?futures=200&draft={pack(text)}{more}"


def box(page: Page) -> Locator:
    return page.get_by_role("textbox", name="YAML", exact=True)


def upload(page: Page, name: str, content: str) -> None:
    settle(page)
    if not page.locator("input[type=file]").count():
        page.get_by_text("Start from a scenario, from Explore, or from a file").click()
    file: Any = {"name": name, "mimeType": "application/yaml", "buffer": content.encode()}
    page.locator("input[type=file]").first.set_input_files(file)


def test_a_broken_and_a_good_file(visit: Visit) -> None:
    page = visit("/editor?futures=200")
    assert skipped_levels(page) == []
    upload(page, "more-control.yaml", BAD)
    expect(page.get_by_text(re.compile("^1 problem"))).to_be_visible()
    message = (
        "more-control.yaml:8: providers.us.linkage = 1.5 must be at most 1 (a share from 0 to 1)."
    )
    expect(page.get_by_text(message)).to_be_visible()
    expect(page.get_by_text("8 | linkage: 1.5 # why")).to_be_visible()
    expect(page.get_by_role("button", name="Open in Explore")).to_be_disabled()
    expect(box(page)).to_have_value(BAD)
    upload(page, "again.yaml", GOOD)
    expect(page.get_by_text("It differs from baseline in 2 places.")).to_be_visible()
    expect(box(page)).to_have_value(GOOD)
    upload(page, "junk.yaml", "\x00\x01")
    expect(page.get_by_text("contains the control character U+0000")).to_be_visible()
    expect(box(page)).to_have_value(GOOD)


def test_form_and_text_move_each_other(visit: Visit) -> None:
    page = visit(editor(more=AN_OFFER))
    check_barriers_and_a_phone(page)
    page.set_viewport_size({"width": 1440, "height": 900})
    turn(page, "light")
    control = page.get_by_role("spinbutton", name="Control that stays in the country")
    expect(control).to_have_value("0.8")
    control.fill("0.7")
    control.press("Enter")
    expect(box(page)).to_have_value(GOOD.replace("0.8", "0.7"))
    settle(page)
    box(page).fill(GOOD.replace("0.8", "0.55"))
    box(page).press("Control+Enter")
    expect(control).to_have_value("0.55")
    settle(page)
    # A click elsewhere counts as well, and the text typed is what the button's page gets.
    box(page).fill(GOOD.replace("0.8", "0.9"))
    page.get_by_role("heading", name="Scenario editor").click()
    expect(control).to_have_value("0.9")
    page.get_by_role("button", name="Undo").click()
    expect(control).to_have_value("0.55")
    settle(page)
    box(page).fill(GOOD + "x: [")
    box(page).press("Control+Enter")
    # What cannot be read has no form.
    expect(control).to_have_count(0)
    expect(box(page)).to_have_value(GOOD + "x: [")


def test_a_draft_is_downloaded_compared_and_opened_and_its_link_restores_it(visit: Visit) -> None:
    text = GOOD + "# Türkiye 😀\n"
    page = visit(editor(text))
    check_barriers_and_a_phone(page)
    page.set_viewport_size({"width": 1440, "height": 900})
    turn(page, "light")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download YAML").click()
    assert waiting.value.suggested_filename == "more-control.yaml"
    assert Path(waiting.value.path()).read_bytes() == text.encode()
    page.get_by_role("button", name="Open in Explore").click()
    expect(page.locator("h1")).to_contain_text("partners of the US by 2030")
    settle(page)
    expect(page.get_by_role("combobox", name="Scenario")).to_have_value("Draft: More control")
    assert link(page)["draft.a"] == pack(text)
    address, headline = page.url, page.locator("h1").inner_text()
    page.go_back()
    expect(box(page)).to_have_value(text)
    settle(page)
    # Against what it extends.
    page.get_by_role("button", name="Compare with what it extends").click()
    expect(page.locator("h1")).to_contain_text(re.compile("than baseline$"))
    settle(page)
    assert link(page)["b"] == "baseline"
    other = visit(address[address.index("/", 10) :], tab=page)
    assert other.locator("h1").inner_text() == headline
    other.get_by_role("link", name="Scenario editor").click()
    expect(box(other)).to_have_value(text)


@pytest.mark.parametrize(
    "path", ["/?", "/country?", "/evidence?", "/editor?show.editor.part=events&"]
)
def test_hostile_names_stay_words(visit: Visit, path: str) -> None:
    # The guard of `visit` fails on any request to another host.
    page = visit(f"{path}futures=200&a=hostile&draft.a={pack(hostile_scenario())}&b=baseline")
    settle(page)
    page.wait_for_timeout(1500)
    assert page.evaluate("() => window.hit") is None
    inside = "() => [...document.querySelectorAll('[data-testid=stMain] *')]"
    for found in ("img[src*=outside]", "[onerror]", ".katex", "a[href^=javascript]"):
        assert page.locator(found).count() == 0, found
    assert not page.evaluate(f"{inside}.some(e => e.tagName === 'SCRIPT')")
    assert page.locator("[data-testid=stMain] [data-testid=stIconMaterial]").filter(
        has_text="bolt"
    ).count() == 0  # fmt: skip
    if path == "/?":
        hostile = page.locator("[data-testid=stSlider]").filter(has_text="![x](http://outside")
        expect(hostile.first).to_be_visible()
        hostile.first.get_by_test_id("stTooltipIcon").hover()
        page.wait_for_timeout(800)
        assert page.locator("img[src*=outside]").count() == 0
        page.locator("path[data-iso=BRA]").hover()
        page.wait_for_timeout(500)
        assert page.evaluate("() => window.hit") is None


@pytest.mark.parametrize("path", [editor(BAD), editor(GOOD + "x: [")])
def test_no_serious_barrier_and_no_scrolling_sideways_on_a_phone(visit: Visit, path: str) -> None:
    check_barriers_and_a_phone(visit(path))


def check_barriers_and_a_phone(page: Page) -> None:
    """See that nobody is kept out, and that a phone does not scroll sideways."""
    assert barriers_in_both_schemes(page) == NO_BARRIERS
    page.set_viewport_size({"width": 390, "height": 844})
    settle(page)
    wide = "() => document.querySelector('[data-testid=stMain]').scrollWidth"
    assert page.evaluate(wide) <= 390
