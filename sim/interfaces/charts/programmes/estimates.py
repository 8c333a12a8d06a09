"""What the record says about each number of the model: estimates beside their priors."""

from __future__ import annotations

from sim.analysis.evidence import KIND_TITLES, Evidence, estimated_numbers
from sim.interfaces.charts.base import Spec, specification
from sim.interfaces.charts.palette import Theme

_ROW_PX = 17
# Between the two, a name on the axis has its group and its own text.
_MARK = "|"
IDENTIFICATIONS = ("identified", "weakly identified", "not identified")
_TIPS = (
    ("mean", "estimate"), ("low", "90 % from"), ("high", "90 % to"),
    ("prior_low", "prior, 90 % from"), ("prior_high", "prior, 90 % to"),
)  # fmt: skip


def _rows(shown: Evidence) -> tuple[list[Spec], list[Spec], list[str]]:
    """Return the estimates, the titles above each number's, and the names of all in order."""
    rows: list[Spec] = []
    heads: list[Spec] = []
    order: list[str] = []
    for title, own in estimated_numbers(shown).groupby("title", sort=False):
        order.append(f"{title}{_MARK}")
        heads.append({"row": order[-1], "text": str(title)})
        for one in own.to_dict("records"):
            kind = KIND_TITLES[one["kind"]]
            order.append(f"{title}{_MARK}{kind}")
            said = {"number": str(title), "kind": kind, "record": one["identification"]}
            said |= {"programmes": one["n_programmes"]}
            rows.append({"row": order[-1]} | said | {name: one[name] for name, _ in _TIPS})
    return rows, heads, order


def plot_estimates(shown: Evidence, theme: Theme) -> Spec:
    """Return the estimated numbers by kind of programme, each interval beside its prior."""
    rows, heads, order = _rows(shown)
    y = {
        "field": "row", "type": "nominal", "title": None,
        "scale": {"domain": order},
        "axis": {"labelExpr": f"split(datum.value, '{_MARK}')[1]", "grid": False,
                 "labelPadding": 8},
    }  # fmt: skip
    x = {
        "field": "mean", "type": "quantitative",
        "axis": {"title": "value, in the unit of each number", "tickCount": 6, "titlePadding": 10},
    }  # fmt: skip
    colours = [theme.colour("first"), theme.colour("second"), theme.soft]
    record = {
        "field": "record", "type": "nominal",
        "scale": {"domain": [*IDENTIFICATIONS], "range": colours},
        "legend": {"direction": "vertical"},  # a phone is too narrow for all beside each other
    }  # fmt: skip
    shape = record | {
        "scale": {"domain": [*IDENTIFICATIONS], "range": ["circle", "diamond", "cross"]}
    }
    tips: list[Spec] = [
        {"field": "number"}, {"field": "kind"}, {"field": "record", "title": "the record"},
        {"field": "programmes", "title": "programmes"},
        *({"field": name, "format": ".2f", "title": words} for name, words in _TIPS),
    ]  # fmt: skip
    layers: list[Spec] = [
        {
            "mark": {"type": "rule", "strokeWidth": 9, "color": theme.soft, "opacity": 0.22},
            "encoding": {"y": y, "x": x | {"field": "prior_low"}, "x2": {"field": "prior_high"}},
        },
        {
            "mark": {"type": "rule", "strokeWidth": 2},
            "encoding": {
                "y": y, "x": x | {"field": "low"}, "x2": {"field": "high"}, "color": record,
            },
        },
        {
            "mark": {"type": "point", "filled": True, "size": 60, "opacity": 1},
            "encoding": {"y": y, "x": x, "color": record, "shape": shape, "tooltip": tips},
        },
        {
            "data": {"values": heads},
            "mark": {"type": "text", "align": "left", "color": theme.ink, "fontSize": 13,
                     "fontWeight": 600},
            "encoding": {"y": y, "x": {"value": 0}, "text": {"field": "text"}},
        },
    ]  # fmt: skip
    return specification(
        theme,
        _ROW_PX * len(order),
        "Estimated numbers of the model, by kind of programme.",
        {"data": {"values": rows}, "layer": layers},
    )
