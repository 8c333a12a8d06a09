"""A card: what a notebook shows of a result, as safe HTML in the colours of the notebook."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from sim.words.text import readable
from sim.words.wording import counted

if TYPE_CHECKING:
    import pandas as pd

MOST_ROWS = 5
MOST_COLUMNS = 8
MOST_SENTENCES = 3
_LONGEST_TEXT = 80
_LEAST = 0.0001
_CODE = re.compile(r"`([^`]+)`")
# Notebooks typeset what stands between dollar signs, unless a class says no.
_AS_WRITTEN = "tex2jax_ignore mathjax_ignore"


@dataclass(frozen=True)
class Card:
    """What is shown of a result.

    Parameters
    ----------
    title : str
        What it is.
    sentences : sequence of str
        What it says. The first three are shown.
    frame : DataFrame
        A table. Its first five rows and eight columns are shown.
    n_rows : int
        Rows of the whole table, of which `frame` may be a part.
    rest : sequence of str
        How to get the rest, with code in backticks.
    order : str
        Which rows come first, if they are not in the order of the table.
    """

    title: str
    sentences: Sequence[str]
    frame: pd.DataFrame
    n_rows: int
    rest: Sequence[str]
    order: str = ""

    def html(self) -> str:
        """Return the card as HTML: text in the notebook's own colours, all of it escaped."""
        parts = [f'<div class="{_AS_WRITTEN}">', f"<p><strong>{_text(self.title)}</strong></p>"]
        parts += [f"<p>{_text(each)}</p>" for each in self.sentences[:MOST_SENTENCES]]
        rest = [_CODE.sub(_as_code, _text(each)) for each in self.rest]
        if len(self.frame.columns):
            parts.append(_table(self.frame))
            rest = [f"{self._extent()}.", *rest]
        parts.append(f"<p><small>{' '.join(rest)}</small></p>")
        return "\n".join([*parts, "</div>"])

    def _extent(self) -> str:
        """Return how much of the table is shown."""
        n, shown = len(self.frame.columns), min(len(self.frame), MOST_ROWS)
        rows = f"{shown} of {self.n_rows:,} rows" if shown < self.n_rows else counted(shown, "row")
        columns = f"{MOST_COLUMNS} of {n} columns" if n > MOST_COLUMNS else counted(n, "column")
        return _text(f"{rows}, {columns}{f'; {self.order}' if self.order else ''}")


def _text(text: str) -> str:
    return escape(readable(text))


def _as_code(found: re.Match[str]) -> str:
    return f"<code>{found[1]}</code>"


def _table(frame: pd.DataFrame) -> str:
    """Return the first rows and columns of a table as HTML."""
    shown = frame.iloc[:MOST_ROWS, :MOST_COLUMNS]
    cells = shown.astype(object).map(card_cell)
    return str(cells.to_html(index=False, border=0, escape=True, na_rep=""))


def card_cell(value: Any) -> str:
    """Return a cell for reading: few digits of a number, no exponent; long texts are cut.

    Examples
    --------
    >>> [card_cell(value) for value in (0.12345, -12.345, 1234.5, 7, 0.00001)]
    ['0.12', '-12.3', '1,234', '7', '<0.0001']
    >>> [card_cell(value) for value in (None, True, float("nan"), "x" * 90)][:3]
    ['', 'True', '']
    """
    import pandas as pd

    if value is None or value is pd.NA or value != value:
        return ""
    if isinstance(value, float):
        return _number(value)
    text = " ".join(str(value).split())
    return text if len(text) <= _LONGEST_TEXT else f"{text[: _LONGEST_TEXT - 3]}..."


def _number(value: float) -> str:
    if math.isinf(value):
        return str(value)
    if abs(value) >= 100 or value == round(value):
        return f"{value:,.0f}"
    if abs(value) < _LEAST:
        return f"<{_LEAST}" if value > 0 else f">-{_LEAST}"
    # Three digits of what is above one, two of what is below.
    digits = (2 if abs(value) >= 1 else 1) - math.floor(math.log10(abs(value)))
    return f"{value:.{digits}f}"
