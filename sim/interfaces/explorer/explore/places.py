"""Who gets the places of the provider on view, and what has changed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from sim.analysis.pairing import provider_names
from sim.analysis.summary.places import places_held, places_in_words, who_gets_the_places
from sim.interfaces.explorer.controls.downloads import offer_csv
from sim.interfaces.explorer.controls.latest import changed_answer, provider_of_interest
from sim.interfaces.explorer.controls.origin import origin_of
from sim.interfaces.explorer.tables.building import HIGH, LOW, at_reference, minus_reference
from sim.interfaces.explorer.tables.html import html_listing
from sim.words.definitions import OF_MEAN, OVER_NUMBERS
from sim.words.digits import supported
from sim.words.text import escaped
from sim.words.titles import provider_name
from sim.words.wording import month_in_words, percent, points, span

if TYPE_CHECKING:
    from sim.interfaces.explorer.state.runs import ShownAnswer

PLACES = "explore.places"
MOST_LISTED = 20
_HOLDS = "probability of holding a place"


@st.fragment(key=PLACES)
def show_places() -> None:
    """Draw the countries likeliest to hold a place in the month on view; nothing without places."""
    answer = changed_answer()
    of = provider_of_interest(answer)
    offers = places_in_words(answer.a.scenario, of) if of in answer.a.scenario.providers else ""
    if not offers:
        return
    table = who_gets_the_places(answer, of)
    st.header(escaped(f"{provider_name(answer.a.scenario, of)}: who gets the places"), anchor=False)
    held = places_held(answer, of)
    end = month_in_words(answer.a.months[-1])
    st.caption(
        escaped(
            f"Offers by selection: {offers}. At the end of {end}, "
            f"{supported(held.mean, held.p05, held.p95)} countries hold a place, mean over "
            f"futures (90 % of futures: {span(held.p05, held.p95)}). Below: the likeliest to hold "
            f"one, with the {OVER_NUMBERS}{_of_change(table)}; the CSV has all countries."
        )
    )
    st.html(html_listing(_shown(table, answer).head(MOST_LISTED), "Who gets the places", {}))
    offer_csv(
        lambda: places_table(table, answer, of), f"places-{of}", "CSV of who gets the places",
        partial(origin_of, answer),
    )  # fmt: skip


def _of_change(table: pd.DataFrame) -> str:
    return f", and of a change the {OF_MEAN}" if "difference" in table else ""


def _shown(table: pd.DataFrame, answer: ShownAnswer) -> pd.DataFrame:
    table = table[table["p"] > 0]
    ends = zip(table["low"], table["high"], strict=True)
    columns = {
        "country": table["country"],
        "holds a place": table["p"].map(percent),
        "90 %": [span(low, high, percent) for low, high in ends],
    }
    if "difference" in table:
        ends = zip(table["difference_low"], table["difference_high"], strict=True)
        columns |= {
            at_reference(answer): table["p_before"].map(percent),
            "change, points": table["difference"].map(points),
            "its 90 %": [span(low, high, points) for low, high in ends],
        }
    return pd.DataFrame(columns)


def places_table(table: pd.DataFrame, answer: ShownAnswer, of: str) -> pd.DataFrame:
    """Return `who_gets_the_places` for a spreadsheet; probabilities are shares 0-1."""
    minus = f"{_HOLDS}, {minus_reference(answer)}"
    titles = {
        "p": f"{_HOLDS} (0-1)",
        "low": f"{_HOLDS}, 90 % {LOW} (0-1)",
        "high": f"{_HOLDS}, 90 % {HIGH} (0-1)",
        "p_before": f"{_HOLDS} {at_reference(answer)} (0-1)",
        "difference": f"{minus} (0-1)",
        "difference_low": f"{minus}, 90 % {LOW} (0-1)",
        "difference_high": f"{minus}, 90 % {HIGH} (0-1)",
    }
    named = table.rename(columns=titles)
    named.insert(2, "places of", provider_names(answer)[of])
    return named
