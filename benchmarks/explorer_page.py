"""The explorer's page in a real browser: how long a lever, a first visit and playing take."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, Page, sync_playwright

SETTLED = '[data-testid="stApp"][data-test-script-state="notRunning"]'
LEVER = "Places in the US infrastructure offer"
LOW, HIGH, START = 1, 40, 10
PLAY_SECONDS = 3.0
PATIENCE_MS = 60_000
# Notes when the lever is let go, and when the map, the headline and its range were last drawn.
_WATCH = """() => {
  const roots = [];
  const collect = node => {
    for (const child of node.querySelectorAll('*'))
      if (child.shadowRoot) { roots.push(child.shadowRoot); collect(child.shadowRoot); }
  };
  collect(document);
  const seen = window.seen = {released: 0, map: 0, finding: 0, done: 0};
  const now = () => performance.now();
  const begin = () => Object.assign(seen, {released: now(), map: 0, finding: 0, done: 0});
  addEventListener('pointerup', begin, true);
  for (const root of roots)
    if (root.querySelector('path[data-iso]'))
      new MutationObserver(() => { seen.map = now(); }).observe(
        root, {subtree: true, childList: true, attributes: true, characterData: true});
  new MutationObserver(() => { seen.finding = now(); }).observe(
    document.querySelector('.st-key-finding'),
    {subtree: true, childList: true, characterData: true});
  const app = document.querySelector('[data-testid="stApp"]');
  new MutationObserver(() => {
    if (app.getAttribute('data-test-script-state') === 'notRunning') seen.done = now();
  }).observe(app, {attributes: true});
}"""


@dataclass(frozen=True)
class Move:
    """Seconds from letting a lever go until the map is redrawn, and until the page has settled."""

    map: float
    done: float


@contextmanager
def browsing() -> Iterator[Browser]:
    """Start Chromium, which ``CHROMIUM`` can name.

    Raises
    ------
    RuntimeError
        If there is none.
    """
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not path:
        raise RuntimeError("no Chromium: apt-get install chromium, or name one in CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def visiting(browser: Browser) -> Iterator[Page]:
    """Open an empty page with a cache of its own, as for a visitor who was never here."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    yield context.new_page()
    context.close()


def first_page(page: Page, url: str) -> tuple[float, float, float]:
    """Open the explorer; return seconds to the headline, to the map, and until all is drawn."""
    begin = time.monotonic()
    page.goto(url)
    times = []
    for mark in ("h1", "path[data-iso=BRA]", SETTLED):
        page.locator(mark).first.wait_for(timeout=PATIENCE_MS)
        times.append(time.monotonic() - begin)
    return times[0], times[1], times[2]


def move_lever(page: Page, repeats: int) -> list[Move]:
    """Move a lever to values that nobody has asked for; return what each move took."""
    page.evaluate(_WATCH)
    track = page.get_by_role("group", name=LEVER).locator("> div").first
    track.scroll_into_view_if_needed()
    box = track.bounding_box()
    assert box is not None
    moves = []
    fresh = [value for value in range(LOW, HIGH + 1) if value != START][:repeats]
    for value in fresh:
        share = (value - LOW) / (HIGH - LOW)
        page.mouse.move(box["x"] + share * box["width"], box["y"] + box["height"] / 2)
        page.mouse.down()
        page.mouse.up()
        page.wait_for_function("window.seen.done > 0 && window.seen.map > 0", timeout=PATIENCE_MS)
        page.wait_for_timeout(500)
        seen = page.evaluate("window.seen")
        moves.append(
            Move(
                (max(seen["map"], seen["finding"]) - seen["released"]) / 1000,
                (seen["done"] - seen["released"]) / 1000,
            )
        )
    return moves


def messages_while_playing(page: Page) -> int:
    """Play the map through time for some seconds; return the messages sent meanwhile."""
    page.evaluate(
        "() => { const send = WebSocket.prototype.send; window.sent = 0;"
        "WebSocket.prototype.send = function (x) { window.sent += 1; return send.call(this, x); } }"
    )
    page.get_by_role("button", name="Play").click()
    page.wait_for_timeout(1000 * PLAY_SECONDS)
    return int(page.evaluate("window.sent"))
