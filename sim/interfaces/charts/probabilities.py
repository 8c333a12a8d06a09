"""A country's probability over time, as areas that fill the whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.analysis.countries import path_probabilities
from sim.analysis.pairing import ensembles_of, path_holders, path_titles, provider_names
from sim.analysis.shown import Shown
from sim.analysis.standing import group_counts, path_groups
from sim.analysis.summary.dated import Dated, dated_record, events_in_view
from sim.interfaces.charts.base import Spec, dated_layers, month_axis, specification
from sim.interfaces.charts.palette import Theme
from sim.interfaces.charts.shades import blend

# What never comes to more than this cannot be seen, and would only lengthen the legend.
LEAST = 0.01
# Paths of one provider, or of two, take strengths of one colour: as it is, then laid on the page
# or on the ink. Neighbours in the order of paths are far apart.
_STRENGTHS = ((1.0, "page"), (0.5, "page"), (0.65, "ink"), (0.28, "page"))


def probabilities_spec(
    theme: Theme,
    months: Sequence[str],
    probability: NDArray[Any],
    titles: Sequence[str],
    colours: Sequence[str],
    height: int = 170,
    has_legend: bool = True,
    marks: Sequence[Spec] = (),
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
    marks : sequence of dict
        Layers of what stands on the time axis; see `dated_layers`.
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
    areas = {
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
    }
    return specification(
        theme,
        height + (20 * len(names) if has_legend else 0),
        "Probability of each path over time.",
        {"layer": [areas, *marks]} if marks else areas,
    )


def plot_country_groups(
    shown: Shown, theme: Theme, *, country: str, is_small: bool = False, month: str = ""
) -> Spec:
    """Return where a country of A stands over time: with which provider, with two, or waiting.

    Small, it has no legend, for a place where the colours are explained beside it.
    """
    ensemble = shown.ensemble
    groups = path_groups(ensemble)
    i = ensemble.axes.country.index(country)
    probability = group_counts(ensemble, groups)[i] / ensemble.replicates
    providers = tuple(provider_names(shown))
    return probabilities_spec(
        theme,
        ensemble.axes.month,
        probability,
        [group.title for group in groups],
        [theme.colour(group.key, providers) for group in groups],
        120 if is_small else 200,
        not is_small,
        dated_layers(theme, on_time_axis(shown, country, "A"), month, is_above=True),
    )


def on_time_axis(shown: Shown, country: str, side: str) -> list[Dated]:
    """Return what is marked on the chart of a country: events of a side, and its own record."""
    found = [*events_in_view(shown, side), *dated_record(shown, country)]
    return sorted(found, key=lambda each: each.month)


def plot_country_paths(
    shown: Shown, theme: Theme, *, country: str, side: str = "A", month: str = ""
) -> Spec:
    """Return on which path a country is over time, of one side; paths of both have one colour."""
    ensemble = ensembles_of(shown)[side]
    names = path_titles(shown)
    probability = path_probabilities(ensemble, country, list(names))
    colours = path_colours(theme, shown)
    marks = dated_layers(theme, on_time_axis(shown, country, side), month, is_above=True)
    titles = list(names.values())
    return probabilities_spec(
        theme, ensemble.axes.month, probability, titles, colours, 200, marks=marks
    )


def path_colours(theme: Theme, shown: Shown) -> list[str]:
    """Return the colour of each path, the same for both sides."""
    providers = tuple(provider_names(shown))
    colours: list[str] = []
    earlier: Counter[tuple[str, ...]] = Counter()
    for path, held in path_holders(shown).items():
        key = path if not held else held[0] if len(held) == 1 else "two"
        share, ground = _STRENGTHS[earlier[held] % len(_STRENGTHS)]
        under = theme.page if ground == "page" else theme.ink
        colours.append(blend(under, theme.colour(key, providers), share))
        earlier[held] += 1
    return colours
