"""Compiled kernels for the next process: hits, damage, places that cannot be written."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.cache.files import read_kept, write_kept
from sim.experiment import simulate
from sim.model.machine import kernel_cache
from sim.model.machine.compiled import entry, inlined
from sim.model.machine.kernel_cache import KernelStore, is_compiling, kernel_store
from sim.scenario import load_scenario

ROOT = Path(__file__).parents[2]
SMALL = ROOT / "tests" / "data" / "small.yaml"
NAME = "kernels-0"


def doubled(x: float) -> float:
    """A kernel that compiles in no time."""
    return 2 * x


@inlined
def tripled(x: float) -> float:
    """A part of kernels."""
    return 3 * x


@inlined
def squared_triple(x: float) -> float:
    """A part that has a part."""
    return tripled(x) * tripled(x)


def nine_squares(x: float) -> float:
    """A kernel of parts, each used twice."""
    return squared_triple(x) + tripled(x) - tripled(x)


def no_spare(*_: Path) -> Path:
    raise PermissionError("no such luck")


def store_at(root: Path | None, spare: Path | None = None) -> KernelStore:
    return KernelStore(root, NAME, no_spare if spare is None else lambda: spare)


@pytest.fixture
def blocked(tmp_path: Path) -> Path:
    """A root that not even the system's administrator can make: a file is in its way."""
    (tmp_path / "file").write_bytes(b"")
    return tmp_path / "file" / "root"


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name.startswith("sim.")]


