"""results: the catalogue as a table, one row for each result."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pandas as pd

from sim.experiment.catalogue.base_differences import Bases
from sim.experiment.catalogue.entries import Entry
from sim.experiment.tables.table import Column, Table, safe_text

NAME = "results"
_UNREAD = "Empty if its manifest cannot be read."
_DTYPES = {"integer": "Int64", "boolean": "boolean"}

RUN_ID = Column(
    "run_id", "string", "", "Identifier of the result: the name of its folder, from its inputs."
)
KIND = Column("result_kind", "string", "", "run, comparison or sweep.")
RESULT_NAME = Column(
    "result_name",
    "string",
    "",
    "Name of the folder above: the scenario, the two scenarios as a_vs_b, or the sweep.",
)
# In every view, before the columns of the table: to which result a row belongs.
LEADING = (RUN_ID, KIND, RESULT_NAME)

_Get = Callable[[Entry], Any]
_CELLS: tuple[tuple[Column, _Get], ...] = (
    (RUN_ID, lambda e: e.run_id),
    (KIND, lambda e: e.place.kind),
    (RESULT_NAME, lambda e: e.place.name),
    (
        Column(
            "scenario",
            "string",
            "",
            "Name of the scenario; of a comparison, the one whose effect is in question (b); of a "
            f"sweep of several, all, separated by commas. {_UNREAD}",
        ),
        lambda e: e.scenario,
    ),
    (
        Column(
            "compared_with",
            "string",
            "",
            "Scenario that a comparison compares with (a); empty for runs and sweeps.",
        ),
        lambda e: e.compared_with,
    ),
    (
        Column("title", "string", "", f"What the scenario or the sweep is about. {_UNREAD}"),
        lambda e: e.title,
    ),
    (
        Column("first_month", "yearmonth", "month", f"First month that it covers. {_UNREAD}"),
        lambda e: e.stated("first_month"),
    ),
    (
        Column("last_month", "yearmonth", "month", f"Last month that it covers. {_UNREAD}"),
        lambda e: e.stated("last_month"),
    ),
    (
        Column("seed", "integer", "", f"Seed of the random numbers. {_UNREAD}"),
        lambda e: e.stated("seed"),
    ),
    (
        Column("replicates", "integer", "futures", f"Futures of each scenario or point. {_UNREAD}"),
        lambda e: e.stated("replicates"),
    ),
    (
        Column(
            "n_points",
            "integer",
            "points",
            "Points of a sweep, including the scenario as it stands; 1 for a run, 2 for a "
            f"comparison. {_UNREAD}",
        ),
        lambda e: e.n_points,
    ),
    (
        Column(
            "n_failed",
            "integer",
            "points",
            "Points of a sweep that failed; the same command tries them again. Empty for runs and "
            "comparisons, and where it is not known.",
        ),
        lambda e: e.n_failed,
    ),
    (
        Column(
            "finished",
            "string",
            "",
            "When it was finished, as YYYY-MM-DD HH:MM:SS in UTC; empty if it is not.",
        ),
        lambda e: None if e.finished is None else e.finished.isoformat(" "),
    ),
    (Column("n_bytes", "integer", "bytes", "Size of its files."), lambda e: e.n_bytes),
    (
        Column(
            "is_whole",
            "boolean",
            "",
            "Whether it is finished and every file is there in its size. Only whole results are "
            "read.",
        ),
        lambda e: e.is_whole,
    ),
    (Column("status", "string", "", "whole, damaged, unfinished or running."), lambda e: e.status),
    (
        Column("problem", "string", "", "Why it is not whole; empty if it is."),
        lambda e: e.problem,
    ),
    (
        Column("folder", "string", "", "Its folder, below the folder of results."),
        lambda e: e.place.below_root,
    ),
    (
        Column("created_by", "string", "", f"Program and version that wrote it. {_UNREAD}"),
        lambda e: e.stated("created_by"),
    ),
)
_BASE = Column(
    "base",
    "string",
    "",
    "Scenario from which the differences are told: that which the scenario extends, or its own "
    "file if it extends none, as they are now; of a comparison, scenario a. Empty if it is not "
    "found.",
)
_DIFFERS = Column(
    "differs",
    "string",
    "",
    "What distinguishes its scenario from the base, as name=value with semicolons between; of a "
    "sweep, first what it varies, and of one of several scenarios only that. Empty if nothing "
    "does.",
)
COLUMNS = (*(column for column, _ in _CELLS), _BASE, _DIFFERS)


def catalogue_table(entries: Iterable[Entry], bases: Bases) -> Table:
    """Return the catalogue of some results as a table."""
    listed = [*entries]
    cells = {column.name: [get(entry) for entry in listed] for column, get in _CELLS}
    differing = [None if e.manifest is None else bases.differing(e.manifest) for e in listed]
    cells[_BASE.name] = [None if each is None else each.base for each in differing]
    cells[_DIFFERS.name] = [None if each is None else "; ".join(each.parts()) for each in differing]
    frame = pd.DataFrame(
        {
            column.name: pd.array(
                [_cell(value) for value in cells[column.name]],
                dtype=_DTYPES.get(column.kind, "string"),  # type: ignore[call-overload]
            )
            for column in COLUMNS
        }
    )
    text = "One row per result in the folder, whole or not, the latest first."
    return Table(NAME, text, COLUMNS, ("run_id",), frame)


def _cell(value: Any) -> Any:
    """Return a cell; texts come from files that anybody may have written."""
    return safe_text(value) or None if isinstance(value, str) else value
