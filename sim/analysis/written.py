"""Tables of an analysis, written to a folder of their own with their data dictionary."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import CHECK_PATH, InputError, Problem, checked_path
from sim.experiment.tables.files import result_files

if TYPE_CHECKING:
    from sim.experiment.tables import Table


def write_analysis(
    folder: Path, name: str, title: str, description: str, tables: Iterable[Table]
) -> Path:
    """Write tables as CSV, and ``datapackage.json``, which describes their columns.

    Parameters
    ----------
    folder : Path
        Made if it does not exist. Files of the same names are replaced.
    name, title, description : str
        Of the whole, for the data package.
    tables : iterable of Table

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    InputError
        If the folder cannot be written.
    """
    package = {"name": name, "title": title, "description": description}
    return write_files(folder, dict(result_files(tables, package)))


def write_files(folder: Path, contents: Mapping[str, bytes]) -> Path:
    """Write files, each replaced whole; return the folder.

    Raises
    ------
    InputError
        If the folder cannot be written.
    """
    place = checked_path(folder, "the folder for the tables")
    try:
        place.mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            beside = place / f".{name}.{os.getpid()}"
            beside.write_bytes(content)
            beside.replace(place / name)
    except OSError as error:
        rule = f"cannot be written: {error.strerror or error}."
        raise InputError([Problem(str(place), 0, rule, CHECK_PATH)]) from None
    return place
