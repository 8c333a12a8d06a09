"""What all charts have in common: sizes, fonts, axes."""

from __future__ import annotations

from typing import Any

from sim.interfaces.charts.palette import Theme

Spec = dict[str, Any]
FONT_PX = 13
# As the page has it; a browser's own would else be used.
FONT = '"Source Sans", sans-serif'


def specification(theme: Theme, height: int, description: str, content: Spec) -> Spec:
    """Return a complete specification as wide as its place.

    Parameters
    ----------
    theme : Theme
    height : int
        Pixels of the plot itself.
    description : str
        What the numbers are, in a sentence. Screen readers say it, and then what `CHARTS` says.
    content : dict
        Data, layers and encodings.
    """
    text = {"labelColor": theme.soft, "titleColor": theme.soft, "labelFontSize": FONT_PX}
    axis = text | {"gridColor": theme.grid, "domain": False, "ticks": False, "titleFontSize": 13}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "description": description,
        "height": height,
        "width": "container",
        "background": "transparent",
        "autosize": {"type": "fit", "contains": "padding"},
        "config": {
            "font": FONT,
            "view": {"stroke": None},
            "axis": axis | {"titleFontWeight": "normal", "labelPadding": 6},
            "legend": text | {"titleFontSize": FONT_PX, "orient": "top", "title": None},
        },
        **content,
    }


def month_axis(theme: Theme) -> Spec:
    """Return the encoding of months along the bottom: years as labels, no grid."""
    return {
        "field": "month",
        "type": "temporal",
        "timeUnit": "utcyearmonth",
        "title": None,
        "axis": {"format": "%Y", "grid": False, "tickCount": "year", "labelColor": theme.soft},
    }


def upright_title(title: str) -> Spec:
    """Return what an axis on the left needs for a title that stands above it, to be read."""
    return {
        "title": title,
        "titleAngle": 0,
        "titleAlign": "left",
        "titleAnchor": "start",
        "titleX": 0,
        "titleY": -12,
        "titleBaseline": "bottom",
    }


def end_labels(theme: Theme, ends: list[Spec], fields: Spec) -> Spec:
    """Return a layer that names lines at their right ends."""
    return {
        "data": {"values": ends},
        "mark": {
            "type": "text", "align": "left", "dx": 6, "fontSize": FONT_PX, "fontWeight": 600,
            "color": theme.ink,
        },
        "encoding": {"text": {"field": "label"}} | fields,
    }  # fmt: skip
