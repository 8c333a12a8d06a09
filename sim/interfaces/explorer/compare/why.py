"""Why two scenarios differ: which reasons and which countries make the difference."""

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
from sim.interfaces.explorer.state.differences import reasons_of
from sim.interfaces.explorer.state.runs import months_of_view
from sim.words.text import escaped

if TYPE_CHECKING:
    from sim.interfaces.charts.palette import Theme
    from sim.interfaces.explorer.compare.columns import Compared

_DETAIL = "compare.why"
_NONE = ""


def show_why_they_differ(columns: Sequence[Compared], of: str, theme: Theme) -> None:
    """Draw the choice of a scenario, and why the partners of a provider are more or fewer in it."""
    view = session.current()
    scenarios = compared_scenarios(view)
    numbers = {str(n): columns[n - 1].label for n in scenarios if n > 1}
    if not numbers:
        return
    st.header("Which reasons and which countries", anchor=False)
    asked = session.detail(_DETAIL, _NONE)
    now = asked if asked in numbers else None

    def take(number: str | None) -> None:
        session.set_detail(_DETAIL, number or _NONE)

    st.segmented_control(
        f"Why {columns[0].label} differs from",
        list(numbers),
        format_func=lambda number: escaped(numbers[number]),
        **session.controlled(_DETAIL, now, take),
    )
    if now is None:
        st.caption(
            "Each country that ends otherwise is traced to the month that decided, future by "
            "future: it was not asked, did not take the question up, or weighed otherwise."
        )
        return
    a, b = scenarios[1], scenarios[int(now)]
    try:
        months = months_of_view([*scenarios.values()], view)
        found = reasons_of(a, b, of, view.seed, months[-1])
    except SimError as error:
        st.info(escaped(str(error)))
        return
    show_sentences(found)
    show_chart("why_difference", found, theme, "why_difference.cause", by="cause")
    show_chart("why_difference", found, theme, "why_difference.country", by="country")
    origin = partial(origin_of_columns, columns, view)
    for table, label in (("causes", "CSV of the reasons"), ("countries", "CSV of the countries")):
        offer_csv(lambda table=table: found.frame(table), f"why-by-{table}", label, origin)  # type: ignore[misc]
