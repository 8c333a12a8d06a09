"""The results of a sweep: the finding, the measure, the chart, the picked point."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import streamlit as st

from sim.analysis.findings import CAUTION
from sim.analysis.sweeps.shown import ShownSweep
from sim.analysis.sweeps.surface import SurfaceMeasure, measures, place_column, surface
from sim.analysis.sweeps.words import (
    MOST_IN_A_NAME,
    change_in_words,
    field_header,
    level_in_words,
    place_in_words,
    point_in_words,
    stop_in_words,
    value_in_words,
)
from sim.errors import SimError
from sim.interfaces.charts.sweeps.heat_map import PICKED
from sim.interfaces.explorer.controls.charts import show_chart
from sim.interfaces.explorer.controls.downloads import offer_csv
from sim.interfaces.explorer.controls.link_choices import choice, say_not_offered
from sim.interfaces.explorer.controls.navigation import link_to_view
from sim.interfaces.explorer.country.card import choose_country
from sim.interfaces.explorer.quoting.headline import show_headline
from sim.interfaces.explorer.quoting.pictures import offer_pictures
from sim.interfaces.explorer.quoting.printed import show_on_paper
from sim.interfaces.explorer.state import session
from sim.interfaces.explorer.state.view import LONGEST_VALUE
from sim.words.text import escaped, told_apart
from sim.words.titles import country_names
from sim.words.wording import listed

if TYPE_CHECKING:
    from sim.experiment.sweeps.designs.swept import SweptField
    from sim.interfaces.charts.palette import Theme
    from sim.interfaces.explorer.controls.origin import Origin
    from sim.interfaces.explorer.state.view import View
    from sim.scenario import Scenario

VALUE, CHANGE = "value", "change"
_PLACE = "sweep"
_WAYS = {VALUE: "Value", CHANGE: "Change"}


@dataclass(frozen=True)
class Swept:
    """A sweep, as far as it has been computed.

    Parameters
    ----------
    scenario : Scenario
        The scenario as it stands.
    start : Scenario
        The scenario that is varied, and point 0: the scenario itself, or the scenario with the
        varied levers reset.
    of_scenario, start_in_words : str
        The names of these two on the page, for example "A" and "A as it stands".
    fields : tuple of SweptField
        The varied numbers.
    cells : mapping
        Values of every point by its number, including points not yet computed.
    rows : callable
        Returns the rows of a measure at the known points.
    futures : int
        Futures at each point.
    origin : callable
        Returns what a download says about the origin of its numbers.
    in_link : callable
        Returns the form of a point in a link, different from that of any other sweep's points.
    unknown_in_words : str
        What became of points without a result.
    """

    scenario: Scenario
    start: Scenario
    of_scenario: str
    start_in_words: str
    fields: tuple[SweptField, ...]
    cells: Mapping[int, tuple[float, ...]]
    rows: Callable[[SurfaceMeasure], pd.DataFrame]
    futures: int
    origin: Callable[[], Origin]
    in_link: Callable[[int], str]
    unknown_in_words: str = "have not run yet"

    @property
    def names(self) -> list[str]:
        """Names of the varied numbers, as in the columns."""
        return [field.name for field in self.fields]


@dataclass(frozen=True)
class SweepSlice:
    """The points of a sweep that a chart draws.

    Parameters
    ----------
    axes : tuple of str
        Names of the one or two numbers that the chart has as axes.
    points : list of int
        Points that are drawn, and can be picked.
    held : mapping, optional
        Where the other numbers are held, by name.
    """

    axes: tuple[str, ...]
    points: list[int]
    held: Mapping[str, float] | None = None

    @property
    def is_grid(self) -> bool:
        """Whether the points are the cells of a grid."""
        return len(self.axes) == 2


def chosen_measure(scenario: Scenario) -> SurfaceMeasure:
    """Return the measure on view; at first, the partners of the first provider."""
    names = country_names()
    country = session.current().country
    country = country if country in names else "KOR"
    known = measures(scenario, country, names[country])
    return known.get(session.detail("sweep.show", ""), next(iter(known.values())))


def show_choices(scenario: Scenario) -> SurfaceMeasure:
    """Draw the choice of the measure; return the one on view."""
    names = country_names()
    now = chosen_measure(scenario)
    known = measures(scenario, now.country or "KOR", names[now.country or "KOR"])
    first = next(iter(known))
    choice("sweep.show", {key: measure.title for key, measure in known.items()}, first)
    choice("sweep.as", _WAYS, VALUE)

    def take(key: str) -> None:
        session.set_detail("sweep.show", key, first)

    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        st.selectbox(
            "Show",
            list(known),
            format_func=lambda key: known[key].title if key in known else key,
            width=420,
            **session.controlled("sweep.show", now.key, take),
        )
        st.segmented_control(
            "As",
            list(_WAYS),
            format_func=lambda way: _WAYS[way],
            required=True,
            label_visibility="collapsed",
            help="The change is from the scenario as it stands, in the same futures.",
            **session.controlled("sweep.as", CHANGE if is_change_shown() else VALUE, _take_way),
        )
    if now.is_probability:
        choose_country("sweep.country")
    return now


def is_change_shown() -> bool:
    """Return whether changes from the scenario as it stands are on view."""
    return session.detail("sweep.as", VALUE) == CHANGE


def _take_way(way: str) -> None:
    session.set_detail("sweep.as", way, VALUE)


def show_finding(swept: Swept, measure: SurfaceMeasure, known: pd.DataFrame) -> None:
    """Draw the headline and its range."""
    ran = known[known["point"] > 0]
    if ran.empty:
        show_headline(f"Run the grid to see: {measure.title}")
        st.caption("Choose one or two levers and their range, then run the grid.")
        return
    ordered = ran.sort_values("value").to_dict("records")
    least, most = ordered[0], ordered[-1]
    low, high = measure.shown(least["value"]), measure.shown(most["value"])
    ends = low if low == high else f"{low.removesuffix(' %')} to {high}"
    show_headline(f"{measure.title}: {ends}")
    what = "Probabilities" if measure.is_probability else "Means"
    stands = known[known["point"] == 0]
    now = ""
    if not stands.empty:
        level = measure.shown(float(stands["value"].iloc[0]))
        now = f" {swept.start_in_words}: {level}."
    unknown = len(swept.cells) - 1 - len(ran)
    of_all = f"{unknown} of {len(swept.cells) - 1} points"
    part = f" {of_all} {swept.unknown_in_words}." if unknown else ""
    text = (
        f"{what} over {swept.futures:,} futures at each point, the same futures at all.{now} "
        f"Least at {_place(swept, least)}; greatest at {_place(swept, most)}.{part} {CAUTION}"
    )
    st.caption(escaped(text))


def _place(swept: Swept, row: Mapping[Any, Any]) -> str:
    return _name(swept, int(row["point"]))


def _name(swept: Swept, point: int) -> str:
    return point_in_words(swept.fields, point, swept.cells[point])


def known_surface(swept: Swept, measure: SurfaceMeasure) -> pd.DataFrame:
    """Return one measure at the known points."""
    return surface(swept.rows(measure), measure, swept.cells, swept.names)


def show_points(
    swept: Swept, measure: SurfaceMeasure, known: pd.DataFrame, drawn: SweepSlice, theme: Theme
) -> None:
    """Draw the chart, a grid of cells or points over one number; a click on a point picks it."""
    shown = ShownSweep(swept.scenario, swept.start, swept.fields, swept.cells, measure, known)
    how: dict[str, Any] = {"is_change": is_change_shown(), "chosen": picked_point(swept)}
    take = partial(_take_click, swept)
    if drawn.is_grid:
        across, up = drawn.axes
        how |= {"across": across, "up": up, "held": drawn.held}
        picture = show_chart("sweep_grid", shown, theme, _PLACE, take, **how)
    else:
        how |= {"across": drawn.axes[0], "points": drawn.points}
        picture = show_chart("sweep_line", shown, theme, _PLACE, take, **how)
    _say_what_is_drawn(shown, swept, drawn.is_grid)
    offer_pictures([picture], "sweep", "Picture of the chart", swept.origin)
    show_on_paper(swept.origin())


def _say_what_is_drawn(shown: ShownSweep, swept: Swept, is_grid: bool) -> None:
    """Say what outline, line and band stand for."""
    is_change = is_change_shown()
    if is_grid:
        colours = "The stronger the colour, the more."
        if is_change:
            colours = f"Purple: more than {swept.start_in_words}; orange: less."
        is_moved = swept.start.hash != swept.scenario.hash
        thin = f" Outlined thinly: {swept.start_in_words}." if is_moved else ""
        text = f"Outlined: where {swept.of_scenario} stands.{thin} {colours}"
    else:
        is_probability = shown.measure.is_probability
        span = "the 90 % interval of the probability" if is_probability else "90 % of futures"
        band = f" Band: {'90 % interval of the change' if is_change else span}."
        text = f"Dashed: {swept.start_in_words}.{band if shown.is_grid else ''}"
    st.caption(escaped(text))


def _take_click(swept: Swept) -> None:
    session.stay()
    marks = st.session_state[f"chart.{_PLACE}"].get("selection", {}).get(PICKED) or [{}]
    clicked = marks[0].get("point")
    # A chart that has been redrawn meanwhile may have no such point.
    point = next((point for point in swept.cells if point == clicked), None)
    if point is not None:
        session.set_detail("sweep.point", swept.in_link(point))


def picked_point(swept: Swept) -> int | None:
    """Return the picked point, if the sweep has it."""
    text = session.detail("sweep.point", "")
    points = (point for point in swept.cells if point > 0) if text else ()
    return next((point for point in points if swept.in_link(point) == text), None)


def show_point(
    swept: Swept,
    measure: SurfaceMeasure,
    known: pd.DataFrame,
    view_at: Callable[[int, bool], View],
    points: Sequence[int],
    can_open: bool = True,
) -> None:
    """Draw the choice of a point, its results, and the links to Explore.

    Parameters
    ----------
    swept, measure, known
        The sweep, the measure on view, and its values at the known points.
    view_at : callable
        Returns the view of a point, alone or compared with the varied scenario.
    points : sequence of int
        Points that can be picked.
    can_open : bool
        Whether Explore has the scenario.
    """
    picked = picked_point(swept)
    with st.container(border=True, key="point"):

        def take(point: int | None) -> None:
            session.set_detail("sweep.point", "" if point is None else swept.in_link(point))

        options = [*points] if picked is None or picked in points else [picked, *points]
        st.selectbox(
            "Point",
            options,
            index=None,
            format_func=partial(_name, swept),
            placeholder="Click one in the chart, or choose it here",
            **session.controlled("sweep.picked", picked, take),
        )
        if picked is None:
            asked = session.detail("sweep.point", "")
            if asked:
                say_not_offered(f"the point {asked[:LONGEST_VALUE]}", "none is picked")
            return
        _describe(swept, measure, known, picked)
        if can_open:
            _offer_to_open(swept, partial(view_at, picked))


def _offer_to_open(swept: Swept, view_at: Callable[[bool], View]) -> None:
    """Draw the links to Explore."""
    try:
        alone, against = view_at(False), view_at(True)
    except SimError as error:
        st.caption(escaped(str(error)))
        return
    explanation = f"In Explore, with the point as A and {swept.start_in_words} as B."
    with st.container(horizontal=True, gap="small", key="actions"):
        link_to_view("explore", "Open in Explore", alone)
        link_to_view("explore", escaped(f"Against {swept.start_in_words}"), against, explanation)


def _describe(swept: Swept, measure: SurfaceMeasure, known: pd.DataFrame, point: int) -> None:
    if len(swept.fields) > MOST_IN_A_NAME:
        st.caption(escaped(place_in_words(swept.fields, swept.cells[point])))
    stops = [
        f"{value_in_words(field, cell)}: {words}"
        for field, cell in zip(swept.fields, swept.cells[point], strict=True)
        if (words := stop_in_words(field, cell))
    ]
    if stops and len(swept.fields) <= MOST_IN_A_NAME:
        st.caption(escaped("; ".join(stops)))
    own = known[known["point"] == point]
    if own.empty:
        st.caption("This point has not run yet.")
        return
    row = own.iloc[0].to_dict()
    change = escaped(change_in_words(measure, row))
    st.markdown(
        f"**{escaped(measure.title)}: {escaped(level_in_words(measure, row))}**  \n"
        f"Change from {escaped(swept.start_in_words)}: {change}"
    )


def offer_surface(swept: Swept, measure: SurfaceMeasure, known: pd.DataFrame) -> None:
    """Draw the download of the numbers behind the chart."""
    unit = "probability 0-1" if measure.is_probability else measure.unit
    change = f"change from {swept.start_in_words}"
    named = {
        "value": f"{measure.title} ({unit})",
        "low": f"90 % interval, low ({unit})",
        "high": f"90 % interval, high ({unit})",
        "p05": f"5 % of futures below ({unit})",
        "p95": f"95 % of futures below ({unit})",
        "change": f"{change} ({unit})",
        "change_low": f"{change}, 90 % low ({unit})",
        "change_high": f"{change}, 90 % high ({unit})",
    }
    headers = told_apart({field.name: field_header(field) for field in swept.fields})
    titles = {place_column(name): header for name, header in headers.items()}
    is_start = known["point"].eq(0)

    def table() -> pd.DataFrame:
        empty = [name for name in ("p05", "p95") if known[name].isna().all()]
        found = known.drop(columns=empty).rename(columns=titles | named)
        found.insert(1, "what it is", np.where(is_start, swept.start_in_words, "varied"))
        return found

    n = int((~is_start).sum())
    parts = [f"{'this' if n == 1 else f'these {n}'} point{'' if n == 1 else 's'}"] if n else []
    parts += [swept.start_in_words] if is_start.any() else []
    offer_csv(table, "sweep", escaped(f"CSV of {listed(parts)}"), swept.origin)
