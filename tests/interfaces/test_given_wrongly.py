"""Whatever a caller gives the public functions, the error is one that a caller can catch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import sim

BASELINE = sim.load_scenario("baseline")
ASKED: dict[str, Callable[[Any], Any]] = {
    "load_run": sim.load_run,
    "replay": sim.replay,
    "list_scenarios": sim.list_scenarios,
    "load_scenario": sim.load_scenario,
    "load_scenario_text": sim.load_scenario_text,
    "folder of a text": lambda given: sim.load_scenario_text("name: x", given),
    "load_sweep": sim.load_sweep,
    "value": BASELINE.value,
    "lever": BASELINE.lever,
    "with_changes": BASELINE.with_changes,
    "with_levers": BASELINE.with_levers,
}


@pytest.mark.parametrize("given", [3, [1], 0.5, b"x", {1: 2}])
@pytest.mark.parametrize("name", ASKED)
def test_what_is_of_the_wrong_kind_is_refused_in_words(name: str, given: Any) -> None:
    with pytest.raises(sim.SimError) as caught:
        ASKED[name](given)
    assert str(caught.value)
