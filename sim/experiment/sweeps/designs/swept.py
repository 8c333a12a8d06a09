"""The numbers that a design sets, found by name, and the checks of its points."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError, Problem, ScenarioError
from sim.experiment.recent import RecentlyUsed
from sim.experiment.sweeps.designs.point_problems import MOST_PROBLEMS, Place, PointsError, nowhere
from sim.scenario import field_at, points_in_doubt, split_address
from sim.scenario.schema.rules import Broken, broken_rule
from sim.scenario.wording import shown_number, shown_value

if TYPE_CHECKING:
    from sim.experiment.sweeps.designs.design import Design
    from sim.scenario import FieldSpec, Lever, Scenario

# Columns of a sweep's tables; a lever with such a name is swept by its address.
RESERVED = (
    "scenario", "point", "provider", "offer", "outcome", "unit", "mean", "mean_low", "mean_high",
    "mean_se", "p05", "p50", "p95", "variance_from_parameters_share", "difference",
    "difference_low", "difference_high", "difference_se", "scenario_hash", "is_baseline",
    "error",
)  # fmt: skip
_MOST_REMEMBERED = 256

Report = Callable[[str, str, str], None]


# Digests of scenarios and designs that have passed: a sweep file is checked when it is read, and
# its points, which may be many, need no second check before they run.
_SOUND: RecentlyUsed[tuple[str, ...], bool] = RecentlyUsed(_MOST_REMEMBERED)


@dataclass(frozen=True)
class SweptField:
    """One number that a design sets.

    Parameters
    ----------
    name : str
        As in the design: a lever, or a dotted address.
    address : str
        Dotted address of the number.
    spec : FieldSpec
        Its kind, unit and bounds.
    lever : Lever or None
        The lever, if the design names one; its range then applies too.
    present : float, bool or None
        Its value in the unchanged scenario; None if it is null or computed.
    """

    name: str
    address: str
    spec: FieldSpec
    lever: Lever | None
    present: float | bool | None

    def setting(self, cell: float) -> float | bool | None:
        """Return a cell of a design in the form in which the scenario takes it."""
        if math.isnan(cell):
            return None
        if self.spec.kind == "switch" and cell in (0.0, 1.0):
            return bool(cell)
        return cell

    def cell(self, value: float | bool | None) -> float:
        """Return a value of the scenario as a cell of a table."""
        return math.nan if value is None else float(value)

    def fits(self, cells: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return which cells are plain numbers within all bounds; `broken` decides on the rest."""
        if not self.spec.is_numeric:
            return np.zeros(cells.shape, np.bool_)
        ends = [(self.spec.low, self.spec.high)]
        if self.lever is not None:
            ends.append((self.lever.low, self.lever.high))
        within = np.isfinite(cells)
        for low, high in ends:
            within &= cells >= (-np.inf if low is None else low)
            within &= cells <= (np.inf if high is None else high)
        if self.spec.kind == "whole number":
            within &= cells == np.round(cells)
        return within

    def broken(self, value: Any) -> Broken | None:
        """Return the rule that a value breaks, or None if it fits."""
        found = broken_rule(self.spec, value)
        lever = self.lever
        if found is not None or lever is None or not isinstance(value, int | float):
            return found
        if not lever.low <= value <= lever.high:
            span = f"{shown_number(lever.low)} to {shown_number(lever.high)}"
            return Broken(f"must be from {span}", f"To go beyond, sweep {self.address} itself.")
        return None


def find_fields(scenario: Scenario, names: Iterable[str], report: Report) -> dict[str, SweptField]:
    """Return the number that each name sets, by name; report names that set none.

    Parameters
    ----------
    scenario : Scenario
    names : iterable of str
        Levers, or dotted addresses.
    report : callable
        Called with name, rule and remedy.
    """
    found: dict[str, SweptField] = {}
    for name in names:
        field = _find(scenario, name, report)
        if field is None:
            continue
        rival = next((f.name for f in found.values() if f.address == field.address), None)
        if rival is not None:
            report(name, f"sets the same number as {rival}", "Keep one of the two.")
        else:
            found[name] = field
    moved = {field.address for field in found.values()}
    for name, field in [*found.items()]:
        remedy = _remedy_of_idle(scenario, field.address, moved)
        if remedy is not None:
            code = split_address(field.address)[1]
            rule = f"is of no use: {code} takes no part in scenario {scenario.name}, so this number"
            report(name, f"{rule} changes nothing", remedy)
            del found[name]
    return found


def _remedy_of_idle(scenario: Scenario, address: str, moved: Collection[str]) -> str | None:
    """Return what to do about a tie of a country that takes part at no point of a design."""
    group, code, *_ = split_address(address)
    if group != "corporate_ties" or code in scenario.agents:
        return None
    if code in scenario.excluded_countries:
        return "countries.exclude of the scenario leaves it out; choose a country that takes part."
    homes = [name for name, provider in scenario.providers.items() if code in provider.home]
    switches = [f"providers.{name}.home_takes_part" for name in homes]
    if any(switch in moved for switch in switches):
        return None
    return f"It takes part where {switches[0]} is true: vary that too, or choose another country."


def _find(scenario: Scenario, name: str, report: Report) -> SweptField | None:
    lever = scenario.levers.get(name)
    address = name if lever is None else lever.target
    try:
        if lever is None and "." not in name:
            scenario.lever(name)
        present = scenario.value(address)
    except ScenarioError as error:
        rule = f"is not a lever or an address of scenario {scenario.name}"
        report(name, rule, error.problems[0].remedy or "For example: providers.us.linkage.")
        return None
    if name in RESERVED:
        report(name, "is also a column of the results", f"Use its address, {address}.")
        return None
    spec = field_at(split_address(address))
    assert spec is not None
    return SweptField(name, address, spec, lever, present)


