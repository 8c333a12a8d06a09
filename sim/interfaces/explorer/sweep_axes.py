"""The axes of a grid that a visitor asks for: which lever, from where to where, in how many steps.

An axis stands in the link as ``name,low,high,steps``. Where the lever stands at present is always
among its values if it lies between the ends, so that the offer of now is a point of the grid.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.experiment.sweeps.design import Design
from sim.interfaces.explorer.levers import start_value, step_of
from sim.interfaces.explorer.view import read_number, shown_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.scenario import Lever, Scenario

STEPS = (3, 5, 7, 9)
# What a first visit sweeps, where the scenario has them; else its first levers.
FIRST = ("linkage", "local_control")
_USUAL_STEPS = 5


@dataclass(frozen=True)
class Axis:
    """One lever over a range.

    Parameters
    ----------
    name : str
        Short name of the lever.
    low, high : float
        Ends, in the lever's unit.
    steps : int
        Values spread evenly from end to end, the present one not counted.
    """

    name: str
    low: float
    high: float
    steps: int

    def written(self) -> str:
        """Return the axis as it stands in a link.

        Examples
        --------
        >>> Axis("linkage", 0, 0.5, 3).written()
        'linkage,0,0.5,3'
        """
        return f"{self.name},{shown_number(self.low)},{shown_number(self.high)},{self.steps}"


def usual_axis(name: str, lever: Lever) -> Axis:
    """Return the axis of a lever over its whole range."""
    return Axis(name, lever.low, lever.high, _USUAL_STEPS)


def read_axis(text: str, scenario: Scenario) -> Axis | None:
    """Return the axis that a link asks for; None where the scenario has no such lever or range.

    Its ends must be places where the lever's slider can stand.
    """
    name, *rest = text.split(",")
    lever = scenario.levers.get(name)
    numbers = [read_number(part) for part in rest]
    if lever is None or len(numbers) != 3:
        return None
    low, high, steps = numbers
    if low is None or high is None or steps not in STEPS:
        return None
    if not lever.low <= low < high <= lever.high:
        return None
    is_on_steps = all(_snapped(end, lever, scenario) == float(f"{end:.6g}") for end in (low, high))
    return Axis(name, low, high, int(steps)) if is_on_steps else None


def _snapped(value: float, lever: Lever, scenario: Scenario) -> float:
    """Return the value nearest to one that the lever's slider can stand at."""
    step = step_of(lever, start_value(scenario, lever))
    nearest = lever.low + math.floor((value - lever.low) / step + 0.5) * step
    return float(f"{min(nearest, lever.high):.6g}")


def usual_name(scenario: Scenario, beside: str = "") -> str:
    """Return the lever that an axis has unless the visitor chooses; "" where there is none."""
    names = [*(name for name in FIRST if name in scenario.levers), *scenario.levers]
    return next((name for name in names if name != beside), "")


def axis_values(axis: Axis, scenario: Scenario) -> list[float]:
    """Return the values of an axis in rising order, the present one among them if it fits.

    Examples
    --------
    >>> import sim
    >>> baseline = sim.load_scenario("baseline")
    >>> axis_values(Axis("slots", 1, 40, 3), baseline)
    [1.0, 10.0, 21.0, 40.0]
    """
    lever = scenario.levers[axis.name]
    present = float(f"{start_value(scenario, lever):.6g}")
    even = np.linspace(axis.low, axis.high, axis.steps).tolist()
    found = {_snapped(value, lever, scenario) for value in even}
    if axis.low <= present <= axis.high:
        found.add(present)
    return sorted(found)


def grid_design(axes: Sequence[Axis], scenario: Scenario) -> Design:
    """Return the points of a grid over one or two axes; the last axis varies fastest."""
    return Design.grid({axis.name: axis_values(axis, scenario) for axis in axes})
