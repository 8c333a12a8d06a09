"""The parts of the Explore page, from the finding down to the table of countries."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from sim.analysis.on_record import record_shown
from sim.analysis.over_time import partner_difference, partner_ribbons
from sim.analysis.pairing import provider_names
from sim.analysis.summary.country import country_headline, endings_in_words
from sim.analysis.summary.dated import events_in_view, numbered_in_words
from sim.interfaces.charts.dots import DOTS, partners_in_futures, twenty
from sim.interfaces.explorer.controls.charts import show_chart
from sim.interfaces.explorer.controls.downloads import offer_csv
from sim.interfaces.explorer.controls.latest import (
    changed_answer,
    marked_month,
    month_answer,
    provider_of_interest,
    shown_answer,
)
from sim.interfaces.explorer.controls.navigation import page_link
from sim.interfaces.explorer.controls.origin import origin_of
from sim.interfaces.explorer.controls.report import REPORT, offer_report
from sim.interfaces.explorer.country.record import show_record
from sim.interfaces.explorer.explore.asking import ASKING, show_asking
from sim.interfaces.explorer.explore.capacity import CAPACITY, show_capacity
from sim.interfaces.explorer.explore.cards import CARDS, show_cards
from sim.interfaces.explorer.explore.finding import FINDING
from sim.interfaces.explorer.explore.groups import (
    GROUPS,
    choose_group,
    narrowed,
    show_groups,
    world_in_words,
)
from sim.interfaces.explorer.explore.matters import MATTERS, show_matters
from sim.interfaces.explorer.explore.moved import MOVED, show_why_moved
from sim.interfaces.explorer.explore.moves import MOVES, show_moves
from sim.interfaces.explorer.explore.opening import OPENING
from sim.interfaces.explorer.explore.places import PLACES, show_places
from sim.interfaces.explorer.explore.world import MAP, show_map_and_card
from sim.interfaces.explorer.link_notes import show_notes
from sim.interfaces.explorer.state import session
from sim.interfaces.explorer.state.view import LONGEST_TEXT, WANTED, written
from sim.interfaces.explorer.tables.building import (
    country_table,
    ribbon_table,
    shown_countries,
    with_record,
)
from sim.interfaces.explorer.tables.columns import looks, printed
from sim.interfaces.map.component import show_outlines
from sim.words.text import escaped, readable
from sim.words.titles import country_names
from sim.words.wording import month_in_words

if TYPE_CHECKING:
    from sim.interfaces.charts.palette import Theme
    from sim.interfaces.explorer.state.runs import ShownAnswer

_TABLE_HEIGHT_PX = 420
# Fragments that show the answer, each redrawn when a lever is moved. What most visitors wait for
# comes first; elements between the fragments, such as headers, stay unchanged.
_NOTES, _UPTAKE, _DOTS, _COUNTRIES = (
    f"explore.{name}" for name in ("notes", "uptake", "dots", "countries")
)
PARTS = (
    FINDING, OPENING, _NOTES, REPORT, MAP, CARDS, MOVES, _UPTAKE, _DOTS, PLACES, MATTERS, MOVED,
    GROUPS, CAPACITY, ASKING, _COUNTRIES,
)  # fmt: skip


def show_results(theme: Theme) -> None:
    """Draw everything beside the levers."""
    answer = shown_answer()
    of = provider_of_interest(answer)
    _show_notes()
    _choose_provider(answer, of)
    choose_group()
    offer_report()
    cards_place = st.container()
    show_outlines()
    # Drawn before the elements above it, since most visitors wait for it.
    show_map_and_card(theme)
    with cards_place:
        show_cards()
    show_moves()
    name = provider_names(answer)[of]
    _head_uptake(answer, of, name)
    _show_uptake(theme)
    _head_dots(answer, name)
    _show_dots(theme)
    show_places()
    show_matters(theme)
    show_why_moved(theme)
    show_groups(theme)
    show_capacity(theme)
    show_asking(theme)
    _head_countries()
    _show_countries()


@st.fragment(key=_NOTES)
def _show_notes() -> None:
    show_notes(shown_answer())


def _choose_provider(answer: ShownAnswer, now: str) -> None:
    names = provider_names(answer)
    providers = list(names)

    def take(name: str | None) -> None:
        session.change(of="" if name is None or name == providers[0] else name)

    st.segmented_control(
        "Count the partners of",
        providers,
        format_func=lambda name: escaped(names[name]),
        required=True,
        **session.controlled("of", now, take),
    )


def _head_uptake(answer: ShownAnswer, of: str, name: str) -> None:
    st.header(escaped(f"{name}: partners over time"), anchor=False)
    says = (
        "Line: mean over futures. Dark band: half of them; light band: 90 %. Partners count "
        "whether or not they have a second one."
    )
    record = record_shown(answer, of)
    if record is not None:
        says += (
            f" Stepped line: partners on record from {record.months[0]} to {record.months[-1]}, "
            f"without those that have withdrawn ({record.source})."
        )
    st.caption(escaped(f"{world_in_words(answer)} {says}".strip()))


@st.fragment(key=_UPTAKE)
def _show_uptake(theme: Theme) -> None:
    answer = shown_answer()
    of = provider_of_interest(answer)
    drawn = [show_chart("uptake", answer, theme, provider=of, month=marked_month())]
    events = numbered_in_words(events_in_view(answer))
    if events:
        st.caption(escaped(events))
    if answer.other is not None:
        st.markdown("**A minus B, future by future**")
        drawn += [show_chart("uptake_difference", answer, theme, "change", provider=of)]

    def table() -> pd.DataFrame:
        found = partner_ribbons(answer, of)
        if answer.other is not None:
            found["A minus B"] = partner_difference(answer, of)
        name = provider_names(answer)[of]
        heads = {side: {"side": side, "partners of": name} for side in found}
        lines = ribbon_table(answer.ensemble.axes.month, found, "countries", heads)
        return with_record(lines, record_shown(answer, of), {"partners of": name})

    offer_csv(
        table, f"partners-{of}", "CSV of partners over time", partial(origin_of, answer), drawn
    )


def _head_dots(answer: ShownAnswer, name: str) -> None:
    st.header(escaped(f"{name}: partners in twenty futures"), anchor=False)
    rings = " Above the line A, below it B in rings." if answer.other is not None else ""
    st.caption(
        f"At the end of {month_in_words(month_answer().a.months[-1])}. Each dot is one chance in "
        "twenty, at the number of partners in that future; dots that would touch are stacked."
        f"{rings} {world_in_words(answer)}".strip()
    )


@st.fragment(key=_DOTS)
def _show_dots(theme: Theme) -> None:
    answer = month_answer()
    of = provider_of_interest(answer)
    drawn = show_chart("twenty_futures", answer, theme, "dots", provider=of)

    def table() -> pd.DataFrame:
        name = provider_names(answer)[of]
        columns = {"partners of": name, "dot": list(range(1, DOTS + 1))}
        for side, values in partners_in_futures(answer, of).items():
            columns[f"{side} (countries)"] = twenty(values)
        return pd.DataFrame(columns)

    offer_csv(table, f"twenty-futures-{of}", "CSV of the dots", partial(origin_of, answer), [drawn])


def _mark_country(key: str, codes: list[str]) -> bool:
    """Mark the row of the view's country in a table about to be drawn; return whether it has one.

    The browser identifies rows by their position in the table as sent, however the visitor has
    sorted it; so the sent table is kept until the next click.
    """
    country = session.current().country
    rows = [codes.index(country)] if country in codes else []
    wanted = {"rows": rows, "columns": [], "cells": []}
    now = st.session_state.get(key)
    _, before = session.kept(key) or ((), [])
    # For the browser, a table that gains or loses its mark is a new one and starts unmarked.
    is_new = bool(before) != bool(rows)
    if now is None or is_new or dict(now["selection"]) != wanted:
        st.session_state[key] = {"selection": wanted}
    session.keep(key, (codes, rows))
    return bool(rows)


def _take_row() -> None:
    codes, marked = session.kept("countries")
    picked = st.session_state["countries"]["selection"]
    # A cell stays picked after a click on another row's box, so a new box takes precedence.
    is_box = bool(picked["rows"]) and list(picked["rows"]) != marked
    rows = list(picked["rows"]) if is_box else [row for row, _ in picked["cells"]]
    if rows and rows[0] < len(codes):
        session.change(country=codes[rows[0]])
    # Other parts show the country too.
    session.redraw_all()


def _head_countries() -> None:
    st.header("All countries", anchor=False)
    says = (
        f"At the end of {month_in_words(month_answer().a.months[-1])}. "
        "Probability of being with a provider, alone or with a second partner, with 90 % intervals "
        "over the uncertain numbers and the Monte Carlo error. Click a heading to sort; a row that "
        "is clicked shows its country below the table."
    )
    st.caption(readable(says))

    def find(text: str) -> None:
        session.set_detail(WANTED, written(text))

    st.text_input(
        "Find a country, region or group", placeholder="for example Asia or EU",
        max_chars=LONGEST_TEXT,
        **session.controlled("find", session.detail(WANTED, ""), find),
    )  # fmt: skip


@st.fragment(key=_COUNTRIES)
def _show_countries() -> None:
    answer, wanted = changed_answer(), session.detail(WANTED, "")
    of = provider_of_interest(answer)
    table, note = narrowed(country_table(answer, of), wanted, answer)
    if table.empty:
        st.info(escaped(f"No country matches “{wanted}”. {note}".strip()))
        return
    if note:
        st.caption(escaped(note))
    shown = shown_countries(table, answer, of)
    by = provider_names(answer)[of]
    bar = st.column_config.ProgressColumn(by, format="%.1f %%", min_value=0, max_value=100)
    has_row = _mark_country("countries", list(table["code"]))
    st.dataframe(
        printed(shown),
        hide_index=True,
        height=min(_TABLE_HEIGHT_PX, 38 + 35 * max(len(table), 1)),
        column_config=looks(shown) | {by: bar},
        on_select=_take_row,
        # If one row must stay marked, its box cannot be unticked; unticking would move the cursor
        # to the first row and look like a click there.
        selection_mode=["single-row-required" if has_row else "single-row", "single-cell"],
        key="countries",
    )
    noun = "this country" if len(table) == 1 else f"these {len(table)} countries"
    offer_csv(lambda: table, "countries", f"CSV of {noun}", partial(origin_of, answer))
    _show_marked(answer)


def _show_marked(answer: ShownAnswer) -> None:
    """Draw the country of the view in short, beside the table in which its row was clicked."""
    code = session.current().country
    if code not in answer.ensemble.axes.country:
        return
    name = country_names()[code]
    with st.container(border=True, key="marked", gap="xsmall"):
        st.markdown(f"**{escaped(country_headline(answer, code, name))}**")
        show_record(answer, code, "marked")
        st.caption(escaped(endings_in_words(answer, code)))
        page_link("country", f"More about {name}")
