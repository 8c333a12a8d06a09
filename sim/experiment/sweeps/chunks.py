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

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sim.errors import RunError
from sim.experiment.file_bytes import json_bytes, sha256
from sim.experiment.store.results import write_passing
from sim.experiment.store.strict_json import read_json
from sim.experiment.store.sweep_folders import MARK_FILE, UNFINISHED
from sim.experiment.store.unavailable import UnavailableError
from sim.experiment.store.writers import HeldLock, discard, make_folder, new_mark
from sim.experiment.sweeps.arrow_sources import bytes_source
from sim.experiment.sweeps.bounds import ARROW_ERRORS, check_bounds
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
Files = dict[str, tuple[int, str]]


class ChunksLostError(RunError):
    """Existing chunks must be made again."""


class ChunksGoneError(ChunksLostError):
    """Another process of the same sweep deleted the chunks while it was running."""


class ChunkDamagedError(ChunksLostError):
    """A chunk was changed or lost after it was written."""


class Place(Protocol):
    """Where the files of chunks are: a folder, or a prefix of an object store."""

    def is_there(self, name: str) -> bool:
        """Return whether there is a file of that name."""

    def read(self, name: str, most: int) -> bytes:
        """Return the content of a file; ValueError if it has more than `most` bytes."""

    def times(self) -> dict[str, float]:
        """Return when each file was written, in seconds since 1970, by name; 0 if unknown."""

    def put(self, name: str, content: bytes) -> None:
        """Write a file in one step, in place of an older one."""

    def make(self) -> None:
        """Make the place, if files need it."""

    def clear(self) -> None:
        """Delete the place and everything in it."""


class FolderPlace:
    """A folder that every process of a sweep can reach.

    Parameters
    ----------
    folder : Path
        The folder.
    discarded : str
        Beginning of the name that it gets while it is deleted.
    """

    def __init__(self, folder: Path, discarded: str) -> None:
        self._folder = folder
        self._discarded = discarded

    def __str__(self) -> str:
        return str(self._folder)

    def is_there(self, name: str) -> bool:
        """Return whether there is a file of that name."""
        return (self._folder / name).is_file()

    def read(self, name: str, most: int) -> bytes:
        """Return the content of a file of at most `most` bytes."""
        path = self._folder / name
        if path.stat().st_size > most:
            raise ValueError("it is longer than stated")
        return path.read_bytes()

    def times(self) -> dict[str, float]:
        """Return when each file was written; empty if the folder cannot be listed."""
        try:
            return {path.name: path.stat().st_mtime for path in self._folder.iterdir()}
        except OSError:
            return {}

    def put(self, name: str, content: bytes) -> None:
        """Write a file under a name of its own, then rename it to its place."""
        own = self._folder / f".{name}.{new_mark()}"
        try:
            write_passing(own, content)
            if (self._folder / name).is_dir():
                discard(self._folder / name)
            own.replace(self._folder / name)
        finally:
            own.unlink(missing_ok=True)

    def make(self) -> None:
        """Make the folder."""
        make_folder(self._folder)

    def clear(self) -> None:
        """Delete the folder in one step.

        If the files were deleted in place, another process could meanwhile add one, and the folder
        would stay.
        """
        aside = self._folder.with_name(self._discarded + new_mark())
        try:
            self._folder.rename(aside)
        except FileNotFoundError:
            return
        except OSError:
            # Some systems do not rename a folder while files in it are open.
            aside = self._folder
            (aside / MARK_FILE).unlink(missing_ok=True)
        discard(aside)


