"""Settings of levers: what each costs against how much it may be regretted."""

from __future__ import annotations

from sim.analysis.robustness.comparing import Robustness
from sim.analysis.robustness.words import amount_in_words, setting_in_words
from sim.interfaces.charts.base import Spec, specification, upright_title
from sim.interfaces.charts.palette import Theme
from sim.words.wording import number, percent


def plot_trade_off(shown: Robustness, theme: Theme) -> Spec:
    """Return the cost and the greatest regret of each setting of the levers."""
    regret, front = shown.greatest_regret, shown.is_on_front
    pick, now = shown.least_regretted, shown.crossing.now
    scale = 100.0 if "0-1" in shown.quantity.unit else 1.0
    unit = "points" if scale > 1 else shown.quantity.unit
    own_scale = 100.0 if "0-1" in shown.cost_unit else 1.0
    rows = [
        {
            "setting": n + 1,
            "cost": own_scale * float(shown.cost[n]),
            "regret": scale * float(regret[n]),
            "kind": "on the front" if front[n] else "beaten",
            "pick": n == pick,
            "now": n == now,
            "tip": _tip(shown, n),
        }
        for n in range(len(regret))
    ]
    cost_unit = "points" if own_scale > 1 else shown.cost_unit
    title = f"{shown.cost_title}{f', {cost_unit}' if cost_unit else ''}"
    x = {
        "field": "cost", "type": "quantitative", "scale": {"zero": False, "padding": 16},
        "axis": {"title": title, "grid": False, "tickCount": 6, "titlePadding": 10},
    }  # fmt: skip
    y = {
        "field": "regret", "type": "quantitative", "scale": {"padding": 10},
        "axis": {"tickCount": 5} | upright_title(f"greatest regret, {unit}"),
    }  # fmt: skip
    domain = ["on the front", "beaten"]
    colour = {
        "field": "kind", "type": "nominal",
        "scale": {"domain": domain, "range": [theme.colour("second"), theme.soft]},
        "legend": {"orient": "bottom"},
    }  # fmt: skip
    layers: list[Spec] = [
        {
            "transform": [{"filter": {"field": "kind", "equal": domain[0]}}],
            "mark": {"type": "line", "color": theme.colour("second"), "strokeWidth": 1.5,
                     "aria": False},
            "encoding": {"x": x, "y": y, "order": {"field": "cost", "type": "quantitative"}},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 90, "opacity": 0.9},
            "encoding": {
                "x": x, "y": y, "color": colour,
                "tooltip": {"field": "tip", "type": "nominal"},
            },
        },
        _ring(x, y, "pick", theme.ink, []),
        _ring(x, y, "now", theme.ink, [3, 3]),
    ]  # fmt: skip
    return specification(
        theme,
        300,
        f"Cost and greatest regret of {len(rows)} settings over {len(shown.crossing.worlds)} "
        "worlds.",
        {"data": {"values": rows}, "layer": layers},
    )


def _ring(x: Spec, y: Spec, field: str, colour: str, dash: list[int]) -> Spec:
    return {
        "transform": [{"filter": f"datum.{field}"}],
        "mark": {
            "type": "point", "size": 300, "strokeWidth": 2.2, "color": colour, "strokeDash": dash,
            "aria": False,
        },
        "encoding": {"x": x, "y": y},
    }  # fmt: skip


def _tip(shown: Robustness, n: int) -> str:
    """Return what is known of a setting, in words."""
    cost = percent(shown.cost[n]) if "0-1" in shown.cost_unit else number(float(shown.cost[n]))
    return (
        f"{setting_in_words(shown, n)}. Greatest regret "
        f"{amount_in_words(shown, float(shown.greatest_regret[n]))}; {shown.cost_title}: {cost}; "
        f"good enough in {percent(float(shown.good_enough[n]))} of the worlds."
    )
