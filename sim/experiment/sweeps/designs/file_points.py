"""From the keys of a sweep file to its points, with every problem at its line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from sim.errors import InputError, Problem
from sim.experiment.sweeps.designs.axes import Varied, check_size, spreads_in, values_of
from sim.experiment.sweeps.designs.csv_points import read_points
from sim.experiment.sweeps.designs.design import Design
from sim.experiment.sweeps.designs.factor import check_all_points, fields_of_each
from sim.experiment.sweeps.designs.samples.ranges import uncertain_addresses
from sim.experiment.sweeps.designs.samples.sampling import next_powers
from sim.experiment.sweeps.designs.schema import ALL, DRAWN, Axis, Morris, Saltelli, SweepFile
from sim.experiment.sweeps.designs.swept import find_fields
from sim.scenario.reading.nodes import Node, at
from sim.scenario.reading.nodes import Path as NodePath
from sim.scenario.schema.translation import problem_at
from sim.scenario.wording import shown_value, suggest

if TYPE_CHECKING:
    from sim.experiment.sweeps.designs.samples.spreads import Spread
    from sim.experiment.sweeps.designs.schema import Range
    from sim.scenario import Scenario

ROLES = ("levers", "uncertainties")


@dataclass
class Reading:
    """A sweep file on its way through the checks."""

    path: Path
    label: str
    root: Node
    problems: list[Problem] = field(default_factory=list)
    spoilt: list[NodePath] = field(default_factory=list)

    def report(self, path: Sequence[str | int], rule: str, remedy: str) -> None:
        """Record that the value at a path breaks a rule."""
        self.problems.append(problem_at(self.root, path, rule, remedy))

    def stop_if_wrong(self) -> None:
        """Raise the recorded problems, if there are any."""
        if self.problems:
            raise InputError(list(dict.fromkeys(self.problems)))


@contextmanager
def told_at(reading: Reading, path: NodePath) -> Iterator[None]:
    """Give an error about a whole design the place of a key of the file."""
    node = at(reading.root, path)
    line = 0 if node is None else node.line
    try:
        yield
    except InputError as error:
        raise InputError(
            [
                problem if problem.file else Problem(reading.label, line, *_said(problem))
                for problem in (*reading.problems, *error.problems)
            ]
        ) from None


def _said(problem: Problem) -> tuple[str, str]:
    return problem.message, problem.remedy


def read_design(
    reading: Reading, file: SweepFile, way: str, scenarios: Sequence[Scenario]
) -> Design:
    """Return the points of a sweep file.

    Parameters
    ----------
    reading : Reading
        The file, with the problems found so far.
    file : SweepFile
        Its content.
    way : str
        The key that defines the points.
    scenarios : sequence of Scenario
        The scenarios that it names.

    Raises
    ------
    InputError
        With all problems found up to and including here.
    """
    if way == "points_file":
        design = _from_points_file(reading, file, scenarios)
    else:
        design = _from_numbers(reading, file, way, scenarios)
    names = {role: _named(file, role, design.names, scenarios[0]) for role in ROLES}
    with told_at(reading, ("levers",)):
        return design.with_roles(**names) if any(names.values()) else design


def _named(file: SweepFile, role: str, names: Sequence[str], scenario: Scenario) -> tuple[str, ...]:
    """Return the numbers of a design that a file names as levers, or as uncertainties."""
    given = {*getattr(file, role)}
    other = {*getattr(file, ROLES[role == ROLES[0]])}
    for word in given & {DRAWN, ALL}:
        given |= {*_meant(scenario, role, word)} - other
    return tuple(name for name in names if name in given)


def _meant(scenario: Scenario, role: str, word: str) -> list[str]:
    """Return the names that a word stands for."""
    return [*scenario.levers] if role == "levers" else uncertain_addresses(scenario, word)


def _from_numbers(
    reading: Reading, file: SweepFile, way: str, scenarios: Sequence[Scenario]
) -> Design:
    """Return the points made from numbers that the file names."""
    scenario = scenarios[0]
    varied = _varied(reading, file, way, scenario)

    def report(name: str, rule: str, remedy: str) -> None:
        path = varied[name].path
        node = at(reading.root, path)
        line = node.line if node is not None else 0
        table = ".".join(map(str, path[:-1]))
        message = f"{table}: {shown_value(name)} {rule}."
        reading.problems.append(Problem(reading.label, line, message, remedy))

    fields = find_fields(scenario, varied, report)

    def at_axis(name: str, part: NodePath, rule: str, remedy: str) -> None:
        reading.report((*varied[name].path, *part), rule, remedy)

    place = (reading.label, _line(reading, way))
    if way in ("grid", "zip"):
        values = values_of(varied, fields, at_axis)
        if way == "grid":
            check_size(values, at_axis)
        reading.stop_if_wrong()
        with told_at(reading, (way,)):
            design = Design.grid(values) if way == "grid" else Design.zip(values)
    else:
        spreads = spreads_in(scenario, varied, fields, at_axis)
        _check_powers(reading, file, way)
        reading.stop_if_wrong()
        with told_at(reading, (way,)):
            design = _MAKERS[way](spreads, getattr(file, way))
    with told_at(reading, ("scenario",)):
        fields_of_each(scenarios, design)
    if file.invalid_points == "refuse":
        check_all_points(scenarios, design, lambda _: place)
    return design


def _line(reading: Reading, key: str) -> int:
    node = at(reading.root, (key,))
    return node.line if node is not None else 0


def _varied(reading: Reading, file: SweepFile, way: str, scenario: Scenario) -> dict[str, Varied]:
    """Return the numbers that the points vary: of the design itself, levers, uncertainties."""
    given = getattr(file, way)
    table: NodePath = (way,) if way in ("grid", "zip") else (way, "ranges")
    own: Mapping[str, Axis | Range] = given if way in ("grid", "zip") else given.ranges
    varied = {name: Varied((*table, name), axis) for name, axis in own.items()}
    taken = {_target(scenario, name) for name in varied}
    words: list[tuple[str, str]] = []
    for role in ROLES:
        for name, axis in getattr(file, role).items():
            allowed = (ALL,) if role == "levers" else (DRAWN, ALL)
            if name in allowed and axis == Axis():
                words.append((role, name))
            elif name in varied and (axis != Axis() or varied[name].path[0] in ROLES):
                there = ".".join(map(str, varied[name].path[:-1]))
                reading.report((role, name), f"is varied by {there} too", "Keep one of the two.")
            elif name not in varied:
                varied[name] = Varied((role, name), axis)
                taken.add(_target(scenario, name))
    for role, word in words:
        for name in _meant(scenario, role, word):
            target = _target(scenario, name)
            if target not in taken:
                varied[name] = Varied((role, word), None)
                taken.add(target)
    if not varied and not reading.spoilt:
        reading.report(table, "names nothing to vary", "For example: linkage.")
    return varied


def _target(scenario: Scenario, name: str) -> str:
    lever = scenario.levers.get(name)
    return name if lever is None else lever.target


def _check_powers(reading: Reading, file: SweepFile, way: str) -> None:
    """Report sizes that a sampler does not take, at their line."""
    given = getattr(file, way)
    if way in ("sobol", "saltelli") and given.points & (given.points - 1):
        reading.report((way, "points"), "must be a power of two", next_powers(given.points))
    if way == "morris" and given.levels % 2:
        reading.report((way, "levels"), "must be an even number", "Use 4, which is usual.")


def _groups(given: Saltelli | Morris) -> dict[str, list[str]]:
    return {group: [*names] for group, names in given.groups.items()}


_MAKERS: Mapping[str, Callable[[Mapping[str, Spread], Any], Design]] = {
    "latin_hypercube": lambda spreads, given: Design.latin_hypercube(
        spreads, given.points, given.seed, optimise=given.optimise
    ),
    "sobol": lambda spreads, given: Design.sobol(spreads, given.points, given.seed),
    "saltelli": lambda spreads, given: Design.saltelli(
        spreads, given.points, given.seed,
        second_order=given.second_order, groups=_groups(given),
    ),
    "morris": lambda spreads, given: Design.morris(
        spreads, given.trajectories, given.seed, levels=given.levels, groups=_groups(given)
    ),
}  # fmt: skip


def _from_points_file(reading: Reading, file: SweepFile, scenarios: Sequence[Scenario]) -> Design:
    """Return the points of a CSV file in the folder of the sweep file, or below it."""
    name = str(file.points_file)
    folder = reading.path.resolve().parent
    given = PurePosixPath(name)
    is_plain = re.fullmatch(r"[\w][\w .-]*(/[\w][\w .-]*)*\.csv", name) is not None
    if not is_plain or given.is_absolute() or ".." in given.parts:
        rule = "must be the name of a CSV file in the same folder or below it"
        reading.report(("points_file",), rule, "For example: my-points.csv.")
    else:
        path = folder / given
        try:
            is_inside = path.is_file() and path.resolve().is_relative_to(folder)
        except OSError:
            is_inside = False
        if not is_inside:
            rule = "is not a file in the same folder or below it"
            known = [other.name for other in folder.glob("*.csv")]
            reading.report(("points_file",), rule, suggest(given.name, known) or "Check the name.")
    reading.stop_if_wrong()
    label = str(reading.path.parent / given)
    points = read_points(folder / given, label)
    design = Design.of_file(points)

    def report(field_name: str, rule: str, remedy: str) -> None:
        reading.problems.append(
            Problem(
                label, points.names_line, f"the column {shown_value(field_name)} {rule}.", remedy
            )
        )

    find_fields(scenarios[0], design.names, report)
    for role in ROLES:
        for named, axis in getattr(file, role).items():
            key = (role, named)
            if named not in design.names:
                remedy = f"Name one of {', '.join(design.names)}."
                reading.report(key, f"is not a column of {given.name}", remedy)
            elif axis != Axis():
                rule = f"has a range, but its values are those of {given.name}"
                reading.report(key, rule, "Give only its name.")
    reading.stop_if_wrong()
    with told_at(reading, ("points_file",)):
        fields_of_each(scenarios, design)
    if file.invalid_points == "refuse":
        check_all_points(scenarios, design, lambda row: (label, points.lines[row]))
    return design
