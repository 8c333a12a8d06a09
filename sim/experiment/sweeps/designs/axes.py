"""From the axes of a sweep file to a design; each value is checked against its number's rule."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.experiment.sweeps.designs.columns import kept_value
from sim.experiment.sweeps.designs.design import Design
from sim.experiment.sweeps.designs.point_problems import MOST_POINTS
from sim.scenario.wording import shown_number

if TYPE_CHECKING:
    from sim.experiment.sweeps.designs.schema import Axis, LatinHypercube, Range
    from sim.experiment.sweeps.designs.swept import SweptField
    from sim.scenario.reading.nodes import Path

# Called with the name of the number, the rest of the path, the rule and the remedy.
Report = Callable[[str, "Path", str, str], None]
Stop = Callable[[], None]


def grid_of(
    axes: Mapping[str, Axis], fields: Mapping[str, SweptField], report: Report, stop: Stop
) -> Design:
    """Return the grid of some axes.

    Parameters
    ----------
    axes : mapping
        As given in the file.
    fields : mapping
        The number that each name sets; names that set none are left out and have been reported.
    report, stop : callable
        Record a problem; raise all recorded problems, if there are any.
    """
    values = {
        name: _axis_values(name, axis, fields[name], report)
        for name, axis in axes.items()
        if name in fields
    }
    n_points = math.prod(len(found) for found in values.values())
    if n_points > MOST_POINTS:
        rule = f"makes {n_points:,} points in all and must make at most {MOST_POINTS:,}"
        report(max(values, key=lambda name: len(values[name])), (), rule, "Use fewer values.")
    stop()
    return Design.grid(values)


def latin_hypercube_of(
    given: LatinHypercube, fields: Mapping[str, SweptField], report: Report, stop: Stop
) -> Design:
    """Return the Latin hypercube of some ranges; the arguments are those of `grid_of`."""
    known = {name: span for name, span in given.ranges.items() if name in fields}
    for name, span in known.items():
        _check_span(name, span, fields[name], report)
        if fields[name].spec.kind == "switch":
            report(name, (), "is true or false and has no range", "Vary it in a grid.")
    stop()
    return Design.latin_hypercube(
        {name: (span.low, span.high) for name, span in known.items()},
        given.points,
        given.seed,
        whole=[name for name in known if fields[name].spec.kind == "whole number"],
        log=[name for name, span in known.items() if span.spacing == "log"],
    )


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


def _check_span(name: str, span: Axis | Range, field: SweptField, report: Report) -> bool:
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
        report(name, ("low",), rule, "Give it a range.")
        is_sound = False
    if span.spacing == "log" and span.low <= 0:
        report(name, ("low",), "must be greater than 0 for log", "Use linear spacing.")
        is_sound = False
    return is_sound
