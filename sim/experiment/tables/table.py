"""A table of a run: a tidy frame in which every column has a description and a unit."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from sim.errors import RunError
from sim.experiment.rounding import round_numbers

Kind = Literal["string", "number", "integer", "boolean", "yearmonth"]
# Characters with which a spreadsheet formula can begin, full-width forms included.
_FORMULA_SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20"
# Where a cell that starts with one of them begins: at the start of the text and, for programs that
# separate columns by something other than commas, after a separator, or after a line break if the
# program ignores the quotes around it. A sign between two spaces belongs to ordinary text.
_CELL_STARTS = re.compile(
    r"^(?=[\t\r\n])|"
    rf'((?:^|[;|\t\r\n])\s*|[ ](?="*[{_FORMULA_SIGNS}]\S))(?=[\s"]*[{_FORMULA_SIGNS}])'
)
# Texts that programs read as a missing value if alone in a cell: all by pandas, the first by R.
MISSING_WORDS = (
    *("NA", "N/A", "n/a", "#NA", "#N/A", "#N/A N/A", "<NA>", "NULL", "null", "None"),
    *("NaN", "nan", "-NaN", "-nan", "1.#IND", "-1.#IND", "1.#QNAN", "-1.#QNAN"),
)


@dataclass(frozen=True)
class Column:
    """Description of one column.

    Parameters
    ----------
    name : str
        Its header.
    kind : str
        Type by the Frictionless Table Schema: string, number, integer, boolean, yearmonth.
    unit : str
        Unit of a number; "" if it has none.
    description : str
        What it means, and when a cell is empty.
    """

    name: str
    kind: Kind
    unit: str
    description: str


Described = tuple[Column, Iterable[Any]]


@dataclass(frozen=True)
class Table:
    """A tidy table with descriptions of its columns.

    Parameters
    ----------
    name : str
        Also the name of its file, without the suffix.
    description : str
        What a row is.
    columns : tuple of Column
        In the order of the file.
    key : tuple of str
        Columns that together identify a row.
    frame : DataFrame
        The content, rounded and safe for spreadsheets; treat as read-only.
    has_twin : bool
        Whether it is also written as Parquet.
    """

    name: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    frame: pd.DataFrame
    has_twin: bool = False


def safe_text(text: str) -> str:
    """Return a text that no program takes for a formula or a missing value.

    An apostrophe is put before anything that a spreadsheet could take for a formula: a text that
    begins with ``=``, ``+``, ``-``, ``@``, a tab or a line break, and such a sign after a possible
    separator such as a semicolon. It is also put before texts such as ``NA`` that stand for a
    missing value. Numbers are not text and stay unchanged.

    Examples
    --------
    >>> safe_text("=1+1"), safe_text("half; =1+1"), safe_text("NA"), safe_text("Viet Nam")
    ("'=1+1", "half; '=1+1", "'NA", 'Viet Nam')
    """
    if text in MISSING_WORDS:
        return f"'{text}"
    return _CELL_STARTS.sub(r"\1'", text)


def _text_cells(values: Sequence[Any]) -> pd.api.extensions.ExtensionArray:
    texts = ["" if value is None else str(value) for value in values]
    # Columns repeat the same few texts in every month or point.
    safe = {text: safe_text(text) if text else None for text in set(texts)}
    return pd.array([safe[text] for text in texts], dtype="string")


def _cells(column: Column, values: Iterable[Any]) -> Any:
    """Return the cells of a column in the form that its kind requires."""
    listed = values if isinstance(values, np.ndarray) else list(values)
    if column.kind == "number":
        return round_numbers(np.array(listed, np.float64))
    if column.kind == "integer":
        return np.array(listed, np.int64)
    if column.kind == "boolean":
        return np.array(listed, np.bool_)
    return _text_cells(list(listed))


def build_table(
    name: str,
    description: str,
    key: tuple[str, ...],
    content: Iterable[Described],
    has_twin: bool = False,
) -> Table:
    """Return a table of described columns, in the order given.

    Raises
    ------
    RunError
        If two columns would have the same name, since names of providers and offers are part of
        column names. `sim.scenario` refuses names that would make two columns equal.
    """
    described = [(column, _cells(column, values)) for column, values in content]
    columns = tuple(column for column, _ in described)
    twice = [name for name, n in Counter(column.name for column in columns).items() if n > 1]
    if twice:
        raise RunError(
            f"two columns of {name} would be called {twice[0]}: give the provider or offer "
            "another name."
        )
    frame = pd.DataFrame({column.name: cells for column, cells in described})
    return Table(name, description, columns, key, frame, has_twin)
