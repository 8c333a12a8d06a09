"""The command that asks all results one question in SQL."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.interfaces.cli.interrupts import unwinding
from sim.interfaces.cli.options import AsJson, ResultsFolder, folder_given
from sim.interfaces.cli.output import notice, records, show_json
from sim.interfaces.places import RESULTS

if TYPE_CHECKING:
    import pyarrow as pa

    from sim.experiment.catalogue.querying import QueryResult
    from sim.experiment.catalogue.results import Results

Sql = Annotated[
    str | None,
    typer.Argument(metavar="SQL", help="One SELECT in quotes; without it, tables are listed."),
]
OutFile = Annotated[
    Path | None,
    typer.Option(
        "--out",
        metavar="FILE",
        parser=folder_given,
        help="Write the answer to a file that ends with .csv or .parquet.",
    ),
]
WIDTH = 80
# What a terminal shows of a longer answer.
MOST_ROWS = 40


def query(
    sql: Sql = None,
    results: ResultsFolder = RESULTS,
    out: OutFile = None,
    as_json: AsJson = False,
) -> None:
    """Ask the tables of all results one question in SQL.

    Each table is a view over all whole results that have it: outcomes, points, countries, totals
    and so on. Its first columns (run_id, result_kind, result_name) say to which result a row
    belongs; the view results is the list that alignsim results prints. Nothing can be changed.
    Without SQL, the command lists tables and columns; docs/results.md explains them.

    \b
    Examples:
      alignsim query
      alignsim query "select result_kind, count(*) as n from results group by 1"
      alignsim query "from outcomes where outcome = 'n_countries'" --out partners.csv
    """  # noqa: D301 (the mark keeps click from joining the lines)
    from sim.experiment.catalogue.results import results as results_in

    found = results_in(results)
    if sql is None:
        if out is not None:
            raise typer.BadParameter("--out needs a query.")
        _show_schema(found, as_json)
        return
    left_out = sum(not entry.is_whole for entry in found)
    if left_out:
        notice(
            f"note: {left_out} of {len(found)} results are not whole and are left out; alignsim "
            "results says why."
        )
    if out is not None:
        from sim.experiment.catalogue.written import check_target, write_answer

        check_target(out, found)
        with unwinding(), found.answer(sql) as answer:
            write_answer(answer, out)
        if as_json:
            show_json({"file": str(out), "columns": list(answer.columns)})
        else:
            print(f"Answer: {out}")
        return
    with found.answer(sql) as answer:
        if as_json:
            show_json([row for batch in answer.batches() for row in batch.to_pylist()])
        else:
            print("\n".join(_lines(answer)))


def _show_schema(found: Results, as_json: bool) -> None:
    schema = found.schema
    if as_json:
        show_json(records(schema))
        return
    for name, rows in schema.groupby("table", sort=False):
        kinds = [kind for kind in dict.fromkeys(rows["result_kind"]) if kind]
        print(f"{name} ({', '.join(f'{kind}s' for kind in kinds) or 'the catalogue'})")
        columns = ", ".join(dict.fromkeys(rows["column"]))
        print(textwrap.fill(columns, WIDTH, initial_indent="  ", subsequent_indent="  "))


def _lines(answer: QueryResult) -> Iterator[str]:
    """Yield the first rows of an answer as a table of plain text."""
    import pyarrow as pa

    rows = pa.Table.from_batches(answer.batches(MOST_ROWS + 1))
    if not rows.num_rows:
        yield f"No rows. Columns: {', '.join(answer.columns)}."
        return
    yield from _table(rows.slice(0, MOST_ROWS))
    if rows.num_rows > MOST_ROWS:
        yield f"These are the first {MOST_ROWS} rows; --out FILE writes all of them."


def _table(rows: pa.Table) -> Iterator[str]:
    """Yield lines of columns, those that do not fit beside each other in further blocks."""
    blocks: list[list[list[str]]] = [[]]
    for name in rows.column_names:
        cells = _column(name, rows[name])
        width = sum(len(column[0]) + 2 for column in blocks[-1]) + len(cells[0])
        if blocks[-1] and width > WIDTH:
            blocks.append([])
        blocks[-1].append(cells)
    for place, block in enumerate(blocks):
        if place:
            yield ""
        yield from ("  ".join(row).rstrip() for row in zip(*block, strict=True))


def _column(name: str, values: pa.ChunkedArray) -> list[str]:
    """Return a name and the cells below it, all of one width; numbers end at the right."""
    import pyarrow as pa

    cells = [name, *(_shown(value) for value in values.to_pylist())]
    cells = [textwrap.shorten(cell, WIDTH - 2, placeholder="...") for cell in cells]
    width = max(map(len, cells))
    is_number = pa.types.is_floating(values.type) or pa.types.is_integer(values.type)
    return [cell.rjust(width) if is_number else cell.ljust(width) for cell in cells]


def _shown(value: str | float | bool | None) -> str:
    if value is None or value != value:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:.6g}" if isinstance(value, float) else str(value)
