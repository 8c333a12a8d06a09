"""Replay: the same bytes again, or a plain word on what differs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import sim
from sim.experiment import Comparison, Result
from sim.experiment.store import MANIFEST_FILE


def test_a_run_can_be_had_again(small: Result, tmp_path: Path) -> None:
    report = sim.replay(small.save(tmp_path), workers=2)
    assert report.agrees
    assert len(report.equal) == 14
    assert report.is_code_equal
    assert report.are_facts_equal
    assert report.changed_versions == {}
    assert report.lines()[0].startswith("The bytes agree: 14 files")


def test_a_changed_scenario_is_replayed_with_its_changes(small: Result, tmp_path: Path) -> None:
    changed = small.scenario.with_changes({"providers.us.offers.infrastructure.slots": 1})
    assert sim.replay(sim.simulate(changed, 8, seed=4).save(tmp_path)).agrees


def test_a_comparison_can_be_had_again(comparison: Comparison, tmp_path: Path) -> None:
    assert sim.replay(comparison.save(tmp_path)).agrees


def test_what_differs_is_named(small: Result, tmp_path: Path) -> None:
    folder = small.save(tmp_path)
    path = folder / MANIFEST_FILE
    manifest = json.loads(path.read_text("utf-8"))
    manifest["seed"] = 2
    manifest["code_digest"] = "other"
    manifest["facts_hash"] = "other"
    manifest["versions"]["numpy"] = "1.0"
    manifest["files"]["old.csv"] = {"bytes": 1, "sha256": "0"}
    del manifest["files"]["totals.csv"]
    path.write_text(json.dumps(manifest), "utf-8")
    (folder / "events.csv").write_bytes(b"")
    report = sim.replay(folder)
    assert not report.agrees
    assert "countries.csv" in report.different
    assert report.missing == ("old.csv",)
    assert report.new == ("totals.csv",)
    assert set(report.damaged) == {"old.csv", "events.csv"}
    text = "\n".join(report.lines())
    assert "The bytes do not agree" in text
    assert "numpy 1.0 then" in text
    assert "Code: changed since" in text
    assert "Facts: changed since" in text


def test_a_scenario_that_is_no_longer_valid_is_reported(small: Result, tmp_path: Path) -> None:
    folder = small.save(tmp_path)
    path = folder / MANIFEST_FILE
    manifest = json.loads(path.read_text("utf-8"))
    manifest["scenarios"][0]["content"]["surprise"] = 1
    path.write_text(json.dumps(manifest), "utf-8")
    with pytest.raises(sim.RunError, match=r"cannot read the scenario(.|\n)*surprise"):
        sim.replay(folder)