def test_what_is_kept_is_found_again_without_a_word(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store_at(tmp_path).save("a", b"1")
    assert store_at(tmp_path).load("a") == b"1"
    assert store_at(tmp_path).load("b") is None
    assert lines(caplog) == []


def test_a_spare_place_is_used_where_the_first_cannot_be_written(
    blocked: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = store_at(blocked, tmp_path / "spare")
    assert store.load("a") is None
    store.save("a", b"1")
    store.save("b", b"2")
    assert [str(tmp_path / "spare" / NAME) in line for line in lines(caplog)] == [True]
    assert str(blocked / NAME) in lines(caplog)[0]
    assert "ALIGNSIM_CACHE" in lines(caplog)[0]
    assert store_at(blocked, tmp_path / "spare").load("b") == b"2"


@pytest.mark.parametrize("has_root", [True, False])
def test_without_any_place_kernels_stay_with_the_process(
    blocked: Path, has_root: bool, caplog: pytest.LogCaptureFixture
) -> None:
    store = store_at(blocked if has_root else None)
    assert store.load("a") is None
    store.save("a", b"1")
    assert store.load("a") is None
    assert len(lines(caplog)) == 1
    assert "every start compiles" in lines(caplog)[0]
    assert "ALIGNSIM_CACHE" in lines(caplog)[0]


def test_a_disk_that_fills_up_meanwhile_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fill(path: Path, content: bytes) -> None:
        if tmp_path / "spare" not in path.parents:
            raise OSError(28, "No space left on device")
        write_kept(path, content)

    store = store_at(tmp_path / "full", tmp_path / "spare")
    monkeypatch.setattr(kernel_cache, "write_kept", fill)
    store.save("a", b"1")
    assert store.load("a") == b"1"
    assert read_kept(tmp_path / "spare" / NAME / "a") == b"1"
    assert len(lines(caplog)) == 1
    assert "No space left on device" in lines(caplog)[0]


def test_a_folder_that_goes_meanwhile_is_made_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = store_at(tmp_path / "root")
    store.save("a", b"1")
    shutil.rmtree(tmp_path / "root")
    assert store.load("a") is None
    store.save("a", b"1")
    assert store_at(tmp_path / "root").load("a") == b"1"
    assert lines(caplog) == []


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()
    (path / "inside").write_bytes(b"")


def open_to_others(path: Path) -> None:
    path.chmod(0o666)


@pytest.mark.parametrize("damage", [emptied, flipped, a_folder, open_to_others])
def test_what_is_damaged_is_thrown_away_and_made_again_with_one_line(
    damage: Callable[[Path], None], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("a", "b"):
        store_at(tmp_path).save(name, b"1")
        damage(tmp_path / NAME / name)
    store = store_at(tmp_path)
    assert [store.load(name) for name in ("a", "b")] == [None, None]
    assert not (tmp_path / NAME / "a").exists()
    store.save("a", b"1")
    assert len(lines(caplog)) == 1
    assert str(tmp_path / NAME) in lines(caplog)[0]
    assert "ALIGNSIM_CACHE" in lines(caplog)[0]
    assert store_at(tmp_path).load("a") == b"1"
    assert len(lines(caplog)) == 1


@pytest.mark.usefixtures("own_store")
def test_of_kernels_and_their_parts_only_kernels_are_kept(tmp_path: Path) -> None:
    assert entry(nine_squares)(2.0) == 36.0
    (kept,) = (tmp_path / NAME).iterdir()
    assert ".nine_squares-" in kept.name
    # Made from what was kept, without the parts; and made anew from the same parts.
    assert entry(nine_squares)(2.0) == 36.0
    assert entry(nine_squares)(2) == 36
    assert len([*(tmp_path / NAME).iterdir()]) == 2


def test_a_place_that_is_only_read_is_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    store_at(tmp_path).save("block.run_block-1", b"1")
    monkeypatch.setattr(kernel_cache, "make_kept_folder", no_spare)
    store = store_at(tmp_path)
    assert store.load("block.run_block-1") == b"1"
    assert store.holds("block.run_block")
    assert lines(caplog) == []
    assert not store.holds("block")
    assert len(lines(caplog)) == 1


@pytest.fixture
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[KernelStore]]:
    """Give the store that kernels use now; a new one in its place stands for a new process."""
    stores = [store_at(tmp_path)]
    monkeypatch.setattr(kernel_cache, "kernel_store", lambda: stores[-1])
    yield stores
    assert not is_compiling()


def compiled_from(function: Callable[..., Any]) -> int:
    """Return how many signatures of a function were compiled, not loaded."""
    return sum(function.stats.cache_misses.values())  # type: ignore[attr-defined]


def test_a_kernel_is_compiled_once_for_each_signature(own_store: list[KernelStore]) -> None:
    first, second = entry(doubled), entry(doubled)
    assert (first(1.5), first(2)) == (3.0, 4)
    assert compiled_from(first) == 2
    assert (second(1.5), second(2)) == (3.0, 4)
    assert compiled_from(second) == 0


@pytest.mark.parametrize("content", [b"", b"no pickle", b"\x80\x04N."])
def test_a_kernel_that_cannot_be_rebuilt_is_made_again(
    own_store: list[KernelStore], tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    entry(doubled)(1.5)
    (path,) = (tmp_path / NAME).iterdir()
    write_kept(path, content)
    own_store.append(store_at(tmp_path))
    again = entry(doubled)
    assert again(1.5) == 3.0
    assert compiled_from(again) == 1
    assert len(lines(caplog)) == 1
    assert read_kept(path) != content


def test_a_kernel_outside_the_mechanism_is_told_apart_by_its_file_and_what_it_encloses(
    own_store: list[KernelStore], tmp_path: Path
) -> None:
    def times(factor: float) -> Callable[[float], float]:
        def multiplied(x: float) -> float:
            return factor * x

        return multiplied

    assert [entry(times(factor))(1.0) for factor in (2.0, 3.0)] == [2.0, 3.0]
    found = []
    for n in (1, 2):
        names: dict[str, Any] = {"__name__": "outside"}
        path = tmp_path / "outside.py"
        path.write_text(f"def given(x):\n    return x + {n}\n", "utf-8")
        exec(compile(path.read_text("utf-8"), str(path), "exec"), names)
        found.append(entry(names["given"])(1.0))
    assert found == [2.0, 3.0]


def test_addresses_of_this_process_are_not_kept(
    own_store: list[KernelStore], tmp_path: Path
) -> None:
    large = np.ones(200_000)

    def last() -> float:
        return large[-1]  # type: ignore[no-any-return]

    kernel = entry(last)
    assert kernel() == 1.0
    assert not (tmp_path / NAME).exists() or [*(tmp_path / NAME).iterdir()] == []


def test_a_kernel_that_is_recompiled_is_not_taken_from_before(
    own_store: list[KernelStore],
) -> None:
    kernel = entry(doubled)
    kernel(1.5)
    kernel.recompile()  # type: ignore[attr-defined]
    assert compiled_from(kernel) == 2


def test_another_processor_has_a_folder_of_its_own() -> None:
    script = (
        "from sim.model.machine.kernel_cache import kernel_store; import json;"
        "print(json.dumps(str(kernel_store().folder)))"
    )
    folders = []
    for changed in ({}, {}, {"NUMBA_CPU_NAME": "generic"}, {"NUMBA_OPT": "1"}):
        done = subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONPATH": str(ROOT), **changed},
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        folders.append(json.loads(done.stdout))
    assert folders[0] == folders[1]
    assert len({*folders}) == 3


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the kernels of a run, and the digests of the sources that it looks up."""
    simulate(load_scenario(SMALL), replicates=1)
    found = kernel_store()._place
    assert found is not None
    root = tmp_path_factory.mktemp("warm")
    # A process beside this one may be writing a kernel, under a name of its own that begins so.
    for folder in (found, found.parent / "sources"):
        shutil.copytree(folder, root / folder.name, ignore=shutil.ignore_patterns(".*"))
    return root


def run(tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the small scenario as a process of its own."""
    words = ["run", str(SMALL), "-n", "4", "-q", "--results", str(tmp_path / "out")]
    return subprocess.run(
        [sys.executable, "-m", "sim.interfaces.cli.command_line", *words],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_a_run_survives_a_damaged_cache_and_mends_it(warm: Path, tmp_path: Path) -> None:
    shutil.copytree(warm, tmp_path / "cache")
    (damaged,) = (tmp_path / "cache").glob("*/sampling._fill_events-*")
    emptied(damaged)
    said = run(tmp_path, ALIGNSIM_CACHE=str(tmp_path / "cache"))
    assert said.returncode == 0
    assert said.stderr.count("\n") == 1
    assert "damaged" in said.stderr
    assert damaged.stat().st_size > 1000
    shutil.rmtree(tmp_path / "out")
    said = run(tmp_path, ALIGNSIM_CACHE=str(tmp_path / "cache"))
    assert (said.returncode, said.stderr) == (0, "")


def test_a_run_needs_no_home(warm: Path, blocked: Path, tmp_path: Path) -> None:
    temporary = tmp_path / "tmp"
    spare = temporary / (f"alignsim-{os.geteuid()}" if hasattr(os, "geteuid") else "alignsim")
    temporary.mkdir()
    spare.mkdir(mode=0o700)
    shutil.copytree(warm, spare, dirs_exist_ok=True)
    spare.chmod(0o700)
    environment = {"HOME": str(blocked), "XDG_CACHE_HOME": str(blocked), "TMPDIR": str(temporary)}
    said = run(tmp_path, ALIGNSIM_CACHE="", NUMBA_CACHE_DIR="", **environment)
    assert said.returncode == 0
    assert said.stderr.count("\n") == 1
    assert str(spare) in said.stderr
    assert "ALIGNSIM_CACHE" in said.stderr
