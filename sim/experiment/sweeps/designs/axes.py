"""From the numbers of a sweep file to values and ranges, each checked against its number's rule."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.experiment.sweeps.designs.columns import kept_value
from sim.experiment.sweeps.designs.point_problems import MOST_POINTS
from sim.experiment.sweeps.designs.samples.ranges import (
    GIVE_RANGE,
    LIST_SWITCH,
    NO_RANGE,
    default_spread,
)
from sim.experiment.sweeps.designs.samples.spreads import LOG, UNIFORM, Spread
from sim.experiment.sweeps.designs.schema import Axis, Range
from sim.scenario.wording import shown_number

if TYPE_CHECKING:
    from sim.experiment.sweeps.designs.swept import SweptField
    from sim.scenario import Scenario
    from sim.scenario.reading.nodes import Path

# Called with the name of the number, the rest of the path, the rule and the remedy.
Report = Callable[[str, "Path", str, str], None]


class Varied(NamedTuple):
    """A number that a sweep file varies.

    Parameters
    ----------
    path : tuple
        Where it stands in the file.
    axis : Axis or Range or None
        Its values or range as given; None where only its name is given.
    """

    path: Path
    axis: Axis | Range | None


def values_of(
    varied: Mapping[str, Varied], fields: Mapping[str, SweptField], report: Report
) -> dict[str, list[Any]]:
    """Return the values of each number of a grid or a zip.

    Parameters
    ----------
    varied : mapping
        As given in the file.
    fields : mapping
        The number that each name sets; names that set none are left out and have been reported.
    report : callable
        Records a problem.
    """
    empty = Axis()
    return {
        name: _axis_values(name, _as_axis(one.axis) or empty, fields[name], report)
        for name, one in varied.items()
        if name in fields
    }


def check_size(values: Mapping[str, list[Any]], report: Report) -> None:
    """Report a grid with too many points at the number with the most values."""
    n_points = math.prod(len(found) for found in values.values())
    if n_points > MOST_POINTS:
        rule = f"makes {n_points:,} points in all and must make at most {MOST_POINTS:,}"
        report(max(values, key=lambda name: len(values[name])), (), rule, "Use fewer values.")


def spreads_in(
    scenario: Scenario,
    varied: Mapping[str, Varied],
    fields: Mapping[str, SweptField],
    report: Report,
) -> dict[str, Spread]:
    """Return the spread of each number of a sample; the arguments are those of `values_of`.

    A number without a range has that of its lever, or the distribution that the scenario or the
    parameter table gives it.
    """
    found = {}
    for name, field in fields.items():
        spread = _spread_in(scenario, name, varied[name].axis, field, report)
        if spread is not None:
            found[name] = spread
    return found


def _spread_in(
    scenario: Scenario, name: str, axis: Axis | Range | None, field: SweptField, report: Report
) -> Spread | None:
    given = _as_axis(axis)
    if given is None or given == Axis():
        spread = default_spread(scenario, field)
        if spread is None:
            is_switch = field.spec.kind == "switch"
            report(name, (), NO_RANGE, LIST_SWITCH if is_switch else GIVE_RANGE)
        return spread
    if given.values is not None:
        if any(part is not None for part in (given.low, given.high, given.steps)):
            report(name, (), "has values and a range", "Keep one of the two.")
            return None
        values = _listed_values(name, given.values, field, report)
        if len(values) < 2:
            report(name, ("values",), "must have at least two values", "Add one, or drop it.")
            return None
        is_sound = len({kept_value(v) for v in values if field.broken(v) is None}) == len(values)
        return Spread.one_of(values) if is_sound else None
    for part in ("low", "high"):
        if getattr(given, part) is None:
            report(name, (), f"must have low and high; {part} is missing", GIVE_RANGE)
            return None
    if given.steps is not None:
        rule = "has no use in a sample, whose values lie anywhere in the range"
        report(name, ("steps",), rule, "Leave it out, or list the values.")
        return None
    if field.spec.kind == "switch":
        report(name, (), "is true or false and has no range", LIST_SWITCH)
        return None
    if not _check_span(name, given, field, report):
        return None
    assert given.low is not None
    assert given.high is not None
    is_whole, is_log = field.spec.kind == "whole number", given.spacing == "log"
    if is_whole and math.ceil(given.low) > math.floor(given.high):
        report(name, (), "has a range without a whole number", "Give it a wider range.")
        return None
    return Spread(LOG if is_log else UNIFORM, given.low, given.high, is_whole=is_whole)


def _as_axis(axis: Axis | Range | None) -> Axis | None:
    if isinstance(axis, Range):
        return Axis(low=axis.low, high=axis.high, spacing=axis.spacing)
    return axis


def _axis_values(name: str, axis: Axis, field: SweptField, report: Report) -> list[Any]:
    """Return the values of an axis; report those that break a rule."""
    if axis.values is not None:
        if any(part is not None for part in (axis.low, axis.high, axis.steps)):
            report(name, (), "has values and a range", "Keep one of the two.")
        return _listed_values(name, axis.values, field, report)
    missing = [part for part in ("low", "high", "steps") if getattr(axis, part) is None]
    if missing:
        rule = f"must have values, or low, high and steps; {' and '.join(missing)} is missing"
        report(name, (), rule, "For example: [0, 0.5, 1], or {low: 0, high: 1, steps: 5}.")
        return []
    assert axis.low is not None
    assert axis.high is not None
    assert axis.steps is not None
    if not _check_span(name, axis, field, report):
        return []
    spread = np.geomspace if axis.spacing == "log" else np.linspace
    values = [float(f"{value:.6g}") for value in spread(axis.low, axis.high, axis.steps).tolist()]
    for value in values:
        broken = field.broken(value)
        if broken is not None:
            rule = f"takes the step {shown_number(value)}, which {broken.rule}"
            report(name, (), rule, "Choose ends and steps that meet the rule, or list the values.")
            return values
    if len(set(values)) < len(values):
        rule = "makes a value twice after rounding to six significant digits"
        report(name, ("steps",), rule, "Use fewer steps or a wider range.")
    return values


def _listed_values(
    name: str, values: tuple[Any, ...], field: SweptField, report: Report
) -> list[Any]:
    if not values:
        report(name, ("values",), "must have at least one entry", "Add one.")
    seen = set()
    for place, value in enumerate(values):
        broken = field.broken(value)
        if broken is not None:
            report(name, ("values", place), broken.rule, broken.remedy)
            continue
        kept = kept_value(value)
        if kept in seen:
            report(name, ("values", place), "is listed twice", "Keep one of them.")
        seen.add(kept)
    return list(values)


def _check_span(name: str, span: Axis, field: SweptField, report: Report) -> bool:
    """Return whether a range is valid and its ends respect the rule of the number."""
    assert span.low is not None
    assert span.high is not None
    is_sound = True
    for part in ("low", "high"):
        broken = field.broken(getattr(span, part))
        if broken is not None and field.spec.is_numeric:
            report(name, (part,), broken.rule, broken.remedy)
            is_sound = False
    if span.low >= span.high:
        rule = f"must be less than high, which is {shown_number(span.high)}"
        remedy = "Give it a range." if span.low == span.high else "Swap the two."
        report(name, ("low",), rule, remedy)
        is_sound = False
    if span.spacing == "log" and span.low <= 0:
        report(name, ("low",), "must be greater than 0 for log", "Use linear spacing.")
        is_sound = False
    return is_sound
