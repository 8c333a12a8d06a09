"""Outcomes at the points of a finished sweep, in the order of its design."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.analysis.quantities import (
    PROBABILITY,
    Quantity,
    error_column,
    quantities_of_sweep,
    texts_of,
    value_column,
)

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.sweeps.stored import StoredSweep

Values = NDArray[np.float64]
ALL = "all"


class PointEstimates(NamedTuple):
    """An outcome at every point of a design, axis P.

    Parameters
    ----------
    value, error, paired_error : ndarray, shape (P,)
        Mean over futures, its standard error, and that of its difference from point 0; NaN where
        the point has no such outcome.
    """

    value: Values
    error: Values
    paired_error: Values


def wanted_quantities(
    found: StoredSweep, outcome: str | Sequence[str] | None, country: str | None
) -> list[Quantity]:
    """Return the outcomes that are asked for.

    Raises
    ------
    InputError
        If the sweep has no such outcome or country.
    """
    known = quantities_of_sweep(found)
    providers = [*found.scenario.providers]
    if outcome == ALL:
        wanted = [*known.all]
    else:
        texts = texts_of(outcome, "outcome")
        if not texts and country is None:
            texts = [f"n_countries({name})" for name in providers]
        wanted = [known.find(text) for text in texts]
    if country is not None:
        codes = found.scenario.agents if country == ALL else (country,)
        wanted += [known.find(f"{PROBABILITY}({code}, {p})") for code in codes for p in providers]
    return [*dict.fromkeys(wanted)]


def outcomes_at_points(
    found: StoredSweep, quantities: Sequence[Quantity]
) -> Iterator[tuple[Quantity, PointEstimates]]:
    """Yield each of some outcomes with its values at the points of a sweep.

    Each table is read once, however many outcomes are wanted.

    Raises
    ------
    RunError
        If a file of the sweep was changed.
    """
    for is_probability in (False, True):
        wanted = [each for each in quantities if each.is_probability is is_probability]
        if not wanted:
            continue
        rows = _rows(found, wanted, is_probability)
        keys = ["country", "provider"] if is_probability else ["provider", "offer", "outcome"]
        parts = dict([*rows.groupby(keys, sort=False)])
        for each in wanted:
            own = (each.provider, each.offer, each.outcome)
            part = parts.get((each.country, each.provider) if is_probability else own)
            if part is not None:
                yield each, _at_points(part, each, found.inputs.n_each)


def _rows(found: StoredSweep, wanted: Sequence[Quantity], is_probability: bool) -> pd.DataFrame:
    import pyarrow.compute as pc

    columns = [value_column(wanted[0]), error_column(wanted[0]), "difference_se", "point"]
    if is_probability:
        columns += ["country", "provider"]
        where = pc.field("country").isin(sorted({each.country for each in wanted}))
        return found.frame("countries", columns, where)
    columns += ["provider", "offer", "outcome"]
    where = pc.field("outcome").isin(sorted({each.outcome for each in wanted}))
    rows = found.frame("outcomes", columns, where)
    return rows.fillna({"provider": "", "offer": ""})


def _at_points(part: pd.DataFrame, quantity: Quantity, n_each: int) -> PointEstimates:
    places = part["point"].to_numpy(np.int64)
    columns = []
    for name in (value_column(quantity), error_column(quantity), "difference_se"):
        column = np.full(n_each, np.nan)
        column[places] = part[name].to_numpy(np.float64)
        columns.append(column[1:])
    return PointEstimates(*columns)
