"""The parts of the scenario editor: where to start, the text, and what to do with it."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from sim.errors import Problem, ScenarioError
from sim.interfaces.explorer.controls.documents import offer_document
from sim.interfaces.explorer.controls.navigation import go_to
from sim.interfaces.explorer.editor.report import in_order, show_problems, show_report
from sim.interfaces.explorer.editor.text import (
    child_text,
    current_text,
    is_name_taken,
    take_text,
    text_of_side,
)
from sim.interfaces.explorer.link_notes import show_unreadable
from sim.interfaces.explorer.quoting.headline import show_headline
from sim.interfaces.explorer.state import session
from sim.interfaces.explorer.state.drafts import check_text_size, read_draft, text_of_upload
from sim.interfaces.explorer.state.runs import preset, scenario_files
from sim.interfaces.explorer.state.view import Side, fits_a_link
from sim.words.text import escaped

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.interfaces.explorer.state.drafts import VisitorDraft

TOO_LONG_FOR_A_LINK = (
    "This text is too long for a link: whoever opens the link will not see it. Download it and "
    "send the file."
)
_HEIGHT_PX = 460
# The scenario of the folder that a new draft would extend.
_SHIPPED = "editor.shipped"


def show_head() -> None:
    """Draw title, purpose, and what could not be done."""
    show_headline("Scenario editor")
    st.caption(
        "A scenario is a short text with the differences from the one it extends. The form writes "
        "into the text, and only the text counts. It stays in this page and its link: the server "
        "stores nothing."
    )
    show_unreadable()
    note = session.kept("editor.note")
    if note:
        st.error(escaped(str(note)))


def show_start() -> None:
    """Draw the three ways to begin: a shipped scenario, A of Explore, a file."""
    with st.expander("Start from a scenario, from Explore, or from a file", key="start"):
        st.caption("This replaces what is in the editor. Undo restores it.")
        shipped, explored, uploaded = st.columns(3, gap="medium")
        # Preselect the scenario from which most drafts start, whatever the folder lists first.
        with shipped:
            _show_shipped()
        with explored:
            _show_explored()
        with uploaded:
            _show_upload()


def _start(make: Callable[[], str]) -> None:
    """Put a new text into the editor, or say why that failed."""
    try:
        take_text(make())
    except ScenarioError as error:
        session.keep("editor.note", str(error))
    session.set_detail("editor.part", "")


def _show_shipped() -> None:
    titles = {entry.name: entry.title for entry in scenario_files()}
    asked = session.detail(_SHIPPED, Side().scenario)
    now = next(name for name in (asked, Side().scenario, *titles) if name in titles)
    st.selectbox(
        "From a scenario of the folder",
        list(titles),
        format_func=lambda name: f"{name}: {titles.get(name, '')}",
        **session.controlled(_SHIPPED, now, _take_shipped),
    )
    if asked not in titles:
        st.info(escaped(f"The folder has no scenario {asked}; {now} is chosen."))
    st.button(
        "Start a draft that extends it",
        key="start.shipped",
        on_click=_start,
        args=(partial(child_text, now),),
    )


def _take_shipped(name: str) -> None:
    session.set_detail(_SHIPPED, name, Side().scenario)


def _show_explored() -> None:
    view = session.current()
    moved = len(view.a.levers) + len(view.beliefs)
    words = f"{moved} moved number{'' if moved == 1 else 's'}" if moved else "nothing moved"
    st.markdown(":small[From what Explore shows as A]")
    st.caption(escaped(f"{view.a.scenario}, {words}. The moved numbers become the differences."))
    st.button(
        "Start a draft with these settings",
        key="start.explored",
        on_click=_start,
        args=(partial(text_of_side, view.a, view.beliefs),),
    )


def _show_upload() -> None:
    # A new key after each file lets the server forget it at once.
    n = int(session.kept("editor.uploads") or 0)
    key = f"editor.upload.{n}"

    def take() -> None:
        file = st.session_state.get(key)
        # A file that the server has dropped meanwhile cannot be read.
        if isinstance(file, UploadedFile):
            session.keep("editor.uploads", n + 1)
            _start(partial(_text_of_file, file.getvalue(), _shown_name(file.name)))

    # Of any type: if the browser refused one by its name, the last error would stay.
    st.file_uploader(
        "From your own file, at most 256 KiB",
        key=key,
        on_change=take,
        help="YAML of at most 256 KiB. It is read as data: it cannot run code or open files.",
    )


def _text_of_file(content: bytes, name: str) -> str:
    """Return the text of an uploaded file.

    Raises
    ------
    ScenarioError
        If its name is not that of a YAML file; also see `text_of_upload`.
    """
    if not name.lower().endswith((".yaml", ".yml")):
        rule = "this is not a YAML file by its name."
        raise ScenarioError([Problem(name, 0, rule, "Choose one that ends in .yaml or .yml.")])
    return text_of_upload(content, name)


def _shown_name(name: str) -> str:
    """Return the name of an uploaded file for messages."""
    plain = "".join(c for c in re.split(r"[/\\]", name)[-1] if c.isprintable())
    return plain[:80] or "upload.yaml"


def show_text(draft: VisitorDraft) -> None:
    """Draw the text, its buttons, and its problems."""
    _show_actions(draft)
    note = session.kept("editor.note")
    session.keep("editor.note", None)
    if draft.scenario is None:
        show_problems(draft)
    elif note:
        # No green beside the red of the refusal: this is about another text.
        st.info("The text is unchanged.")
    else:
        st.success(escaped(in_order(draft)))
    key = "editor.text"
    with st.container(key="yaml"):
        st.text_area(
            "YAML",
            height=_HEIGHT_PX,
            help="What each key means: “Scenario files, key by key” under Documents on the page "
            "Evidence and data.",
            **session.controlled(key, draft.text, _take_typed),
        )
    offer_document("scenarios", "editor")
    st.caption("Your typing takes effect when you click outside the box or press Ctrl+Enter.")
    if not fits_a_link(draft.text):
        st.info(TOO_LONG_FOR_A_LINK)
    show_report(draft)


def _take_typed(text: str) -> None:
    try:
        check_text_size(text)
    except ScenarioError as error:
        session.keep("editor.note", str(error))
    else:
        take_text(text)


def _show_actions(draft: VisitorDraft) -> None:
    """Draw the buttons above the text, where no message can move them."""
    scenario = draft.scenario
    parent = _comparable_parent(draft)
    with st.container(horizontal=True, gap="small", key="actions"):
        is_opened = st.button(
            "Open in Explore",
            type="primary",
            disabled=scenario is None,
            on_click=session.stay,
        )
        is_compared = st.button(
            "Compare with what it extends",
            disabled=parent is None,
            help="Both must be valid and share at least one month.",
            on_click=session.stay,
        )
        st.download_button(
            "Download YAML",
            data=draft.text.encode("utf-8", "surrogatepass"),
            file_name=draft.file_name,
            mime="application/yaml",
            key="editor.download",
            on_click="ignore",
        )
        st.button("Undo", key="editor.undo", on_click=session.undo, disabled=not session.can_undo())
    if scenario is not None and is_name_taken(draft.text):
        st.caption(
            escaped(f"The folder already has a scenario called {draft.name}; yours is another one.")
        )
    if is_opened or (is_compared and parent):
        side = Side(draft.name, (), draft.text)
        against: dict[str, Any] = {"b": Side(parent)} if is_compared and parent else {}
        session.change(a=side, editing=draft.text, **against)
        go_to("explore")


def _comparable_parent(draft: VisitorDraft) -> str | None:
    """Return the name of the scenario that a draft extends, if the two can be compared."""
    if draft.scenario is None or draft.layers is None or not draft.layers.extends:
        return None
    try:
        parent = preset(draft.layers.extends)
    except ScenarioError:
        return None
    is_apart = set(parent.months).isdisjoint(draft.scenario.months)
    return None if is_apart else draft.layers.extends


def current_draft() -> VisitorDraft:
    """Return the text in the editor, as far as it can be read."""
    return read_draft(current_text())
