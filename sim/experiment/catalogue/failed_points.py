"""How many points of a sweep failed, from the footer of its table: no row is read."""

from __future__ import annotations

from pathlib import Path

FILE, ERROR = "points.parquet", "error"


def count_failed(folder: Path) -> int | None:
    """Return how many points of a finished sweep have an error.

    None if the sweep does not say so, as those of earlier versions, or it cannot be read.
    """
    import pyarrow.parquet as pq

    from sim.experiment.sweeps.arrow_sources import file_source
    from sim.experiment.sweeps.bounds import ARROW_ERRORS

    try:
        with file_source(folder / FILE) as file:
            about = pq.read_metadata(file)
            place = about.schema.names.index(ERROR)
            groups = [about.row_group(group) for group in range(about.num_row_groups)]
            n_whole = sum(int(group.column(place).statistics.null_count) for group in groups)
            return int(about.num_rows) - n_whole
    except (*ARROW_ERRORS, AttributeError):  # a column without statistics has None
        return None
