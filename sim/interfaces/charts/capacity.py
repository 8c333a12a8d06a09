"""Places, megawatts and dollars of the offers over time."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sim.analysis.over_time import FIRST_MEASURE, OFFER_MEASURES, offer_lines
from sim.analysis.pairing import provider_names
from sim.analysis.shown import Shown
from sim.interfaces.charts.base import ABOVE, BELOW, Spec, month_axis, specification, upright_title
from sim.interfaces.charts.palette import Theme


def _rows(months: Sequence[str], lines: Mapping[str, Any]) -> list[Spec]:
    return [
        {
            "month": f"{month}-01",
            "line": name,
            "mean": round(float(ribbon.mean[t]), 4),
            "p05": float(ribbon.p05[t]),
            "p95": float(ribbon.p95[t]),
        }
        for name, ribbon in lines.items()
        for t, month in enumerate(months)
    ]


def _tooltip(unit: str) -> list[Spec]:
    return [
        {"field": "line", "title": "offer"},
        {"field": "month", "type": "temporal", "format": "%B %Y", "title": "month"},
        {"field": "mean", "format": ",.0f", "title": f"mean, {unit}"},
        {"field": "p05", "format": ",.0f", "title": BELOW},
        {"field": "p95", "format": ",.0f", "title": ABOVE},
    ]


def _dash_of(dashed: Sequence[str]) -> str:
    """Return the expression for the dashes of a legend's entry."""
    return f"indexof({json.dumps(list(dashed))}, datum.value) < 0 ? [1, 0] : [5, 4]"


def _colour(names: Sequence[str], colours: Mapping[str, str], dashed: Sequence[str]) -> Spec:
    """Return the encoding of the lines' colours, with a legend that shows lines as they are."""
    return {
        "field": "line",
        "type": "nominal",
        "scale": {"domain": names, "range": [colours[name] for name in names]},
        # The entries take nothing of the band, whose opacity would leave them blank.
        "legend": {
            "symbolType": "stroke",
            "symbolOpacity": 1,
            "symbolStrokeWidth": 2.2,
            "symbolDash": {"expr": _dash_of(dashed)},
            "labelLimit": 320,
            # Side by side, long names are cut on a phone.
            "columns": 1 if len(names) > 2 else 2,
            # Above stands the unit.
            "orient": "bottom",
        },
    }


def capacity_spec(
    theme: Theme,
    months: Sequence[str],
    lines: Mapping[str, Any],
    colours: Mapping[str, str],
    unit: str,
    dashed: Sequence[str] = (),
) -> Spec:
    """Return the chart of one measure of the offers: means, with what 90 % of futures span.

    Parameters
    ----------
    lines : mapping
        Name of a line to its Ribbon, shape (T,).
    colours : mapping
        Name of a line to its colour.
    unit : str
        Unit of the measure, for axis and tooltip.
    dashed : sequence of str
        Lines drawn dashed and without a band.
    """
    rows = _rows(months, lines)
    names = list(lines)
    colour = _colour(names, colours, dashed)
    solid = [name for name in names if name not in dashed]
    # Numbers in full: "2k MW" would be read as another unit.
    y = {
        "type": "quantitative",
        "axis": upright_title(unit) | {"tickCount": 4, "tickMinStep": 1, "format": ",.0f"},
    }
    tips = _tooltip(unit)
    band = {
        "transform": [{"filter": {"field": "line", "oneOf": solid}}],
        "mark": {"type": "area", "opacity": 0.16},
        "encoding": {
            "x": month_axis(theme),
            "y": y | {"field": "p05"},
            "y2": {"field": "p95"},
            "color": colour,
        },
    }
    dash = {
        "condition": {"test": {"field": "line", "oneOf": list(dashed)}, "value": [5, 4]},
        "value": [1, 0],
    }
    line = {
        "mark": {"type": "line", "strokeWidth": 2.2},
        "encoding": {
            "x": month_axis(theme),
            "y": y | {"field": "mean"},
            "color": colour,
            "strokeDash": dash,
            "tooltip": tips,
        },
    }
    return specification(
        theme,
        210 + 18 * (len(names) if len(names) > 2 else 1),
        f"Offers over time, {unit}.",
        {"data": {"values": rows}, "layer": [band, line]},
    )


def plot_capacity(shown: Shown, theme: Theme, *, measure: str = FIRST_MEASURE) -> Spec:
    """Return one of `OFFER_MEASURES` of every offer over time; offers of B are dashed."""
    lines = offer_lines(shown, measure)
    providers = tuple(provider_names(shown))
    return capacity_spec(
        theme,
        shown.ensemble.axes.month,
        {line.name: line.ribbon for line in lines},
        {line.name: theme.colour(line.provider, providers) for line in lines},
        OFFER_MEASURES[measure].words.unit,
        [line.name for line in lines if line.side == "B"],
    )
