"""Answers to questions of an analyst, small, for the charts that draw them."""

from __future__ import annotations

from typing import Any

import sim
from sim.analysis.portfolio.asked import read_question
from sim.analysis.portfolio.choosing import Effort, find_portfolio
from sim.interfaces.charts import ChartSubject

FEW = Effort(screened=4, confirmed=8, exchanges=2, draws=4, futures_of_draw=4, paired=2)


def small_answers(run: sim.Result) -> dict[ChartSubject, list[Any]]:
    """Return answers of every kind, by what charts call them."""
    baseline = sim.load_scenario("baseline")
    moved = baseline.with_levers({"linkage": 1.0, "us_pressure": 0.9})
    linked = baseline.with_levers({"linkage": 1.0})
    small: dict[str, Any] = {"by": "2025-07", "probability": 0.05, "replicates": 8}
    levers = (["local_control"], ["local_control", "fund"])
    which = read_question(baseline, None, "partners", 4, None, None, (), ())
    return {
        ChartSubject.SPLIT: [sim.split(baseline, moved, by="address", replicates=8)],
        ChartSubject.WHY: [sim.explain(run, "TUR"), sim.explain(run, "TUR", replicate=2)],
        ChartSubject.WHY_DIFFERENCE: [sim.explain_difference(baseline, linked, replicates=8)],
        ChartSubject.REQUIREMENT: [
            sim.what_would_it_take(baseline, "NOR", levers=names, **small) for names in levers
        ],
        ChartSubject.REQUIREMENTS: [sim.what_would_each_take(baseline, **small)],
        ChartSubject.MOST_ASKED: [sim.most_it_can_ask(baseline, "NOR", **small)],
        ChartSubject.GROUPS: [sim.groups(run), sim.groups(run, "EU")],
        ChartSubject.PORTFOLIO: [find_portfolio({"": baseline}, which, 8, 1, 1, "2026-03", FEW)],
    }