class ChunkStore:
    """The chunks of one sweep.

    Parameters
    ----------
    root : Path
        Root of all results.
    inputs : SweepInputs
        The sweep.
    place : Place, optional
        Where the chunks are, if not in the folder beside the place of the result.
    """

    def __init__(self, root: Path, inputs: SweepInputs, place: Place | None = None) -> None:
        final = root / inputs.folder
        self.folder = final.with_name(final.name + UNFINISHED)
        self._final = final
        # The store of results treats this name as a leftover, should a kill leave the folder.
        self.place = place or FolderPlace(self.folder, f".{final.name}.discarded-")
        self._inputs = inputs
        self._known: dict[int, Files] = {}
        self.n_points = inputs.n_points
        self._each = max(FEWEST_POINTS, points_together(inputs.replicates))
        self.n_chunks = -(-inputs.n_points // self._each)

    def points(self, chunk: int) -> range:
        """Return the places of the points of a chunk in the whole sweep."""
        first = chunk * self._each
        return range(first, min(first + self._each, self.n_points))

    def count(self, chunks: Iterable[int]) -> int:
        """Return the number of points of some chunks."""
        return sum(len(self.points(chunk)) for chunk in chunks)

    @property
    def is_begun(self) -> bool:
        """Whether the sweep has started, with all its points checked."""
        return self.place.is_there(MARK_FILE)

    def begin(self) -> None:
        """Make the place and mark it as that of an unfinished sweep."""
        note = "This sweep is not finished. The command that began it continues it."
        about = {"note": note, "n_points": self.n_points, "n_chunks": self.n_chunks}
        with told(self.place):
            self.place.make()
            self.place.put(MARK_FILE, json_bytes(about))

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Tell other processes, while the context lasts, that this one makes chunks."""
        with ExitStack() as stack:
            # Where chunks lie elsewhere there may be no folder here that could be removed.
            if self._final.parent.is_dir():
                with told(self.place):
                    stack.enter_context(HeldLock(self._final))
            yield

    def clear(self) -> None:
        """Delete all chunks."""
        self.place.clear()

    def missing(self, chunks: Iterable[int] | None = None) -> Iterator[int]:
        """Yield the chunks, of all or of some, that are missing or not as they were written."""
        some = range(self.n_chunks) if chunks is None else chunks
        return (chunk for chunk in some if not self.is_done(chunk))

    def recorded(self) -> dict[int, float]:
        """Return when each chunk that has a record was written, without reading any.

        A damaged chunk is found when the sweep is continued.
        """
        times = self.place.times()
        records = ((chunk, times.get(_record(chunk))) for chunk in range(self.n_chunks))
        return {chunk: time for chunk, time in records if time is not None}

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

    def _stated(self, chunk: int) -> Files:
        """Return size and digest of each table according to the record of a chunk."""
        record = read_json(self.place.read(_record(chunk), _MOST_RECORD_BYTES))
        if (record["run_id"], record["chunk"]) != (self._inputs.run_id, chunk):
            raise ValueError("the record of another chunk")
        return {
            table: (stated["bytes"], stated["sha256"]) for table, stated in record["files"].items()
        }

    def _content(self, chunk: int, table: str, stated: tuple[int, str]) -> bytes:
        """Return the bytes of a table of a chunk; ValueError if they are not as stated."""
        content = self.place.read(_name(chunk, table), stated[0])
        if (len(content), sha256(content)) != stated:
            raise ValueError("it is not as it was written")
        return content

    def _open(self, chunk: int, table: str, stated: tuple[int, str]) -> pq.ParquetFile:
        """Return a table of a chunk for reading, after checking its bytes.

        Raises
        ------
        OSError, ValueError
            If the bytes are not as stated, or the content does not fit the table.
        """
        found = pq.ParquetFile(bytes_source(self._content(chunk, table, stated)))
        check_bounds(found.metadata, len(self.points(chunk)))
        if not found.schema_arrow.equals(self._schemas[table]):
            raise ValueError("it has other columns")
        return found

    def write(self, chunk: int, tables: Mapping[str, pa.Table]) -> None:
        """Write a chunk: its tables, then the record that confirms them.

        Raises
        ------
        ChunksGoneError
            If the place was cleared away.
        UnavailableError
            If it cannot be written to.
        """
        self.put(chunk, encoded(tables))

    def put(self, chunk: int, contents: Mapping[str, bytes]) -> None:
        """Write a chunk as `write` does, from the content of its files."""
        self.confirm(chunk, put_chunk(self.place, self._inputs.run_id, chunk, contents))

    def confirm(self, chunk: int, files: Files) -> None:
        """Remember what was written as a chunk, by this process or by one that works for it."""
        self._known[chunk] = files

    def contents(self, chunk: int) -> dict[str, bytes]:
        """Return the content of each file of a chunk that `is_done` found to be done."""
        known = self._known[chunk]
        return {table: self._content(chunk, table, known[table]) for table in known}

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
                raise gone(self.place) from error
            raise ChunkDamagedError(
                f"{self.place}/{_name(chunk, table)} was changed while the sweep was under way.\n"
                "  Run the same command again: it makes the chunk again."
            ) from error


def encoded(tables: Mapping[str, pa.Table]) -> dict[str, bytes]:
    """Return the tables of a chunk as the bytes of its files."""
    found = {}
    for table, rows in tables.items():
        sink = pa.BufferOutputStream()
        pq.write_table(rows, sink, compression=COMPRESSION)
        found[table] = sink.getvalue().to_pybytes()
    return found


def decoded(contents: Mapping[str, bytes]) -> dict[str, pa.Table]:
    """Return the tables of a chunk from the bytes of its files, as `encoded` made them."""
    return {table: pq.read_table(bytes_source(content)) for table, content in contents.items()}


def put_chunk(place: Place, run_id: str, chunk: int, contents: Mapping[str, bytes]) -> Files:
    """Write the files of a chunk and then its record; return their sizes and digests.

    Raises
    ------
    ChunksGoneError
        If the place was cleared away.
    UnavailableError
        If it cannot be written to.
    """
    files = {table: (len(content), sha256(content)) for table, content in contents.items()}
    stated = {table: {"bytes": size, "sha256": digest} for table, (size, digest) in files.items()}
    with told(place):
        for table, content in contents.items():
            place.put(_name(chunk, table), content)
        record = {"run_id": run_id, "chunk": chunk, "files": stated}
        place.put(_record(chunk), json_bytes(record))
    return files


@contextmanager
def told(place: Place) -> Iterator[None]:
    """Turn an error of writing to a place into a message in words."""
    try:
        yield
    except FileNotFoundError as error:
        raise gone(place) from error
    except OSError as error:
        raise UnavailableError(
            f"cannot write to {place}: {error.strerror or error}.",
            "Make room or give permission; the same command then continues the sweep.",
        ) from error


def gone(place: Place) -> ChunksGoneError:
    """Return the error for a place that was cleared away."""
    return ChunksGoneError(
        f"{place} was removed while the sweep was under way.\n"
        "  Run the same command again, in one process at a time."
    )


def _name(chunk: int, table: str) -> str:
    return f"{chunk:06d}.{table}.parquet"


def _record(chunk: int) -> str:
    return f"{chunk:06d}.json"
