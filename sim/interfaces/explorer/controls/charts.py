"""How pages draw a chart: by its name among all charts, and in no other way."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from sim.analysis.pairing import provider_names
from sim.analysis.shown import Shown
from sim.interfaces.charts import CHARTS
from sim.interfaces.charts.heat_map import PICKED
from sim.interfaces.charts.palette import LIGHT_THEME
from sim.interfaces.explorer.quoting.alone import is_alone
from sim.interfaces.explorer.quoting.pictures import Picture
from sim.interfaces.pictures import svg_of
from sim.words.titles import country_names

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.interfaces.charts import Chart
    from sim.interfaces.charts.choices import Subjects
    from sim.interfaces.charts.palette import Theme


def show_chart(
    name: str,
    shown: Subjects,
    theme: Theme,
    place: str = "",
    take_click: Callable[[], None] | None = None,
    **choices: Any,
) -> Picture:
    """Draw one of `CHARTS`; return it as a picture, for `offer_csv` or `offer_pictures`.

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
    chart = CHARTS[name]
    spec = chart.spec(shown, theme, **choices)
    key = f"chart.{place or name}"
    draw = partial(st.vega_lite_chart, spec, width="stretch", theme=None, key=key)
    if is_alone():
        # Drawn by `offer_pictures`, if it is the one that is wanted.
        pass
    elif take_click is None:
        draw()
    else:
        draw(on_select=take_click, selection_mode=PICKED)
    of = _of_whom(shown, choices)
    return Picture(
        place or name,
        f"{chart.title}: {of}" if of else chart.title,
        str(spec["description"]),
        partial(_drawn, chart, shown, choices),
        draw,
    )


def _drawn(chart: Chart, shown: Subjects, choices: dict[str, Any]) -> str:
    return svg_of(chart.spec(shown, LIGHT_THEME, **choices))


def _of_whom(shown: Subjects, choices: dict[str, Any]) -> str:
    """Return the country and the provider that a chart is about, and its side; "" if neither."""
    words = []
    if "country" in choices:
        words.append(country_names()[choices["country"]])
    if "provider" in choices and isinstance(shown, Shown):
        words.append(provider_names(shown)[choices["provider"]])
    if "side" in choices and isinstance(shown, Shown) and shown.b is not None:
        words.append(choices["side"])
    return ", ".join(words)
