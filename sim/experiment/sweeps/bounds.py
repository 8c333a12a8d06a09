"""Limits on a table of a sweep, checked before it is read.

A few megabytes of Parquet can hold hundreds of millions of rows.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq

from sim.experiment.sweeps.designs.point_problems import MOST_FIELDS

# Two hundred countries with four providers each have the most rows.
MOST_ROWS_EACH = 1000
# The columns of the design, and those that every point has.
_MOST_COLUMNS = MOST_FIELDS + 50
# A digest takes 64 bytes, a number 8.
_MOST_BYTES_A_CELL = 200
_BYTES_BESIDE = 1_000_000
# The errors that Arrow raises if a file cannot be read.
ARROW_ERRORS = (OSError, ValueError, TypeError, KeyError, MemoryError, pa.ArrowException)


def check_bounds(
    about: pq.FileMetaData, n_points: int, most_rows_each: int = MOST_ROWS_EACH
) -> None:
    """Refuse a table with more content than the points of a sweep can have.

    Parameters
    ----------
    about : FileMetaData
        The metadata of the file.
    n_points : int
        Points in the table; the number of rows may differ between points, as countries do.
    most_rows_each : int
        Most rows per point.

    Raises
    ------
    ValueError
        If there are too many rows, columns or bytes.
    """
    rows, columns = about.num_rows, about.num_columns
    if rows > n_points * most_rows_each:
        raise ValueError(f"it has {rows:,} rows, more than {n_points:,} points can have")
    if columns > _MOST_COLUMNS:
        raise ValueError(f"it has {columns:,} columns, more than {_MOST_COLUMNS}")
    size = sum(about.row_group(group).total_byte_size for group in range(about.num_row_groups))
    if size > rows * columns * _MOST_BYTES_A_CELL + _BYTES_BESIDE:
        raise ValueError(f"it unpacks to {size:,} bytes, more than its cells can take")
