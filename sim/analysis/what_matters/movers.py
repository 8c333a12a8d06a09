"""What can be moved in a scenario, and how far: its levers, and the numbers that it draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.analysis.quantities import refusal
from sim.analysis.sensitivity.numbers import Number, joined_numbers, number_of
from sim.experiment.sweeps.designs.roles import usual_role
from sim.experiment.sweeps.designs.samples.ranges import default_ranges
from sim.experiment.sweeps.designs.samples.spreads import CHOICE, UNIFORM, Spread
from sim.experiment.sweeps.designs.swept import find_fields
from sim.model.places import shapes_world
from sim.scenario.estimated import column_of, is_from_posterior

if TYPE_CHECKING:
    from sim.experiment.sweeps.designs.swept import SweptField
    from sim.scenario import Scenario

Values = NDArray[np.float64]
# An uncertainty is moved over the middle nine tenths of its distribution.
MIDDLE = (0.05, 0.95)
# Every value of a number that shapes the world needs a world of its own, so it has few values.
_VALUES_OF_SHAPING = 8


@dataclass(frozen=True)
class Mover:
    """One thing that is moved: a number, or several that the scenario draws as one.

    Parameters
    ----------
    number : Number
        How it is ranked and described.
    fields : tuple of SweptField
        The numbers that it sets.
    spreads : tuple of Spread
        Where each of them lies, as a function of one share from 0 to 1.
    """

    number: Number
    fields: tuple[SweptField, ...]
    spreads: tuple[Spread, ...]

    def at(self, shares: Values) -> Values:
        """Return the values of its numbers, (n, fields), at some shares of its range, (n,)."""
        return np.stack([spread.at(shares) for spread in self.spreads], axis=1)


def movers_of(scenario: Scenario) -> tuple[Mover, ...]:
    """Return every lever and every drawn number of a scenario, with how far it is moved.

    A lever is moved over its whole range, and a drawn number over the middle nine tenths of its
    distribution, both evenly. Numbers that are drawn from one column of the posterior move as one,
    since no future has them apart.

    Raises
    ------
    InputError
        If the scenario has neither.
    """
    spreads = default_ranges(scenario, levers="all", uncertainties="drawn")
    if not spreads:
        rule = f"scenario {scenario.name} has no lever and draws no number, so nothing can move it."
        raise refusal(rule, "Give it levers or uncertainties: docs/scenarios.md says how.")
    # The names are those of the scenario, so nothing is reported.
    fields = find_fields(scenario, spreads, lambda *_: None)
    single = {name: _mover(scenario, field, spreads[name]) for name, field in fields.items()}
    groups: dict[str, list[Mover]] = {}
    for name, mover in single.items():
        groups.setdefault(_column(scenario, mover.fields[0]) or name, []).append(mover)
    return tuple(_as_one(key, members) for key, members in groups.items())


def _mover(scenario: Scenario, field: SweptField, spread: Spread) -> Mover:
    ends = (0.0, 1.0) if field.lever is not None else MIDDLE
    low, high = spread.at(np.array(ends)).tolist()
    moved = spread
    if spread.kind != CHOICE:
        # Six digits, as the points of every sweep.
        low, high = float(f"{low:.6g}"), float(f"{high:.6g}")
        moved = Spread(UNIFORM, low, high, is_whole=spread.is_whole)
        if shapes_world(scenario, field.address) and not spread.is_whole:
            moved = Spread.one_of(np.linspace(low, high, _VALUES_OF_SHAPING).round(6).tolist())
    role = usual_role(scenario, field.name, field.address)
    return Mover(number_of(scenario, field, role, low, high), (field,), (moved,))


def _column(scenario: Scenario, field: SweptField) -> str:
    """Return the column of the posterior that a number is drawn from; "" if from none."""
    drawn = scenario.uncertainties.get(field.address)
    if field.lever is not None or drawn is None or not is_from_posterior(drawn):
        return ""
    return f"estimated: {column_of(field.address, drawn)}"


def _as_one(key: str, members: Sequence[Mover]) -> Mover:
    if len(members) == 1:
        return members[0]
    return Mover(
        joined_numbers(key, [member.number for member in members]),
        tuple(field for member in members for field in member.fields),
        tuple(spread for member in members for spread in member.spreads),
    )
