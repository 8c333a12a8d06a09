"""A finished sweep, read back from its folder."""

from __future__ import annotations

import copy
from functools import cached_property
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sim.errors import InputError, Problem, ResultError, RunError
from sim.experiment.given import check_selection, check_table_name
from sim.experiment.store.claims import check_claims
from sim.experiment.store.manifest import AGAIN, MANIFEST_FILE
from sim.experiment.store.recorded import inputs_of
from sim.experiment.store.stated_files import StatedFiles
from sim.experiment.sweeps.arrow_sources import bytes_source, file_source
from sim.experiment.sweeps.bounds import ARROW_ERRORS, check_bounds
from sim.experiment.sweeps.designs.design import Design
from sim.experiment.sweeps.designs.plan import Heading
from sim.experiment.sweeps.designs.roles import LEVER, UNCERTAINTY
from sim.experiment.sweeps.designs.samples.sampling import Sampling
from sim.experiment.sweeps.inputs import SweepInputs
from sim.experiment.tables.files import frame_of
from sim.experiment.tables.shared_columns import SCENARIO
from sim.notebook.showing import Draws
from sim.scenario.wording import shown_value

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.sweeps.designs.swept import SweptField

TABLES = ("points", "outcomes", "countries")


class StoredSweep(Draws):
    """A finished sweep. Its tables are read when they are asked for and are not kept.

    Parameters
    ----------
    path : Path
        Its folder.
    manifest : dict
        Content of ``manifest.json``.

    Raises
    ------
    ResultError
        If the manifest does not follow from the inputs that the folder records.

    Examples
    --------
    >>> import sim, tempfile
    >>> scenario = sim.load_scenario("baseline")
    >>> design = sim.Design.grid({"local_control": [0.2, 0.8]})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     found = sim.sweep(scenario, design, replicates=8, out=folder)
    ...     print(found.points[["point", "local_control"]].to_string(index=False))
    ...     print(found.levers, found.n_failed)
     point  local_control
         0           0.35
         1           0.20
         2           0.80
    ('local_control',) 0
    """

    def __init__(self, path: Path, manifest: dict[str, Any]) -> None:
        self.path = path
        self.manifest = manifest
        self._files = StatedFiles(path, manifest)
        self.inputs = sweep_inputs_of(path, manifest)
        check_claims(path, manifest, self.inputs)
        self.scenarios = self.inputs.scenarios
        self.scenario = self.scenarios[0]
        self.design = self.inputs.design
        self.heading = self.inputs.heading
        self.seed = self.inputs.seed
        self.replicates = self.inputs.replicates
        self._only: str | None = None

    def within(self, scenario: str) -> StoredSweep:
        """Return the sweep as one of its scenarios has it: its fields, and its rows alone.

        Raises
        ------
        InputError
            If the sweep has no such scenario.
        """
        names = [each.name for each in self.scenarios]
        if scenario not in names:
            message = f"scenario {shown_value(scenario)} is not one of this sweep."
            raise InputError([Problem("", 0, message, f"Choose one of {', '.join(names)}.")])
        found = copy.copy(self)
        found.__dict__.pop("n_failed", None)
        found.scenario = self.scenarios[names.index(scenario)]
        found._only = scenario if len(names) > 1 else None
        return found

    @property
    def shown_scenarios(self) -> tuple[str, ...]:
        """Names of the scenarios whose rows it has: all, or the one that `within` chose."""
        return tuple(each.name for each in self.scenarios) if self._only is None else (self._only,)

    @property
    def fields(self) -> tuple[SweptField, ...]:
        """The numbers that the design sets, as `scenario` has them."""
        return self.inputs.fields_of_each[self.scenarios.index(self.scenario)]

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
            All unless given.
        where : pyarrow expression, optional
            Rows to read, for example ``pc.field("point") == 0``; all unless given.

        Raises
        ------
        RunError
            If there is no such table, its file was changed, or it is larger than a sweep allows.
        """
        check_table_name(name, TABLES, "a sweep")
        check_selection(columns, where)
        return frame_of(self.arrow(name, columns, where))

    def arrow(
        self,
        name: str,
        columns: list[str] | None = None,
        where: pc.Expression | None = None,
    ) -> pa.Table:
        """Return a table as `frame` does, in Parquet's form.

        Raises
        ------
        RunError
            If its file was changed, or it is larger than a sweep allows.
        """
        if self._only is not None:
            own = pc.field(SCENARIO.name) == self._only
            where = own if where is None else own & where
        path = self._files.path(f"{name}.parquet")
        try:
            with file_source(path) as file:
                check_bounds(pq.read_metadata(file), self.inputs.n_points)
                return pq.read_table(file, columns=columns, filters=where)
        except ARROW_ERRORS as error:
            raise RunError(f"{name}.parquet of {self.path} cannot be read: {error}.") from error

    def check_tables(self) -> None:
        """Check the bytes of every table against the manifest.

        Raises
        ------
        ResultError
            If one was changed or removed.
        """
        for name in TABLES:
            self._files.path(f"{name}.parquet")

    @property
    def levers(self) -> tuple[str, ...]:
        """Names of the numbers of the design that somebody chooses."""
        return self.inputs.names_of(LEVER)

    @property
    def uncertainties(self) -> tuple[str, ...]:
        """Names of the numbers of the design that nobody chooses."""
        return self.inputs.names_of(UNCERTAINTY)

    @property
    def failed(self) -> pd.DataFrame:
        """The rows of the points that failed, each with its error."""
        if not self._has_errors:
            return self.points.iloc[:0].assign(error="")
        return self.frame("points", where=pc.field("error").is_valid())

    @cached_property
    def n_failed(self) -> int:
        """How many points failed."""
        if not self._has_errors:
            return 0
        errors = self.arrow("points", ["error"])["error"]
        return int(len(errors) - errors.null_count)

    @cached_property
    def _has_errors(self) -> bool:
        """Whether the sweep says which points failed; those of earlier versions do not."""
        with self._files.path("points.parquet").open("rb") as file:
            return "error" in pq.read_schema(file).names

    @property
    def points(self) -> pd.DataFrame:
        """One row per point: the value of every number that the design sets."""
        return self.frame("points")

    @property
    def outcomes(self) -> pd.DataFrame:
        """One row per point and outcome over the world, with intervals and paired differences."""
        return self.frame("outcomes")

    @property
    def countries(self) -> pd.DataFrame:
        """One row per point, country and provider: the probability that it ends committed."""
        return self.frame("countries")

    def __repr__(self) -> str:
        return f"<StoredSweep {self.path}>"


def sweep_inputs_of(path: Path, manifest: dict[str, Any]) -> SweepInputs:
    """Return the inputs that the folder of a sweep records.

    Raises
    ------
    ResultError
        If the folder does not contain them, or its scenario is no longer valid.
    """
    inputs = inputs_of(manifest)
    about = manifest["sweep"]
    if PurePath(about["name"]).name != about["name"]:
        raise ResultError(f"{path / MANIFEST_FILE} is damaged: sweep.name is a path.\n  {AGAIN}")
    content = StatedFiles(path, manifest).content("points.parquet")
    try:
        design = _design_of(content, about, len(inputs.scenarios))
        found = SweepInputs(
            kind=inputs.kind,
            scenarios=inputs.scenarios,
            seed=inputs.seed,
            replicates=inputs.replicates,
            futures_per_draw=inputs.futures_per_draw,
            facts_hash=inputs.facts_hash,
            design=design,
            heading=Heading(
                about["name"], about["title"], about["description"], tuple(about["sources"])
            ),
        )
        # Looked up here, so that opening a sweep reports a field that no longer exists.
        _ = found.fields
    except (InputError, *ARROW_ERRORS) as error:
        message = f"the design of the sweep in {path} cannot be read: {error}.\n  {AGAIN}"
        raise ResultError(message) from error
    return found


def _design_of(content: bytes, about: dict[str, Any], n_scenarios: int) -> Design:
    """Return the design in a table of points."""
    names = tuple(about["fields"])
    n_each = about["n_points"] // n_scenarios
    with pq.ParquetFile(bytes_source(content)) as file:
        check_bounds(file.metadata, about["n_points"], most_rows_each=1)
        if file.metadata.num_rows != about["n_points"]:
            raise ValueError(f"it does not hold {about['n_points']:,} points")
        table = file.read(columns=list(names))
    cells = np.array([table[name].to_numpy(zero_copy_only=False) for name in names], np.float64)
    sampling = about.get("sampling")
    return Design(
        names,
        # Row 0 is the scenario as it stands, which is not part of the design; further scenarios
        # have the same points.
        cells[:, 1:n_each].T,
        about["method"],
        roles=about.get("roles") or None,
        sampling=None if sampling is None else Sampling.of_record(sampling),
    )
