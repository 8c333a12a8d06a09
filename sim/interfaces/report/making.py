"""Makes the report of a result: one HTML file, the tables beside it, and a workbook."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import CHECK_PATH, InputError, Problem, checked_path
from sim.interfaces.pictures import check_renderer
from sim.interfaces.report.contents import contents
from sim.interfaces.report.grounds import skill_section
from sim.interfaces.report.page import page
from sim.interfaces.report.reproducing import own_files
from sim.interfaces.report.subject import subject_of
from sim.interfaces.report.tables import csv_files, table_files
from sim.interfaces.report.workbook import workbook

if TYPE_CHECKING:
    from sim.analysis.what_matters.matters import WhatMatters
    from sim.interfaces.report.subject import Reported, Subject
    from sim.interfaces.report.tables import TableFile

PAGE, WORKBOOK = "report.html", "tables.xlsx"


def report(
    result: Reported,
    folder: str | Path,
    *,
    provider: str = "",
    country: str = "",
    what_matters: WhatMatters | None = None,
    fresh: bool = False,
) -> Path:
    """Write the report of a result: a page that needs nothing else, tables, and a workbook.

    Parameters
    ----------
    result : Result, Comparison, StoredRun, StoredComparison or StoredSweep
        From `simulate`, `compare`, `sweep` or `load_run`. The futures of a stored run or comparison
        are simulated again.
    folder : path
        Made if it does not exist. It gets ``report.html``, ``tables.xlsx``, and each table as CSV
        with ``datapackage.json``, which says what its columns mean.
    provider : str
        Key of the provider whose partners are counted first; the first of the scenario unless
        given.
    country : str
        Code or name of the country to look at closely; South Korea unless given.
    what_matters : WhatMatters, optional
        From `what_matters` of the same scenario: what the result hangs on, for the report of a run.
    fresh : bool
        Replace another report in the folder.

    Returns
    -------
    Path
        Of ``report.html``. Printed from a browser it is a PDF.

    Raises
    ------
    InputError
        If the folder holds another report or cannot be written, or there is no such provider or
        country.
    RunError
        If the renderer of pictures is not installed, or a stored result is damaged, or code or
        facts have changed since it was written.

    Examples
    --------
    >>> import sim, tempfile
    >>> result = sim.simulate(sim.load_scenario("baseline"), replicates=8, seed=1)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = sim.report(result, folder)
    ...     print(path.name, path.read_text("utf-8")[:15])
    report.html <!doctype html>
    """
    check_renderer("A report")
    with drawn_meanwhile():
        about = subject_of(result, provider, country)
    place = checked_path(folder, "the folder of the report")
    return write_report(place, report_files(about, what_matters), fresh)


@contextmanager
def drawn_meanwhile() -> Iterator[None]:
    """Draw the record of skill, which no future changes, while futures are simulated.

    It is then at hand; an error is raised only when it is asked for.
    """
    with ThreadPoolExecutor(1) as pool:
        pool.submit(skill_section)
        yield


def report_files(about: Subject, mattered: WhatMatters | None = None) -> dict[str, bytes]:
    """Return the files of a report by name."""
    tables = table_files(about.result)
    return {
        PAGE: page(contents(about, mattered)).encode(),
        WORKBOOK: workbook_of(about, tables),
        **csv_files(about, tables),
        **own_files(about),
    }


def workbook_of(about: Subject, tables: list[TableFile] | None = None) -> bytes:
    """Return the tables of a result as a workbook."""
    known = table_files(about.result) if tables is None else tables
    rows = [
        ("what", about.kind),
        ("of", about.named),
        ("run id", about.run_id),
        ("futures", about.futures_in_words),
        ("seed", f"{about.seed}"),
        ("months", f"{about.months[0]} to {about.months[-1]}"),
    ]
    return workbook(about.title, rows, known)


def write_report(folder: Path, files: Mapping[str, bytes], fresh: bool = False) -> Path:
    """Write the files of a report; return the path of its page.

    Raises
    ------
    InputError
        If the folder has another file of one of these names and `fresh` is false, or cannot be
        written.
    """
    try:
        others = [] if fresh else [name for name in files if _is_other(folder / name, files[name])]
        if others:
            rule = f"holds another report: {', '.join(others[:3])} would be replaced."
            remedy = "Choose another folder, or replace it: --fresh, or fresh=True in Python."
            raise InputError([Problem(str(folder), 0, rule, remedy)])
        for name, content in files.items():
            place = folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            beside = place.parent / f".{place.name}.{os.getpid()}"
            beside.write_bytes(content)
            beside.replace(place)
    except OSError as error:
        rule = f"cannot be written: {error.strerror or error}."
        raise InputError([Problem(str(folder), 0, rule, CHECK_PATH)]) from None
    return folder / PAGE


def _is_other(path: Path, content: bytes) -> bool:
    """Return whether there is a file with another content."""
    return path.exists() and (path.stat().st_size != len(content) or path.read_bytes() != content)
