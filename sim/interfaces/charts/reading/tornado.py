"""What an outcome hangs on: a bar for each number, and the index by which numbers are ranked."""

from __future__ import annotations

import math
from collections.abc import Iterable

from sim.analysis.sensitivity.ranking import MEASURES, Ranked, Ranking, ends_in_words
from sim.interfaces.charts.base import FONT_PX, Spec, specification
from sim.interfaces.charts.palette import Theme
from sim.words.text import told_apart
from sim.words.wording import with_capital

MOST_ROWS = 12
_ROW_PX = 22
# Legend, axis and its title are part of a chart's height.
_BESIDE_PX = 120
# Between the two, a row has its number and which of its two lines it is.
_MARK = "|"
_TEXT, _BAR = "text", "bar"
ROLES = ("lever", "uncertainty")
_ENDS = ("at its low end", "at its high end")
_ALONE, _WITH_OTHERS = "by itself", "with others too"


def _rows(shown: Ranking) -> tuple[list[Ranked], list[str]]:
    """Return the rows that are drawn, and the key of each."""
    rows = [*shown.rows[:MOST_ROWS]]
    return rows, [*told_apart({str(n): row.number.title for n, row in enumerate(rows)}).values()]


def _y(titles: Iterable[str]) -> Spec:
    """Return the encoding of rows: for each number a line of text, and its bar below."""
    domain = [f"{title}{_MARK}{line}" for title in titles for line in (_TEXT, _BAR)]
    return {
        "field": "row", "type": "nominal", "title": None, "axis": None,
        "scale": {"domain": domain},
    }  # fmt: skip


def _heads(shown: Ranking, theme: Theme, y: Spec, has_roles: bool) -> Spec:
    """Return a layer with the name of each number above its bar."""
    rows, titles = _rows(shown)
    values = []
    for row, title in zip(rows, titles, strict=True):
        # Roles first: a narrow page cuts the end off.
        text = f"{row.number.role.capitalize()}: {title}" if has_roles else title
        ends = ends_in_words(row.number)
        if ends:
            text += f", {ends}"
        values.append({"row": f"{title}{_MARK}{_TEXT}", "text": text})
    return {
        "data": {"values": values},
        "mark": {
            "type": "text", "align": "left", "color": theme.ink, "fontSize": FONT_PX, "dy": 3,
            "limit": {"expr": "width"},
        },
        "encoding": {"y": y, "x": {"value": 0}, "text": {"field": "text"}},
    }  # fmt: skip


def _tip(shown: Ranking, row: Ranked) -> str:
    """Return what is known of a number, in words."""
    index = f"{shown.index(row.value)} (90 %: {shown.index_span(row.low, row.high)})"
    parts = [f"{row.number.title} ({row.number.role})", f"{MEASURES[shown.method]} {index}"]
    if not math.isnan(row.alone):
        parts.append(f"by itself {shown.index(row.alone)}")
    if not math.isnan(row.at_low):
        parts.append(f"low end {shown.level(row.at_low)}, high end {shown.level(row.at_high)}")
    if not row.is_above_noise:
        parts.append("cannot be told from noise")
    return "; ".join(parts)


def _scale(shown: Ranking) -> tuple[float, str]:
    """Return the factor and the unit in which the outcome is drawn."""
    is_probability = "0-1" in shown.quantity.unit
    return (100.0, "%") if is_probability else (1.0, shown.quantity.unit)


