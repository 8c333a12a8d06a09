"""A result that is replaced: at every step one of the two is to be found, and a kill loses none."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path
from typing import Self

import pytest

import sim
from experiment.short_sweeps import REPLICATES, few_countries
from sim.errors import RunError
from sim.experiment import Result
from sim.experiment.store import replacing, writers
from sim.experiment.store import results as store
from sim.experiment.store.results import LOG_FILE, find_finished
from sim.experiment.store.writers import Writer, clear_left_over
from sim.experiment.sweeps.finished import list_sweeps

DATA = Path(__file__).parents[1] / "data"
DESIGN = sim.Design.grid({"local_control": [0, 1]})


def hidden(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name.startswith("."))


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != LOG_FILE}


@pytest.fixture(params=["exchange", "two renames"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways to replace a folder, whichever this system has."""
    if request.param == "two renames":
        monkeypatch.setattr(store, "exchange", lambda *_: False)
    elif replacing._exchange_call() is None:
        pytest.skip("this system cannot exchange two names")
    return str(request.param)


@pytest.mark.usefixtures("way")
def test_fresh_replaces_a_result_and_leaves_nothing(small: Result, tmp_path: Path) -> None:
    folder = small.save(tmp_path)
    before, inode = bytes_of(folder), folder.stat().st_ino
    (folder / "countries.csv").write_bytes(b"")
    assert small.save(tmp_path, fresh=True) == folder
    assert bytes_of(folder) == before
    assert folder.stat().st_ino != inode
    assert hidden(folder.parent) == []


@pytest.mark.usefixtures("way")
def test_fresh_replaces_whatever_is_in_the_place(small: Result, tmp_path: Path) -> None:
    place = tmp_path / small.inputs.folder
    place.parent.mkdir()
    place.write_text("not a folder")
    with pytest.raises(RunError, match=r"is damaged: it has no manifest\.json.\n.*--fresh"):
        small.save(tmp_path)
    small.save(tmp_path, fresh=True)
    assert isinstance(sim.load_run(place), sim.StoredRun)
    assert hidden(place.parent) == []


def test_an_exchange_needs_both(tmp_path: Path) -> None:
    if replacing._exchange_call() is None:
        pytest.skip("this system cannot exchange two names")
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    assert replacing.exchange(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "a" / "b").is_file()
    assert (tmp_path / "b" / "a").is_file()
    with pytest.raises(FileNotFoundError, match="c"):
        replacing.exchange(tmp_path / "a", tmp_path / "c")


# Reads numbers, and for each starts a process that replaces a result. That process says each change
# of a name before it makes it, and kills itself before the change of that number, counted from 0.
STEPS = """
    import os
    import signal
    import sys
    from pathlib import Path
    import sim
    from sim.experiment.store import results as store
    from sim.experiment.result import plan

    def announce(*words):
        global left
        print(*words, flush=True)
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1

    def announced(first, second):
        announce("exchange")
        return exchange(first, second)

    def step(event, names):
        is_lock = event == "os.remove" and ".lock-" in str(names[0])
        if event in ("os.rename", "os.rmdir", "os.mkdir") or is_lock:
            announce(event, names[0])

    def replace():
        sys.addaudithook(step)
        store.write_result(root, inputs, files, fresh=True)

    exchange = store.exchange if sys.argv[3] == "exchange" else lambda *_: False
    store.exchange = announced
    inputs = plan((sim.load_scenario(sys.argv[1]),), 12, 1)
    root = Path(sys.argv[2])
    place = root / inputs.folder
    files = [(name, (place / name).read_bytes()) for name in store.read_manifest(place)["files"]]
    for line in sys.stdin:
        left = int(line)
        process = os.fork()
        if process == 0:
            try:
                replace()
                os._exit(0)
            finally:
                os._exit(1)
        _, status = os.waitpid(process, 0)
        print("ended", os.waitstatus_to_exitcode(status), flush=True)
"""
NEVER = -1


