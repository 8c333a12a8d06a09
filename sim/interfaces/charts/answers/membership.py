"""Which countries to ask: how often each is one of the best, and who is a partner in fact."""

from __future__ import annotations

from sim.analysis.portfolio.choosing import Portfolio
from sim.analysis.portfolio.words import signed_change
from sim.interfaces.charts.base import Spec, specification
from sim.interfaces.charts.palette import Theme
from sim.words.text import told_apart
from sim.words.titles import country_names
from sim.words.wording import percent, span

MOST_OUTSIDE = 6
ASKED, NOT_ASKED = "to ask", "not to ask"
IN_FACT, NOT_IN_FACT = "accepted the offer in fact", "did not"
_ROW_PX = 24
# Legends, axis and its title are part of a chart's height.
_BESIDE_PX = 130


def drawn_codes(shown: Portfolio) -> list[str]:
    """Return the countries that are drawn: those to ask, those next to them, partners in fact."""
    outside = [each.code for each in shown.belonging if not each.is_asked and each.share.mean > 0.0]
    known = {each.code for each in shown.belonging}
    in_fact = [code for code in shown.holders_in_fact if code in known]
    return [*dict.fromkeys([*shown.codes, *outside[:MOST_OUTSIDE], *in_fact])]


def _rows(shown: Portfolio) -> list[Spec]:
    belongs = {each.code: each.share for each in shown.belonging}
    adds = {each.code: each.adds for each in shown.members}
    codes, names = drawn_codes(shown), country_names()
    titles = told_apart({code: names.get(code, code) for code in codes})
    rows = []
    for code in codes:
        share = belongs[code]
        ends = span(share.low, share.high, percent)
        tip = f"{titles[code]}: one of the best in {percent(share.mean)} of draws (90 %: {ends})"
        if code in adds:
            tip += f"; adds {signed_change(adds[code].mean)} {shown.asked.objective.unit} itself"
        rows.append(
            {
                "country": titles[code],
                "share": 100.0 * share.mean,
                "low": 100.0 * share.low,
                "high": 100.0 * share.high,
                "asked": ASKED if code in adds else NOT_ASKED,
                "fact": IN_FACT if code in shown.holders_in_fact else NOT_IN_FACT,
                "tip": tip,
            }
        )
    return rows


def plot_portfolio(shown: Portfolio, theme: Theme) -> Spec:
    """Return how often each country is one of the best, those to ask first."""
    rows = _rows(shown)
    x: Spec = {
        "field": "share", "type": "quantitative", "scale": {"domain": [0, 100]},
        "axis": {
            "title": ["one of the best, % of draws", "of the uncertain numbers"], "tickCount": 5,
            "titlePadding": 10,
        },
    }  # fmt: skip
    y: Spec = {
        "field": "country", "type": "nominal", "sort": [row["country"] for row in rows],
        "axis": {"title": None, "labelLimit": 180, "labelColor": theme.ink},
    }  # fmt: skip
    colour: Spec = {
        "field": "asked", "type": "nominal",
        "scale": {
            "domain": [ASKED, NOT_ASKED],
            "range": [theme.colour("first"), theme.colour("second")],
        },
        "legend": {"direction": "horizontal"},
    }  # fmt: skip
    shape: Spec = {
        "field": "fact", "type": "nominal",
        "scale": {"domain": [IN_FACT, NOT_IN_FACT], "range": ["diamond", "circle"]},
        "legend": {"direction": "horizontal", "symbolFillColor": theme.soft},
    }  # fmt: skip
    layers: list[Spec] = [
        {
            "mark": {"type": "rule", "strokeWidth": 2, "aria": False},
            "encoding": {
                "x": x | {"field": "low"}, "x2": {"field": "high"}, "y": y, "color": colour,
            },
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
        _ROW_PX * max(len(rows), 1) + _BESIDE_PX,
        f"How often each of {len(rows)} countries is one of the best to ask.",
        {"data": {"values": rows}, "layer": layers},
    )
