"""Which countries a provider should ask to its large offer, on the Explore page."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from sim.analysis.portfolio.asked import read_question
from sim.analysis.portfolio.choosing import Effort, Portfolio, find
from sim.analysis.portfolio.objective import MEASURES
from sim.errors import SimError
from sim.interfaces.charts import CHARTS
from sim.interfaces.explorer.controls.answers import show_sentences
from sim.interfaces.explorer.controls.charts import show_chart
from sim.interfaces.explorer.controls.downloads import offer_csv
from sim.interfaces.explorer.controls.latest import provider_of_interest, shown_answer
from sim.interfaces.explorer.controls.origin import origin_of
from sim.interfaces.explorer.state import session
from sim.words.text import escaped

if TYPE_CHECKING:
    from sim.interfaces.charts.palette import Theme
    from sim.interfaces.explorer.state.runs import Answer
    from sim.scenario import Scenario

# Name of the choice of an objective in the view, and fragment of the answer.
OBJECTIVE = ASKING = "explore.asking"
_AIMS = {
    "partners": "Most partners",
    "compute": "Most compute",
    "readiness": "Most AI readiness in its camp",
    "rival_loss": "Greatest loss of rivals",
}
_NONE = ""
# The command line takes three times as many.
EFFORT = Effort(screened=40, confirmed=80, exchanges=40, draws=20, futures_of_draw=40, paired=40)
FRESH = 120
_ASKED_OF = "asking"
_TABLES = ("countries", "slots", "others", "record")


def show_asking(theme: Theme) -> None:
    """Draw the choice of an aim, and the countries to ask for it."""
    st.header(CHARTS["portfolio"].title, anchor=False)

    def take(aim: str | None) -> None:
        session.set_detail(OBJECTIVE, aim or _NONE)
        session.keep(_ASKED_OF, _key(shown_answer()))

    now = _objective()
    st.segmented_control(
        "Countries that the provider should ask to its large offer, for",
        list(_AIMS),
        format_func=_AIMS.__getitem__,
        **session.controlled(OBJECTIVE, now if now in _AIMS else None, take),
    )
    _show_part(theme)


def _objective() -> str:
    """Return the objective that is asked for; "" if none is."""
    asked = session.detail(OBJECTIVE, _NONE)
    return asked if asked in MEASURES else _NONE


def _key(answer: Answer) -> str:
    """Return what tells the question of one answer from that of another."""
    of = provider_of_interest(answer)
    return f"{answer.a.scenario.hash} {of} {answer.a.months[-1]} {answer.ensemble.seed}"


@st.fragment(key=ASKING)
def _show_part(theme: Theme) -> None:
    """Draw the answer. A search takes some seconds, so moving a lever does not start one."""
    answer, objective = shown_answer(), _objective()
    if not objective:
        st.caption(
            "Sets of countries are compared in the same futures; the best is evaluated in fresh "
            "ones, and the partners in fact stand beside it. This takes some seconds."
        )
        return
    key = _key(answer)
    if session.kept(_ASKED_OF) is None:
        session.keep(_ASKED_OF, key)
    if session.kept(_ASKED_OF) != key:
        st.button(
            "Search again, as the levers stand now", key="asking.again", on_click=_search_again,
            args=(key,),
        )  # fmt: skip
        return
    try:
        found = _found(key, objective, provider_of_interest(answer), answer.a.months[-1],
                       answer.ensemble.seed, answer.a.scenario)  # fmt: skip
    except SimError as error:
        st.info(escaped(str(error)))
        return
    show_sentences(found)
    drawn = show_chart("portfolio", found, theme)
    with st.container(horizontal=True, gap="small", key="asking_csv"):
        for name in _TABLES:
            offer_csv(
                partial(found.frame, name), f"asking-{name}", f"CSV of {name} to ask",
                partial(origin_of, answer), [drawn] if name == _TABLES[0] else (),
            )  # fmt: skip


def _search_again(key: str) -> None:
    session.keep(_ASKED_OF, key)


@st.cache_resource(max_entries=16, ttl=600, show_spinner="Comparing sets of countries")
def _found(
    key: str, objective: str, of: str, last: str, seed: int, _scenario: Scenario
) -> Portfolio:
    own = [ref for ref in _scenario.offers if ref.split(".")[0] == of]
    by_selection = [ref for ref in own if not _scenario.offers[ref].open_enrolment]
    offer = next(iter(by_selection or own), None)
    asked = read_question(_scenario, offer, objective, None, None, None, (), ())
    return find({"": _scenario}, asked, FRESH, seed, None, last, EFFORT)
