"""The calibrated simulations behind the patterns, each run when it is first asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.backtests.simulating import SimulatedAnswers, not_set, simulate_answers
from sim.analysis.history.programmes import built_programme
from sim.analysis.patterns.record import AMERICAN, DECLARATIONS, programmes
from sim.data.posterior import RIVAL_INTERCEPT, load_posteriors
from sim.experiment.result import run_futures
from sim.model.layout import make_state
from sim.model.mechanism.block import run_block
from sim.model.mechanism.terms import N_TERMS
from sim.model.places import records_of
from sim.model.record import make_record
from sim.model.rows import draw_inputs, sizes
from sim.model.sampling import draw_events
from sim.model.world.building import build_world
from sim.scenario import Scenario, load_scenario

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from sim.analysis.history.answers import Answers
    from sim.model.ensemble import Ensemble
    from sim.model.world.building import Built

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
    def final_stages(self) -> NDArray[np.int8]:
        """Stage of each country with each offer at the end of the baseline, shape (R, O, n)."""
        return final_stages(build_world(load_scenario(BASELINE)), self.replicates, self.seed)

    @cached_property
    def declarations(self) -> tuple[tuple[Built, Answers, SimulatedAnswers], ...]:
        """American declarations of the past, each forecast from its launch as a backtest does.

        Those are left out that began before the first posterior that ships.
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


def final_stages(built: Built, replicates: int, seed: int) -> NDArray[np.int8]:
    """Return the stage of each country's dealings with each offer at the end, shape (R, O, n).

    An ensemble keeps no stages by country, so each future is run by itself, and its state read.
    """
    inputs = draw_inputs(built, seed, np.arange(replicates, dtype=np.uint64))
    timetable = built.timetable
    state = make_state(*sizes(built), N_TERMS)
    n, _, n_offers, _ = sizes(built)
    found = np.empty((replicates, n_offers, n), np.int8)
    for r in range(replicates):
        row = slice(r, r + 1)
        records = records_of(built, inputs, row)
        replicate = inputs.replicate[row]
        run_block(
            built.world, np.uint64(seed), replicate, inputs.group[row], records.weight,
            records.offer, records.provider, records.numbers("offer"), records.numbers("provider"),
            draw_events(seed, replicate, timetable.probability, timetable.key), state,
            make_record(1, 1, built.world.n_months, *sizes(built), has_sums=False),
        )  # fmt: skip
        found[r] = state.stage[:n_offers]
    return found


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
