"""The card beside the map: a summary of one country."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from sim.analysis.countries import (
    difference_with,
    probability_with,
)
from sim.analysis.pairing import (
    absence_from_b,
    absence_in_words,
    provider_names,
    where_it_takes_part,
)
from sim.experiment.summaries.explaining import case_in, explain
from sim.interfaces.explorer.controls.charts import show_chart
from sim.interfaces.explorer.controls.navigation import page_link
from sim.interfaces.explorer.state import session
from sim.words.text import escaped
from sim.words.titles import country_names
from sim.words.wording import percent, points, span

if TYPE_CHECKING:
    from sim.interfaces.charts.palette import Theme
    from sim.interfaces.explorer.state.runs import Answer


def choose_country(key: str) -> str:
    """Draw the list of countries; return the code of the chosen one."""
    names = country_names()
    now = session.current().country
    now = now if now in names else "KOR"

    def take(code: str | None) -> None:
        if code is not None:
            session.change(country=code)
            session.close_session()

    st.selectbox(
        "Country", list(names), format_func=lambda code: names[code],
        **session.controlled(key, now, take),
    )  # fmt: skip
    return now


def show_card(answer: Answer, theme: Theme) -> None:
    """Draw the card of the chosen country: probabilities over time and at the end, reasons."""
    with st.container(border=True):
        code = choose_country("card.country")
        if code not in answer.ensemble.axes.country:
            side = "A" if answer.comparison is not None else ""
            st.caption(escaped(" ".join(absence_in_words(code, {side: answer.a.scenario}))))
            return
        # The map beside it explains the colours.
        show_chart("country_groups", answer, theme, "card", country=code, is_small=True)
        missing = absence_from_b(answer, code)
        if missing:
            st.caption(escaped(missing))
        shown = where_it_takes_part(answer, code)
        for provider in provider_names(shown):
            _show_provider(shown, code, provider)
        page_link("country", "More about this country")


def _show_provider(answer: Answer, code: str, provider: str) -> None:
    name = provider_names(answer)[provider]
    p, low, high = probability_with(answer.a, code, provider)
    text = f"**{escaped(name)}: {escaped(percent(p))}** {escaped(f'({span(low, high, percent)})')}"
    if answer.comparison is not None:
        change, least, most = difference_with(answer, code, provider)
        by = f"A less B: {points(change)} points ({span(least, most, points)})"
        text += f"  \n{escaped(by)}"
    st.markdown(text)
    if provider not in answer.ensemble.axes.provider:
        st.caption("A has no offers from it.")
        return
    st.caption(escaped(str(explain(case_in(answer.ensemble, code, provider)))))
