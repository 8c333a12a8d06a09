"""The table of what matters: every number with its range, its source, and what it does."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.sensitivity.tables import OUTCOME, index_columns, number_columns
from sim.experiment.tables.shared_columns import SCENARIO
from sim.experiment.tables.table import Column, Described, Table, build_table

if TYPE_CHECKING:
    from sim.analysis.sensitivity.indices import Index
    from sim.analysis.what_matters.mattered import Mattered

_SHARE = "share of the variance"
_KEPT = "Empty for numbers that the first stage left out."


def matter_tables(found: Mattered) -> tuple[Table, ...]:
    """Return the table of the numbers, the strongest first."""
    order, unit = found.order, found.quantity.unit
    n, m = len(order), len(found.kept)

    def kept(values: Iterable[Any]) -> np.ndarray:
        """Return values of the numbers that were kept, with empty cells for the others."""
        return np.concatenate([np.asarray([*values], np.float64), np.full(n - m, np.nan)])

    def kept_index(name: str, about: str, index: Index) -> Iterable[Described]:
        for column, values in index_columns(name, _SHARE, f"{about} {_KEPT}", index):
            yield column, kept(values)

    def end(name: str, about: str, values: Iterable[Any]) -> Described:
        return Column(name, "number", unit, f"{about} {_KEPT}"), kept(values)

    effects = found.effects
    mu_star = type(effects.mu_star)(*(part[order] for part in effects.mu_star))
    content: list[Described] = [
        (SCENARIO, [found.scenario.name] * n),
        (OUTCOME, [found.quantity.text] * n),
        (
            Column("rank", "integer", "", "1 for the number with the greatest effect."),
            np.arange(n) + 1,
        ),
        *number_columns([found.numbers[j] for j in order.tolist()]),
        *kept_index(
            "total",
            "Share of the variance that the number explains by itself and together with others "
            "(Sobol' total order), over the ranges of the numbers kept.",
            found.indices.total,
        ),
        *kept_index(
            "first",
            "Share of the variance that it explains by itself (Sobol' first order).",
            found.indices.first,
        ),
        end("at_low", "Outcome with the number at its low end, all else as it stands.",
            found.ends.at_low),
        end("at_high", "Outcome with the number at its high end, all else as it stands.",
            found.ends.at_high),
        end("change", "High end less low end in the same futures.", found.ends.change),
        end("change_low", "Lower end of the 90 % interval of the change.", found.ends.change_low),
        end("change_high", "Upper end of the 90 % interval of the change.",
            found.ends.change_high),
        *index_columns(
            "mu_star", unit,
            "Mean absolute effect of moving the number over its range while all others lie "
            "anywhere in theirs (Morris mu*).", mu_star,
        ),
        (
            Column("mu", "number", unit, "Mean effect, with its sign (Morris mu)."),
            effects.mu[order],
        ),
        (
            Column(
                "sigma", "number", unit,
                "Standard deviation of the effects (Morris sigma): large where the number bends "
                "or depends on others.",
            ),
            effects.sigma[order],
        ),
    ]  # fmt: skip
    about = (
        "One row per lever and uncertainty, the strongest first: how far it was moved, and what "
        "that does to the outcome."
    )
    return (build_table("what_matters", about, ("number",), content),)
