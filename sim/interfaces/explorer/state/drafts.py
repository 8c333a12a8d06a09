"""Drafts: scenarios that visitors write, which are not in any file of the server.

A draft is read as the file that a download makes of it: `alignsim validate` reports exactly the
same about that file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from sim.errors import Problem, ScenarioError
from sim.scenario import default_folder, load_scenario_text, read_layers
from sim.scenario.reading.nodes import at
from sim.scenario.reading.yaml_reader import MAX_BYTES, read_bytes
from sim.scenario.schema.fields import NAME_PATTERN

if TYPE_CHECKING:
    from sim.scenario import Layers, Scenario

# Name of a scenario that has none yet, in messages and downloads.
NAMELESS = "draft"


@dataclass(frozen=True)
class VisitorDraft:
    """A text, as far as it could be read.

    Parameters
    ----------
    text : str
        The YAML.
    name : str
        The name in the text; ``draft`` if it has none that a file could have.
    problems : tuple of Problem
        All its problems, as the command line reports them.
    layers : Layers or None
        Its content, key by key; None if it is not plain YAML.
    scenario : Scenario or None
        The scenario, if there are no problems.
    """

    text: str
    name: str
    problems: tuple[Problem, ...] = ()
    layers: Layers | None = None
    scenario: Scenario | None = None

    @property
    def file_name(self) -> str:
        """Name of the file that a download makes."""
        return f"{self.name}.yaml"

    @property
    def title(self) -> str:
        """Its title, or its name if it has none."""
        node = None if self.layers is None else at(self.layers.own, ("title",))
        title = " ".join(node.value.split()) if node and isinstance(node.value, str) else ""
        return title or self.name


@st.cache_resource(max_entries=64, ttl=60, show_spinner=False)
def read_draft(text: str) -> VisitorDraft:
    """Return a draft with all its problems. Only files of the folder are opened."""
    folder = default_folder()
    name = own_name(text)
    stem = name or NAMELESS
    label = f"{stem}.yaml"
    # Without a name of its own it cannot differ from the name of its file.
    try:
        layers = read_layers(text, folder, label, name or None)
    except ScenarioError as error:
        return VisitorDraft(text, stem, error.problems)
    is_plain = not read_bytes(text.encode("utf-8", "surrogatepass"), label).problems
    shown = layers if is_plain else None
    try:
        scenario = load_scenario_text(text, folder, label, name or None)
    except ScenarioError as error:
        return VisitorDraft(text, stem, error.problems, shown)
    return VisitorDraft(text, stem, (), shown, scenario)


def own_name(text: str) -> str:
    """Return the name that a text gives itself, if a file could have it; else "".

    Examples
    --------
    >>> own_name("name: mine"), own_name("name: ../mine"), own_name("name: [")
    ('mine', '', '')
    """
    value = own_word(text, "name")
    return value if re.fullmatch(NAME_PATTERN, value) else ""


def own_word(text: str, key: str) -> str:
    """Return what a text has under a key of its own, valid or not; else "".

    Examples
    --------
    >>> own_word("extends: baselin", "extends"), own_word("extends: [a]", "extends")
    ('baselin', '')
    """
    try:
        node = at(read_bytes(text.encode("utf-8", "surrogatepass"), NAMELESS).root, (key,))
    except ScenarioError:
        return ""
    return node.value if node is not None and isinstance(node.value, str) else ""


def text_of_upload(content: bytes, file_name: str) -> str:
    """Return an uploaded file as text, with the page's line ends.

    Raises
    ------
    ScenarioError
        If it is too large or not text; the page shows other problems beside the text.
    """
    try:
        read_bytes(content, file_name)
    except ScenarioError as error:
        if len(content) > MAX_BYTES or not _is_text(content):
            raise error from None
    text = content.decode("utf-8-sig")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    # The page's text box cannot hold this character unchanged.
    return not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text)


def check_text_size(text: str) -> None:
    """Refuse a text that is larger than a scenario file may be.

    Raises
    ------
    ScenarioError
        With the message of the command line.
    """
    content = text.encode("utf-8", "surrogatepass")
    if len(content) > MAX_BYTES:
        read_bytes(content, f"{NAMELESS}.yaml")
