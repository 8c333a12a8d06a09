"""The table of numbers as HTML: a table for screen readers, a list of cards on a phone."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

from sim.interfaces.explorer.compare.numbers import cell_in_words, reads_clear
from sim.interfaces.explorer.tables.html import CSS
from sim.words.text import readable

if TYPE_CHECKING:
    from sim.analysis.standing import Count
    from sim.interfaces.explorer.compare.columns import ScenarioColumn
    from sim.interfaces.explorer.compare.numbers import Row

_CSS = """
<style>
table.compared .change { display: block; }
table.compared .clear { font-weight: 600; }
.st-key-changes [data-testid="stPageLink"] a { min-height: 0; padding: 0; }
.st-key-changes [data-testid="stPageLink"] p { font-size: 1rem; line-height: 1.6; }
</style>
"""


def html_table(rows: Sequence[Row], columns: Sequence[ScenarioColumn], caption: str) -> str:
    """Return the table; text from files, links or visitors is never treated as markup.

    Parameters
    ----------
    rows : sequence of Row
        In the order of display; rows of one section are adjacent.
    columns : sequence of ScenarioColumn
        One per cell of a row.
    caption : str
        The caption of the table.
    """
    heads = "".join(
        f'<th scope="col" role="columnheader">{escape(column.label)}'
        f'<span class="soft">{escape(_second_line(column))}'
        "</span></th>"
        for column in columns
    )
    body = "".join(
        _section(title, list(own), columns) for title, own in groupby(rows, lambda row: row.section)
    )
    return (
        f'{CSS}{_CSS}<table class="compared" role="table">'
        f"<caption>{escape(readable(caption))}</caption>"
        f'<thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">Number</th>'
        f"{heads}</tr></thead>{body}</table>"
    )


def _second_line(column: ScenarioColumn) -> str:
    if column.is_reference:
        return "the reference"
    if column.found is None:
        return "cannot be run"
    is_compared = column.found.comparison is not None
    return "second line: minus scenario 1" if is_compared else "without a difference"


def _section(title: str, rows: Sequence[Row], columns: Sequence[ScenarioColumn]) -> str:
    head = (
        f'<tr role="row"><th class="section" scope="rowgroup" role="rowheader" '
        f'colspan="{len(columns) + 1}">{escape(title)}</th></tr>'
    )
    return f'<tbody role="rowgroup">{head}{"".join(_row(row, columns) for row in rows)}</tbody>'


def _row(row: Row, columns: Sequence[ScenarioColumn]) -> str:
    cells = "".join(
        _cell(cell, row.unit, column.label) for cell, column in zip(row.cells, columns, strict=True)
    )
    head = f'<th scope="row" role="rowheader">{escape(row.title)}</th>'
    return f'<tr role="row">{head}{cells}</tr>'


def _cell(cell: Count | None, unit: str, label: str) -> str:
    mean, spread, change = map(readable, cell_in_words(cell, unit))
    parts = [escape(mean)]
    if spread:
        parts.append(f' <span class="soft">{escape(spread)}</span>')
    if change:
        mark = " clear" if cell is not None and reads_clear(cell, unit) else ""
        parts.append(f'<span class="change{mark}">{escape(change)}</span>')
    return f'<td role="cell" data-of="{escape(label)}">{"".join(parts)}</td>'
