"""Reading sweep files: YAML to a checked plan, with every problem at its line."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from pydantic import ValidationError

from sim.errors import InputError, Problem, ScenarioError, at_home, checked_path, why_closed
from sim.experiment.sweeps.designs.factor import check_factor
from sim.experiment.sweeps.designs.file_points import Reading, read_design, told_at
from sim.experiment.sweeps.designs.plan import Heading, SweepPlan
from sim.experiment.sweeps.designs.schema import WAYS, SweepFile
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
from sim.scenario.schema.file import KEYS_OF_SCENARIOS, is_sweep
from sim.scenario.schema.misspelt import mend_keys
from sim.scenario.schema.translation import prune, translate
from sim.scenario.wording import shown_value, suggest

_WAYS = ", ".join(WAYS)
_MOST_ROUNDS = 12
_A_SCENARIO = (
    "this is a scenario, but a sweep is expected.",
    "Run it with 'alignsim run', or name it under 'scenario' in a sweep file.",
)
_START = "Start from a copy of a shipped sweep: name, title, description, scenario, grid."
_STAND_INS = {"name": "x", "title": "x", "description": "x", "scenario": "x"}


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
    if not _is_sweep(keys) and any(key in keys for key in KEYS_OF_SCENARIOS):
        problem = Problem(label, document.root.line, *_A_SCENARIO)
        raise InputError([*document.problems, problem])
    misspelt = mend_keys(document.root, SweepFile)
    reading = Reading(path, label, document.root, [*document.problems, *misspelt])
    _spell_out(document.root)
    # Before the schema removes what it refuses, which may be one of two ways to give points.
    ways = _check_ways(reading)
    file = _fit_schema(reading)
    if file is None:
        raise InputError(reading.problems)
    _check_name(reading)
    # The rest of the one way is checked too, so that one report lists all problems.
    way = ways[0] if len(ways) == 1 and getattr(file, ways[0]) is not None else None
    scenarios = _scenarios(reading, file)
    if not scenarios or way is None:
        raise InputError(reading.problems)
    design = read_design(reading, file, way, scenarios)
    heading = Heading(file.name, file.title, file.description, file.sources)
    return SweepPlan(heading, scenarios, design, file.replicates, file.seed, file.invalid_points)


def is_sweep_file(path: str | Path) -> bool:
    """Return whether a file is a sweep rather than a scenario, by its keys.

    If it has no keys or cannot be read, its folder decides.
    """
    file = at_home(Path(path))
    try:
        root = read_file(file, str(path)).root
    except ScenarioError:
        return is_there(file) and file.resolve().parent.name == SWEEP_FOLDER
    return isinstance(root.value, dict) and _is_sweep(root.value)


def _is_sweep(keys: Collection[str]) -> bool:
    """Return whether a file is a sweep rather than a scenario, by its top-level keys."""
    return is_sweep(keys) or any(way in keys for way in WAYS)


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
    """Turn what is written shortly into the maps that it stands for."""
    for way in ("grid", "zip"):
        _spell_out_values(at(root, (way,)))
    for role in ("levers", "uncertainties"):
        node = at(root, (role,))
        if node is None:
            continue
        if isinstance(node.value, str):
            # The word for all names of a kind.
            node.value = {node.value: Node({}, node.value, node.file, node.line)}
        elif isinstance(node.value, list) and all(isinstance(n.value, str) for n in node.value):
            names = [(str(n.value), n) for n in node.value]
            node.value = {name: Node({}, name, n.file, n.line) for name, n in names}
        elif isinstance(node.value, dict):
            for axis in node.value.values():
                axis.value = {} if axis.value is None else axis.value
            _spell_out_values(node)


def _spell_out_values(node: Node | None) -> None:
    """Turn a bare list of values into the equivalent map."""
    if node is None or not isinstance(node.value, dict):
        return
    for axis in node.value.values():
        if isinstance(axis.value, list):
            axis.value = {"values": Node(axis.value, "values", axis.file, axis.line)}


def _fit_schema(reading: Reading) -> SweepFile | None:
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


def _check_name(reading: Reading) -> None:
    """Check that the name inside the file equals the name of the file."""
    node = at(reading.root, ("name",))
    if node is not None and node.value != reading.path.stem:
        rule = f"must equal the file's name, {reading.path.stem}"
        remedy = "Change one of them; use lower-case letters, digits and hyphens."
        reading.report(("name",), rule, remedy)


def _check_ways(reading: Reading) -> list[str]:
    """Return the keys that define points; report it if there are none or several."""
    nodes = {way: at(reading.root, (way,)) for way in WAYS}
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


def _scenarios(reading: Reading, file: SweepFile) -> tuple[Scenario, ...]:
    """Return the scenarios that the file names; none if one of them cannot be had."""
    if at(reading.root, ("scenario",)) is None:
        return ()
    is_list = isinstance(at(reading.root, ("scenario",)).value, list)  # type: ignore[union-attr]
    found = [
        _scenario(reading, name, ("scenario", place) if is_list else ("scenario",))
        for place, name in enumerate(file.scenario)
    ]
    whole = tuple(scenario for scenario in found if scenario is not None)
    if len(whole) < len(found):
        return ()
    with told_at(reading, ("scenario",)):
        check_factor(whole)
    return whole


def _scenario(reading: Reading, name: str, key: NodePath) -> Scenario | None:
    """Return a scenario that the file names, from the scenario folder."""
    own = reading.path.resolve().parent
    if own.name == SWEEP_FOLDER:
        own, shown = own.parent, reading.path.parent.parent
    else:
        shown = reading.path.parent
    beside = shown if is_folder(shown) else own
    folders = (beside, *folders_of_names(default_folder()))
    paths = [folder / f"{name}{SUFFIX}" for folder in folders]
    path = first_there([path for path in paths if is_there(path)])
    if path is not None:
        try:
            return load_scenario(path)
        except ScenarioError as error:
            reading.problems += error.problems
            return None
    stems = {path.stem for folder in folders for path in folder.glob(f"*{SUFFIX}")}
    remedy = suggest(name, stems)
    other = next((path for f in folders if (path := misnamed(f, name))), None)
    if other is not None:
        remedy = f"Rename {other.name} to {name}{SUFFIX}."
    reading.report(key, "is not a scenario", remedy)
    return None