class Replacing:
    """Processes that replace a result, each killed before one of its steps."""

    def __init__(self, root: Path, way: str) -> None:
        command = [sys.executable, "-c", textwrap.dedent(STEPS), str(DATA / "small.yaml")]
        self.process = subprocess.Popen(
            [*command, str(root), way], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.communicate()

    def run(self, killed_before: int) -> tuple[list[str], int]:
        """Return the steps that a process came to, and how it ended."""
        assert self.process.stdout is not None
        assert self.process.stdin is not None
        self.process.stdin.write(f"{killed_before}\n")
        self.process.stdin.flush()
        steps: list[str] = []
        for line in self.process.stdout:
            if line.startswith("ended "):
                return steps, int(line.split()[1])
            steps.append(line.strip())
        raise AssertionError(steps)


@pytest.mark.skipif(os.name != "posix", reason="needs a signal that cannot be caught")
def test_a_kill_at_any_step_of_a_replacement_loses_nothing(
    small: Result, tmp_path: Path, way: str
) -> None:
    place = small.save(tmp_path)
    whole = bytes_of(place)
    absent = []
    with Replacing(tmp_path, way) as replacing_it:
        steps, status = replacing_it.run(NEVER)
        assert (status, bytes_of(place), hidden(place.parent)) == (0, whole, [])
        n_renames = sum(step.startswith("os.rename") for step in steps)
        assert n_renames == (0 if way == "exchange" else 2)
        for number in range(len(steps)):
            taken, status = replacing_it.run(number)
            assert (len(taken), status) == (number + 1, -signal.SIGKILL)
            step = taken[-1]
            if not place.exists():
                absent.append(step)
            # Whoever reads, lists or writes next finds a whole result at its place.
            assert bytes_of(sim.load_run(place).path) == whole, step
            assert find_finished(tmp_path, small.inputs) == place, step
            assert hidden(place.parent) == [], step
    # Between the two renames.
    assert len(absent) == (0 if way == "exchange" else 1)


def test_a_reader_between_the_two_renames_waits_for_the_writer(
    small: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = small.save(tmp_path)
    is_between, is_waiting = threading.Event(), threading.Event()
    move, clear = store._move_into_place, writers.clear_left_over

    def halted(partial: Path, final: Path) -> None:
        assert not final.exists()
        is_between.set()
        assert is_waiting.wait(60)
        move(partial, final)

    def noted(folder: Path) -> None:
        clear(folder)
        # The result that the living writer has put aside stays there.
        assert len([name for name in hidden(folder) if "replaced" in name]) == 1
        is_waiting.set()

    monkeypatch.setattr(store, "exchange", lambda *_: False)
    monkeypatch.setattr(store, "_move_into_place", halted)
    writer = threading.Thread(target=small.save, args=(tmp_path, True))
    writer.start()
    assert is_between.wait(60)
    monkeypatch.setattr(writers, "clear_left_over", noted)
    assert isinstance(sim.load_run(place), sim.StoredRun)
    writer.join()
    assert hidden(place.parent) == []


def left_between(place: Path) -> Path:
    """Leave a result as an earlier version did, killed between its two renames."""
    return place.rename(place.with_name(f".{place.name}.replaced-1-aaaa"))


def test_a_result_that_an_earlier_version_left_aside_is_put_back(
    small: Result, tmp_path: Path
) -> None:
    place = small.save(tmp_path)
    for reader in (
        lambda: sim.load_run(place),
        lambda: sim.replay(place),
        lambda: small.save(tmp_path),
    ):
        left_between(place)
        reader()
        assert place.is_dir()
        assert hidden(place.parent) == []


def test_a_sweep_that_lies_aside_is_listed(tmp_path: Path) -> None:
    found = sim.sweep(few_countries(), DESIGN, REPLICATES, out=tmp_path)
    left_between(found.path)
    assert [entry.path for entry in list_sweeps(tmp_path)] == [found.path]
    assert isinstance(sim.load_run(found.path), sim.StoredSweep)


@pytest.mark.parametrize("kind", ["partial", "replaced"])
def test_what_a_living_writer_works_on_is_left_alone(
    small: Result, tmp_path: Path, kind: str
) -> None:
    place = small.save(tmp_path)
    with Writer(place) as writer:
        work = writer.partial if kind == "partial" else writer.aside
        work.mkdir()
        # Its age does not matter: a large sweep takes long to write.
        os.utime(work, (0, 0))
        clear_left_over(place.parent)
        assert work.is_dir()


def test_where_there_are_no_locks_age_tells(
    small: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without(*_: object, **__: object) -> bool:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(writers, "_take", without)
    place = small.save(tmp_path)
    with Writer(place) as writer:
        writer.partial.mkdir()
        clear_left_over(place.parent)
        assert writer.partial.is_dir()
    assert hidden(place.parent) == []


def test_probes_that_a_kill_left_are_cleared(small: Result, tmp_path: Path) -> None:
    (tmp_path / "small").mkdir()
    left, young, foreign = (
        tmp_path / "small" / name for name in (".probe-7-0a1b2c3d", ".probe-8-0a1b2c3d", "probe")
    )
    for path in (left, young, foreign):
        path.touch()
    hour_ago = time.time() - 3600
    os.utime(left, (hour_ago, hour_ago))
    os.utime(foreign, (hour_ago, hour_ago))
    small.save(tmp_path)
    assert not left.exists()
    assert young.exists()
    assert foreign.exists()
