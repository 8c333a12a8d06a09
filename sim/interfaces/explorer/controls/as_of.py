"""The choice of the month as of which all figures of a page are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from sim.errors import SimError
from sim.experiment.spans import shared_months
from sim.interfaces.explorer.state import session
from sim.interfaces.explorer.state.runs import build_side
from sim.words.wording import month_in_words

if TYPE_CHECKING:
    from collections.abc import Sequence


def choose_as_of() -> None:
    """Draw the choice for A, or for A and B; nothing while they have no month to show."""
    view = session.current()
    sides = [side for side in (view.a, view.b) if side is not None]
    try:
        months = shared_months([build_side(side, view.beliefs) for side in sides])
    except SimError:
        return
    show_months("as_of", months)


def show_months(key: str, months: Sequence[str]) -> None:
    """Draw the choice among some months, the last of which is the usual one.

    Parameters
    ----------
    key : str
        Key of the control.
    months : sequence of str
        The months that the scenarios on view share.
    """
    last = months[-1]
    asked = session.current().as_of

    def take(month: str) -> None:
        session.change(as_of="" if month == last else month)

    def words(month: str) -> str:
        return f"{month_in_words(month)} (the end)" if month == last else month_in_words(month)

    st.selectbox(
        "As of the end of",
        list(reversed(months)),
        format_func=words,
        help="All figures and charts stop at the end of this month.",
        **session.controlled(key, asked if asked in months else last, take),
    )


def note_on_month(months: Sequence[str]) -> str:
    """Return a note on a month that a link asks for and that is not shown; "" if it is.

    Parameters
    ----------
    months : sequence of str
        The months that the scenarios on view share.
    """
    asked = session.current().as_of
    if not asked or asked in months:
        return ""
    first, last = month_in_words(months[0]), month_in_words(months[-1])
    return (
        f"{month_in_words(asked)} is not among the months here, {first} to {last}; all is shown as "
        f"of the end of {last}."
    )
