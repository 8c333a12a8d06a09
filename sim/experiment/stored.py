"""Results read back from disk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.data import load_facts
from sim.errors import ResultError, checked_path
from sim.experiment.comparison import Comparison, compare
from sim.experiment.file_bytes import PACKAGE_FILE
from sim.experiment.given import check_table_name
from sim.experiment.result import Result, simulate
from sim.experiment.result_views import ComparisonView, RunView
from sim.experiment.store.claims import check_claims
from sim.experiment.store.identity import code_digest
from sim.experiment.store.manifest import AGAIN, read_manifest
from sim.experiment.store.recorded import inputs_of
from sim.experiment.store.results import check_result
from sim.experiment.store.stated_files import StatedFiles
from sim.experiment.sweeps.stored import StoredSweep
from sim.experiment.tables import Column
from sim.experiment.tables.files import column_of, read_csv
from sim.model.requests import check_as_of
from sim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

Progress = Callable[[int, int], None]


class StoredTables:
    """The tables in a result's folder, each read when it is first asked for.

    Parameters
    ----------
    path : Path
        Folder of the result.
    manifest : mapping
        Its manifest; every file is checked against it when read.
    """

    def __init__(self, path: Path, manifest: Mapping[str, Any]) -> None:
        self.path = path
        self._files = StatedFiles(path, manifest)
        self._frames: dict[str, pd.DataFrame] = {}

    @cached_property
    def _columns(self) -> dict[str, tuple[Column, ...]]:
        try:
            return {
                str(resource["name"]): tuple(
                    column_of(field) for field in resource["schema"]["fields"]
                )
                for resource in self._files.resources()
                if resource["format"] == "csv"
            }
        except (KeyError, TypeError, ValueError) as error:
            message = f"{self.path / PACKAGE_FILE} is incomplete: {error!r}.\n  {AGAIN}"
            raise ResultError(message) from error

    def columns(self, name: str) -> tuple[Column, ...]:
        """Return the description of each column of a table, from the data package."""
        check_table_name(name, self._columns, f"the result in {self.path}")
        return self._columns[name]

    def frame(self, name: str) -> pd.DataFrame:
        """Return a table by name.

        Raises
        ------
        ResultError
            If its file was changed, is too large, or lacks the columns of the data package.
        """
        # This also catches a name of the wrong type, such as a list.
        columns = self.columns(name)
        if name not in self._frames:
            content = self._files.content(f"{name}.csv")
            try:
                frame = read_csv(content, [{"name": c.name, "type": c.kind} for c in columns])
                if [*frame.columns] != [column.name for column in columns]:
                    raise ValueError("its columns are not those of the data package")
            except (ValueError, TypeError, KeyError, OverflowError, MemoryError) as error:
                message = f"{self.path / f'{name}.csv'} cannot be read: {error}.\n  {AGAIN}"
                raise ResultError(message) from error
            self._frames[name] = frame
        return self._frames[name]


class StoredRun(RunView):
    """A run read back from its folder; shows all that `Result` shows except the arrays.

    Parameters
    ----------
    path : Path
        Its folder.
    manifest : dict
        Content of ``manifest.json``.

    Raises
    ------
    ResultError
        If the manifest does not follow from the inputs that it states.

    Examples
    --------
    >>> import sim, tempfile
    >>> scenario = sim.load_scenario("baseline")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     made = sim.simulate(scenario, replicates=8, seed=1)
    ...     stored = sim.load_run(made.save(folder))
    ...     print(stored.totals.equals(made.totals))
    ...     print(stored.again().ensemble.replicates)
    True
    8
    """

    def __init__(self, path: Path, manifest: dict[str, Any]) -> None:
        inputs = inputs_of(manifest)
        check_claims(path, manifest, inputs)
        self.path = path
        self.manifest = manifest
        self.scenario: Scenario = inputs.scenarios[0]
        self.months = inputs.months
        self.seed = inputs.seed
        self.replicates = inputs.replicates
        self.futures_per_draw = inputs.futures_per_draw
        self._facts_hash = inputs.facts_hash
        self._stored = StoredTables(path, manifest)

    def frame(self, name: str) -> pd.DataFrame:
        """Return a table by name, as a frame to be treated as read-only."""
        return self._stored.frame(name)

    def columns(self, name: str) -> tuple[Column, ...]:
        """Return the description of each column of a table, with its unit."""
        return self._stored.columns(name)

    def as_of(self, month: str) -> RunView:
        """Return the run as it stood at the end of an earlier month.

        Its futures are not stored, so they are simulated again up to that month.

        Parameters
        ----------
        month : str
            One of `months`, "YYYY-MM".

        Raises
        ------
        InputError
            If the run does not cover the month.
        ResultError
            If the code or the facts have changed since: the futures would be others.
        """
        check_as_of(month, self.months, f"the run in {self.path}")
        if month == self.months[-1]:
            return self
        return self._simulated(month)

    def again(self, progress: Progress | None = None) -> Result:
        """Return the run with its futures, which are not stored: they are simulated again.

        Parameters
        ----------
        progress : callable, optional
            Called with (futures done, futures in all).

        Raises
        ------
        ResultError
            If the code or the facts have changed since: the futures would be others.
        """
        return self._simulated(self.months[-1], progress)

    def check_same_code(self, month: str | None = None) -> None:
        """Check that the futures of the run can be simulated again, up to a month if given.

        Raises
        ------
        ResultError
            If the code or the facts have changed since: the futures would be others.
        """
        when = "" if month in (None, self.scenario.months[-1]) else f" as of {month}"
        remedy = f"Run {self.scenario.name} again{when}."
        _check_unchanged(self.path, self.manifest, self._facts_hash, remedy)

    def _simulated(self, month: str, progress: Progress | None = None) -> Result:
        """Return the futures up to a month, if they are those of the run."""
        self.check_same_code(month)
        return simulate(self.scenario, self.replicates, self.seed, progress=progress, as_of=month)

    def __repr__(self) -> str:
        return f"<StoredRun {self.path}>"


class StoredComparison(ComparisonView):
    """A comparison read back from its folder.

    Parameters
    ----------
    path : Path
        Its folder.
    manifest : dict
        Content of ``manifest.json``.

    Raises
    ------
    ResultError
        If the manifest does not follow from the inputs that it states.

    Examples
    --------
    >>> import sim, tempfile
    >>> scenario = sim.load_scenario("baseline")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     found = sim.compare(scenario, scenario.with_levers({"slots": 20}), replicates=8, seed=1)
    ...     stored = sim.load_run(found.save(folder))
    ...     print(stored.months == found.months, stored.changes["address"].tolist()[0])
    True providers.us.offers.infrastructure.slots
    """

    def __init__(self, path: Path, manifest: dict[str, Any]) -> None:
        inputs = inputs_of(manifest)
        check_claims(path, manifest, inputs)
        self.path = path
        self.manifest = manifest
        self.scenario_a, self.scenario_b = inputs.scenarios
        self.months = inputs.months
        self.seed = inputs.seed
        self.replicates = inputs.replicates
        self._facts_hash = inputs.facts_hash
        self._stored = StoredTables(path, manifest)

    def frame(self, name: str) -> pd.DataFrame:
        """Return a table by name, as a frame to be treated as read-only."""
        return self._stored.frame(name)

    def columns(self, name: str) -> tuple[Column, ...]:
        """Return the description of each column of a table, with its unit."""
        return self._stored.columns(name)

    def again(self, progress: Progress | None = None) -> Comparison:
        """Return the comparison with its futures, which are not stored: they are simulated again.

        Parameters
        ----------
        progress : callable, optional
            Called with (futures done, futures in all).

        Raises
        ------
        ResultError
            If the code or the facts have changed since: the futures would be others.
        """
        names = f"{self.scenario_a.name} and {self.scenario_b.name}"
        remedy = f"Compare {names} again."
        _check_unchanged(self.path, self.manifest, self._facts_hash, remedy)
        size = (self.replicates, self.seed)
        return compare(
            self.scenario_a, self.scenario_b, *size, progress=progress, as_of=self.months[-1]
        )

    def __repr__(self) -> str:
        return f"<StoredComparison {self.path}>"


def _check_unchanged(path: Path, manifest: Mapping[str, Any], facts_hash: str, remedy: str) -> None:
    """Refuse to simulate a stored result again if its futures would be others."""
    if manifest.get("code_digest") != code_digest() or facts_hash != load_facts().hash:
        raise ResultError(
            f"the code or the facts have changed since {path} was written, so its futures cannot "
            f"be simulated again.\n  {remedy}"
        )


def read_stored_run(folder: Path) -> StoredRun:
    """Return a run whose files have been checked already."""
    return StoredRun(folder, read_manifest(folder))


def read_stored_comparison(folder: Path) -> StoredComparison:
    """Return a comparison whose files have been checked already."""
    return StoredComparison(folder, read_manifest(folder))


def load_run(path: str | Path) -> StoredRun | StoredComparison | StoredSweep:
    """Return a finished result from its folder, after checking its files.

    Parameters
    ----------
    path : path
        ``results/<scenario>/<run id>``, or the folder of a comparison or a sweep.

    Returns
    -------
    StoredRun, StoredComparison or StoredSweep

    Raises
    ------
    RunError
        If there is no result, a file is missing or differs from what was written, or the manifest
        does not follow from the inputs that it states.

    Examples
    --------
    >>> import sim, tempfile
    >>> scenario = sim.load_scenario("baseline")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = sim.simulate(scenario, replicates=8, seed=1).save(folder)
    ...     stored = sim.load_run(path)
    ...     print(stored.scenario == scenario, stored.replicates, len(stored.countries))
    True 8 194
    """
    folder = checked_path(path, "the folder of a result")
    manifest = check_result(folder)
    if manifest.get("kind") == "sweep":
        return StoredSweep(folder, manifest)
    if manifest.get("kind") == "comparison":
        return StoredComparison(folder, manifest)
    return StoredRun(folder, manifest)
