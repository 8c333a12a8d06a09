"""Removing takes results of the project away, whole, and nothing else."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import sim
from catalogues import copied
from experiment.short_sweeps import short_scenario, store
from experiment.test_catalogue import NO_ID, begin_sweep, half_written
from sim.errors import RunError
from sim.experiment.catalogue.entries import Entry
from sim.experiment.catalogue.removing import remove_entries
from sim.experiment.store.sweep_folders import UNFINISHED
from sim.experiment.store.writers import HeldLock, clear_left_over
from sim.experiment.sweeps.chunks import ChunkStore

Folders = dict[str, Path]


def entry_in(root: Path, folder: Path) -> Entry:
    (found,) = (entry for entry in sim.results(root) if entry.place.folder == folder)
    return found


def names(root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}


@pytest.mark.parametrize("word", ["run", "comparison", "sweep"])
def test_a_result_is_removed_and_the_rest_stays(
    results_of_each_kind: Folders, tmp_path: Path, word: str
) -> None:
    root = tmp_path / "results"
    folders = copied(results_of_each_kind, root)
    (root / "README.md").write_text("mine", "utf-8")
    before = names(root)
    own = {path.relative_to(root).as_posix() for path in folders[word].iterdir()}
    remove_entries([entry_in(root, folders[word])])
    assert names(root) == before - own
    assert not folders[word].exists()
    assert [*folders[word].parent.glob(".*")] == []


@pytest.mark.parametrize("name", ["manifest.json", "totals.csv", "datapackage.json"])
def test_a_damaged_result_is_removed(
    results_of_each_kind: Folders, tmp_path: Path, name: str
) -> None:
    root = tmp_path / "results"
    run = copied(results_of_each_kind, root)["run"]
    (run / name).write_text("{", "utf-8")
    entry = entry_in(root, run)
    assert entry.status == "damaged"
    remove_entries([entry])
    assert not run.exists()


def test_a_stopped_sweep_is_removed_with_all_that_it_may_hold(tmp_path: Path) -> None:
    design = sim.Design.grid({"local_control": [0, 1]})
    chunks: ChunkStore = store(short_scenario(), design, tmp_path)
    chunks.begin()
    for name in ("000000.points.parquet", "000000.json", ".000001.outcomes.parquet.12-ab"):
        (chunks.folder / name).write_text("x", "utf-8")
    (chunks.folder / ".unfinished.json.12-ab").write_text("x", "utf-8")
    remove_entries([entry_in(tmp_path, chunks.folder)])
    assert [*chunks.folder.parent.iterdir()] == []


def test_what_a_killed_writer_left_is_removed_with_its_lock(tmp_path: Path) -> None:
    partial = half_written(tmp_path / "half" / NO_ID)
    (partial.parent / f".{NO_ID}.lock-1-ab").write_text("", "utf-8")
    remove_entries([entry_in(tmp_path, partial)])
    assert [*partial.parent.iterdir()] == []


def test_what_an_older_version_left_half_written_is_removed(tmp_path: Path) -> None:
    partial = half_written(tmp_path / "half" / NO_ID)
    remove_entries([entry_in(tmp_path, partial)])
    assert [*partial.parent.iterdir()] == []


def test_what_is_in_use_is_kept_with_all_the_others(
    results_of_each_kind: Folders, tmp_path: Path
) -> None:
    root = tmp_path / "results"
    folders = copied(results_of_each_kind, root)
    stopped = begin_sweep(root, 8, 2)
    before = names(root)
    for place in (folders["run"], stopped.with_name(NO_ID)):
        with HeldLock(place), pytest.raises(RunError, match="is in use: a process writes it"):
            remove_entries([*sim.results(root)])
    assert names(root) == before


def test_a_lock_held_by_another_process_counts(tmp_path: Path) -> None:
    stopped = begin_sweep(tmp_path, 8, 2)
    script = (
        "import sys; from pathlib import Path;"
        "from sim.experiment.store.writers import HeldLock;"
        "lock = HeldLock(Path(sys.argv[1])); lock.__enter__();"
        "print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, stopped.with_name(NO_ID)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        with pytest.raises(RunError, match="is in use"):
            remove_entries([*sim.results(tmp_path)])
        process.kill()
    remove_entries([*sim.results(tmp_path)])
    assert not stopped.exists()


@pytest.mark.parametrize(
    "name", ["notes.txt", "my.csv", ".hidden", "odd \n'name", "totals.csv.bak"]
)
def test_a_folder_with_a_file_of_others_is_kept(
    results_of_each_kind: Folders, tmp_path: Path, name: str
) -> None:
    root = tmp_path / "results"
    run = copied(results_of_each_kind, root)["run"]
    (run / name).write_text("mine", "utf-8")
    shown = re.escape(ascii(name)[1:-1])
    for _ in ("whole", "damaged"):
        with pytest.raises(RunError, match=f"does not belong to the result: .*{shown}"):
            remove_entries([entry_in(root, run)])
        assert (run / name).read_text("utf-8") == "mine"
        (run / "manifest.json").write_text("{", "utf-8")


def test_a_folder_within_a_result_is_kept(results_of_each_kind: Folders, tmp_path: Path) -> None:
    root = tmp_path / "results"
    run = copied(results_of_each_kind, root)["run"]
    (run / "totals.csv").unlink()
    (run / "totals.csv").mkdir()
    with pytest.raises(RunError, match=r"does not belong to the result: totals.csv"):
        remove_entries([entry_in(root, run)])


def test_a_link_is_not_followed(results_of_each_kind: Folders, tmp_path: Path) -> None:
    root = tmp_path / "results"
    run = copied(results_of_each_kind, root)["run"]
    elsewhere = tmp_path / "elsewhere"
    run.rename(elsewhere)
    run.symlink_to(elsewhere, target_is_directory=True)
    with pytest.raises(RunError, match="is a link to another folder"):
        remove_entries([entry_in(root, run)])
    run.unlink()
    run.mkdir()
    for path in elsewhere.iterdir():
        shutil.copy(path, run)
    (run / "totals.csv").unlink()
    (run / "totals.csv").symlink_to(elsewhere / "totals.csv")
    with pytest.raises(RunError, match=r"totals\.csv"):
        remove_entries([entry_in(root, run)])
    assert (elsewhere / "totals.csv").is_file()


@pytest.mark.parametrize("depth", [0, 1])
def test_a_link_above_is_not_followed(
    results_of_each_kind: Folders, tmp_path: Path, depth: int
) -> None:
    root = tmp_path / "results"
    sweep = copied(results_of_each_kind, root)["sweep"]
    above = sweep.parents[depth]
    elsewhere = tmp_path / "elsewhere"
    above.rename(elsewhere)
    above.symlink_to(elsewhere, target_is_directory=True)
    with pytest.raises(RunError, match=f"{re.escape(str(above))} is a link to another folder"):
        remove_entries([entry_in(root, sweep)])
    assert any(elsewhere.rglob("manifest.json"))


def test_a_result_that_is_listed_twice_by_a_link_is_kept(
    results_of_each_kind: Folders, tmp_path: Path
) -> None:
    root = tmp_path / "results"
    sweep = copied(results_of_each_kind, root)["sweep"]
    (sweep.parents[1] / "renamed").symlink_to(sweep.parent, target_is_directory=True)
    damaged = [entry for entry in sim.results(root) if not entry.is_whole]
    assert [entry.place.name for entry in damaged] == ["renamed"]
    with pytest.raises(RunError, match="is a link to another folder"):
        remove_entries(damaged)
    assert (sweep / "manifest.json").is_file()


def test_one_that_is_gone_already_does_no_harm(
    results_of_each_kind: Folders, tmp_path: Path
) -> None:
    root = tmp_path / "results"
    run = copied(results_of_each_kind, root)["run"]
    entry = entry_in(root, run)
    remove_entries([entry])
    with pytest.raises(RunError, match="cannot be read"):
        remove_entries([entry])


def test_a_kill_while_removing_leaves_what_the_next_start_deletes(
    results_of_each_kind: Folders, tmp_path: Path
) -> None:
    root = tmp_path / "results"
    run = copied(results_of_each_kind, root)["run"]
    script = (
        "import os, sys; from pathlib import Path;"
        "import sim.experiment.catalogue.removing as removing; import sim;"
        "removing.discard = lambda path: os._exit(9);"
        "removing.remove_entries([e for e in sim.results(sys.argv[1]) if e.run_id == sys.argv[2]])"
    )
    done = subprocess.run([sys.executable, "-c", script, root, run.name], check=False)
    assert done.returncode == 9
    assert run.name not in {entry.run_id for entry in sim.results(root)}
    (left,) = run.parent.glob(f".{run.name}.discarded-*")
    clear_left_over(run.parent)
    assert not left.exists()


def test_a_sweep_removed_while_stopped_starts_over(tmp_path: Path) -> None:
    design = sim.Design.grid({"local_control": [0, 1]})
    chunks = store(short_scenario(), design, tmp_path)
    chunks.begin()
    remove_entries([*sim.results(tmp_path)])
    found = sim.sweep(short_scenario(), design, 50, out=tmp_path)
    assert json.loads((found.path / "manifest.json").read_text("utf-8"))["kind"] == "sweep"
    assert not (found.path.with_name(f"{found.path.name}{UNFINISHED}")).exists()
