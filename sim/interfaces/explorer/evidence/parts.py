"""The parts of the Evidence page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from sim.data import facts_as_of, load_facts
from sim.errors import ScenarioError
from sim.interfaces.explorer.controls.documents import generated_part, show_documents
from sim.interfaces.explorer.controls.downloads import offer_csv
from sim.interfaces.explorer.controls.origin import NOTHING, origin_of_side, pinned_beliefs
from sim.interfaces.explorer.evidence.tables import (
    ASSUMPTION,
    column_table,
    estimate_table,
    lever_table,
    parameter_table,
    source_table,
)
from sim.interfaces.explorer.state import session
from sim.interfaces.explorer.state.runs import build_side, scenario_of
from sim.interfaces.explorer.state.view import Side
from sim.interfaces.explorer.tables.columns import tenths
from sim.interfaces.explorer.tables.html import html_listing
from sim.words.text import escaped
from sim.words.wording import percent

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from sim.interfaces.explorer.controls.origin import Origin
    from sim.scenario import Scenario

# Widths of the columns of each table, in per cent.
_WIDTHS: dict[str, dict[str, int]] = {
    "columns": {"unit": 7, "in the model": 8, "values": 5, "year": 7, "source": 17, "licence": 8,
                "caveat": 20, "column": 11},
    "sources": {"publisher": 25, "title": 45, "year": 7, "licence": 10},
    "estimates": {"facts estimated": 12, "which": 70},
    "parameters": {"what it is": 34, "value": 6, "unit": 9, "drawn from": 7, "drawn to": 6,
                   "basis": 9, "name in files": 11},
    "levers": {"what it means": 25, "from": 5, "to": 6, "rests on": 22,
               "address in a scenario file": 25},
}  # fmt: skip
_SHARE = "facts estimated (0-1)"
LIMITS = (
    ("It compares scenarios. It does not forecast.",
     "Prefer “raises the probability by ten points” to “the probability is 62 %”: two scenarios "
     "share their random numbers, and much of what is wrong with both cancels in the difference."),
    ("Its weights are assumptions, not estimates.",
     "What earlier programmes tell about them stands below; the shipped scenarios do not use it "
     "yet. Futures draw most of them from ranges, and the ranges are judgements. A result that "
     "flips within the ranges is not a result."),
    ("A probability is a share of simulated futures, not a betting price.",
     "Its interval says how the probability varies over the stated ranges of the uncertain "
     "numbers. It does not cover omissions, wrong formulas or wrong ranges."),
    ("More futures give precision, not accuracy.",
     "They pin down what the model says, and leave it as right or wrong as before."),
    ("Each state acts as one person.",
     "There are no firms, parties, elections or voters, except as dated events of a scenario. "
     "Providers do not plan, and nobody looks ahead."),
    ("The record is short and seen from one side.",
     "It holds what was announced, mostly in English, and not what was quietly declined. Chinese "
     "offers are pieced together from a few deals: statements about them are the least certain."),
    ("Facts for small states are often estimated.",
     "A result about a country with many estimated facts is a result about countries like it."),
)  # fmt: skip


def show_evidence() -> None:
    """Draw the whole page."""
    st.title("What the figures rest on", anchor=False)
    scenario = _scenario()
    share = facts_as_of(load_facts(), scenario.months[0]).imputed_share()
    parameters = parameter_table(scenario)
    assumed = int(parameters["basis"].str.startswith(ASSUMPTION).sum())
    st.caption(
        f"{assumed} of {len(parameters)} model parameters are assumptions; "
        f"{int(parameters['drawn from'].notna().sum())} are drawn anew from ranges. "
        f"{escaped(percent(float(share.mean())))} of the facts about countries are estimates; "
        f"{int((share > 0).sum())} of {len(share)} countries have some. Not a forecast."
    )
    _show_limits()
    _show_skill()
    show_documents()
    st.header("Facts: where every figure comes from", anchor=False)
    st.caption(
        "Each row describes one column of the tables of facts. Only open data ship with alignsim."
    )
    _show_table(column_table(), "columns", "Columns of the tables of facts", "table")
    st.header("Sources and terms of use", anchor=False)
    _show_table(source_table(), "sources", "Sources of the facts")
    st.header("Facts that are estimated", anchor=False)
    st.caption(
        "If no figure is on record, a regression fills the gap; the document on data says how, "
        "and how well it does. Every page marks estimates."
    )
    _show_table(estimate_table(scenario), "estimates", "Countries with estimated facts")
    st.header("Numbers that are assumed", anchor=False)
    st.caption("Every parameter of the model, as the scenario of A uses it with your beliefs.")
    _show_table(parameters, "parameters", "Parameters of the model", "part of the model", _origin)
    st.header("Levers and their sources", anchor=False)
    _show_table(lever_table(scenario), "levers", "Levers of the scenario", origin=_origin)
    st.header("The scenario of A", anchor=False)
    st.markdown(escaped(" ".join(scenario.description.split())))
    for source in scenario.sources:
        st.markdown(f"- {escaped(' '.join(source.split()))}")


def _scenario() -> Scenario:
    view = session.current()
    try:
        return build_side(view.a, view.beliefs)
    except ScenarioError as error:
        st.error(escaped(str(error)))
    try:
        return scenario_of(view.a)
    except ScenarioError:
        return build_side(Side(), ())


def _origin() -> Origin:
    """Return the scenario of the numbers; none of them comes from a run."""
    view = session.current()
    beliefs = "; ".join(pinned_beliefs(view.beliefs)) or NOTHING
    return origin_of_side("scenario A", view.a) | {"beliefs pinned": beliefs}


def _show_limits() -> None:
    st.header("Limits, before you quote a number", anchor=False)
    for claim, ground in LIMITS:
        st.markdown(f"- **{escaped(claim)}** {escaped(ground)}")
    st.caption("The full list is under Documents.")


def _show_skill() -> None:
    """Say how well the rule foretells earlier programmes, in the words of the document."""
    st.header("How well it foretells earlier programmes", anchor=False)
    st.caption(
        "The rule with numbers estimated on what was known before each launch, not the weights of "
        "the scenarios. All tables are under Documents."
    )
    try:
        st.markdown(generated_part("evidence", "verdict"))
    except OSError:
        st.info("It is in docs/evidence.md of the project's files, which are not on this server.")


def _show_table(
    table: pd.DataFrame,
    name: str,
    label: str,
    section: str = "",
    origin: Callable[[], Origin] = dict,
) -> None:
    shown = table
    if _SHARE in table:
        words = [tenths(float(share)) for share in table[_SHARE]]
        shown = table.assign(**{_SHARE: words}).rename(columns={_SHARE: "facts estimated"})
    st.html(html_listing(shown, label, _WIDTHS[name], section))
    offer_csv(lambda: table, name, f"CSV of the {name}", origin)
