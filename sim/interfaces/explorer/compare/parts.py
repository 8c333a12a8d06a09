"""The parts of the Compare page, from the finding down to the largest changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from sim.errors import SimError
from sim.experiment.spans import shared_months
from sim.interfaces.explorer.compare.changes import (
    MOST_LISTED,
    how_many,
    largest_changes,
    largest_changes_table,
    probabilities_in_words,
)
from sim.interfaces.explorer.compare.columns import (
    FEWEST_COMPARED,
    added,
    compared_scenarios,
    compared_sides,
    not_yet_shown,
    put_at,
    put_first,
    taken_out,
)
from sim.interfaces.explorer.compare.findings import (
    find_largest,
    what_is_missing,
    which_months,
    why_no_probability,
)
from sim.interfaces.explorer.compare.html import html_table
from sim.interfaces.explorer.compare.maps import show_maps
from sim.interfaces.explorer.compare.moved import show_what_moved
from sim.interfaces.explorer.compare.numbers import number_rows, number_table, providers_of
from sim.interfaces.explorer.compare.why import show_why_they_differ
from sim.interfaces.explorer.controls.as_of import note_on_month, show_months
from sim.interfaces.explorer.controls.beliefs import show_run_settings
from sim.interfaces.explorer.controls.downloads import offer_csv
from sim.interfaces.explorer.controls.navigation import link_to_view
from sim.interfaces.explorer.controls.origin import moved_levers, origin_of_columns, pinned_beliefs
from sim.interfaces.explorer.country.card import choose_country
from sim.interfaces.explorer.link_notes import show_unreadable
from sim.interfaces.explorer.quoting.headline import show_headline
from sim.interfaces.explorer.state import session
from sim.interfaces.explorer.state.runs import scenario_files, scenario_of
from sim.interfaces.explorer.state.view import MOST_COMPARED, Side, View
from sim.words.text import escaped, told_apart, with_article

if TYPE_CHECKING:
    from sim.interfaces.charts.palette import Theme
    from sim.interfaces.explorer.compare.changes import LargestDifference
    from sim.interfaces.explorer.compare.columns import ScenarioColumn


def provider_looked_at(columns: Sequence[ScenarioColumn]) -> str:
    """Return the provider whose partners are counted; the first unless the link names one."""
    known = list(providers_of(columns))
    asked = session.current().of
    return asked if asked in known or not known else known[0]


def show_finding(columns: Sequence[ScenarioColumn], of: str) -> None:
    """Draw the headline and its range."""
    if not providers_of(columns):
        show_headline("None of these scenarios can be run")
        st.caption("See the problem beside each; you can undo the last step.")
        return
    broken = [column.label for column in columns if column.problems]
    if broken:
        st.warning(escaped(f"Left out: {'; '.join(broken)}. See the problem beside each, below."))
    found = find_largest(columns, of)
    show_headline(found.headline)
    st.caption(escaped(found.range))
    lines = which_months(columns)
    if lines:
        st.caption(escaped(" ".join(lines)))


def show_page(columns: Sequence[ScenarioColumn], of: str, theme: Theme) -> None:
    """Draw everything below the headline."""
    show_unreadable()
    _show_choices()
    with st.grid(columns=len(columns), min_column_width=230, gap="small"):
        for column in columns:
            with st.container(border=True, height="stretch", key=f"compared.{column.number}"):
                _show_scenario(column, columns)
    if providers_of(columns):
        _show_numbers(columns, of)
        show_maps(columns, of, providers_of(columns)[of])
        _show_changes(columns, of)
        show_what_moved(columns, of, theme)
        show_why_they_differ(columns, of, theme)
    show_run_settings()


def _show_choices() -> None:
    view = session.current()
    titles = told_apart({entry.name: entry.title for entry in scenario_files()})
    is_full = len(compared_sides(view)) >= MOST_COMPARED

    def add() -> None:
        name = st.session_state["compare.add"]
        if name is not None:
            session.show(added(session.current(), name))
            st.session_state["compare.add"] = None

    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        st.selectbox(
            "Add a scenario",
            not_yet_shown(view),
            index=None,
            format_func=lambda name: titles.get(name, name),
            placeholder="Four at most" if is_full else "Choose one to compare",
            disabled=is_full,
            key="compare.add",
            on_change=add,
            width=420,
        )
        st.button("Undo", on_click=session.undo, disabled=not session.can_undo())
    compared = compared_scenarios(view)
    if compared:
        months = shared_months([*compared.values()])
        with st.container(width=260):
            show_months("compare.as_of", months)
        note = note_on_month(months)
        if note:
            st.info(escaped(note))
    pinned = "; ".join(pinned_beliefs(view.beliefs))
    if pinned:
        st.caption(escaped(f"Pinned beliefs hold for all of these: {pinned}."))


def _show_scenario(column: ScenarioColumn, columns: Sequence[ScenarioColumn]) -> None:
    """Draw the card of one scenario: its title, the levers moved, and what can be done with it."""
    place = column.number - 1
    st.markdown(f"**{escaped(column.label)}**" + (" · the reference" if place == 0 else ""))
    _choose_scenario(column)
    for problem in column.problems:
        st.error(escaped(problem))
    if column.apart:
        st.info(escaped(column.apart))
    lines = [f"- {escaped(line)}" for line in moved_levers(column.side)]
    if lines:
        st.markdown("\n".join(["Levers moved:", "", *lines]))
    plain = replace(column.side, levers=())
    twin = next((c.number for c in columns[:place] if c.side == plain), None)
    if lines and twin is not None:
        st.caption(f"Otherwise as scenario {twin}.")
    else:
        _describe(column.side)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if column.side.levers:
            _button("Put levers back", column, lambda view: put_at(view, place, plain))
        if place > 0:
            _button("Make it the reference", column, lambda view: put_first(view, place))
        if len(columns) > FEWEST_COMPARED:
            _button("Remove", column, lambda view: taken_out(view, place))
        if place > 0 and column.found is not None and not column.apart:
            help_text = "With this scenario as A and scenario 1 as B."
            link_to_view("explore", "Open in Explore", _pair_of(column), help_text)


def _button(label: str, column: ScenarioColumn, change: Callable[[View], View]) -> None:
    st.button(
        label,
        key=f"compare.{label.split()[0].lower()}.{column.number}",
        on_click=lambda: session.show(change(session.current())),
        type="tertiary",
    )


def _choose_scenario(column: ScenarioColumn) -> None:
    entries = told_apart({entry.name: entry.title for entry in scenario_files()})
    side, place = column.side, column.number - 1
    is_draft = bool(side.draft) or side.scenario not in entries
    names = [side.scenario, *(n for n in entries if n != side.scenario)] if is_draft else [*entries]

    def take(name: str) -> None:
        session.show(put_at(session.current(), place, Side(name)))

    def title(name: str) -> str:
        return name if is_draft and name == side.scenario else entries[name]

    st.selectbox(
        f"Scenario {column.number}",
        names,
        format_func=title,
        label_visibility="collapsed",
        **session.controlled(f"compare.scenario.{place}", side.scenario, take),
    )


def _describe(side: Side) -> None:
    try:
        scenario = scenario_of(side)
    except SimError:
        return
    text = " ".join(f"{scenario.title}. {scenario.description}".split())
    st.caption(escaped(text))


def _pair_of(column: ScenarioColumn) -> View:
    """Return the view with a column as A and the reference as B."""
    view = session.current()
    return replace(view, a=column.side, b=compared_sides(view)[0])


def _show_numbers(columns: Sequence[ScenarioColumn], of: str) -> None:
    st.header("Numbers", anchor=False)
    providers = providers_of(columns)

    def take(name: str | None) -> None:
        first = next(iter(providers))
        session.change(of="" if name is None or name == first else name)

    with st.container(horizontal=True, gap="medium"):
        with st.container(width=260):
            code = choose_country("compare.country")
        st.segmented_control(
            "Headline, maps and list count the partners of",
            list(providers),
            format_func=lambda name: escaped(providers[name]),
            required=True,
            **session.controlled("compare.of", of, take),
        )
    rows = number_rows(columns, code)
    caption = (
        "Mean over futures, and the range of 90 % of them; for a probability, its 90 % interval. "
        "Second line: minus scenario 1, future by future, with its 90 % interval, bold if that "
        "excludes zero. Differences of probabilities are percentage points."
    )
    st.html(html_table(rows, columns, caption))
    for line in [*what_is_missing(columns), *why_no_probability(columns, code)]:
        st.caption(escaped(line))
    origin = partial(origin_of_columns, columns, session.current())
    offer_csv(lambda: number_table(rows, columns), "compared-numbers", "CSV of the numbers", origin)


def _show_changes(columns: Sequence[ScenarioColumn], of: str) -> None:
    title = with_article(providers_of(columns)[of])
    st.header("What changed most", anchor=False)
    counts = how_many(columns, of)
    if not counts:
        st.caption("No scenario here is compared with scenario 1.")
        return
    changes = largest_changes(columns, of)
    st.caption(
        escaped(
            f"Probability of being with {title} at the end. {' '.join(counts)} A change is clear "
            "if its 90 % interval excludes zero; up to one in ten of the others can look clear by "
            "chance, and the largest of many tend to be overstated."
        )
    )
    if not changes:
        st.markdown("No country ends differently in any future.")
        return
    st.markdown(
        escaped(
            f"The {min(len(changes), MOST_LISTED)} largest, each country once, with the reasons "
            "that moved most, in utility: + speaks more for the offer or less against it. A name "
            "opens the country with that scenario as A and scenario 1 as B."
        )
    )
    with st.container(key="changes"):
        for change in changes:
            _show_change(change)
    origin = partial(origin_of_columns, columns, session.current())
    title = providers_of(columns)[of]
    offer_csv(
        lambda: largest_changes_table(changes, title),
        "what-changed-most",
        "CSV of this list",
        origin,
    )


def _show_change(change: LargestDifference) -> None:
    name, text = st.columns([0.16, 0.84], gap="small", vertical_alignment="top")
    with name:
        there = replace(_pair_of(change.column), country=change.code)
        link_to_view("country", escaped(change.country), there)
    with text:
        clear = "" if change.is_clear else ", not clear"
        values = f"{probabilities_in_words(change)} in scenario {change.column.number}"
        why = escaped(f"Moved: {change.why or 'no reason moved notably'}")
        st.markdown(f"**{escaped(change.in_words)}**{clear}: {escaped(values)}  \n{why}")
