"""The command ``alignsim sweep``: its words, its exit status, and what an interrupt leaves."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from shell import Shell
from sim.experiment.result import run_futures
from sim.experiment.sweeps import making
from sim.interfaces.cli.progress import SweepProgress
from waiting import wait_for_chunk

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data" / "sweeps"
TINY = str(DATA / "tiny.yaml")


def test_it_explains_itself(shell: Shell) -> None:
    said = shell("sweep", "-h")
    assert said.status == 0
    assert "  alignsim sweep control-and-linkage" in said.out
    assert "\n  sweep " in shell("-h").out


def test_a_sweep_says_what_it_found_and_where_it_is(shell: Shell, tmp_path: Path) -> None:
    said = shell("sweep", TINY, "--results", tmp_path, "-n", "4")
    assert said.status == 0
    assert "A small sweep for the tests" in said.out
    assert "Partners of United States by April 2026" in said.out
    assert "slots null" in said.out or "slots 3" in said.out or "slots 1" in said.out
    assert "Simulating 7 points ..." in said.err
    folder = Path(said.out.splitlines()[-1].removeprefix("Tables: "))
    assert folder.parent == tmp_path / "sweeps" / "tiny"
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    expected = ["alignsim", "sweep", "tiny.yaml", "--replicates", "4", "--seed", "1"]
    assert manifest["command_line"] == expected
    again = shell("sweep", TINY, "--results", tmp_path, "-n", "4", "--workers", "2")
    assert again.out == said.out
    assert again.err == "This result exists already; --fresh simulates again.\n"
    fresh = shell("sweep", TINY, "--results", tmp_path, "-n", "4", "--fresh")
    assert fresh.out == said.out
    assert "Simulating" in fresh.err


def test_replicates_and_seed_of_the_file_hold_unless_given(shell: Shell, tmp_path: Path) -> None:
    said = shell("sweep", TINY, "--results", tmp_path, "--json")
    assert (said.status, said.err) == (0, "")
    data = json.loads(said.out)
    assert (data["replicates"], data["seed"], data["n_points"]) == (8, 1, 7)
    assert data["is_reused"] is False
    assert "outcomes.csv" in data["files"]
    again = json.loads(shell("sweep", TINY, "--results", tmp_path, "--json").out)
    assert again == {**data, "is_reused": True}
    other = json.loads(
        shell("sweep", TINY, "--results", tmp_path, "--json", "--seed", "0", "-n2").out
    )
    assert (other["replicates"], other["seed"]) == (2, 0)
    assert other["run_id"] != data["run_id"]


def test_quiet_prints_the_folder_alone(shell: Shell, tmp_path: Path) -> None:
    said = shell("sweep", TINY, "--results", tmp_path, "-n", "2", "-q")
    assert (said.status, said.err) == (0, "")
    assert (Path(said.out.strip()) / "points.csv").is_file()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([DATA / "bad_rows.yaml"], "bad_rows.csv:4: point 2: local_control = 1.2"),
        ([DATA / "bad_axis_name.yaml"], "Did you mean 'local_control'?"),
        (["control-and-linkag"], "Did you mean 'control-and-linkage'?"),
        ([DATA], "is a folder"),
        ([TINY, "-n", "0"], "'--replicates'"),
        ([TINY, "--seed", "-1"], "'--seed'"),
        ([TINY, "--workers", "0"], "'--workers'"),
    ],
)
def test_bad_input_is_refused_in_words(
    shell: Shell, tmp_path: Path, arguments: list[str], words: str
) -> None:
    said = shell("sweep", *arguments, "--results", tmp_path / "out")
    assert said.status == 2
    assert words in said.err
    assert "Traceback" not in said.err
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_written_is_bad_input(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = shell("sweep", TINY, "--results", tmp_path / "file")
    assert said.status == 2
    assert "cannot write to" in said.err


def test_sweep_files_are_checked_with_scenarios(shell: Shell) -> None:
    said = shell("validate", TINY, DATA / "bad_rows.yaml", "baseline")
    assert said.status == 2
    assert "tiny.yaml: valid (A small sweep for the tests)" in said.out
    assert "baseline: valid" in said.out
    assert "bad_rows.csv:4" in said.err


@pytest.mark.parametrize("text", ["", "- linkage\n", "name: [\n"])
def test_what_is_no_sweep_yet_gets_the_advice_of_sweeps(
    shell: Shell, tmp_path: Path, text: str
) -> None:
    (tmp_path / "sweeps").mkdir()
    path = tmp_path / "sweeps" / "mine.yaml"
    path.write_text(text, "utf-8")
    checked, swept = shell("validate", path), shell("sweep", path, "--results", tmp_path / "out")
    assert (checked.status, swept.status) == (2, 2)
    assert checked.err == swept.err
    assert "extends" not in checked.err
    elsewhere = tmp_path / "mine.yaml"
    elsewhere.write_text("", "utf-8")
    assert "Start from a copy of a shipped scenario" in shell("validate", elsewhere).err


def test_a_switch_is_shown_as_the_file_has_it(shell: Shell, tmp_path: Path) -> None:
    said = shell("sweep", DATA / "table.yaml", "--results", tmp_path)
    assert said.status == 0
    words = " ".join(said.out.split())
    assert "providers.us.home_takes_part true" in words
    assert "providers.us.home_takes_part false" in words
    assert "home_takes_part 1" not in words


def test_the_schema_of_sweeps_is_that_of_the_file(shell: Shell) -> None:
    committed = (ROOT / "scenarios" / "sweeps" / "sweep.schema.json").read_text("utf-8")
    assert shell("schema", "--sweep").out == committed


def test_a_sweep_is_replayed(shell: Shell, tmp_path: Path) -> None:
    folder = shell("sweep", TINY, "--results", tmp_path, "-n", "2", "-q").out.strip()
    said = shell("replay", folder)
    assert said.status == 0
    assert "The bytes agree: 8 files" in said.out
    assert "Simulating 14 futures" in said.err


def test_an_interrupt_says_how_to_continue(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    command = ("sweep", TINY, "--results", tmp_path, "-n", "2")
    started = "Simulating 7 points ...\n"
    stopped = "stopped with 0 of 7 points done; "
    again = "the same command continues the sweep.\n"
    with monkeypatch.context() as broken:
        broken.setattr("sim.experiment.sweeps.making.run_futures", interrupt)
        said, fresh = shell(*command), shell(*command, "--fresh")
        broken.setattr("sim.experiment.sweeps.running.find_finished", interrupt)
        early = shell(*command)
    assert (said.status, fresh.status, early.status) == (130, 130, 130)
    # The one ending: nothing after it says otherwise.
    assert said.err.endswith(started + stopped + again)
    assert fresh.err.endswith(f"{stopped}the same command without --fresh continues the sweep.\n")
    assert early.err.endswith(f"stopped before the first point; {again}")
    assert "half done" not in said.err + fresh.err + early.err
    assert shell(*command).status == 0


def test_an_interrupt_says_what_becomes_of_an_earlier_result(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = ("sweep", TINY, "--results", tmp_path, "-n", "2")

    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    def finish_elsewhere(*_: object, **__: object) -> None:
        monkeypatch.setattr(making, "run_futures", run_futures)
        shell(*command)
        raise KeyboardInterrupt

    monkeypatch.setattr(making, "run_futures", finish_elsewhere)
    late = shell(*command)
    assert late.status == 130
    assert late.err.endswith(
        "another process has finished it: the same command shows the result.\n"
    )
    before = shell(*command)
    monkeypatch.setattr(making, "run_futures", interrupt)
    fresh = shell(*command, "--fresh")
    assert fresh.status == 130
    assert fresh.err.endswith(
        "the earlier result is unchanged, and the same command starts over.\n"
    )
    again = shell(*command)
    assert (again.status, again.out) == (0, before.out)
    assert "This result exists already" in again.err


@pytest.mark.skipif(os.name != "posix", reason="sends a signal")
def test_an_interrupted_process_is_continued(shell: Shell, tmp_path: Path) -> None:
    arguments = ["sweep", "control-and-linkage", "-n", "48", "--results", str(tmp_path)]
    command = [sys.executable, "-m", "sim.interfaces.cli.command_line", *arguments]
    with subprocess.Popen(
        command,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        # A shell in the background hands down an ignored SIGINT; a terminal does not.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        assert process.stderr is not None
        assert any("Simulating" in line for line in process.stderr)
        wait_for_chunk(process, tmp_path / "sweeps")
        process.send_signal(signal.SIGINT)
        out, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert errors.endswith("the same command continues the sweep.\n")
    assert "Traceback" not in errors
    assert out == ""
    said = shell(*arguments)
    assert said.status == 0
    assert "of them done before" in said.err


SMALL = (ROOT / "tests" / "data" / "small.yaml").read_text("utf-8")
HEAD = "name: mine\ntitle: Mine\ndescription: What moves?\nscenario: small\nreplicates: 4\n"


def test_a_sweep_that_has_changed_says_what_was_and_what_is(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(SMALL, "utf-8")
    path = tmp_path / "mine.yaml"
    path.write_text(f"{HEAD}grid: {{local_control: [0, 0.5]}}\n", "utf-8")
    command = ("sweep", path, "--results", tmp_path / "out")
    before = Path(shell(*command, "-q").out.strip())
    kept = {file.name: file.read_bytes() for file in before.iterdir()}
    grown = "uncertainties: [local_control]\ngrid: {local_control: [0, 0.5, 1]}\n"
    path.write_text(HEAD.replace("4", "8") + grown, "utf-8")
    changed = SMALL.replace("slots: 2", "slots: 3")
    (tmp_path / "small.yaml").write_text(changed, "utf-8")
    said = shell(*command)
    assert said.status == 0
    assert said.err.splitlines()[:6] == [
        f"The sweep has changed since {before.as_posix()}, which stays as it is:",
        "  design: grid of 2, now grid of 3",
        "  futures at each point: 4, now 8",
        "  providers.us.offers.infrastructure.slots of small: 2, now 3",
        "  local_control: 2 values from 0 to 0.5, now 3 values from 0 to 1",
        "  role of local_control: lever, now uncertainty",
    ]
    assert {file.name: file.read_bytes() for file in before.iterdir()} == kept
    # It is told once: the new result exists now.
    assert "has changed" not in shell(*command).err
    assert shell(*command, "--seed", "5", "-q").err == ""


def test_what_other_sweeps_have_is_done_already(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(SMALL, "utf-8")
    path = tmp_path / "mine.yaml"
    path.write_text(f"{HEAD}levers: all\nsobol: {{points: 4}}\n", "utf-8")
    command = ("sweep", path, "--results", tmp_path / "out")
    shell(*command)
    path.write_text(f"{HEAD}levers: all\nsobol: {{points: 8}}\n", "utf-8")
    assert "Simulating 9 points, 5 of them done before ..." in shell(*command).err


def test_failed_points_end_in_status_1_and_are_tried_again(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(SMALL, "utf-8")
    low = "providers.us.offers.infrastructure.data_centre_mw_min"
    path = tmp_path / "mine.yaml"
    points = f"invalid_points: fail\ngrid: {{{low}: [100, 1500]}}\n"
    path.write_text(HEAD + points, "utf-8")
    command = ("sweep", path, "--results", tmp_path / "out")
    said = shell(*command)
    assert said.status == 1
    assert "Failed: 1 of 2 points" in said.out
    assert f"point 2: {low} = 1500 must be at most" in said.out
    assert "Partners of United States" in said.out
    assert "Traceback" not in said.err
    again = shell(*command, "--json")
    assert again.status == 1
    data = json.loads(again.out)
    assert (data["n_failed"], data["is_reused"], data["n_points"]) == (1, False, 3)
    third = shell(*command)
    assert third.err.startswith("1 point failed when this sweep ran; simulating again what failed.")


def test_each_scenario_of_a_sweep_is_summarised(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(SMALL, "utf-8")
    other = SMALL.replace("name: small", "name: other").replace("slots: 2", "slots: 4")
    (tmp_path / "other.yaml").write_text(other, "utf-8")
    path = tmp_path / "mine.yaml"
    path.write_text(
        HEAD.replace("small", "[small, other]") + "grid: {local_control: [0]}\n", "utf-8"
    )
    said = shell("sweep", path, "--results", tmp_path / "out")
    assert said.status == 0
    for name in ("small", "other"):
        assert f"Partners of United States by April 2026 in {name}" in said.out
    data = json.loads(shell("sweep", path, "--results", tmp_path / "out", "--json").out)
    assert data["scenarios"] == ["small", "other"]
    assert (data["levers"], data["uncertainties"]) == (["local_control"], [])


def test_the_time_left_is_that_of_this_attempt() -> None:
    now = [100.0]
    progress = SweepProgress(lambda: now[0])
    progress.report(60, 100)
    assert progress.seconds_left is None
    assert progress.words == "60 of 100 points"
    now[0] += 30.0
    progress.report(70, 100)
    assert progress.seconds_left == 90.0
    assert progress.words == "70 of 100 points, 2 min left"
