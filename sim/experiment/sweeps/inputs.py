"""The inputs that determine a sweep."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from sim.experiment.store.identity import RunInputs
from sim.experiment.sweeps.designs.swept import SweptField, fields_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.experiment.sweeps.designs.design import Design
    from sim.experiment.sweeps.designs.plan import Heading

SWEEPS = "sweeps"
# End of the name of the folder in which a sweep is made.
UNFINISHED = ".unfinished"
# Written once every point has been checked; marks the folder of a sweep that may be continued.
MARK_FILE = "unfinished.json"


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
    def fields(self) -> tuple[SweptField, ...]:
        """The numbers that the design sets, in its order."""
        return fields_of(self.scenarios[0], self.design)

    @property
    def n_points(self) -> int:
        """Number of points, including the scenario as it stands."""
        return self.design.n_points + 1

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
        head = self.heading
        return super().manifest(command_line) | {
            "sweep": {
                "name": head.name,
                "title": head.title,
                "description": head.description,
                "sources": list(head.sources),
                "method": self.design.method,
                "design_hash": self.design.hash,
                "fields": {field.name: field.address for field in self.fields},
                "n_points": self.n_points,
            }
        }
