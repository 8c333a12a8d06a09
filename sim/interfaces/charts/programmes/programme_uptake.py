"""Joiners of earlier programmes: what was forecast at the launch, and what is on record."""

from __future__ import annotations

from sim.analysis.evidence import Evidence
from sim.interfaces.charts.base import (
    ABOVE,
    BELOW,
    Spec,
    end_labels,
    month_axis,
    specification,
    upright_title,
)
from sim.interfaces.charts.palette import Theme

_COLUMNS = 3
_PANEL_PX = (245, 84)
_SMALL_PX = 11


def _months(theme: Theme, is_small: bool) -> Spec:
    """Return the axis of months: some programmes were watched for a few months, within a year."""
    months = month_axis(theme)
    labels = {"format": "%Y-%m", "tickCount": 6, "labelOverlap": True, "labelSeparation": 8}
    small = {"tickCount": 3, "labelFontSize": _SMALL_PX} if is_small else {}
    return months | {"axis": months["axis"] | labels | small}


def _layers(theme: Theme, is_small: bool, has_alone: bool) -> list[Spec]:
    """Return band, mean and record of one programme, without their data."""
    own = theme.colour("first")
    axis: Spec = {"tickCount": 5} | upright_title("countries")
    if is_small:
        axis = {"tickCount": 3, "title": None, "labelFontSize": _SMALL_PX}
    fields = {"x": _months(theme, is_small)}

    def y(name: str) -> Spec:
        return {"field": name, "type": "quantitative", "axis": axis}

    step = {"type": "line", "interpolate": "step-after", "color": theme.ink, "strokeWidth": 2}
    tips: list[Spec] = [{"field": "month", "type": "temporal", "format": "%B %Y", "title": "Month"}]
    tips += [
        {"field": name, "format": ".0f", "title": words}
        for name, words in (
            ("on_record", "on record"), ("mean", "forecast, mean"),
            ("low", BELOW), ("high", ABOVE),
        )
    ]  # fmt: skip
    hover = {"type": "rule", "opacity": 0.001, "strokeWidth": 12, "aria": False}
    # One month makes no line and no area.
    alone = {"transform": [{"filter": "datum.is_alone"}]}
    rule = {"type": "rule", "color": own, "opacity": 0.5, "strokeWidth": 2}
    dot = {"type": "point", "filled": True, "size": 40, "color": own, "opacity": 1}
    of_one_month: list[Spec] = [
        alone | {"mark": rule, "encoding": fields | {"y": y("low"), "y2": {"field": "high"}}},
        alone | {"mark": dot, "encoding": fields | {"y": y("mean")}},
    ]
    return [
        # A layer without marks is an image without a name to screen readers.
        *(of_one_month if has_alone else []),
        {
            "mark": {"type": "area", "color": own, "opacity": 0.22},
            "encoding": fields | {"y": y("low"), "y2": {"field": "high"}},
        },
        {
            "mark": {"type": "line", "color": own, "strokeWidth": 2},
            "encoding": fields | {"y": y("mean")},
        },
        {"mark": step, "encoding": fields | {"y": y("on_record")}},
        {
            "transform": [{"filter": "datum.is_last"}],
            "mark": {"type": "point", "filled": True, "size": 24, "color": theme.ink, "opacity": 1},
            "encoding": fields | {"y": y("on_record")},
        },
        {"mark": hover, "encoding": fields | {"tooltip": tips}},
    ]


def _rows(shown: Evidence, programme: str) -> list[Spec]:
    """Return the months of a programme; its last, and the only one of a vote, are marked."""
    months = shown.uptake[shown.uptake["scenario"] == programme].to_dict("records")
    return [
        {
            "programme": shown.titles[programme], "month": f"{row['month']}-01",
            "mean": row["forecast_mean"], "low": row["forecast_low"],
            "high": row["forecast_high"], "on_record": row["on_record"],
            "is_last": row is months[-1], "is_alone": len(months) == 1,
        }
        for row in months
    ]  # fmt: skip


def plot_programme_uptake(shown: Evidence, theme: Theme, *, programme: str | None = None) -> Spec:
    """Return the joiners of a programme over time: forecast at its launch, and on record.

    Parameters
    ----------
    shown : Evidence
    theme : Theme
    programme : str, optional
        Name of its scenario; unless given, all programmes in small panels of fixed size, each with
        axes of its own.
    """
    titles = shown.titles
    rows = [
        row
        for name in ([*titles] if programme is None else [programme])
        for row in _rows(shown, name)
    ]
    if programme is not None:
        last = {"month": rows[-1]["month"], "on_record": rows[-1]["on_record"]}
        fields = {
            "x": _months(theme, is_small=False),
            "y": {"field": "on_record", "type": "quantitative"},
        }
        name = end_labels(theme, [last | {"label": "on record"}], fields)
        is_below = rows[-1]["on_record"] < rows[-1]["mean"]
        name["mark"] |= {"align": "right", "dx": 0, "dy": 14 if is_below else -12}
        layers = [*_layers(theme, is_small=False, has_alone=bool(rows[0]["is_alone"])), name]
        content: Spec = {"data": {"values": rows}, "layer": layers}
        return specification(theme, 260, f"Joiners over time: {titles[programme]}.", content)
    width, height = _PANEL_PX
    panel = _layers(theme, is_small=True, has_alone=True)
    head = {
        "title": None, "labelColor": theme.ink, "labelFontSize": _SMALL_PX, "labelAnchor": "start",
        "labelLimit": width + 40, "labelPadding": 4,
    }  # fmt: skip
    content = {
        "data": {"values": rows},
        "facet": {
            "field": "programme", "type": "nominal", "sort": [*titles.values()], "header": head,
        },
        "columns": _COLUMNS,
        "spacing": {"row": 14, "column": 18},
        "resolve": {"scale": {"x": "independent", "y": "independent"}},
        "spec": {"width": width, "height": height, "layer": panel},
    }  # fmt: skip
    whole = specification(theme, height, "Joiners over time, programme by programme.", content)
    # Panels have a size; a whole of panels has none.
    return {
        key: value for key, value in whole.items() if key not in ("width", "height", "autosize")
    }
