"""Tables as HTML: every text in full, readable by screen readers, a list of cards on a phone."""

from __future__ import annotations

from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sim.words.text import readable, with_addresses

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

# On narrow pages cells are stacked, which removes their roles; so all roles are explicit.
CSS = """
<style>
table.compared { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums;
  table-layout: fixed; }
table.compared caption { text-align: left; color: var(--alignsim-soft); font-size: 0.875rem;
  padding: 0 0 0.5rem; caption-side: top; }
table.compared th, table.compared td { text-align: left; vertical-align: top; font-weight: 400;
  padding: 0.4rem 0.8rem 0.4rem 0; border: 0; border-bottom: 1px solid var(--alignsim-grid); }
table.compared thead th { font-weight: 600; vertical-align: bottom; overflow-wrap: anywhere; }
table.compared th.section { font-weight: 600; padding-top: 1.1rem; }
table.compared .soft { color: var(--alignsim-soft); font-size: 0.875rem; }
table.compared thead .soft { display: block; font-weight: 400; }
table.compared td .soft { white-space: nowrap; padding-left: 0.3rem; }
@media (max-width: 640px) {
  table.compared thead { position: absolute; width: 1px; height: 1px; overflow: hidden;
    clip-path: inset(50%); }
  table.compared, table.compared caption, table.compared tbody, table.compared tr,
  table.compared th, table.compared td { display: block; }
  table.compared th[scope=row] { border: 0; padding-bottom: 0; font-weight: 600; }
  table.compared th.section { font-size: 1.05rem; }
  table.compared td::before { content: attr(data-of); display: block; font-size: 0.875rem;
    color: var(--alignsim-soft); }
}
</style>
"""
_LISTING = """
<style>
.listing { max-height: 480px; overflow-y: auto; padding: 0 0.8rem; margin: 0;
  border: 1px solid var(--alignsim-grid); border-radius: 0.5rem; font-size: 0.875rem; }
.listing td, .listing tbody th { overflow-wrap: break-word; }
.listing thead th, .listing th.section { position: sticky; top: 0; z-index: 1;
  background: var(--alignsim-page); }
.listing thead th { white-space: nowrap; overflow-wrap: normal; }
.listing table.compared th.section { top: 2rem; padding-top: 0.6rem; }
/* Heads of narrow columns take several lines, and small letters make room on paper. */
@media (max-width: 900px), print {
  .listing thead th { white-space: normal; }
  .listing table.compared th.section { position: static; }
}
@media print { .listing { font-size: 0.7rem; } }
@media (max-width: 640px) {
  .listing table.compared th[scope=row] { padding-top: 0.9rem; }
  .listing table.compared th.section { top: 0; }
  .listing table.compared td { border: 0; padding: 0.1rem 0; }
  .listing table.compared tr { border-bottom: 1px solid var(--alignsim-grid);
    padding-bottom: 0.5rem; }
  .listing table.compared tr:has(th.section) { border: 0; padding: 0; }
  .listing table.compared td::before { display: inline; content: attr(data-of) ": "; }
  .listing td:empty { display: none; } }
</style>
"""


def html_listing(
    table: pd.DataFrame, label: str, widths: Mapping[str, int], section: str = ""
) -> str:
    """Return rows of text in a box of their own height; text from files is never markup.

    Parameters
    ----------
    table : DataFrame
        For reading. The first column that does not make sections is the head of its row.
    label : str
        Label of the box for screen readers.
    widths : mapping of str to int
        Share of the width of some columns, in per cent; the others share the rest.
    section : str
        Column whose equal adjacent values make one section; "" for none.
    """
    columns = [str(name) for name in table.columns if name != section]
    heads = "".join(
        f'<th scope="col" role="columnheader"{_width(widths.get(name))}>{escape(name)}</th>'
        for name in columns
    )
    rows = table.to_dict("records")
    groups = [(str(name), list(own)) for name, own in groupby(rows, lambda row: row.get(section))]
    body = "".join(_section(name if section else "", own, columns) for name, own in groups)
    region = f'<div class="listing" role="region" tabindex="0" aria-label="{escape(label)}">'
    return (
        f'{CSS}{_LISTING}{region}<table class="compared" role="table">'
        f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead>{body}</table></div>'
    )


def _width(share: int | None) -> str:
    return "" if share is None else f' style="width: {share}%"'


def _section(title: str, rows: Sequence[Mapping[Any, Any]], columns: Sequence[str]) -> str:
    head = (
        f'<tr role="row"><th class="section" scope="rowgroup" role="rowheader" '
        f'colspan="{len(columns)}">{escape(title)}</th></tr>'
        if title
        else ""
    )
    first, *rest = columns
    body = "".join(
        f'<tr role="row"><th scope="row" role="rowheader">{_text(row[first])}</th>'
        + "".join(
            f'<td role="cell" data-of="{escape(name)}">{_text(row[name])}</td>' for name in rest
        )
        + "</tr>"
        for row in rows
    )
    return f'<tbody role="rowgroup">{head}{body}</tbody>'


def _text(cell: Any) -> str:
    """Return a cell as text, its web addresses as links; an unknown one is empty."""
    if cell is None or cell != cell:
        return ""
    if isinstance(cell, float):
        return escape(readable(f"{cell:,.6g}"))
    return "".join(
        f'<a href="{escape(part)}" target="_blank" rel="noopener noreferrer">{escape(part)}</a>'
        if is_address
        else escape(readable(part))
        for part, is_address in with_addresses(str(cell))
    )
