"""Scenario simulator of how countries align in the contest over AI infrastructure.

The public names are imported on first use, so that ``import sim`` is quick:

>>> import sim
>>> sim.load_scenario("baseline").months[0]
'2025-05'
"""

from __future__ import annotations

# Defined as in `typing`, which takes longer to import than this whole module.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Any

    from sim.analysis.backtests.backtesting import backtest
    from sim.analysis.backtests.from_launch import Backtest
    from sim.analysis.backtests.onestep.stepping import StepBacktest
    from sim.analysis.calibration.calibrating import Calibration, calibrate
    from sim.analysis.discovery.discovering import Discovery, discover
    from sim.analysis.explanation.all_futures.over_futures import WhyOverFutures
    from sim.analysis.explanation.explaining import explain
    from sim.analysis.explanation.one_future.in_future import WhyInFuture
    from sim.analysis.explanation.two_scenarios.differing import WhyDifference, explain_difference
    from sim.analysis.forecasts.freezing import forecast
    from sim.analysis.forecasts.ledger import Ledger
    from sim.analysis.forecasts.scoring import ForecastScores, score_forecasts
    from sim.analysis.groups.grouping import Groups, groups
    from sim.analysis.patterns.table import pattern_table
    from sim.analysis.portfolio.choosing import Portfolio, portfolio
    from sim.analysis.precision.enough import Precision, enough
    from sim.analysis.requirement.each.everybody import Requirements, what_would_each_take
    from sim.analysis.requirement.host.bargaining import MostAsked, most_it_can_ask
    from sim.analysis.requirement.requiring import Requirement, what_would_it_take
    from sim.analysis.robustness.comparing import Robustness, robust
    from sim.analysis.sensitivity.analysing import Sensitivity, sensitivity
    from sim.analysis.splitting.splitting import Split, split
    from sim.analysis.verification.verifying import Verification, verify
    from sim.analysis.what_matters.matters import WhatMatters, what_matters
    from sim.errors import (
        DataError,
        InputError,
        Problem,
        RunError,
        ScenarioError,
        SimError,
        SimWarning,
    )
    from sim.experiment import (
        Comparison,
        Design,
        ReplayReport,
        Result,
        Results,
        Spread,
        StoredComparison,
        StoredRun,
        StoredSweep,
        SweepPlan,
        compare,
        default_ranges,
        load_run,
        load_sweep,
        replay,
        results,
        simulate,
        sweep,
    )
    from sim.interfaces.notebook.figure import Figure
    from sim.interfaces.report.making import report
    from sim.model.mesa_model import AlignmentModel
    from sim.scenario import Scenario, list_scenarios, load_scenario, load_scenario_text

    __version__: str

__all__ = [
    "AlignmentModel",
    "Backtest",
    "Calibration",
    "Comparison",
    "DataError",
    "Design",
    "Discovery",
    "Figure",
    "ForecastScores",
    "Groups",
    "InputError",
    "Ledger",
    "MostAsked",
    "Portfolio",
    "Precision",
    "Problem",
    "ReplayReport",
    "Requirement",
    "Requirements",
    "Result",
    "Results",
    "Robustness",
    "RunError",
    "Scenario",
    "ScenarioError",
    "Sensitivity",
    "SimError",
    "SimWarning",
    "Split",
    "Spread",
    "StepBacktest",
    "StoredComparison",
    "StoredRun",
    "StoredSweep",
    "SweepPlan",
    "Verification",
    "WhatMatters",
    "WhyDifference",
    "WhyInFuture",
    "WhyOverFutures",
    "__version__",
    "backtest",
    "calibrate",
    "compare",
    "default_ranges",
    "discover",
    "enough",
    "explain",
    "explain_difference",
    "forecast",
    "groups",
    "list_scenarios",
    "load_run",
    "load_scenario",
    "load_scenario_text",
    "load_sweep",
    "most_it_can_ask",
    "pattern_table",
    "portfolio",
    "replay",
    "report",
    "results",
    "robust",
    "score_forecasts",
    "sensitivity",
    "simulate",
    "split",
    "sweep",
    "verify",
    "what_matters",
    "what_would_each_take",
    "what_would_it_take",
]

