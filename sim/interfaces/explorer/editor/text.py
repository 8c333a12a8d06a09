"""The text of the scenario editor: where it starts, and how the form changes it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sim.errors import ScenarioError
from sim.interfaces.explorer.state import session
from sim.interfaces.explorer.state.drafts import own_name, read_draft
from sim.interfaces.explorer.state.runs import (
    preset,
    scenario_files,
    scenario_of,
    whole_where_it_is,
)
from sim.interfaces.explorer.state.view import Side
from sim.scenario import remove_key, split_address, write_value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.interfaces.explorer.state.view import Settings

_LONGEST_NAME, _LONGEST_TITLE = 60, 200
_FIRST_LINE = "# yaml-language-server: $schema=scenario.schema.json\n"


def child_text(parent: str) -> str:
    """Return a new scenario that extends one of the folder and changes nothing yet.

    Raises
    ------
    ScenarioError
        If the folder has no such scenario.
    """
    title = " ".join(preset(parent).title.split())
    text = _FIRST_LINE + f"name: {_free_name(parent)}\n"
    own: dict[str, str] = {
        "extends": parent,
        "title": f"Changed: {title}"[:_LONGEST_TITLE].strip(),
        "description": f"What differs from {parent}, and why. All that is not said here is as "
        "there.",
    }
    for key, words in own.items():
        text = write_value(text, (key,), words)
    return text


def _free_name(parent: str) -> str:
    """Return a name based on the parent's that no file of the folder has."""
    taken = {entry.name for entry in scenario_files()}
    for n in range(1, 1000):
        end = "-changed" if n == 1 else f"-changed-{n}"
        name = parent[: _LONGEST_NAME - len(end)] + end
        if name not in taken:
            return name
    return "draft"


def text_of_side(side: Side, beliefs: Settings) -> str:
    """Return a side of the Explore page as a text: its moved levers and beliefs as differences.

    A draft keeps its text, with the moved numbers written into it; a scenario of the folder
    becomes the parent of a new one.

    Raises
    ------
    ScenarioError
        If there is no such scenario, or one of its levers does not exist.
    """
    scenario = scenario_of(side) if side.levers or not side.draft else None
    text = side.draft or child_text(side.scenario)
    for name, value in side.levers:
        assert scenario is not None
        address = scenario.lever(name).target
        number = whole_where_it_is(scenario, name, value)
        text = write_value(text, split_address(address), number)
    for name, value in beliefs:
        text = write_value(text, ("parameters", name), value)
    return text


def current_text() -> str:
    """Return the text in the editor: the visitor's, or else that of A of Explore."""
    view = session.current()
    if view.editing:
        return view.editing
    for side, beliefs in ((view.a, view.beliefs), (replace(view.a, levers=()), ())):
        try:
            return text_of_side(side, beliefs)
        except ScenarioError:
            continue
    return child_text(Side().scenario)


def take_text(text: str) -> None:
    """Put a text into the editor, as a step that can be undone."""
    # A visitor may have emptied the text; in the view, "" means that nothing was written.
    session.change(editing=text or "\n")


def set_value(path: Sequence[str], value: Any, inherited: Any) -> None:
    """Write a value into the text, or remove it if it equals the inherited one.

    If the text is written in a way that does not allow this, the page says so.
    """
    text = current_text()
    label = read_draft(text).file_name
    is_same = type(value) is type(inherited) and value == inherited
    try:
        changed = remove_key(text, path, label) if is_same else write_value(
            text, path, value, label
        )  # fmt: skip
    except ScenarioError as error:
        session.keep("editor.note", str(error))
    else:
        take_text(changed)


def drop_value(path: Sequence[str]) -> None:
    """Remove a value from the text, so that it is inherited again."""
    text = current_text()
    try:
        take_text(remove_key(text, path, read_draft(text).file_name))
    except ScenarioError as error:
        session.keep("editor.note", str(error))


def is_name_taken(text: str) -> bool:
    """Return whether the folder has a scenario with the text's name."""
    return own_name(text) in {entry.name for entry in scenario_files()}
