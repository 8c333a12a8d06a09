"""The inputs that determine a sweep."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.experiment.store.identity import RunInputs
from sim.experiment.store.sweep_folders import SWEEPS
from sim.experiment.sweeps.designs.factor import fields_of_each
from sim.experiment.sweeps.designs.roles import LEVER, UNCERTAINTY, Role, usual_role
from sim.experiment.sweeps.designs.swept import SweptField
from sim.experiment.sweeps.point_tables import POINT
from sim.experiment.tables.shared_columns import SCENARIO

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa
    from numpy.typing import NDArray

    from sim.experiment.sweeps.designs.design import Design
    from sim.experiment.sweeps.designs.plan import Heading


class ScenarioPoints(NamedTuple):
    """Points of one scenario that run together.

    Parameters
    ----------
    which : int
        Place of the scenario among those of the sweep.
    points : tuple of int
        Numbers of the points, rising; 0 is the scenario as it stands.
    """

    which: int
    points: tuple[int, ...]


def numbers_in(table: pa.Table, names: Sequence[str], n_each: int) -> NDArray[np.int64]:
    """Return the place in a whole sweep of the point in each row of a table.

    Parameters
    ----------
    table : pyarrow.Table
    names : sequence of str
        Names of the scenarios of the sweep.
    n_each : int
        Number of points of each scenario, including the scenario as it stands.

    Raises
    ------
    KeyError
        If a row belongs to another scenario.
    """
    place = {name: n for n, name in enumerate(names)}
    own = table[SCENARIO.name].combine_chunks().dictionary_encode()
    which = np.array([place[name] for name in own.dictionary.to_pylist()], np.int64)
    codes = own.indices.to_numpy(zero_copy_only=False)
    points = table[POINT.name].to_numpy()
    return np.asarray(which[codes] * n_each + points, np.int64)


@dataclass(frozen=True)
class SweepInputs(RunInputs):
    """Everything that determines the bytes of a sweep, except libraries and processor.

    Parameters
    ----------
    design : Design
        The points.
    heading : Heading
        Name and texts of the sweep; they are written into the files and so are part of the inputs.
    """

    design: Design
    heading: Heading

    @cached_property
    def fields_of_each(self) -> tuple[tuple[SweptField, ...], ...]:
        """The numbers that the design sets, in its order, as each scenario has them."""
        return fields_of_each(self.scenarios, self.design)

    @property
    def fields(self) -> tuple[SweptField, ...]:
        """The numbers that the design sets, in its order, as the first scenario has them."""
        return self.fields_of_each[0]

    @cached_property
    def roles(self) -> tuple[Role, ...]:
        """Whether each number is a lever or an uncertainty, in the order of `fields`."""
        named = self.design.roles or {}
        return tuple(
            named.get(field.name) or usual_role(self.scenarios[0], field.name, field.address)
            for field in self.fields
        )

    def names_of(self, role: Role) -> tuple[str, ...]:
        """Return the names of the levers, or of the uncertainties."""
        pairs = zip(self.fields, self.roles, strict=True)
        return tuple(field.name for field, own in pairs if own == role)

    @property
    def n_each(self) -> int:
        """Number of points of each scenario, including the scenario as it stands."""
        return self.design.n_points + 1

    @property
    def n_points(self) -> int:
        """Number of points of all scenarios."""
        return self.n_each * len(self.scenarios)

    def parts(self, numbers: Sequence[int], most: int) -> list[ScenarioPoints]:
        """Return some points as parts of one scenario each.

        Parameters
        ----------
        numbers : sequence of int
            Places of the points in the whole sweep, rising: those of the first scenario, then those
            of the next.
        most : int
            Points of a part at most.
        """
        found = []
        for which, own in itertools.groupby(numbers, lambda number: number // self.n_each):
            points = tuple(number % self.n_each for number in own)
            found += [
                ScenarioPoints(which, points[at : at + most]) for at in range(0, len(points), most)
            ]
        return found

    def numbers_in(self, table: pa.Table) -> NDArray[np.int64]:
        """Return the place in the whole sweep of the point in each row of a table.

        Raises
        ------
        KeyError
            If a row belongs to another scenario.
        """
        return numbers_in(table, [scenario.name for scenario in self.scenarios], self.n_each)

    def _identity(self, code: str, hashes: Sequence[str]) -> dict[str, Any]:
        head = self.heading
        words = [head.name, head.title, head.description, *head.sources]
        return super()._identity(code, hashes) | {"design": self.design.hash, "words": words}

    @property
    def folder(self) -> PurePath:
        """Folder of the result below the root of results."""
        return PurePath(SWEEPS, self.heading.name, self.run_id)

    def manifest(self, command_line: tuple[str, ...] | None) -> dict[str, Any]:
        """Return the manifest without the list of files."""
        head, sampling = self.heading, self.design.sampling
        return super().manifest(command_line) | {
            "sweep": {
                "name": head.name,
                "title": head.title,
                "description": head.description,
                "sources": list(head.sources),
                "method": self.design.method,
                "design_hash": self.design.hash,
                "fields": {field.name: field.address for field in self.fields},
                "levers": list(self.names_of(LEVER)),
                "uncertainties": list(self.names_of(UNCERTAINTY)),
                "roles": dict(self.design.roles or {}),
                "sampling": None if sampling is None else sampling.record(),
                "n_points": self.n_points,
            }
        }
