"""What moved the result: the difference of two scenarios shared out over what was changed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from sim.analysis.splitting.parts import BY_ADDRESS, Part, parts_of
from sim.analysis.splitting.splitting import Split, share_out
from sim.errors import InputError, SimError
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

# Of each of up to 256 runs; the command line takes as many as wanted.
FUTURES = 200
MOST_NUMBERS = 5
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
        key = f"{a.name} {a.hash} {b.name} {b.hash}"
        found = _split(key, of, view.seed, months[-1], a, b)
    except SimError as error:
        st.info(escaped(str(error)))
        return
    show_sentences(found)
    drawn = show_chart("split", found, theme)
    origin = partial(origin_of_columns, columns, view)
    offer_csv(lambda: found.frame(), "what-moved-the-result", "CSV of the parts", origin, [drawn])


def _finest(a: Scenario, b: Scenario) -> tuple[Part, ...]:
    """Return the parts of a change: its numbers where there are few, as when levers move."""
    try:
        numbers = parts_of(a, b, BY_ADDRESS)
    except InputError:
        return parts_of(a, b)
    return numbers if len(numbers) <= MOST_NUMBERS else parts_of(a, b)


@st.cache_resource(max_entries=16, ttl=600, show_spinner="Running every mixture of the two")
def _split(key: str, of: str, seed: int, last: str, _a: Scenario, _b: Scenario) -> Split:
    outcome = f"n_countries({of})"
    return share_out(_a, _b, _finest(_a, _b), outcome, FUTURES, seed, as_of=last)
