"""A server and a browser, and a guard: no error on the page, no request to any other host."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Request,
    expect,
    sync_playwright,
)

from benchmarks.explorer_server import serving

Contexts = Callable[[bool], BrowserContext]
Visit = Callable[..., Page]
# A machine that is busy with other tests takes its time; what holds is seen at once all the same.
PATIENCE_SECONDS = 60
expect.set_options(timeout=1000 * PATIENCE_SECONDS)


@pytest.fixture(scope="session")
def contexts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Contexts]:
    """Return a browser, with or without fingers, that keeps its cache from test to test.

    Half of what it takes to open a page is to compile the page's scripts, which are always the
    same. A context of its own for each test would begin with an empty cache.
    """
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not path:
        reason = "no Chromium: apt-get install chromium, or name one in CHROMIUM"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    opened: dict[bool, BrowserContext] = {}
    with sync_playwright() as playwright:

        def context(touch: bool) -> BrowserContext:
            if touch not in opened:
                opened[touch] = playwright.chromium.launch_persistent_context(
                    tmp_path_factory.mktemp("profile"),
                    executable_path=path,
                    args=["--no-sandbox"],
                    has_touch=touch,
                    reduced_motion="reduce",
                )
                opened[touch].set_default_timeout(1000 * PATIENCE_SECONDS)
            return opened[touch]

        yield context
        for each in opened.values():
            each.close()


@pytest.fixture(scope="session")
def server(contexts: Contexts) -> Iterator[str]:
    # The browser is asked for first, so that nothing starts where there is none.
    with serving() as found:
        found.wait_until_ready()
        yield found.url
        assert found.complaints() == []


@pytest.fixture(scope="session")
def empty_tabs() -> dict[bool, Page]:
    """Return the tab that the next test takes over, with or without fingers.

    A renderer keeps what it has compiled for as long as it lives: in a new tab a page takes a
    quarter more of the processor.
    """
    return {}


@pytest.fixture
def visit(server: str, contexts: Contexts, empty_tabs: dict[bool, Page]) -> Iterator[Visit]:
    """Open a page of the app and wait until it is drawn.

    A test that is done with one page gives its tab to the next page that it opens.
    """
    bad: list[str] = []
    pages: list[tuple[bool, Page]] = []
    used: list[BrowserContext] = []
    guard = _guard(server, bad)

    def note_error(error: Error) -> None:
        bad.append(str(error))

    def note_message(message: ConsoleMessage) -> None:
        if message.type == "error":
            bad.append(message.text)

    def visited(path: str = "/?futures=200", width: int = 1440, height: int = 900,
                scheme: Any = "light", touch: bool = False,
                tab: Page | None = None) -> Page:  # fmt: skip
        context = contexts(touch)
        if tab:
            _empty(tab)
        page = tab or empty_tabs.pop(touch, None) or context.new_page()
        if context not in used:
            used.append(context)
            context.on("request", guard)
            _forget(page, server)
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme, media="null")
        if not tab:
            pages.append((touch, page))
            page.on("pageerror", note_error)
            page.on("console", note_message)
        page.goto(server + path)
        settle(page)
        return page

    yield visited
    for touch, page in pages:
        if page.is_closed() or touch in empty_tabs:
            page.close()
            continue
        _empty(page)
        page.remove_listener("pageerror", note_error)
        page.remove_listener("console", note_message)
        empty_tabs[touch] = page
    for context in used:
        context.remove_listener("request", guard)
    assert not bad


def _guard(server: str, bad: list[str]) -> Callable[[Request], None]:
    """Return what notes the requests to any other host than the server."""
    own = (server, server.replace("http", "ws"), "data:", "blob:")

    def guard(request: Request) -> None:
        if not request.url.startswith(own):
            bad.append(f"request to {request.url}")

    return guard


def _forget(page: Page, server: str) -> None:
    """Make a browser forget what pages of earlier tests have stored, but not what it has cached."""
    stored = {"origin": server, "storageTypes": "cookies,local_storage,indexeddb"}
    page.context.new_cdp_session(page).send("Storage.clearDataForOrigin", stored)


def _empty(page: Page) -> None:
    """Make a tab as good as new: nothing runs, is stored, lies under the mouse or behind it."""
    page.evaluate("sessionStorage.clear()")
    page.mouse.move(-1, -1)
    page.goto("about:blank")
    page.context.new_cdp_session(page).send("Page.resetNavigationHistory")


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
