"""Slots, megawatts and dollars of every offer over time, on the Explore page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import streamlit as st

from sim.analysis.pairing import ensembles_of, provider_names
from sim.analysis.standing import Ribbon, ribbon
from sim.interfaces.charts.capacity import plot_capacity
from sim.interfaces.explorer.controls.downloads import offer_csv
from sim.interfaces.explorer.controls.latest import shown_answer
from sim.interfaces.explorer.controls.origin import origin_of
from sim.interfaces.explorer.state import session
from sim.interfaces.explorer.tables.building import ribbon_table
from sim.model.layout import FUND_USD_M, MW_CONTRACTED, MW_LIVE, SLOTS_HELD
from sim.words.outcomes import OUTCOME_WORDS, OutcomeWords
from sim.words.text import readable
from sim.words.titles import offer_title

if TYPE_CHECKING:
    from sim.interfaces.charts.palette import Theme
    from sim.interfaces.explorer.state.runs import Answer

# Name of the choice of a measure in the view.
MEASURE = "explore.measure"
# Fragment of the chart.
CAPACITY = "explore.capacity"
_FIRST = "contracted"


class CapacityMeasure(NamedTuple):
    """A measure of the chart: its words, its column in the record of offers, and its meaning."""

    words: OutcomeWords
    column: int
    meaning: str


# By the word in the link.
MEASURES = {
    "slots": CapacityMeasure(
        OUTCOME_WORDS["n_slots_held"],
        SLOTS_HELD,
        "An open invitation or a partner at any stage holds a slot.",
    ),
    "contracted": CapacityMeasure(
        OUTCOME_WORDS["contracted_mw"],
        MW_CONTRACTED,
        "Data centres that are signed, being built, stalled or live.",
    ),
    "live": CapacityMeasure(OUTCOME_WORDS["live_mw"], MW_LIVE, "Data centres in operation."),
    "funds": CapacityMeasure(
        OUTCOME_WORDS["fund_usd_m"],
        FUND_USD_M,
        "Start-up funds of all partners that have signed.",
    ),
}


def show_capacity(theme: Theme) -> None:
    """Draw the chart of slots, megawatts or dollars of every offer, and its download."""
    st.header("Slots, megawatts and dollars", anchor=False)

    def take(word: str) -> None:
        session.set_detail(MEASURE, word, _FIRST)

    labels = {name: measure.words.label for name, measure in MEASURES.items()}
    st.segmented_control(
        "Measure", list(labels), format_func=labels.__getitem__, required=True,
        label_visibility="collapsed", **session.controlled("measure", _measure(), take),
    )  # fmt: skip
    _show_chart(theme)


def _measure() -> str:
    """Return the word for the measure shown."""
    now = session.detail(MEASURE, _FIRST)
    return now if now in MEASURES else _FIRST


@st.fragment(key=CAPACITY)
def _show_chart(theme: Theme) -> None:
    answer, now = shown_answer(), _measure()
    words, column, meaning = MEASURES[now]
    title, unit = words.label, words.unit
    lines = _capacity_lines(answer, theme, column)
    has_b = answer.other is not None
    says = f"{meaning} Line: mean over futures; band: 90 % of them."
    st.caption(readable(says + (" Dashed, without a band: B." if has_b else "")))
    axes = answer.ensemble.axes
    ribbons = {line.name: line.ribbon for line in lines}
    colours = {line.name: line.colour for line in lines}
    dashed = [line.name for line in lines if line.heads["side"] == "B"]
    spec = plot_capacity(theme, axes.month, ribbons, colours, unit, dashed)
    st.vega_lite_chart(spec, width="stretch", theme=None, key="chart.capacity")
    heads = {line.name: {"measure": title} | line.heads for line in lines}
    offer_csv(
        lambda: ribbon_table(axes.month, ribbons, unit, heads),
        f"capacity-{title.replace(',', '').replace(' ', '-')}",
        f"CSV of {title}",
        partial(origin_of, answer),
    )


@dataclass(frozen=True)
class _Line:
    """One offer of one side in the chart of capacity; `heads` identify it in a download."""

    name: str
    ribbon: Ribbon
    colour: str
    heads: dict[str, Any]


def _capacity_lines(answer: Answer, theme: Theme, column: int) -> list[_Line]:
    """Return a line for each offer that has any of the measure."""
    lines = []
    providers = tuple(provider_names(answer))
    for side, ensemble in ensembles_of(answer).items():
        axes = ensemble.axes
        for o in range(len(axes.offer)):
            values = ensemble.offer_record[:, :, o, column]
            reference = f"{axes.offer_provider[o]}.{axes.offer_key[o]}"
            slots = ensemble.scenario.offers[reference].slots
            is_of_slots = column == SLOTS_HELD
            if not values.any() or (is_of_slots and slots is None):
                continue
            title = offer_title(ensemble.scenario, reference)
            heads: dict[str, Any] = {"side": side, "offer": title}
            name = title if answer.other is None else f"{side}: {title}"
            if is_of_slots:
                name, heads["slots in all"] = f"{name} ({slots} in all)", slots
            colour = theme.colour(axes.offer_provider[o], providers)
            lines.append(_Line(name, ribbon(values), colour, heads))
    return lines
