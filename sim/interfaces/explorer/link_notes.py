"""Notes above the results on what a link asks for and the answer does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from sim.analysis.groups.members import country_groups
from sim.analysis.groups.totals import WEIGHTS
from sim.analysis.over_time import OFFER_MEASURES
from sim.analysis.pairing import (
    ensembles_of,
    lacks_in_words,
    months_in_words,
    provider_names,
    sides_of,
)
from sim.experiment.spans import shared_months
from sim.interfaces.explorer.controls.as_of import note_on_month
from sim.interfaces.explorer.controls.latest import (
    marked_month,
    provider_of_interest,
    shown_answer,
)
from sim.interfaces.explorer.controls.levers import EDITED, EDITED_SIDES, TYPED, TYPED_WORDS
from sim.interfaces.explorer.explore.capacity import MEASURE
from sim.interfaces.explorer.explore.groups import ALL_GROUPS, FOCUS
from sim.interfaces.explorer.explore.matters import ABOUT, HANGS
from sim.interfaces.explorer.explore.moved import WAYS, WHY_MOVED
from sim.interfaces.explorer.state import session
from sim.interfaces.explorer.state.page_list import PAGES
from sim.interfaces.map.outlines import MODES
from sim.words.text import escaped, with_article
from sim.words.titles import country_names
from sim.words.wording import month_in_words

if TYPE_CHECKING:
    from sim.interfaces.explorer.state.runs import ShownAnswer

# What the names of a view's details start with: the map, the levers, or a page.
_WITH_DETAILS = {"map", "levers", *PAGES}
_CHOICES = {
    "map.mode": MODES,
    "map.tiles": ("yes", "no"),
    MEASURE: tuple(OFFER_MEASURES),
    ALL_GROUPS: tuple(WEIGHTS),
    WHY_MOVED: tuple(WAYS),
    HANGS: ABOUT,
    EDITED: EDITED_SIDES,
    TYPED: TYPED_WORDS,
}


def show_notes(answer: ShownAnswer) -> None:
    """Draw notes on the link, on what this answer does not have, and on the month on view."""
    show_unreadable()
    for note in unknown_in(answer):
        st.info(escaped(note))
    _show_month()


def show_unreadable() -> None:
    """Draw notes on what could not be read in the link."""
    for note in session.link_notes():
        st.info(escaped(note))


def show_span(answer: ShownAnswer) -> None:
    """Draw which months are shown, where these are not all months of both sides."""
    scenarios = {name: side.scenario for name, side in sides_of(answer).items()}
    lines = months_in_words(scenarios, answer.a.months)
    if lines:
        st.caption(escaped(" ".join(lines)))


def _show_month() -> None:
    """Draw that figures are those of the month on view, and the way to the last month."""
    month, last = marked_month(), shown_answer().a.months[-1]
    if not month:
        return
    with st.container(horizontal=True, gap="small", key="month", vertical_alignment="center"):
        st.caption(
            escaped(
                f"Figures are as of the end of {month_in_words(month)}, the month chosen on the "
                "map; charts over time show the other months too."
            ),
            width="content",
        )
        label = f"Show {month_in_words(last)}"
        st.button(label, key="month.end", type="tertiary", on_click=_show_the_end)


def _show_the_end() -> None:
    session.change(month="")
    session.redraw_all()


def show_lacks(answer: ShownAnswer) -> None:
    """Draw notes on what one of two sides lacks, and how that is counted."""
    sides = ensembles_of(answer)
    for line in lacks_in_words(sides, provider_names(answer), country_names()):
        st.caption(escaped(line))


def unknown_in(answer: ShownAnswer) -> list[str]:
    """Return sentences on what this answer does not have of the view, and what is shown instead."""
    view = session.current()
    axes = answer.ensemble.axes
    notes = []
    if view.country not in country_names():
        notes.append(f"No country has the code {view.country}; South Korea is shown.")
    names = provider_names(answer)
    if view.of and view.of not in names:
        counted = with_article(names[provider_of_interest(answer)])
        notes.append(
            f"No provider here is called {view.of}; the partners of {counted} are counted."
        )
    scenarios = [side.scenario for side in sides_of(answer).values()]
    note = note_on_month(shared_months(scenarios))
    if note:
        notes.append(note)
    if view.month and view.month not in axes.month:
        first, last = (month_in_words(axes.month[t]) for t in (0, -1))
        notes.append(
            f"{month_in_words(view.month)} is outside the months shown here, {first} to {last}; "
            "all figures are those of the nearest month."
        )
    choices = dict(_CHOICES)
    if session.detail(FOCUS, ""):
        choices[FOCUS] = tuple(country_groups(answer.ensemble.facts))
    for name, value in view.details:
        known = choices.get(name)
        if name.split(".")[0] not in _WITH_DETAILS or (known and value not in known):
            notes.append(f"The link asks to show {name} as {value}, which no page can do.")
    return notes
