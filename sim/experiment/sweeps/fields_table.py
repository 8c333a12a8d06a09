"""fields: the numbers that a design sets, and the distributions it replaces."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.experiment.tables.shared_columns import SCENARIO
from sim.experiment.tables.table import Column, Table, build_table

if TYPE_CHECKING:
    from sim.experiment.sweeps.designs.swept import SweptField
    from sim.experiment.sweeps.inputs import SweepInputs

_UNIT = "column unit"
_ASIDE = "Points at which it is null are ignored here and counted in n_null."
_FIELD = "Name of its column: a lever or an address."
_ADDRESS = "Dotted address of the number in a scenario."
_ROLE = (
    "lever if somebody chooses the number, uncertainty if nobody does: as the sweep names it, or "
    "else as numbers of its kind usually are."
)
_PRESENT = "Value in the scenario as it stands; empty if it is null or computed."
_NULLS = (
    "Points of the design at which the number is null: without a limit, or computed from the facts."
)
_DRAWN = (
    "How the scenario as it stands draws the number, at point 0; at every other point it is fixed. "
    "Empty if it is not drawn."
)


def fields_table(inputs: SweepInputs) -> Table:
    """Return the table of the numbers that a design sets, in each scenario of the sweep."""
    design = inputs.design
    rows = [
        (scenario, field, j)
        for scenario, fields in zip(inputs.scenarios, inputs.fields_of_each, strict=True)
        for j, field in enumerate(fields)
    ]
    fields = [field for _, field, _ in rows]
    spreads = [scenario.uncertainties.get(field.address) for scenario, field, _ in rows]
    by_field: list[NDArray[np.float64]] = [design.points[:, j] for _, _, j in rows]
    content: list[tuple[Column, list[Any]]] = [
        (SCENARIO, [scenario.name for scenario, _, _ in rows]),
        (_column("field", _FIELD), [field.name for field in fields]),
        (_column("address", _ADDRESS), [field.address for field in fields]),
        (_column("role", _ROLE), [inputs.roles[j] for _, _, j in rows]),
        (
            _column("unit", "Unit of the row; switch means true or false."),
            ["switch" if f.spec.kind == "switch" else f.spec.unit for f in fields],
        ),
        (_number("value", _PRESENT), [f.cell(f.present) for f in fields]),
        (
            _number("least", f"Least value in the design. {_ASIDE}"),
            [_end(np.fmin, values) for values in by_field],
        ),
        (
            _number("greatest", f"Greatest value in the design. {_ASIDE}"),
            [_end(np.fmax, values) for values in by_field],
        ),
        (
            Column("n_null", "integer", "points", _NULLS),
            [int(np.isnan(values).sum()) for values in by_field],
        ),
        (
            _column("distribution", _DRAWN),
            [None if spread is None else spread.kind for spread in spreads],
        ),
        (_column("description", "What the number means."), [_meaning(field) for field in fields]),
    ]
    about = "One row per scenario and number that the design sets."
    return build_table("fields", about, ("scenario", "field"), content)


def _column(name: str, description: str) -> Column:
    return Column(name, "string", "", description)


def _number(name: str, description: str) -> Column:
    return Column(name, "number", _UNIT, description)


def _end(choose: np.ufunc, values: NDArray[np.float64]) -> float:
    """Return the least or greatest of some values, ignoring nulls."""
    return float(choose.reduce(values))


def _meaning(field: SweptField) -> str:
    return field.lever.title if field.lever is not None else field.spec.description
