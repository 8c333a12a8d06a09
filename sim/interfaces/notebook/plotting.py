"""From a result to a figure: which charts draw it, and which one is meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.analysis.backtests.from_launch import Backtest
from sim.analysis.calibration.calibrating import Calibration
from sim.analysis.evidence import evidence_of
from sim.data.country_names import country_code
from sim.errors import InputError, Problem
from sim.experiment.result_views import ComparisonView, RunView
from sim.experiment.stored import StoredComparison, StoredRun
from sim.experiment.sweeps.stored import StoredSweep
from sim.interfaces.charts import CHARTS, ChartSubject, chart
from sim.interfaces.charts.definition import chart_subject
from sim.interfaces.charts.registry import SAYS_WHAT, shown_of
from sim.interfaces.notebook.figure import Figure
from sim.interfaces.notebook.titles import about, titled
from sim.scenario.wording import country_problem

if TYPE_CHECKING:
    from sim.interfaces.charts import Chart
    from sim.interfaces.charts.base import Spec

# One estimation and one backtest are a part of the evidence, which other charts need whole.
_OF_EVIDENCE = {Calibration: "estimates", Backtest: "programme_uptake"}


def charts_of(found: Any) -> tuple[Chart, ...]:
    """Return the charts that draw a result, those of its own kind first; none if none does."""
    for kind, name in _OF_EVIDENCE.items():
        if isinstance(found, kind):
            return (CHARTS[name],)
    subjects = _subjects_of(found)
    return tuple(one for subject in subjects for one in CHARTS.values() if one.subject is subject)


def _subjects_of(found: Any) -> tuple[ChartSubject, ...]:
    # Stored futures are simulated again only when they are drawn.
    if isinstance(found, RunView):
        return (ChartSubject.RUN,)
    if isinstance(found, ComparisonView):
        return (ChartSubject.PAIR, ChartSubject.RUN)
    if isinstance(found, StoredSweep):
        return (ChartSubject.SWEEP,)
    try:
        return (chart_subject(shown_of(found, {})),)
    except InputError:
        return ()


def draw(found: Any, name: str | None, is_dark: bool, choices: Mapping[str, Any]) -> Figure:
    """Return a chart of a result; see `sim.notebook.showing.Draws.plot`."""
    known = charts_of(found)
    what = type(found).__name__
    if not known:
        rule = f"no chart draws a {what}."
        raise InputError([Problem("", 0, rule, "Its tables are frames: draw them with pandas.")])
    given = dict(choices)
    if isinstance(given.get("country"), str):
        given["country"] = _code_of(given["country"])
    if name is None:
        possible = _possible(known, given, what)
    else:
        possible = [one for one in known if one.name == name]
        if not possible:
            names = ", ".join(f"{one.name} ({one.title})" for one in known)
            rule = f"there is no chart {name!r} of a {what}."
            raise InputError([Problem("", 0, rule, f"Choose one of {names}.")])
    shown, usual = _drawn_of(found)
    one, spec = _first_drawn(shown, possible, is_dark, usual | given)
    return Figure(
        one.name, one.title, one.says, titled(spec, one, about(found, one, given), is_dark), is_dark
    )


def _code_of(text: str) -> str:
    """Return the code of a country given by code or name."""
    code = country_code(text)
    if code is None:
        rule, remedy = country_problem(text)
        raise InputError([Problem("", 0, f"country = {text[:60]!r} {rule}.", remedy)])
    return code


def _possible(known: Sequence[Chart], given: Mapping[str, Any], what: str) -> list[Chart]:
    """Return the charts that take all choices, those first that need no others."""
    takes = [one for one in known if not {*given} - {*one.choices, *SAYS_WHAT.get(one.subject, ())}]
    if not takes:
        rule = f"no chart of a {what} takes {', '.join(given)}."
        shown = "; ".join(f"{one.name}: {', '.join(one.choices) or 'nothing'}" for one in known)
        raise InputError([Problem("", 0, rule, f"They take: {shown}.")])
    return sorted(takes, key=lambda one: bool(_lacking(one, given)))


def _lacking(one: Chart, given: Mapping[str, Any]) -> set[str]:
    """Return the choices that a chart needs and has not been given; providers have a default."""
    return {key for key, needed in one.choices.items() if needed} - {*given} - {"provider"}


def _drawn_of(found: Any) -> tuple[Any, dict[str, Any]]:
    """Return what charts draw of a result, and choices that follow from it.

    Stored results do not hold their futures, so these are simulated again.
    """
    if isinstance(found, StoredRun | StoredComparison):
        return found.again(), {}
    if isinstance(found, Calibration):
        return evidence_of(found), {}
    if isinstance(found, Backtest):
        return evidence_of(found), {"programme": found.scenario.name}
    return found, {}


def _first_drawn(
    found: Any, possible: Sequence[Chart], is_dark: bool, given: Mapping[str, Any]
) -> tuple[Chart, Spec]:
    """Return the first chart that can be drawn; if none can, say why not the first."""
    refusals = []
    for one in possible:
        try:
            return one, chart(found, one.name, is_dark=is_dark, **given)
        except InputError as error:
            refusals.append(error)
    raise refusals[0]
