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
    "points": lambda given: sim.Design(("linkage", "slots"), given),
    "names": lambda given: sim.Design(given, [[0.5]]),  # type: ignore[arg-type]
    "grid": sim.Design.grid,
    "table": sim.Design.table,
    "points file": sim.Design.from_csv,
    "ranges": lambda given: sim.Design.latin_hypercube(given, 3),
    "whole": lambda given: sim.Design.latin_hypercube({"slots": (5, 9)}, 3, whole=given),
    "root of a sweep": lambda given: sim.sweep(
        BASELINE, sim.Design.grid({"linkage": [0.1]}), 1, out=given
    ),
}


@pytest.mark.parametrize("given", [3, [1], 0.5, b"x", {1: 2}])
@pytest.mark.parametrize("name", ASKED)
def test_what_is_of_the_wrong_kind_is_refused_in_words(name: str, given: Any) -> None:
    with pytest.raises(sim.SimError) as caught:
        ASKED[name](given)
    assert str(caught.value)


def test_one_name_in_place_of_a_list_of_names_is_told_so() -> None:
    with pytest.raises(sim.SimError, match=r'whole = "slots" must be a list of names'):
        sim.Design.latin_hypercube({"slots": (5, 9)}, 3, whole="slots")
    with pytest.raises(sim.SimError, match="must be rows of numbers"):
        sim.Design(("linkage",), [["x"]])  # type: ignore[arg-type]
