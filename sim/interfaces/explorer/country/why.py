"""Why the country chose as it did: over all futures, or in one of them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from sim.analysis.explanation.explaining import explain
from sim.analysis.explanation.one_future.in_future import WhyInFuture
from sim.errors import SimError
from sim.interfaces.explorer.controls.answers import show_sentences
from sim.interfaces.explorer.controls.charts import show_chart
from sim.interfaces.explorer.controls.downloads import offer_csv
from sim.interfaces.explorer.controls.latest import provider_of_interest
from sim.interfaces.explorer.controls.origin import origin_of
from sim.interfaces.explorer.state import session
from sim.words.text import escaped

if TYPE_CHECKING:
    from sim.analysis.explanation.all_futures.over_futures import WhyOverFutures
    from sim.experiment.result import Result
    from sim.interfaces.charts.palette import Theme
    from sim.interfaces.explorer.controls.origin import Origin
    from sim.interfaces.explorer.state.runs import Answer

_WAY, _FUTURE = "country.why", "country.future"
_NONE, _ALL, _ONE = "", "all", "one"
_TITLES = {_ALL: "Over all futures", _ONE: "In one future"}
# More would take longer than a visitor waits; the command line takes as many as wanted.
FUTURES = 500


def show_why(answer: Answer, code: str, theme: Theme) -> None:
    """Draw the choice of what is explained, and why the country chose as it did."""
    st.header("Why, reason by reason", anchor=False)
    asked = session.detail(_WAY, _NONE)
    now = asked if asked in _TITLES else None

    def take(way: str | None) -> None:
        session.set_detail(_WAY, way or _NONE)

    st.segmented_control(
        "Explain", list(_TITLES), format_func=lambda way: _TITLES[way],
        **session.controlled(_WAY, now, take),
    )  # fmt: skip
    if now is None:
        st.caption(
            "What it weighed, what distinguishes the futures in which it signs, and, in one "
            "future, the smallest single change that would have changed its choice."
        )
        return
    result = answer.a
    number = _chosen_future(result) if now == _ONE else None
    provider = provider_of_interest(answer)
    if provider not in result.scenario.providers:
        st.caption(escaped("A has no offers of the provider that is counted."))
        return
    key = f"{result.scenario.hash} {result.seed} {result.replicates} {result.months} {code} "
    try:
        found = _why(f"{key}{provider} {number}", result, code, provider, number)
    except SimError as error:
        st.info(escaped(str(error)))
        return
    show_sentences(found)
    drawn = show_chart("why", found, theme)
    table = "terms" if isinstance(found, WhyInFuture) else "reasons"
    offer_csv(
        lambda: found.frame(table),
        f"{code}-why",
        "CSV of its reasons",
        partial(_origin, answer, code),
        [drawn],
    )


def _chosen_future(result: Result) -> int:
    """Draw the choice of a future; return its number."""
    last = result.replicates - 1
    text = session.detail(_FUTURE, "0")
    now = min(int(text), last) if text.isascii() and text.isdigit() else 0

    def take(number: int) -> None:
        session.set_detail(_FUTURE, str(number), "0")

    st.number_input(
        f"Number of the future, 0 to {last:,}", 0, last, step=1,
        **session.controlled(_FUTURE, now, take),
    )  # fmt: skip
    return now


def _origin(answer: Answer, code: str) -> Origin:
    return {"code of the country": code} | origin_of(answer)


@st.cache_resource(max_entries=32, ttl=600, show_spinner="Following the futures")
def _why(
    key: str, _result: Result, code: str, provider: str, number: int | None
) -> WhyInFuture | WhyOverFutures:
    if number is not None:
        return explain(_result, code, replicate=number, provider=provider)
    if _result.replicates <= FUTURES:
        return explain(_result, code, provider=provider)
    return explain(
        _result.scenario, code, provider=provider, replicates=FUTURES, seed=_result.seed,
        as_of=_result.months[-1],
    )  # fmt: skip
