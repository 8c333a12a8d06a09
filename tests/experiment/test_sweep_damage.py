"""Chunks that are damaged: before a sweep is taken up, while it runs, and while they are joined."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

import sim
from experiment.short_sweeps import REPLICATES, few_countries, files, store
from sim.errors import RunError
from sim.experiment.file_bytes import sha256
from sim.experiment.sweeps import running
from sim.experiment.sweeps.chunks import ChunkStore
from sim.scenario import Scenario

DESIGN = sim.Design.latin_hypercube({"local_control": (0, 1), "providers.us.linkage": (0, 1)}, 16)
OTHER = sim.Design.latin_hypercube({"local_control": (0, 1), "providers.us.linkage": (0, 1)}, 16, 9)
N_POINTS = 17
Damage = Callable[[Path], object]


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return few_countries()


@pytest.fixture(scope="module")
def whole(scenario: Scenario, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of a sweep that nothing has disturbed."""
    root = tmp_path_factory.mktemp("whole")
    return files(sim.sweep(scenario, DESIGN, REPLICATES, out=root))


@pytest.fixture(scope="module")
def kept(
    scenario: Scenario, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[sim.Design, Path], ChunkStore]:
    """Chunks of sweeps that were stopped before they were joined, to be copied."""
    made: dict[int, Path] = {}

    def copied(design: sim.Design, root: Path) -> ChunkStore:
        if id(design) not in made:
            made[id(design)] = tmp_path_factory.mktemp("stopped")
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(running, "write_result", interrupt)
                with pytest.raises(KeyboardInterrupt):
                    sim.sweep(scenario, design, REPLICATES, out=made[id(design)])
        shutil.copytree(made[id(design)], root, dirs_exist_ok=True)
        return store(scenario, design, root)

    return copied


def interrupt(*_: Any, **__: Any) -> None:
    raise KeyboardInterrupt


def halve(path: Path) -> None:
    """Write a whole file with other numbers, as an unlucky hand would."""
    table = pq.read_table(path)
    name = "mean" if "mean" in table.column_names else "p_committed"
    at = table.column_names.index(name)
    halved = table.set_column(at, table.schema.field(at), pc.multiply(table[name], 0.5))
    pq.write_table(halved, path, compression="zstd")


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def make_folder(path: Path) -> None:
    path.unlink()
    (path / "inside").mkdir(parents=True)


DAMAGES: dict[str, Damage] = {
    "other numbers": halve,
    "a bit": flip,
    "cut": lambda path: path.write_bytes(path.read_bytes()[:99]),
    "emptied": lambda path: path.write_bytes(b""),
    "deleted": Path.unlink,
    "a folder": make_folder,
}


def vouch(chunks: ChunkStore, chunk: int) -> None:
    """Write the record of a chunk anew, so that it vouches for the files as they are."""
    path = chunks.folder / f"{chunk:06d}.json"
    record = json.loads(path.read_text("utf-8"))
    for table, stated in record["files"].items():
        content = (chunks.folder / f"{chunk:06d}.{table}.parquet").read_bytes()
        stated |= {"bytes": len(content), "sha256": sha256(content)}
    path.write_text(json.dumps(record), "utf-8")


@pytest.mark.parametrize("table", ["outcomes", "countries"])
@pytest.mark.parametrize(
    ("damage", "with_record"),
    [
        *((damage, False) for damage in DAMAGES),
        # No record can vouch for a file that is not there.
        *((damage, True) for damage in DAMAGES if damage not in ("deleted", "a folder")),
    ],
)
def test_a_chunk_that_is_damaged_while_the_sweep_runs_is_made_again(
    scenario: Scenario,
    whole: dict[str, bytes],
    tmp_path: Path,
    damage: str,
    table: str,
    with_record: bool,
) -> None:
    chunks = store(scenario, DESIGN, tmp_path)
    seen: list[int] = []

    def report(done: int, _: int) -> None:
        if done == N_POINTS and done not in seen:
            # The first chunk was written long ago, and the last is written next.
            DAMAGES[damage](chunks.folder / f"000000.{table}.parquet")
            if with_record:
                vouch(chunks, 0)
        seen.append(done)

    found = sim.sweep(scenario, DESIGN, REPLICATES, out=tmp_path, workers=1, progress=report)
    assert files(found) == whole
    # That chunk, and no other.
    first, again = seen[: seen.index(N_POINTS) + 1], seen[seen.index(N_POINTS) + 1 :]
    assert (first[0], again[0], again[-1]) == (0, N_POINTS - 8, N_POINTS)
    assert sorted(again) == again
    assert [path.name for path in found.path.parent.iterdir()] == [found.path.name]


