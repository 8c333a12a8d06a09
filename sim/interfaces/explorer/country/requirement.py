"""What it would take for a country to sign, and the most that it can ask: opened on demand."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from sim.analysis.requirement.each.everybody import Requirements, what_would_each_take
from sim.analysis.requirement.host.bargaining import MostAsked, most_it_can_ask
from sim.analysis.requirement.requiring import Requirement, what_would_it_take
from sim.errors import SimError
from sim.interfaces.explorer.controls.answers import show_sentences
from sim.interfaces.explorer.controls.charts import show_chart
from sim.interfaces.explorer.controls.downloads import offer_csv
from sim.interfaces.explorer.controls.latest import problems_in_words, provider_of_interest
from sim.interfaces.explorer.controls.origin import origin_of
from sim.interfaces.explorer.state import session
from sim.words.text import escaped
from sim.words.titles import offer_title
from sim.words.wording import by_when, percent

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.interfaces.charts.palette import Theme
    from sim.interfaces.explorer.controls.origin import Origin
    from sim.interfaces.explorer.state.runs import Answer
    from sim.scenario import Scenario

# Of each trial; the command line takes as many as wanted.
FUTURES = 120
_ASKED, _OFFER, _LEVEL = "country.takes", "country.takes_offer", "country.takes_level"
_NOTHING, _IT, _HOST, _EACH = "", "it", "host", "each"
_QUESTIONS = {
    _IT: "What it would take",
    _HOST: "The most that it can ask",
    _EACH: "What it would take for each country",
}
_CHARTS = {_IT: "requirement", _HOST: "most_asked", _EACH: "requirements"}
_LEVELS = ("0.25", "0.5", "0.75", "0.9")
_USUAL_LEVEL = "0.5"


def show_requirement(answer: Answer, code: str, theme: Theme) -> None:
    """Draw the choice of a question about terms, and its answer once one is chosen."""
    st.header("What would it take?", anchor=False)
    asked = _choice("Question", _ASKED, {**_QUESTIONS}, _NOTHING)
    if asked not in _QUESTIONS:
        st.caption(
            "Terms are tried one after another in the same futures: more local control and a "
            "larger fund, offered to all who are asked. The command alignsim what-would-it-take "
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
    reference = _choice("Offer", _OFFER, offers, first)
    level = _choice(
        "How likely", _LEVEL, {name: percent(float(name)) for name in _LEVELS}, _USUAL_LEVEL
    )
    month = answer.a.months[-1]
    st.caption(f"By {by_when(month)}; {FUTURES} futures for each set of terms.")
    seed = answer.ensemble.seed
    try:
        found = _ask(
            f"{scenario.hash}", asked, code, reference if reference in offers else first,
            float(level if level in _LEVELS else _USUAL_LEVEL), month, seed, scenario,
        )  # fmt: skip
    except SimError as error:
        st.info(escaped(" ".join(problems_in_words(error))))
        return
    show_sentences(found)
    drawn = show_chart(_CHARTS[asked], found, theme)
    origin: Callable[[], Origin] = partial(_origin, answer, code)
    offer_csv(lambda: found.frame(), f"{code}-{asked}-takes", "CSV of the answer", origin, [drawn])


def _choice(label: str, detail: str, known: dict[str, str], usual: str) -> str:
    """Draw a choice that the link keeps; return what is chosen."""
    now = session.detail(detail, usual)

    def take(chosen: str | None) -> None:
        session.set_detail(detail, chosen or usual, usual)

    st.segmented_control(
        label,
        list(known),
        format_func=lambda name: escaped(known[name]),
        **session.controlled(detail, now if now in known else None, take),
    )
    return now


def _origin(answer: Answer, code: str) -> Origin:
    """Return the origin of a table about one country, with its code first."""
    return {"code of the country": code} | origin_of(answer)


@st.cache_resource(max_entries=16, ttl=600, show_spinner="Trying terms")
def _ask(
    key: str, asked: str, code: str, reference: str, level: float, month: str, seed: int,
    _scenario: Scenario,
) -> Requirement | Requirements | MostAsked:  # fmt: skip
    """Return the answer to a question; `key` tells scenarios apart."""
    if asked == _EACH:
        return what_would_each_take(
            _scenario, offer=reference, by=month, probability=level, replicates=FUTURES, seed=seed
        )
    ask = what_would_it_take if asked == _IT else most_it_can_ask
    return ask(
        _scenario, code, offer=reference, by=month, probability=level, replicates=FUTURES, seed=seed
    )
