"""Partners over time: the futures' mean, what half and 90 % of them span, and what is on record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.analysis.on_record import OnRecord, record_shown
from sim.analysis.over_time import partner_difference, partner_ribbons
from sim.analysis.pairing import provider_names
from sim.analysis.shown import Shown
from sim.analysis.summary.dated import events_in_view
from sim.interfaces.charts.base import (
    ABOVE,
    BELOW,
    Spec,
    dated_layers,
    end_labels,
    month_axis,
    specification,
    upright_title,
)
from sim.interfaces.charts.palette import Theme

ROWS = ("month", "mean", "p05", "p25", "p75", "p95")


def _rows(months: Sequence[str], ribbon: Any) -> list[Spec]:
    parts = zip(months, *(getattr(ribbon, name) for name in ROWS[1:]), strict=True)
    return [
        {"month": f"{month}-01", **dict(zip(ROWS[1:], map(float, values), strict=True))}
        for month, *values in parts
    ]


def _y(name: str, title: str) -> Spec:
    axis = {"tickCount": 5} | upright_title(title)
    return {"field": name, "type": "quantitative", "axis": axis, "title": title}


def _band(theme: Theme, low: str, high: str, colour: str, opacity: float, title: str) -> Spec:
    return {
        "mark": {"type": "area", "color": colour, "opacity": opacity},
        "encoding": {"x": month_axis(theme), "y": _y(low, title), "y2": {"field": high}},
    }


def _line(theme: Theme, colour: str, title: str, is_dashed: bool = False) -> Spec:
    mark = {"type": "line", "color": colour, "strokeWidth": 2.5}
    if is_dashed:
        mark["strokeDash"] = [6, 4]
    return {"mark": mark, "encoding": {"x": month_axis(theme), "y": _y("mean", title)}}


def _record_layers(theme: Theme, record: OnRecord, rows: Sequence[Spec]) -> list[Spec]:
    """Return the stepped line of what is on record, and its name at its end.

    The name lies where the mean of the futures, in `rows`, does not: below the line if the mean is
    above it, and to the right of its end if the run goes on for as long again.
    """
    steps = zip(record.months, record.partners, strict=True)
    line = [{"month": f"{month}-01", "on_record": partners} for month, partners in steps]
    end = line[-1]
    at = next((n for n, row in enumerate(rows) if row["month"] == end["month"]), None)
    is_below = at is not None and end["on_record"] < rows[at]["mean"]
    is_early = at is not None and at < len(rows) / 2
    fields = {"x": month_axis(theme), "y": _y("on_record", "countries")}
    name = end_labels(theme, [end | {"label": "on record"}], fields)
    side = {"align": "left", "dx": 4} if is_early else {"align": "right", "dx": 0}
    name["mark"] |= side | {"dy": 14 if is_below else -12}
    mark = {"type": "line", "interpolate": "step-after", "color": theme.ink, "strokeWidth": 2}
    return [{"data": {"values": line}, "mark": mark, "encoding": fields}, name]


def _tooltip(theme: Theme, words: str, *more: tuple[str, str]) -> Spec:
    fields = [("mean", "mean"), ("p05", BELOW), ("p95", ABOVE)]
    tips = [{"field": "month", "type": "temporal", "format": "%B %Y", "title": words}]
    tips += [{"field": name, "format": ".1f", "title": text} for name, text in fields]
    tips += [{"field": name, "title": text} for name, text in more]
    return {
        "mark": {"type": "rule", "opacity": 0.001, "strokeWidth": 12, "aria": False},
        "encoding": {"x": month_axis(theme), "tooltip": tips},
    }


def uptake_spec(
    theme: Theme,
    months: Sequence[str],
    ribbon: Any,
    colour: str,
    other: Any = None,
    record: OnRecord | None = None,
) -> Spec:
    """Return the chart of partners over time, beside those of another scenario if given.

    Parameters
    ----------
    theme : Theme
    months : sequence of str
        "YYYY-MM", length T.
    ribbon : Ribbon
        Countries, shape (T,) each.
    colour : str
        Colour of the provider.
    other : Ribbon, optional
        The same for the scenario compared with: a dashed grey line without bands, since two
        bands laid over each other cannot be read.
    record : OnRecord, optional
        Partners on record: a stepped line.
    """
    title = "countries"
    layers = [
        _band(theme, "p05", "p95", colour, 0.18, title),
        _band(theme, "p25", "p75", colour, 0.30, title),
        _line(theme, colour, title),
    ]
    rows = _rows(months, ribbon)
    ends = [{"month": rows[-1]["month"], "mean": rows[-1]["mean"], "label": "A"}]
    if other is not None:
        grey = _rows(months, other)
        layers.append({"data": {"values": grey}} | _line(theme, theme.soft, title, is_dashed=True))
        ends.append({"month": rows[-1]["month"], "mean": grey[-1]["mean"], "label": "B"})
        # Two names that meet are drawn apart.
        if abs(ends[0]["mean"] - ends[1]["mean"]) < 0.06 * max(rows[-1]["p95"], 1.0):
            ends = [ends[0] | {"label": "A, B"}]
        fields = {"x": month_axis(theme), "y": _y("mean", title)}
        layers.append(end_labels(theme, ends, fields))
    more = []
    if record is not None:
        layers += _record_layers(theme, record, rows)
        # Text in every row, since a column of numbers and words cannot be sent to a browser.
        known = dict(zip(record.months, map(str, record.partners), strict=True))
        rows = [row | {"on_record": known.get(row["month"][:7], "no record")} for row in rows]
        more.append(("on_record", "on record"))
    layers.append(_tooltip(theme, "A" if other is not None else "Month", *more))
    says = f" The stepped line: {record.source}." if record is not None else ""
    return specification(
        theme,
        240,
        f"Partners over time.{says}",
        {"data": {"values": rows}, "layer": layers},
    )


def difference_spec(theme: Theme, months: Sequence[str], ribbon: Any, colour: str) -> Spec:
    """Return the chart of partners under A less those under B, in the same futures.

    Parameters
    ----------
    ribbon : Ribbon
        Of the paired difference, countries, shape (T,) each.
    """
    title = "countries, A minus B"
    zero = {
        "mark": {"type": "rule", "color": theme.soft, "aria": False},
        "encoding": {"y": {"datum": 0}},
    }
    layers = [
        zero,
        _band(theme, "p05", "p95", colour, 0.18, title),
        _band(theme, "p25", "p75", colour, 0.30, title),
        _line(theme, colour, title),
        _tooltip(theme, "A minus B"),
    ]
    return specification(
        theme,
        180,
        "Partners under A less those under B, over time.",
        {"data": {"values": _rows(months, ribbon)}, "layer": layers},
    )


def plot_uptake(shown: Shown, theme: Theme, *, provider: str, month: str = "") -> Spec:
    """Return the partners of a provider over time in A, in B where there is one, and on record.

    Dated events of the scenario are numbered on the time axis; a month that is given is marked.
    """
    found = partner_ribbons(shown, provider)
    colour = theme.colour(provider, tuple(provider_names(shown)))
    months, record = shown.ensemble.axes.month, record_shown(shown, provider)
    spec = uptake_spec(theme, months, found["A"], colour, found.get("B"), record)
    # Under the layer of tips, which is the last.
    spec["layer"][-1:-1] = dated_layers(theme, events_in_view(shown), month)
    return spec


def plot_uptake_difference(shown: Shown, theme: Theme, *, provider: str) -> Spec:
    """Return the partners of a provider over time in A less those in B."""
    colour = theme.colour(provider, tuple(provider_names(shown)))
    found = partner_difference(shown, provider)
    return difference_spec(theme, shown.ensemble.axes.month, found, colour)
