"""What questions about sweeps are asked of: one measure at the points that are known."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.levers import start_value
from sim.analysis.sweeps.surface import SurfaceMeasure, measures, outcome_rows, surface
from sim.errors import InputError, Problem
from sim.words.titles import country_names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.experiment.sweeps.designs.swept import SweptField
    from sim.experiment.sweeps.stored import StoredSweep
    from sim.scenario import Scenario

Values = NDArray[np.float64]
# A number with more values than this is no axis of a grid.
MOST_VALUES = 25


@dataclass(frozen=True)
class ShownSweep:
    """One measure of a sweep, at the points where it is known.

    Parameters
    ----------
    scenario : Scenario
        As it stands.
    start : Scenario
        What is varied, and point 0, from which changes are counted.
    fields : tuple of SweptField
        What is varied.
    cells : mapping
        Values of every point by its number, point 0 and those that have not run included.
    measure : SurfaceMeasure
        The outcome.
    known : DataFrame
        As `surface` returns it.
    """

    scenario: Scenario
    start: Scenario
    fields: tuple[SweptField, ...]
    cells: Mapping[int, tuple[float, ...]]
    measure: SurfaceMeasure
    known: pd.DataFrame

    @property
    def names(self) -> list[str]:
        """Names of what is varied."""
        return [field.name for field in self.fields]

    @property
    def points(self) -> list[int]:
        """Every point but the one that others are compared with."""
        return [point for point in self.cells if point > 0]

    @cached_property
    def values(self) -> Values:
        """Values of these points, (P, F)."""
        found = [self.cells[point] for point in self.points]
        return np.array(found, float).reshape(len(found), len(self.fields))

    @cached_property
    def is_grid(self) -> bool:
        """Whether the points are every combination of their values, each once."""
        return is_grid(self.values)

    def points_at(self, scenario: Scenario) -> list[int]:
        """Return the points whose values are all those of a scenario."""
        now = np.array([_value_in(scenario, field) for field in self.fields])
        is_there = np.isclose(self.values, now, rtol=1e-5, atol=1e-12, equal_nan=True).all(axis=1)
        return [self.points[at] for at in np.flatnonzero(is_there)]

    def points_with(self, held: Mapping[int, float]) -> list[int]:
        """Return the points that have some values; see `where_held`."""
        return [self.points[at] for at in np.flatnonzero(where_held(self.values, held))]


def _value_in(scenario: Scenario, field: SweptField) -> float:
    """Return where a scenario has a number that is varied; NaN where it is null."""
    if field.lever is not None:
        return float(f"{start_value(scenario, field.lever):.6g}")
    return field.cell(field.present)


def is_grid(values: Values) -> bool:
    """Return whether points (P, F) are every combination of their values, each once."""
    sizes = [len(np.unique(values[:, j])) for j in range(values.shape[1])]
    distinct = len(np.unique(values, axis=0))
    return int(np.prod(sizes)) == distinct == len(values) and max(sizes) <= MOST_VALUES


def where_held(values: Values, held: Mapping[int, float]) -> NDArray[np.bool_]:
    """Return which points (P, F) have some values.

    Parameters
    ----------
    values : ndarray, shape (P, F)
    held : mapping
        The value by its place among the F; NaN stands for null.
    """
    columns, wanted = list(held), np.array(list(held.values()), float)
    is_there = np.isclose(values[:, columns], wanted, equal_nan=True)
    return np.asarray(is_there.all(axis=1), np.bool_)


def stored_cells(found: StoredSweep) -> dict[int, tuple[float, ...]]:
    """Return the values of every point of a finished sweep by its number, point 0 included."""
    cells = {0: tuple(field.cell(field.present) for field in found.fields)}
    return cells | {n: tuple(row) for n, row in enumerate(found.design.points.tolist(), start=1)}


def stored_rows(found: StoredSweep, measure: SurfaceMeasure) -> pd.DataFrame:
    """Return the rows of one measure at every point of a finished sweep.

    Raises
    ------
    RunError
        If a file of it was changed.
    """
    import pyarrow.compute as pc

    if measure.is_probability:
        where = (pc.field("country") == measure.country) & (
            pc.field("provider") == measure.provider
        )
        return found.frame("countries", where=where)
    where = pc.field("outcome") == measure.outcome
    return outcome_rows(found.frame("outcomes", where=where), measure)


def shown_sweep(
    found: StoredSweep, measure: str = "", country: str = "", scenario: str = ""
) -> ShownSweep:
    """Return one measure of a finished sweep.

    Parameters
    ----------
    found : StoredSweep
        From `sim.sweep` or `sim.load_run`.
    measure : str
        Key of one of `measures`; the partners of the first provider unless given.
    country : str
        ISO3 code of the country whose probability is meant, where the measure is one.
    scenario : str
        Which scenario is shown, where the sweep has several; the first unless given.

    Raises
    ------
    InputError
        If there is no such measure, country or scenario, or the measure needs a country.
    """
    found = found.within(scenario or found.scenario.name)
    names = country_names()
    known = measures(found.scenario, country, names.get(country, "a country"))
    key = measure or next(iter(known))
    if key not in known:
        rule = f"measure = {measure!r} is not an outcome of this sweep."
        raise InputError([Problem("", 0, rule, f"Choose one of {', '.join(known)}.")])
    if known[key].is_probability and country not in names:
        rule = f"measure = {measure!r} is about one country, but country = {country!r} is none."
        raise InputError([Problem("", 0, rule, "Give its ISO3 code, for example country='BRA'.")])
    one, cells = known[key], stored_cells(found)
    fields = found.fields
    rows = surface(stored_rows(found, one), one, cells, [field.name for field in fields])
    return ShownSweep(found.scenario, found.scenario, fields, cells, one, rows)
