"""Replay: the same bytes again, or a plain word on what differs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.experiment import Comparison, Result, replaying
from sim.experiment.store import claims, identity
from sim.experiment.store.manifest import MANIFEST_FILE


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
    # Fourteen files are stated: totals.csv is not, old.csv is.
    assert text.startswith("The bytes do not agree: of the 14 files")
    assert f"{len(report.equal)} are equal." in text
    assert "run_id" in report.unfounded
    assert "numpy 1.0 then" in text
    assert "Code: changed since" in text
    assert "Facts: changed since" in text


def tamper(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change the manifest of a result."""
    path = folder / MANIFEST_FILE
    manifest = json.loads(path.read_text("utf-8"))
    change(manifest)
    path.write_text(json.dumps(manifest), "utf-8")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda m: m.update(run_id="0" * 16), {"run_id", "the name of its folder"}),
        (lambda m: m.update(code_digest="0" * 64), {"run_id"}),
        (lambda m: m.update(facts_hash="0" * 64), {"run_id"}),
        (lambda m: m["scenarios"][0].update(hash="0" * 64), {"run_id", "scenarios"}),
        (lambda m: m["scenarios"][0].update(name="other"), {"scenarios"}),
        (lambda m: m.update(verdict="good"), {"verdict"}),
    ],
)
def test_a_manifest_must_follow_from_its_own_inputs(
    small: Result, tmp_path: Path, change: Callable[[dict[str, Any]], object], named: set[str]
) -> None:
    folder = small.save(tmp_path)
    tamper(folder, change)
    report = sim.replay(folder)
    assert set(report.unfounded) == named
    assert not report.agrees
    assert len(report.equal) == 14
    text = report.lines()
    assert text[0].startswith("The manifest is damaged: all 14 files")
    assert any(
        line.endswith(f"its stated inputs give: {', '.join(report.unfounded)}") for line in text
    )


def test_a_manifest_of_other_code_binds_its_inputs_too(
    small: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = small.save(tmp_path)
    for module in (identity, claims, replaying):
        monkeypatch.setattr(module, "code_digest", lambda: "another")
    report = sim.replay(folder)
    assert not report.is_code_equal
    # Only the data package names the run, and other code names it otherwise.
    assert report.different == ("datapackage.json",)
    assert report.unfounded == ()
    tamper(folder, lambda manifest: manifest.update(facts_hash="0" * 64))
    assert sim.replay(folder).unfounded == ("run_id",)


def test_a_result_may_lie_in_a_folder_of_another_name(small: Result, tmp_path: Path) -> None:
    folder = small.save(tmp_path)
    assert sim.replay(folder.rename(tmp_path / "from-a-colleague")).agrees
    other = (tmp_path / "from-a-colleague").rename(tmp_path / ("f" * 16))
    assert sim.replay(other).unfounded == ("the name of its folder",)


def test_a_damaged_file_is_told_from_one_that_cannot_be_had_again(
    small: Result, tmp_path: Path
) -> None:
    folder = small.save(tmp_path)
    (folder / "events.csv").write_bytes(b"")
    first = sim.replay(folder).lines()[0]
    assert first.startswith("The bytes do not agree: all 14 files")
    assert first.endswith("were made again as its manifest says, but the folder was changed since.")


def test_a_scenario_that_is_no_longer_valid_is_reported(small: Result, tmp_path: Path) -> None:
    folder = small.save(tmp_path)
    path = folder / MANIFEST_FILE
    manifest = json.loads(path.read_text("utf-8"))
    manifest["scenarios"][0]["content"]["surprise"] = 1
    path.write_text(json.dumps(manifest), "utf-8")
    with pytest.raises(sim.RunError, match=r"cannot read the scenario(.|\n)*surprise"):
        sim.replay(folder)
