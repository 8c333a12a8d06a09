"""What weighs for and against an offer: bars left and right of nothing."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from itertools import product

import numpy as np

from sim.analysis.pairing import provider_names
from sim.analysis.reasons import Reasons, reasons_in_words
from sim.analysis.shown import Shown
from sim.interfaces.charts.base import Spec, specification
from sim.interfaces.charts.palette import Theme
from sim.words.wording import with_minus

LEAST = 0.005
# So many times the upper quartile of all reasons fit on the scale; what towers over that would
# leave nothing to be seen of the others.
FARTHEST = 4.0
_MOST_TICKS = 5
# Pixels beside the outermost bars: for half a label of the axis, or a ring.
_PADDING = 18
# Two numbers stand below each other: there is no room for them side by side.
_LINE_END = "\n"
_LINES: dict[int, Spec] = {
    1: {"fontSize": 12},
    2: {"fontSize": 11, "lineBreak": _LINE_END, "lineHeight": 11, "dy": -5},
}
# So much of the scale is on the other side of a cut bar, where its number stands.
_FREE = 0.4


def reach_of(values: Iterable[float]) -> tuple[float, float]:
    """Return the ends of a scale that all these reasons are drawn on.

    Examples
    --------
    >>> reach_of([1.0, -2.0]), reach_of([-33.0, 1.0, 1.0, 1.0, 0.5])
    ((-2.0, 1.0), (-4.0, 1.6))
    """
    kept = [value for value in values if abs(value) >= LEAST]
    if not kept:
        return (-1.0, 1.0)
    most = FARTHEST * float(np.quantile(np.abs(kept), 0.75))
    low, high = max(-most, min(0.0, *kept)), min(most, max(0.0, *kept))
    if is_cut(kept, (low, high)):
        low, high = min(low, -_FREE * high), max(high, -_FREE * low)
    return low, high


def is_cut(values: Iterable[float], reach: tuple[float, float]) -> bool:
    """Return whether any of these reasons goes beyond a scale."""
    return any(not reach[0] <= value <= reach[1] for value in values if abs(value) >= LEAST)


def ticks(reach: tuple[float, float]) -> list[float]:
    """Return round numbers inside a scale, nothing among them.

    Examples
    --------
    >>> ticks((-4.0, 1.0)), ticks((-0.3, 0.55))
    ([-4.0, -3.0, -2.0, -1.0, 0.0, 1.0], [-0.2, 0.0, 0.2, 0.4])
    """
    low, high = reach
    size = 10.0 ** math.floor(math.log10((high - low) / _MOST_TICKS))
    steps = (size * factor for factor in (1, 2, 5, 10))
    step = next(step for step in steps if (high - low) / step <= _MOST_TICKS)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(n * step, 9) for n in range(first, last + 1)]


def _number(value: float) -> str:
    return with_minus(f"{value:+.1f}")


def _row(name: str, a: float, b: float, reach: tuple[float, float], has_b: bool) -> Spec:
    """Return a reason: its values, where they are drawn, and the numbers of what is cut."""
    row: Spec = {"reason": name, "A": round(a, 4), "B": round(b, 4)}
    at = {mark: min(max(value, reach[0]), reach[1]) for mark, value in (("A", a), ("B", b))}
    row |= {f"{mark} drawn": round(value, 4) for mark, value in at.items()}
    cut = [_number(a)] if at["A"] != a else []
    if has_b and at["B"] != b and _number(b) not in cut:
        cut.append(f"B {_number(b)}")
    if cut:
        end = at["A"] if at["A"] != a else at["B"]
        row |= {"number": _LINE_END.join(cut), "break": round(0.85 * end, 4)}
    return row


def _cut_marks(theme: Theme, rows: list[Spec], x: Spec, y: Spec) -> list[Spec]:
    """Return a layer of breaks, and one of the numbers, on the free side of each cut bar."""
    cut = [row for row in rows if "number" in row]
    if not cut:
        return []
    layers: list[Spec] = [
        {
            "data": {"values": cut},
            "mark": {"type": "text", "text": "//", "fontSize": 20, "fontWeight": 700,
                     "color": theme.page, "aria": False},
            "encoding": {"x": x | {"field": "break"}, "y": y},
        }
    ]  # fmt: skip
    aligned = {-1: "left", 1: "right"}
    for sign, n_lines in product(aligned, (1, 2)):
        own = [
            row
            for row in cut
            if row["break"] * sign > 0 and len(row["number"].split(_LINE_END)) == n_lines
        ]
        if own:
            mark = {"type": "text", "align": aligned[sign], "dx": -6 * sign,
                    "color": theme.ink} | _LINES[n_lines]  # fmt: skip
            at = {key: value for key, value in x.items() if key != "field"} | {"datum": 0}
            layers.append({
                "data": {"values": own},
                "mark": mark,
                "encoding": {"x": at, "y": y, "text": {"field": "number"}},
            })  # fmt: skip
    return layers


def drivers_spec(
    theme: Theme,
    values: Mapping[str, float],
    colour: str,
    other: Mapping[str, float] | None = None,
    reach: tuple[float, float] | None = None,
) -> Spec:
    """Return the chart of the mean drivers of a country towards one provider.

    A bar that is longer than the scale has a break, and its number on the other side of nothing.

    Parameters
    ----------
    values : mapping
        Words for each reason to what it adds, in utility, over staying as it was.
    other : mapping, optional
        The same in the scenario compared with, as hollow marks.
    reach : (float, float), optional
        Ends of the scale, so that charts beside each other can be compared.
    """
    against = other or {}
    both = [*values.values(), *against.values()]
    ends = reach or reach_of(both)
    names = sorted({**against, **values}, key=lambda name: -values.get(name, against.get(name, 0)))
    rows = [
        _row(name, values.get(name, 0.0), against.get(name, 0.0), ends, bool(other))
        for name in names
        if max(abs(values.get(name, 0.0)), abs(against.get(name, 0.0))) >= LEAST
    ]
    tips = [
        {"field": "reason"},
        {"field": "A", "format": "+.2f", "title": "A" if other else "adds"},
    ]
    if other:
        tips.append({"field": "B", "format": "+.2f", "title": "B"})
    y = {
        "field": "reason",
        "type": "nominal",
        "sort": None,
        "axis": {"title": None, "labelLimit": 260, "labelColor": theme.ink},
    }
    shown = ticks(ends)
    is_fine = any(abs(10 * tick - round(10 * tick)) > 1e-6 for tick in shown)
    x: Spec = {
        "field": "A drawn",
        "type": "quantitative",
        "axis": {"title": "utility over staying as it was", "titleAnchor": "end",
                 "values": shown, "labelFlush": False,
                 "format": "+.2f" if is_fine else "+.1f"},
        "scale": {"domain": list(ends), "nice": False, "padding": _PADDING},
    }  # fmt: skip
    layers: list[Spec] = [
        {
            "mark": {"type": "rule", "color": theme.soft, "aria": False},
            "encoding": {"x": {"datum": 0}},
        },
        {
            "mark": {"type": "bar", "height": 14, "cornerRadius": 2, "color": colour},
            "encoding": {"x": x, "y": y, "tooltip": tips},
        },
    ]
    if other:
        ring = {"type": "point", "size": 70, "strokeWidth": 2, "color": theme.ink, "filled": False}
        marks = {"x": x | {"field": "B drawn"}, "y": y, "tooltip": tips}
        layers.append({"mark": ring, "encoding": marks})
    layers += _cut_marks(theme, rows, x, y)
    return specification(
        theme,
        26 * max(len(rows), 1),
        "Reasons for and against.",
        {"data": {"values": rows}, "layer": layers},
    )


def has_breaks(shown: Shown, country: str) -> bool:
    """Return whether a reason of a country is longer than the scale of its charts."""
    found = _every_value(reasons_in_words(shown, country))
    return is_cut(found, reach_of(found))


def _every_value(reasons: Mapping[str, tuple[Reasons, Reasons | None]]) -> list[float]:
    """Return what every reason adds, towards every provider and on both sides."""
    return [
        value for sides in reasons.values() for side in sides for value in (side or {}).values()
    ]


def plot_drivers(shown: Shown, theme: Theme, *, country: str, provider: str) -> Spec:
    """Return what each reason adds for a country towards a provider, with rings for B.

    The charts of all providers of a country have one scale.
    """
    found = reasons_in_words(shown, country)
    values, other = found[provider]
    colour = theme.colour(provider, tuple(provider_names(shown)))
    return drivers_spec(theme, values, colour, other, reach_of(_every_value(found)))
