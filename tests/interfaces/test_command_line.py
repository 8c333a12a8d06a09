"""The command line: every verb, its exit status, its words, and bad input."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from shell import Shell

ROOT = Path(__file__).parents[2]
SMALL = str(ROOT / "tests" / "data" / "small.yaml")
BASELINE = str(ROOT / "scenarios" / "baseline.yaml")
CONTROL = "providers.us.offers.infrastructure.local_control"
NINES = "9" * 5000
VERBS = (
    "run",
    "compare",
    "sweep",
    "replay",
    "verify",
    "forecast",
    "scenarios",
    "validate",
    "schema",
    "countries",
    "app",
)


def process(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run a command line as a process of its own, as a person would."""
    command = [sys.executable, "-m", "sim.interfaces.cli.command_line", *arguments]
    return subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, check=False, timeout=120,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"},
    )  # fmt: skip


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_explains_itself(shell: Shell, verb: str) -> None:
    for flag in ("-h", "--help"):
        said = shell(verb, flag)
        assert said.status == 0
        assert f"  alignsim {verb}" in said.out
        assert "Example" in said.out


def test_the_verbs_are_listed(shell: Shell) -> None:
    said = shell("-h")
    assert said.status == 0
    for verb in VERBS:
        assert f"\n  {verb} " in said.out
    # No description is cut short.
    assert "..." not in said.out.partition("Commands:")[2]


def test_the_version_is_printed(shell: Shell) -> None:
    said = shell("--version")
    assert (said.status, said.out.count("\n")) == (0, 1)


def test_a_run_says_what_it_found_and_where_it_is(shell: Shell, tmp_path: Path) -> None:
    said = shell("run", BASELINE, "-n", "8", "--results", tmp_path)
    assert said.status == 0
    assert "Who signs with whom by December 2030" in said.out
    assert "Simulating 8 futures" in said.err
    folder = Path(said.out.splitlines()[-1].removeprefix("Tables: "))
    assert (folder / "countries.csv").is_file()
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    expected = ["alignsim", "run", "baseline.yaml", "--replicates", "8", "--seed", "1"]
    assert manifest["command_line"] == expected


def test_a_finished_run_is_reused(shell: Shell, tmp_path: Path) -> None:
    first = shell("run", SMALL, "-n", "8", "--results", tmp_path)
    again = shell("run", SMALL, "-n", "8", "--results", tmp_path, "--workers", "2")
    assert again.out == first.out
    assert "This result exists already" in again.err
    fresh = shell("run", SMALL, "-n", "8", "--results", tmp_path, "--fresh")
    assert fresh.out == first.out
    assert "Simulating" in fresh.err


def test_data_for_machines_is_all_that_is_printed(shell: Shell, tmp_path: Path) -> None:
    said = shell("run", BASELINE, "-n", "2", "--results", tmp_path, "--json")
    assert (said.status, said.err) == (0, "")
    assert said.data["scenario"] == "baseline"
    assert said.data["is_reused"] is False
    korea = next(row for row in said.data["countries"] if row["country"] == "KOR")
    assert korea["p_committed_us_low"] is None
    again = shell("run", BASELINE, "-n", "2", "--results", tmp_path, "--json")
    assert again.data == {**said.data, "is_reused": True}


def test_quiet_prints_the_folder_alone(shell: Shell, tmp_path: Path) -> None:
    said = shell("run", SMALL, "-n", "4", "--results", tmp_path, "--quiet")
    assert (said.status, said.err) == (0, "")
    assert (Path(said.out.strip()) / "manifest.json").is_file()


