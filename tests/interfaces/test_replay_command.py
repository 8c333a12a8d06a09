"""The command ``alignsim replay``: its words and its exit status."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from shell import Shell

ROOT = Path(__file__).parents[2]
SMALL = str(ROOT / "tests" / "data" / "small.yaml")


def test_a_replay_agrees_or_fails(shell: Shell, tmp_path: Path) -> None:
    folder = shell("run", SMALL, "-n", "4", "--results", tmp_path, "-q").out.strip()
    said = shell("replay", folder)
    assert said.status == 0
    assert "The bytes agree" in said.out
    assert "Not verified: created_by, command_line" in said.out
    assert shell("replay", folder, "--json").data["agrees"] is True
    (Path(folder) / "events.csv").write_text("changed", "utf-8")
    said = shell("replay", folder, "-q")
    assert said.status == 1
    assert "The bytes do not agree" in said.out


def test_a_replay_of_nothing_is_bad_input(shell: Shell, tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "none", "x" * 5000):
        said = shell("replay", folder)
        assert said.status == 2
        assert said.out == ""


@pytest.mark.parametrize(
    "change",
    [
        {"files": {"countries.csv": 3}},
        {"files": []},
        {"kind": "walk"},
        {"kind": "comparison"},
        {"replicates": "many"},
        {"scenarios": [{"content": {"surprise": 1}, "source_files": []}]},
        {"scenarios": "none"},
        {"sweep": [], "kind": "sweep"},
        {"versions": [1]},
        {"seed": float("inf")},
    ],
)
def test_a_replay_of_a_broken_manifest_is_bad_input(
    shell: Shell, tmp_path: Path, change: dict[str, Any]
) -> None:
    folder = Path(shell("run", SMALL, "-n", "4", "--results", tmp_path, "-q").out.strip())
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    (folder / "manifest.json").write_text(json.dumps(manifest | change), "utf-8")
    said = shell("replay", folder)
    assert said.status == 2
    assert said.out == ""
    assert "manifest" in said.err or "cannot read the scenario" in said.err


def test_versions_that_are_missing_are_all_new(shell: Shell, tmp_path: Path) -> None:
    folder = Path(shell("run", SMALL, "-n", "4", "--results", tmp_path, "-q").out.strip())
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    del manifest["versions"]
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    said = shell("replay", folder)
    assert said.status == 1
    assert "The manifest is damaged" in said.out
    assert "Manifest: changed since it was written" in said.out
    assert "numpy none then" in said.out
