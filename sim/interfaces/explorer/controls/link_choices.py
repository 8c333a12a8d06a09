"""A choice on a page that a link can make."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from sim.interfaces.explorer.state import session
from sim.interfaces.explorer.state.view import LONGEST_VALUE
from sim.words.text import escaped

if TYPE_CHECKING:
    from collections.abc import Mapping


def choice(name: str, titles: Mapping[str, str], first: str) -> str:
    """Return the choice in the view; if the page does not offer it, the first, with a note.

    Parameters
    ----------
    name : str
        Name of the choice in the link, without ``show.``; see `View.details`.
    titles : mapping
        Titles for readers, by the value in the link.
    first : str
        The choice shown if the link makes none.
    """
    asked = session.detail(name, first)
    if asked in titles:
        return asked
    say_not_offered(f"{name} = {asked[:LONGEST_VALUE]}", f"“{titles[first]}” is shown")
    return first


def say_not_offered(asked: str, instead: str) -> None:
    """Draw a note that the link asks for something not offered, and what is shown instead."""
    st.info(escaped(f"The link asks for {asked}, which is not offered here; {instead}."))
