"""Small worlds in which what it would take is known by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.analysis.requirement.catalogue import find_levers
from sim.analysis.requirement.question import Question
from sim.analysis.requirement.requiring import Requirement, TermsSearch
from sim.analysis.requirement.settings import Setting, apart_scenario, with_luck_of
from sim.model.world.building import Built
from sim.scenario import Scenario
from worlds import make_world, offer, provider, slotted_offer, write_scenario

REFERENCE = "alpha.a"
# Gain 0.4, and a cost of 0.8 x (1 - local control) at a concern of 0.8.
WEIGHTS = {"w_assistant": 0.4, "w_sovereignty": 1.0}
CONCERN = 0.8


def one_offer(
    parameters: Mapping[str, float] | None = None, months: int = 4, **terms: Any
) -> Scenario:
    """Return a scenario with one offer that all may join, worth 0.4, with little control."""
    plain = offer(assistant=1.0, local_control=0.2, dependence=1.0, **terms)
    return write_scenario([provider(0, plain)], months, WEIGHTS | dict(parameters or {}))


def one_place(
    slots: int | None = 1, months: int = 12, value_market: float = 2.0, **terms: Any
) -> Scenario:
    """Return a scenario with one offer to those whom the provider asks, one after the other."""
    usual = {
        "assistant": 1.0, "local_control": 0.2, "dependence": 1.0, "patience_months": 1,
        "cooldown_months": 12,
    }  # fmt: skip
    plain = slotted_offer(slots, **(usual | terms))
    return write_scenario([provider(0, plain, value_market=value_market)], months, WEIGHTS)


def distrustful(
    scenario: Scenario, n: int = 2, concern: float | Sequence[float] = CONCERN, **fact: Any
) -> Built:
    """Return a world of countries that distrust the provider wholly."""
    return make_world(scenario, n, relation={"distrust": 1.0}, base_concern=concern, **fact)


def question_about(
    scenario: Scenario,
    built: Built,
    levers: Sequence[str] | Mapping[str, float | None] = ("local_control",),
    level: float = 0.5,
    prices: Mapping[str, float] | None = None,
    i: int = 0,
) -> Question:
    """Return a question about country i, up to the last month."""
    found = find_levers(scenario, REFERENCE, levers, prices)
    country = built.axes.country[i]
    return Question(scenario, country, REFERENCE, scenario.months[-1], level, found)


def required(
    scenario: Scenario, built: Built, replicates: int = 16, seed: int = 1, **asked: Any
) -> Requirement:
    """Return what it would take in a small world."""
    setting = Setting(built, REFERENCE, REFERENCE)
    question = question_about(scenario, built, **asked)
    return TermsSearch(question, setting, setting, replicates, seed).answer()


def apart_of(scenario: Scenario, built: Built, i: int = 0, **facts: Any) -> Setting:
    """Return the world in which country i has an offer of its own; `facts` as `distrustful`."""
    other, own = apart_scenario(scenario, REFERENCE, "FRA")
    there = distrustful(other, **({"n": len(built.axes.country)} | facts))
    return Setting(
        with_luck_of(there, built, REFERENCE, own, i), REFERENCE, own, built.axes.country[i]
    )
