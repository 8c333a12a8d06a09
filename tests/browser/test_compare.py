"""The page Compare as a visitor meets it, and what it hands over to Explore."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pandas as pd
from playwright.sync_api import Page, expect

from browser.conftest import Visit, settle
from browser.on_page import (
    NO_BARRIERS,
    barriers_in_both_schemes,
    link,
    serious_barriers,
)

THREE = "/compare?futures=200&c1=baseline&c2=baseline&c2.slots=25&c3=sovereignty-guarantees"
TROUBLE = "/compare?futures=200&c1=baseline&c2=today&c3=nothing"


def test_scenarios_stand_side_by_side_for_all_and_maps_show_the_difference(visit: Visit) -> None:
    page = visit(THREE, width=390, height=844)
    check_a_phone(page)
    page.set_viewport_size({"width": 1440, "height": 900})
    settle(page)
    check_side_by_side(page)
    assert barriers_in_both_schemes(page) == NO_BARRIERS
    check_the_difference(page)


def check_a_phone(page: Page) -> None:
    """See that a phone shows all without scrolling sideways, and keeps nobody out."""
    wide = "() => document.querySelector('[data-testid=stMain]').scrollWidth"
    assert page.evaluate(wide) <= 390
    expect(page.locator("h1")).to_be_in_viewport()
    # Each cell says whose it is, since the heads of the columns are gone.
    before = "cell => getComputedStyle(cell, '::before').content"
    assert "1 baseline" in page.locator("table.compared td").first.evaluate(before)
    assert serious_barriers(page) == []


def check_side_by_side(page: Page) -> None:
    """See that each scenario has its column and its map, and the file the numbers shown."""
    expect(page.locator("h1")).to_contain_text("United States: +")
    table = page.get_by_role("table").first
    expect(table.get_by_role("columnheader", name="3 sovereignty-guarantees")).to_be_visible()
    row = table.get_by_role("row", name=re.compile("Partners of the United States"))
    expect(row.get_by_role("cell")).to_have_count(3)
    maps = page.locator("svg[role=img][aria-label^='World map of']")
    expect(maps).to_have_count(3)
    expect(maps.nth(2)).to_have_attribute("aria-label", re.compile("of 3 sovereignty-guarantees"))
    expect(page.locator("path[data-iso=BRA]")).to_have_count(3)
    expect(page.get_by_role("button", name="Play")).to_have_count(0)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="CSV of the numbers").click()
    content = Path(waiting.value.path()).read_bytes()
    numbers = pd.read_csv(io.BytesIO(content), encoding="utf-8-sig")
    own = numbers[(numbers["number"] == "Partners of China")]
    assert own["scenario"].tolist() == [
        "1 baseline", "2 baseline, 1 lever moved", "3 sovereignty-guarantees",
    ]  # fmt: skip
    shown = page.get_by_role("row", name=re.compile("Partners of China")).inner_text()
    assert f"{own['mean'].iloc[2]:.0f} " in shown


def check_the_difference(page: Page) -> None:
    """See that maps show the difference, and that a click or a name opens a country."""
    page.get_by_role("radio", name="Less scenario 1").click()
    page.wait_for_url(re.compile("show.compare.map=difference"))
    settle(page)
    expect(page.locator(".legend").nth(1)).to_contain_text("likelier under 2")
    expect(page.locator(".legend").nth(2)).to_contain_text("likelier under 3")
    scales = [page.locator(".legend span").filter(has_text="full at").nth(n).inner_text()
              for n in (0, 1)]  # fmt: skip
    assert scales[0].split("full at")[1] == scales[1].split("full at")[1]
    page.locator("path[data-iso=BRA]").nth(2).click()
    page.wait_for_url(re.compile("country=BRA"))
    settle(page)
    expect(page.get_by_role("table").first).to_contain_text("Brazil: probabilities at the end")
    page.locator("path[data-iso=BRA]").nth(2).hover()
    expect(page.locator(".tip:visible")).to_contain_text("3 minus 1")
    check_a_name(page)


def check_a_name(page: Page) -> None:
    """See that it opens the country with its pair, and that back leads here."""
    before = page.url
    first = page.locator(".st-key-changes").get_by_role("link").first
    name = first.inner_text()
    first.click()
    expect(page.locator("h1")).to_contain_text(f"{name}: ")
    page.wait_for_url(re.compile("/country"))
    settle(page)
    assert link(page)["b"] == "baseline"
    assert link(page)["c3"] == "sovereignty-guarantees"
    page.go_back()
    expect(page.get_by_role("columnheader", name="3 sovereignty-guarantees")).to_be_visible()
    settle(page)
    assert page.url == before


def test_one_wrong_scenario_leaves_the_others_without_a_barrier(visit: Visit) -> None:
    page = visit(TROUBLE, width=390, height=844)
    check_a_phone(page)
    page.set_viewport_size({"width": 1440, "height": 900})
    settle(page)
    expect(page.get_by_text("there is no scenario called nothing")).to_be_visible()
    expect(page.get_by_text("over the months that both have")).to_be_visible()
    expect(page.locator("svg[role=img][aria-label^='World map of']")).to_have_count(2)
    assert barriers_in_both_schemes(page) == NO_BARRIERS
