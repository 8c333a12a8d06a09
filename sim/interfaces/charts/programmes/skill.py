"""How good the forecasts of earlier programmes were: beside rivals, and taken at their word."""

from __future__ import annotations

from sim.analysis.backtests.names import RULE
from sim.analysis.evidence import SCORES, Evidence, calibration_table, skill
from sim.interfaces.charts.base import Spec, specification, upright_title
from sim.interfaces.charts.palette import Theme

_ROW_PX = 24
_LABELS_PX = 190
_TIPS = (("value", "mean over programmes"), ("low", "90 % from"), ("high", "90 % to"))


def plot_skill(shown: Evidence, theme: Theme, *, score: str = "auc") -> Spec:
    """Return the model and its rivals by one score: dots with 90 % intervals, best first.

    Parameters
    ----------
    shown : Evidence
    theme : Theme
    score : str, optional
        One of `sim.analysis.evidence.SCORES`.
    """
    table = skill(shown, score)
    own = theme.colour("first")
    better = str(table["better"].iloc[0])
    order = [str(title) for title in table["title"]]
    rows = [
        {name: row[name] for name in ("title", "value", "low", "high")}
        | {"is_model": row["forecaster"] == RULE}
        for row in table.to_dict("records")
    ]
    x = {
        "field": "value", "type": "quantitative", "scale": {"zero": False, "padding": 10},
        "axis": {"title": f"{SCORES[score]}, {better} is better", "tickCount": 5,
                 "titlePadding": 10},
    }  # fmt: skip
    y = {
        "field": "title", "type": "nominal", "sort": order, "title": None,
        "axis": {"labelLimit": _LABELS_PX, "grid": False, "labelFontWeight": _when_model(600, 400),
                 "labelColor": _when_model(theme.ink, theme.soft)},
    }  # fmt: skip
    colour = {
        "field": "is_model", "type": "nominal", "legend": None,
        "scale": {"domain": [True, False], "range": [own, theme.soft]},
    }  # fmt: skip
    tips = [
        {"field": "title", "title": "forecaster"},
        *({"field": name, "format": ".3f", "title": words} for name, words in _TIPS),
    ]
    fields = {"y": y, "color": colour, "tooltip": tips}
    layers: list[Spec] = [
        {
            "mark": {"type": "rule", "strokeWidth": 2},
            "encoding": fields | {"x": x | {"field": "low"}, "x2": {"field": "high"}},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 80, "opacity": 1},
            "encoding": fields | {"x": x},
        },
    ]
    return specification(
        theme,
        _ROW_PX * len(rows),
        f"{SCORES[score]} of the model and its rivals.",
        {"data": {"values": rows}, "layer": layers},
    )


def _when_model(then: object, otherwise: object) -> Spec:
    """Return what an axis has at the label of the model, and at all others."""
    return {"condition": {"test": "datum.value === 'This model'", "value": then},
            "value": otherwise}  # fmt: skip


def plot_calibration(shown: Evidence, theme: Theme) -> Spec:
    """Return the share of countries that joined over the probability that they were given."""
    rows = [
        {name: 100 * row[name] for name in ("predicted", "observed", "low", "high")}
        | {"countries": row["countries"]}
        for row in calibration_table(shown).to_dict("records")
    ]
    own = theme.colour("first")
    scale = {"domain": [0, 100], "nice": False}
    x = {
        "field": "predicted", "type": "quantitative", "scale": scale,
        "axis": {"title": "forecast, %", "grid": False, "tickCount": 5, "titlePadding": 8},
    }  # fmt: skip
    y = {
        "field": "observed", "type": "quantitative", "scale": scale,
        "axis": {"tickCount": 5} | upright_title("joined, %"),
    }  # fmt: skip
    tips = [
        {"field": "predicted", "format": ".0f", "title": "forecast, %"},
        {"field": "observed", "format": ".0f", "title": "joined, %"},
        {"field": "low", "format": ".0f", "title": "90 % from"},
        {"field": "high", "format": ".0f", "title": "90 % to"},
        {"field": "countries", "title": "countries"},
    ]
    ends = [{"predicted": at, "observed": at} for at in (0, 100)]
    layers: list[Spec] = [
        {
            "data": {"values": ends},
            "mark": {"type": "line", "color": theme.soft, "strokeDash": [6, 4], "aria": False},
            "encoding": {"x": x, "y": y},
        },
        {
            "mark": {"type": "rule", "color": own, "strokeWidth": 2},
            "encoding": {"x": x, "y": y | {"field": "low"}, "y2": {"field": "high"}},
        },
        {
            "mark": {"type": "line", "color": own, "strokeWidth": 1.5, "opacity": 0.6},
            "encoding": {"x": x, "y": y},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 45, "color": own, "opacity": 1},
            "encoding": {"x": x, "y": y, "tooltip": tips},
        },
    ]
    return specification(
        theme,
        300,
        "Share of countries that joined over the probability that the model gave them.",
        {"data": {"values": rows}, "layer": layers},
    )
