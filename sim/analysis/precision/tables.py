"""The table of requirements: one row per estimate."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.experiment.tables.table import Column, Described, Table, build_table

if TYPE_CHECKING:
    from sim.analysis.precision.requirements import EnoughFutures

_UNIT, _FUTURES = "column unit", "futures"
_END = (
    "end of the 90 % interval of that number, since the variance in hand is an estimate too. Empty "
    "if the number never varied or was never seen."
)
_POINT = Column("point", "integer", "", "Point of the sweep; 0 is the scenario as it stands.")


def precision_table(found: EnoughFutures) -> Table:
    """Return the table of what each estimate needs."""
    points = [each.estimate.point or 0 for each in found.requirements]
    is_sweep = found.kind == "sweep"
    return build_table(
        "precision",
        f"One row per estimate: how many futures bring its 90 % interval to {found.wanted}.",
        (*(["point"] if is_sweep else []), "outcome", "what"),
        [*([(_POINT, points)] if is_sweep else []), *_estimates(found), *_needed(found)],
    )


def _estimates(found: EnoughFutures) -> Iterator[Described]:
    """Yield the columns that say what is estimated."""
    rows = [row.estimate for row in found.requirements]
    text = "The number, in the words of the tables."
    yield Column("outcome", "string", "", text), [each.quantity.text for each in rows]
    text = "Its name for readers."
    yield Column("title", "string", "", text), [each.quantity.title for each in rows]
    text = "mean (or the probability), or difference over the same futures."
    yield Column("what", "string", "", text), [each.what for each in rows]
    yield Column("unit", "string", "", "Unit of the row."), [each.quantity.unit for each in rows]
    yield Column("value", "number", _UNIT, "The estimate."), [each.value for each in rows]
    text = "Its Monte Carlo standard error."
    yield Column("se", "number", _UNIT, text), [each.error for each in rows]


def _needed(found: EnoughFutures) -> Iterator[Described]:
    """Yield the columns that say what is needed."""
    rows = found.requirements
    text = "Half the width of its 90 % interval with the futures in hand."
    yield Column("half_width", "number", _UNIT, text), [row.half_width for row in rows]
    text = "Half the width that is wanted. Empty for a share of a mean of 0."
    yield Column("within", "number", _UNIT, text), [row.within for row in rows]
    text = "Futures in hand."
    yield Column("futures", "integer", _FUTURES, text), [found.futures for _ in rows]
    text = (
        "Futures that are enough; those in hand if the number never varied. Empty where within is."
    )
    yield Column("futures_needed", "number", _FUTURES, text), [row.futures for row in rows]
    for end, name in (("Lower", "low"), ("Upper", "high")):
        column = Column(f"futures_needed_{name}", "number", _FUTURES, f"{end} {_END}")
        yield column, [getattr(row, name) for row in rows]
    text = "Whether the number never varied."
    yield Column("is_constant", "boolean", "", text), [row.is_constant for row in rows]
    text = (
        "Whether it is the probability of what happened in no future or in all: then the number is "
        "that which bounds it."
    )
    yield Column("is_unseen", "boolean", "", text), [row.estimate.is_unseen for row in rows]
