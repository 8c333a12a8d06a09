"""Reading sweep files: YAML to a checked plan, with every problem at its line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from pydantic import ValidationError

from sim.errors import InputError, Problem, ScenarioError, at_home, checked_path, why_closed
from sim.experiment.sweeps.designs.axes import grid_of, latin_hypercube_of
from sim.experiment.sweeps.designs.csv_points import read_points
from sim.experiment.sweeps.designs.design import Design
from sim.experiment.sweeps.designs.plan import Heading, SweepPlan
from sim.experiment.sweeps.designs.schema import SweepFile
from sim.experiment.sweeps.designs.swept import SweptField, check_points, find_fields
from sim.scenario import Scenario, default_folder, load_scenario
from sim.scenario.reading.file_names import SUFFIX, check_suffix, misnamed
from sim.scenario.reading.named import (
    SWEEP_FOLDER,
    find_named,
    first_there,
    folders_of_names,
    is_bare,
    is_folder,
    is_known,
    is_there,
)
from sim.scenario.reading.nodes import Node, at, to_plain
from sim.scenario.reading.nodes import Path as NodePath
from sim.scenario.reading.yaml_reader import read_file
from sim.scenario.schema.file import KEYS_OF_POINTS, KEYS_OF_SCENARIOS, is_sweep
from sim.scenario.schema.misspelt import mend_keys
from sim.scenario.schema.translation import problem_at, prune, translate
from sim.scenario.wording import shown_value, suggest

_WAYS = ", ".join(KEYS_OF_POINTS)
_MOST_ROUNDS = 12
_A_SCENARIO = (
    "this is a scenario, but a sweep is expected.",
    "Run it with 'alignsim run', or name it under 'scenario' in a sweep file.",
)
_START = "Start from a copy of a shipped sweep: name, title, description, scenario, grid."
_STAND_INS = {"name": "x", "title": "x", "description": "x", "scenario": "x"}


@dataclass
class _Reading:
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


def load_sweep(path_or_name: str | Path) -> SweepPlan:
    """Load the sweep of a file, with its scenario and its points, all checked.

    Parameters
    ----------
    path_or_name : str or Path
        A path to a YAML file, or its bare name: in the folder ``scenarios/sweeps``, or among the
        sweeps that ship with the package.

    Returns
    -------
    SweepPlan
        Its parts are what `sim.sweep` takes.

    Raises
    ------
    InputError
        With every problem found, each with file, line, key, value, rule and remedy.

    Examples
    --------
    >>> plan = load_sweep("control-and-linkage")
    >>> plan.scenario.name, plan.design.names
    ('baseline', ('local_control', 'linkage'))
    """
    path = _locate(path_or_name)
    label = str(path)
    document = read_file(path, label, _START)
    keys = document.root.value
    assert isinstance(keys, dict)
    if not is_sweep(keys) and any(key in keys for key in KEYS_OF_SCENARIOS):
        problem = Problem(label, document.root.line, *_A_SCENARIO)
        raise InputError([*document.problems, problem])
    misspelt = mend_keys(document.root, SweepFile)
    reading = _Reading(path, label, document.root, [*document.problems, *misspelt])
    _spell_out(document.root)
    # Before the schema removes what it refuses, which may be one of two ways to give points.
    ways = _check_ways(reading)
    file = _fit_schema(reading)
    if file is None:
        raise InputError(reading.problems)
    _check_name(reading)
    # The rest of the one way is checked too, so that one report lists all problems.
    way = ways[0] if len(ways) == 1 and getattr(file, ways[0]) is not None else None
    scenario = _scenario(reading, file)
    if scenario is None or way is None:
        raise InputError(reading.problems)
    design = _design(reading, file, way, scenario)
    heading = Heading(file.name, file.title, file.description, file.sources)
    return SweepPlan(heading, scenario, design, file.replicates, file.seed)


def is_sweep_file(path: str | Path) -> bool:
    """Return whether a file is a sweep rather than a scenario, by its keys.

    If it has no keys or cannot be read, its folder decides.
    """
    file = at_home(Path(path))
    try:
        root = read_file(file, str(path)).root
    except ScenarioError:
        return is_there(file) and file.resolve().parent.name == SWEEP_FOLDER
    return isinstance(root.value, dict) and is_sweep(root.value)


def _locate(path_or_name: str | Path) -> Path:
    """Return the path to which a path or a bare name refers."""
    if not isinstance(path_or_name, str):
        path_or_name = checked_path(path_or_name, "a sweep")
    given = str(path_or_name)
    path = at_home(Path(given))
    is_name = isinstance(path_or_name, str) and is_bare(given)
    if is_name:
        path = find_named(given, SWEEP_FOLDER)
    if is_there(path):
        check_suffix(path, "sweep")
        return path
    check_suffix(misnamed(path.parent, path.stem) or path, "sweep")
    folders = [path.parent]
    if is_name:
        if is_known(given):
            raise InputError([Problem(given, 0, *_A_SCENARIO)])
        folders = [folder / SWEEP_FOLDER for folder in folders_of_names(path.parent.parent)]
    try:
        stems = {other.stem for folder in folders for other in folder.glob(f"*{SUFFIX}")}
    except (OSError, ValueError):
        stems = set()
    shown = shown_value(given).strip('"')
    message = "there is no such sweep file."
    remedy = suggest(path.stem, stems) or "Check the path."
    raise InputError([Problem(shown, 0, *(why_closed(path) or (message, remedy)))])


def _spell_out(root: Node) -> None:
    """Turn a bare list of values in a grid into the equivalent map."""
    grid = at(root, ("grid",))
    if grid is None or not isinstance(grid.value, dict):
        return
    for axis in grid.value.values():
        if isinstance(axis.value, list):
            axis.value = {"values": Node(axis.value, "values", axis.file, axis.line)}


def _fit_schema(reading: _Reading) -> SweepFile | None:
    """Validate against the schema; report what it refuses and go on with the rest."""
    for attempt in range(_MOST_ROUNDS):
        data = to_plain(reading.root)
        if attempt > 0 and isinstance(data, dict):
            data = {**_STAND_INS, **data}
        try:
            return SweepFile.model_validate(data)
        except ValidationError as refusal:
            errors = refusal.errors(include_url=False)
        if attempt == 0:
            reading.problems += [translate(reading.root, e, SweepFile) for e in errors]
        reading.spoilt += prune(reading.root, errors)
    return None


def _check_name(reading: _Reading) -> None:
    """Check that the name inside the file equals the name of the file."""
    node = at(reading.root, ("name",))
    if node is not None and node.value != reading.path.stem:
        rule = f"must equal the file's name, {reading.path.stem}"
        remedy = "Change one of them; use lower-case letters, digits and hyphens."
        reading.report(("name",), rule, remedy)


def _check_ways(reading: _Reading) -> list[str]:
    """Return the keys that define points; report it if there are none or several."""
    nodes = {way: at(reading.root, (way,)) for way in KEYS_OF_POINTS}
    given = [way for way, node in nodes.items() if node is not None and node.value is not None]
    if not given:
        # A key with nothing after it is what needs mending.
        empty = next((node for node in nodes.values() if node is not None), None)
        line = 0 if empty is None else empty.line
        message = f"one of {_WAYS} is missing."
        if empty is not None:
            message = f"{empty.key} is empty, and one of {_WAYS} must give the points."
        remedy = "For example: grid: {linkage: [0, 0.5, 1]}."
        reading.problems.append(Problem(reading.label, line, message, remedy))
    for way in given[1:]:
        rule = f"is given beside {given[0]}, but exactly one of {_WAYS} must give the points"
        reading.report((way,), rule, "Keep one of the two.")
    return given


def _scenario(reading: _Reading, file: SweepFile) -> Scenario | None:
    """Return the scenario that the file names, from the scenario folder."""
    if at(reading.root, ("scenario",)) is None:
        return None
    own = reading.path.resolve().parent
    if own.name == SWEEP_FOLDER:
        own, shown = own.parent, reading.path.parent.parent
    else:
        shown = reading.path.parent
    beside = shown if is_folder(shown) else own
    folders = (beside, *folders_of_names(default_folder()))
    paths = [folder / f"{file.scenario}{SUFFIX}" for folder in folders]
    path = first_there([path for path in paths if is_there(path)])
    if path is not None:
        try:
            return load_scenario(path)
        except ScenarioError as error:
            reading.problems += error.problems
            return None
    stems = {path.stem for folder in folders for path in folder.glob(f"*{SUFFIX}")}
    remedy = suggest(file.scenario, stems)
    other = next((path for f in folders if (path := misnamed(f, file.scenario))), None)
    if other is not None:
        remedy = f"Rename {other.name} to {file.scenario}{SUFFIX}."
    reading.report(("scenario",), "is not a scenario", remedy)
    return None


def _design(reading: _Reading, file: SweepFile, way: str, scenario: Scenario) -> Design:
    """Return the points; raise all problems found up to and including here."""
    if way == "points_file":
        return _from_points_file(reading, str(file.points_file), scenario)
    table: NodePath = ("grid",) if way == "grid" else ("latin_hypercube", "ranges")
    named = file.grid if file.grid is not None else {}
    if file.latin_hypercube is not None:
        named = file.latin_hypercube.ranges  # type: ignore[assignment]
    if not named and not reading.spoilt:
        reading.report(table, "names nothing to vary", "For example: linkage.")

    def report(name: str, rule: str, remedy: str) -> None:
        node = at(reading.root, (*table, name))
        line = node.line if node is not None else 0
        message = f"{'.'.join(map(str, table))}: {shown_value(name)} {rule}."
        reading.problems.append(Problem(reading.label, line, message, remedy))

    fields = find_fields(scenario, named, report)

    def at_axis(name: str, part: NodePath, rule: str, remedy: str) -> None:
        reading.report((*table, name, *part), rule, remedy)

    if way == "grid":
        design = grid_of(file.grid or {}, fields, at_axis, reading.stop_if_wrong)
    else:
        assert file.latin_hypercube is not None
        design = latin_hypercube_of(file.latin_hypercube, fields, at_axis, reading.stop_if_wrong)
    node = at(reading.root, (way,))
    place = (reading.label, node.line if node is not None else 0)
    check_points(scenario, design, tuple(fields.values()), lambda _: place)
    return design


def _from_points_file(reading: _Reading, name: str, scenario: Scenario) -> Design:
    """Return the points of a CSV file in the folder of the sweep file, or below it."""
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

    fields: dict[str, SweptField] = find_fields(scenario, design.names, report)
    reading.stop_if_wrong()
    found = tuple(fields.values())
    check_points(scenario, design, found, lambda row: (label, points.lines[row]))
    return design