def test_changes_and_knobs_are_applied(shell: Shell, tmp_path: Path) -> None:
    said = shell(
        "run", SMALL, "-n", "4", "--results", tmp_path, "-q",
        "--set", "providers.us.offers.infrastructure.slots=1",
        "--set", "horizon.end=2026-06", "--lever", "local_control=0.7",
    )  # fmt: skip
    manifest = json.loads((Path(said.out.strip()) / "manifest.json").read_text("utf-8"))
    content = manifest["scenarios"][0]["content"]
    offer = content["providers"]["us"]["offers"]["infrastructure"]
    assert (offer["slots"], offer["local_control"]) == (1, 0.7)
    assert content["horizon"]["end"] == "2026-06"
    assert "--lever" in manifest["command_line"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--set", "providers.us.linkag=1"], "Did you mean 'linkage'?"),
        (["--set", "providers.us.linkage=7"], "must be at most 1"),
        (["--set", "providers.us.linkage=NaN"], "providers.us.linkage"),
        (["--set", "providers.us.linkage=much"], "providers.us.linkage"),
        (["--set", "linkage"], "must be a name, an equals sign and a value"),
        (["--set", "a.b=1", "--set", "a.b=2"], "a.b is given twice"),
        (["--set", "name=foo"], "--set name is not a number, switch or choice"),
        (["--set", "sources=[a]"], "--set sources is not a number, switch or choice"),
        (["--set", "providers.us.title=x"], "--set providers.us.title is not a number, switch"),
        (["--set", f"{CONTROL}=0.5", "--lever", "local_control=0.7"], f"which --set {CONTROL}"),
        (["--set", "providers.us.offers={}", "--lever", "local_control=0.7"], "changes too"),
        (["--results", ""], "name a folder, such as results"),
        (["--lever", "nothing=1"], 'lever "nothing" is not one of scenario small'),
        (["--lever", "local_control=9"], "must be from 0 to 1"),
        (["--lever", f"local_control={NINES}"], "(a number of 5,000 digits) must be from 0 to 1"),
        (["--set", f"providers.us.linkage={NINES}"], "(a number of 5,000 digits) must be at most"),
        (["--focus", "Koria"], "--focus 'Koria' is not a country"),
        (["--focus", "usa"], "--focus 'usa' takes no part in the scenario small: it is home"),
        (["--focus", "USA"], "or set providers.us.home_takes_part to true."),
        (["--seed", "-1"], "'--seed'"),
        (["--seed", "4294967296"], "'--seed'"),
        (["--seed", "1.5"], "'--seed'"),
        (["-n", "0"], "'--replicates'"),
        (["--workers", "0"], "'--workers'"),
        (["--colour", "red"], "--colour"),
    ],
)
def test_bad_input_is_refused_in_words(
    shell: Shell, tmp_path: Path, arguments: list[str], words: str
) -> None:
    said = shell("run", SMALL, "--results", tmp_path / "out", *arguments)
    assert said.status == 2
    assert said.out == ""
    assert words in said.err
    assert "Traceback" not in said.err
    assert not (tmp_path / "out").exists()


def test_all_that_is_wrong_is_said_at_once(shell: Shell) -> None:
    said = shell("run", SMALL, "--set", "x", "--set", "providers.us.pressure=2", "--lever", "y=1")
    assert said.status == 2
    for words in ("'x' must be", "providers.us.pressure = 2", 'lever "y"'):
        assert words in said.err


def test_both_scenarios_of_a_comparison_are_checked(shell: Shell) -> None:
    bad = [str(ROOT / "tests" / "data" / f"bad_{name}.yaml") for name in ("tag", "unknown_key")]
    said = shell("compare", *bad, "--set", "x")
    assert said.status == 2
    assert all(f"{file}:" in said.err for file in bad)
    twice = shell("compare", bad[0], bad[0])
    assert twice.err.count(f"{bad[0]}:") == 1
    said = shell("compare", "baselin", SMALL, "--set", "x")
    assert "Did you mean 'baseline'?" in said.err
    assert "'x' must be" in said.err


def test_a_scenario_without_a_name_is_refused(shell: Shell) -> None:
    said = shell("run", "")
    assert said.status == 2
    assert said.err.startswith("no scenario is named.")