def test_a_chunk_that_is_damaged_while_chunks_are_joined_is_made_again(
    scenario: Scenario, whole: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = ChunkStore.read
    seen: list[int] = []

    def damaged(chunks: ChunkStore, chunk: int, table: str) -> pa.Table:
        # The first table is written, the second under way.
        if (chunk, table) == (1, "outcomes") and not seen:
            seen.append(chunk)
            halve(chunks.folder / "000001.outcomes.parquet")
        return read(chunks, chunk, table)

    monkeypatch.setattr(ChunkStore, "read", damaged)
    assert files(sim.sweep(scenario, DESIGN, REPLICATES, out=tmp_path)) == whole
    assert seen == [1]


def test_chunks_that_are_damaged_again_and_again_stop_the_sweep_in_words(
    scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = ChunkStore.write

    def spoilt(chunks: ChunkStore, chunk: int, tables: dict[str, pa.Table]) -> None:
        write(chunks, chunk, tables)
        flip(chunks.folder / f"{chunk:06d}.outcomes.parquet")

    monkeypatch.setattr(ChunkStore, "write", spoilt)
    monkeypatch.setattr(running, "_MOST_BEGINNINGS", 3)
    words = r"outcomes\.parquet was changed while the sweep was under way(.|\n)*same command again"
    with pytest.raises(RunError, match=words):
        sim.sweep(scenario, DESIGN, REPLICATES, out=tmp_path)
    assert [path.name for path in (tmp_path / "sweeps" / "small").iterdir()] == [
        store(scenario, DESIGN, tmp_path).folder.name
    ]


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        *(("000001.countries.parquet", damage) for damage in DAMAGES),
        # Points have no column of numbers that could be halved.
        *(("000001.points.parquet", damage) for damage in DAMAGES if damage != "other numbers"),
    ],
)
def test_a_chunk_that_was_damaged_before_is_made_again(
    scenario: Scenario,
    whole: dict[str, bytes],
    kept: Callable[[sim.Design, Path], ChunkStore],
    tmp_path: Path,
    damage: str,
    name: str,
) -> None:
    chunks = kept(DESIGN, tmp_path)
    DAMAGES[damage](chunks.folder / name)
    assert [*chunks.missing()] == [1]
    assert files(sim.sweep(scenario, DESIGN, REPLICATES, out=tmp_path)) == whole


def replace_record(change: Callable[[dict[str, Any]], object]) -> Damage:
    def damage(folder: Path) -> None:
        path = folder / "000001.json"
        record = json.loads(path.read_text("utf-8"))
        change(record)
        path.write_text(json.dumps(record), "utf-8")

    return damage


RECORDS: dict[str, Damage] = {
    "of another chunk": replace_record(lambda r: r.update(chunk=0)),
    "of another sweep": replace_record(lambda r: r.update(run_id="0" * 16)),
    "without a table": replace_record(lambda r: r["files"].pop("points")),
    "with another table": replace_record(lambda r: r["files"].update({"../x": {"bytes": 1}})),
    "without sizes": replace_record(lambda r: r["files"].update(points={})),
    "with words": replace_record(lambda r: r["files"]["points"].update(bytes="many")),
    "with a huge size": replace_record(lambda r: r["files"]["points"].update(bytes=2**70)),
    "with a list": replace_record(lambda r: r.update(files=[1])),
    "of an earlier version": replace_record(lambda r: (r.pop("run_id"), r.pop("chunk"))),
    "that is a list": lambda folder: (folder / "000001.json").write_text("[]"),
    "that is deep": lambda folder: (folder / "000001.json").write_text("[" * 10_000),
    "that is no number": lambda folder: (folder / "000001.json").write_text("NaN"),
}


