"""What a finished sweep says: where an outcome is low or high, what is robust, what is enough."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import streamlit as st

from sim.analysis.discovery.discovering import METHODS, Discovery, discover
from sim.analysis.discovery.searching import CART, PRIM
from sim.analysis.precision.enough import Precision, enough
from sim.analysis.robustness.comparing import LESS, MORE, Robustness, robust
from sim.analysis.sensitivity.analysing import METHODS as WAYS
from sim.analysis.sensitivity.analysing import Sensitivity, fitting_method, sensitivity
from sim.analysis.sensitivity.ranking import MORRIS, SCORES, SOBOL
from sim.errors import SimError
from sim.interfaces.explorer.controls.answers import show_sentences
from sim.interfaces.explorer.controls.charts import show_chart
from sim.interfaces.explorer.controls.downloads import offer_csv
from sim.interfaces.explorer.controls.link_choices import NOTHING, pick, pick_question
from sim.interfaces.explorer.state import session
from sim.interfaces.explorer.state.view import read_number
from sim.interfaces.recipes.asked import Invocation
from sim.interfaces.recipes.recipe import answer_of_sweep
from sim.words.text import escaped

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from sim.analysis.answers import Answer
    from sim.analysis.sweeps.surface import SurfaceMeasure
    from sim.experiment.sweeps.stored import StoredSweep
    from sim.interfaces.charts.palette import Theme
    from sim.interfaces.explorer.quoting.pictures import OfferedPicture
    from sim.interfaces.explorer.sweep.results import Swept

DISCOVER, ROBUST, ENOUGH = "discover", "robust", "enough"
SENSITIVE = "sensitive"
_QUESTIONS = {
    SENSITIVE: "What does it hang on?",
    DISCOVER: "Where is it low or high?",
    ROBUST: "Which setting is robust?",
    ENOUGH: "How many futures are enough?",
}
BELOW, ABOVE = "below", "above"
_SIDES = {BELOW: "Below", ABOVE: "Above"}
_METHODS = {PRIM: "Peeling (PRIM)", CART: "Tree (CART)"}
_INDICES = {SOBOL: "Shares of the variance (Sobol')", MORRIS: "Effects (Morris)", SCORES: "Scores"}
_AIMS = {MORE: "More is better", LESS: "Less is better"}
_WITHIN = {"1": "± 1 %", "2": "± 2 %", "5": "± 5 %", "10": "± 10 %"}
# A search of more points takes too long for a page; the command line has no limit.
MOST_SEARCHED = 3000
# Enough to tell 0.05 from 0.01; the command line takes twice as many.
_RESAMPLES = 99


def asked_for(measure: SurfaceMeasure) -> str:
    """Return a measure in the words of the tables.

    Examples
    --------
    >>> from sim.analysis.sweeps.surface import SurfaceMeasure
    >>> asked_for(SurfaceMeasure("", "", "", "us", "", "n_countries"))
    'n_countries(us)'
    """
    if measure.is_probability:
        return f"p_committed({measure.country}, {measure.provider})"
    about = measure.offer or measure.provider
    return f"{measure.outcome}({about})" if about else measure.outcome


class _Asked(NamedTuple):
    """A finished sweep, as a run that the page shows, and the outcome that is asked about."""

    found: StoredSweep
    swept: Swept
    measure: SurfaceMeasure
    known: pd.DataFrame
    theme: Theme


def show_reading(
    found: StoredSweep,
    swept: Swept,
    measure: SurfaceMeasure,
    known: pd.DataFrame,
    theme: Theme,
) -> None:
    """Draw the questions to a finished sweep, and the answer to the one that is chosen."""
    st.header("What this sweep says", anchor=False)

    now = pick_question("Question", "sweep.read", _QUESTIONS, has_label=False)
    parts = {
        SENSITIVE: _show_sensitivity,
        DISCOVER: _show_discovery,
        ROBUST: _show_robustness,
        ENOUGH: _show_precision,
    }
    if now == NOTHING:
        st.caption("Choose a question about the outcome above.")
        return
    with st.container(key="reading"):
        try:
            parts[now](_Asked(found, swept, measure, known, theme))
        except SimError as error:
            st.info(escaped(str(error)))


def _threshold(measure: SurfaceMeasure, known: pd.DataFrame) -> float:
    """Draw the choice of a threshold, at first the middle of the points; return it."""
    values = known.loc[known["point"] > 0, "value"]
    middle = float(f"{float(values.median()):.3g}")
    asked = read_number(session.detail("sweep.threshold", ""))
    now = middle if asked is None else asked

    def take(value: float) -> None:
        text = f"{value:.6g}"
        session.set_detail("sweep.threshold", "" if value == middle else text)

    reach = float(values.max() - values.min())
    st.number_input(
        f"Threshold, {'probability 0-1' if measure.is_probability else measure.unit}",
        step=0.01 if reach < 2 else 1.0,
        format="%.6g",
        **session.controlled("sweep.threshold", now, take),
    )
    return now


@st.cache_resource(max_entries=32, ttl=600, show_spinner="Searching, and testing against chance")
def _discovered(key: str, condition: str, method: str, _found: StoredSweep) -> Discovery:
    return discover(_found, condition, method=method, resamples=_RESAMPLES)


@st.cache_resource(max_entries=32, ttl=600, show_spinner="Analysing")
def _analysed(key: str, outcome: str, method: str, _found: StoredSweep) -> Sensitivity:
    return sensitivity(_found, outcome, method=method)


@st.cache_resource(max_entries=32, ttl=600, show_spinner=False)
def _compared(key: str, outcome: str, aim: str, _found: StoredSweep) -> Robustness:
    return robust(_found, outcome, aim=aim)


@st.cache_resource(max_entries=32, ttl=600, show_spinner=False)
def _needed(key: str, outcome: str, within: str, _found: StoredSweep) -> Precision:
    return enough(_found, outcome, within=within)


def _key(found: StoredSweep) -> str:
    """Return what tells the rows of a sweep from those of others."""
    return f"{found.path.name}:{found.scenario.name}"


def _show_sensitivity(asked: _Asked) -> None:
    usual = fitting_method(asked.found.design)
    ways = {way: _INDICES[way] for way in WAYS if way in (usual, SCORES)}
    way = pick("Index", "sweep.index", ways, usual)
    outcome = asked_for(asked.measure)
    question = Invocation("sensitivity", keywords={"outcome": outcome, "method": way})
    if way == SCORES and asked.found.design.n_points > MOST_SEARCHED:
        _say_too_many("scores", asked, question)
        return
    answer = _analysed(_key(asked.found), outcome, way, asked.found)
    show_sentences(answer)
    ranking = answer.ranking()
    drawn = [show_chart("sensitivity", ranking, asked.theme)]
    if ranking.has_ends:
        st.caption(
            "The same numbers, with the outcome where each is least and where it is greatest."
        )
        drawn += [show_chart("tornado", ranking, asked.theme)]
    _offer(answer, asked, question, ("sensitivity",), drawn)


def _show_discovery(asked: _Asked) -> None:
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        side = pick("Where it is", "sweep.side", _SIDES, BELOW)
        threshold = _threshold(asked.measure, asked.known)
        method = pick("Search", "sweep.method", {key: _METHODS[key] for key in METHODS}, PRIM)
    condition = f"{asked_for(asked.measure)} {'<' if side == BELOW else '>'} {threshold:.6g}"
    question = Invocation("discover", (condition,), {"method": method, "resamples": _RESAMPLES})
    if asked.found.design.n_points > MOST_SEARCHED:
        _say_too_many("searches", asked, question)
        return
    answer = _discovered(_key(asked.found), condition, method, asked.found)
    show_sentences(answer)
    drawn = [show_chart("peeling", answer, asked.theme)] if answer.boxes else []
    _offer(answer, asked, question, ("boxes", "limits"), drawn, condition)


def _show_robustness(asked: _Asked) -> None:
    aim = pick("Aim", "sweep.aim", _AIMS, MORE)
    answer = _compared(_key(asked.found), asked_for(asked.measure), aim, asked.found)
    show_sentences(answer)
    drawn = show_chart("trade_off", answer, asked.theme)
    options, arguments = ({"less": True}, {"aim": LESS}) if aim == LESS else ({}, {})
    question = Invocation("robust", (asked_for(asked.measure),), {}, options, arguments)
    _offer(answer, asked, question, ("settings",), [drawn])


def _show_precision(asked: _Asked) -> None:
    within = pick("Precision wanted", "sweep.within", _WITHIN, "5")
    outcome, size = asked_for(asked.measure), f"{within} %"
    answer = _needed(_key(asked.found), outcome, size, asked.found)
    show_sentences(answer)
    drawn = show_chart("futures_needed", answer, asked.theme)
    which = ({"outcome": outcome}, {"outcomes": outcome})
    question = Invocation("enough", (), {"within": size}, *which)
    _offer(answer, asked, question, ("precision",), [drawn])


def _say_too_many(what: str, asked: _Asked, question: Invocation) -> None:
    """Say that a page does not do what is asked with so many points, and what does."""
    command = answer_of_sweep(question, asked.found).command
    st.info(
        escaped(f"A page {what} up to {MOST_SEARCHED:,} points. On the command line: {command}")
    )


def _offer(
    answer: Answer,
    asked: _Asked,
    question: Invocation,
    names: tuple[str, ...],
    pictures: Sequence[OfferedPicture],
    condition: str = "",
) -> None:
    """Draw the downloads of tables; pictures and the command stand beside the first."""
    frames: dict[str, pd.DataFrame] = {table.name: table.frame for table in answer.tables()}

    def origin() -> dict[str, Any]:
        return {**asked.swept.origin(), **({"condition": condition} if condition else {})}

    recipe = partial(answer_of_sweep, question, asked.found)
    with st.container(horizontal=True, gap="small", key="reading_csv"):
        for name in names:
            table, is_first = partial(frames.__getitem__, name), name == names[0]
            own = (pictures, recipe) if is_first else ((), None)
            offer_csv(table, f"sweep-{name}", f"CSV of {name}", origin, *own)
