"""The table of what matters: every number with its range, its source, and what it does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.sensitivity.indices import Index
from sim.analysis.sensitivity.tables import OUTCOME, index_columns, number_columns
from sim.experiment.tables.shared_columns import SCENARIO
from sim.experiment.tables.table import Column, Described, Table, build_table

if TYPE_CHECKING:
    from sim.analysis.what_matters.mattered import Mattered

_SHARE = "share of the variance"
_KEPT = "Empty for numbers that the first stage left out."


def matter_tables(found: Mattered) -> tuple[Table, ...]:
    """Return the table of the numbers, the strongest first, and that of their shares over time."""
    return _numbers(found), _over_time(found)


def _numbers(found: Mattered) -> Table:
    order = found.order
    n = len(order)
    content: list[Described] = [
        (SCENARIO, [found.scenario.name] * n),
        (OUTCOME, [found.quantity.text] * n),
        (
            Column("rank", "integer", "", "1 for the number with the greatest effect."),
            np.arange(n) + 1,
        ),
        *number_columns([found.numbers[j] for j in order.tolist()]),
        *_second_stage(found),
        *_first_stage(found),
    ]
    about = (
        "One row per lever and uncertainty, the strongest first: how far it was moved, and what "
        "that does to the outcome."
    )
    return build_table("what_matters", about, ("number",), content)


def _over_time(found: Mattered) -> Table:
    """Return the shares of the numbers kept at the end of each year."""
    time, n = found.over_time, len(found.kept)
    years = len(time.month)
    numbers = [found.numbers[j] for j in found.kept.tolist()]
    content: list[Described] = [
        (SCENARIO, [found.scenario.name] * (years * n)),
        (OUTCOME, [found.quantity.text] * (years * n)),
        (
            Column("month", "string", "", "Month at whose end the outcome is taken, YYYY-MM."),
            np.repeat(time.month, n).tolist(),
        ),
        (
            Column("number", "string", "", "The number that is moved, as in what_matters.csv."),
            [one.name for one in numbers] * years,
        ),
        (
            Column("mean", "number", found.quantity.unit, "Mean of the outcome over the points."),
            np.repeat(time.mean, n),
        ),
    ]
    same = "Empty if the outcome is the same at all points."
    for name, about, index in (
        ("total", f"Sobol' total order in that month, over the numbers kept. {same}", time.total),
        ("first", f"Sobol' first order in that month. {same}", time.first),
    ):
        flat = Index(*(part.reshape(-1) for part in index))
        content += index_columns(name, _SHARE, about, flat)
    about = (
        "One row per year and number of the second stage: the share of the variance of the outcome "
        "at the year's end that the number explains. The numbers are those that matter most at the "
        "end of the scenario."
    )
    return build_table("what_matters_over_time", about, ("month", "number"), content)


def _second_stage(found: Mattered) -> Iterator[Described]:
    """Yield what is known of the numbers that were kept, with empty cells for the others."""
    indices, ends = found.indices, found.ends
    empty = np.full(len(found.numbers) - len(found.kept), np.nan)
    for name, about, index in (
        (
            "total",
            "Share of the variance that the number explains by itself and together with others "
            "(Sobol' total order), over the ranges of the numbers kept.",
            indices.total,
        ),
        (
            "first",
            "Share of the variance that it explains by itself (Sobol' first order).",
            indices.first,
        ),
    ):
        for column, values in index_columns(name, _SHARE, f"{about} {_KEPT}", index):
            yield column, np.concatenate([np.asarray([*values]), empty])
    for name, about, amounts in (
        (
            "at_low",
            "Outcome with the number at its low end, all else as it stands.",
            ends.at_low,
        ),
        (
            "at_high",
            "Outcome with the number at its high end, all else as it stands.",
            ends.at_high,
        ),
        ("change", "High end less low end in the same futures.", ends.change),
        ("change_low", "Lower end of the 90 % interval of the change.", ends.change_low),
        ("change_high", "Upper end of the 90 % interval of the change.", ends.change_high),
    ):
        column = Column(name, "number", found.quantity.unit, f"{about} {_KEPT}")
        yield column, np.concatenate([amounts, empty])


def _first_stage(found: Mattered) -> Iterator[Described]:
    """Yield the elementary effects of all numbers."""
    order, unit, effects = found.order, found.quantity.unit, found.effects
    about = (
        "Mean absolute effect of moving the number over its range while all others lie anywhere in "
        "theirs (Morris mu*)."
    )
    yield from index_columns("mu_star", unit, about, Index(*(p[order] for p in effects.mu_star)))
    about = "Mean effect, with its sign (Morris mu)."
    yield Column("mu", "number", unit, about), effects.mu[order]
    about = (
        "Standard deviation of the effects (Morris sigma): large where the number bends or depends "
        "on others."
    )
    yield Column("sigma", "number", unit, about), effects.sigma[order]
