"""What a table of a sweep may hold at most, known before it is read.

A few megabytes of Parquet can hold hundreds of millions of rows.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq

from sim.experiment.sweeps.designs.point_problems import MOST_FIELDS

# Two hundred countries with four providers each have the most rows.
MOST_ROWS_EACH = 1000
# Those of the design, and the columns that every point has.
_MOST_COLUMNS = MOST_FIELDS + 50
# A digest takes 64, a number 8.
_MOST_BYTES_A_CELL = 200
_BYTES_BESIDE = 1_000_000
# How Arrow says that a file cannot be read.
ARROW_ERRORS = (OSError, ValueError, TypeError, KeyError, MemoryError, pa.ArrowException)


def check_bounds(
    about: pq.FileMetaData, n_points: int, most_rows_each: int = MOST_ROWS_EACH
) -> None:
    """Refuse a table that holds more than points of a sweep can.

    Parameters
    ----------
    about : FileMetaData
        What the file says of itself.
    n_points : int
        Points in the table; who takes part, and so the number of rows, may differ between them.
    most_rows_each : int
        Rows of a point, at most.

    Raises
    ------
    ValueError
        If rows, columns or bytes are too many.
    """
    rows, columns = about.num_rows, about.num_columns
    if rows > n_points * most_rows_each:
        raise ValueError(f"it has {rows:,} rows, more than {n_points:,} points can have")
    if columns > _MOST_COLUMNS:
        raise ValueError(f"it has {columns:,} columns, more than {_MOST_COLUMNS}")
    size = sum(about.row_group(group).total_byte_size for group in range(about.num_row_groups))
    if size > rows * columns * _MOST_BYTES_A_CELL + _BYTES_BESIDE:
        raise ValueError(f"it unfolds to {size:,} bytes, more than its cells can take")
