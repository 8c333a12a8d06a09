"""Futures of a programme with numbers drawn from a posterior: what a backtest scores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.calibration.record import INTERCEPT, SILENT
from sim.analysis.history.answers import programme_of
from sim.data.parameters import load_parameters
from sim.data.posterior import RIVAL_INTERCEPT
from sim.model.places import locate
from sim.model.rows import FUTURES_PER_DRAW, draw_inputs, run_rows
from sim.scenario.path_names import offer_id

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from sim.model.world.building import Built
    from sim.scenario import Scenario


@dataclass(frozen=True)
class SimulatedAnswers:
    """When each country joins in each future; axis r is the future, i the country.

    Parameters
    ----------
    country : tuple of str
        ISO3 codes.
    month_joined : ndarray of int, shape (r, n)
        Month index, -1 where it does not join.
    n_months : int
        Months of the scenario.
    """

    country: tuple[str, ...]
    month_joined: NDArray[np.int16]
    n_months: int

    def probability(self) -> NDArray[np.float64]:
        """Return the share of futures in which each country joins by the end, shape (n,)."""
        return np.asarray((self.month_joined >= 0).mean(axis=0))

    def by_month(self) -> NDArray[np.float64]:
        """Return the share of futures in which it has joined by each month's end, (n, T)."""
        months = np.arange(self.n_months)
        joined = self.month_joined >= 0
        return np.stack([(joined & (self.month_joined <= t)).mean(axis=0) for t in months], axis=1)

    def counts(self, countries: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Return how many of some countries have joined by each month's end, shape (r, T)."""
        chosen = self.month_joined[:, countries]
        joined = chosen >= 0
        return np.stack(
            [(joined & (chosen <= t)).sum(axis=1) for t in range(self.n_months)], axis=1
        )


def simulate_answers(
    built: Built,
    names: Sequence[str],
    values: NDArray[np.float64],
    futures: int = 1000,
    seed: int = 1,
    workers: int | None = None,
    silent: Mapping[str, float] = SILENT,
) -> SimulatedAnswers:
    """Return futures of a programme, four to a draw, the draws taken in turn.

    Numbers that are not drawn stay at the central values of the scenario: the posterior was found
    with them there.

    Parameters
    ----------
    built : Built
        The programme as a scenario.
    names : sequence of str
        Rows of the parameter table, and ``intercept`` of the offer.
    values : ndarray, shape (draws, len(names))
        From a posterior.
    futures, seed, workers : int
        As for a run.
    silent : mapping of str to float
        Rows of the parameter table at other than their central values: those that the posterior
        was found with.
    """
    reference = programme_of(built.scenario)[0]
    provider, offer = reference.split(".")
    addresses = [
        f"providers.{provider}.offers.{offer}.{INTERCEPT}"
        if name == INTERCEPT
        else f"parameters.{name}"
        for name in names
    ]
    fixed = {f"parameters.{name}": value for name, value in silent.items()}
    for address in built.numbers.address:
        if address not in addresses:
            fixed.setdefault(address, float(built.scenario.value(address) or 0.0))
    n_draws = -(-futures // FUTURES_PER_DRAW)
    drawn = np.resize(np.arange(len(values)), n_draws)
    rows = np.concatenate(
        [values[drawn], np.tile(list(fixed.values()), (n_draws, 1))], axis=1
    ).repeat(FUTURES_PER_DRAW, axis=0)[:futures]
    places = locate(built, [*addresses, *fixed])
    replicate = np.arange(futures, dtype=np.uint64)
    inputs = draw_inputs(built, seed, replicate, places, rows)
    found = run_rows(built, seed, inputs, workers, has_sums=False)
    o = built.axes.offer.index(offer_id(reference))
    return SimulatedAnswers(built.axes.country, found.month_signed[:, :, o], built.world.n_months)


def not_set(scenario: Scenario, names: Sequence[str]) -> list[int]:
    """Return which numbers of a posterior, by their place, are drawn for a programme.

    Those that the scenario sets differently from the parameter table are not, nor is what only a
    second provider has.
    """
    reference = programme_of(scenario)[0]
    table = load_parameters()
    return [
        place
        for place, name in enumerate(names)
        if name != RIVAL_INTERCEPT
        and (scenario.offers[reference].intercept == 0.0 if name == INTERCEPT
            else scenario.parameters[name] == table[name].default)
    ]  # fmt: skip
