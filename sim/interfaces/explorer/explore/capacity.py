"""Places, megawatts and dollars of every offer over time, on the Explore page."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from sim.analysis.over_time import FIRST_MEASURE, OFFER_MEASURES, offer_lines
from sim.interfaces.charts import CHARTS
from sim.interfaces.explorer.controls.charts import show_chart
from sim.interfaces.explorer.controls.downloads import offer_csv
from sim.interfaces.explorer.controls.latest import shown_answer
from sim.interfaces.explorer.controls.origin import origin_of
from sim.interfaces.explorer.state import session
from sim.interfaces.explorer.tables.building import ribbon_table
from sim.words.text import readable

if TYPE_CHECKING:
    from sim.interfaces.charts.palette import Theme

# Name of the choice of a measure in the view.
MEASURE = "explore.measure"
# Fragment of the chart.
CAPACITY = "explore.capacity"


def show_capacity(theme: Theme) -> None:
    """Draw the chart of slots, megawatts or dollars of every offer, and its download."""
    st.header(CHARTS["capacity"].title, anchor=False)

    def take(word: str) -> None:
        session.set_detail(MEASURE, word, FIRST_MEASURE)

    labels = {name: measure.words.label for name, measure in OFFER_MEASURES.items()}
    st.segmented_control(
        "Measure", list(labels), format_func=labels.__getitem__, required=True,
        label_visibility="collapsed", **session.controlled("measure", _measure(), take),
    )  # fmt: skip
    _show_chart(theme)


def _measure() -> str:
    """Return the word for the measure that is shown."""
    now = session.detail(MEASURE, FIRST_MEASURE)
    return now if now in OFFER_MEASURES else FIRST_MEASURE


@st.fragment(key=CAPACITY)
def _show_chart(theme: Theme) -> None:
    answer, now = shown_answer(), _measure()
    words, _, meaning = OFFER_MEASURES[now]
    title, unit = words.label, words.unit
    has_b = answer.other is not None
    says = f"{meaning} Line: mean over futures; band: 90 % of them."
    st.caption(readable(says + (" Dashed, without a band: B." if has_b else "")))
    drawn = show_chart("capacity", answer, theme, measure=now)

    def table() -> pd.DataFrame:
        lines = offer_lines(answer, now)
        ribbons = {line.name: line.ribbon for line in lines}
        heads = {line.name: {"measure": title} | line.heads for line in lines}
        return ribbon_table(answer.ensemble.axes.month, ribbons, unit, heads)

    offer_csv(
        table,
        f"capacity-{title.replace(',', '').replace(' ', '-')}",
        f"CSV of {title}",
        partial(origin_of, answer),
        [drawn],
    )
