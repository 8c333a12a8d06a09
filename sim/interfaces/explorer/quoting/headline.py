"""The headline of a page, which is also the title of its tab in the browser."""

from __future__ import annotations

import streamlit as st

from sim.words.text import escaped, readable

NAME = "alignsim"


def show_headline(text: str) -> None:
    """Draw the headline of a page and put it into the title of the page.

    Tabs, bookmarks, the browser's history and screen readers tell pages apart by that title.

    Parameters
    ----------
    text : str
        As it is read; nothing in it is markup.
    """
    st.title(escaped(text), anchor=False)
    title = " ".join(readable(text).split())
    st.set_page_config(page_title=f"{title} · {NAME}")


def show_headline_with_levers(text: str, way: str) -> None:
    """Draw the headline of a page whose levers come after the results where it is narrow.

    There it stays over the results, with the way to the levers.

    Parameters
    ----------
    text : str
        As for `show_headline`.
    way : str
        Text of the link to the levers.
    """
    with st.container(key="headline"):
        show_headline(text)
        with st.container(key="to_levers"):
            st.markdown(f"[{way}](#levers)")
