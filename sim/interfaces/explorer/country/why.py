"""Why the country chose as it did: over all futures, or in one of them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from sim.analysis.explanation.explaining import explain
from sim.analysis.explanation.one_future.in_future import WhyInFuture
from sim.interfaces.explorer.controls.answers import ask, show_sentences
from sim.interfaces.explorer.controls.charts import show_chart
from sim.interfaces.explorer.controls.downloads import offer_csv
from sim.interfaces.explorer.controls.latest import provider_of_interest
from sim.interfaces.explorer.controls.link_choices import NOTHING, pick_number, pick_question
from sim.interfaces.explorer.controls.origin import origin_of_country
from sim.interfaces.explorer.quoting.recipe import given_on_view, size_on_view
from sim.interfaces.recipes.asked import Invocation
from sim.interfaces.recipes.recipe import answer_recipe
from sim.words.text import escaped

if TYPE_CHECKING:
    from sim.analysis.explanation.all_futures.over_futures import WhyOverFutures
    from sim.analysis.shared.tally import Progress
    from sim.experiment.result import Result
    from sim.interfaces.charts.palette import Theme
    from sim.interfaces.explorer.state.runs import ShownAnswer

WHY_HEAD = "why_head"
_WAY, _FUTURE = "country.why", "country.future"
_ALL, _ONE = "all", "one"
_TITLES = {_ALL: "Over all futures", _ONE: "In one future"}
# More would take longer than a visitor waits; the command line takes as many as wanted.
FUTURES = 500


def show_why(answer: ShownAnswer, code: str, theme: Theme) -> None:
    """Draw the choice of what is explained, and why the country chose as it did."""
    with st.container(key=WHY_HEAD):
        st.header("Why, reason by reason", anchor=False)
    now = pick_question("Explain", _WAY, _TITLES)
    if now == NOTHING:
        st.caption(
            "What it weighed, what distinguishes the futures in which it signs, and, in one "
            "future, the smallest single change that would have changed its choice."
        )
        return
    result = answer.a
    last = result.replicates - 1
    label = f"Number of the future, 0 to {last:,}"
    number = pick_number(label, _FUTURE, last) if now == _ONE else None
    provider = provider_of_interest(answer)
    if provider not in result.scenario.providers:
        st.caption(escaped("A has no offers of the provider that is counted."))
        return
    key = f"{result.scenario.hash} {result.seed} {result.replicates} {result.months} {code} "
    found = ask(
        "Following the futures",
        f"why {key}{provider} {number}",
        lambda progress: _why(result, code, provider, number, progress),
    )
    if found is None:
        return
    show_sentences(found)
    drawn = show_chart("why", found, theme)
    table = "terms" if isinstance(found, WhyInFuture) else "reasons"
    offer_csv(
        lambda: found.frame(table),
        f"{code}-why",
        "CSV of its reasons",
        partial(origin_of_country, answer, code),
        [drawn],
        lambda: answer_recipe(_asked(answer, code, provider, number), given_on_view(answer)),
    )


def _why(
    result: Result, code: str, provider: str, number: int | None, progress: Progress
) -> WhyInFuture | WhyOverFutures:
    if number is not None:
        return explain(result, code, replicate=number, provider=provider)
    if result.replicates <= FUTURES:
        return explain(result, code, provider=provider, progress=progress)
    return explain(
        result.scenario, code, provider=provider, replicates=FUTURES, seed=result.seed,
        as_of=result.months[-1], progress=progress,
    )  # fmt: skip


def _asked(answer: ShownAnswer, code: str, provider: str, number: int | None) -> Invocation:
    """Return the question as the command line and Python ask it."""
    # In one future there may be many more: its number must be one of theirs.
    futures = answer.a.replicates if number is not None else min(answer.a.replicates, FUTURES)
    size = size_on_view(answer, [answer.a.scenario], futures)
    return Invocation("explain", (code,), {"provider": provider, "replicate": number, **size})
