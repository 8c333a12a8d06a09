"""The parts of the Explore page, from the finding down to the table of countries."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from sim.analysis.findings import find, partners_at_end, what_differs
from sim.analysis.on_record import record_shown
from sim.analysis.over_time import partner_difference, partner_ribbons
from sim.analysis.pairing import ensembles_of, provider_names
from sim.analysis.standing import Count, count, final_group, paired_groups
from sim.interfaces.charts.dots import DOTS, partners_in_futures, twenty
from sim.interfaces.explorer.compare.numbers import reads_clear
from sim.interfaces.explorer.controls.charts import show_chart
from sim.interfaces.explorer.controls.downloads import offer_csv
from sim.interfaces.explorer.controls.latest import (
    headline,
    latest_answer,
    provider_of_interest,
    shown_answer,
)
from sim.interfaces.explorer.controls.navigation import follow_up
from sim.interfaces.explorer.controls.origin import origin_of
from sim.interfaces.explorer.country.card import show_card
from sim.interfaces.explorer.explore.asking import ASKING, show_asking
from sim.interfaces.explorer.explore.capacity import CAPACITY, show_capacity
from sim.interfaces.explorer.link_notes import show_lacks, show_notes, show_span
from sim.interfaces.explorer.state import session
from sim.interfaces.explorer.state.view import LONGEST_TEXT, WANTED, written
from sim.interfaces.explorer.tables.building import (
    country_table,
    map_table,
    matching,
    ribbon_table,
    shown_countries,
    with_record,
)
from sim.interfaces.explorer.tables.columns import looks, printed
from sim.interfaces.map.component import MapStyle, map_data, show_map, show_outlines
from sim.interfaces.map.outlines import MODES
from sim.words.text import escaped, readable, with_article
from sim.words.wording import error_in_words, number, span, with_sign, with_span

if TYPE_CHECKING:
    from sim.errors import Problem
    from sim.interfaces.charts.palette import Theme
    from sim.interfaces.explorer.state.runs import Answer

_TABLE_HEIGHT_PX = 420
_MOST_IN_A_ROW = 5
# Fragments that show the answer, each redrawn when a lever is moved. What most visitors wait for
# comes first; elements between the fragments, such as headers, stay unchanged.
_FINDING, _NOTES, _MAP, _CARDS, _UPTAKE, _DOTS, _COUNTRIES = (
    f"explore.{name}"
    for name in ("finding", "notes", "map", "cards", "uptake", "dots", "countries")
)
PARTS = (_FINDING, _NOTES, _MAP, _CARDS, _UPTAKE, _DOTS, CAPACITY, ASKING, _COUNTRIES)


@st.fragment(key=_FINDING)
def show_finding(problems: list[Problem]) -> None:
    """Draw the headline and its range; see `latest_answer`."""
    answer = latest_answer(problems)
    found = find(answer, provider_of_interest(answer))
    st.title(escaped(headline(answer, found.headline)), anchor=False)
    st.caption(escaped(found.range))
    show_span(answer)
    if answer.comparison is not None:
        with st.container(key="differs"):
            st.caption(f"**What differs.** {escaped(what_differs(answer))}")
    # Only narrow pages show it: there the levers come after the results.
    with st.container(key="to_levers"):
        st.markdown("[Change the levers](#levers)")


def show_results(theme: Theme) -> None:
    """Draw everything beside the levers."""
    answer = shown_answer()
    of = provider_of_interest(answer)
    _show_notes()
    _choose_provider(answer, of)
    cards_place = st.container()
    # Drawn before the elements above it, since most visitors wait for it.
    _show_map_and_card(theme)
    with cards_place:
        _show_cards()
    name = provider_names(answer)[of]
    _head_uptake(answer, of, name)
    _show_uptake(theme)
    _head_dots(answer, name)
    _show_dots(theme)
    show_capacity(theme)
    show_asking(theme)
    _head_countries()
    _show_countries()


@st.fragment(key=_NOTES)
def _show_notes() -> None:
    show_notes(shown_answer())


def _choose_provider(answer: Answer, now: str) -> None:
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


def group_count(answer: Answer, key: str) -> Count:
    """Return how many countries end in a group of paths, and the change from B to A."""
    ensembles = ensembles_of(answer).values()
    own, *others = (
        final_group(ensemble, next(group for group in groups if group.key == key))
        for ensemble, groups in zip(
            ensembles, paired_groups(answer.ensemble, answer.other), strict=True
        )
    )
    return count(own, next(iter(others), None), answer.ensemble.futures_per_draw)


def _change_in_words(found: Count) -> str | None:
    if found.change is None:
        return None
    if found.change == 0 and found.low == found.high:
        return "as in B"
    change, _ = with_span(found.change, found.low, found.high, with_sign)
    return "about as in B" if change in ("0", "0.0") else f"{readable(change)} against B"


def _spread_in_words(found: Count) -> str:
    """Return the lines below a card's number: the range of the change, if any, and of the level."""
    level = span(found.p05, found.p95)
    error = f"Monte Carlo error: {error_in_words(found.error)}"
    if found.change is None:
        return f"90 %: {level}\n{error}"
    if found.change == 0 and found.low == found.high:
        return f"A, 90 %: {level}\n{error}"
    _, ends = with_span(found.change, found.low, found.high, with_sign)
    clear = "" if reads_clear(found, "countries") else ", not clear"
    return f"Change, 90 %: {ends}{clear}\nA, 90 %: {level}\n{error}"


