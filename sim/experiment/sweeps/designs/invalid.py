"""Points that break a rule of their scenario, each with what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError
from sim.experiment.sweeps.designs.swept import SweptField, variant
from sim.scenario import points_in_doubt
from sim.scenario.wording import shown_value

if TYPE_CHECKING:
    from sim.scenario import Scenario


def invalid_points(
    scenario: Scenario, fields: Sequence[SweptField], cells: NDArray[np.float64]
) -> dict[int, str]:
    """Return what is wrong with the points that break a rule, by their row.

    Parameters
    ----------
    scenario : Scenario
    fields : sequence of SweptField
        The numbers that the points set, axis J.
    cells : ndarray, shape (points, J)
        Values set at each point; NaN for null.
    """
    found: dict[int, str] = {}
    fits = np.stack([field.fits(cells[:, j]) for j, field in enumerate(fields)], axis=1)
    for row in np.flatnonzero(~fits.all(axis=1)).tolist():
        for j in np.flatnonzero(~fits[row]).tolist():
            value = fields[j].setting(float(cells[row, j]))
            broken = fields[j].broken(value)
            if broken is not None:
                found[row] = f"{fields[j].name} = {shown_value(value)} {broken.rule}."
                break
    rest = np.array([row for row in range(len(cells)) if row not in found], np.int64)
    columns = {field.address: cells[rest, j] for j, field in enumerate(fields)}
    for row in rest[points_in_doubt(scenario, columns, len(rest))].tolist():
        try:
            variant(scenario, fields, cells[row].tolist())
        except InputError as error:
            found[row] = " ".join(problem.message for problem in error.problems)
    return dict(sorted(found.items()))
