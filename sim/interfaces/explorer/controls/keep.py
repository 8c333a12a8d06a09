"""The buttons that keep a side of Explore for the Compare page."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import streamlit as st

from sim.interfaces.explorer.controls.navigation import page_link
from sim.interfaces.explorer.state import session
from sim.interfaces.explorer.state.view import MOST_COMPARED, View

FULL = (
    f"{MOST_COMPARED} scenarios are kept, the maximum side by side. Remove one on the page "
    "Compare scenarios to keep another."
)


def with_kept(view: View, name: str) -> View:
    """Return the view with side "a" or "b" among those kept; unchanged if it is kept already.

    Examples
    --------
    >>> once = with_kept(View(), "a")
    >>> len(once.compared), with_kept(once, "a") == once
    (1, True)
    """
    side = view.side(name)
    if side in view.compared or len(view.compared) >= MOST_COMPARED:
        return view
    return replace(view, compared=(*view.compared, side))


def show_keep() -> None:
    """Draw the buttons, and the scenarios kept."""
    view = session.current()
    buttons = {"a": "Add to comparison"} if view.b is None else {"a": "Keep A", "b": "Keep B"}
    is_full = len(view.compared) >= MOST_COMPARED
    with st.container(horizontal=True, gap="small", key="keep"):
        for name, label in buttons.items():
            is_kept = view.side(name) in view.compared
            st.button(
                label.replace("Keep", "Kept") if is_kept else label,
                key=f"keep.{name}",
                on_click=partial(_keep, name),
                disabled=is_full or is_kept,
                help="Adds it to the page Compare scenarios.",
            )
    if is_full:
        st.caption(FULL)
    if view.compared:
        label = f"Compare scenarios ({len(view.compared)} kept)"
        page_link("compare", label)


def _keep(name: str) -> None:
    session.show(with_kept(session.current(), name))
    session.redraw_all()
