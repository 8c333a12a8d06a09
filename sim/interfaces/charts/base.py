"""What all charts have in common: sizes, fonts, axes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.interfaces.charts.palette import Theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.analysis.summary.dated import Dated

Spec = dict[str, Any]
FONT_PX = 13
# Ends of the range of 90 % of futures, in words for a reader who points at them.
BELOW, ABOVE = "5 % of futures below", "5 % of futures above"
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


def dated_layers(
    theme: Theme, dated: Sequence[Dated], month: str = "", is_above: bool = False
) -> list[Spec]:
    """Return the layers of dated things and of the month on view; none without either.

    Parameters
    ----------
    theme : Theme
    dated : sequence of Dated
        Numbered from 1 in this order; `numbered_in_words` says what each is.
    month : str
        The month that figures beside the chart are of, "YYYY-MM"; "" if it needs no mark.
    is_above : bool
        Whether the numbers stand above the chart, where its areas fill it up to the top.
    """
    layers: list[Spec] = []
    if dated:
        # Of one month one number would stand on the other.
        by_month: dict[str, list[tuple[str, str]]] = {}
        for n, each in enumerate(dated, start=1):
            by_month.setdefault(each.month, []).append((str(n), each.title))
        rows = [
            {"month": f"{at}-01", "n": ", ".join(n for n, _ in found),
             "what": "; ".join(title for _, title in found)}
            for at, found in by_month.items()
        ]  # fmt: skip
        layers += _rules(theme, rows, {"strokeDash": [3, 3], "color": theme.soft}, is_above)
    if month:
        row = {"month": f"{month}-01", "n": "", "what": "the month on view"}
        layers += _rules(theme, [row], {"color": theme.ink, "strokeWidth": 1})[:1]
    return layers


def _rules(theme: Theme, rows: list[Spec], look: Spec, is_above: bool = False) -> list[Spec]:
    """Return rules over the whole height, and the numbers at their upper ends."""
    tips = [
        {"field": "month", "type": "temporal", "format": "%B %Y", "title": "month"},
        {"field": "what", "type": "nominal", "title": "what"},
    ]
    data, x = {"values": rows}, month_axis(theme)
    inside = {"align": "left", "baseline": "top", "dx": 3}
    place = {"baseline": "bottom", "dy": -2} if is_above else inside
    text = {"type": "text", "fontSize": FONT_PX, "color": theme.ink} | place
    number = {"x": x, "y": {"value": 0}, "text": {"field": "n", "type": "nominal"}, "tooltip": tips}
    return [
        {"data": data, "mark": {"type": "rule"} | look, "encoding": {"x": x, "tooltip": tips}},
        {"data": data, "mark": text, "encoding": number},
    ]
