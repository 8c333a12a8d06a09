"""Twenty dots: what the number of partners comes to, as chances that can be counted."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.analysis.pairing import ensembles_of, provider_names
from sim.analysis.shown import Shown
from sim.analysis.standing import partners_by_month
from sim.interfaces.charts.base import Spec, specification
from sim.interfaces.charts.palette import Theme

DOTS = 20
# So many dots fit beside each other on a phone; on a wide page they stand apart instead.
DOTS_ABREAST = 24


def twenty(values: NDArray[Any]) -> list[int]:
    """Return the numbers of twenty futures out of many: the quantiles 2.5, 7.5, ... 97.5 %.

    Examples
    --------
    >>> twenty(np.arange(100))[:3]
    [2, 7, 12]
    """
    at = (np.arange(DOTS) + 0.5) / DOTS
    return [int(v) for v in np.quantile(values, at, method="inverted_cdf")]


def _stacked(values: list[int], width: float) -> list[Spec]:
    """Return dots at their own values, each in the lowest row where it touches no other."""
    ends: list[float] = []
    dots = []
    for value in sorted(values):
        free = [n for n, end in enumerate(ends) if value - end >= width]
        row = free[0] if free else len(ends)
        ends[row : row + 1] = [value]
        dots.append({"countries": value, "row": row + 1})
    return dots


def twenty_spec(
    theme: Theme, values: NDArray[Any], colour: str, other: NDArray[Any] | None = None
) -> Spec:
    """Return the strip of twenty dots for the number of partners at the end.

    Parameters
    ----------
    values : ndarray, shape (R,)
        Countries in each future.
    other : ndarray, shape (R,), optional
        The same in the scenario compared with: rings that hang below, on the same scale.
    """
    above = twenty(values)
    below = [] if other is None else twenty(other)
    low, high = min(above + below), max(above + below)
    margin = max(1.0, 0.05 * (high - low))
    width = (high - low + 2 * margin) / DOTS_ABREAST
    rows = [dot | {"side": "A"} for dot in _stacked(above, width)]
    hanging = [dot | {"side": "B"} for dot in _stacked(below, width)]
    rows += [dot | {"row": -dot["row"]} for dot in hanging]
    reach = [min([0, *(row["row"] for row in rows)]) - 0.7, max(row["row"] for row in rows) + 0.7]
    x = {
        "field": "countries",
        "type": "quantitative",
        "scale": {"domain": [low - margin, high + margin], "zero": False, "nice": False},
        "axis": {"title": "countries", "grid": False, "tickMinStep": 1, "titleAlign": "left"},
    }
    y = {
        "field": "row",
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": reach, "nice": False},
    }
    sides = {"domain": ["A", "B"], "range": [colour, theme.soft]}
    inside = {"domain": ["A", "B"], "range": [colour, "transparent"]}
    dots = {
        "mark": {"type": "point", "size": 110, "opacity": 1, "strokeWidth": 2},
        "encoding": {
            "x": x,
            "y": y,
            "color": {"field": "side", "scale": sides, "legend": None},
            "fill": {"field": "side", "scale": inside, "legend": None},
            "tooltip": [{"field": "countries", "title": "countries in this future"}],
        },
    }
    layers = [dots]
    if below:
        layers.insert(
            0,
            {
                "mark": {"type": "rule", "color": theme.grid, "aria": False},
                "encoding": {"y": {**{k: v for k, v in y.items() if k != "field"}, "datum": 0}},
            },
        )
    height = int(17 * (reach[1] - reach[0])) + 50  # and the axis below
    return specification(
        theme,
        height,
        "Partners at the end, in twenty futures.",
        {"data": {"values": rows}, "layer": layers},
    )


def partners_in_futures(shown: Shown, provider: str) -> dict[str, NDArray[Any]]:
    """Return the partners of a provider at the end in each future, (R,), by the side's letter."""
    return {
        side: partners_by_month(ensemble, provider)[:, -1]
        for side, ensemble in ensembles_of(shown).items()
    }


def plot_twenty_futures(shown: Shown, theme: Theme, *, provider: str) -> Spec:
    """Return the partners of a provider at the end, in twenty futures of A and of B."""
    found = partners_in_futures(shown, provider)
    colour = theme.colour(provider, tuple(provider_names(shown)))
    return twenty_spec(theme, found["A"], colour, found.get("B"))
