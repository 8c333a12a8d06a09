"""``make docs`` says what it made, or what stops it."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.errors import DataError, Problem
from sim.interfaces.generated import files


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
