"""Loading scenarios: from a path, a name or a text, with everything that they extend."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sim.errors import Problem, ScenarioError, at_home, checked_path, checked_text, why_closed
from sim.scenario.building import build_file
from sim.scenario.reading.file_names import (
    SUFFIX,
    check_suffix,
    is_inside,
    is_link,
    leads_out,
    misnamed,
    shortened,
    stems,
)
from sim.scenario.reading.layering import lay_over
from sim.scenario.reading.named import (
    find_named,
    first_there,
    folders_of_names,
    is_bare,
    is_there,
    names_sweep,
)
from sim.scenario.reading.nodes import Node
from sim.scenario.reading.yaml_reader import Document, read_bytes, read_file
from sim.scenario.scenario import Scenario
from sim.scenario.schema.fields import NAME_PATTERN
from sim.scenario.schema.file import is_sweep
from sim.scenario.schema.misspelt import mend_keys
from sim.scenario.wording import bounded_guessing, shown_value, suggest

MAX_CHAIN = 10
PARAMETER_SET_FOLDER = "parameter_sets"

_OWN_KEYS = ("name", "title", "description")
_A_SWEEP = (
    "this is a sweep, but a scenario is expected.",
    "Run it with 'alignsim sweep', or name the scenario that it varies.",
)
_SET_KEYS = ("name", "title", "description", "sources", "parameters", "uncertainties")


@dataclass
class _Chain:
    """The files of one scenario as they are read, its own first."""

    folder: Path | None
    layers: list[Node] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    mends_keys: bool = True
    misspelt: list[Problem] = field(default_factory=list)
    seen: list[Path] = field(default_factory=list)
    parameter_set: str | None = None
    is_partial: bool = False


def load_scenario(path_or_name: str | Path) -> Scenario:
    """Load the scenario of a file, with everything that it extends, and check it.

    Parameters
    ----------
    path_or_name : str or Path
        A path to a YAML file, or its bare name: in the folder ``scenarios``, or among the scenarios
        that ship with the package.

    Returns
    -------
    Scenario

    Raises
    ------
    ScenarioError
        With every problem found, each with file, line, key, value, rule and remedy.

    Examples
    --------
    >>> scenario = load_scenario("baseline")
    >>> scenario.months[0], len(scenario.months), scenario.offers["us.infrastructure"].slots
    ('2025-05', 68, 10)
    """
    path = _locate(path_or_name)
    chain = _Chain(path.parent)
    _read_own(chain, path, str(path))
    return _assemble(chain)


@dataclass(frozen=True)
class Layers:
    """What a text says and what it builds on, before it is checked against the schema.

    Parameters
    ----------
    own, inherited, merged : Node
        What the text itself says; everything that it builds on, merged, or nothing; both.
    extends : str
        Name of the file that it extends; "" if it extends none that could be found.
    problems : tuple of Problem
        Problems found while reading and merging.
    """

    own: Node
    inherited: Node
    merged: Node
    extends: str
    problems: tuple[Problem, ...]


def load_scenario_text(
    text: str | bytes,
    folder: str | Path | None = None,
    name: str = "uploaded",
    stem: str | None = None,
) -> Scenario:
    """Return the scenario of a text, such as an upload, with the same checks as a file.

    Parameters
    ----------
    text : str or bytes
        The YAML.
    folder : path, optional
        Folder of scenarios that it may extend, in addition to those that ship with the package;
        without a folder it can extend none.
    name : str
        Name of the text in messages.
    stem : str, optional
        Name, without suffix, of the file that the text is or becomes: its ``name`` must equal this
        name, and it cannot extend itself.

    Returns
    -------
    Scenario

    Raises
    ------
    ScenarioError
        With every problem found.

    Examples
    --------
    >>> from sim.scenario.reading.named import default_folder
    >>> text = "{name: mine, extends: baseline, title: Mine, description: Same, sources: [Me]}"
    >>> load_scenario_text(text, folder=default_folder()).title
    'Mine'
    """
    return _assemble(_chain_of_text(text, folder, name, stem))


def read_layers(
    text: str | bytes,
    folder: str | Path | None = None,
    name: str = "uploaded",
    stem: str | None = None,
) -> Layers:
    """Return what a text and the files it builds on say, valid or not; see `load_scenario_text`.

    Raises
    ------
    ScenarioError
        If the text is not plain YAML data.
    """
    # A form that changes the text must find each value under the key in the text.
    chain = _chain_of_text(text, folder, name, stem, mends_keys=False)
    found: list[Problem] = []
    inherited = _merged(chain.layers[1:], found) or Node({}, None, name, 1)
    merged = _merged(chain.layers, chain.problems)
    assert merged is not None
    extends = chain.seen[1].stem if len(chain.seen) > 1 else ""
    return Layers(chain.layers[0], inherited, merged, extends, tuple(chain.problems))


def _chain_of_text(
    text: str | bytes,
    folder: str | Path | None,
    name: str,
    stem: str | None,
    *,
    mends_keys: bool = True,
) -> _Chain:
    for given in (name, stem):
        if given is not None:
            checked_text(given, "the name of a text")
    if isinstance(text, str):
        # A lone surrogate has no bytes; let the reader refuse it as text that is not UTF-8.
        text = text.encode("utf-8", "surrogatepass")
    where = checked_path(folder, "the folder") if folder is not None else None
    chain = _Chain(where, mends_keys=mends_keys)
    path = where / f"{stem}{SUFFIX}" if where is not None and stem is not None else None
    _take(chain, read_bytes(text, name), name, path, stem)
    return chain


def _locate(path_or_name: str | Path) -> Path:
    """Return the path to which a path or a bare name refers."""
    if not isinstance(path_or_name, str):
        path_or_name = checked_path(path_or_name, "a scenario")
    given = str(path_or_name)
    if "\0" in given:
        raise ScenarioError(
            [Problem("", 0, "the path contains a NUL character.", "Check the path.")]
        )
    if not given.strip():
        remedy = "For example: baseline; 'alignsim scenarios' lists them."
        raise ScenarioError([Problem("", 0, "no scenario is named.", remedy)])
    path = at_home(Path(given))
    if isinstance(path_or_name, str) and is_bare(given):
        if names_sweep(given):
            raise ScenarioError([Problem(given, 0, *_A_SWEEP)])
        path = find_named(given)
        _check_there(path, folders_of_names(path.parent))
    else:
        _check_there(path, (path.parent,))
    return path


def _check_there(path: Path, folders: Sequence[Path]) -> None:
    """Refuse a path without a file, suggesting a file of some folders that may be meant."""
    check_suffix(path, "scenario")
    exists = is_there(path)
    if not exists:
        check_suffix(misnamed(path.parent, path.stem) or path, "scenario")
        message = "there is no such scenario file."
        remedy = suggest(path.stem, _stems(folders)) or "Check the path."
        if closed := why_closed(path):
            message, remedy = closed
        elif is_link(path):
            message, remedy = "this link leads to no file.", "Point it to a file, or remove it."
        raise ScenarioError([Problem(shortened(path), 0, message, remedy)])


def _stems(folders: Sequence[Path]) -> set[str]:
    """Return the names of the scenario files in some folders, if they can be read."""
    return {stem for folder in folders for stem in stems(folder)}


def _read_own(chain: _Chain, path: Path, label: str) -> None:
    """Read one file into the chain, then what it extends."""
    try:
        document = read_file(path, label)
    except ScenarioError as error:
        chain.problems += error.problems
        chain.is_partial = True
        return
    _take(chain, document, label, path, path.stem)


def _take(
    chain: _Chain, document: Document, label: str, path: Path | None, stem: str | None
) -> None:
    """Add a document to the chain: its own layer, its parameter set below it, then its parent."""
    root = document.root
    assert isinstance(root.value, dict)
    chain.files.append(label)
    chain.seen.append(path or Path())
    chain.problems += document.problems
    if is_sweep(root.value):
        raise ScenarioError([*chain.problems, Problem(label, root.line, *_A_SWEEP)])
    if chain.mends_keys:
        chain.misspelt += mend_keys(root)
    content = dict(root.value)
    extends = content.pop("extends", None)
    wanted_set = content.pop("parameter_set", None)
    if stem is not None:
        _check_name(chain, content.get("name"), stem)
    if len(chain.layers) > 0:
        # A scenario has the title of its own file; that of a parent is not inherited.
        content = {key: node for key, node in content.items() if key not in _OWN_KEYS}
    chain.layers.append(Node(content, None, label, 1))
    if wanted_set is not None:
        _take_parameter_set(chain, wanted_set)
    if extends is not None:
        _take_parent(chain, extends)


def _check_name(chain: _Chain, node: Node | None, stem: str) -> None:
    """Check that the name inside a file equals the name of the file."""
    if node is None or not isinstance(node.value, str) or node.value == stem:
        return
    # The schema checks the pattern of a scenario's own name.
    if len(chain.seen) > 1 or re.fullmatch(NAME_PATTERN, node.value):
        message = f"name = {shown_value(node.value)} must equal the file's name, {stem}."
        remedy = "Change one of them; use lower-case letters, digits and hyphens."
        chain.problems.append(Problem(node.file, node.line, message, remedy))


def _take_parent(chain: _Chain, node: Node) -> None:
    """Read the file that ``extends`` names, if it may be read."""
    path = _named_by(chain, node, "extends")
    if path is None:
        return
    if path in chain.seen:
        circle = [*(file.stem for file in chain.seen[chain.seen.index(path) :]), path.stem]
        is_own = path == chain.seen[-1]
        itself = "itself" if is_own else f"in a circle: {' -> '.join(circle)}"
        _refuse(chain, node, f"extends {itself}", "Let one of the files stand on its own.")
    elif len(chain.seen) > MAX_CHAIN:
        rule = f"makes a chain of more than {MAX_CHAIN} files"
        _refuse(chain, node, rule, "Extend a file nearer to the baseline.")
    else:
        # Files that the parent names are looked up beside the parent.
        chain.folder = path.parent
        _read_own(chain, path, str(path))


def _take_parameter_set(chain: _Chain, node: Node) -> None:
    """Read the parameter set that a file names, below that file's own layer."""
    path = _named_by(chain, node, "parameter_set")
    if path is None:
        return
    label, stem = str(path), path.stem
    try:
        document = read_file(path, label)
    except ScenarioError as error:
        chain.problems += error.problems
        chain.is_partial = True
        return
    root = document.root
    assert isinstance(root.value, dict)
    chain.files.append(label)
    chain.problems += document.problems
    chain.parameter_set = chain.parameter_set or stem
    _check_name(chain, root.value.get("name"), stem)
    for key, child in root.value.items():
        if key not in _SET_KEYS:
            message = f"{shown_value(key)} is not allowed in a parameter set."
            chain.problems.append(Problem(label, child.line, message, suggest(key, _SET_KEYS)))
    numbers = {k: v for k, v in root.value.items() if k in ("parameters", "uncertainties")}
    chain.layers.append(Node(numbers, None, label, 1))


