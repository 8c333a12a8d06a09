"""The table of requirements: one row per estimate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.experiment.tables.table import Column, Table, build_table

if TYPE_CHECKING:
    from sim.analysis.precision.enough import Precision

_UNIT = "column unit"


def precision_table(found: Precision) -> Table:
    """Return the table of what each estimate needs."""
    rows = found.requirements
    estimates = [row.estimate for row in rows]
    points = [
        (
            Column("point", "integer", "", "Point of the sweep; 0 is the scenario as it stands."),
            [each.point or 0 for each in estimates],
        )
    ]
    return build_table(
        "precision",
        f"One row per estimate: how many futures bring its 90 % interval to {found.wanted}.",
        (*(["point"] if found.kind == "sweep" else []), "outcome", "what"),
        [
            *(points if found.kind == "sweep" else []),
            (
                Column("outcome", "string", "", "The number, in the words of the tables."),
                [each.quantity.text for each in estimates],
            ),
            (
                Column("title", "string", "", "Its name for readers."),
                [each.quantity.title for each in estimates],
            ),
            (
                Column(
                    "what", "string", "",
                    "mean (or the probability), or difference over the same futures.",
                ),
                [each.what for each in estimates],
            ),
            (
                Column("unit", "string", "", "Unit of the row."),
                [each.quantity.unit for each in estimates],
            ),
            (Column("value", "number", _UNIT, "The estimate."), [e.value for e in estimates]),
            (
                Column("se", "number", _UNIT, "Its Monte Carlo standard error."),
                [each.error for each in estimates],
            ),
            (
                Column(
                    "half_width", "number", _UNIT,
                    "Half the width of its 90 % interval with the futures in hand.",
                ),
                [row.half_width for row in rows],
            ),
            (
                Column(
                    "within", "number", _UNIT,
                    "Half the width that is wanted. Empty for a share of a mean of 0.",
                ),
                [row.within for row in rows],
            ),
            (
                Column("futures", "integer", "futures", "Futures in hand."),
                [found.futures for _ in rows],
            ),
            (
                Column(
                    "futures_needed", "number", "futures",
                    "Futures that are enough; those in hand if the number never varied. Empty "
                    "where within is.",
                ),
                [row.futures for row in rows],
            ),
            (
                Column(
                    "futures_needed_low", "number", "futures",
                    f"Lower {_END}",
                ),
                [row.low for row in rows],
            ),
            (
                Column(
                    "futures_needed_high", "number", "futures",
                    f"Upper {_END}",
                ),
                [row.high for row in rows],
            ),
            (
                Column("is_constant", "boolean", "", "Whether the number never varied."),
                [row.is_constant for row in rows],
            ),
            (
                Column(
                    "is_unseen", "boolean", "",
                    "Whether it is the probability of what happened in no future or in all: then "
                    "the number is that which bounds it.",
                ),
                [each.is_unseen for each in estimates],
            ),
        ],
    )  # fmt: skip


_END = (
    "end of the 90 % interval of that number, since the variance in hand is an estimate too. Empty "
    "if the number never varied or was never seen."
)
