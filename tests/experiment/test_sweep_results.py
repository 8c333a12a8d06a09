"""The tables of a sweep: the numbers of a run and a comparison, point by point."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from frictionless import validate
from numpy.testing import assert_array_equal
from pandas.testing import assert_frame_equal

import sim
from sim.errors import RunError
from sim.experiment.outcomes import offer_outcomes
from sim.experiment.store.manifest import MANIFEST_FILE
from sim.experiment.store.results import LOG_FILE
from sim.experiment.sweeps import assembling
from sim.experiment.tables.files import read_csv
from sim.scenario import Scenario

DATA = Path(__file__).parents[1] / "data"
LINKAGE = "providers.us.linkage"
CONTROL = "providers.us.offers.infrastructure.local_control"
# Eleven draws of the uncertain numbers, the last of them incomplete.
REPLICATES = 42


@pytest.fixture(scope="module")
def sweep(baseline: Scenario, tmp_path_factory: pytest.TempPathFactory) -> sim.StoredSweep:
    design = sim.Design.grid({"local_control": [0.35, 0.8], LINKAGE: [0, 0.5]})
    root = tmp_path_factory.mktemp("sweep")
    return sim.sweep(baseline, design, REPLICATES, seed=3, out=root, workers=2)


def at_point(sweep: sim.StoredSweep, name: str, point: int) -> pd.DataFrame:
    frame = sweep.frame(name)
    return frame[frame["point"] == point].reset_index(drop=True)


def settings(sweep: sim.StoredSweep, point: int) -> dict[str, float]:
    control, linkage = sweep.design.points[point - 1]
    return {CONTROL: control, LINKAGE: linkage}


@pytest.mark.parametrize("point", [0, 1, 4])
def test_a_point_has_the_numbers_of_a_run(
    sweep: sim.StoredSweep, baseline: Scenario, point: int
) -> None:
    scenario = baseline.with_changes(settings(sweep, point)) if point else baseline
    result = sim.simulate(scenario, REPLICATES, seed=3)
    assert sweep.points["scenario_hash"][point] == scenario.hash
    outcomes = at_point(sweep, "outcomes", point)
    both = result.totals.columns.intersection(outcomes.columns).tolist()
    last = ["mean", "mean_se", "p05", "p50", "p95", "variance_from_parameters_share"]
    assert both[-6:] == last
    n = len(result.totals)
    totals = outcomes[outcomes["offer"].isna()].reset_index(drop=True)[both][:n]
    assert_frame_equal(totals, result.totals[both], check_exact=True)
    countries = at_point(sweep, "countries", point)
    for provider in ("us", "china"):
        own = countries[countries["provider"] == provider]
        assert own["country"].tolist() == result.countries["country"].tolist()
        for part in ("", "_low", "_high", "_se_chance"):
            expected = result.countries[f"p_committed_{provider}{part}"].to_numpy()
            assert_array_equal(own[f"p_committed{part}"].to_numpy(), expected)


def test_outcomes_of_offers_are_those_of_the_last_month(
    sweep: sim.StoredSweep, baseline: Scenario
) -> None:
    result = sim.simulate(baseline, REPLICATES, seed=3)
    last = result.providers[result.providers["month"] == baseline.months[-1]].to_dict("records")
    rows = at_point(sweep, "outcomes", 0).set_index(["offer", "outcome"])
    for offer in last:
        for name in ("n_slots_held", "live_mw", "fund_usd_m", "n_left_by_supplier"):
            row: Any = rows.loc[(offer["offer"], name)]
            assert row["mean"] == offer[f"{name}_mean"]
            assert (row["p05"], row["p95"]) == (offer[f"{name}_p05"], offer[f"{name}_p95"])
    partners = result.partners
    at_end = partners.query("offer == 'us_infrastructure' and counted == 'at_end'")
    expected = (at_end["n_partners"] * at_end["p"]).sum()
    row = rows.loc[("us_infrastructure", "n_partners_at_end")]
    assert row["mean"] == pytest.approx(expected, rel=1e-4)
    assert len(offer_outcomes(result.ensemble)) == len(baseline.offers) * (2 + 13)


@pytest.mark.parametrize("point", [1, 4])
def test_differences_are_those_of_a_comparison(
    sweep: sim.StoredSweep, baseline: Scenario, point: int
) -> None:
    changed = baseline.with_changes(settings(sweep, point))
    comparison = sim.compare(baseline, changed, REPLICATES, seed=3)
    columns = ["difference", "difference_low", "difference_high", "difference_se"]
    rows = at_point(sweep, "outcomes", point)
    ours = rows[rows["offer"].isna()].reset_index(drop=True)
    theirs = comparison.totals
    assert ours["outcome"].tolist() == theirs["outcome"].tolist()
    assert_array_equal(ours[columns].to_numpy(), theirs[columns].to_numpy())
    countries = at_point(sweep, "countries", point)
    for provider in ("us", "china"):
        own = countries[countries["provider"] == provider]
        expected = comparison.countries.query(f"outcome == 'p_committed_{provider}'")
        assert_array_equal(own[columns].to_numpy(), expected[columns].to_numpy())


def test_the_first_point_is_the_scenario_as_it_stands(sweep: sim.StoredSweep) -> None:
    points = sweep.points
    assert points["is_baseline"].tolist() == [True, False, False, False, False]
    assert points[["local_control", LINKAGE]].to_numpy().tolist() == [
        [0.35, 0.5], [0.35, 0.0], [0.35, 0.5], [0.8, 0.0], [0.8, 0.5],
    ]  # fmt: skip
    for name in ("outcomes", "countries"):
        first = at_point(sweep, name, 0)
        assert (first[["difference", "difference_se"]] == 0.0).all(axis=None)


def test_a_number_that_is_swept_is_no_longer_drawn(sweep: sim.StoredSweep) -> None:
    # Point 2 sets both numbers to what they are; only their distribution goes.
    assert (at_point(sweep, "outcomes", 2)["difference"] != 0.0).any()
    fields = read_csv(
        (sweep.path / "fields.csv").read_bytes(),
        [{"name": "distribution", "type": "string"}],
    )
    assert fields["distribution"].fillna("").tolist() == ["triangular", ""]


def test_points_without_a_limit_are_counted(tmp_path: Path) -> None:
    scenario = sim.load_scenario(DATA / "small.yaml")
    slots = "providers.us.offers.infrastructure.slots"
    design = sim.Design.grid({slots: [5, 10, None], LINKAGE: [0, 1]})
    found = sim.sweep(scenario, design, 2, out=tmp_path)
    package = json.loads((found.path / "datapackage.json").read_text("utf-8"))
    columns = next(r for r in package["resources"] if r["name"] == "fields")["schema"]["fields"]
    fields = read_csv((found.path / "fields.csv").read_bytes(), columns)
    assert fields[["least", "greatest", "n_null"]].to_numpy().tolist() == [[5, 10, 2], [0, 1, 0]]
    words = {column["name"]: column["description"] for column in columns}
    assert "without a limit" in words["n_null"]
    assert "counted in n_null" in words["greatest"]


def test_rows_are_one_a_point_and_outcome_or_country(sweep: sim.StoredSweep) -> None:
    assert not sweep.outcomes.duplicated(["point", "provider", "offer", "outcome"]).any()
    assert not sweep.countries.duplicated(["point", "country", "provider"]).any()
    sizes = sweep.outcomes["point"].value_counts()
    assert sizes.min() == sizes.max()
    probability = sweep.countries[["p_committed", "p_committed_low", "p_committed_high"]]
    assert ((probability >= 0) & (probability <= 1)).all(axis=None)
    with pytest.raises(RunError, match="a sweep has no table 'nothing'"):
        sweep.frame("nothing")


def test_a_path_that_a_point_closes_counts_as_zero(tmp_path: Path) -> None:
    scenario = sim.load_scenario(DATA / "small.yaml")
    address = "providers.us.offers.infrastructure.exclusivity"
    open_pair = scenario.with_changes({address: 0.2})
    found = sim.sweep(open_pair, sim.Design.grid({address: [0.2, 1]}), 8, out=tmp_path)
    pair = "n_on_us_infrastructure_and_china_cloud"
    rows = found.outcomes[found.outcomes["outcome"] == pair]
    assert rows["point"].tolist() == [0, 1, 2]
    assert rows["mean"].tolist()[2] == 0.0


def test_who_takes_part_can_differ_between_points(tmp_path: Path) -> None:
    plan = sim.load_sweep(DATA / "sweeps" / "table.yaml")
    found = sim.sweep(plan.scenario, plan.design, 4, out=tmp_path)
    by_point = {point: set(rows["country"]) for point, rows in found.countries.groupby("point")}
    assert by_point[1] - by_point[0] == {"USA"}
    assert by_point[2] == by_point[0]
    points = found.points
    assert points["providers.us.home_takes_part"].tolist() == [0.0, 1.0, 0.0]
    slots = points["providers.us.offers.infrastructure.slots"]
    assert slots.isna().tolist() == [False, True, False]


@pytest.mark.parametrize("workers", [1, 4])
def test_bytes_do_not_depend_on_workers(
    sweep: sim.StoredSweep, baseline: Scenario, workers: int, tmp_path: Path
) -> None:
    again = sim.sweep(baseline, sweep.design, REPLICATES, 3, tmp_path, workers)
    names = {path.name for path in sweep.path.iterdir()} - {LOG_FILE}
    assert names == {path.name for path in again.path.iterdir()} - {LOG_FILE}
    for name in names:
        assert (again.path / name).read_bytes() == (sweep.path / name).read_bytes(), name


def test_the_data_package_is_valid(sweep: sim.StoredSweep) -> None:
    report = validate(str(sweep.path / "datapackage.json"))
    assert report.valid, report.flatten(["title", "fieldName", "message"])[:5]
    package = json.loads((sweep.path / "datapackage.json").read_text("utf-8"))
    for resource in package["resources"]:
        path = sweep.path / resource["path"]
        assert resource["bytes"] == path.stat().st_size
        for field in resource["schema"]["fields"]:
            assert {"name", "type", "unit", "description"} <= field.keys()


def test_the_data_package_of_odd_points_is_valid(tmp_path: Path) -> None:
    plan = sim.load_sweep(DATA / "sweeps" / "tiny.yaml")
    found = sim.sweep(plan.scenario, plan.design, 2, out=tmp_path, heading=plan.heading)
    report = validate(str(found.path / "datapackage.json"))
    assert report.valid, report.flatten(["title", "fieldName", "message"])[:5]


@pytest.mark.parametrize("name", ["points", "outcomes", "countries"])
def test_csv_and_parquet_hold_the_same_cells(sweep: sim.StoredSweep, name: str) -> None:
    package = json.loads((sweep.path / "datapackage.json").read_text("utf-8"))
    fields = next(r for r in package["resources"] if r["name"] == name)["schema"]["fields"]
    text = read_csv((sweep.path / f"{name}.csv").read_bytes(), fields)
    assert_frame_equal(text, sweep.frame(name), check_exact=True)
    assert b"unit" in pq.read_schema(sweep.path / f"{name}.parquet").field("point").metadata


def test_a_long_table_comes_as_parquet_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assembling, "MOST_CSV_ROWS", 1000)
    scenario = sim.load_scenario(DATA / "small.yaml")
    found = sim.sweep(scenario, sim.Design.grid({LINKAGE: [0, 1]}), 4, out=tmp_path)
    names = {path.name for path in found.path.iterdir()}
    assert "countries.parquet" in names
    assert "countries.csv" not in names
    assert "outcomes.csv" in names
    assert len(found.countries) > 1000
    assert validate(str(found.path / "datapackage.json")).valid


def test_parts_of_a_table_do_not_show_in_its_rows(
    sweep: sim.StoredSweep, baseline: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assembling, "ROWS_TOGETHER", 100)
    found = sim.sweep(baseline, sweep.design, REPLICATES, 3, tmp_path)
    assert pq.ParquetFile(found.path / "countries.parquet").num_row_groups > 10
    assert_frame_equal(found.countries, sweep.countries, check_exact=True)


def test_the_manifest_says_what_the_sweep_is(sweep: sim.StoredSweep) -> None:
    manifest = json.loads((sweep.path / MANIFEST_FILE).read_text("utf-8"))
    assert manifest["kind"] == "sweep"
    assert manifest["run_id"] == sweep.path.name
    assert manifest["sweep"]["fields"] == {"local_control": CONTROL, LINKAGE: LINKAGE}
    assert manifest["sweep"]["n_points"] == 5
    on_disk = {path.name for path in sweep.path.iterdir()} - {MANIFEST_FILE, LOG_FILE}
    assert set(manifest["files"]) == on_disk
    here = str(Path(__file__).parents[2]).encode()
    assert all(here not in path.read_bytes() for path in sweep.path.iterdir())


def test_a_sweep_reads_back_and_replays(sweep: sim.StoredSweep) -> None:
    stored = sim.load_run(sweep.path)
    assert isinstance(stored, sim.StoredSweep)
    assert stored.design == sweep.design
    assert stored.inputs.run_id == sweep.path.name
    report = sim.replay(sweep.path)
    assert report.agrees
    assert len(report.equal) == 8


def test_the_identifier_follows_from_the_inputs(baseline: Scenario) -> None:
    from sim.experiment.sweeps.designs.plan import Heading
    from sim.experiment.sweeps.running import plan_sweep

    design, other = (sim.Design.grid({LINKAGE: values}) for values in ([0, 1], [1, 0]))
    changed = baseline.with_changes({"providers.us.backing": 0.7})
    inputs = [
        plan_sweep(baseline, design, 8, 1),
        plan_sweep(baseline, other, 8, 1),
        plan_sweep(baseline, design, 9, 1),
        plan_sweep(baseline, design, 8, 0),
        plan_sweep(changed, design, 8, 1),
        plan_sweep(baseline, design, 8, 1, Heading("baseline", "Another title")),
    ]
    assert len({found.run_id for found in inputs}) == len(inputs)
    eight: Any = np.int64(8)
    assert plan_sweep(baseline, design, eight, 1).run_id == inputs[0].run_id


@pytest.mark.parametrize("wrong", [{"replicates": 0}, {"seed": -1}, {"workers": 0}])
def test_a_request_out_of_range_is_refused(
    baseline: Scenario, tmp_path: Path, wrong: dict[str, Any]
) -> None:
    with pytest.raises(sim.InputError, match="must be a whole number"):
        sim.sweep(baseline, sim.Design.grid({LINKAGE: [0]}), out=tmp_path / "out", **wrong)
    assert not (tmp_path / "out").exists()


def test_nothing_runs_when_a_point_is_wrong(baseline: Scenario, tmp_path: Path) -> None:
    design = sim.Design.grid({LINKAGE: [0, 2]})
    with pytest.raises(sim.InputError, match="point 2"):
        sim.sweep(baseline, design, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()
