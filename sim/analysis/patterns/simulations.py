"""The calibrated simulations behind the patterns, each run when it is first asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.backtests.forecasting.simulating import (
    SimulatedAnswers,
    not_set,
    simulate_answers,
)
from sim.analysis.history.programmes import built_programme
from sim.analysis.patterns.record import AMERICAN, DECLARATIONS, programmes
from sim.data.posterior import RIVAL_INTERCEPT, load_posteriors
from sim.experiment.result import run_futures
from sim.model.layout import N_ABANDONED
from sim.model.rows import BLOCK, Rows, draw_inputs, run_rows
from sim.model.world.building import build_world
from sim.scenario import Scenario, load_scenario

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from sim.analysis.history.answers import Answers
    from sim.model.ensemble import Ensemble
    from sim.model.world.building import Built

FUTURES_AT_A_TIME = 5 * BLOCK  # some 150 MB of paths by country and month
BASELINE, SHOCK, THIRD = "baseline", "kill-switch", "third-way"


@dataclass(frozen=True)
class Simulations:
    """Futures of the scenarios that the patterns speak of, with common random numbers.

    Parameters
    ----------
    replicates, seed : int
        As for a run.
    """

    replicates: int
    seed: int

    def _run(self, scenario: Scenario) -> Ensemble:
        return run_futures(scenario, self.replicates, self.seed)

    @cached_property
    def baseline(self) -> Ensemble:
        """The offers as they stood at the launch."""
        return self._run(load_scenario(BASELINE))

    @cached_property
    def shocked(self) -> Ensemble:
        """The same futures with a shock to trust in American services."""
        return self._run(load_scenario(SHOCK))

    @cached_property
    def third(self) -> Ensemble:
        """Futures with a European provider."""
        return self._run(load_scenario(THIRD))

    @cached_property
    def third_shocked(self) -> Ensemble:
        """The same futures with a European provider and the same shock."""
        return self._run(with_events_of(load_scenario(THIRD), load_scenario(SHOCK)))

    @cached_property
    def supplier_exits(self) -> NDArray[np.bool_]:
        """Whether a supplier gives up each offer in each country of the baseline, (R, O, n)."""
        return supplier_exits(build_world(load_scenario(BASELINE)), self.replicates, self.seed)

    @cached_property
    def declarations(self) -> tuple[tuple[Built, Answers, SimulatedAnswers], ...]:
        """American declarations of the past, each forecast from its launch as a backtest does.

        Declarations that began before the first posterior that ships are left out.
        """
        return tuple(_forecast_declarations(self.replicates, self.seed))

    @property
    def shock_month(self) -> str:
        """Month of the shock: the last event of its scenario."""
        return self.shocked.scenario.events[-1].date


def with_events_of(scenario: Scenario, other: Scenario) -> Scenario:
    """Return a scenario with the events of another in place of its own."""
    events = [event.model_dump(exclude_none=True) for event in other.events]
    return scenario.with_changes({"events": events})


def supplier_exits(built: Built, replicates: int, seed: int) -> NDArray[np.bool_]:
    """Return whether the supplier gives up each offer in each country in a future, (R, O, n).

    A run keeps how many commitments a supplier ends each month, but not where. So each future is a
    group of its own, whose countries can be followed from month to month: where as many lose the
    offer as the supplier gave up, these are the ones. A month in which others leave the same offer
    too is left out.
    """
    parts = []
    for first in range(0, replicates, FUTURES_AT_A_TIME):
        futures = np.arange(first, min(first + FUTURES_AT_A_TIME, replicates), dtype=np.uint64)
        inputs = draw_inputs(built, seed, futures, group=np.arange(futures.size))
        parts.append(_exits(run_rows(built, seed, inputs)))
    return np.concatenate(parts)


def _exits(rows: Rows) -> NDArray[np.bool_]:
    """Return the same for rows with one future in each group."""
    axes = rows.axes
    holds = np.array([[o in held for held in axes.path_offers] for o in axes.offer], np.int32)
    has_offer = np.einsum("rikt,ok->roit", rows.country_path, holds) > 0
    loses = has_offer[..., :-1] & ~has_offer[..., 1:]
    given_up = np.diff(rows.offer_record[:, :, :, N_ABANDONED], axis=1).transpose(0, 2, 1)
    is_clear = (given_up > 0) & (loses.sum(axis=2) == given_up)
    return np.asarray((loses & is_clear[:, :, None, :]).any(axis=3))


def _forecast_declarations(
    replicates: int, seed: int
) -> Iterator[tuple[Built, Answers, SimulatedAnswers]]:
    """Yield each American declaration with a posterior before its launch, and its futures."""
    table = load_posteriors()
    for scenario, answers in programmes(AMERICAN, DECLARATIONS):
        month = table.latest(scenario.months[0])
        posterior = table.find(month, DECLARATIONS[0]) if month is not None else None
        if posterior is None:
            continue
        built = built_programme(scenario.name)
        # A declaration of the past stands alone: there is no rival whose intercept could be drawn.
        numbers = [name for name in posterior.numbers if name != RIVAL_INTERCEPT]
        names = [numbers[place] for place in not_set(scenario, numbers)]
        values = np.stack([posterior.column(name) for name in names], axis=1)
        yield built, answers, simulate_answers(built, names, values, replicates, seed)
