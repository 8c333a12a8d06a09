"""Take the pictures of every page anew: ``python -m benchmarks.explorer_pictures [NAME ...]``.

They go to docs/images, in few colours to stay small. Look at them before you keep them. A change
that moves results, or the look of a page, makes them untrue.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect

from benchmarks.explorer_page import SETTLED, browsing
from benchmarks.explorer_server import serving

FOLDER = Path(__file__).parents[1] / "docs" / "images"
COLOURS = 256
A_AGAINST_B = "/?a=baseline&a.local_control=0.9&b=baseline&show.map.mode=difference"
THREE = "/compare?c1=baseline&c2=sovereignty-guarantees&c3=third-way"
DESKTOP, PHONE = (1440, 1000), (390, 844)


def _nothing(_: Page) -> None:
    """Leave the page as it opens."""


def _run_grid(page: Page) -> None:
    """Run the grid whole, and pick a cell."""
    start = page.get_by_role("button", name=re.compile("the grid: "))
    start.click()
    expect(start).to_have_count(0, timeout=60_000)
    expect(page.get_by_role("button", name="Stop")).to_have_count(0, timeout=120_000)


@dataclass(frozen=True)
class Screenshot:
    """One page as it is shown.

    Parameters
    ----------
    name : str
        Of the file, without suffix.
    path : str
        Link that opens it.
    size : (int, int)
        Width and height in pixels.
    scheme : str
        light or dark.
    before : callable
        What is done on the page first.
    """

    name: str
    path: str
    size: tuple[int, int] = DESKTOP
    scheme: str = "light"
    before: Callable[[Page], None] = _nothing


PICTURES = (
    Screenshot("explore-light", "/"),
    Screenshot("explore-a-b-dark", A_AGAINST_B, scheme="dark"),
    Screenshot("explore-tiles", "/?show.map.tiles=yes"),
    Screenshot("explore-phone", "/", PHONE),
    Screenshot("explore-phone-dark", "/", PHONE, "dark"),
    Screenshot("country-light", "/country"),
    Screenshot("country-dark", "/country?a=sovereignty-guarantees&b=baseline", scheme="dark"),
    Screenshot("country-phone", "/country", PHONE),
    Screenshot("compare-light", THREE),
    Screenshot("compare-dark", THREE, scheme="dark"),
    Screenshot("sweep-light", "/sweep", before=_run_grid),
    Screenshot("sweep-dark", "/sweep?show.sweep.as=change", scheme="dark"),
    Screenshot("sweep-phone", "/sweep?show.sweep.x=slots,1,40,5&show.sweep.y=none", PHONE,
            before=_run_grid),
    Screenshot("editor-light", "/editor"),
    Screenshot("evidence-light", "/evidence"),
)  # fmt: skip


def settle(page: Page) -> None:
    """Wait until everything is drawn."""
    page.locator(SETTLED).wait_for(timeout=120_000)
    page.locator("h1").first.wait_for()
    page.wait_for_timeout(1500)


def save(picture: bytes, path: Path) -> None:
    """Write a picture in few colours."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    # The usual way mixes what is rare, such as the mark of a legend, with what is often there.
    few = image.quantize(
        COLOURS, method=Image.Quantize.MAXCOVERAGE, kmeans=3, dither=Image.Dither.NONE
    )
    few.save(path, optimize=True)


def main(names: list[str]) -> None:
    """Take every picture, or those that are named."""
    with serving() as server, browsing() as browser:
        server.wait_until_ready()
        for picture in PICTURES:
            if names and picture.name not in names:
                continue
            width, height = picture.size
            context = browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme="dark" if picture.scheme == "dark" else "light",
            )
            page = context.new_page()
            page.goto(server.url + picture.path)
            settle(page)
            picture.before(page)
            settle(page)
            save(page.screenshot(), FOLDER / f"{picture.name}.png")
            context.close()
            print(picture.name)


if __name__ == "__main__":
    main(sys.argv[1:])
