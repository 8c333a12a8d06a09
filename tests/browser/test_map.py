"""The map in a browser: time, what it says of places, and groups in focus."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from browser.conftest import Contexts, Visit, settle, until
from browser.on_page import COUNT_SENT, link, world
from browser.test_browser import A_AGAINST_B
from sim.analysis.groups.members import country_groups
from sim.data import load_facts
from sim.interfaces.map.outlines import HERE, shapes
from sim.words import wording
from sim.words.text import readable
from sim.words.wording import month_in_words

# Playing waits for nobody, and what a test does from outside comes too late on a busy machine: so
# this does it in the page, in the first month of a year, and counts what was sent before.
WATCH_IT_PLAY = """
    const root = output.getRootNode(), sent = [];
    window.played = new Promise((done, fail) => {
        const look = () => {
            if (!steps.length || !output.textContent.includes(steps[0][0])) return;
            sent.push(window.sent ?? 0);
            steps.shift()[1](root);
            if (steps.length) return;
            watch.disconnect();
            done(sent);
        };
        const watch = new MutationObserver(look);
        watch.observe(output, {childList: true, characterData: true, subtree: true});
        setTimeout(() => fail(new Error('it did not play so far')), 60000);
    });
"""
CORNERS = """(node) => {
    const box = node.getBBox();
    return [box.x, box.y, box.x + box.width, box.y + box.height];
}"""
PAUSE = "root.querySelector('.play').click()"


def play(page: Page, steps: dict[str, str]) -> list[int]:
    """Play, and do something in each of some years; return how many messages went before each."""
    listed = ", ".join(f"['{year}', (root) => {{ {do} }}]" for year, do in steps.items())
    page.locator("output").evaluate(f"(output) => {{ const steps = [{listed}]; {WATCH_IT_PLAY} }}")
    page.get_by_role("button", name="Play").click()
    sent: list[int] = page.evaluate("() => window.played")
    return sent


def month_of_the_link(page: Page) -> str:
    return link(page).get("month", "2030-12")


def all_are_at_one_month(page: Page) -> bool:
    month = month_of_the_link(page)
    shown = page.locator("output").inner_text()
    return month_of_the_csv(page) == month and shown == month_in_words(month)


def month_of_the_csv(page: Page) -> str:
    label = page.get_by_role("button", name=re.compile("CSV of the map")).inner_text()
    found = re.search(r"\d{4}-\d{2}", label)
    assert found
    return found[0]


def test_time_plays_without_the_server_and_map_files_and_link_stay_together(visit: Visit) -> None:
    page = visit("/?futures=200&month=2029-12")
    world(page)
    page.get_by_role("button", name="Play").click()
    expect(page.locator("output")).to_have_text("December 2030")
    page.wait_for_url(lambda url: "month" not in url)
    settle(page)
    until(page, lambda: all_are_at_one_month(page))
    check_what_it_says_of_a_place(page)
    page.evaluate(COUNT_SENT)
    expect(page.locator("output")).to_have_text("December 2030")
    assert play(page, {"2027": PAUSE}) == [0]
    page.wait_for_url(re.compile("month=2027"))
    settle(page)
    until(page, lambda: all_are_at_one_month(page))
    go_to_the_end(page)
    check_a_pick_while_it_plays(page)
    go_to_the_end(page)
    check_an_answer_that_comes_while_it_plays(page)


def check_what_it_says_of_a_place(page: Page) -> None:
    """See that it says what the data have of a place, and which countries are homes."""
    for place, says in (
        ("path[data-other=GRL]", "Not among the 197 entries of the data"),
        ("path[data-contested=ESH]", "Status disputed; not modelled"),
        ("path[data-contested=crimea]", "Crimea: status disputed; counted with Ukraine here"),
        ("path[data-contested=SOL]", "counted with Somalia here"),
        ("path[data-iso=CHN]", "Home of a provider"),
    ):
        page.locator(place).hover(force=True)
        expect(page.locator(".tip")).to_contain_text(says)
        expect(page.locator(".tip")).not_to_contain_text("no government")
    expect(page.locator(".legend")).to_contain_text("home of a provider")
    expect(page.locator(".legend")).to_contain_text("contested or not modelled")
    fill = "node => getComputedStyle(node).fill"
    assert "url(" in page.locator("path[data-iso=USA]").evaluate(fill)
    assert "url(" not in page.locator("path[data-iso=MLI]").evaluate(fill)
    # No tile is hatched, so none is explained.
    page.get_by_role("checkbox", name="Tiles of equal size").check()
    expect(page.locator(".legend")).to_contain_text("home of a provider")
    expect(page.locator(".legend")).not_to_contain_text("contested")
    page.get_by_role("checkbox", name="Tiles of equal size").uncheck()
    page.wait_for_url(lambda url: "show.map" not in url)
    settle(page)


def go_to_the_end(page: Page) -> None:
    time = page.get_by_role("slider", name="Month")
    time.focus()
    page.keyboard.press("End")
    expect(page.locator("output")).to_have_text("December 2030")
    page.wait_for_url(lambda url: "month=" not in url)
    settle(page)


def check_a_pick_while_it_plays(page: Page) -> None:
    play(page, {"2026": ""})
    page.locator("path[data-iso=BRA]").click()
    page.wait_for_url(re.compile("country=BRA"))
    settle(page)
    until(page, lambda: all_are_at_one_month(page))


def check_an_answer_that_comes_while_it_plays(page: Page) -> None:
    play(page, {"2025": ""})
    page.get_by_role("slider", name="Tie to the US project and its diplomacy").focus()
    page.keyboard.press("Home")
    page.wait_for_url(re.compile("a.linkage=0"))
    settle(page)
    page.locator("button.play").evaluate("(play) => play.textContent === 'Pause' && play.click()")
    until(page, lambda: all_are_at_one_month(page))


def test_a_against_b_and_a_mode_set_while_playing_waits_for_the_end(visit: Visit) -> None:
    page = visit(A_AGAINST_B)
    world(page)
    expect(page.locator("h1")).to_contain_text("baseline with 2 levers moved brings")
    page.get_by_role("button", name="A minus B").click()
    expect(page.locator(".legend")).to_contain_text("likelier under A")
    page.wait_for_url(re.compile("show.map.mode=difference"))
    settle(page)
    page.locator("path[data-iso=BRA]").hover()
    expect(page.locator(".tip")).to_contain_text("A minus B")
    page.evaluate(COUNT_SENT)
    to_b = "[...root.querySelectorAll('[aria-pressed]')].find((e) => e.textContent === 'B').click()"
    assert play(page, {"2026": to_b, "2027": PAUSE}) == [0, 0]
    expect(page.get_by_role("button", name="B", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    page.wait_for_url(re.compile("show.map.mode=b"))
    settle(page)
    assert page.evaluate("window.sent") == 1
    page.get_by_role("button", name="Swap A and B").click()
    expect(page.locator("h1")).to_contain_text("fewer")


def test_the_map_rounds_as_the_pages_do(contexts: Contexts) -> None:
    script = (HERE / "world_map.js").read_text("utf-8")
    start, end = script.index("function toEven"), script.index("function decode")
    counts = [*range(201)]
    page = contexts(False).new_page()
    found = page.evaluate(
        f"(counts) => {{ {script[start:end]} return counts.map((count) => [percent(count, 200), "
        "points((count - 100) / 800), toEven((count - 100) / 4, 1)]); }",
        counts,
    )
    page.close()
    for count, (share, change, tenth) in zip(counts, found, strict=True):
        assert share == readable(wording.percent(count / 200))
        assert change == readable(wording.points((count - 100) / 800))
        assert tenth == f"{(count - 100) / 4:.1f}"


def test_the_map_can_focus_on_any_group_and_any_country(contexts: Contexts) -> None:
    script = (HERE / "world_map.js").read_text("utf-8")
    numbers = script[script.index("const TILE") : script.index("const DISPUTED")]
    boxes = script[script.index("function mainBox") : script.index("function addBehaviour")]
    groups = [list(group.members) for group in country_groups(load_facts()).values()]
    alone = [[code] for code in shapes()["countries"]]
    page = contexts(False).new_page()
    found = page.evaluate(
        f"([shapes, focuses]) => {{ {numbers} {boxes} const gridBox = [3900, 2550];"
        "return focuses.map((members) => [false, true].map((checked) =>"
        "boxOf({shapes, gridBox, tiles: {checked}, D: {members}}))); }",
        [shapes(), [*groups, *alone]],
    )
    page.close()
    assert len(found) > 200
    width, height = shapes()["box"]
    for members, (outlines, _) in zip([*groups, *alone], found, strict=True):
        left, top, wide, high = outlines
        assert 0 < wide <= width + 80
        assert 0 < high <= height + 80
        for x, y in (shapes()["dots"][code] for code in members if code in shapes()["dots"]):
            assert left <= x <= left + wide
            assert top <= y <= top + high


def test_a_focus_with_members_too_small_for_an_outline(visit: Visit) -> None:
    page = visit("/?futures=200&show.explore.group=OCEANIA")
    world(page)
    expect(page.locator("svg[aria-label^='World map, Oceania']")).to_be_visible()
    expect(page.locator("circle[data-dot=TUV]:not(.aside)")).to_be_visible()
    # The next focus is drawn as well, and what people type for a group is that group.
    box = page.get_by_role("combobox", name="Focus on a group of countries")
    usual = ("NATO", "ASEAN", "GCC", "BRICS", "G7", "Five Eyes", "AU", "G20", "OECD", "SCO", "Quad")
    spelled = {"gulf": "GCC", "african union": "AU", "european union": "EU", "shanghai": "SCO"}
    regions = ("Europe", "Asia", "Africa", "Oceania", "Americas")
    box.click()
    for typed, begins in [
        *((each, each) for each in usual),
        *spelled.items(),
        *((each, each) for each in regions),
        ("eu", "EU"),
    ]:
        box.fill(typed)
        expect(page.get_by_role("option").first).to_have_text(re.compile(rf"^{begins}( \(|:)"))
    box.press("Enter")
    page.wait_for_url(re.compile("show.explore.group=EU(&|$)"))
    settle(page)
    expect(page.locator("svg[aria-label^='World map, European Union']")).to_be_visible()
    box.fill("ASEAN")
    expect(page.get_by_role("option").first).to_have_text(re.compile("^ASEAN"))
    box.press("Enter")
    page.wait_for_url(re.compile("show.explore.group=ASEAN(&|$)"))
    settle(page)
    check_a_group_is_near(page)


def check_a_group_is_near(page: Page) -> None:
    """See that a group in focus is near and all else in outline."""
    svg = page.locator("svg[aria-label^='World map, ASEAN']")
    expect(page.locator("path.country:not(.aside)")).to_have_count(10)
    left, top, width, height = map(float, (svg.get_attribute("viewBox") or "").split())
    assert width < 4000 / 2
    # From Myanmar to the islands of Indonesia and the Philippines.
    for code in ("MMR", "IDN", "PHL"):
        box = page.locator(f"path[data-iso={code}]").evaluate(CORNERS)
        assert left < box[0] < box[2] < left + width
        assert top < box[1] < box[3] < top + height
    expect(page.locator(".note")).to_contain_text("ASEAN; other countries in outline.")
    page.get_by_role("checkbox", name="Tiles of equal size").check()
    expect(page.locator("rect.country:not(.aside)")).to_have_count(10)
