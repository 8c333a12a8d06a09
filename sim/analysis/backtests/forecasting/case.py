"""A programme that is forecast: what it is, what countries did, and what may be known of others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.analysis.backtests.forecasting.knowledge import (
    BY_TIME,
    LEAVE_ONE_OUT,
    SPLITS,
    Knowledge,
    all_but,
    before_launch,
)
from sim.analysis.history.answers import Answers, programme_of, read_answers
from sim.analysis.history.events_table import read_events
from sim.analysis.history.known_months import check_known_before
from sim.analysis.history.left_out import rows_left_out
from sim.analysis.history.programmes import EVENTS, history_files, history_scenarios
from sim.data import load_facts
from sim.errors import InputError, Problem
from sim.model.world.building import Built, build_world
from sim.notebook.showing import ShowsItself
from sim.scenario import Scenario, load_scenario
from sim.scenario.reading.named import is_bare, is_known
from sim.scenario.wording import shown_value, suggest

if TYPE_CHECKING:
    from sim.analysis.calibration.fitting import Fit

Progress = Callable[[str], None]


@dataclass(frozen=True)
class PastProgramme:
    """A programme of the past, before anything is forecast.

    Parameters
    ----------
    scenario : Scenario
        The programme.
    built : Built
        Its world.
    programme : str
        Name in the events table.
    answers : Answers
        What each country did.
    knowledge : Knowledge
        What the numbers are drawn from, and what rivals learn from.
    left_out : mapping of str to int
        Rows of the events table that were left out, by the reason.
    planned_end : str
        Month in which the horizon of the scenario ends: later than that of `scenario` where nobody
        can know yet what happened.
    """

    scenario: Scenario
    built: Built
    programme: str
    answers: Answers
    knowledge: Knowledge
    left_out: Mapping[str, int]
    planned_end: str

    def about(self) -> dict[str, Any]:
        """Return what a manifest says of the case."""
        return {
            "scenario": self.scenario.name,
            "programme": self.programme,
            "launch": self.scenario.months[0],
            "posterior": self.knowledge.posterior.title,
            "known": self.knowledge.words,
            "rows_left_out": dict(self.left_out),
            "last_month": self.scenario.months[-1],
            "planned_end": self.planned_end,
        }


@dataclass(frozen=True)
class OfCase(ShowsItself):
    """What has been forecast of a programme, by whichever task.

    Parameters
    ----------
    case : PastProgramme
        The programme, its answers, and what was known at its launch.
    """

    case: PastProgramme

    @property
    def scenario(self) -> Scenario:
        """The programme, until the month to which answers are known."""
        return self.case.scenario

    @property
    def programme(self) -> str:
        """Name in the events table."""
        return self.case.programme

    @property
    def answers(self) -> Answers:
        """What each country did."""
        return self.case.answers

    @property
    def knowledge(self) -> Knowledge:
        """What the numbers were drawn from, and what rivals learnt from."""
        return self.case.knowledge

    @property
    def left_out(self) -> Mapping[str, int]:
        """Rows of the events table that were left out, by the reason."""
        return self.case.left_out


def find_programme(name: str | Path) -> Scenario:
    """Return a programme by the name of a file that ships, or by a path.

    Raises
    ------
    InputError
        If there is no such programme.
    """
    text = str(name)
    if not is_bare(text):
        return load_scenario(name)
    for path in history_files():
        if path.stem == text:
            return load_scenario(path)
    # The name may be that of the events table, which only the content of a file says.
    known: dict[str, Scenario] = {}
    for scenario in history_scenarios():
        known |= {scenario.name: scenario, programme_of(scenario)[2]: scenario}
    if text in known:
        return known[text]
    if not is_known(text):
        rule = f"{shown_value(text)} is no programme that ships, and no scenario."
        raise InputError([Problem("", 0, rule, suggest(text, known) or "Name a file.")])
    return load_scenario(name)


def read_case(
    scenario: str | Path | Scenario,
    events: str | Path | None,
    split: str,
    as_of: str | None,
    start: Fit | None,
    workers: int | None,
    progress: Progress,
) -> PastProgramme:
    """Return a programme with what may be known of it; parameters as for `backtest`.

    Raises
    ------
    InputError
        As `backtest` does.
    """
    _check_split(split, as_of, start)
    if not isinstance(scenario, Scenario | str | PathLike):
        rule = f"a value of type {type(scenario).__name__} is no programme."
        raise InputError([Problem("", 0, rule, "Name one that ships, a file, or a scenario.")])
    planned = scenario if isinstance(scenario, Scenario) else find_programme(scenario)
    _, offer, programme = programme_of(planned)
    table: pd.DataFrame = load_facts().events if events is None else read_events(events, programme)
    known = _to_the_last_month_known(planned, table)
    answers = read_answers(known, table, source=EVENTS if events is None else str(events))
    _check_somebody(known, answers, programme)
    if split == BY_TIME:
        knowledge = before_launch(known, offer.kind, as_of, workers, progress)
    else:
        knowledge = all_but(programme, offer.kind, start, workers, progress)
    return PastProgramme(
        known, build_world(known), programme, answers, knowledge, rows_left_out(known, table),
        planned.months[-1],
    )  # fmt: skip


def _check_split(split: Any, as_of: Any, start: Fit | None) -> None:
    """Refuse a split that does not exist, and what serves only the other one."""
    problems = []
    if split not in SPLITS:
        rule = f"split = {split!r} is neither {' nor '.join(SPLITS)}."
        problems.append(Problem("", 0, rule, "Choose one of the two."))
    elif split == BY_TIME and start is not None:
        rule = f"start is for the split {LEAVE_ONE_OUT}: here posteriors that ship are used."
        problems.append(Problem("", 0, rule, "Leave start out."))
    elif split == LEAVE_ONE_OUT and as_of is not None:
        rule = f"as_of is for the split {BY_TIME}: here later programmes are known too."
        problems.append(Problem("", 0, rule, "Leave as_of out, or choose the other split."))
    elif as_of is not None:
        problems += check_known_before("as_of", as_of)
    if problems:
        raise InputError(problems)


def _to_the_last_month_known(scenario: Scenario, events: pd.DataFrame) -> Scenario:
    """Return a programme that ends with the record: later months have no answers to score.

    The record ends with the latest row of the table that ships or, if later, of a user's own.
    """
    last = max(str(table["date"].max())[:7] for table in (load_facts().events, events))
    if scenario.months[-1] <= last or scenario.months[0] > last:
        return scenario
    return scenario.with_changes({"horizon.end": last})


def _check_somebody(scenario: Scenario, answers: Answers, programme: str) -> None:
    """Refuse a programme that nobody who was asked joined while it was watched."""
    if answers.has_joined.any():
        return
    span = f"{scenario.months[0]} to {scenario.months[-1]}"
    rule = f"nobody who was asked joined {programme} from {span} by a row of known date."
    remedy = "Widen the horizon of the scenario, or date the rows."
    file = scenario.source_files[0] if scenario.source_files else ""
    raise InputError([Problem(file, 0, rule, remedy)])
