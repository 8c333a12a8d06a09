"""A report as a browser shows it: offline, on a phone and on a desk, for everybody, and printed."""

from __future__ import annotations

from pathlib import Path

import pytest

from browser.conftest import Contexts

ROOT = Path(__file__).parents[2]
AXE = Path(__file__).parent / "axe" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]


# The checks for barriers take ten seconds on a page as long as these: each is held to them once.
@pytest.mark.parametrize(
    ("name", "checked"), [("sovereignty-guarantees", 1440), ("control-and-linkage", 390)]
)
def test_a_report_asks_nothing_of_a_network_and_is_for_everybody(
    contexts: Contexts, name: str, checked: int
) -> None:
    page = contexts(False).new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto((ROOT / "docs" / "reports" / f"{name}.html").as_uri())
    assert len(asked) == 1
    assert said == []
    # The policy of the page keeps scripts out; the checks come in as a debugger's would.
    page.context.new_cdp_session(page).send("Page.setBypassCSP", {"enabled": True})
    page.reload()
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") == width
    page.set_viewport_size({"width": checked, "height": 900})
    page.add_script_tag(path=AXE)
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})"
        ".then((found) => found.violations)",
        RULES,
    )
    assert [(each["id"], each["nodes"][0]["html"][:200]) for each in found] == []
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the report"
    assert page.pdf()[:5] == b"%PDF-"
    page.close()
