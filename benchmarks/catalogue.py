"""Measure queries over results: ``python -m benchmarks.catalogue``.

It writes sweeps whose table of outcomes has a million and ten million rows, then asks them
questions, each size in a process of its own, and prints seconds and the peak of its memory. The
first question pays for the checksum of the table; the others do not. Nothing here is a test.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

import sim
from sim.experiment.catalogue.written import write_answer
from sim.experiment.file_bytes import PACKAGE_FILE, json_bytes, sha256
from sim.experiment.store.manifest import MANIFEST_FILE, sealed
from sim.experiment.store.stated_files import file_digest
from sim.experiment.sweeps.assembling import ROWS_TOGETHER
from sim.experiment.tables.files import COMPRESSION

SIZES = (1_000_000, 10_000_000)
TABLE = "outcomes.parquet"
QUESTIONS = {
    "count": "select count(*) from outcomes",
    "rows of one point": "from outcomes where point = 777",
    "means by outcome": "select outcome, provider, avg(mean) from outcomes group by all",
    "quantile by outcome": "select outcome, quantile_cont(mean, 0.95) from outcomes group by 1",
    "ten greatest": "from outcomes order by difference desc limit 10",
    "joined to the catalogue": (
        "select seed, max(mean) from outcomes join results using (run_id) group by 1"
    ),
}


def main() -> None:
    """Write results of each size, and question each in a new process."""
    with tempfile.TemporaryDirectory(prefix="alignsim-") as folder:
        for n_rows in SIZES:
            root = Path(folder) / str(n_rows)
            # Two more processes: their peaks are not those of the writer.
            for step in ("write", "ask"):
                command = [sys.executable, "-m", "benchmarks.catalogue", step, root, str(n_rows)]
                subprocess.run(command, check=True)


def write(root: Path, n_rows: int) -> None:
    """Write a sweep with `n_rows` rows of outcomes that open like any other."""
    design = sim.Design.grid({"linkage": [0, 1]})
    found = sim.sweep(sim.load_scenario("baseline"), design, 8, out=root)
    path = found.path / TABLE
    pattern = pq.read_table(path)
    with pq.ParquetWriter(path, pattern.schema, compression=COMPRESSION) as writer:
        for part in _parts(pattern, n_rows):
            writer.write_table(part, row_group_size=ROWS_TOGETHER)
    _state(found.path, path)
    print(f"{n_rows:,} rows, {path.stat().st_size / 1e6:,.0f} MB")


def _parts(pattern: pa.Table, n_rows: int) -> Iterator[pa.Table]:
    """Yield rows like those of a small table, with new points and random numbers."""
    random = np.random.default_rng(1)
    for first in range(0, n_rows, ROWS_TOGETHER):
        row = np.arange(first, min(first + ROWS_TOGETHER, n_rows))
        part = pattern.take(pa.array(row % len(pattern)))
        for place, field in enumerate(pattern.schema):
            if field.name == "point":
                part = part.set_column(place, field, pa.array(row // len(pattern)))
            elif pa.types.is_floating(field.type):
                part = part.set_column(
                    place, field, pa.array(random.normal(size=len(row)).round(5))
                )
        yield part


def _state(folder: Path, path: Path) -> None:
    """State the new table in data package and manifest."""
    size, digest = path.stat().st_size, file_digest(path)
    package = json.loads((folder / PACKAGE_FILE).read_text("utf-8"))
    for resource_ in package["resources"]:
        if resource_["path"] == path.name:
            resource_ |= {"bytes": size, "hash": f"sha256:{digest}"}
    content = json_bytes(package)
    (folder / PACKAGE_FILE).write_bytes(content)
    manifest = json.loads((folder / MANIFEST_FILE).read_text("utf-8"))
    manifest["files"][path.name] = {"bytes": size, "sha256": digest}
    manifest["files"][PACKAGE_FILE] = {"bytes": len(content), "sha256": sha256(content)}
    (folder / MANIFEST_FILE).write_bytes(json_bytes(sealed(manifest)))


def ask(root: Path) -> None:
    """Ask every question, and print seconds and memory after each."""
    found = sim.results(root)
    # Libraries are loaded before anything is measured.
    found.query("select count(*) from results")
    print(f"  {'before':34} {'':>8}   {_peak_mb():6,.0f} MB")
    first = "select 1 from outcomes limit 1"
    for words, sql in {"first question: the checksum": first, **QUESTIONS}.items():
        _timed(words, partial(found.query, sql))
    _timed("all rows to a file", partial(_write_all, found, root / "all.parquet"))


def _write_all(found: sim.Results, path: Path) -> None:
    with found.answer("from outcomes") as answer:
        write_answer(answer, path)


def _timed(words: str, work: Callable[[], Any]) -> None:
    begin = time.perf_counter()
    work()
    seconds = time.perf_counter() - begin
    print(f"  {words:34} {seconds:8.2f} s {_peak_mb():6,.0f} MB", flush=True)


def _peak_mb() -> float:
    """Return the most memory that this process has had, in megabytes."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


if __name__ == "__main__":
    if len(sys.argv) == 1:
        main()
    elif sys.argv[1] == "write":
        write(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        ask(Path(sys.argv[2]))
