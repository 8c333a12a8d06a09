"""The terms of every offer as HTML: each meaning in full, in a box of its own height."""

from __future__ import annotations

from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sim.interfaces.explorer.compare_html import CSS
from sim.interfaces.explorer.text import readable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

_CSS = """
<style>
.terms { max-height: 480px; overflow-y: auto; padding: 0 0.8rem;
  border: 1px solid var(--alignsim-grid); border-radius: 0.5rem; font-size: 0.875rem; }
.terms .value { width: 8.5rem; }
.terms thead th, .terms th.section { position: sticky; top: 0; z-index: 1;
  background: var(--alignsim-page); }
.terms table.compared th.section { top: 2rem; padding-top: 0.6rem; }
@media (max-width: 640px) {
  .terms table.compared th[scope=row] { padding-top: 0.9rem; }
  .terms table.compared th.section { top: 0; } }
</style>
"""


def html_terms(shown: pd.DataFrame) -> str:
    """Return the table that `shown_terms` gives; whatever comes from files is text in it.

    Parameters
    ----------
    shown : DataFrame
        Rows of one offer follow each other, and make one section.
    """
    columns = [str(name) for name in shown.columns if name not in ("offer", "term")]
    sides = len(columns) - 1
    region = '<div class="terms" role="region" tabindex="0" aria-label="Terms of the offers">'
    heads = "".join(
        f'<th scope="col" role="columnheader"{_width(n, sides)}>{escape(name)}</th>'
        for n, name in enumerate(columns)
    )
    rows = shown.to_dict("records")
    body = "".join(_section(str(offer), list(own), columns) for offer, own in groupby(rows, _offer))
    return (
        f'{CSS}{_CSS}{region}<table class="compared" role="table">'
        f'<thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">term</th>'
        f"{heads}</tr></thead>{body}</table></div>"
    )


def _offer(row: Mapping[Any, Any]) -> Any:
    return row["offer"]


def _width(n: int, sides: int) -> str:
    """Return the class of a head: values are short, and leave the room to the meaning."""
    return ' class="value"' if n < sides else f' style="width: {68 - 12 * sides}%"'


def _section(offer: str, rows: Sequence[Mapping[Any, Any]], columns: Sequence[str]) -> str:
    head = (
        '<tr role="row"><th class="section" scope="rowgroup" role="rowheader" '
        f'colspan="{len(columns) + 1}">{escape(offer)}</th></tr>'
    )
    body = "".join(
        f'<tr role="row"><th scope="row" role="rowheader">{escape(str(row["term"]))}</th>'
        + "".join(
            f'<td role="cell" data-of="{escape(name)}">{escape(readable(str(row[name])))}</td>'
            for name in columns
        )
        + "</tr>"
        for row in rows
    )
    return f'<tbody role="rowgroup">{head}{body}</tbody>'
