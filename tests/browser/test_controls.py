"""Controls show what is computed, wherever the visitor comes from."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from browser.conftest import Visit, settle
from browser.on_page import link, shown_values, world
from browser.test_pages import check_a_question

RICH = (
    "/?futures=200&a=baseline&a.linkage=0.9&b=today&b.slots=20&show.levers.side=b&belief.w_peer=2.2"
    "&of=china&country=BRA&show.explore.find=Asia&show.explore.measure=live"
)
LINKAGE = "Tie to the US project and its diplomacy"


def go(page: Page, name: str) -> None:
    """Follow a link of the menu and wait until the other page is drawn."""
    page.get_by_role("link", name=name, exact=True).first.click()
    path = {"Country": "country", "Sweep": "sweep", "Scenario editor": "editor",
            "Compare scenarios": "compare", "Evidence and data": "evidence"}  # fmt: skip
    page.wait_for_url(re.compile(rf"127.0.0.1:\d+/{path.get(name, '')}(\?|$)"))
    expect(page.get_by_role("link", name=name, exact=True).first).to_be_visible()
    settle(page)


def test_every_control_shows_on_every_page_what_its_link_says(visit: Visit) -> None:
    page = visit(RICH)
    links: dict[str, str] = {}
    shown: list[tuple[str, dict[str, list[str]]]] = []
    tour = ("Country", "Explore", "Compare scenarios", "Sweep", "Country", "Scenario editor",
            "Evidence and data", "Explore", "Sweep")  # fmt: skip
    for name in tour:
        go(page, name)
        links.setdefault(name, page.url[page.url.index("/", 10) :])
        shown.append((name, shown_values(page)))
    page.go_back()
    world(page)
    settle(page)
    shown.append(("Explore", shown_values(page)))
    fresh = {name: shown_values(visit(path, tab=page)) for name, path in links.items()}
    assert min(len(values) for values in fresh.values()) > 1
    for stop, (name, values) in enumerate(shown):
        assert values == fresh[name], f"{name}, stop {stop} of the tour"


def test_a_starting_question_leads_to_its_answer_and_a_lever_goes_on_from_there(
    visit: Visit,
) -> None:
    page = visit("/")
    check_a_question(page, "Will South Korea sign, and why?", "Why, reason by reason")
    expect(page.locator("h1")).to_contain_text("South Korea")
    slider = page.get_by_role("slider", name=LINKAGE)
    expect(slider).to_have_value("0.5")
    slider.focus()
    page.keyboard.press("ArrowUp")
    page.wait_for_url(re.compile("a.linkage="))
    settle(page)
    assert link(page)["a.linkage"] == "0.55"
    page.get_by_text("Type values", exact=True).click()
    settle(page)
    typed = page.get_by_role("spinbutton", name=f"{LINKAGE}: type a value")
    typed.fill("0.9")
    typed.press("Enter")
    page.wait_for_url(re.compile("a.linkage=0.9"))
    settle(page)
    there = shown_values(page)
    go(page, "Explore")
    world(page)
    here = shown_values(page)
    levers = [name for name in here if name.startswith(("range: ", "number: "))]
    shared = [name for name in levers if name in there and "Month" not in name]
    assert len(shared) > 30
    assert {name: here[name] for name in shared} == {name: there[name] for name in shared}
