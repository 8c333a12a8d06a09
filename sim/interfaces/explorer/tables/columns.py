"""The format of columns: one for shares, one for differences, figures aligned to the right.

A share has one decimal in every table, both in its column and in the interval beside it, so that
sorting follows the number and figures line up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import streamlit as st

from sim.words.text import readable
from sim.words.wording import points

if TYPE_CHECKING:
    from numpy.typing import NDArray

_TENTH = 0.1


def percents(shares: Any) -> NDArray[np.float64]:
    """Return shares 0-1 in per cent to the tenth; only what is certain reads as 0 or 100.

    Examples
    --------
    >>> percents([0.41613, 0.0, 0.0001, 0.9998]).tolist()
    [41.6, 0.0, 0.1, 99.9]
    """
    p = np.asarray(shares, np.float64)
    inside = np.clip(np.round(100 * p, 1), _TENTH, 100 - _TENTH)
    return np.where((p > 0) & (p < 1), inside, np.round(100 * p, 1))


def tenths(share: float) -> str:
    """Return a share in the format of tables.

    Examples
    --------
    >>> tenths(0.41613), tenths(0.9999), tenths(1e-9), tenths(1.0)
    ('41.6 %', '>99.9 %', '<0.1 %', '100.0 %')
    """
    if np.isnan(share):
        return "-"
    rounded = f"{100 * share:.1f}"
    if share > 0.0 and rounded == "0.0":
        return f"<{_TENTH} %"
    return f">{100 - _TENTH} %" if share < 1.0 and rounded == "100.0" else f"{rounded} %"


def percent_column(label: str | None = None, **more: Any) -> Any:
    """Return the format of a column of per cent."""
    return st.column_config.NumberColumn(label, format="%.1f %%", **more)


def points_column(label: str | None = None) -> Any:
    """Return the format of a column of differences of probabilities; `printed` formats numbers."""
    words = "Difference of the probabilities, in percentage points."
    return st.column_config.NumberColumn(label, help=words)


def right_column(label: str | None = None, **more: Any) -> Any:
    """Return the format of a column of intervals: text aligned to the right, like numbers."""
    return st.column_config.TextColumn(label, alignment="right", **more)


def looks(table: pd.DataFrame) -> dict[str, Any]:
    """Return the formats of the columns of a table of probabilities: per cent, points, intervals.

    Parameters
    ----------
    table : DataFrame
        For reading: numbers are per cent; columns whose name ends with "points" are differences,
        and columns whose name ends with "90 %" are intervals in words.
    """
    found = {}
    for name in table.columns:
        if pd.api.types.is_float_dtype(table[name]):
            found[name] = points_column() if name.endswith("points") else percent_column()
        elif name.endswith("90 %"):
            found[name] = right_column()
    return found


def printed(table: pd.DataFrame) -> Any:
    """Return a table with typographic signs, as a page draws it; its numbers still sort as numbers.

    Parameters
    ----------
    table : DataFrame
        For reading, as for `looks`. An explicit column format takes precedence over this.
    """
    columns: dict[Any, Any] = {}
    signed: dict[Any, Any] = {}
    has_signs = False
    for name, column in table.items():
        columns[name] = column
        if not pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
            columns[name] = [readable(cell) if isinstance(cell, str) else cell for cell in column]
            continue
        is_change = str(name).endswith("points")
        signed[name] = _change if is_change else _short
        has_signs = has_signs or is_change or bool((column < 0).any())
    shown = pd.DataFrame(columns, table.index)
    return shown.style.format(signed, na_rep="") if has_signs else shown


def _change(value: float) -> str:
    r"""Return a difference in percentage points in the format of tables.

    Examples
    --------
    >>> ascii(_change(-4.04)), _change(0.0)
    ("'\\u22124.0'", '0')
    """
    return readable(points(value / 100))


def _short(value: float) -> str:
    """Return a number to four decimals, the format of tables for numbers without another."""
    return readable(f"{value:.4f}".rstrip("0").rstrip("."))
