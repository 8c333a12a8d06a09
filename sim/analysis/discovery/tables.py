"""The tables of a discovery: boxes, limits, trajectory, cases."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.discovery.cases import POINTS
from sim.analysis.discovery.words import box_in_words
from sim.experiment.tables.table import Column, Table, build_table

if TYPE_CHECKING:
    from sim.analysis.discovery.cases import Input
    from sim.analysis.discovery.found import FoundBox, FoundBoxes, Limit

_SHARE = "share 0-1"
_P = "probability 0-1"
_INPUT = "as the input"
BOX = Column("box", "integer", "", "Number of the box, in the order in which boxes were found.")
_COVERAGE = "Share of all cases with the condition that are inside and in no earlier box."
_DENSITY = "Share of the cases inside in which the condition holds, earlier boxes aside."
_MASS = "Share of the cases that earlier boxes leave that are inside."
_N_CASES = "Cases inside, earlier boxes aside."
_NO_LIMIT = "empty if there is none on this side."


def discovery_tables(found: FoundBoxes) -> tuple[Table, ...]:
    """Return the tables of a discovery."""
    return _boxes(found), _limits(found), _trajectory(found), _cases(found)


def _table(
    name: str, description: str, key: tuple[str, ...], columns: Iterable[Column], rows: list[Any]
) -> Table:
    """Return a table from its rows."""
    cells = [*zip(*rows, strict=True)] if rows else [()] * len([*columns])
    return build_table(name, description, key, [*zip(columns, cells, strict=True)])


def _boxes(found: FoundBoxes) -> Table:
    condition = found.cases.condition
    rows = [
        (
            number, box.coverage, box.fit.density, box.fit.mass, box.fit.n, box.fit.association,
            box.p, box.is_found, found.method, condition.text, found.source,
            box_in_words(found, box),
        )
        for number, box in enumerate(found.boxes, 1)
    ]  # fmt: skip
    return _table(
        "boxes",
        f"One row per box in which the condition holds more often than elsewhere: "
        f"{condition.words}.",
        ("box",),
        (
            BOX,
            Column("coverage", "number", _SHARE, _COVERAGE),
            Column("density", "number", _SHARE, _DENSITY),
            Column("mass", "number", _SHARE, _MASS),
            Column("n_cases", "number", f"{found.cases.kind}s", _N_CASES),
            Column(
                "association", "number", "-1 to 1",
                "Correlation of being inside the box with the condition (phi).",
            ),
            Column(
                "p", "number", _P,
                "Share of resamples in which the same search finds a box of at least this "
                "association although inputs and condition are unrelated.",
            ),
            Column(
                "is_found", "boolean", "",
                "Whether p is at most 0.05, so that the box has limits.",
            ),
            Column("method", "string", "", "prim (peeling and pasting) or cart (a tree)."),
            Column("condition", "string", "", "The condition, as it was given."),
            Column("source", "string", "", "Name and run id of the result."),
            Column("words", "string", "", "The limits in words."),
        ),
        rows,
    )  # fmt: skip


def _limits(found: FoundBoxes) -> Table:
    rows = [
        _limit_row(found, number, limit)
        for number, box in enumerate(found.boxes, 1)
        for limit in box.limits
    ]
    return _table(
        "limits",
        "One row per box and input that the search limited. Limits that chance explains are "
        "listed, but are not part of the box.",
        ("box", "input"),
        (
            BOX,
            Column("input", "string", "", "Name of the input, as a column of the result."),
            Column("address", "string", "", "Dotted address of the number in a scenario."),
            Column("title", "string", "", "Its name for readers."),
            Column("unit", "string", "", "Unit of the row; empty for a plain number or a share."),
            Column("low", "number", _INPUT, f"Least value inside the box; {_NO_LIMIT}"),
            Column("high", "number", _INPUT, f"Greatest value inside the box; {_NO_LIMIT}"),
            Column("has_null", "boolean", "", "Whether null (no limit, or computed) is inside."),
            Column("least", "number", _INPUT, "Least value among all cases."),
            Column("greatest", "number", _INPUT, "Greatest value among all cases."),
            Column(
                "density_without", "number", _SHARE, "Density of the box without this limit."
            ),
            Column(
                "quasi_p", "number", _P,
                "Probability of at least as many cases with the condition inside, if the density "
                "were that without the limit (Bryant and Lempert 2010). It does not allow for the "
                "search.",
            ),
            Column(
                "p", "number", _P,
                "The larger of two shares of resamples: those in which a single limit on any input "
                "tells as much although all are shuffled, and those in which the same search "
                "finds a limit on this input that tells as much although it is shuffled. "
                "Empty if the box as a whole is no better than chance.",
            ),
            Column("is_kept", "boolean", "", "Whether p is at most 0.05: the limit is in the box."),
        ),
        rows,
    )  # fmt: skip


def _limit_row(found: FoundBoxes, number: int, limit: Limit) -> tuple[Any, ...]:
    one, column = found.cases.inputs[limit.input], found.cases.values[:, limit.input]
    low, high = (end if math.isfinite(end) else math.nan for end in (limit.low, limit.high))
    return (
        number, one.name, one.address, one.title, one.unit, low, high, limit.has_null,
        np.nanmin(column), np.nanmax(column), limit.density_without, limit.quasi_p, limit.p,
        limit.is_kept,
    )  # fmt: skip


def _trajectory(found: FoundBoxes) -> Table:
    rows = [row for n, box in enumerate(found.boxes, 1) for row in _steps(found, n, box)]
    return _table(
        "trajectory",
        "One row per step of the search for each box, from the box of everything on.",
        ("box", "step"),
        (
            BOX,
            Column("step", "integer", "", "Step, from 0, the box without limits."),
            Column("input", "string", "", "The input that the step limits; empty at step 0."),
            Column("title", "string", "", "Its name for readers; empty at step 0."),
            Column("coverage", "number", _SHARE, _COVERAGE),
            Column("density", "number", _SHARE, _DENSITY),
            Column("mass", "number", _SHARE, _MASS),
            Column("n_limits", "integer", "inputs", "Inputs that the box limits."),
            Column("is_chosen", "boolean", "", "Whether the box is the one of this step."),
        ),
        rows,
    )


def _steps(found: FoundBoxes, number: int, box: FoundBox) -> Iterator[tuple[Any, ...]]:
    # Coverage counts all cases with the condition, also those in earlier boxes.
    scale = box.coverage / box.fit.coverage if box.fit.coverage else 1.0
    for n, step in enumerate(box.search.steps):
        one = None if step.input < 0 else found.cases.inputs[step.input]
        names = ("", "") if one is None else (one.name, one.title)
        yield (
            number, n, *names, scale * step.fit.coverage, step.fit.density, step.fit.mass,
            len(step.box.limited), n == box.search.chosen,
        )  # fmt: skip


def _cases(found: FoundBoxes) -> Table:
    cases = found.cases
    box = np.zeros(len(cases.share), np.int64)
    for number, each in reversed([*enumerate(found.boxes, 1)]):
        if each.is_found:
            box[each.box.contains(cases.values)] = number
    whose = "point" if cases.kind == POINTS else "draw"
    return build_table(
        "cases",
        f"One row per {whose}: how often the condition holds, and the box that it is in.",
        (whose,),
        [
            (Column(whose, "integer", "", _NUMBER_OF[whose]), cases.number),
            (
                Column("share", "number", _SHARE, "Share of its futures in which it holds."
                       if whose == "draw" else "1 if the condition holds there, else 0."),
                cases.share,
            ),
            (Column("box", "integer", "", "First box that it is in; 0 for none."), box),
            *(
                (_column_of(each), column)
                for each, column in zip(cases.inputs, cases.values.T, strict=True)
            ),
        ],
    )  # fmt: skip


def _column_of(one: Input) -> Column:
    return Column(one.name, "number", one.unit, f"{one.title}. Empty if it is null.")


_NUMBER_OF = {
    "point": "Number of the point.",
    "draw": "Number of the draw of the uncertain numbers, from 0; four futures share it.",
}
