"""Why the total moved, on the Explore page: from B, or from the start, to A."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from sim.interfaces.explorer.controls.answers import ask, is_asked_of, show_sentences
from sim.interfaces.explorer.controls.charts import show_chart
from sim.interfaces.explorer.controls.downloads import offer_csv
from sim.interfaces.explorer.controls.latest import provider_of_interest, shown_answer
from sim.interfaces.explorer.controls.origin import origin_of
from sim.interfaces.explorer.explore.groups import group_in_focus
from sim.interfaces.explorer.quoting.recipe import two_on_view
from sim.interfaces.explorer.state import session
from sim.interfaces.explorer.state.differences import (
    FOLLOWING,
    SPLITTING,
    reasons_asked,
    reasons_of,
    split_asked,
    split_of,
)
from sim.interfaces.explorer.state.runs import scenario_of
from sim.interfaces.recipes.asked import Invocation
from sim.interfaces.recipes.recipe import Recipe, answer_of_two
from sim.words.text import readable
from sim.words.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.analysis.explanation.two_scenarios.differing import WhyDifference
    from sim.analysis.splitting.splitting import Split
    from sim.interfaces.charts.palette import Theme
    from sim.interfaces.explorer.quoting.pictures import OfferedPicture
    from sim.interfaces.explorer.state.runs import ShownAnswer
    from sim.scenario import Scenario

# Name of the choice in the view, and fragment of the answer.
WHY_MOVED = MOVED = "explore.moved"
CHANGES, REASONS = "changes", "reasons"
WAYS = {CHANGES: "By what was changed, and where", REASONS: "By reason"}
_NONE = ""
_ASKED_OF = "moved"


def show_why_moved(theme: Theme) -> None:
    """Draw the choice of a way to divide the change, and the answer."""
    st.header("Why the total moved", anchor=False)

    def take(way: str | None) -> None:
        session.set_detail(WHY_MOVED, way or _NONE)
        session.keep(_ASKED_OF, None)

    st.segmented_control(
        "Divide the change of the number of partners",
        list(WAYS),
        format_func=WAYS.__getitem__,
        **session.controlled(WHY_MOVED, _way() or None, take),
    )
    _show_part(theme)


def _way() -> str:
    """Return how the change is divided; "" if it is not."""
    asked = session.detail(WHY_MOVED, _NONE)
    return asked if asked in WAYS else _NONE


def _sides(answer: ShownAnswer) -> tuple[Scenario, Scenario]:
    """Return the scenario from which a change is counted, and that of A.

    The first is B's; without B it is that of A before levers or beliefs were moved.
    """
    assert answer.view is not None
    start = scenario_of(answer.view.a) if answer.b is None else answer.b.scenario
    return start, answer.a.scenario


def _key(answer: ShownAnswer) -> str:
    """Return what tells the question of one answer from that of another."""
    start, end = _sides(answer)
    focus = group_in_focus(answer)
    within = "" if focus is None else focus.key
    of, ensemble = provider_of_interest(answer), answer.ensemble
    last, size = answer.a.months[-1], ensemble.replicates
    return f"{start.hash} {end.hash} {of} {last} {ensemble.seed} {size} {within}"


@st.fragment(key=MOVED)
def _show_part(theme: Theme) -> None:
    """Draw the answer. It takes some seconds, so moving a lever does not start one."""
    answer, way = shown_answer(), _way()
    start, end = _sides(answer)
    if start.hash == end.hash:
        st.caption("Nothing has moved: move a lever, or compare A with B.")
        return
    if not way:
        whom = "B" if answer.b is not None else "the scenario as it stands in its file"
        st.caption(
            readable(
                f"The change from {whom}, divided among the levers and other numbers that differ "
                "and the UN regions, or among the reasons of countries. This takes some seconds."
            )
        )
        return
    key = _key(answer)
    if not is_asked_of(_ASKED_OF, way, key, "Divide again, as the levers stand now"):
        return
    of, last, seed = provider_of_interest(answer), answer.a.months[-1], answer.ensemble.seed
    focus = group_in_focus(answer)
    within = None if focus is None else focus.title
    size = answer.ensemble.replicates
    if way == CHANGES:
        split = ask(
            SPLITTING,
            f"moved {key}",
            lambda progress: split_of(start, end, of, size, seed, last, within, progress),
        )
        if split is not None:
            asked = split_asked(start, end, of, size, seed, last, within)
            _show_changes(answer, split, asked, theme)
        return
    reasons = ask(
        FOLLOWING,
        f"moved why {key}",
        lambda progress: reasons_of(start, end, of, seed, last, progress),
    )
    if reasons is not None:
        _show_reasons(answer, reasons, reasons_asked(start, end, of, seed, last), theme)


def _show_changes(answer: ShownAnswer, found: Split, asked: Invocation, theme: Theme) -> None:
    show_sentences(found)
    st.caption(_basis(found.replicates, answer))
    drawn = [
        show_chart("split", found, theme, "moved.part"),
        show_chart("split", found, theme, "moved.region", by="region"),
    ]
    tables = {"parts": "by what was changed", "countries": "by group of countries"}
    _offer(found, answer, tables, drawn, asked)


def _show_reasons(
    answer: ShownAnswer, found: WhyDifference, asked: Invocation, theme: Theme
) -> None:
    show_sentences(found)
    st.caption(_basis(found.replicates, answer))
    drawn = [show_chart("why_difference", found, theme, "moved.cause", by="cause")]
    _offer(found, answer, {"causes": "by reason", "regions": "by UN region"}, drawn, asked)


def _basis(replicates: int, answer: ShownAnswer) -> str:
    """Return how many futures an answer rests on, and what its intervals are."""
    own = answer.ensemble.replicates
    fewer = f" (the headline has {own:,})" if replicates != own else ""
    return readable(
        f"{counted(replicates, 'future')} of each run{fewer}, with the same luck; intervals are "
        "90 % intervals of the mean, Monte Carlo error alone."
    )


def _offer(
    found: Split | WhyDifference, answer: ShownAnswer, tables: dict[str, str],
    drawn: Sequence[OfferedPicture], asked: Invocation,
) -> None:  # fmt: skip
    """Draw the downloads of tables, the pictures and the command beside the first."""

    def recipe() -> Recipe:
        return answer_of_two(asked, two_on_view(answer))

    with st.container(horizontal=True, gap="small", key="moved_csv"):
        for name, words in tables.items():
            is_first = name == next(iter(tables))
            offer_csv(
                partial(found.frame, name), f"moved-by-{name}", f"CSV of the change {words}",
                partial(origin_of, answer), drawn if is_first else (),
                recipe if is_first else None,
            )  # fmt: skip
