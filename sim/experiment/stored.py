"""Results read back from the disk."""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import ResultError, ScenarioError, checked_path
from sim.experiment.comparison_view import ComparisonView
from sim.experiment.given import check_table_name
from sim.experiment.identity import Inputs
from sim.experiment.run_view import RunView
from sim.experiment.store import MANIFEST_FILE, check_result, read_manifest
from sim.experiment.table_files import PACKAGE_FILE, read_csv
from sim.experiment.tables import Column
from sim.scenario import Scenario, scenario_from_dict

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.sweeps.stored import StoredSweep


class StoredTables:
    """The tables of a result's folder, read when they are first asked for."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._frames: dict[str, pd.DataFrame] = {}

    @cached_property
    def _fields(self) -> dict[str, list[dict[str, Any]]]:
        package = json.loads((self.path / PACKAGE_FILE).read_bytes())
        return {
            resource["name"]: resource["schema"]["fields"]
            for resource in package["resources"]
            if resource["format"] == "csv"
        }

    def fields(self, name: str) -> list[dict[str, Any]]:
        """Return the fields of a table as the data package has them."""
        check_table_name(name, self._fields, f"the result in {self.path}")
        return self._fields[name]

    def frame(self, name: str) -> pd.DataFrame:
        """Return a table by name."""
        fields = self.fields(name)
        if name not in self._frames:
            content = (self.path / f"{name}.csv").read_bytes()
            self._frames[name] = read_csv(content, fields)
        return self._frames[name]

    def columns(self, name: str) -> tuple[Column, ...]:
        """Return what each column of a table holds."""
        return tuple(
            Column(field["name"], field["type"], field["unit"], field["description"])
            for field in self.fields(name)
        )


_SCENARIOS_OF = {"run": 1, "comparison": 2, "sweep": 1}


def inputs_of(manifest: dict[str, Any]) -> Inputs:
    """Return the inputs that a manifest records.

    The identifier that follows from them is that of the present code, which may not be the code
    that wrote the manifest.

    Raises
    ------
    ResultError
        If the manifest does not hold them, or its scenario is no longer valid.
    """
    try:
        scenarios = tuple(
            scenario_from_dict(
                item["content"], tuple(map(str, item["source_files"])), item.get("parameter_set")
            )
            for item in manifest["scenarios"]
        )
        if _SCENARIOS_OF[manifest["kind"]] != len(scenarios):
            raise ValueError(f"{len(scenarios)} scenarios")
        return Inputs(
            kind=manifest["kind"],
            scenarios=scenarios,
            seed=int(manifest["seed"]),
            replicates=int(manifest["replicates"]),
            futures_per_draw=int(manifest["futures_per_draw"]),
            facts_hash=str(manifest["facts_hash"]),
        )
    except ScenarioError as error:
        raise ResultError(
            f"this version of alignsim cannot read the scenario of the result:\n  {error}"
        ) from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ResultError(f"the {MANIFEST_FILE} of the result is incomplete: {error!r}.") from error


class StoredRun(RunView):
    """A run read back from its folder; shows what `Result` shows, the arrays excepted.

    Parameters
    ----------
    path : Path
        Its folder.
    manifest : dict
        Content of ``manifest.json``.
    """

    def __init__(self, path: Path, manifest: dict[str, Any]) -> None:
        inputs = inputs_of(manifest)
        self.path = path
        self.manifest = manifest
        self.scenario: Scenario = inputs.scenarios[0]
        self.seed = inputs.seed
        self.replicates = inputs.replicates
        self.futures_per_draw = inputs.futures_per_draw
        self._stored = StoredTables(path)

    def frame(self, name: str) -> pd.DataFrame:
        """Return a table by name, as a frame to be treated as read-only."""
        return self._stored.frame(name)

    def columns(self, name: str) -> tuple[Column, ...]:
        """Return what each column of a table holds, with its unit."""
        return self._stored.columns(name)

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
    """

    def __init__(self, path: Path, manifest: dict[str, Any]) -> None:
        inputs = inputs_of(manifest)
        self.path = path
        self.manifest = manifest
        self.scenario_a, self.scenario_b = inputs.scenarios
        self.seed = inputs.seed
        self.replicates = inputs.replicates
        self._stored = StoredTables(path)

    def frame(self, name: str) -> pd.DataFrame:
        """Return a table by name, as a frame to be treated as read-only."""
        return self._stored.frame(name)

    def columns(self, name: str) -> tuple[Column, ...]:
        """Return what each column of a table holds, with its unit."""
        return self._stored.columns(name)

    def __repr__(self) -> str:
        return f"<StoredComparison {self.path}>"


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
        If there is no result, or a file is missing or not as it was written.
    """
    folder = checked_path(path, "the folder of a result")
    manifest = check_result(folder)
    if manifest.get("kind") == "sweep":
        from sim.experiment.sweeps.stored import StoredSweep

        return StoredSweep(folder, manifest)
    if manifest.get("kind") == "comparison":
        return StoredComparison(folder, manifest)
    return StoredRun(folder, manifest)
