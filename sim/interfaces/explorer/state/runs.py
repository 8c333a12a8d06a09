"""The scenarios of a view and their runs, computed once for all visitors."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from sim.analysis.shown import Shown
from sim.errors import Problem, ScenarioError, SimError
from sim.experiment.result import run_futures
from sim.experiment.spans import shared_months
from sim.interfaces.explorer.state.drafts import read_draft
from sim.interfaces.explorer.state.run_size import check_run_size
from sim.interfaces.explorer.state.shared_futures import STORE, compare_shared, shared_run
from sim.model.ensemble import from_month
from sim.scenario import (
    ScenarioSummary,
    list_scenarios,
    load_scenario,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.experiment.comparison import Comparison
    from sim.experiment.result import Result
    from sim.interfaces.explorer.state.view import Settings, Side, View
    from sim.model.ensemble import Ensemble
    from sim.scenario import Scenario

# Number of runs and comparisons whose tables are kept; their futures have a limit of their own.
MOST_RUNS = 128


@st.cache_resource(max_entries=1, ttl=30, show_spinner=False)
def scenario_files() -> tuple[ScenarioSummary, ...]:
    """Return the scenarios of the folder; the folder is read twice a minute."""
    return tuple(entry for entry in list_scenarios() if not entry.problem)


@st.cache_resource(max_entries=64, ttl=60, show_spinner=False)
def _load(name: str) -> Scenario:
    return load_scenario(name)


def preset(name: str) -> Scenario:
    """Return a scenario of the folder by name, as in its file.

    Raises
    ------
    ScenarioError
        If the folder has no scenario of that name, or its file breaks a rule. A link can ask for
        any name, so only names from the folder's list are ever opened.
    """
    if name not in {entry.name for entry in scenario_files()}:
        message = f"There is no scenario called {name}."
        raise ScenarioError([Problem("", 0, message, "Choose one from the list.")])
    return _load(name)


def scenario_of(side: Side) -> Scenario:
    """Return the scenario of a side before any lever is moved: a draft's, or one of the folder.

    Raises
    ------
    ScenarioError
        With every problem of the draft, from the same checks as for a file; also see `preset`.
    """
    if not side.draft:
        return preset(side.scenario)
    draft = read_draft(side.draft)
    if draft.scenario is None:
        raise ScenarioError(draft.problems)
    return draft.scenario


@st.cache_resource(max_entries=64, ttl=60, show_spinner=False)
def build_side(side: Side, beliefs: Settings) -> Scenario:
    """Return the scenario of one side, with its levers and the visitor's beliefs.

    The result is the same as with ``--lever`` and ``--set`` on the command line.

    Raises
    ------
    ScenarioError
        With every lever or parameter that breaks a rule.
    """
    scenario = scenario_of(side)
    changes = {f"parameters.{name}": value for name, value in beliefs}
    levers = {name: whole_where_it_is(scenario, name, value) for name, value in side.levers}
    try:
        believed = scenario.with_changes(changes) if changes else scenario
        return believed.with_levers(levers) if levers else believed
    except ScenarioError as first:
        problems = list(first.problems)
    # Each is checked against the original scenario, so that one report lists all problems.
    for change, values in ((scenario.with_changes, changes), (scenario.with_levers, levers)):
        try:
            change(values)
        except ScenarioError as error:
            problems += [problem for problem in error.problems if problem not in problems]
    raise ScenarioError(problems)


def whole_where_it_is(scenario: Scenario, name: str, value: float) -> float:
    """Return a lever's value as a whole number if its present value is one."""
    lever = scenario.levers.get(name)
    is_whole = lever is not None and isinstance(scenario.value(lever.target), int)
    return int(value) if is_whole and value == int(value) else value


# Scenario, futures, seed, and the first and last month.
Key = tuple[str, int, int, str, str]


@st.cache_resource(max_entries=MOST_RUNS, show_spinner=False)
def _run(key: Key, _scenario: Scenario) -> Result:
    """Run a scenario. Requests for the same one wait for the first and share its result."""
    return shared_run(STORE, key, partial(_futures, _scenario, key))


def _futures(scenario: Scenario, key: Key) -> Ensemble:
    _, futures, seed, first, last = key
    return from_month(run_futures(scenario, futures, seed, as_of=last), first)


def run_key(
    scenario: Scenario, futures: int, seed: int, months: Sequence[str] | None = None
) -> Key:
    """Return a key that distinguishes a run, over all its months or some, from all others."""
    months = scenario.months if months is None else months
    return f"{scenario.name} {scenario.hash}", futures, seed, months[0], months[-1]


def run(scenario: Scenario, futures: int, seed: int, months: Sequence[str] | None = None) -> Result:
    """Return the run of a scenario, from the cache that all visitors share.

    Parameters
    ----------
    scenario : Scenario
    futures, seed : int
    months : sequence of str, optional
        The months shown, without gaps; all of the scenario unless given.

    Raises
    ------
    ScenarioError
        If the run would be too large; see `check_run_size`.
    """
    check_run_size(scenario, futures)
    return _run(run_key(scenario, futures, seed, months), scenario)


