"""The answer to a query as a file, written piece by piece."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from sim.errors import InputError, Problem, RunError
from sim.experiment.store.results import write_file
from sim.experiment.store.writers import new_mark
from sim.experiment.tables.csv_text import csv_text
from sim.experiment.tables.files import COMPRESSION

if TYPE_CHECKING:
    from sim.experiment.catalogue.querying import QueryResult
    from sim.experiment.catalogue.results import Results

_Batches = Iterator[pa.RecordBatch]


def write_csv(batches: _Batches, file: IO[bytes]) -> None:
    """Write rows as CSV in the form of all tables of the project."""
    file.write(codecs.BOM_UTF8)
    for number, batch in enumerate(batches):
        file.write(csv_text(pa.Table.from_batches([batch]), has_header=number == 0))


def write_parquet(batches: _Batches, file: IO[bytes]) -> None:
    """Write rows as Parquet."""
    first = next(batches)
    with pq.ParquetWriter(file, first.schema, compression=COMPRESSION) as writer:
        for batch in batches:
            writer.write_batch(batch)


FORMATS: dict[str, Callable[[_Batches, IO[bytes]], None]] = {
    ".csv": write_csv,
    ".parquet": write_parquet,
}


def check_target(path: Path, results: Results) -> None:
    """Check that an answer may be written to a file, before anything is computed.

    Raises
    ------
    InputError
        If its suffix is not known, its folder does not exist, or it lies among the files of a
        result.
    """
    if path.suffix.lower() not in FORMATS:
        message = f"the name of the file must end with {' or '.join(FORMATS)}."
        raise InputError([Problem(str(path), 0, message, "For example: answer.csv.")])
    if not path.parent.is_dir() or path.is_dir():
        message = "no file can be written there."
        raise InputError([Problem(str(path), 0, message, "Name a file in a folder that exists.")])
    place = path.parent.resolve()
    if any(entry.place.folder.resolve() == place for entry in results):
        message = "this folder is that of a result, and holds its files only."
        raise InputError([Problem(str(path), 0, message, "Name a file elsewhere.")])


def write_answer(answer: QueryResult, path: Path) -> None:
    """Write the rows of an answer to a file, which appears once it is complete.

    Memory holds some of the rows at a time. A file of that name is replaced.

    Raises
    ------
    RunError
        If the file cannot be written.
    """
    write = FORMATS[path.suffix.lower()]
    own = path.with_name(f".{path.name}.{new_mark()}")
    try:
        write_file(own, lambda file: write(answer.batches(), file))
        own.replace(path)
    except OSError as error:
        raise RunError(f"cannot write to {path}: {error.strerror or error}.") from error
    finally:
        with suppress(OSError):
            own.unlink(missing_ok=True)
