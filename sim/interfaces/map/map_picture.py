"""The map with its legend and its note as one picture, to stand outside a page."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from sim.interfaces.charts.palette import LIGHT_THEME
from sim.interfaces.framing import lines_that_fit, width_of
from sim.interfaces.map.outlines import MEANS
from sim.interfaces.pictures import FONT

if TYPE_CHECKING:
    from sim.interfaces.map.static_map import StaticMap

WIDTH = 900
_LETTERS_PX, _ROW_PX, _BOX_PX, _GAP_PX = 13, 22, 12, 18


def map_svg(found: StaticMap) -> str:
    """Return a map as SVG that begins at 0 0, its legend and its note below it.

    Parameters
    ----------
    found : StaticMap
        Drawn for a light page.
    """
    edges = " ".join(map(str, found.box))
    height = WIDTH * found.box[3] / found.box[2]
    rows = [escape(line) for line in lines_that_fit(found.note, WIDTH, _LETTERS_PX)]
    legend, below = _legend(found, height + _GAP_PX)
    note = "".join(
        f'<text x="0" y="{below + n * _ROW_PX * 0.8:g}">{row}</text>' for n, row in enumerate(rows)
    )
    whole = below + len(rows) * _ROW_PX * 0.8
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{whole:g}" '
        f'viewBox="0 0 {WIDTH} {whole:g}">'
        f'<svg width="{WIDTH}" height="{height:g}" viewBox="{edges}">{found.drawn}</svg>'
        f'<g font-family="{FONT}" font-size="{_LETTERS_PX}" fill="{LIGHT_THEME.soft}">'
        f"{legend}{note}</g></svg>"
    )


def _legend(found: StaticMap, top: float) -> tuple[str, float]:
    """Return the legend in rows, and where the first line below it stands."""
    parts, x, y = [], 0.0, top
    if any(mark.mean is not None for mark in found.legend):
        parts, x = [f'<text x="0" y="{y:g}">{MEANS}</text>'], width_of(MEANS, _LETTERS_PX) + _GAP_PX
    for mark in found.legend:
        text = mark.words
        wide = _BOX_PX + 6 + width_of(text, _LETTERS_PX) + _GAP_PX
        if x and x + wide > WIDTH:
            x, y = 0.0, y + _ROW_PX
        # In units of the map, so that a pattern is as fine as on it.
        scale = WIDTH / found.box[2]
        size = _BOX_PX / scale
        parts.append(
            f'<g transform="translate({x:g} {y - _BOX_PX + 2:g}) scale({scale:g})">'
            f'<rect width="{size:g}" height="{size:g}" fill="{found.mark(mark)}"/></g>'
            f'<text x="{x + _BOX_PX + 6:g}" y="{y:g}">{escape(text)}</text>'
        )
        x += wide
    return "".join(parts), y + _ROW_PX + 4
