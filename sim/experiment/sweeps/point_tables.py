"""The tables of one point: its values, the outcomes over the world, and who commits.

They consist of the same outcomes, intervals and paired differences as the tables of a run and of a
comparison; here each row also has the number of its point.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.experiment.intervals import mean_interval, probability, quantiles, variance_share
from sim.experiment.outcomes import (
    Outcome,
    by_group,
    can_commit,
    horizon_outcomes,
    is_committed,
    offer_outcomes,
    offers_of,
    path_outcomes,
)
from sim.experiment.sweeps.variants import variant_hashes
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

    from sim.experiment.sweeps.designs.swept import SweptField
    from sim.experiment.sweeps.points import Points
    from sim.model.rows import Futures
    from sim.scenario import Scenario

POINT = Column(
    "point",
    "integer",
    "",
    "Number of the point; 0 is the scenario as it stands, with nothing set.",
)
_EMPTY = "Empty with fewer than two draws of the uncertain numbers."
_PAIRED = "the same futures are compared, with common random numbers"
_END = "end of the 90 % confidence interval"
_P, _D = "probability 0-1", "probability -1 to 1"


class PointTables(NamedTuple):
    """The tables of a point, in the order of the files."""

    points: Table
    outcomes: Table
    countries: Table


def field_columns(fields: Sequence[SweptField]) -> list[Column]:
    """Return one column per number that the design sets."""
    return [
        Column(
            field.name,
            "number",
            "1 true, 0 false" if field.spec.kind == "switch" else field.spec.unit,
            f"Value of {field.address} at the point"
            f"{', set by the lever of that name' if field.lever is not None else ''}: "
            f"{field.spec.description or 'a number of the scenario.'} Empty if it is null or "
            "computed from the facts.",
        )
        for field in fields
    ]


def point_columns(fields: Sequence[SweptField]) -> list[Column]:
    """Return the columns of the table of points."""
    words = "Whether the point is the scenario as it stands, with nothing set."
    digest = (
        "SHA-256 of the scenario at the point, as in the manifest of a run of that scenario; such "
        "a run with the same seed and futures gives the numbers of the point. Empty if the point "
        "failed."
    )
    error = "Why the point failed: it then has no outcomes. Empty if it ran."
    return [
        SCENARIO,
        POINT,
        *field_columns(fields),
        Column("is_baseline", "boolean", "", words),
        Column("scenario_hash", "string", "", digest),
        Column("error", "string", "", error),
    ]


def outcome_columns(fields: Sequence[SweptField]) -> list[Column]:
    """Return the columns of the table of outcomes over the world."""
    unit = "as the outcome"
    whose = "Short name of the provider; empty for an outcome that belongs to none."
    about = "Offer that the outcome is about, as provider_offer; empty if it is about none."
    error = f"Monte Carlo standard error of the mean; draws are the independent units. {_EMPTY}"
    less = f"Mean at the point minus mean at point 0; {_PAIRED}."
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
    end = "end of its 90 % interval over plausible values of the uncertain numbers"
    error = f"Monte Carlo standard error of p_committed, as in the table of countries. {_EMPTY}"
    less = f"Probability at the point minus probability at point 0; {_PAIRED}."
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
            "One row per point: the value of every number that the design sets. Point 0 is the "
            "scenario as it stands, with its own distributions; at all other points the numbers "
            "that the design sets are fixed and no longer drawn.",
            ("scenario", "point"),
            [(column, []) for column in point_columns(fields)],
            has_twin=True,
        ),
        build_table(
            "outcomes",
            "One row per point and outcome over the world at the end of the last month: of a "
            "provider, of an offer, of countries with two providers, of a path.",
            (),
            [(column, []) for column in outcome_columns(fields)],
            has_twin=True,
        ),
        build_table(
            "countries",
            "One row per point, country and provider: the probability that the country ends "
            "committed.",
            ("scenario", "point", "country", "provider"),
            [(column, []) for column in country_columns()],
            has_twin=True,
        ),
    )


def point_tables(points: Points, fields: Sequence[SweptField]) -> PointTables:
    """Return the tables of points that have run, in the order of the points."""
    heads = table_heads(fields)
    settings = list(points.cells.T)
    cells = (
        [*settings, *_point_cells(points, fields)],
        [*settings, *_outcome_cells(points)],
        _country_cells(points),
    )
    return PointTables(*map(partial(_filled, points), heads, cells))


def failed_tables(
    scenario: Scenario,
    numbers: Sequence[int],
    cells: NDArray[np.float64],
    errors: Sequence[str],
    fields: Sequence[SweptField],
) -> PointTables:
    """Return the tables of points that failed: rows in the table of points, and no outcomes."""
    heads = table_heads(fields)
    n = len(numbers)
    about = [np.zeros(n, np.bool_), np.full(n, "", object), np.array(errors, object)]
    columns = [
        np.full(n, scenario.name, object), np.array(numbers, np.int64), *cells.T, *about,
    ]  # fmt: skip
    return heads._replace(points=_with_rows(heads.points, columns))


def _filled(points: Points, head: Table, cells: Sequence[NDArray[Any]]) -> Table:
    """Return a table with its rows: scenario, point, then `cells`.

    A column of cells may have one value per point, which is repeated in each row of the point.
    """
    n_points, n_rows = len(points.numbers), max(map(len, cells))
    columns = [
        np.full(n_points, points.baseline.scenario.name, object),
        np.array(points.numbers, np.int64),
        *cells,
    ]
    return _with_rows(head, [np.repeat(column, n_rows // len(column)) for column in columns])


def _with_rows(head: Table, columns: Sequence[NDArray[Any]]) -> Table:
    content = list(zip(head.columns, columns, strict=True))
    return build_table(head.name, head.description, head.key, content, head.has_twin)


def _point_cells(points: Points, fields: Sequence[SweptField]) -> list[NDArray[Any]]:
    scenario, n = points.baseline.scenario, len(points.numbers)
    # Point 0 comes alone. Nothing is set there, so that its distributions count.
    is_start = points.numbers == (0,)
    hashes = [scenario.hash] if is_start else variant_hashes(scenario, fields, points.cells)
    return [np.full(n, is_start), np.array(hashes, object), np.full(n, "", object)]


def world_outcomes(futures: Futures) -> list[Outcome]:
    """Return every outcome of a future that does not belong to a single country."""
    return [*horizon_outcomes(futures), *offer_outcomes(futures), *path_outcomes(futures)]


def _pointby_group(values: NDArray[Any]) -> NDArray[Any]:
    """Return values (..., G) as a column, one point after another."""
    return np.moveaxis(values, -1, 0).reshape(-1)


def _outcome_cells(points: Points) -> list[NDArray[Any]]:
    size, n_points = points.baseline.futures_per_draw, len(points.numbers)
    replicates = points.baseline.replicates
    here = {outcome.key: outcome for outcome in world_outcomes(points.rows)}
    there = {outcome.key: outcome for outcome in world_outcomes(points.baseline)}
    keys = [*dict.fromkeys([*there, *here])]
    b = np.zeros((replicates, len(keys), n_points))
    a = np.zeros((replicates, len(keys), 1))
    for j, key in enumerate(keys):
        # Zero if one of the two does not have the outcome.
        if key in here:
            b[:, j] = by_group(here[key].values, n_points)
        if key in there:
            a[:, j, 0] = there[key].values
    found = [here.get(key) or there[key] for key in keys]
    names = [
        np.tile(np.array(words, object), n_points)
        for words in zip(*((o.provider, o.offer, o.name, o.unit) for o in found), strict=True)
    ]
    _, *ends = mean_interval(b, size)
    columns = [
        b.mean(axis=0),
        *ends,
        *quantiles(b, TOTAL_QUANTILES),
        variance_share(b, size),
        *mean_interval(b - a, size),
    ]
    return [*names, *(_pointby_group(column) for column in columns)]


def _country_cells(points: Points) -> list[NDArray[Any]]:
    rows, n_points = points.rows, len(points.numbers)
    size, axes = points.baseline.futures_per_draw, rows.axes
    # Countries that take no part at a point have no probability there and no row.
    known = {code: i for i, code in enumerate(points.baseline.axes.country)}
    theirs = [i for i, code in enumerate(axes.country) if code in known]
    columns = []
    for p, provider in enumerate(axes.provider):
        happens = by_group(is_committed(rows, p), n_points)
        at_point = probability(
            happens, size, points.is_drawn, can_commit(rows, offers_of(axes, provider))
        )
        before = np.zeros((*happens.shape[:2], 1), np.int8)
        if provider in points.baseline.axes.provider:
            there = is_committed(points.baseline, points.baseline.axes.provider.index(provider))
            places = [known[axes.country[i]] for i in theirs]
            before[:, theirs, 0] = there[:, places]
        change = mean_interval(happens.astype(np.int8) - before, size)
        limits = (change[0], np.maximum(change[1], -1.0), np.minimum(change[2], 1.0), change[3])
        found = (at_point.mean, at_point.low, at_point.high, at_point.standard_error)
        columns.append([*found, *limits])
    # (columns, countries, providers, points)
    values = np.array(columns).transpose(1, 2, 0, 3)
    country = np.repeat(np.array(axes.country, object), len(axes.provider))
    provider_names = np.tile(np.array(axes.provider, object), len(axes.country))
    names = [np.tile(column, n_points) for column in (country, provider_names)]
    return [*names, *(_pointby_group(column) for column in values)]
