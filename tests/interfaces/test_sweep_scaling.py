"""``alignsim sweep`` on clusters and in shards; how far it is, and what it will take."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections import namedtuple
from importlib import import_module
from pathlib import Path
from typing import Any

import dask
import psutil
import pytest
import typer

from shell import Said, Shell
from sim.experiment.store.results import LOG_FILE
from sim.interfaces.cli.output import bytes_in_words
from sim.interfaces.cli.sweeping import reports
from waiting import wait_for_chunk

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data"
TINY = str(DATA / "sweeps" / "tiny.yaml")
# 25 points in four chunks, with 50 futures at each point.
SWEEP = """
name: wide
title: A sweep of several chunks
description: Points that fill two ranges.
scenario: small
replicates: 50
latin_hypercube:
  points: 24
  seed: 3
  ranges:
    local_control: {low: 0, high: 1}
    providers.us.linkage: {low: 0, high: 1}
"""


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The path of a sweep file whose points are several chunks."""
    folder = tmp_path_factory.mktemp("wide")
    shutil.copyfile(DATA / "small.yaml", folder / "small.yaml")
    (folder / "wide.yaml").write_text(SWEEP, "utf-8")
    return str(folder / "wide.yaml")


@pytest.fixture(scope="module")
def whole(wide: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of the sweep as one command makes them."""
    from sim.interfaces.cli.command_line import main

    root = tmp_path_factory.mktemp("whole")
    assert main(["sweep", wide, "--results", str(root), "-q"]) == 0
    (folder,) = (root / "sweeps" / "wide").iterdir()
    return contents(folder)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != LOG_FILE}


def folder_of(said: Said) -> Path:
    assert said.status == 0, said.err
    return Path(said.out.splitlines()[-1].removeprefix("Tables: "))


def test_shards_made_apart_are_merged(
    shell: Shell, wide: str, whole: dict[str, bytes], tmp_path: Path
) -> None:
    roots = [tmp_path / "a", tmp_path / "b", tmp_path / "c"]
    for number, root in enumerate(roots, 1):
        said = shell("sweep", wide, "--shard", f"{number}/3", "--results", root)
        assert said.status == 0
        n_points = {1: 9, 2: 8, 3: 8}[number]
        assert f"Shard {number} of 3: {n_points} points in {root}" in said.out
        assert f"Simulating {n_points} points ..." in said.err
        assert len([*root.rglob("[0-9]*.json")]) == {1: 2, 2: 1, 3: 1}[number]
    merging = [word for root in roots for word in ("--merge", root)]
    folder = folder_of(shell("sweep", wide, *merging, "--results", tmp_path / "merged"))
    assert contents(folder) == whole
    assert [*folder.parent.iterdir()] == [folder]
    # The shards stay as they were.
    assert len([*tmp_path.glob("[abc]/sweeps/wide/*.unfinished/[0-9]*.json")]) == 4


def test_shards_in_one_folder_or_at_one_url_are_joined_by_the_plain_command(
    shell: Shell, wide: str, whole: dict[str, bytes], tmp_path: Path
) -> None:
    url = f"file://{tmp_path}/shared"
    for number in (1, 2):
        assert (
            shell("sweep", wide, "--shard", f"{number}/2", "--results", tmp_path / "o").status == 0
        )
        command = (
            "--shard",
            f"{number}/2",
            "--chunks-at",
            url,
            "--results",
            tmp_path / str(number),
        )
        assert shell("sweep", wide, *command, "-q").out.strip().startswith(f"{tmp_path}/shared/")
    merged = shell("sweep", wide, "--merge", tmp_path / "o", "--results", tmp_path / "o")
    assert contents(folder_of(merged)) == whole
    elsewhere = shell("sweep", wide, "--merge", url, "--results", tmp_path / "p")
    assert contents(folder_of(elsewhere)) == whole
    plain = shell("sweep", wide, "--chunks-at", url, "--results", tmp_path / "q")
    assert contents(folder_of(plain)) == whole
    assert "25 of them done before" in plain.err


def test_a_shard_that_is_missing_is_named_and_nothing_is_lost(
    shell: Shell, wide: str, whole: dict[str, bytes], tmp_path: Path
) -> None:
    root = tmp_path / "merged"
    assert shell("sweep", wide, "--shard", "1/2", "--results", tmp_path / "a").status == 0
    said = shell("sweep", wide, "--merge", tmp_path / "a", "--results", root)
    assert said.status == 2
    assert "9 of 25 points are in no shard: 8 to 15, 24 to 24." in said.err
    shutil.rmtree(tmp_path / "a")
    assert shell("sweep", wide, "--shard", "2/2", "--results", tmp_path / "b").status == 0
    merged = shell("sweep", wide, "--merge", tmp_path / "b", "--results", root)
    assert contents(folder_of(merged)) == whole


def test_a_damaged_chunk_of_a_shard_is_not_merged(shell: Shell, wide: str, tmp_path: Path) -> None:
    assert shell("sweep", wide, "--shard", "1/1", "--results", tmp_path / "a").status == 0
    (victim,) = tmp_path.rglob("000002.countries.parquet")
    victim.write_bytes(victim.read_bytes()[:-1])
    said = shell("sweep", wide, "--merge", tmp_path / "a", "--results", tmp_path / "b")
    assert said.status == 2
    assert "8 of 25 points are in no shard: 16 to 23." in said.err


def test_a_folder_without_the_sweep_is_not_merged(shell: Shell, wide: str, tmp_path: Path) -> None:
    assert (
        shell("sweep", wide, "--seed", "9", "--shard", "1/2", "--results", tmp_path / "a").status
        == 0
    )
    (other,) = (tmp_path / "a" / "sweeps" / "wide").iterdir()
    said = shell("sweep", wide, "--merge", tmp_path / "a", "--results", tmp_path / "b")
    assert said.status == 2
    assert f"{tmp_path}/a has no shard of the sweep wide" in said.err
    assert f"It has {other.name.removesuffix('.unfinished')}: another design" in said.err
    said = shell("sweep", wide, "--merge", tmp_path / "nowhere", "--results", tmp_path / "b")
    assert said.status == 2
    assert "Name the folder that was given as --results" in said.err
    assert not (tmp_path / "b").exists()


@pytest.mark.parametrize("text", ["0/3", "4/3", "3", "1/0", "1/1000000", "a/b", "-1/2", ""])
def test_what_is_no_shard_is_refused(shell: Shell, tmp_path: Path, text: str) -> None:
    said = shell("sweep", TINY, f"--shard={text}", "--results", tmp_path)
    assert said.status == 2
    assert "must be K/N" in said.err
    assert "the third of eight shards" in said.err
    assert [*tmp_path.iterdir()] == []


def test_an_interrupted_shard_is_continued(
    shell: Shell, wide: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    command = ("sweep", wide, "--shard", "1/2", "--results", tmp_path)
    with monkeypatch.context() as broken:
        broken.setattr("sim.experiment.sweeps.making.run_futures", interrupt)
        said = shell(*command)
    assert said.status == 130
    assert said.err.endswith(
        "stopped with 0 of 16 points done; the same command continues the sweep.\n"
    )
    assert shell(*command).status == 0


def test_the_status_says_how_far_a_sweep_is(shell: Shell, wide: str, tmp_path: Path) -> None:
    command = ("sweep", wide, "--status", "--results", tmp_path)
    said = shell(*command)
    assert said.status == 0
    assert re.match(r"wide \([0-9a-f]{16}\): not begun\n  0 of 25 points are done\n$", said.out)
    assert [*tmp_path.iterdir()] == []
    shell("sweep", wide, "--shard", "2/2", "--results", tmp_path)
    said = shell(*command)
    assert "unfinished\n  9 of 25 points are done\n  the newest points were written" in said.out
    data = shell(*command, "--json").data
    assert (data["state"], data["n_done"], data["n_points"]) == ("unfinished", 9, 25)
    other = shell(*command, "--seed", "4").out
    assert "not begun" in other
    assert f"Other sweeps of this name, from other inputs: {data['run_id']}" in other
    folder = folder_of(shell("sweep", wide, "--results", tmp_path))
    said = shell(*command)
    assert "finished\n  25 of 25 points are done\n" in said.out
    assert f"Tables: {folder}" in said.out
    assert shell(*command, "--json").data["others"] == []


def test_an_estimate_says_points_time_and_disk(shell: Shell, wide: str, tmp_path: Path) -> None:
    command = ("sweep", wide, "--estimate", "--results", tmp_path / "out")
    said = shell(*command)
    assert said.status == 0
    for line in ("points         25; ", "futures        1,250, 50 at", "time           about "):
        assert f"  {line}" in said.out
    assert not (tmp_path / "out").exists()
    data = shell(*command, "--json").data
    tables, most = (bytes_in_words(data[name]) for name in ("result_bytes", "most_bytes"))
    assert (
        f"  disk           {tables} for the tables, {most} until the sweep is finished" in said.out
    )
    assert data["n_left"] == data["n_points"] == 25
    shell("sweep", wide, "--shard", "1/2", "--results", tmp_path / "out")
    assert shell(*command, "--json").data["n_left"] == 9
    folder = folder_of(shell("sweep", wide, "--results", tmp_path / "out"))
    assert shell(*command, "--json").data["n_left"] == 0
    # Parquet is packed, and a few points tell how well.
    files = [p for p in folder.iterdir() if p.suffix in (".parquet", ".csv")]
    size = sum(path.stat().st_size for path in files)
    assert 0.5 * size < data["result_bytes"] < 2 * size


def test_a_sweep_above_its_budget_needs_a_yes(
    shell: Shell, wide: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = ("sweep", wide, "--budget", "0", "--results", tmp_path / "out")
    said = shell(*command)
    assert said.status == 2
    assert "this sweep will take about" in said.err
    assert "more than the budget of" in said.err
    assert "Give --yes to run it all the same" in said.err
    assert not (tmp_path / "out").exists()
    asked: list[str] = []

    def answer(text: str, **_: Any) -> bool:
        asked.append(text)
        return len(asked) > 1

    with monkeypatch.context() as terminal:
        for stream in (sys.stdin, sys.stderr):
            terminal.setattr(stream, "isatty", lambda: True, raising=False)
        terminal.setenv("NO_COLOR", "1")
        terminal.setattr(typer, "confirm", answer)
        refused, run = shell(*command), shell(*command)
    assert refused.status == 2
    assert run.status == 0
    assert "  points         25; " in run.err
    assert all(text.startswith("This sweep will take about") for text in asked)
    # What is finished costs nothing.
    assert shell(*command).status == 0
    assert shell(*command, "--fresh", "--yes").status == 0


def test_a_sweep_that_would_fill_the_disk_needs_a_yes(
    shell: Shell, wide: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(2000))
    monkeypatch.setattr("sim.experiment.sweeps.scaling.estimate.FEWEST_FUTURES_A_SECOND", 1e-3)
    said = shell("sweep", wide, "--results", tmp_path / "out")
    assert said.status == 2
    assert re.search(r"will take [0-9.]+ [kM]B of disk, but only 2 kB are free", said.err)


def test_a_small_sweep_is_never_estimated(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise AssertionError("a few points were tried")

    monkeypatch.setattr(reports, "_estimated", refuse)
    assert shell("sweep", TINY, "--results", tmp_path).status == 0


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--status", "--estimate"], "--status and --estimate cannot be given together."),
        (["--shard", "1/2", "--merge", "x"], "--shard and --merge cannot be given together."),
        (["--shard", "1/2", "--fresh"], "--fresh cannot be given with --shard."),
        (["--cluster", "local:2", "--workers", "2"], "--workers counts threads of this process"),
        (["--status", "--cluster", "local"], "--status needs no --cluster."),
        (["--cluster", "local:0"], "N must be a whole number from 1 to 1024"),
        (["--cluster", "nowhere.json"], "the scheduler file does not exist"),
        (["--chunks-at", "shared"], "the place of chunks must be a URL"),
        (["--budget", "-1"], "'--budget'"),
    ],
)
def test_bad_options_are_refused_in_words(
    shell: Shell, tmp_path: Path, options: list[str], words: str
) -> None:
    said = shell("sweep", TINY, *options, "--results", tmp_path / "out")
    assert said.status == 2
    assert words in said.err
    assert "Traceback" not in said.err
    assert not (tmp_path / "out").exists()


def test_a_cluster_that_cannot_be_had_is_bad_input(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = ("sweep", TINY, "--results", tmp_path / "out", "--cluster")
    # Imported inside, it would lose all its settings with the one that is taken back.
    import_module("distributed")
    with dask.config.set({"distributed.comm.timeouts.connect": "1s"}):
        said = shell(*command, "tcp://127.0.0.1:9")
    assert said.status == 2
    assert said.err.startswith("no Dask scheduler answers at tcp://127.0.0.1:9: ")
    monkeypatch.setitem(sys.modules, "distributed", None)
    said = shell(*command, "local:2")
    assert said.status == 2
    assert "pip install 'alignsim[cluster]'" in said.err
    assert not (tmp_path / "out").exists()


def test_a_sweep_on_processes_of_this_machine(
    shell: Shell, wide: str, whole: dict[str, bytes], tmp_path: Path
) -> None:
    said = shell("sweep", wide, "--cluster", "local:2", "--results", tmp_path)
    assert contents(folder_of(said)) == whole
    assert said.err.startswith("2 threads of Dask workers.\nDashboard: http://127.0.0.1:")
    # No cluster is started for a sweep that is finished.
    again = shell("sweep", wide, "--cluster", "local:2", "--results", tmp_path)
    assert again.err == "This result exists already; --fresh simulates again.\n"


@pytest.mark.skipif(os.name != "posix", reason="sends a signal to a group of processes")
def test_ctrl_c_ends_a_local_cluster_with_one_line(tmp_path: Path) -> None:
    arguments = ["sweep", "control-and-linkage", "-n", "48", "--results", str(tmp_path)]
    command = [sys.executable, "-m", "sim.interfaces.cli.command_line", *arguments]
    with subprocess.Popen(
        [*command, "--cluster", "local:2"],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        # As in a terminal, where Ctrl-C reaches every process of the group.
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        wait_for_chunk(process, tmp_path)
        workers = psutil.Process(process.pid).children(recursive=True)
        os.killpg(process.pid, signal.SIGINT)
        out, errors = process.communicate(timeout=300)
    assert process.returncode == 130
    assert re.search(r"stopped with [0-9]+ of 36 points done; the same command continues", errors)
    assert "Traceback" not in errors
    # On a busy machine it may have said how far it is.
    lines = [line for line in errors.splitlines() if not re.match(r"[0-9]+ of 36 points, ", line)]
    assert len(lines) == 4
    assert out == ""
    assert psutil.wait_procs(workers, timeout=300)[1] == []
