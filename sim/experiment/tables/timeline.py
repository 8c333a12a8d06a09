"""timeline and countries_timeline: how many countries are on each path each month, and which."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.experiment.intervals import mean_interval, quantiles, variance_share
from sim.experiment.outcomes import SHARES
from sim.experiment.tables.shared_columns import (
    COUNTRY,
    MEAN,
    MEAN_SE,
    MONTH,
    PATH,
    SCENARIO,
    VARIANCE,
    quantile_column,
)
from sim.experiment.tables.table import Column, Table, build_table

if TYPE_CHECKING:
    from sim.model.ensemble import Ensemble

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
OUTCOMES = ("n_countries", *SHARES)
OUTCOME = Column(
    "outcome",
    "string",
    "",
    "What is counted: n_countries (countries), or the share 0-1 that those countries have of world "
    "GDP (gdp_share), population (population_share) or AI readiness (readiness_share).",
)


def timeline_table(ensemble: Ensemble) -> Table:
    """Return the table of paths over time: countries and their share of the world."""
    axes = ensemble.axes
    shape = (len(axes.month), len(axes.path), len(OUTCOMES))
    mean, error, variance = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    found = np.zeros((len(QUANTILES), *shape))
    # Path by path, which keeps working memory small compared with the ensemble.
    for k in range(len(axes.path)):
        for j in range(len(OUTCOMES)):
            values: NDArray[Any] = (
                ensemble.path_count[:, :, k] if j == 0 else ensemble.path_share[:, :, k, j - 1]
            )
            mean[:, k, j] = values.mean(axis=0)
            error[:, k, j] = mean_interval(values, ensemble.futures_per_draw)[3]
            variance[:, k, j] = variance_share(values, ensemble.futures_per_draw)
            found[:, :, k, j] = quantiles(values, QUANTILES)
    month, path, outcome = (index.ravel() for index in np.indices(shape))
    return build_table(
        "timeline",
        "One row per month, path and outcome: countries on the path at the end of the month, and "
        "their share of the world.",
        ("month", "path", "outcome"),
        [
            (SCENARIO, [ensemble.scenario.name] * mean.size),
            (MONTH, np.array(axes.month, object)[month]),
            (PATH, np.array(axes.path, object)[path]),
            (OUTCOME, np.array(OUTCOMES, object)[outcome]),
            (MEAN, mean.ravel()),
            (MEAN_SE, error.ravel()),
            *((quantile_column(q), found[j].ravel()) for j, q in enumerate(QUANTILES)),
            (VARIANCE, variance.ravel()),
        ],
        has_twin=True,
    )


def countries_timeline_table(ensemble: Ensemble) -> Table:
    """Return the table of each country's probability of each path, month by month."""
    axes = ensemble.axes
    by_month = ensemble.country_path.transpose(0, 2, 1)
    country, month, path = (index.ravel() for index in np.indices(by_month.shape))
    text = "Share of futures in which the country is on the path at the month's end."
    return build_table(
        "countries_timeline",
        "One row per country, month and path: the probability that the country is on the path at "
        "the end of the month.",
        ("month", "country", "path"),
        [
            (SCENARIO, [ensemble.scenario.name] * by_month.size),
            (MONTH, np.array(axes.month, object)[month]),
            (COUNTRY, np.array(axes.country, object)[country]),
            (PATH, np.array(axes.path, object)[path]),
            (
                Column("p", "number", "probability 0-1", text),
                by_month.ravel() / ensemble.replicates,
            ),
        ],
        has_twin=True,
    )
