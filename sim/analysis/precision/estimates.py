"""The means, probabilities and differences of a result, each with its Monte Carlo error."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.quantities import (
    Quantities,
    Quantity,
    at_points,
    error_column,
    in_futures,
    quantities_of_futures,
    quantities_of_sweep,
    value_column,
)
from sim.experiment.comparison import Comparison
from sim.experiment.intervals import mean_interval, probability
from sim.experiment.outcomes import can_commit, is_committed, offers_of
from sim.experiment.stored import StoredComparison

if TYPE_CHECKING:
    from sim.experiment.result import Result
    from sim.experiment.sweeps.stored import StoredSweep

MEAN, DIFFERENCE = "mean", "difference"


@dataclass(frozen=True)
class QuantityEstimate:
    """An estimate of one quantity.

    Parameters
    ----------
    quantity : Quantity
    what : str
        MEAN (of a probability, the probability), or DIFFERENCE over the same futures.
    point : int or None
        Point of a sweep; None for other results.
    value, error : float
        The estimate and its Monte Carlo standard error.
    mean : float
        Of which a percentage is taken: the estimate itself, or, for a difference, the mean that
        differs.
    is_unseen : bool
        Whether it is the probability of something that happens in no future or in all, although no
        rule decides it; its error is then a bound.
    """

    quantity: Quantity
    what: str
    point: int | None
    value: float
    error: float
    mean: float
    is_unseen: bool = False


def usual(known: Quantities) -> list[Quantity]:
    """Return what is estimated unless something is asked for: the partners of each provider."""
    return [known.find(f"n_countries({name})") for name in known.scenario.providers]


def of_run(result: Result, asked: Sequence[str]) -> Iterator[QuantityEstimate]:
    """Yield the estimates of a run."""
    ensemble = result.ensemble
    known = quantities_of_futures(ensemble, result.scenario)
    size = result.futures_per_draw
    for quantity in [known.find(text) for text in asked] or usual(known):
        if not quantity.is_probability:
            mean, _, _, error = mean_interval(in_futures(ensemble, quantity), size)
            yield QuantityEstimate(quantity, MEAN, None, float(mean), float(error), float(mean))
            continue
        from sim.model.ensemble import as_rows

        axes = ensemble.axes
        p, i = axes.provider.index(quantity.provider), axes.country.index(quantity.country)
        is_open = can_commit(as_rows(ensemble), offers_of(axes, quantity.provider))[:, 0]
        found = probability(is_committed(ensemble, p), size, bool(ensemble.number_names), is_open)
        chance = float(found.mean[i]), float(found.standard_error[i])
        yield _probable(quantity, None, *chance)


def _probable(
    quantity: Quantity, point: int | None, value: float, error: float
) -> QuantityEstimate:
    is_unseen = value in (0.0, 1.0) and error > 0
    return QuantityEstimate(quantity, MEAN, point, value, error, value, is_unseen)


def of_comparison(
    result: Comparison | StoredComparison, asked: Sequence[str]
) -> Iterator[QuantityEstimate]:
    """Yield the paired differences of a comparison."""
    totals = result.frame("totals")
    names = totals["provider"].fillna("").astype(str)
    keys = [
        (name, "", str(outcome)) for name, outcome in zip(names, totals["outcome"], strict=True)
    ]
    units = dict(zip(keys, totals["unit"].astype(str), strict=True))
    # Providers that only the first scenario has are in the tables too.
    scenario = result.scenario_b
    known = Quantities(scenario, {key: unit for key, unit in units.items() if _has(scenario, key)})
    for quantity in [known.find(text) for text in asked] or usual(known):
        if quantity.is_probability:
            table = result.frame("countries")
            is_own = (table["country"] == quantity.country) & (
                table["outcome"] == f"p_committed_{quantity.provider}"
            )
        else:
            table = totals
            is_own = (names == quantity.provider) & (table["outcome"] == quantity.outcome)
        row: Mapping[Any, Any] = table[is_own].iloc[0].to_dict()
        value, error = float(row["difference"]), float(row["difference_se"])
        mean = float(row["p_b" if quantity.is_probability else "mean_b"])
        yield QuantityEstimate(quantity, DIFFERENCE, None, value, error, mean)


def _has(scenario: Any, key: tuple[str, str, str]) -> bool:
    return not key[0] or key[0] in scenario.providers


def of_sweep(found: StoredSweep, asked: Sequence[str]) -> Iterator[QuantityEstimate]:
    """Yield the estimates of a sweep: each number at each point, and its change from point 0."""
    known = quantities_of_sweep(found)
    for quantity in [known.find(text) for text in asked] or usual(known):
        rows = at_points(found, quantity)
        value, error = value_column(quantity), error_column(quantity)
        start = rows.at_start[value], rows.at_start[error]
        yield _estimate_at(quantity, 0, *start)
        columns = [rows.at_points[name] for name in (value, error, "difference", "difference_se")]
        for point, cells in enumerate(np.stack(columns, axis=1).tolist(), 1):
            if not np.isnan(cells[0]):
                yield _estimate_at(quantity, point, cells[0], cells[1])
                yield QuantityEstimate(quantity, DIFFERENCE, point, cells[2], cells[3], cells[0])


def _estimate_at(quantity: Quantity, point: int, value: float, error: float) -> QuantityEstimate:
    if quantity.is_probability:
        return _probable(quantity, point, value, error)
    return QuantityEstimate(quantity, MEAN, point, value, error, value)
