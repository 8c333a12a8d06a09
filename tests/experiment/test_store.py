"""The store: whole or not there at all, whatever goes wrong while it writes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import sim
from sim.errors import RunError
from sim.experiment import Comparison, Result
from sim.experiment.store import results as store
from sim.experiment.store import writers
from sim.experiment.store.manifest import MANIFEST_FILE
from sim.experiment.store.results import LOG_FILE, find_finished

DATA = Path(__file__).parents[1] / "data"
WriteFile = Callable[[Path, bytes], None]


def hidden(root: Path) -> list[str]:
    return [path.name for path in (root / "small").iterdir() if path.name.startswith(".")]


def test_a_finished_run_is_found_and_left_alone(small: Result, tmp_path: Path) -> None:
    assert find_finished(tmp_path, small.inputs) is None
    folder = small.save(tmp_path)
    assert folder == tmp_path / "small" / small.inputs.run_id
    before = (folder / LOG_FILE).stat().st_mtime_ns
    assert small.save(tmp_path) == folder
    assert find_finished(tmp_path, small.inputs) == folder
    assert (folder / LOG_FILE).stat().st_mtime_ns == before
    assert hidden(tmp_path) == []


@pytest.mark.parametrize("root", [3, None, b"results", ""])
def test_a_root_that_is_no_path_is_refused(
    small: Result, comparison: Comparison, root: object
) -> None:
    for result in (small, comparison):
        with pytest.raises(sim.InputError, match="the root of results must be a path, not a"):
            result.save(root)  # type: ignore[arg-type]


def test_fresh_writes_it_again(small: Result, tmp_path: Path) -> None:
    folder = small.save(tmp_path)
    before = folder.stat().st_ino
    assert small.save(tmp_path, fresh=True) == folder
    assert folder.stat().st_ino != before
    assert hidden(tmp_path) == []


@pytest.mark.parametrize("damage", ["change", "truncate", "delete"])
def test_a_damaged_run_is_reported_and_mended(small: Result, tmp_path: Path, damage: str) -> None:
    folder = small.save(tmp_path)
    victim = folder / "countries.csv"
    content = victim.read_bytes()
    if damage == "delete":
        victim.unlink()
    else:
        victim.write_bytes(content[:-9] if damage == "truncate" else content.replace(b"0", b"1"))
    with pytest.raises(RunError, match=r"countries\.csv is not as written(.|\n)*--fresh"):
        small.save(tmp_path)
    with pytest.raises(RunError, match=r"countries\.csv is not as written"):
        sim.load_run(folder)
    small.save(tmp_path, fresh=True)
    assert victim.read_bytes() == content


@pytest.mark.parametrize(
    "manifest", [b"", b"{", b"[]", b'{"files": 3}', b'{"files": {"../x": {}}}', b"\xff\xfe"]
)
def test_a_damaged_manifest_is_reported(small: Result, tmp_path: Path, manifest: bytes) -> None:
    folder = small.save(tmp_path)
    (folder / MANIFEST_FILE).write_bytes(manifest)
    with pytest.raises(RunError, match=r"manifest\.json is damaged"):
        sim.load_run(folder)


@pytest.mark.parametrize("key", ["scenarios", "seed", "kind"])
def test_an_incomplete_manifest_is_reported(small: Result, tmp_path: Path, key: str) -> None:
    folder = small.save(tmp_path)
    manifest = json.loads((folder / MANIFEST_FILE).read_text("utf-8"))
    del manifest[key]
    (folder / MANIFEST_FILE).write_text(json.dumps(manifest), "utf-8")
    with pytest.raises(RunError, match="is incomplete"):
        sim.load_run(folder)


def test_a_folder_without_manifest_is_no_result(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"is not a result: it has no manifest\.json"):
        sim.load_run(tmp_path)


def test_a_failure_at_any_file_leaves_nothing(
    small: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The contents are made once: the failures are of the disk.
    files, n_files = [*small.files()], len([*small.save(tmp_path / "whole").iterdir()])
    write = store.write_file
    for fatal in range(n_files):
        written: list[str] = []

        def fail(path: Path, content: bytes, fatal: int = fatal, seen: list[str] = written) -> None:
            if len(seen) == fatal:
                path.write_bytes(content[: len(content) // 2])
                raise OSError(28, "No space left on device")
            seen.append(path.name)
            write(path, content)

        monkeypatch.setattr(store, "write_file", fail)
        root = tmp_path / str(fatal)
        with pytest.raises(RunError, match="No space left on device"):
            store.write_result(root, small.inputs, files, log=small._log)
        assert len(written) == fatal
        assert find_finished(root, small.inputs) is None
        assert list((root / "small").iterdir()) == []


@pytest.mark.parametrize("fresh", [False, True])
def test_an_interrupt_leaves_nothing(
    small: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh: bool
) -> None:
    if fresh:
        small.save(tmp_path)
    write = store.write_file

    def interrupted(path: Path, content: bytes) -> None:
        write(path, content)
        if path.name == MANIFEST_FILE:
            raise KeyboardInterrupt

    monkeypatch.setattr(store, "write_file", interrupted)
    with pytest.raises(KeyboardInterrupt):
        small.save(tmp_path, fresh=fresh)
    assert hidden(tmp_path) == []
    assert (find_finished(tmp_path, small.inputs) is not None) == fresh


def test_damage_on_the_way_to_the_disk_is_noticed(
    small: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Digests are those of what was to be written, however it arrives."""
    write = store.write_file

    def spoilt(path: Path, content: store.Content) -> None:
        write(path, content)
        if path.name == "countries.csv":
            path.write_bytes(path.read_bytes().replace(b"0", b"1", 1))

    monkeypatch.setattr(store, "write_file", spoilt)
    in_pieces = [
        (name, content if name.endswith(".json") else lambda file, c=content: file.write(c))
        for name, content in small.files()
    ]
    for root, files in ((tmp_path / "a", small.files()), (tmp_path / "b", in_pieces)):
        folder = store.write_result(root, small.inputs, files)
        with pytest.raises(RunError, match=r"countries\.csv is not as written"):
            sim.load_run(folder)


