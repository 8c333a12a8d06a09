"""What an outcome of the Explore page hangs on: levers and beliefs, ranked on request."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from sim.analysis.pairing import provider_names
from sim.analysis.quantities import PROBABILITY, in_futures, quantities_of_futures
from sim.analysis.what_matters.matters import WhatMatters, what_matters
from sim.experiment.intervals import variance_share
from sim.experiment.spans import earlier_end
from sim.interfaces.explorer.controls.answers import ask, is_asked_of, show_sentences
from sim.interfaces.explorer.controls.charts import show_chart
from sim.interfaces.explorer.controls.downloads import offer_csv
from sim.interfaces.explorer.controls.latest import provider_of_interest, shown_answer
from sim.interfaces.explorer.controls.origin import origin_of
from sim.interfaces.explorer.quoting.recipe import given_on_view
from sim.interfaces.explorer.state import session
from sim.interfaces.explorer.state.ranked import keep_ranking
from sim.interfaces.recipes.asked import Invocation
from sim.interfaces.recipes.recipe import Recipe, answer_recipe
from sim.words.text import escaped, with_article
from sim.words.titles import country_names
from sim.words.wording import percent

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.interfaces.charts.palette import Theme
    from sim.interfaces.explorer.state.runs import ShownAnswer

# Name of the choice in the view, and fragment of the answer.
HANGS = MATTERS = "explore.matters"
TOTAL, COUNTRY = "total", "country"
ABOUT = (TOTAL, COUNTRY)
# The command line runs three times as many futures.
SIZES: dict[str, Any] = {"replicates": 16, "trajectories": 8, "kept": 6, "points": 64}
_NONE = ""
_ASKED_OF = "matters"


def show_matters(theme: Theme) -> None:
    """Draw the choice of an outcome, and the ranking of what it hangs on."""
    answer = shown_answer()
    st.header("What does this hang on?", anchor=False)

    def take(about: str | None) -> None:
        session.set_detail(HANGS, about or _NONE)
        session.keep(_ASKED_OF, None)

    who = provider_names(answer)[provider_of_interest(answer)]
    titles = {TOTAL: f"The partners of {with_article(who)}"}
    names = country_names()
    if _country(answer):
        titles[COUNTRY] = f"Whether {names[_country(answer)]} is one of them"
    now = _about(answer)
    st.segmented_control(
        "Rank all levers and beliefs by how far they move",
        list(titles),
        format_func=lambda about: escaped(titles[about]),
        **session.controlled(HANGS, now or None, take),
    )
    _show_part(theme)


def _country(answer: ShownAnswer) -> str:
    """Return the country on view, if it decides; "" if not."""
    code = session.current().country
    return code if code in answer.ensemble.axes.country else ""


def _about(answer: ShownAnswer) -> str:
    """Return the outcome that is asked about; "" if none is."""
    asked = session.detail(HANGS, _NONE)
    return asked if asked == TOTAL or (asked == COUNTRY and _country(answer)) else _NONE


def _outcome(answer: ShownAnswer) -> str:
    """Return the outcome as the command line names it."""
    of = provider_of_interest(answer)
    is_total = _about(answer) != COUNTRY
    return f"n_countries({of})" if is_total else f"{PROBABILITY}({_country(answer)}, {of})"


def _key(answer: ShownAnswer) -> str:
    """Return what tells the question of one answer from that of another."""
    parts = (answer.a.scenario.hash, _outcome(answer), answer.a.months[-1], answer.ensemble.seed)
    return " ".join(map(str, parts))


@st.fragment(key=MATTERS)
def _show_part(theme: Theme) -> None:
    """Draw the answer. It takes some seconds, so moving a lever does not start one."""
    answer = shown_answer()
    st.caption(escaped(spread_in_words(answer)))
    if not _about(answer):
        st.caption(
            "Every lever and every belief is moved over its range; the strongest are moved again "
            "and ranked. The beliefs among the levers are then listed in this order. This takes "
            "some seconds."
        )
        return
    key = _key(answer)
    if not is_asked_of(_ASKED_OF, _about(answer), key, "Rank again, as the levers stand now"):
        return
    found = ask(
        "Moving every lever and belief",
        f"matters {key}",
        lambda progress: _found(answer, _outcome(answer), progress),
    )
    if found is None:
        return
    if keep_ranking(found):
        # The beliefs, which are drawn by now, take the new order.
        st.rerun()
    show_sentences(found)
    drawn = show_chart("tornado", found.ranking, theme, "matters")
    origin = partial(origin_of, answer)
    recipe = partial(_recipe, answer, _outcome(answer))
    offer_csv(found.frame, "what-matters", "CSV of what matters", origin, [drawn], recipe)


def spread_in_words(answer: ShownAnswer) -> str:
    """Return how much of the spread of the partners over futures is due to numbers and to luck."""
    ensemble, of = answer.ensemble, provider_of_interest(answer)
    if of not in ensemble.axes.provider:
        return ""
    quantity = quantities_of_futures(ensemble, ensemble.scenario).find(f"n_countries({of})")
    share = float(variance_share(in_futures(ensemble, quantity), ensemble.futures_per_draw))
    if share != share:
        return ""
    who = with_article(provider_names(answer)[of])
    return (
        f"Of the variance of the partners of {who} over futures, {percent(share)} comes from the "
        f"numbers that are uncertain and {percent(1.0 - share)} from luck."
    )


def _found(answer: ShownAnswer, outcome: str, progress: Callable[[int, int], None]) -> WhatMatters:
    scenario = answer.a.scenario.with_changes(_ends_sooner(answer))
    return what_matters(scenario, outcome, seed=answer.ensemble.seed, progress=progress, **SIZES)


def _ends_sooner(answer: ShownAnswer) -> dict[str, str]:
    """Return the change that ends the scenario with the answer, if that stops earlier."""
    last = earlier_end([answer.a.scenario], answer.a.months[-1])
    return {} if last is None else {"horizon.end": last}


def _recipe(answer: ShownAnswer, outcome: str) -> Recipe:
    given = given_on_view(answer)
    given = replace(given, changes={**given.changes, **_ends_sooner(answer)})
    keywords = {"outcome": outcome, "seed": answer.ensemble.seed, **SIZES}
    return answer_recipe(Invocation("what-matters", keywords=keywords), given)