_HOME = {
    "AlignmentModel": "sim.model.mesa_model",
    "Backtest": "sim.analysis.backtests.from_launch",
    "Calibration": "sim.analysis.calibration.calibrating",
    "Comparison": "sim.experiment",
    "DataError": "sim.errors",
    "Design": "sim.experiment",
    "Discovery": "sim.analysis.discovery.discovering",
    "Figure": "sim.interfaces.notebook.figure",
    "ForecastScores": "sim.analysis.forecasts.scoring",
    "Groups": "sim.analysis.groups.grouping",
    "InputError": "sim.errors",
    "Ledger": "sim.analysis.forecasts.ledger",
    "MostAsked": "sim.analysis.requirement.host.bargaining",
    "Portfolio": "sim.analysis.portfolio.choosing",
    "Precision": "sim.analysis.precision.enough",
    "Problem": "sim.errors",
    "ReplayReport": "sim.experiment",
    "Requirement": "sim.analysis.requirement.requiring",
    "Requirements": "sim.analysis.requirement.each.everybody",
    "Result": "sim.experiment",
    "Results": "sim.experiment",
    "Robustness": "sim.analysis.robustness.comparing",
    "RunError": "sim.errors",
    "Scenario": "sim.scenario",
    "ScenarioError": "sim.errors",
    "Sensitivity": "sim.analysis.sensitivity.analysing",
    "SimError": "sim.errors",
    "SimWarning": "sim.errors",
    "Spread": "sim.experiment",
    "Split": "sim.analysis.splitting.splitting",
    "StepBacktest": "sim.analysis.backtests.onestep.stepping",
    "StoredComparison": "sim.experiment",
    "StoredRun": "sim.experiment",
    "StoredSweep": "sim.experiment",
    "SweepPlan": "sim.experiment",
    "Verification": "sim.analysis.verification.verifying",
    "WhatMatters": "sim.analysis.what_matters.matters",
    "WhyDifference": "sim.analysis.explanation.two_scenarios.differing",
    "WhyInFuture": "sim.analysis.explanation.one_future.in_future",
    "WhyOverFutures": "sim.analysis.explanation.all_futures.over_futures",
    "backtest": "sim.analysis.backtests.backtesting",
    "calibrate": "sim.analysis.calibration.calibrating",
    "compare": "sim.experiment",
    "default_ranges": "sim.experiment",
    "discover": "sim.analysis.discovery.discovering",
    "enough": "sim.analysis.precision.enough",
    "explain": "sim.analysis.explanation.explaining",
    "explain_difference": "sim.analysis.explanation.two_scenarios.differing",
    "forecast": "sim.analysis.forecasts.freezing",
    "groups": "sim.analysis.groups.grouping",
    "list_scenarios": "sim.scenario",
    "load_run": "sim.experiment",
    "load_scenario": "sim.scenario",
    "load_scenario_text": "sim.scenario",
    "load_sweep": "sim.experiment",
    "most_it_can_ask": "sim.analysis.requirement.host.bargaining",
    "pattern_table": "sim.analysis.patterns.table",
    "portfolio": "sim.analysis.portfolio.choosing",
    "replay": "sim.experiment",
    "report": "sim.interfaces.report.making",
    "results": "sim.experiment",
    "robust": "sim.analysis.robustness.comparing",
    "score_forecasts": "sim.analysis.forecasts.scoring",
    "sensitivity": "sim.analysis.sensitivity.analysing",
    "simulate": "sim.experiment",
    "split": "sim.analysis.splitting.splitting",
    "sweep": "sim.experiment",
    "verify": "sim.analysis.verification.verifying",
    "what_matters": "sim.analysis.what_matters.matters",
    "what_would_each_take": "sim.analysis.requirement.each.everybody",
    "what_would_it_take": "sim.analysis.requirement.requiring",
}


def __getattr__(name: str) -> Any:
    """Import a public name on first use (PEP 562)."""
    if name == "__version__":
        from sim.experiment.store.identity import package_version

        value: Any = package_version()
    elif name in _HOME:
        from importlib import import_module

        value = getattr(import_module(_HOME[name]), name)
    else:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names, whether imported yet or not."""
    return sorted({*globals(), *__all__})
