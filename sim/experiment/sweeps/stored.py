"""A finished sweep, read back from its folder."""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sim.errors import ResultError, RunError
from sim.experiment.given import check_selection, check_table_name
from sim.experiment.store import MANIFEST_FILE
from sim.experiment.stored import inputs_of
from sim.experiment.sweeps.design import Design
from sim.experiment.sweeps.inputs import SweepInputs
from sim.experiment.sweeps.plan import Heading
from sim.experiment.table_files import frame_of

if TYPE_CHECKING:
    import pandas as pd

TABLES = ("points", "outcomes", "countries")


class StoredSweep:
    """A finished sweep. Its tables are read when they are asked for, and not kept.

    Parameters
    ----------
    path : Path
        Its folder.
    manifest : dict
        Content of ``manifest.json``.
    """

    def __init__(self, path: Path, manifest: dict[str, Any]) -> None:
        self.path = path
        self.manifest = manifest
        self.inputs = sweep_inputs_of(path, manifest)
        self.scenario = self.inputs.scenarios[0]
        self.design = self.inputs.design
        self.heading = self.inputs.heading
        self.seed = self.inputs.seed
        self.replicates = self.inputs.replicates

    def frame(
        self,
        name: str,
        columns: list[str] | None = None,
        where: pc.Expression | None = None,
    ) -> pd.DataFrame:
        """Return a table by name, or some of its columns and rows.

        Parameters
        ----------
        name : str
            points, outcomes or countries.
        columns : list of str, optional
            All of them unless given.
        where : pyarrow expression, optional
            Rows to read, for example ``pc.field("point") == 0``; all of them unless given.

        Raises
        ------
        RunError
            If there is no such table, or it cannot be read.
        """
        check_table_name(name, TABLES, "a sweep")
        check_selection(columns, where)
        try:
            # By an open file: pyarrow takes only paths that are UTF-8.
            with (self.path / f"{name}.parquet").open("rb") as file:
                return frame_of(pq.read_table(file, columns=columns, filters=where))
        except (OSError, ValueError) as error:
            raise RunError(f"{name}.parquet of {self.path} cannot be read: {error}.") from error

    @property
    def points(self) -> pd.DataFrame:
        """One row a point: the value of every number that the design moves."""
        return self.frame("points")

    @property
    def outcomes(self) -> pd.DataFrame:
        """One row a point and outcome over the world, with intervals and paired differences."""
        return self.frame("outcomes")

    @property
    def countries(self) -> pd.DataFrame:
        """One row a point, country and provider: the odds that it ends committed."""
        return self.frame("countries")

    def __repr__(self) -> str:
        return f"<StoredSweep {self.path}>"


def sweep_inputs_of(path: Path, manifest: dict[str, Any]) -> SweepInputs:
    """Return the inputs that the folder of a sweep records.

    Raises
    ------
    ResultError
        If it does not hold them, or its scenario is no longer valid.
    """
    inputs = inputs_of(manifest)
    try:
        about = manifest["sweep"]
        names = tuple(about["fields"])
        if PurePath(about["name"]).name != about["name"]:
            raise ValueError("a name that is a path")
        with (path / "points.parquet").open("rb") as file:
            table = pq.read_table(file, columns=list(names))
        cells = np.array([table[name].to_numpy(zero_copy_only=False) for name in names], np.float64)
        heading = Heading(
            about["name"], about["title"], about["description"], tuple(about["sources"])
        )
        # Row 0 is the scenario as it stands, which the design does not list.
        design = Design(names, cells[:, 1:].T, about["method"])
    except (KeyError, TypeError, ValueError, OSError) as error:
        message = f"the {MANIFEST_FILE} of the sweep in {path} is incomplete: {error!r}."
        raise ResultError(message) from error
    return SweepInputs(
        kind=inputs.kind,
        scenarios=inputs.scenarios,
        seed=inputs.seed,
        replicates=inputs.replicates,
        futures_per_draw=inputs.futures_per_draw,
        facts_hash=inputs.facts_hash,
        design=design,
        heading=heading,
    )
