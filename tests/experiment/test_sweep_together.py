"""One sweep in several processes: whoever is late takes the result that is there, and tidies up."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import sim
from experiment.short_sweeps import REPLICATES, few_countries, files, store
from sim.errors import RunError
from sim.experiment.store.results import write_file, write_result
from sim.experiment.sweeps import chunks, running
from sim.experiment.sweeps.chunks import ChunksGoneError
from sim.scenario import Scenario

DESIGN = sim.Design.latin_hypercube({"local_control": (0, 1)}, 12)
MOMENTS = ["unfinished.json", "000000.points", "000001.countries", "000001.json"]

Hook = Callable[[str, Callable[[], Any]], None]


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return few_countries()


@pytest.fixture(scope="module")
def whole(scenario: Scenario, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of a sweep that nothing has disturbed."""
    return files(sim.sweep(scenario, DESIGN, REPLICATES, out=tmp_path_factory.mktemp("whole")))


def assert_nothing_else_stays(found: sim.StoredSweep) -> None:
    assert list(found.path.parent.iterdir()) == [found.path]


@pytest.fixture(params=["before", "after"])
def at_moment(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Hook:
    """Do something once, right before or after a file of the chunks is written."""

    def arrange(moment: str, act: Callable[[], Any]) -> None:
        is_done: list[bool] = []

        def hooked(path: Path, content: Any) -> None:
            is_now = moment in path.name and not is_done
            if is_now:
                is_done.append(True)
            if is_now and request.param == "before":
                act()
            write_file(path, content)
            if is_now and request.param == "after":
                act()

        monkeypatch.setattr(chunks, "write_passing", hooked)

    return arrange


@pytest.mark.parametrize("moment", MOMENTS)
def test_another_finishes_first(
    scenario: Scenario, whole: dict[str, bytes], tmp_path: Path, at_moment: Hook, moment: str
) -> None:
    at_moment(moment, lambda: sim.sweep(scenario, DESIGN, REPLICATES, out=tmp_path, workers=1))
    found = sim.sweep(scenario, DESIGN, REPLICATES, out=tmp_path)
    assert files(found) == whole
    assert_nothing_else_stays(found)


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("is_fresh", [False, True])
def test_another_begins_anew(
    scenario: Scenario,
    whole: dict[str, bytes],
    tmp_path: Path,
    at_moment: Hook,
    moment: str,
    is_fresh: bool,
) -> None:
    def begin_anew() -> None:
        other = store(scenario, DESIGN, tmp_path)
        other.clear()
        other.begin()

    at_moment(moment, begin_anew)
    found = sim.sweep(scenario, DESIGN, REPLICATES, out=tmp_path, fresh=is_fresh)
    assert files(found) == whole
    assert_nothing_else_stays(found)


@pytest.mark.parametrize("is_fresh", [False, True])
def test_another_finishes_while_chunks_are_joined(
    scenario: Scenario,
    whole: dict[str, bytes],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    is_fresh: bool,
) -> None:
    def late(*arguments: Any, **options: Any) -> Path:
        monkeypatch.undo()
        sim.sweep(scenario, DESIGN, REPLICATES, out=tmp_path)
        return write_result(*arguments, **options)

    monkeypatch.setattr(running, "write_result", late)
    found = sim.sweep(scenario, DESIGN, REPLICATES, out=tmp_path, fresh=is_fresh)
    assert files(found) == whole
    assert_nothing_else_stays(found)


def test_a_late_writer_does_not_bring_the_folder_back(
    scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = store(scenario, DESIGN, tmp_path)
    kept.begin()
    rows = {"points": pa.table({"point": [0]})}
    kept.write(0, rows)
    delete = shutil.rmtree

    def slow(path: Path, **options: Any) -> None:
        with pytest.raises(ChunksGoneError, match="was removed while the sweep was under way"):
            kept.write(1, rows)
        delete(path, **options)

    monkeypatch.setattr(shutil, "rmtree", slow)
    kept.clear()
    assert list(kept.folder.parent.iterdir()) == []
    with pytest.raises(ChunksGoneError):
        kept.read(0, "points")
    kept.clear()


def test_a_folder_that_cannot_be_renamed_is_emptied_at_its_place(
    scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise PermissionError(13, "in use")

    kept = store(scenario, DESIGN, tmp_path)
    kept.begin()
    with monkeypatch.context() as broken:
        broken.setattr(Path, "rename", refuse)
        kept.clear()
    assert not kept.folder.exists()


def test_chunks_that_vanish_again_and_again_are_an_error(
    scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    beginnings: list[str] = []

    def removed(path: Path, content: Any) -> None:
        if path.name.startswith(".unfinished"):
            beginnings.append(path.name)
        else:
            store(scenario, DESIGN, tmp_path).clear()
        write_file(path, content)

    monkeypatch.setattr(chunks, "write_passing", removed)
    with pytest.raises(RunError, match=r"(?s)was removed.*one process at a time"):
        sim.sweep(scenario, DESIGN, REPLICATES, out=tmp_path)
    assert len(beginnings) == running._MOST_BEGINNINGS
