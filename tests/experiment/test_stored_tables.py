"""Tables of stored results: read as they were written, and never more than they may hold."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import sim
from experiment.short_sweeps import REPLICATES, few_countries
from experiment.stored_copies import linked, manifest_of
from sim.errors import ResultError, RunError
from sim.experiment import Result
from sim.experiment.file_bytes import sha256
from sim.experiment.store import stated_files
from sim.experiment.store.manifest import MANIFEST_FILE, sealed

DESIGN = sim.Design.grid({"local_control": [0, 0.5, 1]})


def test_a_table_that_is_damaged_while_a_run_is_open_is_refused(
    small: Result, tmp_path: Path
) -> None:
    stored = sim.load_run(small.save(tmp_path))
    path = stored.path / "totals.csv"
    path.write_bytes(path.read_bytes().replace(b"1", b"2", 1))
    with pytest.raises(ResultError, match=r"totals\.csv is not as it was written(.|\n)*--fresh"):
        stored.frame("totals")
    (stored.path / "datapackage.json").write_bytes(b"{}")
    with pytest.raises(ResultError, match=r"datapackage\.json is not as it was written"):
        sim.StoredRun(stored.path, stored.manifest).frame("countries")


@pytest.mark.parametrize("damage", ["change", "cut", "delete"])
def test_a_table_that_is_damaged_while_a_sweep_is_open_is_refused(
    tmp_path: Path, damage: str
) -> None:
    found = sim.sweep(few_countries(), DESIGN, REPLICATES, out=tmp_path)
    assert len(found.outcomes)
    path = found.path / "outcomes.parquet"
    content = path.read_bytes()
    path.unlink()
    if damage != "delete":
        at = len(content) // 2
        bent = content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
        path.write_bytes(bent if damage == "change" else content[:at])
    with pytest.raises(ResultError, match=r"outcomes\.parquet is not as it was written"):
        _ = found.outcomes


def with_table(folder: Path, root: Path, name: str, content: bytes) -> Path:
    """Return a copy of a result with another table, which manifest and package vouch for."""
    manifest = manifest_of(folder)
    copy = linked(folder, root, manifest)
    package = json.loads((copy / "datapackage.json").read_text("utf-8"))
    for resource in package["resources"]:
        if resource["path"] == name:
            resource |= {"bytes": len(content), "hash": f"sha256:{sha256(content)}"}
    for path, new in ((name, content), ("datapackage.json", json.dumps(package).encode("utf-8"))):
        (copy / path).unlink()
        (copy / path).write_bytes(new)
        manifest["files"][path] = {"bytes": len(new), "sha256": sha256(new)}
    (copy / MANIFEST_FILE).write_text(json.dumps(sealed(manifest)), "utf-8")
    return copy


def parquet(table: pa.Table, times: int = 1) -> bytes:
    """Return a file that holds a table so many times, one after the other."""
    sink = io.BytesIO()
    with pq.ParquetWriter(sink, table.schema, compression="zstd") as writer:
        for _ in range(times):
            writer.write_table(table)
    return sink.getvalue()


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "too long": (
        lambda: parquet(pa.table({"point": np.zeros(1_000_000, np.int64)}), times=40),
        "40,000,000 rows, more than 4 points can have",
    ),
    "too wide": (
        lambda: parquet(pa.table({f"c{n}": [0.0] * 4 for n in range(400)})),
        "400 columns, more than",
    ),
    "too deep": (
        lambda: parquet(pa.table({"point": ["x" * 30_000_000] * 4})),
        "bytes, more than its cells can take",
    ),
}


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("name", ["points", "countries"])
def test_a_table_that_holds_too_much_is_refused_before_it_is_read(
    sweep: Path, tmp_path: Path, name: str, hostile: str
) -> None:
    make, words = HOSTILE[hostile]
    content = make()
    assert len(content) < 500_000
    folder = with_table(sweep, tmp_path, f"{name}.parquet", content)
    before = pa.total_allocated_bytes()
    with pytest.raises(RunError, match=words):
        sim.load_run(folder).frame(name)
    assert pa.total_allocated_bytes() - before < 10_000_000


def test_a_table_of_a_run_that_is_too_large_is_refused_before_it_is_read(
    run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = (run / "countries.csv").stat().st_size
    monkeypatch.setattr(stated_files, "MOST_BYTES_IN_MEMORY", size - 1)
    with pytest.raises(ResultError, match=rf"has {size:,} bytes, .* {size - 1:,} for"):
        sim.load_run(run).frame("countries")


def test_a_table_must_hold_the_columns_of_the_data_package(run: Path, tmp_path: Path) -> None:
    folder = with_table(run, tmp_path, "totals.csv", b"scenario,odd\nsmall,1\n")
    with pytest.raises(ResultError, match=r"totals\.csv cannot be read"):
        sim.load_run(folder).frame("totals")
