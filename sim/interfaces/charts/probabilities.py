"""A country's probability over time, as areas that fill the whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.interfaces.charts.base import Spec, chart, month_axis
from sim.interfaces.charts.palette import Theme

# What never comes to more than this cannot be seen, and would only lengthen the legend.
LEAST = 0.01


def plot_probabilities(
    theme: Theme,
    months: Sequence[str],
    probability: NDArray[Any],
    titles: Sequence[str],
    colours: Sequence[str],
    height: int = 170,
    has_legend: bool = True,
) -> Spec:
    """Return the chart of one country's probability of each group or path, month by month.

    Parameters
    ----------
    probability : ndarray, shape (G, T)
        Probabilities 0-1 that sum to 1 over the first axis.
    titles, colours : sequence of str
        One for each of the G.
    height : int
        Pixels without the legend.
    has_legend : bool
        False where the colours are explained beside the chart.
    """
    kept = [g for g in range(len(titles)) if float(np.max(probability[g])) > LEAST]
    rows = [
        {
            "month": f"{month}-01",
            "path": titles[g],
            "order": g,
            "p": round(float(probability[g, t]), 6),
        }
        for g in kept
        for t, month in enumerate(months)
    ]
    names = [titles[g] for g in kept]
    legend = {"columns": 1, "symbolType": "square", "labelLimit": 400, "orient": "bottom"}
    scale = {"domain": names, "range": [colours[g] for g in kept]}
    return chart(
        theme,
        height + (20 * len(names) if has_legend else 0),
        "Probability of each path over time.",
        {
            "data": {"values": rows},
            "mark": {"type": "area", "opacity": 0.95},
            "encoding": {
                "x": month_axis(theme),
                "y": {
                    "field": "p",
                    "type": "quantitative",
                    "stack": "zero",
                    "scale": {"domain": [0, 1]},
                    "axis": {"format": ".0%", "tickCount": 3, "title": None},
                },
                "color": {
                    "field": "path",
                    "type": "nominal",
                    "scale": scale,
                    "legend": legend if has_legend else None,
                },
                "order": {"field": "order"},
                "tooltip": [
                    {"field": "path", "title": "path"},
                    {"field": "month", "type": "temporal", "format": "%B %Y", "title": "month"},
                    {"field": "p", "format": ".0%", "title": "probability"},
                ],
            },
        },
    )