def fields_of(scenario: Scenario, design: Design) -> tuple[SweptField, ...]:
    """Return the numbers that a design sets, in its order.

    Raises
    ------
    InputError
        With every name that is not a number of the scenario.
    """
    problems: list[Problem] = []

    def report(name: str, rule: str, remedy: str) -> None:
        problems.append(Problem("", 0, f"{shown_value(name)} {rule}.", remedy))

    found = find_fields(scenario, design.names, report)
    if problems:
        raise InputError(problems)
    return tuple(found.values())


def variant(scenario: Scenario, fields: Sequence[SweptField], values: Sequence[float]) -> Scenario:
    """Return the scenario at a point; a number that the design sets is no longer drawn.

    Raises
    ------
    ScenarioError
        If the values break a rule.
    """
    return scenario.with_changes(
        {field.address: field.setting(cell) for field, cell in zip(fields, values, strict=True)}
    )


def check_points(
    scenario: Scenario,
    design: Design,
    fields: Sequence[SweptField],
    place: Place = nowhere,
) -> None:
    """Check every point against the scenario's own rules, before anything runs.

    Parameters
    ----------
    scenario, design, fields
        Scenario and design, and the fields of `fields_of`.
    place : callable
        Returns file and line of a row of the design, counted from 0.

    Raises
    ------
    InputError
        With the first twenty problems, each with its point.
    """
    checked = (scenario.hash, design.hash, *design.switched)
    if _SOUND.get(checked):
        return
    problems = [*_cell_problems(design, fields, place)]
    if not problems:
        problems = [*_point_problems(scenario, design, fields, place)]
    if problems:
        raise PointsError(problems)
    _SOUND.put(checked, True)


def _cell_problems(design: Design, fields: Sequence[SweptField], place: Place) -> Iterator[Problem]:
    """Yield the values that break the rule of their number, each at its first point."""
    found: list[tuple[int, str, str]] = []
    unsaid = [*_not_whole(design, fields)]
    for j, field in enumerate(fields):
        if field.name in unsaid:
            found.append(_whole_unsaid(design.points[:, j], field, unsaid))
        else:
            found += islice(_broken_cells(design, j, field), MOST_PROBLEMS)
    for row, message, remedy in sorted(found, key=_row)[:MOST_PROBLEMS]:
        yield Problem(*place(row), message, remedy)


def _broken_cells(design: Design, j: int, field: SweptField) -> Iterator[tuple[int, str, str]]:
    """Yield first point, message and remedy for each value of a number that breaks its rule."""
    column = design.points[:, j]
    is_switch = np.zeros(len(column), np.bool_)
    if design.switches is not None and field.spec.kind != "switch":
        is_switch = design.switches[:, j]
    values: list[tuple[int, Any]] = []
    plain = ~is_switch & ~field.fits(column)
    for rows, as_given in ((plain, field.setting), (is_switch, bool)):
        distinct, first = np.unique(column[rows], return_index=True)
        numbers = np.flatnonzero(rows)[first].tolist()
        values += [(n, as_given(c)) for n, c in zip(numbers, distinct.tolist(), strict=True)]
    for row, value in sorted(values, key=_row):
        broken = field.broken(value)
        if broken is not None:
            message = f"point {row + 1}: {field.name} = {shown_value(value)} {broken.rule}."
            yield row, message, broken.remedy


def _row(entry: tuple[Any, ...]) -> int:
    return int(entry[0])


def _not_whole(design: Design, fields: Sequence[SweptField]) -> Iterator[str]:
    """Yield whole numbers and switches to which a Latin hypercube gives fractional values."""
    if not design.is_sampled:
        return
    for field, column in zip(fields, design.points.T, strict=True):
        if field.spec.kind in ("whole number", "switch") and (column != np.round(column)).any():
            yield field.name


def _whole_unsaid(
    column: NDArray[np.float64], field: SweptField, unsaid: list[str]
) -> tuple[int, str, str]:
    """Return first point, message and remedy if whole numbers were not declared as such."""
    row = int(np.flatnonzero(column != np.round(column))[0])
    rule = "true or false" if field.spec.kind == "switch" else "a whole number"
    shown = shown_number(float(column[row]))
    message = f"{field.name} must be {rule} at every point, but is {shown} at point {row + 1}."
    return row, message, f"Declare it where the design is made: whole={unsaid}."


def _point_problems(
    scenario: Scenario, design: Design, fields: Sequence[SweptField], place: Place
) -> Iterator[Problem]:
    """Yield the problems of points whose values are valid singly but not together."""
    n = 0
    columns = {field.address: design.points[:, j] for j, field in enumerate(fields)}
    doubt = points_in_doubt(scenario, columns, design.n_points)
    for row in np.flatnonzero(doubt).tolist():
        try:
            variant(scenario, fields, design.points[row].tolist())
        except ScenarioError as error:
            values = ", ".join(
                f"{field.name} = {shown_value(field.setting(cell))}"
                for field, cell in zip(fields, design.points[row].tolist(), strict=True)
            )
            for problem in error.problems:
                n += 1
                if n > MOST_PROBLEMS:
                    return
                message = f"point {row + 1} ({values}): {problem.message}"
                yield Problem(*place(row), message, problem.remedy)
