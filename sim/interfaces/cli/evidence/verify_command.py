"""The command that runs the model against known answers."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from textwrap import wrap
from typing import TYPE_CHECKING, Annotated

import typer

from sim.interfaces.cli.interrupts import unwinding
from sim.interfaces.cli.options import AsJson
from sim.interfaces.cli.output import is_plain, notice, records, show_json
from sim.interfaces.cli.progress import Report, announce_compilation, moving_bar

if TYPE_CHECKING:
    import pandas as pd

    from sim.analysis.verification.verifying import Verification

Patterns = Annotated[
    bool,
    typer.Option(
        "--patterns",
        help="Show instead which patterns of earlier research the calibrated model reproduces.",
    ),
]
# Digests and the like are longer; --json and Python have them whole.
_MOST_LETTERS = 24
_PAGE_LETTERS = 96


def verify(patterns: Patterns = False, as_json: AsJson = False) -> None:
    """Check the model against known answers.

    They are closed forms of choice and diffusion models, published algorithms and random numbers,
    and the model's other driver. Exit status 1 means that a check has failed: results from this
    machine cannot be trusted then.

    With --patterns, 1,000 futures of the shipped scenarios are compared with the patterns that the
    model is to reproduce, beside earlier programmes. The exit status is then 0 whether or not they
    hold: they are findings about the model, not faults of the installation.

    \b
    Examples:
      alignsim verify
      alignsim verify --patterns
      alignsim verify --json
    """  # noqa: D301 (the mark keeps click from joining the lines)
    if patterns:
        _show_patterns(as_json)
        return
    from sim.analysis.verification.verifying import verify as run_checks

    with unwinding(), _shown_progress(as_json) as progress:
        found = run_checks(progress)
    if as_json:
        n_failed = len(found.failed)
        show_json({"passed": n_failed == 0, "n_failed": n_failed, "checks": records(found.table)})
    else:
        print("\n".join(_lines(found)))
    if not found.has_passed:
        raise typer.Exit(1)


def _show_patterns(as_json: bool) -> None:
    """Print which patterns hold."""
    from sim.analysis.patterns.registry import PATTERNS
    from sim.analysis.patterns.table import pattern_table

    with unwinding(), _pattern_progress(len(PATTERNS), as_json) as progress:
        table = pattern_table(progress=progress)
    if as_json:
        show_json({"n_holding": int(table["holds"].sum()), "patterns": records(table)})
    else:
        print("\n".join(_pattern_lines(table)))


@contextmanager
def _pattern_progress(total: int, is_quiet: bool) -> Iterator[Report | None]:
    """Yield a function that shows how many patterns are done, or None if nothing is to be said."""
    if is_quiet:
        yield None
        return
    announce_compilation()
    if is_plain(sys.stderr):
        notice("Simulating 1,000 futures of each scenario (about half a minute) ...")
        yield None
        return
    with moving_bar("Simulating", total, "patterns") as report:
        yield report


def _pattern_lines(table: pd.DataFrame) -> Iterator[str]:
    """Yield each pattern with its numbers, and how many hold."""
    from sim.analysis.patterns import words

    rows = table.to_dict("records")
    for row in rows:
        yield f"{row['pattern']}: {'holds' if row['holds'] else 'DOES NOT HOLD'}"
        yield f"  {row['sentence']}"
        statistic = f"{row['statistic']} ({row['unit']}; {row['simulations']})."
        yield from wrap(statistic, _PAGE_LETTERS, initial_indent="  ", subsequent_indent="  ")
        yield (
            f"  Simulated {words.simulated_in_words(row)}, must be {row['must_be']}; "
            f"in {words.share_in_words(row)}."
        )
        if row["programmes"]:
            yield f"  On record {words.record_in_words(row)}."
        yield ""
    for text in (words.count_in_words(rows), f"{words.HOW_JUDGED} {words.NO_ERROR}"):
        yield from wrap(text, _PAGE_LETTERS)


@contextmanager
def _shown_progress(is_quiet: bool) -> Iterator[Report | None]:
    """Yield a function that says which group of checks runs, or None if nothing is to be said."""
    if is_quiet:
        yield None
        return
    from sim.analysis.verification.registry import CHECKS

    announce_compilation()
    groups = [check.group for check in CHECKS]
    if is_plain(sys.stderr):
        notice(f"Checking {groups[0].lower()} ...")

        def report(done: int, total: int) -> None:
            if done < total and groups[done] != groups[done - 1]:
                notice(f"Checking {groups[done].lower()} ...")

        yield report
        return
    with moving_bar("Checking", len(groups), "checks") as report_to_bar:
        yield report_to_bar


def _lines(found: Verification) -> Iterator[str]:
    """Yield the findings by group, as a table with its own heading."""
    table = found.table
    cells = [
        (
            row["check"], row["source"], _short(row["must_be"]), _short(row["found"]),
            f"{row['tolerance']:.2g}",
            "passed" if row["passed"] else "FAILED",
        )
        for row in table.to_dict("records")
    ]  # fmt: skip
    heads = ("check", "source", "must be", "found", "tolerance", "")
    widths = [max(map(len, column)) for column in zip(heads, *cells, strict=True)]
    group = ""
    yield _row(heads, widths)
    for row, named in zip(cells, table["group"], strict=True):
        if named != group:
            group = named
            yield group
        yield _row(row, widths)
    yield ""
    n, failed = len(cells), found.failed
    if not failed:
        yield f"All {n} checks passed."
        return
    yield f"{len(failed)} of {n} checks failed: {', '.join(failed)}."
    yield "Do not use results of this installation. Reinstall it with the pinned versions, and if"
    yield "the checks still fail, report them with the output of alignsim verify --json."


def _row(cells: tuple[str, ...], widths: list[int]) -> str:
    padded = [f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=True)]
    return f"  {'  '.join(padded)}".rstrip()


def _short(text: str) -> str:
    """Return a text, with the middle left out if it is one long word."""
    if len(text) <= _MOST_LETTERS or " " in text:
        return text
    return f"{text[:8]}...{text[-8:]}"
