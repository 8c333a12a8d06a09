"""The memory of a run, estimated before it runs, and the limit for one visitor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import Problem, ScenarioError
from sim.model.layout import OFFER_COLUMNS

if TYPE_CHECKING:
    from sim.scenario import Scenario

# Twice the memory of 2,000 futures of the baseline. Every valid scenario can be run with 200
# futures within it; the slowest then takes about ten seconds on two cores.
LARGEST_RUN_MB = 240


def run_size_mb(scenario: Scenario, futures: int) -> float:
    """Return the least memory of the arrays of a run, in MB; see `Ensemble`."""
    n_months, n_offers = len(scenario.months), len(scenario.offers)
    counts = [len(provider.offers) for provider in scenario.providers.values()]
    n_pairs = (n_offers**2 - sum(count**2 for count in counts)) // 2
    n_own = 1 + n_offers if scenario.has_sovereign_path else 0
    n_paths = 1 + n_offers + n_pairs + n_own
    n_countries = len(scenario.agents)
    a_month = n_paths * (4 + 3 * 8) + n_offers * 8 * len(OFFER_COLUMNS)
    a_future = n_months * a_month + n_countries * (1 + 4 * n_offers) + 4 * n_paths**2
    return (futures * a_future + 4 * n_countries * n_paths * n_months) / 1e6


def check_run_size(scenario: Scenario, futures: int) -> None:
    """Check that a run is not too large for a shared server.

    Raises
    ------
    ScenarioError
        With what makes it large.
    """
    size = run_size_mb(scenario, futures)
    if size > LARGEST_RUN_MB:
        message = (
            f"{futures:,} futures of {scenario.name}, with {len(scenario.months)} months and "
            f"{len(scenario.offers)} offers, would take {size:,.0f} MB of memory; here a run may "
            f"take at most {LARGEST_RUN_MB} MB."
        )
        remedy = (
            "Choose fewer futures, an earlier end of the horizon, or run it on the command line."
        )
        raise ScenarioError([Problem("", 0, message, remedy)])
