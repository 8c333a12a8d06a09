"""From one scenario to another: what each change adds, one below the other."""

from __future__ import annotations

import math

from sim.analysis.splitting.shares import Estimate
from sim.analysis.splitting.splitting import Split
from sim.analysis.splitting.words import estimate_in_words, shows
from sim.interfaces.charts.base import Spec, specification
from sim.interfaces.charts.palette import DIVERGING_DARK, DIVERGING_LIGHT, Theme

_MORE, _LESS, _ALL = "adds", "takes away", "outcome"


def plot_split(shown: Split, theme: Theme) -> Spec:
    """Return the outcome of both scenarios, and between them a bar for each part."""
    scale = 100.0 if shown.quantity.is_probability else 1.0
    a, b = shown.scenario_a.name, shown.scenario_b.name
    last = f"{b} as changed" if a == b else b
    rows = _rows(shown, scale, a, last)
    unit = "%" if shown.quantity.is_probability else shown.quantity.unit
    x: Spec = {
        "field": "from", "type": "quantitative", "scale": {"zero": False, "padding": 14},
        "axis": {"title": f"{shown.quantity.title} ({unit})", "tickCount": 5, "titlePadding": 10,
                 "titleAnchor": "end"},
    }  # fmt: skip
    y: Spec = {
        "field": "what", "type": "nominal", "sort": [row["what"] for row in rows],
        "axis": {"title": None, "labelLimit": 240, "labelColor": theme.ink},
    }  # fmt: skip
    less, more = DIVERGING_DARK if theme.is_dark else DIVERGING_LIGHT
    colour = {
        "field": "kind", "type": "nominal", "legend": None,
        "scale": {"domain": [_MORE, _LESS, _ALL], "range": [more, less, theme.ink]},
    }  # fmt: skip
    tip = {"field": "tip", "type": "nominal"}
    is_part, is_end = f"datum.kind !== '{_ALL}'", f"datum.kind === '{_ALL}'"
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
    return specification(
        theme,
        30 * len(rows),
        f"{shown.quantity.title}, from {a} to {last}, by what was changed.",
        {"data": {"values": rows}, "layer": layers},
    )


def _rows(shown: Split, scale: float, first: str, last: str) -> list[Spec]:
    """Return the rows: the first scenario, each part from where the one above ends, the last."""
    level, change = shows(shown)
    order = sorted(
        zip(shown.parts, shown.contributions, strict=True), key=lambda pair: -abs(pair[1].mean)
    )
    at = shown.in_a.mean
    rows = [_end(first, shown.in_a, scale, estimate_in_words(shown.in_a, level))]
    for part, each in order:
        # Where an interval is unknown, as with a single draw, its rule is a dot.
        low, high = (x if math.isfinite(x) else each.mean for x in (each.low, each.high))
        rows.append(
            {
                "what": part.title,
                "from": scale * at,
                "to": scale * (at + each.mean),
                "low": scale * (at + low),
                "high": scale * (at + high),
                "kind": _MORE if each.mean >= 0 else _LESS,
                "tip": f"{part.title}: {estimate_in_words(each, change)}",
            }
        )
        at += each.mean
    rows.append(_end(last, shown.in_b, scale, estimate_in_words(shown.in_b, level)))
    return rows


def _end(name: str, value: Estimate, scale: float, words: str) -> Spec:
    """Return the row of one of the two scenarios.

    Its interval is in words alone: it is far wider than any part, which nobody could then see.
    """
    at = scale * value.mean
    return {
        "what": name, "from": at, "to": at, "low": at, "high": at, "kind": _ALL,
        "tip": f"{name}: {words}",
    }  # fmt: skip
