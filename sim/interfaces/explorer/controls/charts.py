"""How pages draw a chart: by its name among all charts, and in no other way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from sim.interfaces.charts import CHARTS
from sim.interfaces.charts.heat_map import PICKED

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.interfaces.charts.choices import Subjects
    from sim.interfaces.charts.palette import Theme


def show_chart(
    name: str,
    shown: Subjects,
    theme: Theme,
    place: str = "",
    take_click: Callable[[], None] | None = None,
    **choices: Any,
) -> None:
    """Draw one of `CHARTS`.

    Parameters
    ----------
    name : str
    shown : Shown, ShownSweep or Evidence
    theme : Theme
    place : str
        What tells it from other charts on the page; its name unless given.
    take_click : callable, optional
        What a click on a point does; `PICKED` then holds the point.
    **choices
        See `sim.interfaces.charts.Chart.choices`.
    """
    spec = CHARTS[name].spec(shown, theme, **choices)
    key = f"chart.{place or name}"
    if take_click is None:
        st.vega_lite_chart(spec, width="stretch", theme=None, key=key)
    else:
        st.vega_lite_chart(
            spec, width="stretch", theme=None, key=key, on_select=take_click, selection_mode=PICKED
        )
