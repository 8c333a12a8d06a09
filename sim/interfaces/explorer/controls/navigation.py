"""The links to the pages, which carry the view.

Streamlit's own would open a page with an empty link, which the page then fills: two steps in the
browser's history where the visitor took one. On a phone they are a menu that stays open over the
page. These are part of the page, and lead to what is looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

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


def follow_up() -> None:
    """Draw the whole page anew where a part of it has changed the view.

    What that part does not draw, such as the links and the marked row of the table, would else
    lead to what was looked at before.
    """
    if session.kept(_CARRIED) != session.link():
        st.rerun()


def page_link(name: str, label: str) -> None:
    """Draw a link to a page, by the name of its file, that shows there what is looked at."""
    st.page_link(f"{FOLDER}/{name}.py", label=label, query_params=session.link())


def link_to_view(name: str, label: str, view: View, explanation: str | None = None) -> None:
    """Draw a link to a page that shows something else there.

    A button could do the same in two steps of the browser's history only: the page that is left
    would first show the new view itself.

    Parameters
    ----------
    name : str
        Name of the page's file.
    label : str
    view : View
        What the page is to show.
    explanation : str, optional
        Shown under the pointer.
    """
    st.page_link(
        f"{FOLDER}/{name}.py",
        label=label,
        query_params=session.link_to(view),
        help=explanation,
    )


def go_to(name: str) -> None:
    """Go to a page, with what is looked at.

    Where a button has changed that first, Back leads to this page with the change: a link of
    `link_to_view` does better.
    """
    st.switch_page(f"{FOLDER}/{name}.py", query_params=session.link())
