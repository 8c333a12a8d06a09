"""The map of the page Explore, with the card of a country beside it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from sim.interfaces.explorer.controls.charts import map_drawn
from sim.interfaces.explorer.controls.downloads import offer_csv
from sim.interfaces.explorer.controls.latest import (
    changed_answer,
    provider_of_interest,
    shown_answer,
)
from sim.interfaces.explorer.controls.navigation import follow_up
from sim.interfaces.explorer.controls.origin import origin_of
from sim.interfaces.explorer.country.card import show_card
from sim.interfaces.explorer.explore.groups import group_in_focus
from sim.interfaces.explorer.state import session
from sim.interfaces.explorer.state.runs import against_start
from sim.interfaces.explorer.tables.world import map_table
from sim.interfaces.map.component import MapStyle, map_data
from sim.interfaces.map.outlines import MODES

if TYPE_CHECKING:
    from sim.interfaces.charts.palette import Theme

MAP = "explore.map"


@st.fragment(key=MAP)
def show_map_and_card(theme: Theme) -> None:
    """Draw the map over all months, and the card of the view's country in the month on view."""
    view, answer = session.current(), shown_answer()
    of, mode = provider_of_interest(answer), session.detail("map.mode", MODES[0])
    map_place, card_place = st.columns([0.68, 0.32], gap="medium")
    style = MapStyle(
        mode=mode,
        has_tiles=session.detail("map.tiles", "no") == "yes",
        sides=("Now", "Start") if answer.b is None else ("A", "B"),
        on_demand=changed_answer().is_from_start,
        group=group_in_focus(answer),
    )
    if mode != MODES[0]:
        # Sent only when asked for: it doubles what a browser gets after each move of a lever.
        answer = against_start(answer) or answer
    data = map_data(answer, of, view.country, view.month, style)
    with map_place:
        take = partial(_take_from_map, data["months"][-1])
        how = {name: data[name] for name in ("mode", "month")}
        how |= {"sides": style.sides, "group": style.group}
        drawn = map_drawn(answer, of, how, data, take, "world")
    with card_place:
        cards = show_card(shown_answer(), changed_answer(), theme)
    with map_place:
        shown = data["month"]
        offer_csv(
            lambda: map_table(answer, answer.ensemble.axes.month.index(shown)),
            f"map-{shown}",
            f"CSV of the map, {shown}",
            partial(origin_of, answer),
            [drawn, *cards],
        )
    # A click on the map redraws only this part, and a lever only the parts: this call then keeps
    # the link up to date.
    session.write_address()
    follow_up()


def _take_from_map(last: str, asked: dict[str, Any]) -> None:
    if "country" in asked:
        session.change(country=asked["country"])
    if "month" in asked:
        session.change(month="" if asked["month"] == last else asked["month"])
    if "mode" in asked:
        session.set_detail("map.mode", asked["mode"], MODES[0])
    if "tiles" in asked:
        session.set_detail("map.tiles", "yes" if asked["tiles"] else "no", "no")
