"""The scenario as a factor: the same points in each of several scenarios."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from sim.errors import InputError, Problem
from sim.experiment.sweeps.designs.point_problems import Place, PointsError, nowhere
from sim.experiment.sweeps.designs.swept import SweptField, check_points, fields_of

if TYPE_CHECKING:
    from sim.experiment.sweeps.designs.design import Design
    from sim.scenario import Scenario


def fields_of_each(
    scenarios: Sequence[Scenario], design: Design
) -> tuple[tuple[SweptField, ...], ...]:
    """Return the numbers that a design sets in each of some scenarios.

    Raises
    ------
    InputError
        With every name that is not a number of one of them, or that means different numbers in two.
    """
    problems: list[Problem] = []
    found = []
    for scenario in scenarios:
        try:
            found.append(fields_of(scenario, design))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    for scenario, fields in zip(scenarios[1:], found[1:], strict=True):
        for first, field in zip(found[0], fields, strict=True):
            if first.address != field.address:
                message = (
                    f"lever {field.name} sets {first.address} in scenario {scenarios[0].name} and "
                    f"{field.address} in scenario {scenario.name}."
                )
                problems.append(Problem("", 0, message, "Sweep the address that you mean."))
    if problems:
        raise InputError(problems)
    return tuple(found)


def check_factor(scenarios: Sequence[Scenario]) -> None:
    """Check the scenarios of a sweep in which the scenario itself is a factor.

    Raises
    ------
    InputError
        If two have the same name, or outcomes at their ends would be those of different months.
    """
    problems = []
    for place, scenario in enumerate(scenarios):
        if any(other.name == scenario.name for other in scenarios[:place]):
            message = f"scenario {scenario.name} is listed twice."
            problems.append(Problem("", 0, message, "Keep one of them, or rename one."))
        elif scenario.months[-1] != scenarios[0].months[-1]:
            message = (
                f"scenario {scenario.name} ends in {scenario.months[-1]} and "
                f"{scenarios[0].name} in {scenarios[0].months[-1]}: their outcomes belong to "
                "different months."
            )
            remedy = "Give them the same horizon.end, or sweep them apart."
            problems.append(Problem("", 0, message, remedy))
    if problems:
        raise InputError(problems)


def check_all_points(scenarios: Sequence[Scenario], design: Design, place: Place = nowhere) -> None:
    """Check every point of a sweep against the rules of each scenario, before anything runs.

    Parameters
    ----------
    scenarios, design
        Of the sweep.
    place : callable
        Returns file and line of a row of the design, counted from 0.

    Raises
    ------
    InputError
        With the first twenty problems of the first scenario that has any.
    """
    for scenario, fields in zip(scenarios, fields_of_each(scenarios, design), strict=True):
        try:
            check_points(scenario, design, fields, place)
        except InputError as error:
            if len(scenarios) == 1:
                raise
            raise PointsError(
                [
                    replace(problem, message=f"scenario {scenario.name}, {problem.message}")
                    for problem in error.problems
                ]
            ) from None
