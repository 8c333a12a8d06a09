"""The list of results as lines of text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from sim.interfaces.cli.output import bytes_in_words

if TYPE_CHECKING:
    from sim.experiment.catalogue.entries import Entry
    from sim.experiment.catalogue.results import Results

WIDTH = 80
_INDENT = 10
_MOST_LINES = 2
# Columns of the list that hold numbers.
_NUMBERS = (3, 4, 5)


def list_lines(chosen: Results, found: Results) -> Iterator[str]:
    """Yield the list: one or two lines for each result, then what there is in all."""
    from sim.experiment.catalogue.base_differences import Bases
    from sim.experiment.catalogue.choosing import shortest_ids

    short, bases = shortest_ids(found.entries), Bases()
    rows = [(short[entry.run_id], *_cells(entry)) for entry in chosen]
    heads = ("id", "kind", "finished", "seed", "futures", "size")
    widths = [max(len(row[place]) for row in (heads, *rows)) for place in range(len(heads))]
    if rows:
        yield f"{_line(heads, widths)}  name"
    for entry, row in zip(chosen, rows, strict=True):
        line, name = _line(row, widths), entry.place.name
        has_room = len(line) + 2 + len(name) <= WIDTH
        yield f"{line}  {name}" if has_room else line
        parts = [] if has_room else [name]
        if entry.manifest is not None:
            parts += [f"of {entry.scenario}"] if entry.place.kind == "sweep" else []
            parts += bases.differing(entry.manifest).parts()
        yield from _wrapped("; ".join(parts))
        if not entry.is_whole:
            yield from _wrapped(f"{entry.status}: {entry.problem}")
        if entry.n_failed:
            yield from _wrapped(failed_in_words(entry))
    yield from _total(chosen, found)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    """Return cells beside each other: texts begin at the left, numbers end at the right."""
    placed = [
        cell.rjust(width) if place in _NUMBERS else cell.ljust(width)
        for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return "  ".join(placed)


def _cells(entry: Entry) -> tuple[str, ...]:
    """Return kind, day, seed, futures and size of a result; what is not known is empty."""
    day = "" if entry.finished is None else entry.finished.date().isoformat()
    seed, replicates = entry.stated("seed"), entry.stated("replicates")
    futures = "" if replicates is None else f"{replicates:,}"
    if entry.n_points not in (None, 1):
        futures = f"{entry.n_points:,} x {futures}"
    size = bytes_in_words(entry.n_bytes)
    return entry.place.kind, day, "" if seed is None else str(seed), futures, size


def failed_in_words(entry: Entry) -> str:
    """Return how many points of a sweep failed, and what to do."""
    from sim.words.wording import counted

    n = entry.n_failed or 0
    again = "it" if n == 1 else "them"
    return f"{counted(n, 'point')} failed; the same command tries {again} again"


def _wrapped(text: str) -> list[str]:
    """Return a text on indented lines, cut after some."""
    indent = " " * _INDENT
    return textwrap.wrap(
        text, WIDTH, initial_indent=indent, subsequent_indent=indent,
        max_lines=_MOST_LINES, placeholder=" ...",
        break_on_hyphens=False,
    )  # fmt: skip


def _total(chosen: Results, found: Results) -> Iterator[str]:
    """Yield how many results there are, their size, and what else is in the folder."""
    if not len(found):
        yield f"No results in {found.root}. The commands run, compare and sweep make them."
    else:
        n_broken = sum(not entry.is_whole for entry in chosen)
        which = f"{len(chosen)} of {len(found)}" if len(chosen) < len(found) else f"{len(found)}"
        text = f"{which} result{'' if len(found) == 1 else 's'} in {found.root}"
        text += f", {bytes_in_words(sum(entry.n_bytes for entry in chosen))}"
        yield f"{text}, {n_broken} not whole" if n_broken else text
    if found.others:
        names = ", ".join(ascii(name)[1:-1] for name in found.others)
        yield from textwrap.wrap(f"Not results: {names}", WIDTH, max_lines=_MOST_LINES)