def _named_by(chain: _Chain, node: Node, key: str) -> Path | None:
    """Return the file that a key names, beside the file or shipped; report it if there is none."""
    value = node.value
    below = PARAMETER_SET_FOLDER if key == "parameter_set" else ""
    beside = f"in the folder {below}" if below else "in the same folder"
    if not isinstance(value, str):
        _refuse(chain, node, f"must be the name of a file {beside}", "For example: baseline.")
    elif not re.fullmatch(NAME_PATTERN, value):
        is_file_name = re.fullmatch(rf"{NAME_PATTERN}\.ya?ml", value)
        remedy = "Leave .yaml out." if is_file_name else "Only a name: no folder, dot or slash."
        _refuse(chain, node, f"must be the plain name of a file {beside}", remedy)
    elif chain.folder is None:
        rule = "names a file, but this text has no folder to look in"
        _refuse(chain, node, rule, "Write the whole scenario out.")
    else:
        folders = [folder / below for folder in folders_of_names(chain.folder)]
        return _first_named(chain, node, folders, beside)
    return None


def _first_named(chain: _Chain, node: Node, folders: list[Path], beside: str) -> Path | None:
    """Return the first file that a name refers to in some folders; report it if there is none."""
    name = f"{node.value}{SUFFIX}"
    found = [folder / name for folder in folders if is_inside(folder / name, folder)]
    if leads_out(folders[0] / name, folders[0]):
        remedy = "Put the file itself into the folder."
        _refuse(chain, node, f"names a link that leads to no file {beside}", remedy)
    elif not found:
        remedy = suggest(str(node.value), _stems(folders)) or "Check the name."
        other = misnamed(folders[0], str(node.value))
        if other is not None:
            remedy = f"Rename {other.name} to {name}."
        _refuse(chain, node, f"is not a file {beside} and does not ship with alignsim", remedy)
    else:
        return first_there(found)
    return None


def _refuse(chain: _Chain, node: Node, rule: str, remedy: str) -> None:
    # Without its parent a file seems to lack much that is not really missing.
    chain.is_partial = True
    message = f"{node.key} = {shown_value(node.value)} {rule}."
    chain.problems.append(Problem(node.file, node.line, message, remedy))


def _assemble(chain: _Chain) -> Scenario:
    """Merge the layers, the oldest first, and build the scenario."""
    root = _merged(chain.layers, chain.problems)
    if root is None:
        raise ScenarioError([*chain.problems, *chain.misspelt])
    root.file, root.line = chain.files[0], 1
    file = build_file(
        root, chain.problems, chain.files, misspelt=chain.misspelt, is_partial=chain.is_partial
    )
    return Scenario(file, tuple(chain.files), chain.parameter_set)


def _merged(layers: Sequence[Node], problems: list[Problem]) -> Node | None:
    root: Node | None = None
    with bounded_guessing():
        for layer in reversed(layers):
            root = lay_over(root, layer, problems.append)
    return root
