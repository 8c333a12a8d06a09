"""A sweep that is stopped: what is kept, what is made again, and that nobody can tell after."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
import tracemalloc
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from experiment.short_sweeps import REPLICATES, few_countries, files, short_scenario, store
from sim.errors import RunError
from sim.experiment.store.manifest import MANIFEST_FILE
from sim.experiment.store.results import write_file
from sim.experiment.store.sweep_folders import MARK_FILE, UNFINISHED
from sim.experiment.sweeps import assembling, chunks
from sim.experiment.sweeps.chunks import FEWEST_POINTS
from sim.scenario import Scenario

ROOT = Path(__file__).parents[2]
DESIGN = sim.Design.latin_hypercube({"local_control": (0, 1), "providers.us.linkage": (0, 1)}, 16)
N_POINTS = 17
N_CHUNKS = 3


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return few_countries()


@pytest.fixture(scope="module")
def whole(scenario: Scenario, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of a sweep that nothing has disturbed."""
    return files(sim.sweep(scenario, DESIGN, REPLICATES, out=tmp_path_factory.mktemp("whole")))


def stop_after(point: int) -> Any:
    def report(done: int, total: int) -> None:
        assert total == N_POINTS
        if done >= point:
            raise KeyboardInterrupt

    return report


def stopped(scenario: Scenario, root: Path, point: int, workers: int = 2) -> None:
    with pytest.raises(KeyboardInterrupt):
        sim.sweep(scenario, DESIGN, REPLICATES, 1, root, workers, stop_after(point))


@settings(max_examples=6)
@given(
    stops=st.lists(st.integers(0, N_POINTS - 1), min_size=1, max_size=3), workers=st.integers(1, 3)
)
def test_an_interrupted_sweep_equals_an_uninterrupted_one(
    scenario: Scenario,
    whole: dict[str, bytes],
    tmp_path_factory: pytest.TempPathFactory,
    stops: list[int],
    workers: int,
) -> None:
    root = tmp_path_factory.mktemp("stopped")
    for point in sorted(stops):
        stopped(scenario, root, point, workers)
        # Neither finished nor anything that could be taken for it.
        assert [path.name for path in (root / "sweeps" / "small").iterdir()] == [
            store(scenario, DESIGN, root).folder.name
        ]
    assert files(sim.sweep(scenario, DESIGN, REPLICATES, 1, root, workers)) == whole
    assert not store(scenario, DESIGN, root).folder.exists()


def test_what_is_done_is_not_done_again(scenario: Scenario, tmp_path: Path) -> None:
    stopped(scenario, tmp_path, N_POINTS, workers=1)
    seen: list[int] = []
    sim.sweep(scenario, DESIGN, REPLICATES, 1, tmp_path, 1, lambda done, _: seen.append(done))
    assert seen == [2 * FEWEST_POINTS, N_POINTS]
    # A finished one is found, and nothing runs.
    seen.clear()
    sim.sweep(scenario, DESIGN, REPLICATES, 1, tmp_path, 1, lambda done, _: seen.append(done))
    assert seen == []


def test_an_unfinished_sweep_says_so(scenario: Scenario, tmp_path: Path) -> None:
    stopped(scenario, tmp_path, 10)
    folder = store(scenario, DESIGN, tmp_path).folder
    assert folder.name.endswith(UNFINISHED)
    assert "not finished" in json.loads((folder / MARK_FILE).read_text("utf-8"))["note"]
    with pytest.raises(RunError, match="is not a result"):
        sim.load_run(folder)


@pytest.mark.parametrize(
    "damage", ["truncate", "change", "delete", "record", "no record", "empty record"]
)
def test_a_damaged_chunk_is_made_again(
    scenario: Scenario, whole: dict[str, bytes], tmp_path: Path, damage: str
) -> None:
    stopped(scenario, tmp_path, N_POINTS)
    kept = store(scenario, DESIGN, tmp_path)
    assert list(kept.missing()) == [2]
    victim = kept.folder / "000001.outcomes.parquet"
    record = kept.folder / "000001.json"
    content = victim.read_bytes()
    if damage == "truncate":
        victim.write_bytes(content[:-20])
    elif damage == "change":
        victim.write_bytes(content[:200] + bytes([content[200] ^ 1]) + content[201:])
    elif damage == "delete":
        victim.unlink()
    elif damage == "record":
        record.write_bytes(record.read_bytes()[:-30])
    elif damage == "no record":
        record.unlink()
    else:
        record.write_bytes(b'{"files": {}}')
    assert list(kept.missing()) == [1, 2]
    assert files(sim.sweep(scenario, DESIGN, REPLICATES, out=tmp_path)) == whole


