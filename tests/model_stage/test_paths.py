"""Which paths exist is the scenario's: sovereign AI can be switched off."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.errors import ScenarioError
from sim.model.layout import NO_PATH
from sim.model.mesa_model import AlignmentModel
from sim.model.world.building import Built, build_world
from sim.scenario import load_scenario, scenario_from_dict
from worlds import make_world, month_paths, offer, provider, slotted_offer, write_scenario

OFF = {"paths": {"sovereign": False}}


def rivals(*, has_sovereign: bool, own_cost: float) -> Built:
    """Return forty ready countries between an open offer and a scarce one."""
    parameters = {
        "choice_noise": 1.0, "taste_sd_path": 1.0, "review_rate": 0.4, "w_own_stack": 1.0,
        "w_own_cost": own_cost, "own_cost_scale_relief": 0.0,
        "provider_taste_sd": 0.5,
    }  # fmt: skip
    blocks = [provider(0, offer(intercept=0.5)), provider(1, slotted_offer(5, intercept=1.0))]
    scenario = write_scenario(blocks, 24, parameters, paths={"sovereign": has_sovereign})
    return make_world(scenario, 40, gdp_rank=np.linspace(0, 1, 40))


def named(built: Built, path: NDArray[np.int64]) -> NDArray[np.str_]:
    return np.array(built.axes.path)[path]


def test_without_the_path_nobody_takes_it_and_no_name_has_it() -> None:
    without = rivals(has_sovereign=False, own_cost=0.0)
    assert without.world.sovereign == NO_PATH
    assert without.axes.path == ("uncommitted", "alpha_a", "beta_a", "beta_a_and_alpha_a")
    with_it = rivals(has_sovereign=True, own_cost=0.0)
    taken = named(with_it, month_paths(with_it, 1, 0))
    assert (taken == "sovereign").any()
    assert not (named(without, month_paths(without, 1, 0)) == "sovereign").any()


def test_a_path_that_nobody_would_take_is_as_good_as_none() -> None:
    # Everything else is keyed by name, so the futures are the same.
    without = rivals(has_sovereign=False, own_cost=0.0)
    hopeless = rivals(has_sovereign=True, own_cost=20.0)
    for replicate in range(4):
        np.testing.assert_array_equal(
            named(without, month_paths(without, 1, replicate)),
            named(hopeless, month_paths(hopeless, 1, replicate)),
        )


def test_the_mesa_driver_knows_only_the_paths_of_the_scenario() -> None:
    scenario = load_scenario("baseline").with_changes({**OFF, "horizon.end": "2025-09"})
    model = AlignmentModel(scenario, seed=1, replicate=0)
    while model.running:
        model.step()
    assert "sovereign" not in model.countries[0].utilities()
    frame = model.datacollector.get_model_vars_dataframe()
    assert "sovereign" not in frame.columns
    assert (frame.drop(columns="month").sum(axis=1) == len(model.countries)).all()


def test_saying_that_every_path_is_there_changes_nothing() -> None:
    baseline = load_scenario("baseline")
    assert baseline.with_changes({"paths": {"sovereign": True}}).hash == baseline.hash
    assert "paths" not in baseline.to_dict()
    off = baseline.with_changes(OFF)
    assert off != baseline
    assert not off.has_sovereign_path
    assert off.with_changes({"paths": None}) == baseline
    assert scenario_from_dict(off.to_dict()) == off
    assert "sovereign" not in build_world(off).axes.path


def test_a_path_that_does_not_exist_cannot_be_switched_off() -> None:
    with pytest.raises(ScenarioError, match=r"paths\.sovreign is not a known key"):
        load_scenario("baseline").with_changes({"paths": {"sovreign": False}})
