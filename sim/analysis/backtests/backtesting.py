"""Backtests: a programme of the past is forecast, and scored on what happened."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal, overload

from sim.analysis.backtests.forecasting.case import read_case
from sim.analysis.backtests.from_launch import Backtest, forecast_from_launch
from sim.analysis.backtests.onestep.stepping import StepBacktest, forecast_one_step
from sim.errors import InputError, Problem
from sim.model.requests import check_request

if TYPE_CHECKING:
    from sim.analysis.calibration.fitting import Fit
    from sim.scenario import Scenario

FROM_LAUNCH: Literal["from-launch"] = "from-launch"
ONE_STEP: Literal["one-step-ahead"] = "one-step-ahead"
TASKS = (FROM_LAUNCH, ONE_STEP)
Progress = Callable[[str], None]


@overload
def backtest(
    scenario: str | Path | Scenario, events: str | Path | None = None, *,
    task: Literal["from-launch"] = "from-launch", split: str = "time", as_of: str | None = None,
    replicates: int = 1000, seed: int = 1, rivals: bool = True, workers: int | None = None,
    start: Fit | None = None, progress: Progress = lambda text: None,
) -> Backtest: ...  # fmt: skip
@overload
def backtest(
    scenario: str | Path | Scenario, events: str | Path | None = None, *,
    task: Literal["one-step-ahead"], split: str = "time", as_of: str | None = None,
    replicates: int = 1000, seed: int = 1, rivals: bool = True, workers: int | None = None,
    start: Fit | None = None, progress: Progress = lambda text: None,
) -> StepBacktest: ...  # fmt: skip
@overload
def backtest(
    scenario: str | Path | Scenario, events: str | Path | None = None, *,
    task: str, split: str = "time", as_of: str | None = None,
    replicates: int = 1000, seed: int = 1, rivals: bool = True, workers: int | None = None,
    start: Fit | None = None, progress: Progress = lambda text: None,
) -> Backtest | StepBacktest: ...  # fmt: skip
def backtest(
    scenario: str | Path | Scenario,
    events: str | Path | None = None,
    *,
    task: str = FROM_LAUNCH,
    split: str = "time",
    as_of: str | None = None,
    replicates: int = 1000,
    seed: int = 1,
    rivals: bool = True,
    workers: int | None = None,
    start: Fit | None = None,
    progress: Progress = lambda text: None,
) -> Backtest | StepBacktest:
    """Forecast a programme with what was known then, and score the forecast.

    Parameters
    ----------
    scenario : str, Path or Scenario
        Name of a programme that ships (such as ``artemis-accords``), or a scenario file anywhere.
        One offer, which is scored.
    events : str or Path, optional
        Table of what countries did, with columns iso3, date and event; the project's own unless
        given.
    task : str
        ``from-launch``: who joins, how many and when, knowing only the offer; ``one-step-ahead``:
        who joins in each month, knowing who had joined before.
    split : str
        ``time``: the rule and its rivals know what was known at the launch; ``leave-one-out``: all
        other programmes, later ones too.
    as_of : str, optional
        With the split ``time``: month "YYYY-MM" before which answers are known; the launch unless
        given. Never later than the launch.
    replicates, seed, workers : int
        As for a run. One step ahead nothing is simulated, and `replicates` is the number of draws
        of the numbers.
    rivals : bool
        Whether simple rules are fitted to the same history and scored too. One step ahead there is
        one, which needs no fit and is always scored.
    start : Fit, optional
        With the split ``leave-one-out``: where the estimation begins, such as
        ``sim.calibrate().fit``.
    progress : callable
        Called with a line on each step.

    Returns
    -------
    Backtest or StepBacktest
        By the task.

    Raises
    ------
    InputError
        If a file breaks its rules, no row belongs to the programme, nobody joined, or too little
        was known as early as its launch; if there is no such task or split; if an argument is of
        the wrong type, out of its range, or serves another split.

    Examples
    --------
    >>> import sim
    >>> found = sim.backtest("artemis-accords", replicates=20, rivals=False)
    >>> found.programme, len(found.uptake()) == len(found.scenario.months)
    ('artemis_accords', True)
    """
    check_request(replicates, seed, workers)
    if task not in TASKS:
        rule = f"task = {task!r} is neither {' nor '.join(TASKS)}."
        raise InputError([Problem("", 0, rule, "Choose one of the two.")])
    case = read_case(scenario, events, split, as_of, start, workers, progress)
    if task == ONE_STEP:
        return forecast_one_step(case, replicates, seed, workers, progress)
    return forecast_from_launch(case, replicates, seed, rivals, workers, progress)
