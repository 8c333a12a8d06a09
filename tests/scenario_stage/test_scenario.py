"""The frozen scenario: completeness, changes, levers, identity."""

from __future__ import annotations

import copy
import dataclasses
import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pydantic
import pytest

from sim.data.parameters import load_parameters
from sim.errors import ScenarioError
from sim.scenario import Scenario, load_scenario, load_scenario_text, scenario_from_dict

DATA = Path(__file__).parents[1] / "data"
SLOTS = "providers.us.offers.infrastructure.slots"
CONTROL = "providers.us.offers.infrastructure.local_control"


@pytest.fixture(scope="module")
def small() -> Scenario:
    return load_scenario(DATA / "small.yaml")


def message(error: pytest.ExceptionInfo[ScenarioError]) -> str:
    (problem,) = error.value.problems
    assert (problem.file, problem.line) == ("", 0)
    return f"{problem.message} {problem.remedy}"


def test_everything_is_filled_in(small: Scenario) -> None:
    assert list(small.parameters) == list(load_parameters())
    table = {f"parameters.{n}" for n, row in load_parameters().items() if row.distribution}
    assert set(small.uncertainties) == table | {CONTROL}
    assert (len(small.months), small.months[0], small.months[-1]) == (12, "2025-05", "2026-04")
    assert small.homes == {"us": ("USA",), "china": ("CHN",)}
    assert len(small.agents) == 195
    assert small.events[0].shock is not None
    assert "DEU" in small.events[0].shock.countries
    assert small.as_of == "2025-05"


def test_it_cannot_be_changed(small: Scenario) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        small.parameter_set = "other"  # type: ignore[misc]
    with pytest.raises(TypeError):
        small.parameters["w_peer"] = 0  # type: ignore[index]
    with pytest.raises(pydantic.ValidationError):
        small.providers["us"].linkage = 1


def test_content_loads_again_into_an_equal_scenario(small: Scenario) -> None:
    content = small.to_dict()
    assert scenario_from_dict(content) == small
    assert load_scenario_text(json.dumps(content)) == small
    assert pickle.loads(pickle.dumps(small)) == copy.deepcopy(small) == small
    assert hash(small) == hash(scenario_from_dict(content))
    assert small != small.with_changes({SLOTS: 3})


def test_changes_make_a_new_scenario(small: Scenario) -> None:
    changed = small.with_changes({SLOTS: 20, "parameters.w_peer": 1, "corporate_ties.KOR.us": 1})
    assert (small.value(SLOTS), changed.value(SLOTS)) == (2, 20)
    assert "parameters.w_peer" not in changed.uncertainties
    assert changed.corporate_ties == {"KOR": {"us": 1.0}}
    assert small.corporate_ties == {}
    back = changed.with_changes({SLOTS: 2, "corporate_ties.KOR": None, "corporate_ties": {}})
    assert back.corporate_ties == {}


def test_a_changed_number_is_no_longer_drawn_unless_asked(small: Scenario) -> None:
    assert CONTROL not in small.with_changes({CONTROL: 0.5}).uncertainties
    kept = {"distribution": "uniform", "low": 0.4, "high": 0.6}
    changed = small.with_changes({CONTROL: 0.5, f"uncertainties.{CONTROL}": kept})
    assert changed.uncertainties[CONTROL].low == 0.4
    fixed = small.with_changes({f"uncertainties.{CONTROL}": "fixed"})
    assert CONTROL not in fixed.uncertainties
    assert fixed.value(CONTROL) == 0.4


@pytest.mark.parametrize(
    ("value", "kept"),
    [(np.int64(5), 5), (np.float64(5.0), 5), (5.0, 5), (None, None), (np.array(5), 5)],
)
def test_numbers_of_numpy_and_sliders_are_taken(small: Scenario, value: Any, kept: Any) -> None:
    changed = small.with_changes({SLOTS: value})
    assert changed.value(SLOTS) == kept
    json.dumps(changed.to_dict())


