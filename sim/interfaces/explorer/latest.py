"""The answer to the view of now, or the last good one while something in it is wrong."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from sim.errors import InputError, Problem, SimError
from sim.experiment.wording import month_in_words
from sim.interfaces.explorer import session
from sim.interfaces.explorer.navigation import page_link
from sim.interfaces.explorer.runs import Answer, answer, build_side
from sim.interfaces.explorer.text import escaped, problem_in_words
from sim.interfaces.explorer.view import View

STALE = "Shown is the last result that could be computed, not that of the settings chosen now."
NOT_YOURS = "Not your settings: "
MOST_SAID = 3


def latest_answer(problems: list[Problem]) -> Answer:
    """Return the answer to the current view; where it has none, the last good one, and say so.

    What it says is drawn where it is called: before the headline, since whoever reads only that
    must not take one result for another.

    Parameters
    ----------
    problems : list of Problem
        What the controls have found wrong, and shown beside the levers, already.
    """
    view = session.current()
    wrong = [problem_in_words(problem) for problem in problems]
    months = "" if problems else other_months(view)
    if months:
        wrong = [months]
    if not wrong:
        try:
            found = answer(view)
        except SimError as error:
            wrong = problems_in_words(error)
        else:
            session.keep("good", view)
            return found
    with st.container(key="stale"):
        listed = [f"- {escaped(text)}" for text in wrong[:MOST_SAID]]
        st.warning("\n".join([STALE, "", *listed]))
        if months:
            page_link("compare", "Open Compare")
    good = session.kept("good")
    if not isinstance(good, View):
        good = View(futures=view.futures, seed=view.seed)
    return replace(answer(good), is_stale=True)


def headline(found: Answer, text: str) -> str:
    """Return a headline about an answer, which says where that is not the one asked for."""
    return f"{NOT_YOURS}{text}" if found.is_stale else text


def problems_in_words(error: SimError) -> list[str]:
    """Return what an error names, problem by problem."""
    if isinstance(error, InputError):
        return [problem_in_words(problem) for problem in error.problems]
    return [str(error)]


def other_months(view: View) -> str:
    """Return why two sides cannot be compared for the months they cover; "" where they can.

    Said in the words of the page: the command line's remedy is to edit a file.
    """
    if view.b is None:
        return ""
    try:
        a, b = (build_side(side, view.beliefs).months for side in (view.a, view.b))
    except SimError:
        return ""
    if a == b:
        return ""
    spans = [f"{month_in_words(months[0])} to {month_in_words(months[-1])}" for months in (a, b)]
    return (
        f"A covers {spans[0]} and B {spans[1]}, so no future of one can be held against a future "
        "of the other. Choose two scenarios over the same months, or open them on Compare, where "
        "their numbers stand beside each other."
    )


def provider_of_interest(found: Answer) -> str:
    """Return the provider whose partners the visitor counts; the first unless the link says."""
    asked = session.current().of
    known = found.ensemble.axes.provider
    return asked if asked in known else known[0]
