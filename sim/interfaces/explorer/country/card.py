"""The card beside the map: a summary of one country."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from sim.analysis.countries import difference_with, probability_with
from sim.analysis.pairing import (
    absence_from_b,
    absence_in_words,
    provider_names,
    where_it_takes_part,
)
from sim.analysis.summary.country import country_headline, endings_in_words
from sim.analysis.summary.dated import numbered_in_words
from sim.experiment.summaries.explaining import case_in, explain
from sim.interfaces.charts.probabilities import on_time_axis
from sim.interfaces.explorer.controls.charts import show_chart
from sim.interfaces.explorer.controls.latest import marked_month
from sim.interfaces.explorer.controls.navigation import page_link
from sim.interfaces.explorer.country.record import show_record
from sim.interfaces.explorer.state import session
from sim.words.definitions import OF_MEAN
from sim.words.text import escaped
from sim.words.titles import country_names
from sim.words.wording import percent, points, span

if TYPE_CHECKING:
    from sim.interfaces.charts.palette import Theme
    from sim.interfaces.explorer.quoting.pictures import OfferedPicture
    from sim.interfaces.explorer.state.runs import ShownAnswer


def choose_country(key: str) -> str:
    """Draw the list of countries; return the code of the chosen one."""
    names = country_names()
    now = session.current().country
    now = now if now in names else "KOR"

    def take(code: str | None) -> None:
        if code is not None:
            session.change(country=code)
            session.write_address()

    st.selectbox(
        "Country", list(names), format_func=lambda code: names[code],
        **session.controlled(key, now, take),
    )  # fmt: skip
    return now


def show_card(over_time: ShownAnswer, answer: ShownAnswer, theme: Theme) -> list[OfferedPicture]:
    """Draw the card of the chosen country: its likeliest path, probabilities, and reasons.

    Returns its chart as a picture; none if the country takes no part.

    Parameters
    ----------
    over_time : ShownAnswer
        Over all months, for the chart.
    answer : ShownAnswer
        As of the month on view, with what its numbers are compared with.
    theme : Theme
    """
    with st.container(border=True):
        code = choose_country("card.country")
        if code not in answer.ensemble.axes.country:
            side = "A" if answer.reference == "B" else ""
            st.caption(escaped(" ".join(absence_in_words(code, {side: answer.a.scenario}))))
            return []
        headline = country_headline(answer, code, country_names()[code])
        st.markdown(f"**{escaped(headline)}**")
        show_record(answer, code, "card")
        # The map beside it explains the colours.
        how: dict[str, Any] = {"country": code, "is_small": True, "month": marked_month()}
        drawn = show_chart("country_groups", over_time, theme, "card", **how)
        dated = numbered_in_words(on_time_axis(over_time, code, "A"))
        if dated:
            st.caption(escaped(dated))
        st.caption(escaped(endings_in_words(answer, code)))
        missing = absence_from_b(answer, code)
        if missing:
            st.caption(escaped(missing))
        shown = where_it_takes_part(answer, code)
        for provider in provider_names(shown):
            _show_provider(shown, code, provider)
        page_link("country", "More about this country")
    return [drawn]


def change_of(answer: ShownAnswer, code: str, provider: str) -> str:
    """Return how the probability of being with a provider changes, with its interval."""
    change, least, most = difference_with(answer, code, provider)
    by = "A minus B" if answer.reference == "B" else f"Against {answer.reference}"
    return f"{by}: {points(change)} points ({OF_MEAN}: {span(least, most, points)})"


def _show_provider(answer: ShownAnswer, code: str, provider: str) -> None:
    name = provider_names(answer)[provider]
    p, low, high = probability_with(answer.a, code, provider)
    text = f"**{escaped(name)}: {escaped(percent(p))}** {escaped(f'({span(low, high, percent)})')}"
    if answer.comparison is not None:
        text += f"  \n{escaped(change_of(answer, code, provider))}"
    st.markdown(text)
    if provider not in answer.ensemble.axes.provider:
        st.caption("A has no offers from it.")
        return
    st.caption(escaped(str(explain(case_in(answer.ensemble, code, provider)))))
