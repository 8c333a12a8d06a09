"""Why two scenarios differ: which reasons and which countries make the difference."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from sim.analysis.explanation.two_scenarios.differing import WhyDifference, explain_difference
from sim.errors import SimError
from sim.interfaces.explorer.compare.columns import compared_scenarios
from sim.interfaces.explorer.controls.answers import show_sentences
from sim.interfaces.explorer.controls.charts import show_chart
from sim.interfaces.explorer.controls.downloads import offer_csv
from sim.interfaces.explorer.controls.origin import origin_of_columns
from sim.interfaces.explorer.state import session
from sim.interfaces.explorer.state.runs import months_of_view
from sim.words.text import escaped

if TYPE_CHECKING:
    from sim.interfaces.charts.palette import Theme
    from sim.interfaces.explorer.compare.columns import Compared
    from sim.scenario import Scenario

# Each is simulated in both scenarios and followed in both; the command line takes more.
FUTURES = 200
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
        key = f"{a.name} {a.hash} {b.name} {b.hash}"
        found = _difference(key, of, view.seed, months[-1], a, b)
    except SimError as error:
        st.info(escaped(str(error)))
        return
    show_sentences(found)
    origin = partial(origin_of_columns, columns, view)
    for by, table, label in (
        ("cause", "causes", "CSV of the reasons"),
        ("country", "countries", "CSV of the countries"),
    ):
        drawn = show_chart("why_difference", found, theme, f"why_difference.{by}", by=by)
        offer_csv(partial(found.frame, table), f"why-by-{table}", label, origin, [drawn])


@st.cache_resource(max_entries=16, ttl=600, show_spinner="Following the futures of both")
def _difference(
    key: str, of: str, seed: int, last: str, _a: Scenario, _b: Scenario
) -> WhyDifference:
    outcome = f"n_countries({of})"
    return explain_difference(_a, _b, outcome, replicates=FUTURES, seed=seed, as_of=last)
