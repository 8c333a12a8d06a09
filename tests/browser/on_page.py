"""What the tests ask of a page: its link, its map, what it sends, whom it keeps out."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect

from browser.conftest import settle

AXE = Path(__file__).parent / "axe" / "axe.min.js"
# Counts the messages that the page sends from then on, in `window.sent`.
COUNT_SENT = (
    "() => { const send = WebSocket.prototype.send; window.sent = 0;"
    "WebSocket.prototype.send = function (x) { window.sent += 1; return send.call(this, x); } }"
)


def link(page: Page) -> dict[str, str]:
    return {key: value[0] for key, value in parse_qs(urlsplit(page.url).query).items()}


def world(page: Page) -> None:
    page.locator("path[data-iso=BRA]").first.wait_for()


PAGE_COLOUR = "getComputedStyle(document.documentElement).getPropertyValue('--alignsim-page')"
PAGE_COLOURS = {"light": "#ffffff", "dark": "#14161a"}
NO_BARRIERS: dict[str, list[Any]] = {"light": [], "dark": []}


def turn(page: Page, scheme: Literal["light", "dark"]) -> None:
    """Turn an open page light or dark, as the system of a visitor does in the evening."""
    page.emulate_media(color_scheme=scheme)
    page.wait_for_function(f"() => {PAGE_COLOUR} === '{PAGE_COLOURS[scheme]}'")
    settle(page)


# What takes long and finds nothing that counts below: whether all is in a region of the page is a
# moderate barrier, and only sound and film that start by themselves need their files beforehand.
AXE_OPTIONS = {
    "resultTypes": ["violations"], "preload": False, "rules": {"region": {"enabled": False}},
}  # fmt: skip
# The rules whose outcome colours decide.
COLOUR_RULES = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
# What moves for ever, such as a mark that something runs, is no change of colours that will end.
AT_REST = """() => document.getAnimations().every((each) => each.playState !== 'running'
    || each.effect.getComputedTiming().endTime === Infinity)"""


def serious_barriers(page: Page, has_turned: bool = False) -> list[Any]:
    """Return what axe finds that keeps people out, with the first elements of each.

    Of a page that has turned dark since it was looked at, what its colours do.

    Headings that skip a level count as well, though axe calls them a moderate barrier.
    """
    # What is being computed anew is shown faded, and faded text has too little contrast.
    settle(page)
    expect(page.locator("[data-stale=true]")).to_have_count(0)
    page.wait_for_timeout(500)
    page.wait_for_function(AT_REST)
    if not page.evaluate("() => 'axe' in window"):
        page.add_script_tag(content=AXE.read_text("utf-8"))
    found = page.evaluate(
        "(options) => axe.run(document, options).then((found) => found.violations)",
        {**AXE_OPTIONS, "runOnly": COLOUR_RULES} if has_turned else AXE_OPTIONS,
    )
    return skipped_levels(page) + [
        (
            issue["id"],
            [node["target"] for node in issue["nodes"]][:5],
            issue["nodes"][0]["html"][:200],
        )
        for issue in found
        if issue["impact"] in ("serious", "critical")
    ]


def barriers_in_both_schemes(page: Page) -> dict[str, list[Any]]:
    """Return the barriers of a page that is light, and of the same page once it is dark.

    Only colours differ, so one load of the page shows both, and only their rules are asked again.
    """
    found = {"light": serious_barriers(page)}
    turn(page, "dark")
    return {**found, "dark": serious_barriers(page, has_turned=True)}


def skipped_levels(page: Page) -> list[Any]:
    """Return the levels of headings that do not go down one at a time from a single title."""
    levels = page.evaluate(
        "() => [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')]"
        ".filter((node) => node.checkVisibility()).map((node) => Number(node.tagName[1]))"
    )
    skipped = [pair for pair in pairwise([0, *levels]) if pair[1] - pair[0] > 1]
    return skipped if levels else ["no heading"]


SHOWN = """() => {
    const named = (node) => node.getAttribute('aria-label')
        || (node.closest('label') ?? node).innerText.trim()
    const groups = (node) => node.closest('[role=radiogroup]')?.getAttribute('aria-label') ?? ''
    const found = {}
    const main = document.querySelector('[data-testid=stMain]')
    for (const node of main.querySelectorAll('input, textarea, [role=radio]')) {
        const kind = node.getAttribute('role') ?? node.type
        const name = `${kind}: ${groups(node)} ${named(node)}`
        const ticked = node.getAttribute('aria-checked') ?? String(node.checked)
        const shown = ['radio', 'checkbox'].includes(kind) ? ticked : node.value
        found[name] = [...(found[name] ?? []), shown]
    }
    return found
}"""


def shown_values(page: Page) -> dict[str, list[str]]:
    """Return what each control of a page shows, by its kind and name."""
    found: dict[str, list[str]] = page.evaluate(SHOWN)
    return found
