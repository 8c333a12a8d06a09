"""``make docs`` says what it made, or what stops it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sim.errors import DataError, Problem
from sim.interfaces.generated import files

ROOT = Path(__file__).parents[2]
RECORD = "sim/data/tables/provenance.yaml"


def test_what_is_made_anew_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.md").write_text("old", "utf-8")
    monkeypatch.setattr(files, "MAKERS", {"a.md": lambda text, root: "new"})
    assert files.main() == 0
    assert capsys.readouterr().out == "Made anew: a.md.\n"
    assert (tmp_path / "a.md").read_text("utf-8") == "new"
    assert files.main() == 0
    assert capsys.readouterr().out == "Everything is current.\n"


def test_a_table_that_breaks_its_record_is_told_without_a_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(text: str, root: Path) -> str:
        raise DataError([Problem("a.csv", 1, "has no record.", "Add one.")])

    monkeypatch.chdir(tmp_path)
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text("old", "utf-8")
    monkeypatch.setattr(files, "MAKERS", {"a.md": lambda text, root: "new", "b.md": refuse})
    assert files.main() == 1
    printed = capsys.readouterr()
    assert printed.out == "Made anew: a.md.\n"
    assert printed.err == "a.csv:1: has no record.\n  Add one.\n"
    assert (tmp_path / "b.md").read_text("utf-8") == "old"


def test_rows_and_scenarios_of_programmes_by_half_stop_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder in ("sim/data/tables", "scenarios/history"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(files, "MAKERS", {RECORD: files.MAKERS[RECORD]})
    assert files.main() == 0
    (tmp_path / "scenarios/history/aiib.yaml").unlink()
    events = tmp_path / "sim/data/tables/events.csv"
    events.write_text(events.read_text("utf-8").replace(",2024-05-21,", ",2034-05-21,", 1), "utf-8")
    assert files.main() == 1
    told = capsys.readouterr().err
    assert "date = 2034-05-21 is after" in told
    assert "programme = aiib has counts_for_record = 1, but no file in scenarios/history" in told
