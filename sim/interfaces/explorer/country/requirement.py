"""What it would take for a country to sign, and the most that it can ask: opened on demand."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from sim.analysis.requirement.each.everybody import Requirements, what_would_each_take
from sim.analysis.requirement.host.bargaining import MostAsked, most_it_can_ask
from sim.analysis.requirement.requiring import Requirement, what_would_it_take
from sim.interfaces.explorer.controls.answers import ask, show_sentences
from sim.interfaces.explorer.controls.charts import show_chart
from sim.interfaces.explorer.controls.downloads import offer_csv
from sim.interfaces.explorer.controls.latest import provider_of_interest
from sim.interfaces.explorer.controls.link_choices import NOTHING, pick, pick_question
from sim.interfaces.explorer.controls.origin import origin_of_country
from sim.interfaces.explorer.quoting.recipe import given_on_view
from sim.interfaces.recipes.asked import Invocation
from sim.interfaces.recipes.recipe import answer_recipe
from sim.words.titles import offer_title
from sim.words.wording import by_when, percent

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.interfaces.charts.palette import Theme
    from sim.interfaces.explorer.controls.origin import Origin
    from sim.interfaces.explorer.state.runs import ShownAnswer
    from sim.scenario import Scenario

# Of each trial; the command line takes as many as wanted.
FUTURES = 120
_ASKED, _OFFER, _LEVEL = "country.takes", "country.takes_offer", "country.takes_level"
_IT, _HOST, _EACH = "it", "host", "each"
_QUESTIONS = {
    _IT: "What it would take",
    _HOST: "The most that it can ask",
    _EACH: "What it would take for each country",
}
_CHARTS = {_IT: "requirement", _HOST: "most_asked", _EACH: "requirements"}
_FUNCTIONS = {
    _IT: "what_would_it_take", _HOST: "most_it_can_ask", _EACH: "what_would_each_take",
}  # fmt: skip
_LEVELS = ("0.25", "0.5", "0.75", "0.9")
_USUAL_LEVEL = "0.5"


def show_requirement(answer: ShownAnswer, code: str, theme: Theme) -> None:
    """Draw the choice of a question about terms, and its answer once one is chosen."""
    st.header("What would it take?", anchor=False)
    asked = pick_question("Question", _ASKED, _QUESTIONS)
    if asked == NOTHING:
        st.caption(
            "Terms are tried one after another in the same futures: more local control and a "
            "larger fund, offered to all who are asked. The command what-would-it-take "
            "has all levers."
        )
        return
    scenario = answer.a.scenario
    provider = provider_of_interest(answer)
    offers = {
        ref: offer_title(scenario, ref)
        for ref in scenario.offers
        if provider not in scenario.providers or ref.split(".")[0] == provider
    }
    first = next(iter(offers))
    reference = pick("Offer", _OFFER, offers, first)
    levels = {name: percent(float(name)) for name in _LEVELS}
    level = float(pick("How likely", _LEVEL, levels, _USUAL_LEVEL))
    month = answer.a.months[-1]
    st.caption(f"By {by_when(month)}; {FUTURES} futures for each set of terms.")
    seed = answer.ensemble.seed
    given = {
        "offer": reference, "by": month, "probability": level, "replicates": FUTURES, "seed": seed,
    }  # fmt: skip
    found = ask(
        "Trying terms",
        f"takes {scenario.hash} {asked} {code} {reference} {level} {month} {seed}",
        lambda progress: _answer(scenario, asked, code, {**given, "progress": progress}),
    )
    if found is None:
        return
    show_sentences(found)
    drawn = show_chart(_CHARTS[asked], found, theme)
    origin: Callable[[], Origin] = partial(origin_of_country, answer, code)
    offer_csv(
        lambda: found.frame(), f"{code}-{asked}-takes", "CSV of the answer", origin, [drawn],
        lambda: answer_recipe(_question(asked, code, given), given_on_view(answer), by_option=True),
    )  # fmt: skip


def _answer(
    scenario: Scenario, asked: str, code: str, given: dict[str, Any]
) -> Requirement | Requirements | MostAsked:
    if asked == _EACH:
        return what_would_each_take(scenario, **given)
    return (what_would_it_take if asked == _IT else most_it_can_ask)(scenario, code, **given)


def _question(asked: str, code: str, given: dict[str, Any]) -> Invocation:
    """Return the question as the command line and Python ask it."""
    about = () if asked == _EACH else (code,)
    options = {_IT: {}, _HOST: {"host": True}, _EACH: {"all": True}}[asked]
    return Invocation("what-would-it-take", about, given, options, function=_FUNCTIONS[asked])
