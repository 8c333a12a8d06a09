"""The answer to the view of now, or the last good one while something in it is wrong."""

from __future__ import annotations

import streamlit as st

from sim.errors import Problem, SimError
from sim.interfaces.explorer import session
from sim.interfaces.explorer.runs import Answer, answer
from sim.interfaces.explorer.text import escaped
from sim.interfaces.explorer.view import View

STALE = "Shown is the last result that could be computed. What is wrong stands beside the levers."


def latest_answer(problems: list[Problem]) -> Answer:
    """Return the answer to the current view; where it has none, the last good one, and say so.

    Parameters
    ----------
    problems : list of Problem
        What the controls have found wrong, and shown, already.
    """
    view = session.current()
    if not problems:
        try:
            found = answer(view)
        except SimError as error:
            st.error(escaped(str(error)))
        else:
            session.keep("good", view)
            return found
    st.warning(STALE)
    good = session.kept("good")
    if not isinstance(good, View):
        good = View(futures=view.futures, seed=view.seed)
    return answer(good)


def provider_of_interest(found: Answer) -> str:
    """Return the provider whose partners the visitor counts; the first unless the link says."""
    asked = session.current().of
    known = found.ensemble.axes.provider
    return asked if asked in known else known[0]
