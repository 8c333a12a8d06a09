"""Rivals are no complements: what one offers never brings partners to another."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from random_scenarios import contents, scenario_of, seeds
from sim.analysis.effects.rivalry import rivalries, with_menu
from sim.analysis.standing import partners_by_month
from sim.model.ensemble import run_ensemble
from sim.model.mechanism import entries
from sim.model.mesa_model import AlignmentModel
from sim.model.world.building import build_world
from sim.scenario import load_scenario
from tolerances import ROUNDING

FUTURES = 64


@settings(max_examples=60)
@given(contents(), seeds, st.integers(0, 8))
def test_two_partners_are_never_worth_more_than_each_alone(
    content: dict[str, Any], seed: int, month: int
) -> None:
    # In the sense of Gentzkow (2007): the interaction of a bundle is at most zero, whatever a
    # country holds now. In a logit it decides whether two goods are substitutes.
    model = AlignmentModel(build_world(scenario_of(content)), seed)
    for _ in range(month):
        model.step()
    world = model.world
    pairs = np.flatnonzero(world.path_offer[:, 1] >= 0)
    first, second = world.path_alone[world.path_offer[pairs]].T
    values, is_open = np.zeros(len(model.axes.path)), np.zeros(len(model.axes.path), np.bool_)
    for i in range(len(model.axes.country)):
        entries.fill_utilities(*model.arrays, i, month, values, is_open)
        # What a record needs beyond the tastes for its parts is a pair's own.
        both = values[pairs] - model.state.path_appeal[pairs, i]
        alone = values[first] + values[second] - values[0]
        assert (both <= alone + ROUNDING * (1 + np.abs(alone))).all()


@settings(max_examples=15)
@given(contents(), st.sampled_from([1, 12345]))
def test_a_rival_that_goes_lowers_nobody_over_random_scenarios(
    content: dict[str, Any], seed: int
) -> None:
    # Peers who put the question on the agenda, whoever they are with, are the documented exception.
    content["parameters"]["review_rate_peers"] = 0.0
    content["initial"] = {}
    content["events"] = []
    scenario = scenario_of(content)
    as_is = run_ensemble(scenario, replicates=FUTURES, seed=seed)
    for rival in scenario.providers:
        off = run_ensemble(with_menu(scenario, rival, "off"), replicates=FUTURES, seed=seed)
        for provider in scenario.providers:
            if provider != rival:
                change = partners_by_month(off, provider) - partners_by_month(as_is, provider)
                final = change[:, -1]
                error = final.std(ddof=1) / np.sqrt(FUTURES)
                assert final.mean() >= -4 * error - ROUNDING


@pytest.mark.parametrize("name", ["baseline", "today", "third-way", "same-menu"])
def test_rivals_are_no_complements_in_what_ships(name: str) -> None:
    found = rivalries(load_scenario(name), 200)
    assert found
    for each in found:
        # The 90 % interval of the change: below zero when a rival goes, or above when it opens, is
        # the wrong sign.
        assert each.off.high >= 0, (each.provider, each.rival)
        assert each.open.low <= 0, (each.provider, each.rival)
