"""A choice that a page offers and a link can ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from sim.interfaces.explorer.state import session
from sim.interfaces.explorer.state.view import LONGEST_VALUE
from sim.words.text import escaped

if TYPE_CHECKING:
    from collections.abc import Mapping


def choice(name: str, titles: Mapping[str, str], first: str) -> str:
    """Return what the view chooses; where the page does not offer that, the first, and say so.

    Parameters
    ----------
    name : str
        Name of the choice in the link, without ``show.``; see `View.details`.
    titles : mapping
        What readers see, by what the link can ask for.
    first : str
        What is shown where the link asks for nothing.
    """
    asked = session.detail(name, first)
    if asked in titles:
        return asked
    say_not_offered(f"{name} = {asked[:LONGEST_VALUE]}", f"“{titles[first]}” is shown")
    return first


def say_not_offered(asked: str, instead: str) -> None:
    """Draw that the link asks for something that is not offered, and what stands for it."""
    st.info(escaped(f"The link asks for {asked}, which is not offered here; {instead}."))