@pytest.mark.parametrize("record", RECORDS)
def test_a_record_must_be_that_of_its_chunk(
    kept: Callable[[sim.Design, Path], ChunkStore], tmp_path: Path, record: str
) -> None:
    chunks = kept(DESIGN, tmp_path)
    assert [*chunks.missing()] == []
    again = store(few_countries(), DESIGN, tmp_path)
    RECORDS[record](again.folder)
    assert [*again.missing()] == [1]


def test_a_chunk_in_the_place_of_another_is_refused(
    scenario: Scenario,
    whole: dict[str, bytes],
    kept: Callable[[sim.Design, Path], ChunkStore],
    tmp_path: Path,
) -> None:
    chunks = kept(DESIGN, tmp_path)
    other = kept(OTHER, tmp_path)
    for source, chunk, with_own_record in (
        (chunks, 1, False),
        (other, 0, False),
        (chunks, 1, True),
    ):
        for table in ("points", "outcomes", "countries"):
            shutil.copy(
                source.folder / f"{chunk:06d}.{table}.parquet",
                chunks.folder / f"000000.{table}.parquet",
            )
        record = chunks.folder / "000000.json"
        if with_own_record:
            # It names the right chunk and vouches for the bytes: the points are those of another.
            vouch(chunks, 0)
        else:
            kept_record = record.read_bytes()
            shutil.copy(source.folder / f"{chunk:06d}.json", record)
        assert [*store(scenario, DESIGN, tmp_path).missing()] == [0]
        if not with_own_record:
            record.write_bytes(kept_record)
    assert files(sim.sweep(scenario, DESIGN, REPLICATES, out=tmp_path)) == whole


def odd(path: Path, change: Callable[[pa.Table], pa.Table]) -> None:
    pq.write_table(change(pq.read_table(path)), path, compression="zstd")


def longer(table: pa.Table) -> pa.Table:
    return table.take(pa.array(np.zeros(500_000, np.int64)))


@pytest.mark.parametrize(
    "change",
    [
        lambda table: table.drop_columns(["unit"]),
        lambda table: table.append_column("odd", table["point"]),
        lambda table: table.set_column(1, "point", table["point"].cast(pa.float64())),
        longer,
    ],
    ids=["a column less", "a column more", "another type", "too many rows"],
)
def test_a_chunk_must_hold_what_a_chunk_holds(
    kept: Callable[[sim.Design, Path], ChunkStore],
    tmp_path: Path,
    change: Callable[[pa.Table], pa.Table],
) -> None:
    """Even where its record vouches for it: joined, it would end in an error of a library."""
    chunks = kept(DESIGN, tmp_path)
    odd(chunks.folder / "000001.outcomes.parquet", change)
    vouch(chunks, 1)
    before = pa.total_allocated_bytes()
    assert [*store(few_countries(), DESIGN, tmp_path).missing()] == [1]
    assert pa.total_allocated_bytes() - before < 10_000_000


def test_replay_finds_a_chunk_that_was_changed_with_its_record_before_the_start(
    scenario: Scenario,
    whole: dict[str, bytes],
    kept: Callable[[sim.Design, Path], ChunkStore],
    tmp_path: Path,
) -> None:
    """Nothing on the disk can tell; making it again can."""
    chunks = kept(DESIGN, tmp_path)
    halve(chunks.folder / "000001.outcomes.parquet")
    vouch(chunks, 1)
    found = sim.sweep(scenario, DESIGN, REPLICATES, out=tmp_path)
    assert files(found) != whole
    report = sim.replay(found.path)
    assert not report.agrees
    assert set(report.different) == {"outcomes.csv", "outcomes.parquet", "datapackage.json"}
