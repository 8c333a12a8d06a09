"""From one number to another: what each part adds, one bar below the other."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sim.interfaces.charts.base import Spec, specification
from sim.interfaces.charts.palette import DIVERGING_DARK, DIVERGING_LIGHT, Theme

MORE, LESS, END = "adds", "takes away", "outcome"
_ROW_PX = 30


@dataclass(frozen=True)
class Contribution:
    """What one part adds, with its interval, and words for a reader who points at it."""

    title: str
    mean: float
    low: float
    high: float
    words: str


def end_row(title: str, at: float, words: str) -> Spec:
    """Return the row of a number from which or to which the parts lead.

    Its interval is in words alone: it is far wider than any part, which nobody could then see.
    """
    return {
        "what": title, "from": at, "to": at, "low": at, "high": at, "kind": END,
        "tip": f"{title}: {words}",
    }  # fmt: skip


def part_rows(start: float, parts: list[Contribution]) -> list[Spec]:
    """Return the rows of some parts, each from where the one above ends."""
    at, rows = start, []
    for part in parts:
        # Where an interval is unknown, as with a single draw, its rule is a dot.
        low, high = (x if math.isfinite(x) else part.mean for x in (part.low, part.high))
        rows.append(
            {
                "what": part.title,
                "from": at,
                "to": at + part.mean,
                "low": at + low,
                "high": at + high,
                "kind": MORE if part.mean >= 0 else LESS,
                "tip": f"{part.title}: {part.words}",
            }
        )
        at += part.mean
    return rows


def plotted_waterfall(theme: Theme, rows: list[Spec], axis: str, description: str) -> Spec:
    """Return the chart of some rows.

    Parameters
    ----------
    theme : Theme
    rows : list of dict
        From `end_row` and `part_rows`, in the order in which they are drawn.
    axis, description : str
        Title of the axis with its unit, and what the numbers are.
    """
    x: Spec = {
        "field": "from", "type": "quantitative", "scale": {"zero": False, "padding": 14},
        "axis": {"title": axis, "tickCount": 5, "titlePadding": 10, "titleAnchor": "end"},
    }  # fmt: skip
    y: Spec = {
        "field": "what", "type": "nominal", "sort": [row["what"] for row in rows],
        "axis": {"title": None, "labelLimit": 240, "labelColor": theme.ink},
    }  # fmt: skip
    less, more = DIVERGING_DARK if theme.is_dark else DIVERGING_LIGHT
    colour = {
        "field": "kind", "type": "nominal", "legend": None,
        "scale": {"domain": [MORE, LESS, END], "range": [more, less, theme.ink]},
    }  # fmt: skip
    tip = {"field": "tip", "type": "nominal"}
    is_part, is_end = f"datum.kind !== '{END}'", f"datum.kind === '{END}'"
    layers: list[Spec] = [
        {
            "transform": [{"filter": is_part}],
            "mark": {"type": "bar", "height": 14, "cornerRadius": 2},
            "encoding": {"x": x, "x2": {"field": "to"}, "y": y, "color": colour, "tooltip": tip},
        },
        {
            "mark": {"type": "rule", "strokeWidth": 1.5, "color": theme.soft, "aria": False},
            "encoding": {"x": x | {"field": "low"}, "x2": {"field": "high"}, "y": y},
        },
        {
            "transform": [{"filter": is_end}],
            "mark": {"type": "point", "filled": True, "size": 110, "opacity": 1},
            "encoding": {"x": x, "y": y, "color": colour, "tooltip": tip},
        },
    ]
    content: Spec = {"data": {"values": rows}, "layer": layers}
    return specification(theme, _ROW_PX * len(rows), description, content)
