"""The tables of one point: where it lies, what comes out over the world, and who commits.

They are made of the same outcomes, intervals and paired differences as the tables of a run and of
a comparison; here each has the number of its point in front.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.experiment.intervals import mean_interval, quantiles, variance_share
from sim.experiment.outcomes import (
    Outcome,
    horizon_outcomes,
    offer_outcomes,
    paired_outcomes,
    path_outcomes,
)
from sim.experiment.tables.countries import commitment_odds
from sim.experiment.tables.differences import Pair, ends_with, paired_odds
from sim.experiment.tables.providers import TOTAL_QUANTILES
from sim.experiment.tables.shared_columns import (
    COUNTRY,
    MEAN,
    PROVIDER,
    SCENARIO,
    VARIANCE,
    quantile_column,
)
from sim.experiment.tables.table import Column, Table, build_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.experiment.sweeps.swept import SweptField
    from sim.model.ensemble import Ensemble

POINT = Column(
    "point",
    "integer",
    "",
    "Number of the point; 0 is the scenario as it stands, with nothing set.",
)
_EMPTY = "Empty with fewer than two draws of the uncertain numbers."
_PAIRED = "the same futures are compared, with the same luck and the same uncertain numbers"
_END = "end of the 90 % confidence interval"
_P, _D = "probability 0-1", "probability -1 to 1"


class PointTables(NamedTuple):
    """What a point comes to, in the order of the files."""

    points: Table
    outcomes: Table
    countries: Table


@dataclass(frozen=True)
class Point:
    """A point that has run.

    Parameters
    ----------
    number : int
        0 for the scenario as it stands.
    fields : sequence of SweptField
        What the design moves.
    cells : sequence of float
        Their values here; NaN for null.
    pair : Pair
        The ensemble of the scenario as it stands, and that of the point, in the same futures.
    """

    number: int
    fields: Sequence[SweptField]
    cells: Sequence[float]
    pair: Pair


def field_columns(fields: Sequence[SweptField]) -> list[Column]:
    """Return one column for each number that the design moves."""
    return [
        Column(
            field.name,
            "number",
            "1 true, 0 false" if field.spec.kind == "switch" else field.spec.unit,
            f"Value of {field.address} at the point"
            f"{', by the lever of that name' if field.lever is not None else ''}: "
            f"{field.spec.description or 'a number of the scenario.'} Empty where it is null or "
            "computed from the facts.",
        )
        for field in fields
    ]


def point_columns(fields: Sequence[SweptField]) -> list[Column]:
    """Return the columns of the table of points."""
    words = "Whether the point is the scenario as it stands, with nothing set."
    digest = (
        "SHA-256 of the scenario at the point: as in the manifest of a run of that scenario, whose "
        "numbers with the same seed and futures are those of the point."
    )
    return [
        SCENARIO,
        POINT,
        *field_columns(fields),
        Column("is_baseline", "boolean", "", words),
        Column("scenario_hash", "string", "", digest),
    ]


def outcome_columns(fields: Sequence[SweptField]) -> list[Column]:
    """Return the columns of the table of outcomes over the world."""
    unit = "as the outcome"
    whose = "Short name of the provider; empty for what belongs to none."
    about = "Offer that the outcome is about, as provider_offer; empty for what is about none."
    error = f"Monte Carlo standard error of the mean; draws are the independent units. {_EMPTY}"
    less = f"Mean of the point less mean of point 0; {_PAIRED}."
    paired_error = f"Standard error of the paired difference from point 0. {_EMPTY}"
    return [
        SCENARIO,
        POINT,
        *field_columns(fields),
        Column("provider", "string", "", whose),
        Column("offer", "string", "", about),
        Column("outcome", "string", "", "What is counted, at the end of the last month."),
        Column("unit", "string", "", "Unit of the row."),
        MEAN,
        Column("mean_low", "number", unit, f"Lower {_END} of the mean. {_EMPTY}"),
        Column("mean_high", "number", unit, f"Upper {_END} of the mean. {_EMPTY}"),
        Column("mean_se", "number", unit, error),
        *(quantile_column(q) for q in TOTAL_QUANTILES),
        VARIANCE,
        Column("difference", "number", unit, less),
        Column("difference_low", "number", unit, f"Lower {_END} of the difference. {_EMPTY}"),
        Column("difference_high", "number", unit, f"Upper {_END} of the difference. {_EMPTY}"),
        Column("difference_se", "number", unit, paired_error),
    ]


def country_columns() -> list[Column]:
    """Return the columns of the table of countries."""
    holds = "Share of futures in which the country ends with an offer of the provider."
    end = "end of the 90 % interval of these odds over plausible values of the uncertain numbers"
    error = f"Monte Carlo standard error of p_committed, as in the table of countries. {_EMPTY}"
    less = f"Odds at the point less odds at point 0; {_PAIRED}."
    paired_error = f"Standard error of the paired difference from point 0. {_EMPTY}"
    return [
        SCENARIO,
        POINT,
        COUNTRY,
        PROVIDER,
        Column("p_committed", "number", _P, holds),
        Column("p_committed_low", "number", _P, f"Lower {end}. {_EMPTY}"),
        Column("p_committed_high", "number", _P, f"Upper {end}. {_EMPTY}"),
        Column("p_committed_se_chance", "number", _P, error),
        Column("difference", "number", _D, less),
        Column("difference_low", "number", _D, f"Lower {_END} of the difference. {_EMPTY}"),
        Column("difference_high", "number", _D, f"Upper {_END} of the difference. {_EMPTY}"),
        Column("difference_se", "number", _P, paired_error),
    ]


def table_heads(fields: Sequence[SweptField]) -> PointTables:
    """Return the tables of a sweep without rows: their names, columns and keys."""
    return PointTables(
        build_table(
            "points",
            "One row a point: the value of every number that the design moves. Point 0 is the "
            "scenario as it stands, whose own distributions hold; at the others a number that the "
            "design sets is fixed there, and no longer drawn.",
            ("point",),
            [(column, []) for column in point_columns(fields)],
            has_twin=True,
        ),
        build_table(
            "outcomes",
            "One row a point and outcome over the world at the end of the last month: of a "
            "provider, of an offer, of countries that hedge, of a path.",
            (),
            [(column, []) for column in outcome_columns(fields)],
            has_twin=True,
        ),
        build_table(
            "countries",
            "One row a point, country and provider: the odds that the country ends committed.",
            ("point", "country", "provider"),
            [(column, []) for column in country_columns()],
            has_twin=True,
        ),
    )


def point_tables(point: Point) -> PointTables:
    """Return the tables of a point that has run."""
    heads = table_heads(point.fields)
    return PointTables(
        _filled(heads.points, _point_row(point)),
        _filled(heads.outcomes, _outcome_cells(point)),
        _filled(heads.countries, _country_cells(point)),
    )


def _filled(head: Table, cells: Sequence[Any]) -> Table:
    content = list(zip(head.columns, cells, strict=True))
    return build_table(head.name, head.description, head.key, content, head.has_twin)


def _point_row(point: Point) -> list[Any]:
    scenario = point.pair.b.scenario
    settings = [[cell] for cell in point.cells]
    return [[scenario.name], [point.number], *settings, [point.number == 0], [scenario.hash]]


def world_outcomes(ensemble: Ensemble) -> list[Outcome]:
    """Return every outcome of a future that is no single country's."""
    return [*horizon_outcomes(ensemble), *offer_outcomes(ensemble), *path_outcomes(ensemble)]


