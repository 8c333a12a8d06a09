"""Backtests: a programme of the past is forecast from its launch, and scored on what happened."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.analysis.backtests.forecasting.knowledge import SPLITS, Knowledge, all_but, before_launch
from sim.analysis.backtests.forecasting.simulating import (
    SimulatedAnswers,
    not_set,
    simulate_answers,
)
from sim.analysis.backtests.rivals.rivals import RIVALS, joiner_counts
from sim.analysis.backtests.scoring.forecast import Forecast
from sim.analysis.backtests.scoring.scores import Scores, score_forecast
from sim.analysis.history.answers import Answers, programme_of, read_answers
from sim.analysis.history.events_table import read_events
from sim.analysis.history.launches import launch_table
from sim.analysis.history.programmes import EVENTS, history_scenarios
from sim.analysis.history.written import write_tables
from sim.data import load_facts
from sim.errors import InputError, Problem
from sim.model.world.building import build_world
from sim.scenario import Scenario, load_scenario
from sim.scenario.months import month_number
from sim.scenario.reading.named import is_bare, is_known
from sim.scenario.wording import shown_value, suggest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.model.world.building import Built

RULE = "rule"
BAND = (0.05, 0.95)
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Backtest:
    """A forecast of one programme from its launch, and how it and its rivals fared.

    Parameters
    ----------
    scenario : Scenario
        The programme.
    programme : str
        Name in the events table.
    knowledge : Knowledge
        What the numbers were drawn from, and what rivals learnt from.
    answers : Answers
        What each country did.
    simulated : SimulatedAnswers
        The forecast.
    scores : mapping of str to Scores
        Of the rule, and of each rival that was asked for.
    probability : mapping of str to ndarray, shape (n,)
        That each country joins, by the rule and by each rival; NaN where it is not scored.
    """

    scenario: Scenario
    programme: str
    knowledge: Knowledge
    answers: Answers
    simulated: SimulatedAnswers
    scores: Mapping[str, Scores]
    probability: Mapping[str, np.ndarray]

    def countries(self) -> pd.DataFrame:
        """Return one row for each country: what was forecast, and what it did."""
        first = month_number(self.scenario.months[0])
        answers = self.answers
        names = [_month_or_empty(first, last) for last in answers.last]
        table = pd.DataFrame(
            {
                "iso3": answers.country,
                "is_scored": answers.is_scored,
                "has_joined": answers.has_joined,
                "month_joined": names,
                "weight": answers.weight,
            }
        )
        for name, values in self.probability.items():
            table[f"p_{name}"] = values
        return table

    def uptake(self) -> pd.DataFrame:
        """Return one row a month: how many had joined, forecast (mean and 90 % band) and real."""
        counts = self.simulated.counts(self.answers.is_scored)
        low, high = np.quantile(counts, BAND, axis=0)
        joined = self.answers.last[self.answers.has_joined]
        months = np.arange(self.simulated.n_months)
        return pd.DataFrame(
            {
                "month": self.scenario.months,
                "forecast_mean": counts.mean(axis=0),
                "forecast_low": low,
                "forecast_high": high,
                "on_record": [int((joined <= month).sum()) for month in months],
            }
        )

    def table(self) -> pd.DataFrame:
        """Return the scores of the rule and of its rivals, one row each and score."""
        parts = []
        for name, scores in self.scores.items():
            part = scores.to_frame()
            part.insert(0, "forecaster", name)
            parts.append(part)
        return pd.concat(parts, ignore_index=True)

    def write(self, folder: Path) -> Path:
        """Write scores, countries and uptake as CSV, and how they came about.

        Raises
        ------
        InputError
            If the folder cannot be written.
        """
        about = {
            "scenario": self.scenario.name,
            "programme": self.programme,
            "launch": self.scenario.months[0],
            "posterior": self.knowledge.posterior.title,
            "known": self.knowledge.words,
            "futures": len(self.simulated.month_joined),
        }
        tables = {
            "scores": self.table(), "countries": self.countries(), "uptake": self.uptake(),
        }  # fmt: skip
        return write_tables(folder, tables, about)


def _month_or_empty(first: int, index: int) -> str:
    from sim.scenario.months import month_name

    return month_name(first + index) if index >= 0 else ""


def find_programme(name: str | Path) -> Scenario:
    """Return a programme by the name of a file that ships, or by a path.

    Raises
    ------
    InputError
        If there is no such programme.
    """
    known: dict[str, Scenario] = {}
    for scenario in history_scenarios():
        known |= {scenario.name: scenario, programme_of(scenario)[2]: scenario}
    text = str(name)
    if text in known:
        return known[text]
    if is_bare(text) and not is_known(text):
        rule = f"{shown_value(text)} is no programme that ships, and no scenario."
        raise InputError([Problem("", 0, rule, suggest(text, known) or "Name a file.")])
    return load_scenario(name)


def backtest(
    scenario: str | Path | Scenario,
    events: str | Path | None = None,
    *,
    split: str = "time",
    as_of: str | None = None,
    futures: int = 1000,
    seed: int = 1,
    rivals: bool = True,
    workers: int | None = None,
    progress: Progress = lambda text: None,
) -> Backtest:
    """Forecast a programme from its launch with what was known then, and score the forecast.

    Parameters
    ----------
    scenario : str, Path or Scenario
        Name of a programme that ships (such as ``artemis-accords``), or a scenario file anywhere.
        One offer, which is scored.
    events : str or Path, optional
        Table of what countries did, with columns iso3, date and event; the project's own unless
        given.
    split : str
        ``time``: the rule and its rivals know what was known at the launch; ``leave-one-out``: all
        other programmes, later ones too.
    as_of : str, optional
        With the split ``time``: month "YYYY-MM" before which answers are known; the launch unless
        given. Never later than the launch.
    futures, seed, workers : int
        As for a run.
    rivals : bool
        Whether simple rules are fitted to the same history and scored too.
    progress : callable
        Called with a line on each step.

    Raises
    ------
    InputError
        If a file breaks its rules, no row belongs to the programme, nobody joined, or too little
        was known as early as its launch.
    """
    if split not in SPLITS:
        rule = f"split = {split!r} is neither {' nor '.join(SPLITS)}."
        raise InputError([Problem("", 0, rule, "Choose one of the two.")])
    known = scenario if isinstance(scenario, Scenario) else find_programme(scenario)
    _, offer, programme = programme_of(known)
    table = load_facts().events if events is None else read_events(events, programme)
    answers = read_answers(known, table, source=EVENTS if events is None else str(events))
    _check_somebody(known, answers, programme)
    if split == "time":
        knowledge = before_launch(known, offer.kind, as_of, workers, progress)
    else:
        knowledge = all_but(programme, offer.kind, workers, progress)
    found = knowledge.posterior
    progress(f"simulating {futures:,} futures of {known.title}")
    built = build_world(known)
    free = not_set(known, found.numbers)
    names = [found.numbers[place] for place in free]
    simulated = simulate_answers(built, names, found.draws[:, free], futures, seed, workers)
    probability = {RULE: np.where(answers.is_scored, simulated.probability(), np.nan)}
    scores = {RULE: _score_rule(answers, simulated, programme)}
    if rivals:
        for name, values, scored in _score_rivals(built, answers, knowledge, futures, progress):
            probability[name], scores[name] = values, scored
    return Backtest(known, programme, knowledge, answers, simulated, scores, probability)


def _check_somebody(scenario: Scenario, answers: Answers, programme: str) -> None:
    """Refuse a programme that nobody who was asked joined while it was watched."""
    if answers.has_joined.any():
        return
    span = f"{scenario.months[0]} to {scenario.months[-1]}"
    rule = f"nobody who was asked joined {programme} from {span} by a row of known date."
    remedy = "Widen the horizon of the scenario, or date the rows."
    file = scenario.source_files[0] if scenario.source_files else ""
    raise InputError([Problem(file, 0, rule, remedy)])


def _score_rule(answers: Answers, simulated: SimulatedAnswers, programme: str) -> Scores:
    """Return the scores of the rule's own forecast."""
    asked = answers.is_scored
    month = np.where(answers.last >= 0, answers.last, np.nan)[asked]
    return score_forecast(
        Forecast(
            programme,
            answers.has_joined[asked],
            simulated.probability()[asked],
            count=simulated.counts(asked)[:, -1].astype(np.float64),
            month=month,
            by_month=simulated.by_month()[asked],
        )
    )


def _score_rivals(
    built: Built, answers: Answers, knowledge: Knowledge, futures: int, progress: Progress
) -> Iterator[tuple[str, NDArray[np.float64], Scores]]:
    """Yield the name, the probabilities (n,) and the scores of each rival."""
    test = launch_table(built, answers)
    asked = answers.is_scored
    for rival in RIVALS.values():
        progress(f"fitting a rival: {rival.title.lower()}")
        each = rival.by_programme(knowledge.history, test)
        values = np.full(len(answers.country), np.nan)
        values[asked] = each.mean(axis=0)
        count = joiner_counts(each, answers.programme, futures)
        forecast = Forecast(
            answers.programme, answers.has_joined[asked], values[asked], count=count
        )
        yield rival.name, values, score_forecast(forecast)