@st.fragment(key=_CARDS)
def _show_cards() -> None:
    answer = shown_answer()
    says = (
        "Countries at the end: mean over futures with its Monte Carlo error, and the range of 90 % "
        "of the futures."
    )
    if answer.comparison is not None:
        says = (
            "Countries at the end in A: mean over futures. Below it A less B with the 90 % "
            "interval of its mean, not clear if that includes zero; then the range of 90 % of the "
            "futures of A, and the Monte Carlo error of its mean."
        )
    st.caption(readable(says))
    groups = paired_groups(answer.ensemble, answer.other)[0]
    # A sixth card in a row of its own would look like an afterthought.
    n = len(groups)
    in_a_row = n if n <= _MOST_IN_A_ROW else -(-n // 2)
    with st.grid(columns=in_a_row, min_column_width=150, gap="small"):
        for group in groups:
            found = group_count(answer, group.key)
            with st.container(border=True, gap=None, height="stretch", key=f"card.{group.key}"):
                st.metric(
                    escaped(group.title),
                    number(found.mean),
                    delta=_change_in_words(found),
                    delta_color="off",
                    delta_arrow="off",
                )
                st.caption(escaped(_spread_in_words(found)).replace("\n", "  \n"))
    st.caption(escaped(_headline_by_cards(answer, provider_of_interest(answer))))
    show_lacks(answer)


def _headline_by_cards(answer: Answer, of: str) -> str:
    """Return how the cards add up to the partners in the headline."""
    total = partners_at_end(answer, of).mean
    alone = group_count(answer, of).mean
    # So that whole numbers stay whole.
    beside = round(total - alone, 9)
    who = with_article(provider_names(answer)[of])
    who = f"In A, {who}" if answer.comparison is not None else who[:1].upper() + who[1:]
    amounts = [number(value) for value in (total, alone, beside)]
    return (
        f"{who} has {amounts[0]} partners: {amounts[1]} with it only, and "
        f"{amounts[2]} that have two partners, it and another."
    )


@st.fragment(key=_MAP)
def _show_map_and_card(theme: Theme) -> None:
    view, answer = session.current(), shown_answer()
    of = provider_of_interest(answer)
    map_place, card_place = st.columns([0.68, 0.32], gap="medium")
    style = MapStyle(
        mode=session.detail("map.mode", MODES[0]),
        has_tiles=session.detail("map.tiles", "no") == "yes",
    )
    data = map_data(answer, of, view.country, view.month, style)
    with map_place:
        show_map(data, partial(_take_from_map, data["months"][-1]), "world")
        show_outlines()
        shown = data["month"]
        offer_csv(
            lambda: map_table(answer, answer.ensemble.axes.month.index(shown)),
            f"map-{shown}",
            f"CSV of the map, {shown}",
            partial(origin_of, answer),
        )
    with card_place:
        show_card(answer, theme)
    # A click on the map redraws only this part, and a lever only the parts: this call then keeps
    # the link up to date.
    session.close_session()
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


def _head_uptake(answer: Answer, of: str, name: str) -> None:
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
    st.caption(escaped(says))


@st.fragment(key=_UPTAKE)
def _show_uptake(theme: Theme) -> None:
    answer = shown_answer()
    of = provider_of_interest(answer)
    drawn = [show_chart("uptake", answer, theme, provider=of)]
    if answer.other is not None:
        st.markdown("**A less B, future by future**")
        drawn += [show_chart("uptake_difference", answer, theme, "change", provider=of)]

    def table() -> pd.DataFrame:
        found = partner_ribbons(answer, of)
        if answer.other is not None:
            found["A less B"] = partner_difference(answer, of)
        name = provider_names(answer)[of]
        heads = {side: {"side": side, "partners of": name} for side in found}
        lines = ribbon_table(answer.ensemble.axes.month, found, "countries", heads)
        return with_record(lines, record_shown(answer, of), {"partners of": name})

    offer_csv(
        table, f"partners-{of}", "CSV of partners over time", partial(origin_of, answer), drawn
    )


def _head_dots(answer: Answer, name: str) -> None:
    st.header(escaped(f"{name}: partners at the end, in twenty futures"), anchor=False)
    rings = " Above the line A, below it B in rings." if answer.other is not None else ""
    st.caption(
        "Each dot is one chance in twenty, at the number of partners in that future; dots that "
        f"would touch are stacked.{rings}"
    )


@st.fragment(key=_DOTS)
def _show_dots(theme: Theme) -> None:
    answer = shown_answer()
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
        "Probability of being with a provider at the end, alone or with a second partner, with "
        "90 % intervals over the uncertain numbers and the Monte Carlo error. Click a heading to "
        "sort, a row to look at its country."
    )
    st.caption(readable(says))

    def find(text: str) -> None:
        session.set_detail(WANTED, written(text))

    st.text_input(
        "Find a country or region", placeholder="for example Asia", max_chars=LONGEST_TEXT,
        **session.controlled("find", session.detail(WANTED, ""), find),
    )  # fmt: skip


@st.fragment(key=_COUNTRIES)
def _show_countries() -> None:
    answer, wanted = shown_answer(), session.detail(WANTED, "")
    of = provider_of_interest(answer)
    table = matching(country_table(answer, of), wanted)
    if table.empty:
        st.info(escaped(f"No country matches “{wanted}”."))
        return
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
