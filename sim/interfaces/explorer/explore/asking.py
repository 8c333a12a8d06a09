"""Which countries a provider should ask, on the Explore page."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from sim.analysis.portfolio.choosing import QUICK, Portfolio, portfolio
from sim.analysis.portfolio.objective import MEASURES
from sim.interfaces.charts import CHARTS
from sim.interfaces.explorer.controls.answers import ask, is_asked_of, show_sentences
from sim.interfaces.explorer.controls.charts import show_chart
from sim.interfaces.explorer.controls.downloads import offer_csv
from sim.interfaces.explorer.controls.latest import provider_of_interest, shown_answer
from sim.interfaces.explorer.controls.link_choices import NOTHING, pick_question
from sim.interfaces.explorer.controls.origin import origin_of
from sim.interfaces.explorer.quoting.recipe import given_on_view, size_on_view
from sim.interfaces.explorer.state import session
from sim.interfaces.recipes.asked import Invocation
from sim.interfaces.recipes.recipe import Recipe, answer_recipe

if TYPE_CHECKING:
    from sim.analysis.shared.tally import Progress
    from sim.interfaces.charts.palette import Theme
    from sim.interfaces.explorer.state.runs import ShownAnswer

# Name of the choice of an objective in the view, and fragment of the answer.
OBJECTIVE = ASKING = "explore.asking"
ASKING_HEAD = "asking_head"
_AIMS = {
    "partners": "Most partners",
    "compute": "Most compute",
    "readiness": "Most AI readiness in its camp",
    "rival_loss": "Greatest loss of rivals",
}
# The command line usually takes three times as many.
FRESH = 120
_ASKED_OF = "asking"
_TABLES = {
    "countries": "CSV of the countries to ask",
    "slots": "CSV of what each place adds",
    "others": "CSV of other sets of countries",
    "record": "CSV of the partners in fact",
}


def show_asking(theme: Theme) -> None:
    """Draw the choice of an aim, and the countries to ask for it."""
    with st.container(key=ASKING_HEAD):
        st.header(CHARTS["portfolio"].title, anchor=False)

    # Other aims of the model stand here only if a link asks for one.
    given = session.detail(OBJECTIVE, NOTHING)
    others = {given: MEASURES[given].title} if given in MEASURES else {}
    pick_question(
        "Countries that the provider should ask, for", OBJECTIVE,
        {**others, **_AIMS},
    )  # fmt: skip
    _show_part(theme)


def _objective() -> str:
    """Return the objective that is asked for; "" if none is."""
    asked = session.detail(OBJECTIVE, NOTHING)
    return asked if asked in MEASURES else NOTHING


def _key(answer: ShownAnswer) -> str:
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
    if not is_asked_of(_ASKED_OF, objective, key, "Search again, as the levers stand now"):
        return
    found = ask(
        "Comparing sets of countries",
        f"asking {objective} {key}",
        lambda progress: _found(answer, objective, progress),
    )
    if found is None:
        return
    show_sentences(found)
    drawn = show_chart("portfolio", found, theme)

    def recipe() -> Recipe:
        return answer_recipe(_asked(answer, objective), given_on_view(answer))

    with st.container(horizontal=True, gap="small", key="asking_csv"):
        for name, label in _TABLES.items():
            offer_csv(
                partial(found.frame, name), f"asking-{name}", label,
                partial(origin_of, answer), [drawn] if name == next(iter(_TABLES)) else (),
                recipe if name == next(iter(_TABLES)) else None,
            )  # fmt: skip


def _asked(answer: ShownAnswer, objective: str) -> Invocation:
    """Return the question as the command line and Python ask it."""
    of, scenario = provider_of_interest(answer), answer.a.scenario
    own = [ref for ref in scenario.offers if ref.split(".")[0] == of]
    by_selection = [ref for ref in own if not scenario.offers[ref].open_enrolment]
    offer = next(iter(by_selection or own), None)
    size = size_on_view(answer, [scenario], FRESH)
    given = {"offer": offer, "objective": objective, "search": QUICK, **size}
    return Invocation("portfolio", keywords=given)


def _found(answer: ShownAnswer, objective: str, progress: Progress) -> Portfolio:
    given = _asked(answer, objective).keywords
    return portfolio(answer.a.scenario, **given, progress=progress)
