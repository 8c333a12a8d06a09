"""What moved the result: the difference of two scenarios shared out over what was changed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from sim.errors import SimError
from sim.interfaces.explorer.compare.columns import compared_scenarios
from sim.interfaces.explorer.controls.answers import show_sentences
from sim.interfaces.explorer.controls.charts import show_chart
from sim.interfaces.explorer.controls.downloads import offer_csv
from sim.interfaces.explorer.controls.origin import origin_of_columns
from sim.interfaces.explorer.state import session
from sim.interfaces.explorer.state.differences import FUTURES, split_of
from sim.interfaces.explorer.state.runs import months_of_view
from sim.words.text import escaped

if TYPE_CHECKING:
    from sim.interfaces.charts.palette import Theme
    from sim.interfaces.explorer.compare.columns import Compared

_DETAIL = "compare.split"
_NONE = ""


def show_what_moved(columns: Sequence[Compared], of: str, theme: Theme) -> None:
    """Draw the choice of a scenario, and what of its changes moved the partners of a provider."""
    view = session.current()
    scenarios = compared_scenarios(view)
    numbers = {str(n): columns[n - 1].label for n in scenarios if n > 1}
    if not numbers:
        return
    st.header("What moved the result", anchor=False)
    asked = session.detail(_DETAIL, _NONE)
    now = asked if asked in numbers else None

    def take(number: str | None) -> None:
        session.set_detail(_DETAIL, number or _NONE)

    st.segmented_control(
        f"Difference between {columns[0].label} and",
        list(numbers),
        format_func=lambda number: escaped(numbers[number]),
        **session.controlled(_DETAIL, now, take),
    )
    if now is None:
        st.caption(
            "Every mixture of the two scenarios is run in the same futures: with two parts 4 runs, "
            "with eight 256. The parts add up to the difference."
        )
        return
    a, b = scenarios[1], scenarios[int(now)]
    try:
        months = months_of_view([*scenarios.values()], view)
        found = split_of(a, b, of, FUTURES, view.seed, months[-1])
    except SimError as error:
        st.info(escaped(str(error)))
        return
    show_sentences(found)
    show_chart("split", found, theme)
    origin = partial(origin_of_columns, columns, view)
    offer_csv(lambda: found.frame(), "what-moved-the-result", "CSV of the parts", origin)
    show_chart("split", found, theme, "split.region", by="region")
    by_region = partial(found.frame, "countries")
    offer_csv(by_region, "where-the-result-moved", "CSV of the parts by UN region", origin)
