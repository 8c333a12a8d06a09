"""The axes of a visitor's grid: which lever, over which range, in how many steps.

In a link an axis is ``name,low,high,steps``, followed by further values that A has had between the
others. The lever's value in the scenario file, and its present value in A, are always among the
values if they lie within the range, so that the present offer is a point of the grid.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.levers import start_value, step_of
from sim.experiment.sweeps.designs.design import Design
from sim.interfaces.explorer.state.view import read_number
from sim.scenario.wording import shown_number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.scenario import Lever, Scenario

STEPS = (3, 5, 7, 9)
# Swept on a first visit if the scenario has them; otherwise its first levers.
FIRST = ("linkage", "local_control")
_USUAL_STEPS = 5
MOST_ALSO = 4


@dataclass(frozen=True)
class GridAxis:
    """One lever over a range.

    Parameters
    ----------
    name : str
        Short name of the lever.
    low, high : float
        Ends, in the lever's unit.
    steps : int
        Number of values spread evenly from end to end, not counting the present one.
    also : tuple of float
        Further values, which A has had when points were opened: opening another point removes none
        of the grid.
    """

    name: str
    low: float
    high: float
    steps: int
    also: tuple[float, ...] = ()

    def written(self) -> str:
        """Return the axis in the form it has in a link.

        Examples
        --------
        >>> GridAxis("linkage", 0, 0.5, 3).written()
        'linkage,0,0.5,3'
        """
        numbers = (self.low, self.high, self.steps, *self.also)
        return ",".join([self.name, *map(shown_number, numbers)])


def usual_axis(name: str, lever: Lever) -> GridAxis:
    """Return the axis of a lever over its whole range."""
    return GridAxis(name, lever.low, lever.high, _USUAL_STEPS)


def read_axis(text: str, scenario: Scenario) -> GridAxis | None:
    """Return the axis that a link asks for; None if the scenario has no such lever or range.

    Its ends must be positions of the lever's slider.
    """
    name, *rest = text.split(",")
    lever = scenario.levers.get(name)
    numbers = [read_number(part) for part in rest]
    given = [number for number in numbers if number is not None]
    if lever is None or len(given) < len(numbers) or not 3 <= len(given) <= 3 + MOST_ALSO:
        return None
    low, high, steps, *also = given
    if steps not in STEPS or not lever.low <= low < high <= lever.high:
        return None
    is_on_steps = all(_snapped(end, lever, scenario) == float(f"{end:.6g}") for end in (low, high))
    is_within = all(low <= value <= high for value in also)
    return GridAxis(name, low, high, int(steps), tuple(also)) if is_on_steps and is_within else None


def _snapped(value: float, lever: Lever, scenario: Scenario) -> float:
    """Return the position of the lever's slider nearest to a value."""
    step = step_of(lever, start_value(scenario, lever))
    nearest = lever.low + math.floor((value - lever.low) / step + 0.5) * step
    return float(f"{min(nearest, lever.high):.6g}")


def usual_name(scenario: Scenario, beside: str = "") -> str:
    """Return the lever of an axis unless the visitor chooses one; "" if there is none."""
    names = [*(name for name in FIRST if name in scenario.levers), *scenario.levers]
    return next((name for name in names if name != beside), "")


def axis_values(axis: GridAxis, scenario: Scenario, now: float | None = None) -> list[float]:
    """Return the values of an axis in ascending order, including the present ones if they fit.

    Parameters
    ----------
    axis : GridAxis
    scenario : Scenario
        With the lever at the value in its file.
    now : float, optional
        The value to which A has moved the lever.

    Examples
    --------
    >>> import sim
    >>> baseline = sim.load_scenario("baseline")
    >>> axis_values(GridAxis("slots", 1, 40, 3), baseline)
    [1.0, 10.0, 21.0, 40.0]
    """
    lever = scenario.levers[axis.name]
    even = np.linspace(axis.low, axis.high, axis.steps).tolist()
    found = {_snapped(value, lever, scenario) for value in even}
    present = start_value(scenario, lever)
    besides = [float(f"{v:.6g}") for v in (present, now, *axis.also) if v is not None]
    return sorted(found.union(v for v in besides if axis.low <= v <= axis.high))


def keeping(axis: GridAxis, scenario: Scenario, now: float | None) -> GridAxis:
    """Return the axis with A's present value of the lever kept among its values.

    Examples
    --------
    >>> import sim
    >>> baseline = sim.load_scenario("baseline")
    >>> keeping(GridAxis("linkage", 0, 1, 3), baseline, 0.15).written()
    'linkage,0,1,3,0.15'
    >>> keeping(GridAxis("linkage", 0, 1, 3), baseline, 1.0).written()
    'linkage,0,1,3'
    """
    without = axis_values(axis, scenario)
    if now is None or axis_values(axis, scenario, now) == without:
        return axis
    return replace(axis, also=(*axis.also, now)[-MOST_ALSO:])


def grid_design(
    axes: Sequence[GridAxis], scenario: Scenario, moved: Mapping[str, float] | None = None
) -> Design:
    """Return the points of a grid over one or two axes; the last axis varies fastest.

    Parameters
    ----------
    axes : sequence of GridAxis
    scenario : Scenario
        With their levers at the values in its file.
    moved : mapping, optional
        The values to which A has moved levers, by short name.
    """
    now = moved or {}
    return Design.grid(
        {axis.name: axis_values(axis, scenario, now.get(axis.name)) for axis in axes}
    )
