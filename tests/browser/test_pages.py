"""Going from page to page: one step in the browser's history each, and no menu in the way."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import Visit, settle
from browser.on_page import NO_BARRIERS, barriers_in_both_schemes, link, turn, world
from browser.test_browser import check_all_is_within_a_phone, check_head, check_the_headline_stays


def go(page: Page, name: str, headline: str) -> None:
    page.get_by_role("link", name=name, exact=True).first.click()
    expect(page.locator("h1")).to_contain_text(re.compile(headline))
    settle(page)


@pytest.mark.parametrize(
    ("width", "asked"),
    [(1440, ""), (1440, "&a.slots=20&b=today&country=KOR"), (390, "&a.slots=25&country=KAZ")],
)
def test_every_term_and_number_of_a_country_can_be_read(
    visit: Visit, width: int, asked: str
) -> None:
    page = visit(f"/country?futures=200&a=today{asked}", width=width, height=844)
    if width == 390:
        check_the_headline_stays(page)
    check_terms(page)
    check_numbers(page)
    # Downloads of grids would keep formulas.
    page.get_by_test_id("stDataFrame").first.hover()
    expect(page.get_by_role("button", name="Download as CSV")).to_have_count(0)


def check_terms(page: Page) -> None:
    """See that the meaning of each term can be read."""
    table = page.get_by_role("region", name="Terms of the offers")
    cells = table.locator("td[data-of=meaning]")
    expect(cells.first).to_have_text(
        "Whether the rules of the offer admit the country at the start."
    )
    assert cells.count() > 50
    cut = "cells => cells.filter((cell) => cell.scrollWidth > cell.clientWidth).length"
    assert cells.evaluate_all(cut) == 0
    assert table.evaluate("node => node.scrollWidth <= node.clientWidth")
    # Its box is scrolled by keyboard as well.
    table.focus()
    page.keyboard.press("End")
    expect(cells.last).to_be_in_viewport()


def check_numbers(page: Page) -> None:
    """See that no number is cut off."""
    for name in ("Paths at the end", "Invitations and answers"):
        box = page.get_by_role("region", name=name)
        expect(box.locator("td").first).to_be_visible()
        cut = "cells => cells.filter((c) => c.scrollWidth > c.clientWidth).map((c) => c.innerText)"
        assert box.locator("td, th[scope=row]").evaluate_all(cut) == []
        assert box.evaluate("node => node.scrollWidth <= node.clientWidth")
    wide = "grids => grids.filter((grid) => grid.scrollWidth > grid.clientWidth).length"
    grids = page.locator("[data-testid=stDataFrame] .dvn-scroller")
    expect(grids).to_have_count(2)
    assert grids.evaluate_all(wide) == 0


def test_the_evidence_can_be_read_in_full_by_all_and_its_charts_fit_and_follow_the_programme(
    visit: Visit,
) -> None:
    page = visit("/evidence?futures=200", width=390, height=844, scheme="dark")
    check_all_is_within_a_phone(page)
    check_evidence(page)
    first = page.get_by_role("combobox", name="Programme").input_value()
    check_charts(page, "Artemis Accords")
    page.set_viewport_size({"width": 1440, "height": 900})
    turn(page, "light")
    check_evidence(page)
    check_charts(page, first)
    check_head(page)
    assert barriers_in_both_schemes(page) == NO_BARRIERS
    check_head(page)


def check_evidence(page: Page) -> None:
    """See that what the figures rest on can be read in full."""
    boxes = page.locator(".listing")
    expect(boxes).to_have_count(5)
    cells = boxes.locator("td, th[scope=row]")
    assert cells.count() > 1000
    cut = "cells => cells.filter((c) => c.scrollWidth > c.clientWidth).map((c) => c.innerText)"
    assert cells.evaluate_all(cut) == []
    wide = "boxes => boxes.filter((box) => box.scrollWidth > box.clientWidth).length"
    assert boxes.evaluate_all(wide) == 0


def check_charts(page: Page, programme: str) -> None:
    """See that charts fit their places, of the programme shown and of another."""
    charts = page.locator("[data-testid=stVegaLiteChart]")
    expect(charts).to_have_count(5)  # two scores, calibration, uptake, numbers
    # What is written ends within its chart: a legend that is too wide would be cut.
    wide = """charts => charts.flatMap((chart) => {
        const place = chart.getBoundingClientRect()
        return [...chart.querySelectorAll('svg text')].filter((text) => {
            const ink = text.getBoundingClientRect()
            return ink.left < place.left - 1 || ink.right > place.right + 1
        }).map((text) => text.textContent)
    })"""
    assert charts.locator("svg text").count() > 100
    assert charts.evaluate_all(wide) == []
    before = page.get_by_text("had joined where").inner_text()
    box = page.get_by_role("combobox", name="Programme")
    box.click()
    box.fill(programme)
    page.get_by_role("option", name=programme, exact=True).click()
    expect(page.get_by_text("had joined where")).not_to_have_text(before)
    settle(page)
    expect(page.get_by_text("had joined where")).not_to_have_text(before)
    assert charts.evaluate_all(wide) == []


def test_pages_keep_the_view_and_back_is_one_press(visit: Visit) -> None:
    page = visit("/?futures=200&a=baseline&a.slots=25")
    page.locator("path[data-iso=BRA]").click()
    page.wait_for_url(re.compile("country=BRA"))
    settle(page)
    to_country = page.get_by_role("link", name="Country", exact=True).first
    expect(to_country).to_have_attribute("href", re.compile("country=BRA"))
    before = page.evaluate("history.length")
    go(page, "Country", "Brazil")
    assert "country=BRA" in page.url
    assert page.evaluate("history.length") == before + 1
    page.go_back()
    expect(page.locator("path[data-iso=BRA]")).to_be_visible()
    settle(page)
    assert "/country" not in page.url
    assert "country=BRA" in page.url
    go(page, "Evidence and data", "What the figures rest on")
    go(page, "Country", "Brazil")
    assert "a.slots=25" in page.url
    page.get_by_role("link", name="Explore", exact=True).first.click()
    expect(page.locator("path[data-iso=BRA]")).to_be_visible()
    settle(page)
    assert "a.slots=25" in page.url
    check_a_side_is_kept(page)


def check_a_side_is_kept(page: Page) -> None:
    """See that a side that is kept is found again, among those compared and from there."""
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


def test_a_finger_hits_the_map_and_nothing_covers_a_page_after_a_choice(visit: Visit) -> None:
    page = visit(width=390, height=844, touch=True)
    check_a_finger(page)
    for name, headline in (
        ("Country", "Kiribati"), ("Evidence and data", "What the figures rest on"),
    ):  # fmt: skip
        go(page, name, headline)
        check_nothing_covers(page)
        page.reload()
        settle(page)
        check_nothing_covers(page)


def check_a_finger(page: Page) -> None:
    """See that a finger sees what it touches and hits dots."""
    world(page)
    page.locator("path[data-iso=BRA]").tap()
    page.wait_for_url(re.compile("country=BRA"))
    settle(page)
    expect(page.locator(".tip")).to_contain_text("Brazil, December 2030")
    # What is touched next takes its place.
    page.locator(".note").tap()
    expect(page.locator(".tip")).not_to_be_visible()
    page.locator("circle[data-dot=KIR]").scroll_into_view_if_needed()
    map_box = page.locator("svg[role=img]").first.bounding_box()
    dot = page.locator("circle[data-dot=KIR]").bounding_box()
    ring = page.locator("circle[data-ring=KIR]").bounding_box()
    assert map_box is not None
    assert dot is not None
    assert ring is not None
    assert ring["width"] >= 22
    # The dot nearest to the date line is whole.
    assert dot["x"] >= map_box["x"]
    x, y = dot["x"] + dot["width"] / 2, dot["y"] + dot["height"] / 2
    page.touchscreen.tap(x + 2, y + 8)
    page.wait_for_url(re.compile("country=KIR"))
    settle(page)


def check_nothing_covers(page: Page) -> None:
    """See that the page begins where it should, with no menu over it."""
    expect(page.locator("h1")).to_be_in_viewport()
    is_on_top = page.locator("h1").evaluate(
        "node => { const box = node.getBoundingClientRect();"
        "const top = document.elementFromPoint(box.x + 10, box.y + box.height / 2);"
        "return node.contains(top); }"
    )
    assert is_on_top
    expect(page.get_by_test_id("stSidebar")).to_have_count(0)


def test_a_starting_question_leads_to_its_answer(visit: Visit) -> None:
    page = visit("/")
    check_a_question(page, "Which ten countries should be asked?", "Which countries to ask")


def check_a_question(page: Page, question: str, heading: str) -> None:
    """See that a question of the first page leads to its answer, below that heading."""
    page.get_by_text(question, exact=True).click()
    expect(page.get_by_role("status").filter(has_text="Working out the answer")).to_be_visible()
    head = page.get_by_role("heading", name=heading)
    expect(page.locator(".alignsim-working")).to_have_count(0)
    expect(head).to_be_in_viewport()
    expect(head).to_be_focused()
    settle(page)
    box = head.bounding_box()
    assert box is not None
    assert 50 <= box["y"] < 200
    # It goes on from there, and does not pull the page back.
    page.mouse.move(900, 500)
    page.mouse.wheel(0, -900)
    expect(head).not_to_be_in_viewport()
