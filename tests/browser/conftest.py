"""A server and a browser, and a guard: no error on the page, no request to any other host."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from benchmarks.explorer_server import serving

# On a link to an inner page Streamlit first asks below that page, and is told no.
EXPECTED_404 = ("_stcore/health", "_stcore/host-config")
Visit = Callable[..., Page]
# A machine that is busy with other tests takes its time; what holds is seen at once all the same.
PATIENCE_SECONDS = 60
expect.set_options(timeout=1000 * PATIENCE_SECONDS)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not path:
        reason = "no Chromium: apt-get install chromium, or name one in CHROMIUM"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture(scope="session")
def server(browser: Browser) -> Iterator[str]:
    # The browser is asked for first, so that nothing starts where there is none.
    with serving() as found:
        found.wait_until_ready()
        yield found.url
        assert found.complaints() == []


@pytest.fixture
def visit(server: str, browser: Browser) -> Iterator[Visit]:
    """Open a page of the app and wait until it is drawn."""
    bad: list[str] = []
    contexts: list[BrowserContext] = []

    def visited(path: str = "/?futures=200", width: int = 1440, height: int = 900,
                scheme: Any = "light", touch: bool = False) -> Page:  # fmt: skip
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            has_touch=touch,
            reduced_motion="reduce",
        )
        contexts.append(context)
        context.on(
            "request",
            lambda request: (
                None
                if request.url.startswith((server, server.replace("http", "ws"), "data:", "blob:"))
                else bad.append(f"request to {request.url}")
            ),
        )
        context.set_default_timeout(1000 * PATIENCE_SECONDS)
        page = context.new_page()
        page.on("pageerror", lambda error: bad.append(str(error)))
        page.on("console", lambda message: _note(message, bad))
        page.goto(server + path)
        settle(page)
        return page

    yield visited
    for context in contexts:
        context.close()
    assert not bad


def _note(message: Any, bad: list[str]) -> None:
    is_expected = any(part in message.location.get("url", "") for part in EXPECTED_404)
    if message.type == "error" and not is_expected:
        bad.append(message.text)


# A page has a moment at rest before its first run, and one between a control and its run. Charts
# and grids come after the run, in the place of a skeleton, and push down whatever is below them.
QUIET = """() => {
    const app = document.querySelector('[data-testid="stApp"]')
    const main = document.querySelector('[data-testid="stMain"]')
    const charts = [...document.querySelectorAll('[data-testid="stVegaLiteChart"]')]
    const drawn = !document.querySelector('[data-testid="stSkeleton"]')
        && charts.every((chart) => chart.querySelector('svg, canvas'))
    const quiet = app?.dataset.testScriptState === 'notRunning' && drawn
        && document.querySelector('h1') && main?.scrollHeight === window.heightSince
    window.heightSince = main?.scrollHeight
    window.quietSince = quiet ? window.quietSince ?? performance.now() : undefined
    return quiet && performance.now() - window.quietSince > 300
}"""


def settle(page: Page) -> None:
    """Wait until the script has run, what it sent is drawn, and nothing has asked for more."""
    page.evaluate("() => { delete window.quietSince }")
    page.wait_for_function(QUIET, timeout=1000 * PATIENCE_SECONDS, polling=50)


def until(page: Page, holds: Callable[[], bool]) -> None:
    """Wait until something holds that no `expect` can say."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < end, "it never came to hold"
        page.wait_for_timeout(50)
