"""What a country has answered in fact, beside what a scenario makes of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from sim.analysis.summary.dated import unwritten_in_words
from sim.errors import ScenarioError
from sim.interfaces.explorer.state import session
from sim.interfaces.explorer.state.runs import preset
from sim.interfaces.explorer.state.view import Side
from sim.words.text import escaped

if TYPE_CHECKING:
    from sim.interfaces.explorer.state.runs import ShownAnswer

# The scenario that begins with what is on record.
FROM_THE_RECORD = "today"


def show_record(answer: ShownAnswer, code: str, place: str) -> None:
    """Draw answers on record that A leaves open, and a way to the scenario that has them.

    Parameters
    ----------
    answer : ShownAnswer
    code : str
        Of the country.
    place : str
        What tells the button from others of its page.
    """
    text = unwritten_in_words(answer.a.scenario, code)
    if not text:
        return
    st.markdown(escaped(text))
    try:
        known = preset(FROM_THE_RECORD)
    except ScenarioError:
        return
    if code not in known.agents or unwritten_in_words(known, code):
        return

    def show() -> None:
        view = session.current()
        session.show(replace(view, a=Side(FROM_THE_RECORD), b=None, month="", as_of=""))
        session.redraw_all()

    # A browser does not follow a link to the page that is open.
    label = f"Show the scenario “{known.title}”"
    st.button(escaped(label), key=f"record.{place}", on_click=show, type="tertiary")
