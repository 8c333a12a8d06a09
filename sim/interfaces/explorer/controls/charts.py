"""How pages draw a chart: by its name among all charts, and in no other way."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from sim.analysis.pairing import provider_names
from sim.analysis.shown import Shown
from sim.interfaces.charts import CHARTS
from sim.interfaces.charts.palette import LIGHT_THEME
from sim.interfaces.charts.sweeps.heat_map import PICKED
from sim.interfaces.explorer.quoting.alone import is_alone
from sim.interfaces.explorer.quoting.pictures import OfferedPicture
from sim.interfaces.explorer.state import session
from sim.interfaces.map.component import show_map
from sim.interfaces.map.map_picture import map_svg
from sim.interfaces.map.outlines import map_title
from sim.interfaces.map.static_map import static_map
from sim.interfaces.pictures import svg_of
from sim.words.titles import country_names

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sim.interfaces.charts import Chart
    from sim.interfaces.charts.choices import Subjects
    from sim.interfaces.charts.palette import Theme
    from sim.interfaces.explorer.state.runs import ShownAnswer


def show_chart(
    name: str,
    shown: Subjects,
    theme: Theme,
    place: str = "",
    take_click: Callable[[], None] | None = None,
    **choices: Any,
) -> OfferedPicture:
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
    return OfferedPicture(
        place or name,
        f"{chart.title}: {of}" if of else chart.title,
        str(spec["description"]),
        partial(_drawn, chart, shown, choices),
        draw,
    )


def map_drawn(
    answer: ShownAnswer,
    of: str,
    how: Mapping[str, Any],
    data: dict[str, Any],
    take: Callable[[dict[str, Any]], None],
    place: str,
) -> OfferedPicture:
    """Draw a map; return it as a picture, as `show_chart` does.

    Parameters
    ----------
    answer : ShownAnswer
    of : str
        Key of the provider whose probability a difference is about.
    how : mapping
        Mode, month, names of the sides, and a group in focus, as `static_map` takes them.
    data : dict
        The same as `map_data` has it for browsers.
    take : callable
        What a click on it does; see `show_map`.
    place : str
        Key of the map, distinct on its page.
    """

    def take_alone(asked: dict[str, Any]) -> None:
        # The part that it belongs to is hidden, so that redrawing it alone would change nothing.
        take(asked)
        session.redraw_all()

    draw = partial(show_map, data, take_alone if is_alone() else take, place)
    if not is_alone():
        draw()
    # Only titles: the whole of it is drawn when it is asked for.
    group = how.get("group")
    return OfferedPicture(
        place,
        map_title(
            how["mode"],
            how["month"],
            provider_names(answer)[of],
            how["sides"] if answer.b else ("", ""),
            "" if group is None else group.title,
        ),
        "",
        lambda: map_svg(static_map(answer, of, **how)),
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
