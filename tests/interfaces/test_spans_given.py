"""`--as-of`, and comparisons of scenarios that cover different months."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shell import Shell

ROOT = Path(__file__).parents[2]
SMALL = str(ROOT / "tests" / "data" / "small.yaml")
BASELINE = str(ROOT / "scenarios" / "baseline.yaml")


def test_scenarios_of_other_spans_are_compared_over_the_months_of_both(
    shell: Shell, tmp_path: Path
) -> None:
    command = ["compare", SMALL, BASELINE, "-n", "4", "--results", str(tmp_path)]
    said = shell(*command)
    assert said.status == 0
    assert "They are compared over the months that both have" in " ".join(said.out.split())
    assert "What it does by April 2026" in said.out
    data = shell(*command, "--json").data
    assert (data["first_month"], data["last_month"]) == ("2025-05", "2026-04")
    assert "small covers 2025-05 to 2026-04" in data["notes"][0]


def test_scenarios_that_share_no_month_cannot_be_compared(shell: Shell, tmp_path: Path) -> None:
    move = ["--set", "horizon.start=2031-01", "--set", "horizon.end=2031-12"]
    said = shell("compare", SMALL, BASELINE, *move, "-n", "4", "--results", tmp_path)
    assert said.status == 2
    assert (
        "share no month: small covers 2025-05 to 2026-04 and baseline covers 2031-01 to 2031-12"
        in said.err
    )
    assert "Move horizon.start or horizon.end" in said.err
    assert not [*tmp_path.iterdir()]


def test_a_run_is_shown_as_of_a_month(shell: Shell, tmp_path: Path) -> None:
    command = ["run", SMALL, "-n", "4", "--as-of", "2025-12", "--results", str(tmp_path)]
    said = shell(*command)
    assert said.status == 0
    assert "All figures are as of the end of December 2025" in said.out
    assert "exists already" in shell(*command).err
    data = shell(*command, "--json").data
    assert (data["first_month"], data["last_month"]) == ("2025-05", "2025-12")
    manifest = json.loads((Path(data["folder"]) / "manifest.json").read_text("utf-8"))
    assert manifest["command_line"][-2:] == ["--as-of", "2025-12"]
    assert shell("replay", data["folder"]).status == 0
    whole = shell("run", SMALL, "-n", "4", "--results", tmp_path, "--json").data
    assert whole["run_id"] != data["run_id"]
    compared = shell(
        "compare", SMALL, SMALL, "--lever", "local_control=0.9", *command[2:], "--json"
    ).data
    assert compared["last_month"] == "2025-12"


@pytest.mark.parametrize(
    ("month", "says"),
    [
        ("2026-05", "as_of = 2026-05 must be a month of small, 2025-05 to 2026-04"),
        ("2025-13", "write a month as YYYY-MM"),
        ("May 2025", "write a month as YYYY-MM"),
    ],
)
def test_a_month_that_a_run_does_not_have_is_refused(
    shell: Shell, tmp_path: Path, month: str, says: str
) -> None:
    said = shell("run", SMALL, "-n", "4", "--as-of", month, "--results", tmp_path)
    assert said.status == 2
    assert says in said.err
    assert not [*tmp_path.iterdir()]
