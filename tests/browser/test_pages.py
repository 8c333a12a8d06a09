"""Going from page to page: one step in the browser's history each, and no menu in the way."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import Visit, settle


def go(page: Page, name: str, headline: str) -> None:
    page.get_by_role("link", name=name, exact=True).first.click()
    expect(page.locator("h1")).to_contain_text(re.compile(headline))
    settle(page)


@pytest.mark.parametrize(
    ("width", "link"),
    [(1440, ""), (1440, "&a.slots=20&b=today&country=KOR"), (390, "&country=KAZ")],
)
def test_every_term_and_number_of_a_country_can_be_read(
    visit: Visit, width: int, link: str
) -> None:
    page = visit(f"/country?futures=200&a=today{link}", width=width)
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


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_the_evidence_can_be_read_in_full_and_its_charts_fit_and_follow_the_programme(
    visit: Visit, width: int, scheme: str
) -> None:
    page = visit("/evidence?futures=200", width=width, scheme=scheme)
    check_evidence(page)
    check_charts(page)


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


def check_charts(page: Page) -> None:
    """See that charts fit their places, of each programme."""
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
    box.fill("Artemis")
    page.get_by_role("option", name="Artemis Accords", exact=True).click()
    page.wait_for_url(re.compile("show.evidence.programme=artemis-accords"))
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


def test_on_a_phone_nothing_covers_the_page_after_a_choice(visit: Visit) -> None:
    page = visit(width=390, height=844, touch=True)
    for name, headline in (
        ("Country", "South Korea"), ("Evidence and data", "What the figures rest on"),
    ):  # fmt: skip
        go(page, name, headline)
        check_nothing_covers(page)
        page.reload()
        settle(page)
        check_nothing_covers(page)


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


@pytest.mark.parametrize(
    ("question", "heading"),
    [
        ("Will South Korea sign, and why?", "Why, reason by reason"),
        ("Which ten countries should be asked?", "Which countries to ask"),
    ],
)
def test_a_starting_question_leads_to_its_answer(visit: Visit, question: str, heading: str) -> None:
    page = visit("/")
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
