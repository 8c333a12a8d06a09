"""The card of each kind of result, by the name of its class or of a class that it builds on."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.interfaces.notebook.card import Card

# Module and function. A module is imported when it is needed: showing a scenario imports no
# analysis.
CARDS: Mapping[str, tuple[str, str]] = {
    "Scenario": ("scenarios", "of_scenario"),
    "DesignTable": ("scenarios", "of_design"),
    "SweepPlan": ("scenarios", "of_plan"),
    "RunView": ("results", "of_run"),
    "ComparisonView": ("results", "of_comparison"),
    "StoredSweep": ("results", "of_sweep"),
    "Results": ("results", "of_results"),
    "Answer": ("results", "of_answer"),
    "Calibration": ("checked", "of_calibration"),
    "Backtest": ("checked", "of_backtest"),
    "StepBacktest": ("checked", "of_step_backtest"),
    "Ledger": ("checked", "of_ledger"),
    "ForecastScores": ("checked", "of_scores"),
    "Verification": ("checked", "of_verification"),
    "ReplayReport": ("checked", "of_replay"),
}


def html_of(found: Any) -> str:
    """Return what a notebook shows of a result, as HTML."""
    kind = next(kind.__name__ for kind in type(found).__mro__ if kind.__name__ in CARDS)
    module, name = CARDS[kind]
    card: Card = getattr(import_module(f"{__package__}.{module}"), name)(found)
    return card.html()
