"""The files of a result: described, valid, equal on any number of workers."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from frictionless import validate
from pandas.testing import assert_frame_equal

import sim
from sim.experiment import Comparison, Result
from sim.experiment.store.manifest import MANIFEST_FILE
from sim.experiment.store.results import LOG_FILE
from sim.experiment.tables import RUN_TABLES
from sim.scenario import Scenario


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_bytes_do_not_depend_on_workers(
    baseline: Scenario, result: Result, saved: Path, workers: int, tmp_path: Path
) -> None:
    again = sim.simulate(baseline, result.replicates, result.seed, workers).save(tmp_path)
    names = {path.name for path in saved.iterdir()} - {LOG_FILE}
    assert names == {path.name for path in again.iterdir()} - {LOG_FILE}
    assert names >= {MANIFEST_FILE, "datapackage.json", "countries.csv", "countries.parquet"}
    for name in names:
        assert (again / name).read_bytes() == (saved / name).read_bytes(), name


def test_the_data_package_is_valid(saved: Path) -> None:
    report = validate(str(saved / "datapackage.json"))
    assert report.valid, report.flatten(["title", "fieldName", "message"])[:5]


def test_the_data_package_of_a_comparison_is_valid(comparison: Comparison, tmp_path: Path) -> None:
    report = validate(str(comparison.save(tmp_path) / "datapackage.json"))
    assert report.valid, report.flatten(["title", "fieldName", "message"])[:5]


def test_the_data_package_of_a_run_with_a_record_is_valid(today: Result, tmp_path: Path) -> None:
    # A year of it has every kind of row; all months of a run are in the package above.
    year = sim.simulate(today.scenario, today.replicates, today.seed, as_of=today.months[11])
    report = validate(str(year.save(tmp_path) / "datapackage.json"))
    assert report.valid, report.flatten(["title", "fieldName", "message"])[:5]


def test_every_field_has_type_unit_and_description(saved: Path) -> None:
    package = json.loads((saved / "datapackage.json").read_text("utf-8"))
    described = {resource["name"]: resource for resource in package["resources"]}
    assert set(RUN_TABLES) <= set(described)
    for resource in described.values():
        for field in resource["schema"]["fields"]:
            assert {"name", "type", "unit", "description"} <= field.keys()


def test_parquet_twins_hold_the_same_cells(result: Result, saved: Path) -> None:
    twins = sorted(path.stem for path in saved.glob("*.parquet"))
    assert twins == ["countries", "countries_timeline", "providers", "timeline"]
    for name in twins:
        table = pq.read_table(saved / f"{name}.parquet")
        expected = pa.Table.from_pandas(result.frame(name), preserve_index=False)
        assert table.column_names == expected.column_names
        for column in table.column_names:
            assert table[column].to_pylist() == expected[column].to_pylist(), column
        assert b"unit" in table.schema.field("scenario").metadata


def test_a_run_reads_back_as_it_was(result: Result, saved: Path) -> None:
    stored = sim.load_run(saved)
    assert isinstance(stored, sim.StoredRun)
    assert stored.scenario == result.scenario
    assert (stored.seed, stored.replicates) == (result.seed, result.replicates)
    for name in RUN_TABLES:
        assert_frame_equal(stored.frame(name), result.frame(name), check_exact=True)
        assert stored.columns(name) == result.columns(name)
    assert str(stored.summary()) == str(result.summary())


def test_a_run_with_empty_tables_reads_back(small: Result, tmp_path: Path) -> None:
    scenario = small.scenario.with_changes({"events": []})
    run = sim.simulate(scenario, 4, seed=1)
    stored = sim.load_run(run.save(tmp_path))
    assert stored.frame("events").empty
    assert list(stored.frame("events")) == list(run.events)


def test_the_manifest_says_what_the_run_is(result: Result, saved: Path) -> None:
    manifest = json.loads((saved / MANIFEST_FILE).read_text("utf-8"))
    assert manifest["run_id"] == saved.name == result.inputs.run_id
    assert manifest["scenarios"][0]["hash"] == result.scenario.hash
    assert manifest["scenarios"][0]["source_files"] == ["baseline.yaml"]
    assert {"python", "numpy", "numba", "pandas", "alignsim"} <= manifest["versions"].keys()
    on_disk = {path.name for path in saved.iterdir()} - {MANIFEST_FILE, LOG_FILE}
    assert set(manifest["files"]) == on_disk


def test_no_path_of_this_machine_is_written(saved: Path) -> None:
    here = str(Path(__file__).parents[2]).encode()
    for path in saved.iterdir():
        assert here not in path.read_bytes(), path.name


def test_the_identifier_follows_from_the_inputs(result: Result) -> None:
    scenario = result.scenario
    same = sim.simulate(scenario, result.replicates, result.seed)
    assert same.inputs.run_id == result.inputs.run_id
    changed = scenario.with_changes({"providers.us.linkage": 0.51})
    others = {
        sim.simulate(scenario, 4, seed=0).inputs.run_id,
        sim.simulate(scenario, 4, seed=1).inputs.run_id,
        sim.simulate(scenario, 8, seed=1).inputs.run_id,
        sim.simulate(changed, 4, seed=1).inputs.run_id,
        result.inputs.run_id,
    }
    assert len(others) == 5
