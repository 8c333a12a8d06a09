"""What happens in a month, on the time axis of a chart: dashed rules with a number each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.interfaces.charts.base import FONT_PX, Spec, month_axis

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.analysis.summary.dated import Dated
    from sim.interfaces.charts.palette import Theme


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
        rows = [
            {"month": f"{each.month}-01", "n": str(n), "what": each.title}
            for n, each in enumerate(dated, start=1)
        ]
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
