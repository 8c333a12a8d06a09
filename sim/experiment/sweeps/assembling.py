"""Joining chunks into the files of a finished sweep, with one chunk in memory at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import IO, TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from sim.experiment.file_bytes import PACKAGE_FILE, sha256
from sim.experiment.store.counted import Counted
from sim.experiment.store.results import Content
from sim.experiment.sweeps.fields_table import fields_table
from sim.experiment.sweeps.point_tables import table_heads
from sim.experiment.tables.csv_text import csv_text
from sim.experiment.tables.files import (
    COMPRESSION,
    arrow_schema,
    csv_bytes,
    csv_resource,
    package_bytes,
    parquet_resource,
)

if TYPE_CHECKING:
    from sim.experiment.sweeps.chunks import ChunkStore
    from sim.experiment.sweeps.inputs import SweepInputs
    from sim.experiment.tables import Table

# A table with more rows is written as Parquet only: few programs open a longer CSV.
MOST_CSV_ROWS = 200_000
# Rows in one Parquet row group; fixed, so that the bytes do not depend on chunks.
ROWS_TOGETHER = 65_536


def assembled_files(inputs: SweepInputs, chunks: ChunkStore) -> Iterator[tuple[str, Content]]:
    """Yield the name and content of each file of a sweep except the manifest.

    Each content is written before the next is requested. Memory holds one chunk and one Parquet row
    group.
    """
    resources = []
    head = fields_table(inputs)
    content = csv_bytes(head)
    yield f"{head.name}.csv", content
    resources.append(csv_resource(head, len(content), sha256(content)))
    for table in table_heads(inputs.fields):
        passed: list[Counted] = []
        n_rows = [0]
        yield f"{table.name}.parquet", _parquet_writer(table, chunks, passed, n_rows)
        has_csv = n_rows[0] <= MOST_CSV_ROWS
        twin = parquet_resource(table, passed[0].size, passed[0].digest, has_csv)
        if has_csv:
            yield f"{table.name}.csv", _csv_writer(table, chunks, passed)
            resources.append(csv_resource(table, passed[1].size, passed[1].digest))
        resources.append(twin)
    heading = inputs.heading
    package = {
        "name": f"{heading.name}-{inputs.run_id}",
        "title": heading.title or f"Sweep of {' and '.join(s.title for s in inputs.scenarios)}",
        "description": heading.description or f"Points of a design: {inputs.design.method}.",
    }
    yield PACKAGE_FILE, package_bytes(package, resources)


Writer = Callable[[IO[bytes]], None]


def _parquet_writer(
    head: Table, chunks: ChunkStore, passed: list[Counted], n_rows: list[int]
) -> Writer:
    """Return a function that writes a table as Parquet and records the bytes and rows written."""

    def write(file: IO[bytes]) -> None:
        counted = Counted(file)
        passed.append(counted)
        with pq.ParquetWriter(
            pa.PythonFile(counted, mode="w"), arrow_schema(head.columns), compression=COMPRESSION
        ) as writer:
            for part in _together(head, chunks):
                n_rows[0] += part.num_rows
                writer.write_table(part, row_group_size=ROWS_TOGETHER)

    return write


def _together(head: Table, chunks: ChunkStore) -> Iterator[pa.Table]:
    """Yield the rows of a table in equal parts; the last may be smaller."""
    waiting = arrow_schema(head.columns).empty_table()
    for chunk in range(chunks.n_chunks):
        waiting = pa.concat_tables([waiting, chunks.read(chunk, head.name)])
        while waiting.num_rows >= ROWS_TOGETHER:
            yield waiting.slice(0, ROWS_TOGETHER).combine_chunks()
            waiting = waiting.slice(ROWS_TOGETHER).combine_chunks()
    if waiting.num_rows:
        yield waiting.combine_chunks()


def _csv_writer(head: Table, chunks: ChunkStore, passed: list[Counted]) -> Writer:
    """Return a function that writes a table as CSV and records the bytes written."""

    def write(file: IO[bytes]) -> None:
        counted = Counted(file)
        passed.append(counted)
        counted.write(csv_bytes(head))
        for chunk in range(chunks.n_chunks):
            counted.write(csv_text(chunks.read(chunk, head.name), has_header=False))

    return write
