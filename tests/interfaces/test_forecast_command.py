"""``alignsim forecast``: what it writes and says, how it scores, and options that do not fit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shell import Shell

SMALL = str(Path(__file__).parents[1] / "data" / "small.yaml")
EVENTS = "provider,offer,iso3,date,event\nus,infrastructure,KOR,2025-06,signed\n"


@pytest.fixture
def events(tmp_path: Path) -> Path:
    path = tmp_path / "events.csv"
    path.write_text(EVENTS, "utf-8")
    return path


def test_a_forecast_says_what_it_expects_and_where_it_is(shell: Shell, tmp_path: Path) -> None:
    said = shell("forecast", SMALL, "-n", "8", "--ledgers", tmp_path)
    assert said.status == 0
    assert said.out.startswith("Signatures expected after April 2025\n")
    assert "by October 2025" in said.out
    path = Path(said.out.splitlines()[-1].removeprefix("Ledger: "))
    origin = json.loads(path.with_suffix(".json").read_text("utf-8"))
    expected = ["alignsim", "forecast", "small.yaml", "--replicates", "8", "--seed", "1"]
    assert origin["command_line"] == expected
    assert origin["files"][path.name]["sha256"] in said.out
    again = shell("forecast", SMALL, "-n", "8", "--ledgers", tmp_path)
    assert again.out == said.out
    assert f"on record since {origin['frozen_on']}; it stays." in again.err


def test_quiet_and_json_print_only_the_result(shell: Shell, tmp_path: Path) -> None:
    said = shell("forecast", SMALL, "-n", "4", "--ledgers", tmp_path, "--quiet")
    assert (said.status, said.err) == (0, "")
    assert Path(said.out.strip()).is_file()
    data = shell("forecast", SMALL, "-n", "4", "--ledgers", tmp_path, "--json")
    assert (data.status, data.err) == (0, "")
    assert (data.data["path"], data.data["is_new"]) == (said.out.strip(), False)
    assert data.data["origin"]["seed"] == 1
    assert {"iso3", "p_signed", "by_month"} <= set(data.data["forecasts"][0])


def test_scores_show_each_horizon_and_the_surprises(
    shell: Shell, tmp_path: Path, events: Path
) -> None:
    folder = tmp_path / "ledgers"
    shell("forecast", SMALL, "-n", "8", "--ledgers", folder)
    said = shell("forecast", "--score", events, "--ledgers", folder, "--known-to", "2025-12")
    assert (said.status, said.err) == (0, "")
    lines = said.out.splitlines()
    assert lines[0] == "Answers are known to the end of December 2025."
    assert any(line.startswith("  6 months, to October 2025") for line in lines)
    assert any(line.startswith("  12 months: open until the end of April 2026") for line in lines)
    (row,) = (line.split() for line in lines if line.startswith("    us infrastructure"))
    assert row[4] == "1"
    (signed,) = (line for line in lines if "Signed, least expected first" in line)
    assert "South Korea " in signed
    assert " % (us infrastructure)" in signed
    brief = shell("forecast", "--score", events, "--ledgers", folder, "--known-to", "2025-12", "-q")
    assert "least expected" not in brief.out
    data = shell("forecast", "--score", events, "--ledgers", folder, "--json").data
    assert data["known_to"] == "2025-06"
    assert {row["status"] for row in data["scores"]} == {"open"}
    assert data["answers"] == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--known-to", "2027-05"], "it belongs to --score"),
        (["--score", "EVENTS", "-n", "10"], "no effect with --score"),
        (["--score", "EVENTS", "--seed", "2"], "no effect with --score"),
        (["--score", "EVENTS", "--workers", "1"], "no effect with --score"),
        (["today", "--score", "EVENTS"], "no effect with --score"),
        (["--score", "EVENTS", "--known-to", "2027"], "write a month as YYYY-MM"),
        (["--score", "EVENTS"], "there is no ledger in this folder"),
        (["--score", ""], "it is empty"),
        (["nosuch"], "nosuch"),
    ],
)
def test_bad_input_is_refused_in_words(
    shell: Shell, tmp_path: Path, events: Path, arguments: list[str], words: str
) -> None:
    given = [str(events) if word == "EVENTS" else word for word in arguments]
    said = shell("forecast", *given, "--ledgers", tmp_path / "out")
    assert (said.status, said.out) == (2, "")
    assert words in said.err
    assert "Traceback" not in said.err
    assert not (tmp_path / "out").exists()


def test_an_altered_ledger_is_refused(shell: Shell, tmp_path: Path, events: Path) -> None:
    folder = tmp_path / "ledgers"
    path = Path(shell("forecast", SMALL, "-n", "4", "--ledgers", folder, "-q").out.strip())
    path.write_bytes(path.read_bytes().replace(b"false", b"true", 1))
    said = shell("forecast", "--score", events, "--ledgers", folder)
    assert (said.status, said.out) == (2, "")
    assert f"{path}: was altered" in said.err
