"""The explorer as a visitor meets it: mouse, keyboard, phone, dark, links, downloads."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Locator, Page, expect

from browser.conftest import Visit, settle, until
from browser.on_page import COUNT_SENT, NO_BARRIERS, barriers_in_both_schemes, link, world
from browser.test_quoting import check_paper

SEARCH = "Find a country, region or group"
A_AGAINST_B = "/?futures=200&a=baseline&a.local_control=0.9&a.slots=25&b=baseline"
TABLE = ".st-key-countries [data-testid=stDataFrame]"
# Pixels of the table of countries: its rows and head are 35 high, the boxes 36 wide.
BOX_X, CELL_X, ROW_PX = 15, 120, 35


def test_the_page_has_the_world_charts_files_and_can_be_used_by_keyboard(visit: Visit) -> None:
    page = visit()
    world(page)
    expect(page.locator("path[data-iso]")).to_have_count(197)
    expect(page.locator("circle[data-dot]").nth(30)).to_be_attached()
    expect(page.locator("h1")).to_contain_text("partners of the US by 2030")

    def fill(code: str) -> str:
        node = page.locator(f"path[data-iso={code}]")
        return str(node.evaluate("node => getComputedStyle(node).fill"))

    until(page, lambda: fill("KOR") != fill("MLI"))
    # Its charts add no hidden stops for the keyboard.
    page.locator("[data-testid=stVegaLiteChart] svg").first.wait_for()
    for name in ("Show data", "Download as PNG", "Copy Vega-Lite spec"):
        for button in page.get_by_label(name, exact=True).all():
            expect(button).not_to_be_visible()
    # Its files look like links.
    button = page.get_by_role("button", name=re.compile("CSV of partners over time"))
    text = button.locator("p")
    assert "underline" in text.evaluate("node => getComputedStyle(node).textDecorationLine")
    expect(button.get_by_test_id("stIconMaterial")).to_be_visible()
    # The controls can be reached by keyboard.
    reached: set[str] = set()
    stops_before = 0
    for stop in range(90):
        page.keyboard.press("Tab")
        in_results = "() => document.activeElement.closest('.st-key-results') !== null"
        if not stops_before and page.evaluate(in_results):
            stops_before = stop
        reached.add(
            page.evaluate(
                "() => { let e = document.activeElement;"
                "while (e.shadowRoot && e.shadowRoot.activeElement) e = e.shadowRoot.activeElement;"
                "return e.getAttribute('aria-label') || e.innerText"
                "|| e.closest('label')?.innerText || e.tagName }"
            ).strip()
        )
    wanted = {"Play", "Month", "Tiles of equal size", "Places in the US infrastructure offer"}
    assert wanted <= reached
    assert 0 < stops_before <= 40
    # One of its files holds what is shown.
    with page.expect_download() as waiting:
        page.get_by_role("button", name="CSV of these 194 countries").click()
    content = Path(waiting.value.path()).read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    table = pd.read_csv(io.BytesIO(content), encoding="utf-8-sig")
    assert len(table) == 194
    probability = table["probability of being with the United States (0-1)"]
    assert probability.is_monotonic_decreasing
    assert f"{probability.sum():.0f} partners of the US" in page.locator("h1").inner_text()
    check_a_lever_by_keyboard(page)


def check_a_lever_by_keyboard(page: Page) -> None:
    """See that it reaches headline and link, and can be taken back."""
    before = page.locator("h1").inner_text()
    slider = page.get_by_role("slider", name="Tie to the US project and its diplomacy")
    slider.focus()
    page.keyboard.press("Home")
    expect(page.locator("h1")).not_to_have_text(before)
    page.wait_for_url(re.compile("a.linkage=0"))
    settle(page)
    page.get_by_role("button", name="Undo").focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(before)


def test_month_and_clicks_on_a_country_a_dot_a_tile_or_a_row_enter_the_link(visit: Visit) -> None:
    page = visit()
    world(page)
    card = page.get_by_role("combobox", name="Country").first
    for code, name in (("BRA", "Brazil"), ("SGP", "Singapore")):
        mark = "path[data-iso=BRA]" if code == "BRA" else "circle[data-dot=SGP]"
        page.locator(mark).click()
        page.wait_for_url(re.compile(f"country={code}"))
        settle(page)
        expect(card).to_have_value(name)
    # The same place again, after another was chosen elsewhere.
    page.locator("path[data-iso=BRA]").click()
    page.wait_for_url(re.compile("country=BRA"))
    settle(page)
    card.fill("Chile")
    expect(page.get_by_role("option")).to_have_text(["Chile"])
    card.press("Enter")
    page.wait_for_url(re.compile("country=CHL"))
    settle(page)
    page.locator("path[data-iso=BRA]").click()
    page.wait_for_url(re.compile("country=BRA"))
    settle(page)
    page.locator("path[data-iso=BRA]").hover()
    expect(page.locator(".tip")).to_contain_text("Brazil, December 2030")
    expect(page.locator(".tip")).to_contain_text("90 %")
    check_month_and_tile(page)
    check_a_row_picks_its_country(page)


def check_month_and_tile(page: Page) -> None:
    """See that month and tile enter the link."""
    time = page.get_by_role("slider", name="Month")
    time.focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_url(re.compile("month=2030-10"))
    settle(page)
    expect(page.locator("output")).to_have_text("October 2030")
    page.get_by_role("checkbox", name="Tiles of equal size").check()
    expect(page.locator("rect[data-tile=TUV]")).to_be_visible()
    expect(page.locator("path[data-iso=BRA]")).not_to_be_visible()
    page.locator("rect[data-tile=TUV]").click()
    page.wait_for_url(re.compile("country=TUV"))
    settle(page)
    assert link(page)["month"] == "2030-10"


def click_row(page: Page, row: int, x: int) -> None:
    table = page.locator(TABLE).first
    table.scroll_into_view_if_needed()
    expect(table.get_by_test_id(f"glide-cell-1-{row}")).to_be_attached()
    table.click(position={"x": x, "y": int((row + 1.5) * ROW_PX)})


def country_of_row(page: Page, row: int) -> str:
    """Return the code in a row as the table lies sorted; its cells are also there to be read."""
    return page.locator(f"{TABLE} [data-testid=glide-cell-1-{row}]").first.inner_text()


def check_a_row_picks_its_country(page: Page) -> None:
    """See that a row of the table picks the country that it shows."""
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


def test_a_pasted_link_restores_what_was_seen(visit: Visit) -> None:
    first = visit(A_AGAINST_B + "&country=BRA&month=2027-12&belief.w_peer=2.2&of=china")
    world(first)
    searched = "Côte d'Ivoire & <b>%"
    choose_all_that_a_link_holds(first, f"  {searched}")
    pasted, chosen, headline = first.url, link(first), first.locator("h1").inner_text()
    second = visit(pasted[pasted.index("/", 10) :], tab=first)
    expect(second.locator("rect[data-tile=TUV]")).to_be_visible()
    assert link(second) == chosen
    assert second.locator("h1").inner_text() == headline
    expect(second.locator("output")).to_have_text("December 2027")
    expect(second.get_by_role("textbox", name=SEARCH)).to_have_value(searched)
    expect(second.get_by_text(f"No country matches “{searched}”.")).to_be_visible()
    expect(second.get_by_role("radio", name="megawatts live")).to_be_checked()
    expect(second.get_by_role("radio", name="B", exact=True)).to_be_checked()
    mode = second.get_by_role("button", name="A minus B")
    expect(mode).to_have_attribute("aria-pressed", "true")
    expect(second.locator(".legend")).to_contain_text("likelier under A")
    # What is as it was at first leaves the link.
    second.get_by_role("radio", name="A", exact=True).click()
    second.wait_for_url(lambda url: "levers.side" not in url)
    settle(second)
    name = "Control that stays in the host country"
    expect(second.get_by_role("slider", name=name).first).to_have_value("0.9")
    second.get_by_role("button", name="A", exact=True).click()
    second.wait_for_url(lambda url: "map.mode" not in url)
    settle(second)
    second.get_by_role("checkbox", name="Tiles of equal size").uncheck()
    second.wait_for_url(lambda url: "show.map" not in url)


def choose_all_that_a_link_holds(page: Page, searched: str) -> None:
    """Choose what each control of Explore can say, and see that the link says it."""
    search = page.get_by_role("textbox", name=SEARCH)
    search.fill(searched)
    search.press("Enter")
    page.wait_for_url(re.compile("show.explore.find="))
    settle(page)
    page.get_by_role("radio", name="megawatts live").click()
    page.wait_for_url(re.compile("show.explore.measure=live"))
    settle(page)
    page.get_by_role("radio", name="B", exact=True).click()
    page.wait_for_url(re.compile("show.levers.side=b"))
    settle(page)
    page.get_by_role("button", name="A minus B").click()
    page.wait_for_url(re.compile("show.map.mode=difference"))
    settle(page)
    page.get_by_role("checkbox", name="Tiles of equal size").check()
    page.wait_for_url(re.compile("show.map.tiles=yes"))
    settle(page)
    expect(page.get_by_role("button", name="A minus B")).to_have_attribute("aria-pressed", "true")


def top(node: Locator) -> float:
    """Return where something begins, in pixels from the top of the window."""
    box = node.bounding_box()
    assert box is not None
    return box["y"]


def bottom(node: Locator) -> float:
    """Return where something ends, in pixels from the top of the window."""
    box = node.bounding_box()
    assert box is not None
    return box["y"] + box["height"]


def check_all_is_within_a_phone(page: Page) -> None:
    """See that nothing scrolls sideways, and that the headline and all pages are in view."""
    wide = "() => document.querySelector('[data-testid=stMain]').scrollWidth"
    assert page.evaluate(wide) <= 390
    expect(page.locator("h1")).to_be_in_viewport()
    links = page.locator(".st-key-pages a")
    expect(links).to_have_count(6)
    for each in links.all():
        expect(each).to_be_in_viewport()
        box = each.bounding_box()
        assert box is not None
        assert box["height"] >= 28


def check_the_headline_stays(page: Page) -> None:
    """See that on a phone the headline stays in view, covers little, and leads to the levers."""
    page.get_by_test_id("stMain").evaluate("main => main.scrollTo(0, main.scrollHeight / 2)")
    head = page.locator(".st-key-headline")
    expect(head).to_be_in_viewport(ratio=1)
    until(page, lambda: top(head) < 10)
    assert bottom(head) <= 0.15 * 844
    head.get_by_role("link", name=re.compile("levers")).click()
    expect(page.get_by_role("heading", name="Settings")).to_be_in_viewport(ratio=1)
    until(page, lambda: bottom(head) <= top(page.get_by_role("heading", name="Settings")))


def check_head(page: Page) -> None:
    """See that what scrolls by is not read through the links at the top."""
    ground = page.evaluate(
        "() => ['stHeader', 'stApp'].map((name) => getComputedStyle("
        "document.querySelector(`[data-testid=${name}]`)).backgroundColor)"
    )
    assert ground[0] == ground[1]


@pytest.mark.parametrize("path", ["/?futures=200", A_AGAINST_B, "/country?futures=200"])
def test_a_phone_a_desk_and_paper_show_all_without_a_barrier(visit: Visit, path: str) -> None:
    page = visit(path, width=390, height=844)
    check_all_is_within_a_phone(page)
    if path == "/?futures=200":
        check_the_way_to_the_levers(page)
    if path == A_AGAINST_B:
        check_the_headline_stays(page)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.get_by_test_id("stMain").evaluate("main => main.scrollTo(0, 0)")
    settle(page)
    if path != A_AGAINST_B:
        check_paper(page)
    if "/?" in path:
        world(page)
    check_head(page)
    serious = barriers_in_both_schemes(page)
    assert serious == NO_BARRIERS, json.dumps(serious, indent=1)
    check_head(page)


def check_the_way_to_the_levers(page: Page) -> None:
    """See that a link at the top leads to the levers, below the headline."""
    world(page)
    page.get_by_role("link", name="Change the levers").click()
    expect(page.get_by_role("combobox", name="Scenario").first).to_be_in_viewport()
    # The page scrolls there in its own time.
    until(page, lambda: bottom(page.locator("h1")) < top(page.get_by_text("One scenario")))
    expect(page.locator("h1")).to_be_in_viewport()
