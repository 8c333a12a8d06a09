"""Programmes in steps of half a month."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from sim.analysis.calibration.half_steps import (
    FILE,
    PROGRAMMES,
    half_steps_table,
    in_half_months,
)
from sim.analysis.history.programmes import history_scenarios

ROOT = Path(__file__).parents[2]


def test_a_scenario_in_half_months_lasts_twice_as_many_steps_and_fades_half_as_fast() -> None:
    whole = next(s for s in history_scenarios() if s.name == "gpai")
    half = in_half_months(whole)
    assert len(half.months) == 2 * len(whole.months)
    assert half.months[0] == whole.months[0]
    name = "waiting_half_life_months"
    assert half.parameters[name] == 2 * whole.parameters[name]


def test_without_influence_of_peers_the_size_of_a_step_changes_nothing_but_luck() -> None:
    whole = next(s for s in history_scenarios() if s.name == "gpai")
    table = half_steps_table([whole.with_changes({"parameters.w_peer": 0.0})], futures=800)
    means, sd = table["mean_end"], table["sd_end"].max()
    # Both take the same draws of the posterior, so that luck alone is left, far below this.
    assert abs(means.diff().iloc[-1]) < 0.1 * sd
    assert abs(table["mean_middle"].diff().iloc[-1]) < 0.1 * sd


def test_the_table_that_ships_has_every_programme_and_finds_little() -> None:
    means = pd.read_csv(ROOT / FILE).set_index(["scenario", "step"])["mean_end"]
    table = {step: means.xs(step, level="step") for step in ("half", "whole")}
    assert sorted(table["half"].index) == sorted(PROGRAMMES)
    assert (table["half"] / table["whole"]).to_numpy() == pytest.approx(1.0, abs=0.06)