def test_a_failure_to_write_leaves_what_was_written(
    scenario: Scenario, whole: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = write_file

    def fail(path: Path, content: Any) -> None:
        if "000001.countries" in path.name:
            path.write_bytes(b"half")
            raise OSError(28, "No space left on device")
        write(path, content)

    monkeypatch.setattr(chunks, "write_passing", fail)
    with pytest.raises(RunError, match="No space left on device"):
        sim.sweep(scenario, DESIGN, REPLICATES, out=tmp_path)
    assert list(store(scenario, DESIGN, tmp_path).missing()) == [1, 2]
    assert not [
        path for path in store(scenario, DESIGN, tmp_path).folder.iterdir() if path.name[0] == "."
    ]
    monkeypatch.undo()
    assert files(sim.sweep(scenario, DESIGN, REPLICATES, out=tmp_path)) == whole


def test_fresh_makes_everything_again(scenario: Scenario, tmp_path: Path) -> None:
    first = sim.sweep(scenario, DESIGN, REPLICATES, out=tmp_path)
    before, inode = files(first), first.path.stat().st_ino
    seen: list[int] = []
    again = sim.sweep(
        scenario, DESIGN, REPLICATES, out=tmp_path, fresh=True, progress=lambda d, _: seen.append(d)
    )
    assert seen == sorted({0, 1, *seen, N_POINTS})
    assert again.path.stat().st_ino != inode
    assert files(again) == before


def test_a_damaged_sweep_is_reported_and_mended(scenario: Scenario, tmp_path: Path) -> None:
    found = sim.sweep(scenario, DESIGN, REPLICATES, out=tmp_path)
    before = files(found)
    (found.path / "outcomes.parquet").write_bytes(b"")
    with pytest.raises(RunError, match=r"outcomes\.parquet is not as written(.|\n)*--fresh"):
        sim.sweep(scenario, DESIGN, REPLICATES, out=tmp_path)
    assert files(sim.sweep(scenario, DESIGN, REPLICATES, out=tmp_path, fresh=True)) == before


def test_two_at_once_agree(scenario: Scenario, whole: dict[str, bytes], tmp_path: Path) -> None:
    found: list[dict[str, bytes]] = []
    together = threading.Barrier(3)

    def run() -> None:
        together.wait()
        found.append(files(sim.sweep(scenario, DESIGN, REPLICATES, out=tmp_path)))

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [whole] * 3
    assert [p.name for p in (tmp_path / "sweeps" / "small").iterdir() if p.name[0] == "."] == []


KILLED = """
    import sys, time
    import sim
    from experiment.short_sweeps import few_countries
    from sim.experiment.sweeps import chunks
    write = chunks.write_passing
    def slow(path, content):
        write(path, content)
        print(path.name, flush=True)
        if sys.argv[2] in path.name:
            time.sleep(60)
    chunks.write_passing = slow
    ranges = {"local_control": (0, 1), "providers.us.linkage": (0, 1)}
    sim.sweep(few_countries(), sim.Design.latin_hypercube(ranges, 16), 50, out=sys.argv[1])
"""


@pytest.mark.skipif(os.name != "posix", reason="needs a signal that cannot be caught")
@pytest.mark.parametrize(
    ("last", "missing"), [("000001.outcomes", [1, 2]), ("000001.json", [1, 2])]
)
def test_a_kill_leaves_a_sweep_that_can_be_continued(
    scenario: Scenario, whole: dict[str, bytes], tmp_path: Path, last: str, missing: list[int]
) -> None:
    command = [sys.executable, "-c", textwrap.dedent(KILLED), str(tmp_path), last]
    paths = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=paths) as process:
        assert process.stdout is not None
        assert any(last in line for line in process.stdout)
        process.send_signal(signal.SIGKILL)
    kept = store(scenario, DESIGN, tmp_path)
    assert kept.is_begun
    assert list(kept.missing()) == missing
    assert files(sim.sweep(scenario, DESIGN, REPLICATES, out=tmp_path)) == whole


def test_what_a_kill_at_the_very_end_left_is_cleared(scenario: Scenario, tmp_path: Path) -> None:
    found = sim.sweep(scenario, DESIGN, REPLICATES, out=tmp_path)
    kept = store(scenario, DESIGN, tmp_path)
    kept.begin()
    assert sim.sweep(scenario, DESIGN, REPLICATES, out=tmp_path).path == found.path
    assert not kept.folder.exists()
    assert (found.path / MANIFEST_FILE).is_file()


def peaks(scenario: Scenario, n: int, root: Path) -> tuple[int, int]:
    """Return the most memory that a sweep of n points holds, in Python and in Arrow."""
    design = sim.Design.latin_hypercube({"local_control": (0, 1)}, n)
    arrow = [0]

    def report(*_: int) -> None:
        arrow[0] = max(arrow[0], pa.total_allocated_bytes())

    tracemalloc.start()
    try:
        sim.sweep(scenario, design, REPLICATES, out=root, workers=1, progress=report)
        return tracemalloc.get_traced_memory()[1], arrow[0]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_points(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario = short_scenario()
    monkeypatch.setattr(assembling, "ROWS_TOGETHER", 2000)
    # What the first sweep of a process keeps for the next ones is not measured.
    sim.sweep(scenario, DESIGN, REPLICATES, out=tmp_path / "first", workers=1)
    # Enough points that as many wait to be written as ever do.
    few = peaks(scenario, 44, tmp_path / "few")
    many = peaks(scenario, 108, tmp_path / "many")
    # The tables of 64 more points would take some four megabytes.
    assert many[0] - few[0] < 600_000
    assert many[1] - few[1] < 600_000
