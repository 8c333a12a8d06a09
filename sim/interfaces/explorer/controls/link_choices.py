"""A choice on a page that a link can make."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from sim.interfaces.explorer.state import session
from sim.interfaces.explorer.state.view import LONGEST_VALUE
from sim.words.text import escaped

if TYPE_CHECKING:
    from collections.abc import Mapping

# The choice that asks for no answer.
NOTHING = ""
_NONE = {NOTHING: "None"}


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


def pick(
    label: str, name: str, titles: Mapping[str, str], first: str, *, has_label: bool = True
) -> str:
    """Draw a choice among a few, which the link keeps; return what is chosen.

    Parameters
    ----------
    label : str
        What is chosen, for readers.
    name, titles, first
        As for `choice`. Pressing what is chosen changes nothing.
    has_label : bool
        Whether the label is drawn; a screen reader reads it in any case.
    """
    now = choice(name, titles, first)

    def take(chosen: str) -> None:
        session.set_detail(name, chosen, first)

    st.segmented_control(
        label,
        list(titles),
        format_func=lambda value: escaped(titles[value]),
        required=True,
        label_visibility="visible" if has_label else "collapsed",
        **session.controlled(name, now, take),
    )
    return now


def pick_question(
    label: str, name: str, titles: Mapping[str, str], *, has_label: bool = True
) -> str:
    """Draw a choice among questions, none of which is asked at first; return it or `NOTHING`.

    Parameters
    ----------
    label, name, titles, has_label
        As for `pick`.
    """
    return pick(label, name, {**_NONE, **titles}, NOTHING, has_label=has_label)


def pick_number(label: str, name: str, most: int) -> int:
    """Draw the choice of a whole number from 0 to `most`, which the link keeps; return it."""
    text = session.detail(name, "0")
    is_number = text.isascii() and text.isdigit()
    now = min(int(text), most) if is_number else 0
    if text != str(now):
        say_not_offered(f"{name} = {text[:LONGEST_VALUE]}", f"{now} is shown")

    def take(number: int) -> None:
        session.set_detail(name, str(number), "0")

    st.number_input(label, 0, most, step=1, **session.controlled(name, now, take))
    return now
