"""What a backtest may know: a posterior, and the history from which rivals learn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.backtests.forecasting.simulating import not_set
from sim.analysis.calibration.calibrating import Calibration, calibrate
from sim.analysis.calibration.posterior import N_DRAWS, column_names, numbers_of, sample
from sim.analysis.history.launches import load_launches
from sim.analysis.history.programmes import history_programmes, known_answers
from sim.data.posterior import Posterior, load_posteriors
from sim.errors import InputError, Problem, RunError

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from sim.analysis.calibration.fitting import Fit
    from sim.analysis.history.answers import Answers
    from sim.scenario import Scenario

BY_TIME, LEAVE_ONE_OUT = "time", "leave-one-out"
SPLITS = (BY_TIME, LEAVE_ONE_OUT)
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Knowledge:
    """What is known of other programmes when one is forecast.

    Parameters
    ----------
    posterior : Posterior
        Numbers for a new programme of the kind.
    history : DataFrame
        Answers and facts from which rivals learn; see `sim.analysis.history.launches`.
    split : str
        ``time``: nothing of the launch or later; ``leave-one-out``: all other programmes.
    """

    posterior: Posterior
    history: pd.DataFrame
    split: str

    @property
    def words(self) -> str:
        """What is known, for readers."""
        if self.split == BY_TIME:
            return f"what was known before {self.posterior.as_of}"
        return "all other programmes, later ones too"

    def draws_for(self, scenario: Scenario) -> tuple[list[str], NDArray[np.float64]]:
        """Return the numbers that a scenario leaves to the posterior, and their joint draws."""
        found = self.posterior
        free = not_set(scenario, found.numbers)
        return [found.numbers[place] for place in free], found.draws[:, free]

    def earlier_answers(self, programme: str) -> Iterator[Answers]:
        """Yield what countries did about the other programmes, as far as it is known."""
        before = self.posterior.as_of if self.split == BY_TIME else None
        return known_answers(before, [programme])


def before_launch(
    scenario: Scenario, kind: str, as_of: str | None, workers: int | None, progress: Progress
) -> Knowledge:
    """Return what was known before a month, which is the launch of a programme or earlier.

    The latest posterior that ships is taken; before the first of them, one is estimated.

    Raises
    ------
    InputError
        If the month is after the launch, or too little was known.
    """
    launch = scenario.months[0]
    if as_of is not None and as_of > launch:
        rule = f"as_of = {as_of} is after the launch, {launch}: its own answers would be known."
        raise InputError([Problem("", 0, rule, "Choose an earlier month, or leave as_of out.")])
    table = load_posteriors()
    wanted = as_of or launch
    month = table.latest(wanted)
    found = table.find(month, kind) if month is not None else None
    if found is None:
        progress(f"estimating as of {wanted}, before the posteriors that ship")
        try:
            estimated = calibrate(wanted, workers=workers, progress=progress)
        except RunError as error:
            remedy = "Forecast a later programme, or use the split leave-one-out."
            raise InputError([Problem("", 0, str(error), remedy)]) from None
        found = posterior_from(estimated, wanted, kind)
    return Knowledge(found, load_launches(found.as_of), BY_TIME)


def all_but(
    programme: str, kind: str, start: Fit | None, workers: int | None, progress: Progress
) -> Knowledge:
    """Return what all programmes but one say, later ones too; the search begins at `start`."""
    table = load_posteriors()
    last = table.months[-1]
    found = table.find(last, kind)
    left_out = [programme] if programme in history_programmes() else []
    if left_out or found is None:
        progress(f"estimating without {programme}")
        estimated = calibrate(None, left_out, workers=workers, progress=progress, start=start)
        found = posterior_from(estimated, last, kind)
    return Knowledge(found, load_launches(None, left_out), LEAVE_ONE_OUT)


def posterior_from(estimated: Calibration, as_of: str, kind: str) -> Posterior:
    """Return the draws of an estimation for a new programme of a kind."""
    draws = np.round(numbers_of(estimated.fit, sample(estimated.fit, N_DRAWS), kind), 4)
    return Posterior(as_of, kind, "", column_names(estimated.fit), draws)