def _outcome_cells(point: Point) -> list[Any]:
    pair, size = point.pair, point.pair.b.futures_per_draw
    sides = world_outcomes(pair.a), world_outcomes(pair.b)
    both = [*paired_outcomes(sides[0], sides[1], pair.b.replicates)]
    a, b = (np.stack([row[i].values.astype(np.float64) for row in both], axis=1) for i in (0, 1))
    found = [row[1] for row in both]
    n = len(found)
    _, *ends = mean_interval(b, size)
    return [
        [pair.b.scenario.name] * n,
        [point.number] * n,
        *([cell] * n for cell in point.cells),
        [outcome.provider for outcome in found],
        [outcome.offer for outcome in found],
        [outcome.name for outcome in found],
        [outcome.unit for outcome in found],
        b.mean(axis=0),
        *ends,
        *quantiles(b, TOTAL_QUANTILES),
        variance_share(b, size),
        *mean_interval(b - a, size),
    ]


def _country_cells(point: Point) -> list[Any]:
    pair = point.pair
    axes = pair.b.axes
    # Countries that take no part at the point have no odds there, and no row.
    kept = [pair.countries.index(code) for code in axes.country]
    odds, differences = [], []
    for p, provider in enumerate(axes.provider):
        found = commitment_odds(pair.b, p)
        odds.append([found.mean, found.low, found.high, found.standard_error])
        differences.append(paired_odds(pair, ends_with(provider))[2:6, kept])
    # (columns, countries, providers)
    values = np.concatenate([np.array(odds), np.array(differences)], axis=1).transpose(1, 2, 0)
    n_providers, n = len(axes.provider), len(axes.provider) * len(axes.country)
    return [
        [pair.b.scenario.name] * n,
        [point.number] * n,
        [code for code in axes.country for _ in range(n_providers)],
        list(axes.provider) * len(axes.country),
        *values.reshape(values.shape[0], -1),
    ]
