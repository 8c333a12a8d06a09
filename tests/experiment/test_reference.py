"""The reference export: an edit that moves results has to say so."""

from __future__ import annotations

import io
import json
import platform
from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from sim.experiment import Result
from sim.experiment.rebaseline import (
    ABOUT_FILE,
    CHANGELOG,
    ELSEWHERE_TOLERANCE,
    FOLDER,
    LARGEST_BYTES,
    ROOT,
    implausible,
    main,
    reference_files,
    reference_result,
    with_reason,
    write_reference,
)

REFERENCE = ROOT / FOLDER
REMEDY = 'python -m sim.experiment.rebaseline --reason "..." if results are meant to move'


def test_results_have_not_moved() -> None:
    result = reference_result()
    assert implausible(result) == []
    files = reference_files(result)
    about = json.loads((REFERENCE / ABOUT_FILE).read_text("utf-8"))
    for name, content in files.items():
        stored = REFERENCE / name
        if about["machine"] == platform.machine():
            assert stored.read_bytes() == content, f"{name} differs: {REMEDY}"
        elif name != ABOUT_FILE:
            then, now = pd.read_csv(stored), pd.read_csv(io.BytesIO(content))
            assert_frame_equal(now, then, check_exact=False, rtol=ELSEWHERE_TOLERANCE)


def test_the_export_is_small_enough_to_be_committed(result: Result) -> None:
    files = reference_files(result)
    assert sum(map(len, files.values())) < LARGEST_BYTES
    months = {line.split(",")[1] for line in files["timeline.csv"].decode().splitlines()[1:]}
    assert months == {f"{year}-12" for year in range(2025, 2031)}


def test_a_rebaseline_writes_the_export_and_the_reason(tmp_path: Path) -> None:
    (tmp_path / "scenarios").symlink_to(ROOT / "scenarios")
    folder = write_reference(tmp_path, "Slots fill sooner.")
    assert {path.name for path in folder.iterdir()} >= {"countries.csv", ABOUT_FILE}
    assert "- Slots fill sooner." in (tmp_path / CHANGELOG).read_text("utf-8")


def test_a_reason_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main([])
    with pytest.raises(SystemExit, match="2"):
        main(["--reason", " "])
    assert "--reason" in capsys.readouterr().err


def test_reasons_gather_under_the_topmost_version() -> None:
    log = "# Log\n\n## [Unreleased]\n\n### Added\n\n- a\n\n## [0.1.0]\n\n### Results\n\n- old\n"
    once = with_reason(log, "first")
    twice = with_reason(once, "second")
    assert twice.count("### Results") == 2
    top = twice.split("## [0.1.0]")[0]
    assert "- second\n- first\n" in top
    assert twice.endswith("### Results\n\n- old\n")


def test_what_no_sensible_run_shows_is_found(result: Result) -> None:
    assert implausible(result) == []
    broken = Result(result.ensemble)
    table = broken.table("countries")
    table.frame["p_uncommitted"] = 1.0
    table.frame["p_committed_china"] = 0.0
    found = "\n".join(implausible(broken))
    assert "do not sum to 1" in found
    assert "china wins fewer than one country" in found
    assert "waits in every future" in found
