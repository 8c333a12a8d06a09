"""How the Monte Carlo error falls with the number of futures, and where it is small enough."""

from __future__ import annotations

import math

from sim.analysis.precision.enough import Precision
from sim.analysis.precision.estimates import DIFFERENCE
from sim.analysis.precision.requirements import FuturesNeeded
from sim.interfaces.charts.base import Spec, specification, upright_title
from sim.interfaces.charts.palette import Theme

# More lines of one slope cannot be told apart.
_MOST_LINES = 4
_COLOURS = ("first", "second", "third", "fourth")


def plot_futures_needed(shown: Precision, theme: Theme) -> Spec:
    """Return the half width of intervals, as a multiple of the one wanted, over futures."""
    picked = most_demanding(shown)
    lines: list[Spec] = []
    marks: list[Spec] = []
    for name, each in picked.items():
        ratio = each.half_width / each.within
        ends = sorted({shown.futures, each.futures})
        reach = (ends[0] / 4, ends[-1] * 4)
        lines += [{"name": name, "futures": n, "ratio": _at(ratio, shown, n)} for n in reach]
        tip = f"{name}: {each.futures:,.0f} futures for {shown.wanted}; in hand {shown.futures:,}."
        for n, what in ((shown.futures, "in hand"), (each.futures, "enough")):
            row = {"name": name, "futures": n, "ratio": _at(ratio, shown, n), "what": what}
            marks.append(row | {"tip": tip})
    x = {
        "field": "futures", "type": "quantitative", "scale": {"type": "log", "nice": False},
        "axis": {"title": "futures", "format": "~s", "grid": False, "tickCount": 5,
                 "titlePadding": 10},
    }  # fmt: skip
    y = {
        "field": "ratio", "type": "quantitative", "scale": {"type": "log"},
        "axis": {"format": "~r", "tickCount": 5}
        | upright_title("half width of the 90 % interval, 1 = as wanted"),
    }  # fmt: skip
    names = [*picked]
    colour = {
        "field": "name", "type": "nominal",
        "scale": {"domain": names, "range": [theme.colour(key) for key in _COLOURS[: len(names)]]},
        "legend": {"orient": "bottom", "direction": "vertical", "labelLimit": 300},
    }  # fmt: skip
    shape = {
        "field": "what", "type": "nominal", "legend": {"orient": "bottom"},
        "scale": {"domain": ["in hand", "enough"], "range": ["circle", "diamond"]},
    }  # fmt: skip
    height = {key: value for key, value in y.items() if key != "field"}
    layers: list[Spec] = [
        {
            "mark": {"type": "rule", "color": theme.soft, "strokeDash": [6, 4], "aria": False},
            "encoding": {"y": height | {"datum": 1}},
        },
        {
            "data": {"values": lines},
            "mark": {"type": "line", "strokeWidth": 2, "aria": False},
            "encoding": {"x": x, "y": y, "color": colour},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 110, "opacity": 1},
            "encoding": {
                "x": x, "y": y, "color": colour, "shape": shape,
                "tooltip": {"field": "tip", "type": "nominal"},
            },
        },
    ]  # fmt: skip
    return specification(
        theme,
        280,
        f"Error against the number of futures, for {len(names)} estimates.",
        {"data": {"values": marks}, "layer": layers},
    )


def most_demanding(shown: Precision) -> dict[str, FuturesNeeded]:
    """Return the estimates that need most, by their name: of a sweep, one of all points."""
    found: dict[str, FuturesNeeded] = {}
    for each in shown.requirements:
        if each.is_constant or not math.isfinite(each.futures):
            continue
        estimate = each.estimate
        title = estimate.quantity.title
        name = f"{title}, change" if estimate.what == DIFFERENCE else title
        if name not in found or found[name].futures < each.futures:
            found[name] = each
    most = sorted(found.items(), key=lambda item: -item[1].futures)[:_MOST_LINES]
    return dict(most)


def _at(ratio: float, shown: Precision, futures: float) -> float:
    """Return the error at another number of futures, by the law of the square root."""
    return ratio * math.sqrt(shown.futures / futures)