def plot_tornado(shown: Ranking, theme: Theme) -> Spec:
    """Return the outcome at both ends of each number's range, the strongest number first."""
    rows, titles = _rows(shown)
    factor, unit = _scale(shown)
    y = _y(titles)
    bars: list[Spec] = []
    marks: list[Spec] = []
    for row, title in zip(rows, titles, strict=True):
        if math.isnan(row.at_low):
            continue
        own = {"row": f"{title}{_MARK}{_BAR}", "tip": _tip(shown, row)}
        for value, end in zip((row.at_low, row.at_high), _ENDS, strict=True):
            bars.append(own | {"end": end, "from": factor * shown.middle, "to": factor * value})
        most = factor * max(row.at_low, row.at_high, shown.middle)
        marks.append(own | {"to": most, "text": shown.index(row.value)})
    x: Spec = {
        "field": "to", "type": "quantitative",
        "scale": {"zero": False, "nice": False, "padding": 34},
        "axis": {
            "title": [unit, f"figures beside the bars: {MEASURES[shown.method]}"],
            "tickCount": 6, "titlePadding": 10,
        },
    }  # fmt: skip
    colour = {
        "field": "end", "type": "nominal", "scale": {
            "domain": [*_ENDS], "range": [theme.colour("second"), theme.colour("first")],
        },
        "legend": {"direction": "horizontal"},
    }  # fmt: skip
    line = {key: value for key, value in x.items() if key != "field"}
    layers: list[Spec] = [
        {
            "mark": {"type": "bar", "height": 11},
            "encoding": {
                "y": y, "x": x, "x2": {"field": "from"}, "color": colour,
                "tooltip": {"field": "tip", "type": "nominal"},
            },
        },
        {
            "data": {"values": marks},
            "mark": {"type": "text", "align": "left", "dx": 6, "color": theme.soft,
                     "fontSize": FONT_PX - 1},
            "encoding": {"y": y, "x": x, "text": {"field": "text"}},
        },
        {
            "mark": {"type": "rule", "color": theme.soft, "strokeDash": [6, 4], "opacity": 0.6,
                     "aria": False},
            "encoding": {"x": line | {"datum": factor * shown.middle}},
        },
        _heads(shown, theme, y, has_roles=True),
    ]  # fmt: skip
    return specification(
        theme,
        2 * _ROW_PX * len(rows) + _BESIDE_PX,
        f"{shown.quantity.title} at both ends of {len(rows)} numbers.",
        {"data": {"values": bars}, "layer": layers},
    )


def plot_sensitivity(shown: Ranking, theme: Theme) -> Spec:
    """Return the index of each number with its interval, the strongest number first."""
    rows, titles = _rows(shown)
    factor, unit = (100.0, "%") if shown.is_share else _scale(shown)
    has_alone = not math.isnan(rows[0].alone)
    y = _y(titles)
    marks: list[Spec] = []
    for row, title in zip(rows, titles, strict=True):
        own: Spec = {"row": f"{title}{_MARK}{_BAR}", "tip": _tip(shown, row)}
        own["role"] = row.number.role
        triples = [(_WITH_OTHERS, row.value, row.low, row.high)]
        if has_alone:
            triples.append((_ALONE, row.alone, row.alone_low, row.alone_high))
        for what, *numbers in triples:
            # No share is below 0 or above 1, whatever its interval says.
            ends = (0.0, 1.0) if shown.is_share else (-math.inf, math.inf)
            value, low, high = (factor * min(max(each, ends[0]), ends[1]) for each in numbers)
            marks.append(own | {"what": what, "value": value, "low": low, "high": high})
    title = MEASURES[shown.method]
    x: Spec = {
        "field": "value", "type": "quantitative", "scale": {"padding": 12},
        "axis": {"title": f"{title}, {unit}", "tickCount": 6, "titlePadding": 10},
    }  # fmt: skip
    colour = {
        "field": "role", "type": "nominal",
        "scale": {"domain": [*ROLES], "range": [theme.colour("second"), theme.colour("first")]},
        "legend": {"direction": "horizontal"},
    }  # fmt: skip
    shape: Spec = {
        "field": "what", "type": "nominal",
        "scale": {"domain": [_WITH_OTHERS, _ALONE], "range": ["circle", "diamond"]},
        "legend": {"direction": "horizontal", "symbolFillColor": theme.soft} if has_alone else None,
    }  # fmt: skip
    offset = {"field": "what", "type": "nominal", "scale": {"domain": [_WITH_OTHERS, _ALONE]}}
    apart = {"yOffset": offset} if has_alone else {}
    layers: list[Spec] = [
        {
            "mark": {"type": "rule", "strokeWidth": 2, "aria": False},
            "encoding": {
                "y": y, "x": x | {"field": "low"}, "x2": {"field": "high"}, "color": colour,
            } | apart,
        },
        {
            "mark": {"type": "point", "filled": True, "size": 80, "opacity": 1},
            "encoding": {
                "y": y, "x": x, "color": colour, "shape": shape,
                "tooltip": {"field": "tip", "type": "nominal"},
            } | apart,
        },
        _heads(shown, theme, y, has_roles=False),
    ]  # fmt: skip
    return specification(
        theme,
        2 * _ROW_PX * len(rows) + _BESIDE_PX,
        f"{with_capital(title)} of {shown.quantity.title}, for {len(rows)} numbers.",
        {"data": {"values": marks}, "layer": layers},
    )
