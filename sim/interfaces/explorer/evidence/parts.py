"""The parts of the Evidence page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from sim.analysis.evidence import estimated_numbers, load_evidence
from sim.data import facts_as_of, load_facts
from sim.errors import ScenarioError
from sim.interfaces.explorer.controls.charts import show_chart
from sim.interfaces.explorer.controls.documents import show_documents
from sim.interfaces.explorer.controls.downloads import offer_csv
from sim.interfaces.explorer.controls.origin import NOTHING, origin_of_side, pinned_beliefs
from sim.interfaces.explorer.evidence.forecasts import show_forecasts
from sim.interfaces.explorer.evidence.tables import (
    ASSUMPTION,
    ESTIMATE_COLUMNS,
    column_table,
    estimate_table,
    lever_table,
    parameter_table,
    source_table,
)
from sim.interfaces.explorer.quoting.headline import show_headline
from sim.interfaces.explorer.state import session
from sim.interfaces.explorer.state.runs import build_side, scenario_of
from sim.interfaces.explorer.state.view import Side
from sim.interfaces.explorer.tables.columns import tenths
from sim.interfaces.explorer.tables.html import html_listing
from sim.words.evidence import estimates_in_words
from sim.words.limits import LIMITS, LIMITS_TITLE
from sim.words.text import escaped, readable
from sim.words.titles import programme_title

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from sim.analysis.evidence import Evidence
    from sim.interfaces.charts.palette import Theme
    from sim.interfaces.explorer.controls.origin import Origin
    from sim.scenario import Scenario

# Widths of the columns of each table, in per cent.
_WIDTHS: dict[str, dict[str, int]] = {
    "columns": {"unit": 7, "in the model": 8, "values": 5, "year": 7, "source": 17, "licence": 8,
                "caveat": 20, "column": 11},
    "sources": {"publisher": 18, "title": 34, "year": 6, "licence": 9, "read from": 25},
    "estimates": {"facts estimated": 12, "which": 70},
    "parameters": {"what it is": 27, "value": 5, "unit": 8, "drawn from": 6, "drawn to": 6,
                   "what the record says": 13, "basis": 9, "name in files": 11},
    "levers": {"what it means": 25, "from": 5, "to": 6, "rests on": 22,
               "address in a scenario file": 25},
}  # fmt: skip
_SHARE = "facts estimated (0-1)"


def show_evidence(theme: Theme) -> None:
    """Draw the whole page."""
    show_headline("What the figures rest on")
    scenario = _scenario()
    share = facts_as_of(load_facts(), scenario.months[0]).imputed_share()
    evidence = _evidence()
    parameters = parameter_table(scenario, evidence)
    assumed = int(parameters["basis"].str.startswith(ASSUMPTION).sum())
    st.caption(
        f"{assumed} of {len(parameters)} model parameters are assumptions; "
        f"{int(parameters['drawn from'].notna().sum())} are drawn anew from ranges. "
        f"{escaped(estimates_in_words([*share]))} Not a forecast."
    )
    _show_limits()
    if evidence is None:
        st.info("Forecasts of earlier programmes: their tables are not on this server.")
    else:
        show_forecasts(evidence, theme)
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
    _show_numbers(parameters, evidence, theme)
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
    st.header(LIMITS_TITLE, anchor=False)
    for claim, ground in LIMITS:
        st.markdown(f"- **{escaped(claim)}** {escaped(ground)}")
    st.caption("The full list is under Documents.")


def _evidence() -> Evidence | None:
    try:
        return load_evidence()
    except OSError:
        return None


def _show_numbers(parameters: pd.DataFrame, evidence: Evidence | None, theme: Theme) -> None:
    st.header("Numbers: estimated, or assumed", anchor=False)
    st.caption(
        "Every parameter of the model, as the scenario of A uses it with your beliefs, and what "
        "the record of earlier programmes says about it."
    )
    _show_table(parameters, "parameters", "Parameters of the model", "part of the model", _origin)
    if evidence is None:
        return
    st.markdown("**Estimates by kind of programme**")
    drawn = show_chart("estimates", evidence, theme)
    st.caption(readable(_numbers_in_words(evidence)))
    offer_csv(
        lambda: estimated_numbers(evidence),
        "numbers",
        "CSV of the numbers by kind",
        pictures=[drawn],
    )


def _numbers_in_words(evidence: Evidence) -> str:
    names = [programme_title(str(name)) for name in evidence.programmes["programme"]]
    return (
        "Dots: estimates; lines: their 90 % intervals; pale bars: 90 % intervals of what was "
        f"believed before. From {len(names)} programmes, with answers known before "
        f"{evidence.origin['as_of']}: {escaped(', '.join(sorted(names)))}."
    )


def _show_table(
    table: pd.DataFrame,
    name: str,
    label: str,
    section: str = "",
    origin: Callable[[], Origin] = dict,
) -> None:
    shown = table.drop(columns=[*ESTIMATE_COLUMNS], errors="ignore")
    if _SHARE in table:
        words = [tenths(float(share)) for share in table[_SHARE]]
        shown = shown.assign(**{_SHARE: words}).rename(columns={_SHARE: "facts estimated"})
    st.html(html_listing(shown, label, _WIDTHS[name], section))
    offer_csv(lambda: table, name, f"CSV of the {name}", origin)
