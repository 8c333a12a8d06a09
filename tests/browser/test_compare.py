"""The page Compare as a visitor meets it, and what Explore hands over to it."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from browser.conftest import Visit, settle, until
from browser.on_page import (
    COUNT_SENT,
    NO_BARRIERS,
    barriers_in_both_schemes,
    link,
    serious_barriers,
    world,
)
from browser.test_browser import A_AGAINST_B
from browser.test_map import PAUSE, play

THREE = "/compare?futures=200&c1=baseline&c2=baseline&c2.slots=25&c3=sovereignty-guarantees"
TROUBLE = "/compare?futures=200&c1=baseline&c2=today&c3=nothing"
TABLE = ".st-key-countries [data-testid=stDataFrame]"
# Pixels of the table of countries: its rows and head are 35 high, the boxes 36 wide.
BOX_X, CELL_X, ROW_PX = 15, 120, 35


def click_row(page: Page, row: int, x: int) -> None:
    table = page.locator(TABLE).first
    table.scroll_into_view_if_needed()
    expect(table.get_by_test_id(f"glide-cell-1-{row}")).to_be_attached()
    table.click(position={"x": x, "y": int((row + 1.5) * ROW_PX)})


def country_of_row(page: Page, row: int) -> str:
    """Return the code in a row as the table lies sorted; its cells are also there to be read."""
    return page.locator(f"{TABLE} [data-testid=glide-cell-1-{row}]").first.inner_text()


def test_scenarios_stand_side_by_side_without_a_barrier_and_can_be_downloaded(visit: Visit) -> None:
    page = visit(THREE)
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
    assert barriers_in_both_schemes(page) == NO_BARRIERS


def test_maps_show_the_difference_and_a_click_or_a_name_opens_a_country(visit: Visit) -> None:
    page = visit(THREE)
    world(page)
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


def test_a_side_is_kept_and_found_again(visit: Visit) -> None:
    page = visit("/?futures=200&a=baseline&a.slots=25")
    world(page)
    page.get_by_role("button", name="Add to comparison").click()
    page.wait_for_url(re.compile("c1.slots=25"))
    settle(page)
    page.get_by_role("link", name=re.compile("Compare scenarios .1 kept")).click()
    expect(page.get_by_role("columnheader", name="2 baseline, 1 lever moved")).to_be_visible()
    page.get_by_role("link", name="Open in Explore").click()
    expect(page.locator("h1")).to_contain_text("at 25 instead of 10")
    settle(page)
    assert link(page)["a.slots"] == "25"
    assert link(page)["b"] == "baseline"


def test_one_wrong_scenario_leaves_the_others_without_a_barrier(visit: Visit) -> None:
    page = visit(TROUBLE)
    expect(page.get_by_text("there is no scenario called nothing")).to_be_visible()
    expect(page.get_by_text("over the months that both have")).to_be_visible()
    expect(page.locator("svg[role=img][aria-label^='World map of']")).to_have_count(2)
    assert barriers_in_both_schemes(page) == NO_BARRIERS


@pytest.mark.parametrize("path", [THREE, TROUBLE])
def test_a_phone_shows_all_without_scrolling_sideways_or_a_barrier(visit: Visit, path: str) -> None:
    page = visit(path, width=390, height=844)
    settle(page)
    wide = "() => document.querySelector('[data-testid=stMain]').scrollWidth"
    assert page.evaluate(wide) <= 390
    expect(page.locator("h1")).to_be_in_viewport()
    # Each cell says whose it is, since the heads of the columns are gone.
    before = "cell => getComputedStyle(cell, '::before').content"
    assert "1 baseline" in page.locator("table.compared td").first.evaluate(before)
    assert serious_barriers(page) == []


def test_a_row_of_the_table_picks_the_country_that_it_shows(visit: Visit) -> None:
    page = visit()
    world(page)
    card = page.get_by_role("combobox", name="Country").first
    page.evaluate(COUNT_SENT)
    for row, x in ((1, BOX_X), (4, CELL_X)):
        code = country_of_row(page, row)
        click_row(page, row, x)
        page.wait_for_url(re.compile(f"country={code}"))
        settle(page)
    # One message a click: the mark that the page sets itself asks for nothing.
    page.wait_for_timeout(600)
    assert page.evaluate("window.sent") == 2
    # The box of the marked row cannot be taken back, nor does a click on it pick another.
    code = country_of_row(page, 4)
    click_row(page, 4, BOX_X)
    page.wait_for_timeout(800)
    settle(page)
    assert link(page)["country"] == code
    expect(card).to_be_visible()
    check_sorted_and_searched(page)


def check_sorted_and_searched(page: Page) -> None:
    """See that a table that is sorted, or holds less, picks the country that it shows there."""
    table = page.locator(TABLE).first
    table.scroll_into_view_if_needed()
    before = country_of_row(page, 2)
    table.click(position={"x": 320, "y": 15})
    until(page, lambda: country_of_row(page, 2) != before)
    code = country_of_row(page, 2)
    click_row(page, 2, CELL_X)
    page.wait_for_url(re.compile(f"country={code}"))
    settle(page)
    search = page.get_by_role("textbox", name="Find a country, region or group")
    search.fill("oceania")
    search.press("Enter")
    expect(page.get_by_role("button", name=re.compile("CSV of these 1. countries"))).to_be_visible()
    settle(page)
    assert link(page)["country"] == code
    for row in range(4):
        expect(table.get_by_test_id(f"glide-cell-3-{row}")).to_have_text("Oceania")
    for row, x in ((3, BOX_X), (1, CELL_X), (2, BOX_X)):
        code = country_of_row(page, row)
        click_row(page, row, x)
        page.wait_for_url(re.compile(f"country={code}"))
        settle(page)


def test_a_mode_set_while_playing_waits_for_the_end(visit: Visit) -> None:
    page = visit(A_AGAINST_B)
    world(page)
    page.evaluate(COUNT_SENT)
    to_b = "[...root.querySelectorAll('[aria-pressed]')].find((e) => e.textContent === 'B').click()"
    assert play(page, {"2026": to_b, "2027": PAUSE}) == [0, 0]
    expect(page.get_by_role("button", name="B", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    page.wait_for_url(re.compile("show.map.mode=b"))
    settle(page)
    assert page.evaluate("window.sent") == 1
