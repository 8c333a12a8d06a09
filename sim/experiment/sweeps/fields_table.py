"""fields: the numbers that a design sets, and the distributions it replaces."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.experiment.tables.table import Column, Table, build_table

if TYPE_CHECKING:
    from sim.experiment.sweeps.designs.design import Design
    from sim.experiment.sweeps.designs.swept import SweptField
    from sim.scenario import Scenario

_UNIT = "column unit"
_ASIDE = "Points at which it is null are ignored here and counted in n_null."


def fields_table(scenario: Scenario, design: Design, fields: Sequence[SweptField]) -> Table:
    """Return the table of the numbers that a design sets."""
    spreads = [scenario.uncertainties.get(field.address) for field in fields]
    by_field: list[NDArray[np.float64]] = [design.points[:, j] for j in range(len(fields))]
    drawn = (
        "How the scenario as it stands draws the number, at point 0; at every other point it is "
        "fixed. Empty if it is not drawn."
    )
    nulls = (
        "Points of the design at which the number is null: without a limit, or computed from the "
        "facts."
    )
    present = "Value in the scenario as it stands; empty if it is null or computed."
    return build_table(
        "fields",
        "One row per number that the design sets.",
        ("field",),
        [
            (
                Column("field", "string", "", "Name of its column: a lever or an address."),
                [field.name for field in fields],
            ),
            (
                Column("address", "string", "", "Dotted address of the number in a scenario."),
                [field.address for field in fields],
            ),
            (
                Column("unit", "string", "", "Unit of the row; switch means true or false."),
                ["switch" if f.spec.kind == "switch" else f.spec.unit for f in fields],
            ),
            (Column("value", "number", _UNIT, present), [f.cell(f.present) for f in fields]),
            (
                Column("least", "number", _UNIT, f"Least value in the design. {_ASIDE}"),
                [_end(np.fmin, values) for values in by_field],
            ),
            (
                Column("greatest", "number", _UNIT, f"Greatest value in the design. {_ASIDE}"),
                [_end(np.fmax, values) for values in by_field],
            ),
            (
                Column("n_null", "integer", "points", nulls),
                [int(np.isnan(values).sum()) for values in by_field],
            ),
            (
                Column("distribution", "string", "", drawn),
                [None if spread is None else spread.kind for spread in spreads],
            ),
            (
                Column("description", "string", "", "What the number means."),
                [_meaning(field) for field in fields],
            ),
        ],
    )


def _end(choose: np.ufunc, values: NDArray[np.float64]) -> float:
    """Return the least or greatest of some values, ignoring nulls."""
    return float(choose.reduce(values))


def _meaning(field: SweptField) -> str:
    return field.lever.title if field.lever is not None else field.spec.description