def months_of_view(scenarios: Sequence[Scenario], view: View) -> tuple[str, ...]:
    """Return the months that a view shows: those that its scenarios share, up to `View.as_of`.

    All of them if `View.as_of` is not one of them.

    Raises
    ------
    ScenarioError
        If the scenarios share no month.
    """
    months = shared_months(scenarios)
    return _until(months, view.as_of)


@dataclass(frozen=True)
class ShownAnswer(Shown):
    """What the pages show, and the request for it.

    ``is_stale`` marks an answer to earlier settings, shown because the current ones have none.
    ``view`` is the request, which downloads state. ``is_from_start`` says that B is the scenario of
    A as it stands in its file, which the visitor did not ask for.
    """

    is_stale: bool = False
    view: View | None = None
    is_from_start: bool = False

    @property
    def reference(self) -> str:
        """What differences are taken from, in words; "" if nothing is compared."""
        if self.comparison is None:
            return ""
        return "the start" if self.is_from_start else "B"


@st.cache_resource(max_entries=MOST_RUNS, show_spinner=False)
def _compare(keys: tuple[Key, Key], _a: Result, _b: Result) -> Comparison:
    return compare_shared(_b, _a)


def _scenarios_of(view: View) -> tuple[Scenario, ...]:
    """Return the scenario of A, and that of B if there is one.

    Raises
    ------
    ScenarioError
        If a scenario breaks a rule or is too large to run.
    """
    scenarios = tuple(
        build_side(side, view.beliefs) for side in (view.a, view.b) if side is not None
    )
    for scenario in scenarios:
        check_run_size(scenario, view.futures)
    return scenarios


def begin(view: View) -> None:
    """Start the runs of a view, without waiting.

    They are computed while the page draws its controls. If they cannot be, the page reports why
    when it asks for the answer.
    """
    try:
        scenarios = _scenarios_of(view)
        months = months_of_view(scenarios, view)
    except SimError:
        return
    for span in dict.fromkeys([months, _until(months, month_on_view(months, view.month))]):
        for scenario in scenarios:
            key = run_key(scenario, view.futures, view.seed, span)
            STORE.begin(key, partial(_futures, scenario, key))


def month_on_view(months: Sequence[str], asked: str) -> str:
    """Return the month that a view asks for, or the nearest of those there are; the last for "".

    Examples
    --------
    >>> months = ("2025-05", "2025-06", "2025-07")
    >>> [month_on_view(months, asked) for asked in ("2025-06", "2024-12", "2099-12", "")]
    ['2025-06', '2025-05', '2025-07', '2025-07']
    """
    return min(max(asked, months[0]), months[-1]) if asked else months[-1]


def _until(months: tuple[str, ...], last: str) -> tuple[str, ...]:
    """Return months up to one of them; all if it is not among them."""
    return months[: months.index(last) + 1] if last in months else months


def answer(view: View, months: Sequence[str] | None = None) -> ShownAnswer:
    """Return the runs of a view.

    Parameters
    ----------
    view : View
    months : sequence of str, optional
        The months shown, without gaps; those of `months_of_view` unless given.

    Raises
    ------
    ScenarioError
        If a scenario breaks a rule or is too large to run, or the two share no month.
    """
    scenarios = _scenarios_of(view)
    if months is None:
        months = months_of_view(scenarios, view)
    a, *others = (run(scenario, view.futures, view.seed, months) for scenario in scenarios)
    if not others:
        return ShownAnswer(a, view=view)
    first, second = (run_key(each, view.futures, view.seed, months) for each in scenarios)
    return ShownAnswer(a, others[0], _compare((first, second), a, others[0]), view=view)


def answer_at(found: ShownAnswer, month: str) -> ShownAnswer:
    """Return an answer as of the month on view; itself if that is its last.

    The same futures, stopped there: the result of ``--as-of`` on the command line.
    """
    assert found.view is not None
    months = _until(found.a.months, month_on_view(found.a.months, month))
    if months == found.a.months:
        return found
    return replace(answer(found.view, months), is_stale=found.is_stale)


def against_start(found: ShownAnswer) -> ShownAnswer | None:
    """Return an answer compared with its scenario as it stands in its file.

    None if it is compared with another one, or nothing is moved.
    """
    assert found.view is not None
    if found.b is not None:
        return None
    view, months = found.view, found.a.months
    start = scenario_of(view.a)
    if start.hash == found.a.scenario.hash:
        return None
    b = run(start, view.futures, view.seed, months)
    keys = [run_key(each, view.futures, view.seed, months) for each in (found.a.scenario, start)]
    comparison = _compare((keys[0], keys[1]), found.a, b)
    return replace(found, b=b, comparison=comparison, is_from_start=True)
