"""providers, partners, transitions and totals: what providers hold, and how countries move."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from sim.experiment.intervals import mean_interval, quantiles, variance_share
from sim.experiment.outcomes import MEASURES, horizon_outcomes, partner_counts
from sim.experiment.tables.shared_columns import (
    MEAN,
    MEAN_SE,
    MONTH,
    OFFER,
    PATH,
    PROVIDER,
    SCENARIO,
    VARIANCE,
    error_column,
    quantile_column,
)
from sim.experiment.tables.table import Column, Described, Table, build_table
from sim.model.layout import OFFER_COLUMNS

if TYPE_CHECKING:
    from sim.model.ensemble import Ensemble

ENDS = (0.05, 0.95)
TOTAL_QUANTILES = (0.05, 0.5, 0.95)


def providers_table(ensemble: Ensemble) -> Table:
    """Return the table of offers over time: invitations, slots, stages, megawatts, funds."""
    axes = ensemble.axes
    month, offer = (i.ravel() for i in np.indices((len(axes.month), len(axes.offer))))
    return build_table(
        "providers",
        "One row per month and offer: what the provider holds at the end of the month.",
        ("month", "offer"),
        [
            (SCENARIO, [ensemble.scenario.name] * month.size),
            (MONTH, np.array(axes.month, object)[month]),
            (PROVIDER, np.array(axes.offer_provider, object)[offer]),
            (OFFER, np.array(axes.offer, object)[offer]),
            *_measure_columns(ensemble),
        ],
        has_twin=True,
    )


def _measure_columns(ensemble: Ensemble) -> Iterator[Described]:
    for column, name in enumerate(OFFER_COLUMNS):
        unit, meaning = MEASURES.get(name, ("", name))
        values = ensemble.offer_record[:, :, :, column]
        text = f"Mean over futures of {meaning}."
        yield Column(f"{name}_mean", "number", unit, text), values.mean(axis=0).ravel()
        error = mean_interval(values, ensemble.futures_per_draw)[3]
        yield error_column(f"{name}_mean", unit), error.ravel()
        for q, ends in zip(ENDS, quantiles(values, ENDS), strict=True):
            yield quantile_column(q, unit, name), ends.ravel()


def transitions_table(ensemble: Ensemble) -> Table:
    """Return the table of moves between paths."""
    axes = ensemble.axes
    a, b = (index.ravel() for index in np.indices(ensemble.transition.shape[1:]))
    kept = a != b
    a, b = a[kept], b[kept]
    moves = ensemble.transition[:, a, b]
    low, high = quantiles(moves, ENDS)
    names = np.array(axes.path, object)
    return build_table(
        "transitions",
        "One row per ordered pair of paths: moves of countries from one to the other.",
        ("path_from", "path_to"),
        [
            (SCENARIO, [ensemble.scenario.name] * a.size),
            (Column("path_from", "string", "", f"Path left. {PATH.description}"), names[a]),
            (Column("path_to", "string", "", f"Path taken. {PATH.description}"), names[b]),
            (
                Column("mean", "number", "moves per future", "Mean over futures of the moves."),
                moves.mean(axis=0),
            ),
            (
                error_column("mean", "moves per future"),
                mean_interval(moves, ensemble.futures_per_draw)[3],
            ),
            (quantile_column(ENDS[0], "moves per future"), low),
            (quantile_column(ENDS[1], "moves per future"), high),
        ],
    )


def partners_table(ensemble: Ensemble) -> Table:
    """Return the distribution of the number of partners of each offer and each provider."""
    rows = [
        (provider, offer, when, count, futures / ensemble.replicates)
        for provider, offer, when, counts in partner_counts(ensemble)
        for count, futures in enumerate(np.bincount(counts).tolist())
    ]
    provider, offer, when, count, p = zip(*rows, strict=True)
    counted = "Partners at the end of the last month (at_end) or at any time (ever)."
    return build_table(
        "partners",
        "One row per number of partners up to the largest that occurred: its probability, for each "
        "offer and for all offers of a provider together.",
        ("provider", "offer", "counted", "n_partners"),
        [
            (SCENARIO, [ensemble.scenario.name] * len(rows)),
            (PROVIDER, provider),
            (
                Column("offer", "string", "", "Offer, or all: any offer of the provider."),
                offer,
            ),
            (Column("counted", "string", "", counted), when),
            (Column("n_partners", "integer", "countries", "Number of partners."), count),
            (
                Column("p", "number", "probability 0-1", "Share of futures with that number."),
                p,
            ),
        ],
    )


def totals_table(ensemble: Ensemble) -> Table:
    """Return the table of outcomes at the horizon: of providers and of countries with two."""
    outcomes = horizon_outcomes(ensemble)
    values = np.stack([outcome.values.astype(np.float64) for outcome in outcomes], axis=1)
    found = quantiles(values, TOTAL_QUANTILES)
    whose = "Short name of the provider; empty for countries with offers of two providers."
    return build_table(
        "totals",
        "One row per outcome at the end of the last month: of each provider, and of countries that "
        "hedge.",
        (),
        [
            (SCENARIO, [ensemble.scenario.name] * len(outcomes)),
            (Column("provider", "string", "", whose), [o.provider for o in outcomes]),
            (Column("outcome", "string", "", "What is counted."), [o.name for o in outcomes]),
            (Column("unit", "string", "", "Unit of the row."), [o.unit for o in outcomes]),
            (MEAN, values.mean(axis=0)),
            (MEAN_SE, mean_interval(values, ensemble.futures_per_draw)[3]),
            *((quantile_column(q), found[j]) for j, q in enumerate(TOTAL_QUANTILES)),
            (VARIANCE, variance_share(values, ensemble.futures_per_draw)),
        ],
    )
