"""The cards of the page Explore: how many countries end on which paths, and what has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from sim.analysis.findings import change_over_futures, partners_at_end
from sim.analysis.pairing import ensembles_of, provider_names
from sim.analysis.standing import Count, Group, count, final_group, paired_groups
from sim.analysis.summary.kinds import group_with_data_centre
from sim.interfaces.explorer.compare.numbers import reads_clear
from sim.interfaces.explorer.controls.latest import changed_answer, provider_of_interest
from sim.interfaces.explorer.explore.groups import world_in_words
from sim.interfaces.explorer.link_notes import show_lacks
from sim.words.definitions import DEFINITIONS
from sim.words.digits import parts_that_add_up, supported, supported_change
from sim.words.text import escaped, readable, with_article
from sim.words.wording import error_in_words, month_in_words, span, with_capital

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from sim.interfaces.explorer.state.runs import ShownAnswer
    from sim.model.ensemble import Ensemble

CARDS = "explore.cards"
_MOST_IN_A_ROW = 5


def group_count(answer: ShownAnswer, key: str) -> Count:
    """Return how many countries end in a group of paths, and the change from the other run."""
    return _counted(answer, key, final_group)


def _counted(
    answer: ShownAnswer, key: str, values: Callable[[Ensemble, Group], NDArray[np.int64]]
) -> Count:
    ensembles = ensembles_of(answer).values()
    own, *others = (
        values(ensemble, next(group for group in groups if group.key == key))
        for ensemble, groups in zip(
            ensembles, paired_groups(answer.ensemble, answer.other), strict=True
        )
    )
    return count(own, next(iter(others), None), answer.ensemble.futures_per_draw)


def _is_same(found: Count) -> bool:
    return found.change == 0 and found.low == found.high


def _change_in_words(found: Count, reference: str) -> str | None:
    if found.change is None:
        return None
    at = "at" if reference == "the start" else "in"
    if _is_same(found):
        return f"as {at} {reference}"
    change, _ = supported_change(found.change, found.low, found.high)
    is_none = change in ("0", "0.0")
    return f"about as {at} {reference}" if is_none else f"{readable(change)} against {reference}"


def _kinds_in_words(answer: ShownAnswer, key: str, found: Count) -> str:
    """Return how many of a provider's card have a data centre; "" for other groups."""
    if key not in provider_names(answer):
        return ""
    large = _counted(answer, key, group_with_data_centre)
    _, with_centre, light = parts_that_add_up(found.mean, large.mean, found.p05, found.p95)
    changes = ["", ""]
    if large.change is not None and found.change is not None and not _is_same(found):
        changes = [f" ({_change(value)})" for value in (large.change, found.change - large.change)]
    return f"{with_centre}{changes[0]} with a data centre, {light}{changes[1]} light"


def _change(value: float) -> str:
    return supported_change(value, value, value)[0]


def _spread_in_words(found: Count, reference: str) -> str:
    """Return the lines below a card's number: the interval of the change, if any, and the range."""
    level = f"90 % of futures: {span(found.p05, found.p95)}"
    error = f"Monte Carlo error: {error_in_words(found.error)}"
    if reference == "B":
        level = f"A, {level}"
    if found.change is None or _is_same(found):
        return f"{level}\n{error}"
    _, ends = supported_change(found.change, found.low, found.high)
    clear = "" if reads_clear(found, "countries") else ", not clear"
    futures = f"90 % of futures, change: {change_over_futures(found)}"
    return f"90 % interval of the change: {ends}{clear}\n{futures}\n{level}\n{error}"


@st.fragment(key=CARDS)
def show_cards() -> None:
    """Draw a card for each group of paths, as of the month on view."""
    answer = changed_answer()
    reference = answer.reference
    says = f"{world_in_words(answer)} {_says(answer)} {DEFINITIONS}"
    st.caption(escaped(says.strip()))
    groups = paired_groups(answer.ensemble, answer.other)[0]
    # A sixth card in a row of its own would look like an afterthought.
    n = len(groups)
    in_a_row = n if n <= _MOST_IN_A_ROW else -(-n // 2)
    with st.grid(columns=in_a_row, min_column_width=150, gap="small"):
        for group in groups:
            found = group_count(answer, group.key)
            kinds = _kinds_in_words(answer, group.key, found)
            lines = "\n".join([*([kinds] if kinds else []), _spread_in_words(found, reference)])
            with st.container(border=True, gap=None, height="stretch", key=f"card.{group.key}"):
                st.metric(
                    escaped(group.title),
                    supported(found.mean, found.p05, found.p95),
                    delta=_change_in_words(found, reference),
                    delta_color="off",
                    delta_arrow="off",
                )
                st.caption(escaped(lines).replace("\n", "  \n"))
    st.caption(escaped(_headline_by_cards(answer, provider_of_interest(answer))))
    if not answer.is_from_start:
        show_lacks(answer)


def _says(answer: ShownAnswer) -> str:
    end = month_in_words(answer.a.months[-1])
    if answer.reference == "B":
        return (
            f"Countries at the end of {end} in A: mean over futures. Below it A minus B, not clear "
            "if the 90 % interval of that mean includes zero; then the range of the change in "
            "90 % of futures, that of A, and the Monte Carlo error of its mean."
        )
    says = f"Countries at the end of {end}: mean over futures, and the range of 90 % of them."
    if answer.is_from_start:
        says += " Changes are against the scenario as it stands in its file, in the same futures."
    return says


def _headline_by_cards(answer: ShownAnswer, of: str) -> str:
    """Return how the cards add up to the partners in the headline."""
    found, alone = partners_at_end(answer, of), group_count(answer, of).mean
    total, with_it, beside = parts_that_add_up(found.mean, alone, found.p05, found.p95)
    who = with_article(provider_names(answer)[of])
    who = f"In A, {who}" if answer.reference == "B" else with_capital(who)
    return (
        f"{who} has {total} partners: {with_it} with it only, and {beside} that have two partners, "
        "it and another."
    )
