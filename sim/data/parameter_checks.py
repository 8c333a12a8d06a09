"""Rows of the parameter table checked as they are read, all problems at once."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

from sim.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

LONGEST_LABEL = 40
# What a value rests on: nothing on record; a published figure; the project's own estimation on
# history, whose joint draws are in the posterior table.
STATUSES = ("assumption", "published", "estimated")
COLUMNS = (
    "name", "label", "group", "unit", "default", "low", "high", "distribution", "dist_low",
    "dist_mode", "dist_high", "status", "source", "estimate", "estimate_low", "estimate_high",
    "programmes", "description",
)  # fmt: skip
_SPREAD = ("dist_low", "dist_mode", "dist_high")
# The numbers that each distribution takes.
_TAKES = {
    "": (),
    "triangular": _SPREAD,
    "uniform": ("dist_low", "dist_high"),
    "loguniform": ("dist_low", "dist_high"),
}
_FILLED = ("name", "label", "group", "unit", "description")
_UNIQUE = ("name", "label")
_NUMBERS = ("default", "low", "high", *_SPREAD, "estimate", "estimate_low", "estimate_high")

Row = dict[str, str]
Told = tuple[str, str]  # rule and remedy


def parameter_problems(
    file: str, header: Sequence[str], lines: Iterable[tuple[int, list[str]]]
) -> list[Problem]:
    """Return what is wrong with the parameter table.

    Parameters
    ----------
    file : str
        Its name, for messages.
    header : sequence of str
    lines : iterable of (int, list of str)
        Number and cells of each line.
    """
    if tuple(header) != COLUMNS:
        rule = "the columns must be " + ", ".join(COLUMNS) + "."
        return [Problem(file, 1, rule, "Write them in this order.")]
    problems, rows = [], []
    for line, cells in lines:
        if len(cells) == len(COLUMNS):
            rows.append((line, dict(zip(COLUMNS, cells, strict=True))))
            continue
        rule = f"has {len(cells)} cells, and the header {len(COLUMNS)}."
        problems.append(Problem(file, line, rule, "Quote a text that contains a comma."))
    for name in _UNIQUE:
        count = Counter(row[name] for _, row in rows)
        problems += [
            Problem(file, line, f"{name} = {row[name]} stands twice.", "Rename or delete one.")
            for line, row in rows
            if row[name] and count[row[name]] > 1
        ]
    problems += [
        Problem(file, line, f"{row['name'] or 'a row without a name'}: {rule}", remedy)
        for line, row in rows
        for rule, remedy in _broken(row)
    ]
    return sorted(problems)


def _broken(row: Row) -> Iterator[Told]:
    for name in _FILLED:
        if not row[name].strip():
            yield f"{name} is empty.", "Fill it in."
    if len(row["label"]) > LONGEST_LABEL:
        rule = f"label has {len(row['label'])} characters, and at most {LONGEST_LABEL} fit a list."
        yield rule, "Shorten it."
    if row["status"] not in STATUSES:
        yield f"status = {row['status']} must be one of {', '.join(STATUSES)}.", "Choose one."
    if row["status"] == "published" and not row["source"]:
        yield "status is published, without a source.", "Name the source, or write assumption."
    if row["programmes"] and not row["programmes"].isdecimal():
        yield f"programmes = {row['programmes']} must be a whole number.", "Correct or empty it."
    unread = [name for name in _NUMBERS if row[name] and _number(row[name]) is None]
    unread += [name for name in ("default", "low", "high") if not row[name]]
    for name in unread:
        yield f"{name} = {row[name] or 'nothing'} must be a number.", "Write it as 0.35."
    if not unread:
        yield from _out_of_order(row)


def _out_of_order(row: Row) -> Iterator[Told]:
    """Yield what is wrong with numbers that can all be read."""
    low, high, default = (float(row[name]) for name in ("low", "high", "default"))
    if low > high:
        yield f"low is {low:g} and high {high:g}.", "Exchange the two."
    elif not low <= default <= high:
        yield f"default = {default:g} must be from {low:g} to {high:g}.", "Correct it or a bound."
    kind = row["distribution"]
    if kind not in _TAKES:
        known = ", ".join(name for name in _TAKES if name)
        yield f"distribution = {kind} must be one of {known}, or empty.", "Choose one."
        return
    takes = _TAKES[kind]
    if wrong := [name for name in _SPREAD if bool(row[name]) != (name in takes)]:
        which = f"{kind or 'no distribution'} takes {', '.join(takes) or 'no numbers'}"
        yield f"{which}; look at {', '.join(wrong)}.", "Fill in or empty these cells."
        return
    spread = [float(row[name]) for name in takes]
    if (spread and not low <= spread[0] <= spread[-1] <= high) or spread != sorted(spread):
        rule = f"{' <= '.join(takes)} must hold, from {low:g} to {high:g}; they are "
        yield rule + ", ".join(f"{value:g}" for value in spread) + ".", "Correct the numbers."
    elif spread and not spread[0] <= default <= spread[-1]:
        rule = f"default = {default:g} must be within what is drawn, {spread[0]:g} to "
        yield f"{rule}{spread[-1]:g}.", "Correct the default, or the distribution."
    if kind == "loguniform" and spread[0] <= 0.0:
        yield f"a loguniform dist_low must be above 0; it is {spread[0]:g}.", "Raise it."


def _number(text: str) -> float | None:
    """Return a finite number; None of any other text."""
    try:
        found = float(text)
    except ValueError:
        return None
    return found if math.isfinite(found) else None
