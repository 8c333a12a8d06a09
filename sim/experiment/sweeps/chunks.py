"""Chunks of a sweep on disk: each written once, complete, with its own checksum.

While a sweep is running its chunks are in ``<run id>.unfinished`` beside the place of the result. A
chunk consists of one file per table and a record that names the sweep, the chunk, and the sizes and
digests of its files; the record is written last. Files that no record confirms count as missing and
are made again. So do files lost in a power failure: nothing here is forced to disk, since that
would take longer than the futures of a small chunk. Several processes may write the same chunk:
they write the same bytes, each first under a name of its own.

A process keeps the digests of every chunk that it has written or found intact, and checks each read
against them: a chunk changed since is made again, even if its record was changed too. If a chunk
was changed together with its record before the process started, only a replay of the finished sweep
reveals it.

Any process may finish first, or start over, and then the folder is removed in one step. A process
that writes or reads a chunk after that gets an error and does not recreate the folder, since nobody
would delete it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sim.errors import RunError
from sim.experiment.file_bytes import json_bytes, sha256
from sim.experiment.store.results import write_passing
from sim.experiment.store.strict_json import read_json
from sim.experiment.store.writers import HeldLock, discard, new_mark
from sim.experiment.sweeps.bounds import ARROW_ERRORS, check_bounds
from sim.experiment.sweeps.inputs import MARK_FILE, UNFINISHED
from sim.experiment.sweeps.point_tables import POINT, table_heads
from sim.experiment.sweeps.points import points_together
from sim.experiment.tables.files import COMPRESSION, arrow_schema
from sim.experiment.tables.shared_columns import SCENARIO

if TYPE_CHECKING:
    from sim.experiment.sweeps.inputs import SweepInputs

# Fewest points of a chunk: what a kill loses, times the number of workers.
FEWEST_POINTS = 8
_MOST_RECORD_BYTES = 1_000_000
# Size and digest of each table of a chunk.
_Files = dict[str, tuple[int, str]]


class ChunksLostError(RunError):
    """Existing chunks must be made again."""


class ChunksGoneError(ChunksLostError):
    """Another process of the same sweep deleted the chunks while it was running."""


class ChunkDamagedError(ChunksLostError):
    """A chunk was changed or lost after it was written."""


class ChunkStore:
    """The chunks of one sweep.

    Parameters
    ----------
    root : Path
        Root of all results.
    inputs : SweepInputs
        The sweep.
    """

    def __init__(self, root: Path, inputs: SweepInputs) -> None:
        final = root / inputs.folder
        self.folder = final.with_name(final.name + UNFINISHED)
        self._final = final
        # The store of results treats this name as a leftover, should a kill leave the folder.
        self._discarded = f".{final.name}.discarded-"
        self._inputs = inputs
        self._known: dict[int, _Files] = {}
        self.n_points = inputs.n_points
        self._each = max(FEWEST_POINTS, points_together(inputs.replicates))
        self.n_chunks = -(-inputs.n_points // self._each)

    def points(self, chunk: int) -> range:
        """Return the places of the points of a chunk in the whole sweep."""
        first = chunk * self._each
        return range(first, min(first + self._each, self.n_points))

    @property
    def is_begun(self) -> bool:
        """Whether the sweep has started, with all its points checked."""
        return (self.folder / MARK_FILE).is_file()

    def begin(self) -> None:
        """Create the folder and mark it as that of an unfinished sweep."""
        note = "This sweep is not finished. The command that began it continues it."
        about = {"note": note, "n_points": self.n_points, "n_chunks": self.n_chunks}
        with self._told():
            self.folder.mkdir(parents=True, exist_ok=True)
            self._put(MARK_FILE, json_bytes(about))

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Tell other processes, while the context lasts, that this one makes chunks."""
        with ExitStack() as stack:
            with self._told():
                stack.enter_context(HeldLock(self._final))
            yield

    def clear(self) -> None:
        """Delete all chunks and the folder in one step.

        If the files were deleted in place, another process could meanwhile add one, and the folder
        would stay.
        """
        aside = self.folder.with_name(self._discarded + new_mark())
        try:
            self.folder.rename(aside)
        except FileNotFoundError:
            return
        except OSError:
            # Some systems do not rename a folder while files in it are open.
            aside = self.folder
            (aside / MARK_FILE).unlink(missing_ok=True)
        discard(aside)

    def missing(self) -> Iterator[int]:
        """Yield the chunks that are missing or not as they were written."""
        return (chunk for chunk in range(self.n_chunks) if not self.is_done(chunk))

    def is_done(self, chunk: int) -> bool:
        """Return whether a chunk exists, is the one it claims to be, and is as it was written."""
        try:
            files = self._stated(chunk)
            if files.keys() != self._schemas.keys() or self._known.get(chunk, files) != files:
                return False
            for table, stated in files.items():
                with self._open(chunk, table, stated) as file:
                    rows = file.read([SCENARIO.name, POINT.name])
                found = {*np.unique(self._inputs.numbers_in(rows)).tolist()}
                # Only the table of points has a row for each point, whichever countries take part.
                own = {*self.points(chunk)}
                if not (found == own if table == "points" else found <= own):
                    return False
        except (*ARROW_ERRORS, AttributeError):
            return False
        self._known[chunk] = files
        return True

    @cached_property
    def _schemas(self) -> dict[str, pa.Schema]:
        """Columns of each table of a chunk."""
        heads = table_heads(self._inputs.fields)
        return {head.name: arrow_schema(head.columns) for head in heads}

    def _stated(self, chunk: int) -> _Files:
        """Return size and digest of each table according to the record of a chunk."""
        with (self.folder / _record(chunk)).open("rb") as file:
            record = read_json(file.read(_MOST_RECORD_BYTES))
        if (record["run_id"], record["chunk"]) != (self._inputs.run_id, chunk):
            raise ValueError("the record of another chunk")
        return {
            table: (stated["bytes"], stated["sha256"]) for table, stated in record["files"].items()
        }

    def _open(self, chunk: int, table: str, stated: tuple[int, str]) -> pq.ParquetFile:
        """Return a table of a chunk for reading, after checking its bytes.

        Raises
        ------
        OSError, ValueError
            If the bytes are not as stated, or the content does not fit the table.
        """
        size, digest = stated
        path = self.folder / _name(chunk, table)
        content = path.read_bytes() if path.stat().st_size == size else b""
        if sha256(content) != digest:
            raise ValueError("it is not as it was written")
        found = pq.ParquetFile(pa.BufferReader(content))
        check_bounds(found.metadata, len(self.points(chunk)))
        if not found.schema_arrow.equals(self._schemas[table]):
            raise ValueError("it has other columns")
        return found

    def write(self, chunk: int, tables: dict[str, pa.Table]) -> None:
        """Write a chunk: its tables, then the record that confirms them.

        Raises
        ------
        ChunksGoneError
            If the folder was cleared away.
        RunError
            If the folder cannot be written.
        """
        files: _Files = {}
        with self._told():
            for table, rows in tables.items():
                sink = pa.BufferOutputStream()
                pq.write_table(rows, sink, compression=COMPRESSION)
                content = sink.getvalue().to_pybytes()
                self._put(_name(chunk, table), content)
                files[table] = len(content), sha256(content)
            self._put(_record(chunk), self._record_of(chunk, files))
        self._known[chunk] = files

    def _record_of(self, chunk: int, files: _Files) -> bytes:
        """Return the record of a chunk."""
        stated = {
            table: {"bytes": size, "sha256": digest} for table, (size, digest) in files.items()
        }
        return json_bytes({"run_id": self._inputs.run_id, "chunk": chunk, "files": stated})

    def read(self, chunk: int, table: str) -> pa.Table:
        """Return a table of a chunk, after checking its bytes.

        Raises
        ------
        ChunksGoneError
            If the folder was cleared away.
        ChunkDamagedError
            If the chunk differs from what this process wrote or found.
        """
        try:
            with self._open(chunk, table, self._known[chunk][table]) as file:
                return file.read()
        except ARROW_ERRORS as error:
            if not self.is_begun:
                raise self._gone() from error
            raise ChunkDamagedError(
                f"{self.folder / _name(chunk, table)} was changed while the sweep was under way.\n"
                "  Run the same command again: it makes the chunk again."
            ) from error

    def _put(self, name: str, content: bytes) -> None:
        """Write a file under a name of its own, then rename it to its place."""
        own = self.folder / f".{name}.{new_mark()}"
        try:
            write_passing(own, content)
            if (self.folder / name).is_dir():
                discard(self.folder / name)
            own.replace(self.folder / name)
        finally:
            own.unlink(missing_ok=True)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turn an error of writing to the folder into a message in words."""
        try:
            yield
        except FileNotFoundError as error:
            raise self._gone() from error
        except OSError as error:
            raise RunError(f"cannot write to {self.folder}: {error.strerror or error}.") from error

    def _gone(self) -> ChunksGoneError:
        return ChunksGoneError(
            f"{self.folder} was removed while the sweep was under way.\n"
            "  Run the same command again, in one process at a time."
        )


def _name(chunk: int, table: str) -> str:
    return f"{chunk:06d}.{table}.parquet"


def _record(chunk: int) -> str:
    return f"{chunk:06d}.json"
