"""The page Sweep in a browser: a run with its progress, stop, a click on a cell, the CSV."""

from __future__ import annotations

import csv
import re
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect

from browser.conftest import Visit, settle
from browser.on_page import NO_BARRIERS, barriers_in_both_schemes, serious_barriers, turn
from sim.words.wording import number

RUN = re.compile("Run the grid|Continue the grid")
# No other test runs this seed, so nothing of it is known before.
SMALL = "/sweep?futures=200&seed={}&show.sweep.x=linkage,0,1,3&show.sweep.y=local_control,0,1,3"


def run_whole(page: Page) -> None:
    page.get_by_role("button", name=RUN).click()
    wait_for_the_end(page)


def wait_for_the_end(page: Page) -> None:
    # Between two parts of a run neither button may be there; all points are there at the end only.
    expect(
        page.get_by_role("button", name="CSV of these 12 points and A as it stands")
    ).to_be_visible()
    expect(page.get_by_role("button", name=RUN)).to_have_count(0)
    expect(page.get_by_role("button", name="Stop")).to_have_count(0)
    settle(page)


def points_left(page: Page) -> int:
    found = re.search(r"grid: (\d+) points", page.get_by_role("button", name=RUN).inner_text())
    assert found is not None
    return int(found[1])


def click_cell(page: Page, across: float, up: float) -> None:
    """Click the chart at shares of its width and height, once it shows what the headline says."""
    chart = page.locator(".stVegaLiteChart").first
    expect(chart).to_contain_text(page.locator("h1").inner_text().rsplit(" ", 1)[1])
    box = chart.bounding_box()
    assert box is not None
    chart.click(position={"x": across * box["width"], "y": up * box["height"]})


def check_csv(page: Page) -> None:
    """Hold the file of the points to what the headline says of them."""
    with page.expect_download() as waiting:
        page.get_by_role("button", name="CSV of these 12 points and A as it stands").click()
    with waiting.value.path().open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 13
    values = [float(row["Partners of the United States (countries)"]) for row in rows[1:]]
    title = page.locator("h1").inner_text()
    assert title == f"Partners of the United States: {number(min(values))} to {number(max(values))}"
    assert {row["Tie to the US project and its diplomacy (share)"] for row in rows} >= {
        "0.0",
        "1.0",
    }


def check_fonts(page: Page) -> None:
    """See that figures are in the font of the page."""
    font = "e => getComputedStyle(e).fontFamily.split(',')[0].replaceAll('\"', '')"
    texts = page.locator(".stVegaLiteChart svg text")
    body = page.locator("h1").evaluate(font)
    found = texts.evaluate_all(f"texts => texts.map({font})")
    assert {*found} == {body}


def test_run_download_and_open_cells_one_after_another_and_back_leads_to_the_grid(
    visit: Visit,
) -> None:
    page = visit(SMALL.format(71) + "&show.sweep.point=linkage:1,local_control:0.5")
    expect(page.get_by_role("button", name=RUN)).to_be_visible()
    run_whole(page)
    expect(page.locator("h1")).to_contain_text(" to ")
    expect(page.get_by_text("The stronger the colour, the more.")).to_be_visible()
    check_csv(page)
    check_fonts(page)
    title = page.locator("h1").inner_text()
    # The lower right cell: closely tied, no control.
    grid = open_cell(page, 0.9, "diplomacy = 1; Control.* = 0")
    link = parse_qs(urlsplit(page.url).query)
    assert (link["a.linkage"], link["a.local_control"]) == (["1"], ["0"])
    go_back_to_the_grid(page, grid, title)
    grid = open_cell(page, 0.3, "diplomacy = .*; Control.* = 0")
    go_back_to_the_grid(page, grid, title)
    page.go_forward()
    expect(page.locator("h1")).to_contain_text("partners of the US")
    settle(page)
    # The step can be taken back in Explore too.
    page.get_by_role("button", name="Undo").click()
    page.wait_for_url(lambda url: "a.linkage" not in url)
    page.get_by_role("link", name="Sweep", exact=True).click()
    expect(page.locator("h1")).to_have_text(title)
    expect(page.get_by_role("button", name=RUN)).to_have_count(0)


