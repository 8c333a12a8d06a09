"""The links to the pages, which carry the view.

Streamlit's own links would open a page with an empty link, which the page then fills: two steps in
the browser's history for one step of the visitor. On a phone they are a menu that stays open over
the page. The links here are part of the page and lead to the current view.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from sim.interfaces.explorer.quoting.panel import offer_panel
from sim.interfaces.explorer.state import session
from sim.interfaces.explorer.state.page_list import FOLDER, PAGES

if TYPE_CHECKING:
    from sim.interfaces.explorer.state.view import View

_CARRIED = "pages.link"


PAGE_LINKS = "pages"


@st.fragment(key=PAGE_LINKS)
def show_pages() -> None:
    """Draw the links to all pages."""
    session.keep(_CARRIED, session.link())
    with st.container(key="pages", horizontal=True, gap=None):
        for name, title in PAGES.items():
            page_link(name, title)
        offer_panel()


def follow_up() -> None:
    """Redraw the whole page if a part of it has changed the view.

    Elements outside that part, such as the links and the marked row of the table, would otherwise
    lead to the previous view.
    """
    if session.kept(_CARRIED) != session.link():
        st.rerun()


def page_link(name: str, label: str) -> None:
    """Draw a link to a page, by the name of its file, with the current view."""
    st.page_link(f"{FOLDER}/{name}.py", label=label, query_params=session.link())


def link_to_view(name: str, label: str, view: View, explanation: str | None = None) -> None:
    """Draw a link to a page that shows another view there.

    A button would need two steps of the browser's history: the page being left would first show
    the new view itself.

    Parameters
    ----------
    name : str
        Name of the page's file.
    label : str
    view : View
        The view that the page should show.
    explanation : str, optional
        Shown on hover.
    """
    st.page_link(
        f"{FOLDER}/{name}.py",
        label=label,
        query_params=session.link_to(view),
        help=explanation,
    )


def go_to(name: str) -> None:
    """Go to a page with the current view.

    If a button has changed the view before, Back leads to this page with the change; use
    `link_to_view` to avoid that.
    """
    st.switch_page(f"{FOLDER}/{name}.py", query_params=session.link())
