"""What has moved, country by country: who moves most, and whose likeliest path changes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from sim.analysis.pairing import provider_names
from sim.analysis.summary.changes import flips, largest_movers
from sim.interfaces.explorer.controls.downloads import offer_csv
from sim.interfaces.explorer.controls.latest import changed_answer, provider_of_interest
from sim.interfaces.explorer.controls.origin import origin_of
from sim.interfaces.explorer.tables.building import (
    HIGH,
    LOW,
    at_reference,
    minus_reference,
    probability_header,
)
from sim.interfaces.explorer.tables.html import html_listing
from sim.words.definitions import OF_MEAN
from sim.words.text import escaped, with_article
from sim.words.wording import month_in_words, percent, points, span

if TYPE_CHECKING:
    from sim.interfaces.explorer.state.runs import ShownAnswer

MOVES = "explore.moves"
MOST_LISTED = 12
_MOVER_WIDTHS = {"country": 34, "points": 14, "90 %": 24}


@st.fragment(key=MOVES)
def show_moves() -> None:
    """Draw who moves most and who flips, against B or the start; nothing if nothing is compared."""
    answer = changed_answer()
    if answer.comparison is None:
        return
    of = provider_of_interest(answer)
    movers, flipped = largest_movers(answer, of), flips(answer)
    against = "from B to A" if answer.reference == "B" else "against the start"
    st.header(f"What moves {against}", anchor=False)
    st.caption(escaped(_says(answer, of, movers, flipped)))
    places = st.columns(2, gap="medium")
    with places[0]:
        st.markdown("**Who moves most**")
        _list(_shown_movers(movers, answer), "Who moves most", "No country moves.", _MOVER_WIDTHS)
        offer_csv(lambda: movers_table(movers, answer, of), "who-moves-most",
                  "CSV of who moves", partial(origin_of, answer))  # fmt: skip
    with places[1]:
        st.markdown("**Who flips: the likeliest path changes**")
        _list(_shown_flips(flipped, answer), "Who flips", "No country flips.", {})
        offer_csv(lambda: flips_table(flipped, answer), "who-flips", "CSV of who flips",
                  partial(origin_of, answer))  # fmt: skip


def _says(answer: ShownAnswer, of: str, movers: pd.DataFrame, flipped: pd.DataFrame) -> str:
    title, end = with_article(provider_names(answer)[of]), month_in_words(answer.a.months[-1])
    clear = (movers["difference_low"] > 0) | (movers["difference_high"] < 0)
    listed = "The first of each list are shown; the CSV has all."
    return (
        f"Probability of being with {title} at the end of {end}, in the same futures: it changes "
        f"clearly in {_countries(int(clear.sum()))}, that is, the {OF_MEAN} excludes zero. "
        f"The likeliest path changes in {_countries(len(flipped))}. {listed}"
    )


def _countries(n: int) -> str:
    return f"{n} {'country' if n == 1 else 'countries'}"


def _list(table: pd.DataFrame, label: str, nothing: str, widths: dict[str, int]) -> None:
    if table.empty:
        st.caption(nothing)
        return
    st.html(html_listing(table.head(MOST_LISTED), label, widths))


def _short(answer: ShownAnswer) -> str:
    return "start" if answer.is_from_start else "B"


def _shown_movers(movers: pd.DataFrame, answer: ShownAnswer) -> pd.DataFrame:
    ends = zip(movers["difference_low"], movers["difference_high"], strict=True)
    return pd.DataFrame(
        {
            "country": movers["country"],
            _short(answer): movers["p_before"].map(percent),
            "now" if answer.is_from_start else "A": movers["p"].map(percent),
            "points": movers["difference"].map(points),
            "90 %": [span(low, high, points) for low, high in ends],
        }
    )


def _shown_flips(flipped: pd.DataFrame, answer: ShownAnswer) -> pd.DataFrame:
    def words(path: str, p: str) -> list[str]:
        pairs = zip(flipped[path], flipped[p], strict=True)
        return [f"{title}, {percent(value)}" for title, value in pairs]

    return pd.DataFrame(
        {
            "country": flipped["country"],
            _short(answer): words("before", "p_before"),
            "now" if answer.is_from_start else "A": words("now", "p"),
        }
    )


def movers_table(movers: pd.DataFrame, answer: ShownAnswer, of: str) -> pd.DataFrame:
    """Return `largest_movers` for a spreadsheet; probabilities are shares 0-1."""
    probability = probability_header(provider_names(answer)[of])
    minus = f"{probability}, {minus_reference(answer)}"
    titles = {
        "p_before": f"{probability} {at_reference(answer)} (0-1)",
        "p": f"{probability} (0-1)",
        "difference": f"{minus} (0-1)",
        "difference_low": f"{minus}, 90 % {LOW} (0-1)",
        "difference_high": f"{minus}, 90 % {HIGH} (0-1)",
    }
    return movers.rename(columns=titles)


def flips_table(flipped: pd.DataFrame, answer: ShownAnswer) -> pd.DataFrame:
    """Return `flips` for a spreadsheet; probabilities are shares 0-1."""
    before = at_reference(answer)
    return flipped.rename(
        columns={
            "before": f"likeliest path {before}",
            "p_before": f"its probability {before} (0-1)",
            "now": "likeliest path",
            "p": "its probability (0-1)",
        }
    )
