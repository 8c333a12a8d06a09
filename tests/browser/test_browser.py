"""The explorer as a visitor meets it: mouse, keyboard, phone, dark, links, downloads."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Locator, expect

from browser.conftest import Visit, settle, until
from browser.on_page import link, serious_barriers, skipped_levels, world

A_AGAINST_B = "/?futures=200&a=baseline&a.local_control=0.9&a.slots=25&b=baseline"


def test_the_page_has_the_world_charts_files_and_stops_for_the_keyboard(visit: Visit) -> None:
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


def test_a_lever_by_keyboard_reaches_headline_and_link(visit: Visit) -> None:
    page = visit()
    world(page)
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


def test_the_month_and_a_tile_enter_the_link(visit: Visit) -> None:
    page = visit()
    world(page)
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


def test_a_click_on_a_country_and_on_a_dot(visit: Visit) -> None:
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


def test_a_against_b(visit: Visit) -> None:
    page = visit(A_AGAINST_B)
    world(page)
    expect(page.locator("h1")).to_contain_text("baseline with 2 levers moved brings")
    page.get_by_role("button", name="A minus B").click()
    expect(page.locator(".legend")).to_contain_text("likelier under A")
    page.wait_for_url(re.compile("show.map.mode=difference"))
    settle(page)
    page.locator("path[data-iso=BRA]").hover()
    expect(page.locator(".tip")).to_contain_text("A minus B")
    page.get_by_role("button", name="Swap A and B").click()
    expect(page.locator("h1")).to_contain_text("fewer")


def test_a_pasted_link_restores_what_was_seen(visit: Visit) -> None:
    first = visit(A_AGAINST_B + "&country=BRA&month=2027-12&belief.w_peer=2.2&of=china")
    world(first)
    settle(first)
    second = visit(first.url[first.url.index("/", 10) :])
    world(second)
    assert link(second) == link(first)
    assert second.locator("h1").inner_text() == first.locator("h1").inner_text()
    expect(second.locator("output")).to_have_text("December 2027")
    name = "Control that stays in the host country"
    expect(second.get_by_role("slider", name=name).first).to_have_value("0.9")


def test_search_measure_and_side_of_the_levers_are_in_the_link(visit: Visit) -> None:
    page = visit(A_AGAINST_B)
    world(page)
    search = page.get_by_role("textbox", name="Find a country, region or group")
    search.fill("  Côte d'Ivoire & <b>%")
    search.press("Enter")
    page.wait_for_url(re.compile("show.explore.find="))
    settle(page)
    page.get_by_role("radio", name="megawatts live").click()
    page.wait_for_url(re.compile("show.explore.measure=live"))
    settle(page)
    page.get_by_role("radio", name="B", exact=True).click()
    page.wait_for_url(re.compile("show.levers.side=b"))
    settle(page)
    other = visit(page.url[page.url.index("/", 10) :])
    assert link(other) == link(page)
    wanted = "Côte d'Ivoire & <b>%"
    expect(other.get_by_role("textbox", name="Find a country, region or group")).to_have_value(
        wanted
    )
    expect(other.get_by_text(f"No country matches “{wanted}”.")).to_be_visible()
    expect(other.get_by_role("radio", name="megawatts live")).to_be_checked()
    expect(other.get_by_role("radio", name="B", exact=True)).to_be_checked()


def test_pages_keep_the_view(visit: Visit) -> None:
    page = visit("/?futures=200&a=baseline&a.slots=25&country=BRA")
    world(page)
    page.get_by_role("link", name="Country", exact=True).click()
    expect(page.locator("h1")).to_contain_text("Brazil")
    settle(page)
    assert link(page)["a.slots"] == "25"
    page.get_by_role("link", name="Evidence and data").click()
    expect(page.locator("h1")).to_have_text("What the figures rest on")
    page.get_by_role("link", name="Explore").click()
    world(page)
    settle(page)
    assert link(page)["a.slots"] == "25"


def top(node: Locator) -> float:
    box = node.bounding_box()
    assert box is not None
    return box["y"]


def bottom(node: Locator) -> float:
    box = node.bounding_box()
    assert box is not None
    return box["y"] + box["height"]


@pytest.mark.parametrize("path", [A_AGAINST_B, "/country?futures=200&a=baseline&a.slots=25"])
def test_on_a_phone_the_headline_stays_and_covers_little(visit: Visit, path: str) -> None:
    page = visit(path, width=390, height=844)
    page.get_by_test_id("stMain").evaluate("main => main.scrollTo(0, main.scrollHeight / 2)")
    head = page.locator(".st-key-headline")
    expect(head).to_be_in_viewport(ratio=1)
    until(page, lambda: top(head) < 10)
    assert bottom(head) <= 0.15 * 844
    head.get_by_role("link", name=re.compile("levers")).click()
    expect(page.get_by_role("heading", name="Settings")).to_be_in_viewport(ratio=1)
    until(page, lambda: bottom(head) <= top(page.get_by_role("heading", name="Settings")))


@pytest.mark.parametrize("path", ["/?futures=200", "/country?futures=200", "/evidence"])
def test_a_phone_shows_all_without_scrolling_sideways(visit: Visit, path: str) -> None:
    page = visit(path, width=390, height=844)
    settle(page)
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
    if path.startswith("/?"):
        world(page)
        page.get_by_role("link", name="Change the levers").click()
        expect(page.get_by_role("combobox", name="Scenario").first).to_be_in_viewport()
        # The page scrolls there in its own time.
        until(page, lambda: bottom(page.locator("h1")) < top(page.get_by_text("One scenario")))
        expect(page.locator("h1")).to_be_in_viewport()


# On other pages `serious_barriers` looks at headings too.
@pytest.mark.parametrize("path", ["/compare?futures=200", "/sweep?futures=200", "/editor"])
def test_headings_go_down_one_level_at_a_time(visit: Visit, path: str) -> None:
    assert skipped_levels(visit(path)) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "path", ["/?futures=200", A_AGAINST_B, "/country?futures=200", "/evidence"]
)
def test_no_serious_barrier(visit: Visit, path: str, scheme: str) -> None:
    page = visit(path, scheme=scheme)
    if "/?" in path:
        world(page)
    serious = serious_barriers(page)
    assert not serious, json.dumps(serious, indent=1)
    # What scrolls by is not read through the links at the top.
    ground = page.evaluate(
        "() => ['stHeader', 'stApp'].map((name) => getComputedStyle("
        "document.querySelector(`[data-testid=${name}]`)).backgroundColor)"
    )
    assert ground[0] == ground[1]
