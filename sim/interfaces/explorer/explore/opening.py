"""What the page Explore is, and questions to start from, for a visitor who has chosen nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from sim.interfaces.explorer.controls.navigation import link_to_view
from sim.interfaces.explorer.country.why import WHY_HEAD
from sim.interfaces.explorer.explore.asking import ASKING_HEAD, OBJECTIVE
from sim.interfaces.explorer.explore.follow import lead_to_answers
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
HERE = "explore"
# By the question: the page that answers it, the view there, and where the answer begins.
QUESTIONS: Mapping[str, tuple[str, View, str]] = {
    "Will South Korea sign, and why?": (
        "country",
        View(country="KOR").with_detail("country.why", "all"),
        WHY_HEAD,
    ),
    "What does a closer tie to US diplomacy change?": (
        HERE,
        View(a=Side(levers=(("linkage", 1.0),)), b=Side()),
        "finding",
    ),
    "Which ten countries should be asked?": (
        HERE,
        View().with_detail(OBJECTIVE, "partners"),
        ASKING_HEAD,
    ),
}


@st.fragment(key=OPENING)
def show_opening() -> None:
    """Draw the name, what it is, and questions; a line once the visitor has chosen something."""
    if session.current() == START:
        st.markdown(f"**{NAME}** {WHAT_IT_IS} Start with a question, or move a lever:")
        with st.container(
            horizontal=True, gap="small", key="questions", vertical_alignment="center"
        ):
            for n, (question, (page, view, _)) in enumerate(QUESTIONS.items()):
                if page == HERE:
                    _button(question, view, f"question.{n}")
                else:
                    link_to_view(page, question, view)
        lead_to_answers({question: place for question, (_, _, place) in QUESTIONS.items()})
        return
    with st.container(horizontal=True, gap="small", key="start_again", vertical_alignment="center"):
        says = f"**{NAME}**: how countries align in the contest over AI infrastructure."
        st.caption(says, width="content")
        _button("Start again", START, "question.start")


def _button(label: str, view: View, key: str) -> None:
    """Draw a button that shows another view of this page.

    A browser does not follow a link of Streamlit's to the page that is open.
    """

    def show() -> None:
        session.show(view)
        session.redraw_all()

    st.button(label, key=key, on_click=show, type="tertiary")
