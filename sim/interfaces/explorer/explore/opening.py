"""What the page Explore is, and questions to start from, for a visitor who has chosen nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from sim.interfaces.explorer.controls.navigation import link_to_view
from sim.interfaces.explorer.explore.asking import OBJECTIVE
from sim.interfaces.explorer.state import session
from sim.interfaces.explorer.state.view import Side, View

if TYPE_CHECKING:
    from collections.abc import Mapping

OPENING = "explore.opening"
NAME = "alignsim"
WHAT_IT_IS = (
    "simulates how countries align in the contest over AI infrastructure, between OpenAI for "
    "Countries and China's offers, in hundreds of futures."
)
START = View()
# By the question: the page that answers it, and the view there.
QUESTIONS: Mapping[str, tuple[str, View]] = {
    "Will South Korea sign, and why?": (
        "country",
        View(country="KOR").with_detail("country.why", "all"),
    ),
    "What does a closer tie to US diplomacy change?": (
        "explore",
        View(a=Side(levers=(("linkage", 1.0),)), b=Side()),
    ),
    "Which ten countries should be asked?": ("explore", View().with_detail(OBJECTIVE, "partners")),
}


@st.fragment(key=OPENING)
def show_opening() -> None:
    """Draw the name, what it is, and questions; a line once the visitor has chosen something."""
    if session.current() == START:
        st.markdown(f"**{NAME}** {WHAT_IT_IS} Start with a question, or move a lever:")
        with st.container(horizontal=True, gap="small", key="questions"):
            for question, (page, view) in QUESTIONS.items():
                link_to_view(page, question, view)
        return
    with st.container(horizontal=True, gap="small", key="start_again", vertical_alignment="center"):
        says = f"**{NAME}**: how countries align in the contest over AI infrastructure."
        st.caption(says, width="content")
        link_to_view("explore", "Start again", START, "Back to the baseline, nothing moved.")
