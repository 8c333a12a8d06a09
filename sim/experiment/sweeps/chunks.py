"""Chunks of a sweep on the disk: each written once, whole, with a checksum of its own.

While a sweep is under way its chunks lie in ``<run id>.unfinished`` beside the place of the result.
A chunk is one file a table and a record that names them, their sizes and their digests; the record
comes last. What the record does not vouch for counts as not there, and is made again. Several
processes may write the same chunk: they write the same bytes, each under a name of its own first.

Any of them may finish first, or begin anew, and then the folder goes in one step. Whoever writes or
reads a chunk after that is told so, and does not make the folder again: nobody would clear it away.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from sim.errors import RunError
from sim.experiment.store import file_digest, sync_folder, write_file
from sim.experiment.sweeps.points import points_together
from sim.experiment.table_files import COMPRESSION, json_bytes, sha256

if TYPE_CHECKING:
    from sim.experiment.sweeps.inputs import SweepInputs

# Points of a chunk at least: what a kill loses, times the number of workers.
FEWEST_POINTS = 8
UNFINISHED = ".unfinished"
# Written once every point has been checked; the folder of a sweep that may be continued has it.
MARK_FILE = "unfinished.json"


class ChunksGoneError(RunError):
    """The chunks were cleared away while the sweep was under way, by whoever else runs it."""


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
        self._aside = f".{final.name}.replaced-{os.getpid()}-"
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
        aside = self.folder.with_name(self._aside + secrets.token_hex(4))
        try:
            self.folder.rename(aside)
        except FileNotFoundError:
            return
        except OSError:
            # Where files of it are open, some systems do not rename a folder.
            aside = self.folder
            (aside / MARK_FILE).unlink(missing_ok=True)
        shutil.rmtree(aside, ignore_errors=True)

    def missing(self) -> Iterator[int]:
        """Yield the chunks that are not there, or not as they were written."""
        return (chunk for chunk in range(self.n_chunks) if not self.is_done(chunk))

    def is_done(self, chunk: int) -> bool:
        """Return whether a chunk is there with every byte as its record says."""
        try:
            record = json.loads((self.folder / _record(chunk)).read_bytes())
            files = dict(record["files"])
            return bool(files) and all(
                (self.folder / _name(chunk, table)).stat().st_size == stated["bytes"]
                and file_digest(self.folder / _name(chunk, table)) == stated["sha256"]
                for table, stated in files.items()
            )
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return False

    def write(self, chunk: int, tables: dict[str, pa.Table]) -> None:
        """Write a chunk: its tables, then the record that vouches for them.

        Raises
        ------
        ChunksGoneError
            If the folder was cleared away.
        RunError
            If the folder cannot be written.
        """
        files: dict[str, dict[str, Any]] = {}
        with self._told():
            for table, rows in tables.items():
                sink = pa.BufferOutputStream()
                pq.write_table(rows, sink, compression=COMPRESSION)
                content = sink.getvalue().to_pybytes()
                self._put(_name(chunk, table), content)
                files[table] = {"bytes": len(content), "sha256": sha256(content)}
            self._put(_record(chunk), json_bytes({"files": files}))
            sync_folder(self.folder)

    def read(self, chunk: int, table: str) -> pa.Table:
        """Return a table of a chunk.

        Raises
        ------
        ChunksGoneError
            If it is not there any more.
        """
        try:
            with (self.folder / _name(chunk, table)).open("rb") as file:
                return pq.read_table(file)
        except FileNotFoundError as error:
            raise self._gone() from error

    def _put(self, name: str, content: bytes) -> None:
        """Write a file under a name of its own and rename it to its place."""
        own = self.folder / f".{name}.{os.getpid()}-{secrets.token_hex(4)}"
        try:
            write_file(own, content)
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