def open_cell(page: Page, across: float, called: str) -> str:
    """Open a cell of the lowest row in Explore, whose headline is its number; return the grid."""
    click_cell(page, across, 0.65)
    expect(page.get_by_role("combobox", name="Point")).to_have_value(re.compile(called))
    settle(page)
    text = page.locator(".st-key-point").inner_text()
    found = re.search(r"Partners of the United States: ([\d.]+) \(90\s% of futures", text)
    assert found is not None
    grid = page.url
    page.get_by_role("link", name="Open in Explore").click()
    headline = f"{float(found[1]):.0f} partners of the US by 2030"
    expect(page.locator("h1")).to_contain_text(headline)
    settle(page)
    return grid


def go_back_to_the_grid(page: Page, grid: str, title: str) -> None:
    page.go_back()
    expect(page.locator("h1")).to_have_text(title)
    settle(page)
    assert page.url == grid


def test_a_run_ends_with_stop_or_with_its_page_and_keeps_what_it_has(visit: Visit) -> None:
    page = visit(SMALL.format(72).replace(",3", ",9").replace("futures=200", "futures=1000"))
    address = page.url[page.url.index("/", 10) :]
    page.get_by_role("button", name=RUN).click()
    expect(page.get_by_text(re.compile("of 90 points, about"))).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    again = page.get_by_role("button", name=RUN)
    expect(again).to_be_visible()
    settle(page)
    stopped = points_left(page)
    assert 0 < stopped < 90
    page.wait_for_timeout(1500)
    # A second visitor finds what there is: the point that was in hand too, and no more, since
    # nothing goes on by itself.
    page = visit(page.url[page.url.index("/", 10) :], tab=page)
    left = points_left(page)
    assert stopped - 1 <= left <= stopped
    check_a_run_ends_with_its_page(page, visit, address)


def check_a_run_ends_with_its_page(page: Page, visit: Visit, address: str) -> None:
    """See that a run goes on no longer than its page is open, and keeps its points."""
    before = points_left(page)
    page.get_by_role("button", name=RUN).click()
    expect(page.get_by_text(re.compile("of 90 points, about"))).to_be_visible()
    page.close()
    other = visit(address)
    left, earlier = points_left(other), before
    # What was in hand is finished; a run that went on would come to its end here.
    while left < earlier:
        other.wait_for_timeout(4000)
        other.reload()
        settle(other)
        left, earlier = points_left(other), left
    assert 0 < left < before


def test_a_lever_moved_while_it_runs_ends_that_run(visit: Visit) -> None:
    page = visit(SMALL.format(73).replace(",3", ",9"))
    page.get_by_role("button", name=RUN).click()
    expect(page.get_by_text(re.compile("of 90 points, about"))).to_be_visible()
    low = page.get_by_role("slider", name="From and to").first
    low.focus()
    low.press("ArrowRight")
    expect(page.get_by_role("button", name=RUN)).to_be_visible()
    page.wait_for_url(re.compile("show.sweep.x=linkage%2C0.05%2C1%2C9"))


def test_no_serious_barrier_by_keyboard_and_on_a_phone(visit: Visit) -> None:
    shown = SMALL.format(76) + "&show.sweep.as=change&show.sweep.point=linkage:0,local_control:0.35"
    page = visit(shown)
    assert barriers_in_both_schemes(page) == NO_BARRIERS
    page.get_by_role("button", name=RUN).hover()
    assert serious_barriers(page) == []
    turn(page, "light")
    page.get_by_role("button", name=RUN).hover()
    assert serious_barriers(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    settle(page)
    page.get_by_role("button", name=RUN).focus()
    page.keyboard.press("Enter")
    wait_for_the_end(page)
    choose_a_point_by_keyboard(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.set_viewport_size({"width": 1440, "height": 900})
    assert barriers_in_both_schemes(page) == NO_BARRIERS


def choose_a_point_by_keyboard(page: Page) -> None:
    """Choose the point below the one that the link named."""
    point = page.get_by_role("combobox", name="Point")
    before = point.input_value()
    point.focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Enter")
    expect(point).not_to_have_value(before)
    expect(page.get_by_role("link", name="Open in Explore")).to_be_visible()
    page.wait_for_url(re.compile(r"show.sweep.point=linkage%3A0%2Clocal_control%3A0\.5(&|$)"))
    settle(page)
