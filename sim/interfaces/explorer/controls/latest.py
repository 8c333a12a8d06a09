"""The answer to the current view, or the last good one while something in the view is wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from sim.analysis.pairing import provider_names
from sim.errors import InputError, Problem, ScenarioError, SimError
from sim.interfaces.explorer.controls.navigation import page_link
from sim.interfaces.explorer.state import session
from sim.interfaces.explorer.state.runs import (
    ShownAnswer,
    against_start,
    answer,
    answer_at,
    build_side,
    scenario_of,
)
from sim.interfaces.explorer.state.view import Side, View
from sim.words.text import escaped, problem_in_words
from sim.words.wording import month_in_words

if TYPE_CHECKING:
    from sim.scenario import Scenario

STALE = "This is the last result that could be computed, that of {}; it does not match the "
STALE += "current settings."
# On a first visit there is no last result.
NONE_YET = "This is the result of {}; the current settings have none."
NOT_YOURS = "Not your settings: "
MOST_SAID = 3
_SHOWN = "answer"
# The same as of the month on view: alone or against B, and against the start where that differs.
_AT_MONTH, _CHANGED = "answer.month", "answer.changed"


def latest_answer(problems: list[Problem]) -> ShownAnswer:
    """Return the answer to the current view as of its month; if it has none, the last good one.

    A note then says so, drawn at the place of the call: before the headline, so that nobody who
    reads only the headline takes one result for another.

    Parameters
    ----------
    problems : list of Problem
        Problems that the controls have found and already show beside the levers.
    """
    view = session.current()
    wrong = problems_of_sides(view) if problems else []
    months = "" if problems else no_months(view)
    if months:
        wrong = [months]
    if not wrong:
        try:
            found = answer(view)
        except SimError as error:
            wrong = problems_in_words(error)
        else:
            session.keep("good", view)
            return _shown(found)
    kept = session.kept("good")
    good = kept if isinstance(kept, View) else View(futures=view.futures, seed=view.seed)
    words = (STALE if good is kept else NONE_YET).format(whose(good))
    with st.container(key="stale"):
        listed = [f"- {escaped(text)}" for text in wrong[:MOST_SAID]]
        st.warning("\n".join([escaped(words), "", *listed]))
        if months:
            page_link("compare", "Open Compare")
    return _shown(replace(answer(good), is_stale=True))


def _shown(found: ShownAnswer) -> ShownAnswer:
    at_month = answer_at(found, session.current().month)
    session.keep(_SHOWN, found)
    session.keep(_AT_MONTH, at_month)
    session.keep(_CHANGED, against_start(at_month) or at_month)
    return at_month


def shown_answer() -> ShownAnswer:
    """Return the answer of this page over all its months, for the map and charts over time."""
    return _kept(_SHOWN)


def month_answer() -> ShownAnswer:
    """Return the answer of this page as of the month on view: one scenario, or A against B."""
    return _kept(_AT_MONTH)


def changed_answer() -> ShownAnswer:
    """Return `month_answer`, compared with the start if one scenario is on view and moved."""
    return _kept(_CHANGED)


def marked_month() -> str:
    """Return the month on view, to be marked on charts over time; "" if it is their last."""
    month = month_answer().a.months[-1]
    return "" if month == shown_answer().a.months[-1] else month


def _kept(name: str) -> ShownAnswer:
    found = session.kept(name)
    assert isinstance(found, ShownAnswer)
    return found


def whose(view: View) -> str:
    """Return in words which scenarios a view shows, and how many levers are moved.

    Examples
    --------
    >>> whose(View()), whose(View(Side("today"), Side("baseline", (("slots", 9.0),))))
    ('baseline', 'A: today against B: baseline with 1 lever moved')
    """
    a, *b = names_of_sides(view)
    return f"A: {a} against B: {b[0]}" if b else a


def names_of_sides(view: View) -> list[str]:
    """Return what A is, and B if there is one: scenario and how many levers are moved.

    Examples
    --------
    >>> names_of_sides(View(Side("today"), Side("baseline", (("slots", 9.0),))))
    ['today', 'baseline with 1 lever moved']
    """
    names = []
    for side in [view.a] if view.b is None else [view.a, view.b]:
        n = len(side.levers)
        moved = f" with {n} lever{'' if n == 1 else 's'} moved" if n else ""
        names.append(f"{side.scenario}{moved}")
    return names


def problems_of_sides(view: View) -> list[str]:
    """Return the problems with the settings, levers by title; for two sides, with the side."""
    sides = {"A: ": view.a} if view.b is None else {"A: ": view.a, "B: ": view.b}
    found: dict[str, list[str]] = {}
    for mark, side in sides.items():
        try:
            build_side(side, view.beliefs)
        except ScenarioError as error:
            for problem in error.problems:
                text = problem_in_words(problem, _as_written(side))
                found.setdefault(text, []).append(mark)
    # A problem of both sides, such as a pinned belief, needs no mark.
    return [
        text if len(marks) == len(sides) else f"{marks[0]}{text}" for text, marks in found.items()
    ]


def _as_written(side: Side) -> Scenario | None:
    try:
        return scenario_of(side)
    except ScenarioError:
        return None


def headline(found: ShownAnswer, text: str) -> str:
    """Return the headline of an answer, which says if it is not the one asked for."""
    return f"{NOT_YOURS}{text}" if found.is_stale else text


def problems_in_words(error: SimError) -> list[str]:
    """Return the text of each problem of an error."""
    if isinstance(error, InputError):
        return [problem_in_words(problem) for problem in error.problems]
    return [str(error)]


def no_months(view: View) -> str:
    """Return why the months of two sides prevent a comparison; "" if they do not.

    In the words of the page: the command line's remedy is to edit a file.
    """
    if view.b is None:
        return ""
    try:
        a, b = (build_side(side, view.beliefs).months for side in (view.a, view.b))
    except SimError:
        return ""
    if not set(a).isdisjoint(b):
        return ""
    spans = [f"{month_in_words(months[0])} to {month_in_words(months[-1])}" for months in (a, b)]
    return (
        f"A covers {spans[0]} and B {spans[1]}: they share no month, so futures of one cannot be "
        "compared with futures of the other. Choose two scenarios that share months, or open them "
        "on Compare, which shows their numbers side by side."
    )


def provider_of_interest(found: ShownAnswer) -> str:
    """Return the provider whose partners are counted; the first unless the link names one.

    A provider that only B has counts too.
    """
    asked = session.current().of
    known = list(provider_names(found))
    return asked if asked in known else known[0]