def test_a_failure_while_replacing_keeps_the_old_result(
    small: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = small.save(tmp_path)

    def fail(partial: Path, final: Path) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(store, "exchange", lambda *_: False)
    monkeypatch.setattr(store, "_move_into_place", fail)
    with pytest.raises(RunError, match="Input/output error"):
        small.save(tmp_path, fresh=True)
    assert find_finished(tmp_path, small.inputs) == folder
    assert hidden(tmp_path) == []


KILLED = """
    import sys, time
    from pathlib import Path
    import sim
    from sim.experiment.store import results as store
    write = store.write_file
    def slow(path, content):
        write(path, content)
        print(path.name, flush=True)
        if path.name == sys.argv[3]:
            time.sleep(60)
    store.write_file = slow
    scenario = sim.load_scenario(sys.argv[1])
    sim.simulate(scenario, 12, seed=1).save(sys.argv[2])
"""


@pytest.mark.skipif(os.name != "posix", reason="needs a signal that cannot be caught")
@pytest.mark.parametrize("last", ["timeline.csv", MANIFEST_FILE])
def test_a_kill_leaves_nothing_that_looks_complete(
    small: Result, tmp_path: Path, last: str
) -> None:
    code = textwrap.dedent(KILLED)
    command = [sys.executable, "-c", code, str(DATA / "small.yaml"), str(tmp_path), last]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.strip() == last:
                break
        # What a living writer works on is left alone.
        before = hidden(tmp_path)
        assert find_finished(tmp_path, small.inputs) is None
        assert hidden(tmp_path) == before
        process.send_signal(signal.SIGKILL)
    assert {name.split("-")[0] for name in before} == {
        f".{small.inputs.run_id}.{kind}" for kind in ("lock", "partial")
    }
    # The next start clears away what a dead one has left.
    assert find_finished(tmp_path, small.inputs) is None
    assert hidden(tmp_path) == []
    folder = small.save(tmp_path)
    assert isinstance(sim.load_run(folder), sim.StoredRun)


def test_what_a_kill_of_an_earlier_version_left_is_cleared_after_a_day(
    small: Result, tmp_path: Path
) -> None:
    """Earlier versions held no locks, so only age can tell."""
    kept = tmp_path / "small" / ".0123456789abcdef.partial-1-aaaa"
    stale = tmp_path / "small" / ".0123456789abcdef.partial-2-bbbb"
    foreign = tmp_path / "small" / ".cache"
    for folder in (kept, stale, foreign):
        folder.mkdir(parents=True)
        (folder / "countries.csv").touch()
    yesterday = time.time() - writers.STALE_SECONDS - 60
    for folder in (stale, foreign):
        os.utime(folder, (yesterday, yesterday))
    small.save(tmp_path)
    assert kept.is_dir()
    assert foreign.is_dir()
    assert not stale.exists()


def test_many_writers_of_one_run_agree(small: Result, tmp_path: Path) -> None:
    for name in ("countries", "timeline", "countries_timeline"):
        small.frame(name)
    folders: list[Path] = []
    together = threading.Barrier(6)

    def write() -> None:
        together.wait()
        folders.append(small.save(tmp_path))

    threads = [threading.Thread(target=write) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert folders == [tmp_path / "small" / small.inputs.run_id] * 6
    assert isinstance(sim.load_run(folders[0]), sim.StoredRun)
    assert hidden(tmp_path) == []


def test_a_folder_that_cannot_be_written_is_named(small: Result, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(RunError, match=r"cannot write to the folder .*file"):
        small.save(tmp_path / "file")