def test_a_scenario_that_is_not_there_is_guessed_at(shell: Shell) -> None:
    said = shell("run", "baselin")
    assert said.status == 2
    assert "Did you mean 'baseline'?" in said.err


@pytest.mark.parametrize("place", ["file", "file/below"])
def test_a_folder_that_cannot_be_written_is_bad_input(
    shell: Shell, tmp_path: Path, place: str
) -> None:
    (tmp_path / "file").touch()
    said = shell("run", SMALL, "-n", "4", "--results", tmp_path / place)
    assert said.status == 2
    assert "cannot write to the folder" in said.err
    assert "Simulating" not in said.err


def test_a_closed_folder_of_a_scenario_is_found_before_anything_runs(
    shell: Shell, tmp_path: Path
) -> None:
    # The root takes files; the folder of the scenario cannot be made in it.
    (tmp_path / "small").touch()
    (tmp_path / "comparisons").touch()
    for command in (("run", SMALL), ("compare", SMALL, SMALL)):
        said = shell(*command, "-n", "4", "--results", tmp_path)
        assert said.status == 2
        assert "cannot write to the folder" in said.err
        assert "Simulating" not in said.err


def test_two_levers_of_one_number_are_refused(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "twice.yaml"
    lever = "{target: providers.us.linkage, title: L, explanation: The same number.}"
    path.write_text(
        "name: twice\nextends: baseline\ntitle: T\ndescription: T.\n"
        f"levers:\n  one: {lever}\n  two: {lever}\n",
        "utf-8",
    )
    said = shell("run", path, "--lever", "one=0.4", "--lever", "two=0.6", "--results", tmp_path)
    assert said.status == 2
    assert "lever two moves providers.us.linkage, which lever one moves too." in said.err
    assert "Give one of the two." in said.err


def test_a_damaged_run_is_a_failure_until_fresh(shell: Shell, tmp_path: Path) -> None:
    command = ("run", SMALL, "-n", "4", "--results", tmp_path, "-q")
    folder = Path(shell(*command).out.strip())
    (folder / "timeline.csv").unlink()
    said = shell(*command)
    assert said.status == 1
    assert "timeline.csv is not as written" in said.err
    assert "--fresh" in said.err
    assert shell(*command, "--fresh").status == 0
    assert shell(*command).status == 0


def test_a_comparison_says_what_differs(shell: Shell, tmp_path: Path) -> None:
    command = (
        "compare",
        SMALL,
        SMALL,
        "-n",
        "8",
        "--results",
        tmp_path,
        "--lever",
        "local_control=1",
    )
    said = shell(*command)
    assert said.status == 0
    assert "providers.us.offers.infrastructure.local_control: 0.4 -> 1" in said.out
    again = shell(*command)
    assert again.out == said.out
    assert "exists already" in again.err
    data = shell(*command, "--json").data
    assert data["scenario_b"] == "small"
    assert {row["outcome"] for row in data["countries"]} >= {"p_committed_us"}
    assert Path(shell(*command, "-q").out.strip()).is_dir()


def test_files_are_checked_together(shell: Shell) -> None:
    bad = str(ROOT / "tests" / "data" / "bad_below_bound.yaml")
    said = shell("validate", SMALL, bad, "nothing-of-the-kind")
    assert said.status == 2
    assert f"{SMALL}: valid" in said.out
    assert f"{bad}:" in said.err
    assert "nothing-of-the-kind" in said.err
    assert shell("validate", SMALL).status == 0


def test_a_sweep_is_checked_by_its_name(shell: Shell) -> None:
    said = shell("validate", "control-and-linkage", "baseline")
    assert (said.status, said.err) == (0, "")
    assert "control-and-linkage: valid (Local control" in said.out


@pytest.mark.parametrize("command", [["validate"], ["run"], ["sweep"], ["scenarios"], ["replay"]])
def test_a_name_longer_than_the_system_takes_is_refused_in_words(
    shell: Shell, command: list[str]
) -> None:
    said = shell(*command, f"{'x' * 300}/{'x' * 300}.yaml")
    assert said.status in {1, 2}
    assert "Check the path" in said.err


@pytest.mark.parametrize("command", [["run", SMALL], ["compare", SMALL, SMALL]])
def test_a_root_that_cannot_be_looked_at_is_refused_before_anything_runs(
    shell: Shell, command: list[str]
) -> None:
    said = shell(*command, "-n", "4", "--results", "x" * 300)
    assert said.status == 1
    assert "cannot look for the result" in said.err
    assert "Name another one for the results." in said.err
    assert "Simulating" not in said.err


def test_checks_can_be_read_by_machines(shell: Shell) -> None:
    bad = str(ROOT / "tests" / "data" / "bad_below_bound.yaml")
    said = shell("validate", SMALL, bad, "--json")
    assert (said.status, said.err) == (2, "")
    assert [bool(entry["problems"]) for entry in said.data] == [False, True]
    assert {"file", "line", "message", "remedy"} == said.data[1]["problems"][0].keys()


def test_scenarios_are_listed(shell: Shell, tmp_path: Path) -> None:
    said = shell("scenarios", ROOT / "scenarios")
    assert said.status == 0
    assert "baseline: The offers as they stood" in said.out
    names = [entry["name"] for entry in shell("scenarios", ROOT / "scenarios", "--json").data]
    assert "third-way" in names
    assert "No scenario files" in shell("scenarios", tmp_path).out
    assert shell("scenarios", tmp_path / "none").status == 2


def test_the_schema_is_that_of_the_file(shell: Shell) -> None:
    said = shell("schema")
    committed = (ROOT / "scenarios" / "scenario.schema.json").read_text("utf-8")
    assert said.out == committed


@pytest.mark.parametrize("arguments", [[], ["frobnicate"], ["run"], ["compare", "baseline"]])
def test_half_a_command_is_refused(shell: Shell, arguments: list[str]) -> None:
    said = shell(*arguments)
    assert said.status == 2
    assert "Usage: alignsim" in said.err + said.out


def test_an_interrupt_ends_in_words(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.experiment.result.run_futures", interrupt)
    said = shell("run", SMALL, "-n", "4", "--results", tmp_path)
    assert said.status == 130
    assert said.err.endswith("\ninterrupted; nothing is left half done.\n")
    assert list((tmp_path / "small").iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="sends a signal")
def test_an_interrupted_process_ends_with_130(tmp_path: Path) -> None:
    arguments = ["run", BASELINE, "-n", "20000", "--results", str(tmp_path)]
    command = [sys.executable, "-m", "sim.interfaces.cli.command_line", *arguments]
    with subprocess.Popen(
        command,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        # A shell in the background hands down an ignored SIGINT; a terminal does not.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as running:
        assert running.stderr is not None
        assert any("Simulating" in line for line in running.stderr)
        time.sleep(1.0)
        running.send_signal(signal.SIGINT)
        _, errors = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "interrupted" in errors
    assert "Traceback" not in errors


def test_a_process_runs_where_letters_are_few(tmp_path: Path) -> None:
    said = process("countries")
    assert said.returncode == 0
    assert said.stderr == ""
    command = [sys.executable, "-m", "sim.interfaces.cli.command_line", "countries"]
    env = {**os.environ, "PYTHONIOENCODING": "ascii"}
    plain = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, check=False)
    assert plain.returncode == 0
    assert b"Traceback" not in plain.stderr


@pytest.mark.skipif(os.name != "posix", reason="needs a shell")
def test_a_reader_that_leaves_early_gets_no_traceback() -> None:
    command = f"{shlex.quote(sys.executable)} -m sim.interfaces.cli.command_line schema | head -1"
    said = subprocess.run(
        ["sh", "-c", command], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "Traceback" not in said.stderr
    assert said.stdout.count("\n") == 1
