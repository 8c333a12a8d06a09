"""Sweeps whose cluster cannot be had or is lost, and those whose own process is killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import dask
import distributed
import psutil
import pytest

import sim
from experiment.short_sweeps import REPLICATES, few_countries, files, store
from sim.data import load_facts
from sim.errors import InputError, RunError
from sim.experiment.store.unavailable import UnavailableError
from sim.experiment.sweeps.scaling.connecting import connected, scheduler_address
from sim.scenario import Scenario
from waiting import PATIENCE_SECONDS, wait_for

ROOT = Path(__file__).parents[2]
DESIGN = sim.Design.latin_hypercube({"local_control": (0, 1), "providers.us.linkage": (0, 1)}, 40)
FORMS = "Write local, local:N for N processes on this machine"


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return few_countries()


@pytest.fixture(scope="module")
def whole(scenario: Scenario, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of the sweep as threads make them."""
    return files(sim.sweep(scenario, DESIGN, REPLICATES, out=tmp_path_factory.mktemp("whole")))


def giving_up_after(seconds: int) -> Any:
    """Give up on a scheduler that has not answered for so long."""
    return dask.config.set({"distributed.comm.timeouts.connect": f"{seconds}s"})


@contextmanager
def started(*words: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command of Dask in a process of its own."""
    command = [sys.executable, "-m", "distributed.cli." + words[0], *words[1:]]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=quiet, stderr=quiet, cwd=ROOT) as process:
        try:
            yield process
        finally:
            process.kill()


def test_a_scheduler_that_is_lost_loses_nothing(
    scenario: Scenario, whole: dict[str, bytes], tmp_path: Path
) -> None:
    file = tmp_path / "scheduler.json"
    head = ("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    hand = ("dask_worker", "--scheduler-file", str(file), "--nthreads", "1", "--no-dashboard")
    with started(*head, "--scheduler-file", str(file)) as scheduler, started(*hand):
        wait_for(lambda: file.is_file() and file.stat().st_size)
        address = scheduler_address(str(file))
        seen: list[int] = []

        def lose(done: int, _: int) -> None:
            seen.append(done)
            if done:
                scheduler.send_signal(signal.SIGKILL)
                scheduler.wait()

        words = f"the scheduler at {address} was lost"
        with giving_up_after(10), pytest.raises(UnavailableError, match=words):
            sim.sweep(scenario, DESIGN, REPLICATES, out=tmp_path, cluster=str(file), progress=lose)
    assert seen[-1] > 0
    # At least what had been reported is kept.
    kept = store(scenario, DESIGN, tmp_path)
    assert kept.n_points - kept.count(kept.missing()) >= seen[-1]
    assert files(sim.sweep(scenario, DESIGN, REPLICATES, out=tmp_path)) == whole


KILLED = """
    import os, sys, time
    import sim
    from experiment.short_sweeps import few_countries

    def report(done, total):
        if done:
            print(done, flush=True)
            time.sleep(600)

    if __name__ == "__main__":
        ranges = {"local_control": (0, 1), "providers.us.linkage": (0, 1)}
        design = sim.Design.latin_hypercube(ranges, 40)
        sim.sweep(few_countries(), design, 50, out=sys.argv[1], cluster="local:2", progress=report)
"""


@pytest.mark.skipif(os.name != "posix", reason="needs a signal that cannot be caught")
def test_a_driver_that_is_killed_leaves_a_sweep_that_can_be_continued(
    scenario: Scenario, whole: dict[str, bytes], tmp_path: Path
) -> None:
    script = tmp_path / "driver.py"
    script.write_text(textwrap.dedent(KILLED), "utf-8")
    out = tmp_path / "out"
    command = [sys.executable, str(script), str(out)]
    paths = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, env=paths) as process:
        assert process.stdout is not None
        assert int(process.stdout.readline()) >= 1
        workers = psutil.Process(process.pid).children(recursive=True)
        assert len(workers) >= 2
        process.send_signal(signal.SIGKILL)
    # The workers end by themselves.
    assert psutil.wait_procs(workers, timeout=PATIENCE_SECONDS)[1] == []
    kept = store(scenario, DESIGN, out)
    assert kept.is_begun
    assert 1 <= len([*kept.missing()]) < kept.n_chunks
    assert files(sim.sweep(scenario, DESIGN, REPLICATES, out=out)) == whole


@pytest.mark.parametrize(
    ("cluster", "words"),
    [
        ("local:0", "N must be a whole number from 1 to 1024"),
        ("local:two", "N must be a whole number"),
        ("local:", "N must be a whole number"),
        ("no-such-file.json", "the scheduler file does not exist"),
        ("", "the scheduler file"),
        (7, "cluster must be a text or a dask.distributed.Client, not a int"),
    ],
)
def test_what_is_no_cluster_is_refused_in_words(
    scenario: Scenario, tmp_path: Path, cluster: Any, words: str
) -> None:
    with pytest.raises(InputError) as caught:
        sim.sweep(scenario, DESIGN, REPLICATES, out=tmp_path, cluster=cluster)
    assert words in str(caught.value)
    assert FORMS in str(caught.value)
    assert not isinstance(caught.value, RunError)
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize("text", ["", "{", '{"address": 7}', "[]"])
def test_a_file_that_is_no_scheduler_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "scheduler.json"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError, match=r"scheduler file (is not JSON|has no text)"):
        scheduler_address(str(path))


def test_a_scheduler_that_does_not_answer_is_told(scenario: Scenario, tmp_path: Path) -> None:
    (tmp_path / "file.json").write_text(json.dumps({"address": "tcp://127.0.0.1:9"}), "utf-8")
    for cluster in ("tcp://127.0.0.1:9", str(tmp_path / "file.json"), "what://127.0.0.1:9"):
        words = r"no Dask scheduler answers at [a-z]+://127"
        with giving_up_after(1), pytest.raises(UnavailableError, match=words):
            sim.sweep(scenario, DESIGN, REPLICATES, out=tmp_path / "out", cluster=cluster)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"asynchronous": True, "status": "running"}, "is asynchronous"),
        ({"asynchronous": False, "status": "closed"}, "is closed"),
    ],
)
def test_a_client_that_cannot_serve_is_refused(
    monkeypatch: pytest.MonkeyPatch, state: dict[str, Any], words: str
) -> None:
    monkeypatch.setattr(distributed, "Client", SimpleNamespace)
    with pytest.raises(InputError, match=words), connected(SimpleNamespace(**state)):
        pass


def test_without_dask_the_extra_is_named(
    scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UnavailableError, match=r"pip install 'alignsim\[cluster\]'"):
        sim.sweep(scenario, DESIGN, REPLICATES, out=tmp_path, cluster="local:2")
    assert [*tmp_path.iterdir()] == []


def test_what_does_not_go_with_a_cluster_is_refused(scenario: Scenario, tmp_path: Path) -> None:
    other = SimpleNamespace(hash="other")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.data.Facts", SimpleNamespace)
        with pytest.raises(InputError, match=r"facts must be the shipped(.|\n)*workers = 2 counts"):
            sim.sweep(
                scenario, DESIGN, REPLICATES, out=tmp_path, workers=2, cluster="local:2",
                facts=other,  # type: ignore[arg-type]
            )  # fmt: skip
    assert load_facts().hash != other.hash


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("shared", "the place of chunks must be a URL"),
        ("://shared", "the place of chunks must be a URL"),
        (7, "must be a URL, not a int"),
        ("nothing://shared/x", "is not a URL of a known kind"),
        ("s3://", "names no bucket or folder"),
    ],
)
def test_what_is_no_place_of_chunks_is_refused(
    scenario: Scenario, tmp_path: Path, url: Any, words: str
) -> None:
    with pytest.raises(InputError) as caught:
        sim.sweep(scenario, DESIGN, REPLICATES, out=tmp_path, chunks_at=url)
    assert words in str(caught.value)
    assert "For example: s3://bucket/sweeps" in str(caught.value)
    assert [*tmp_path.iterdir()] == []


def test_a_store_whose_package_is_missing_is_told(
    scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "gcsfs", None)
    with pytest.raises(UnavailableError, match=r"(?i)cannot open gs://shared/x: .*gcsfs"):
        sim.sweep(scenario, DESIGN, REPLICATES, out=tmp_path, chunks_at="gs://shared/x")


def test_a_place_that_cannot_have_folders_is_told(scenario: Scenario, tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match=r"cannot write to /proc/.*no folder can be made"):
        sim.sweep(scenario, DESIGN, REPLICATES, out=tmp_path, chunks_at="file:///proc/none")
    with pytest.raises(InputError, match="is a relative path"):
        sim.sweep(scenario, DESIGN, REPLICATES, out=tmp_path, chunks_at="file://here/x")


def test_a_shared_folder_that_cannot_be_written_is_told_before_anything_runs(
    scenario: Scenario, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    seen: list[int] = []
    with pytest.raises(UnavailableError, match=r"cannot write to .*file(.|\n)*permission"):
        sim.sweep(
            scenario, DESIGN, REPLICATES, out=tmp_path, chunks_at=f"file://{tmp_path}/file",
            progress=lambda done, _: seen.append(done),
        )  # fmt: skip
    assert seen == []
