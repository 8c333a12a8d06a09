"""Chunks of a sweep on the disk: each written once, whole, with a checksum of its own.

While a sweep is under way its chunks lie in ``<run id>.unfinished`` beside the place of the result.
A chunk is one file a table and a record that names the sweep, the chunk, and the sizes and digests
of its files; the record comes last. What the record does not vouch for counts as not there, and is
made again. So is what a power cut takes away: nothing here is forced to the disk, since that would
take longer than the futures of a small chunk. Several processes may write the same chunk: they
write the same bytes, each under a name of its own first.

A process keeps the digests of every chunk that it has written, or has found whole, and holds each
reading to them: a chunk that was changed since is made again, even where its record was changed
with it. Of a chunk that was changed together with its record before the process started, only the
replay of the finished sweep can tell.

Any of them may finish first, or begin anew, and then the folder goes in one step. Whoever writes or
reads a chunk after that is told so, and does not make the folder again: nobody would clear it away.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sim.errors import RunError
from sim.experiment.file_bytes import json_bytes, sha256
from sim.experiment.store.results import write_passing
from sim.experiment.store.strict_json import read_json
from sim.experiment.store.writers import discard, new_mark
from sim.experiment.sweeps.bounds import ARROW_ERRORS, check_bounds
from sim.experiment.sweeps.point_tables import POINT, table_heads
from sim.experiment.sweeps.points import points_together
from sim.experiment.tables.files import COMPRESSION, arrow_schema

if TYPE_CHECKING:
    from sim.experiment.sweeps.inputs import SweepInputs

# Points of a chunk at least: what a kill loses, times the number of workers.
FEWEST_POINTS = 8
UNFINISHED = ".unfinished"
# Written once every point has been checked; the folder of a sweep that may be continued has it.
MARK_FILE = "unfinished.json"
_MOST_RECORD_BYTES = 1_000_000
# Size and digest of each table of a chunk.
_Files = dict[str, tuple[int, str]]


class ChunksLostError(RunError):
    """Chunks that were there are to be made again."""


class ChunksGoneError(ChunksLostError):
    """The chunks were cleared away while the sweep was under way, by whoever else runs it."""


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
        # A name that the store of results knows for a left-over, should a kill leave it there.
        self._discarded = f".{final.name}.discarded-"
        self._inputs = inputs
        self._known: dict[int, _Files] = {}
        self.n_points = inputs.n_points
        self._each = max(FEWEST_POINTS, points_together(inputs.replicates))
        self.n_chunks = -(-inputs.n_points // self._each)

    def points(self, chunk: int) -> range:
        """Return the numbers of the points of a chunk."""
        first = chunk * self._each
        return range(first, min(first + self._each, self.n_points))

    @property
    def is_begun(self) -> bool:
        """Whether the sweep has been begun, with all its points checked."""
        return (self.folder / MARK_FILE).is_file()

    def begin(self) -> None:
        """Make the folder and mark it as that of an unfinished sweep."""
        note = "This sweep is not finished. The command that began it continues it."
        about = {"note": note, "n_points": self.n_points, "n_chunks": self.n_chunks}
        with self._told():
            self.folder.mkdir(parents=True, exist_ok=True)
            self._put(MARK_FILE, json_bytes(about))

    def clear(self) -> None:
        """Delete all chunks and the folder, which goes in one step.

        Were its files deleted at its place, another process could put one there meanwhile, and the
        folder would stay.
        """
        aside = self.folder.with_name(self._discarded + new_mark())
        try:
            self.folder.rename(aside)
        except FileNotFoundError:
            return
        except OSError:
            # Where files of it are open, some systems do not rename a folder.
            aside = self.folder
            (aside / MARK_FILE).unlink(missing_ok=True)
        discard(aside)

    def missing(self) -> Iterator[int]:
        """Yield the chunks that are not there, or not as they were written."""
        return (chunk for chunk in range(self.n_chunks) if not self.is_done(chunk))

    def is_done(self, chunk: int) -> bool:
        """Return whether a chunk is there, the one it claims to be, with every byte as written."""
        try:
            files = self._stated(chunk)
            if files.keys() != self._schemas.keys() or self._known.get(chunk, files) != files:
                return False
            for table, stated in files.items():
                with self._open(chunk, table, stated) as file:
                    found = set(pc.unique(file.read([POINT.name])[POINT.name]).to_pylist())
                # Only the table of points has rows of each, whoever takes part there.
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
        """Return size and digest of each table as the record of a chunk has them."""
        with (self.folder / _record(chunk)).open("rb") as file:
            record = read_json(file.read(_MOST_RECORD_BYTES))
        if (record["run_id"], record["chunk"]) != (self._inputs.run_id, chunk):
            raise ValueError("the record of another chunk")
        return {
            table: (stated["bytes"], stated["sha256"]) for table, stated in record["files"].items()
        }

    def _open(self, chunk: int, table: str, stated: tuple[int, str]) -> pq.ParquetFile:
        """Return a table of a chunk, to be read; its bytes are as stated.

        Raises
        ------
        OSError, ValueError
            If they are not, or hold something else than the table can.
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
        """Write a chunk: its tables, then the record that vouches for them.

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
            If the chunk is not as it was written, or found, by this process.
        """
        try:
            with self._open(chunk, table, self._known[chunk][table]) as file:
                return file.read()
        except ARROW_ERRORS as error:
            if not self.is_begun:
                raise self._gone() from error
            raise ChunkDamagedError(
                f"{self.folder / _name(chunk, table)} was changed while the sweep was under way.\n"
                "  Run the same command again: the chunk is then made again."
            ) from error

    def _put(self, name: str, content: bytes) -> None:
        """Write a file under a name of its own and rename it to its place."""
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
        """Say in words why the folder cannot be written."""
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
