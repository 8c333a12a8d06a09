"""The headline of the page Explore: the finding, its interval, and what was moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from sim.analysis.findings import change_in_words, finding_of, kinds_in_words, what_differs
from sim.analysis.summary.kinds import partners_by_kind
from sim.interfaces.explorer.controls.latest import (
    changed_answer,
    headline,
    latest_answer,
    names_of_sides,
    provider_of_interest,
    shown_answer,
)
from sim.interfaces.explorer.controls.origin import origin_of, what_was_moved
from sim.interfaces.explorer.explore.groups import focus_in_words
from sim.interfaces.explorer.link_notes import show_span
from sim.interfaces.explorer.quoting.headline import show_headline_with_levers
from sim.interfaces.explorer.quoting.printed import show_on_paper
from sim.words.text import escaped
from sim.words.wording import with_capital

if TYPE_CHECKING:
    from sim.errors import Problem
    from sim.interfaces.explorer.state.runs import ShownAnswer

FINDING = "explore.finding"


@st.fragment(key=FINDING)
def show_finding(problems: list[Problem]) -> None:
    """Draw the headline and its range; see `latest_answer`."""
    answer = latest_answer(problems)
    assert answer.view is not None
    a, *b = names_of_sides(answer.view)
    found = finding_of(answer, provider_of_interest(answer), (a, b[0] if b else ""))
    show_headline_with_levers(headline(answer, found.headline), "Change the levers")
    st.caption(escaped(found.range))
    group = focus_in_words(answer, provider_of_interest(answer))
    if group:
        st.markdown(escaped(group))
    moved = what_moved(answer)
    if moved:
        with st.container(key="moved"):
            st.caption(escaped(moved))
    show_span(shown_answer())
    if answer.comparison is not None:
        with st.container(key="differs"):
            st.caption(f"**What differs.** {escaped(what_differs(answer))}")
    show_on_paper(origin_of(shown_answer()))


def what_moved(answer: ShownAnswer) -> str:
    """Return what the visitor has moved, and what it changes against the start, in a sentence."""
    assert answer.view is not None
    moved = what_was_moved(answer.view)
    if not moved:
        return ""
    text, changed = f"{with_capital(moved)}", changed_answer()
    if not changed.is_from_start:
        return f"{text}."
    kinds = partners_by_kind(changed, provider_of_interest(answer))
    if kinds.all.change == 0 and kinds.all.low == kinds.all.high:
        return f"{text}: as many partners as at the start."
    clear = "" if kinds.all.is_clear else ", no clear change"
    change = f"{change_in_words(kinds.all)}{clear}"
    return f"{text}; against the start: {change}; {kinds_in_words(kinds)}."