def test_whole_blocks_can_be_added_and_removed(small: Scenario) -> None:
    europe = {"title": "Europe", "home": "EU", "home_takes_part": True,
              "offers": {"cloud": {"title": "Cloud", "local_control": 0.8}}}  # fmt: skip
    wider = small.with_changes({"providers.europe": europe})
    assert list(wider.offers) == ["us.infrastructure", "china.cloud", "europe.cloud"]
    assert len(wider.homes["europe"]) == 27
    assert len(wider.agents) == 195
    assert wider.with_changes({"providers.europe": None}) == small


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"providers.us.linkage": 3},
            "providers.us.linkage = 3 must be at most 1 (a share from 0 to 1). "
            "Give a number from 0 to 1.",
        ),
        (
            {"providers.us.linkag": 0.3},
            "providers.us.linkag is not a known key. Did you mean 'linkage'?",
        ),
        (
            {"providers.uss.linkage": 0.3},
            'providers.uss.linkage: the scenario has no provider "uss". '
            "Did you mean 'providers.us.linkage'?",
        ),
        (
            {"providers.us.offers.infra.slots": 3},
            'providers.us.offers.infra.slots: the scenario has no offer "infra". '
            "Did you mean 'providers.us.offers.infrastructure.slots'?",
        ),
        (
            {"parameters.w_per": 1},
            "parameters.w_per = 1 is not a parameter of the model. Did you mean 'w_peer'?",
        ),
        (
            {"": 1},
            'the address "" must be names joined by dots. For example: providers.us.linkage.',
        ),
        (
            {"extends": "baseline"},
            "extends cannot be changed here. Load a file that extends the other one.",
        ),
        (
            {"providers.us.linkage": object()},
            "providers.us.linkage is a object, which no scenario can hold. "
            "Use numbers, text, true, false, None, lists and maps of these.",
        ),
        (
            {"providers.us": {"linkage": 0.1}, "providers.us.linkage": 0.2},
            "providers.us.linkage is changed twice, as a whole and in part. "
            "Put both into one value.",
        ),
        (
            {"providers.rome": None},
            "providers.rome is empty: that removes an inherited entry, but there is none of that "
            "name. Known are: china, us.",
        ),
    ],
)
def test_bad_changes_are_named_by_address(
    small: Scenario, changes: dict[str, Any], expected: str
) -> None:
    with pytest.raises(ScenarioError) as caught:
        small.with_changes(changes)
    assert message(caught) == expected


def test_the_order_of_stops_says_nothing(small: Scenario) -> None:
    content = small.to_dict()
    lever = content["levers"]["local_control"]
    turned = lever | {"stops": dict(reversed(lever["stops"].items()))}
    content["levers"] = content["levers"] | {"local_control": turned}
    assert scenario_from_dict(content).hash == small.hash


def test_all_bad_changes_at_once(small: Scenario) -> None:
    with pytest.raises(ScenarioError) as caught:
        small.with_changes({"providers.us.linkage": 3, "providers.us.pressure": -1, "x": 1})
    assert len(caught.value.problems) == 3


def test_levers(small: Scenario) -> None:
    lever = small.lever("local_control")
    assert (lever.target, lever.low, lever.high) == (CONTROL, 0.0, 1.0)
    assert lever.stops == {0.0: "none", 1.0: "all"}
    assert small.with_levers({"local_control": 0.7}).value(CONTROL) == 0.7
    with pytest.raises(ScenarioError, match="Did you mean 'local_control'"):
        small.lever("local_contrl")
    with pytest.raises(ScenarioError, match=r"lever local_control = 7 must be from 0 to 1"):
        small.with_levers({"local_control": 7})


def test_value_of_an_unknown_address_is_an_error(small: Scenario) -> None:
    with pytest.raises(ScenarioError, match=r"leads to no number of small"):
        small.value("providers.us.linkag")
    assert small.value("corporate_ties.KOR.us") is None
    assert small.value("parameters.w_peer") == load_parameters()["w_peer"].default


@pytest.mark.parametrize("given", [[1], None, 3, "providers.us.linkage=1"])
def test_changes_that_are_no_map_are_refused_in_words(small: Scenario, given: Any) -> None:
    for change in (small.with_changes, small.with_levers, scenario_from_dict):
        with pytest.raises(ScenarioError) as caught:
            change(given)
        assert "must be a map of names and values, not a " in message(caught)
