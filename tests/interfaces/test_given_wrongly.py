"""Whatever a caller gives the public functions, the error is one that a caller can catch."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.experiment.sweeps.designs.plan import Heading

BASELINE = sim.load_scenario("baseline")
DESIGN = sim.Design.grid({"linkage": [0.1]})
RESULT = sim.simulate(BASELINE, 1)
COMPARISON = sim.compare(BASELINE, BASELINE, 1)
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
    "method": lambda given: sim.Design(("linkage",), np.array([[0.5]]), given),
    "root of a sweep": lambda given: sim.sweep(BASELINE, DESIGN, 1, out=given),
    "heading": lambda given: sim.sweep(BASELINE, DESIGN, 1, heading=given),
    "progress of a sweep": lambda given: sim.sweep(BASELINE, DESIGN, 1, progress=given),
    "facts of a sweep": lambda given: sim.sweep(BASELINE, DESIGN, 1, facts=given),
    "fresh of a sweep": lambda given: sim.sweep(BASELINE, DESIGN, 1, fresh=given),
    "replicates": lambda given: sim.compare(BASELINE, BASELINE, replicates=str(given)),  # type: ignore[arg-type]
    "facts": lambda given: sim.simulate(BASELINE, 1, facts=given),
    "facts of a comparison": lambda given: sim.compare(BASELINE, BASELINE, 1, facts=given),
    "facts of a model": lambda given: sim.AlignmentModel(BASELINE, facts=given),
    "progress": lambda given: sim.simulate(BASELINE, 1, progress=given),
    "progress of a comparison": lambda given: sim.compare(BASELINE, BASELINE, 1, progress=given),
    "progress of a replay": lambda given: sim.replay("none", progress=given),
    "name of a text": lambda given: sim.load_scenario_text("name: x", name=given),
    "stem of a text": lambda given: sim.load_scenario_text("name: x", stem=given),
    "root": RESULT.save,
    "fresh": lambda given: RESULT.save(fresh=given),
    "fresh of a comparison": lambda given: COMPARISON.save(fresh=given),
    "table of a run": RESULT.table,
    "table of a comparison": COMPARISON.table,
}
PLACES: dict[str, Callable[[str], Any]] = {
    "run": RESULT.save,
    "comparison": COMPARISON.save,
    "sweep": lambda given: sim.sweep(BASELINE, DESIGN, 1, out=given),
    "list_scenarios": sim.list_scenarios,
    "folder of a text": lambda given: sim.load_scenario_text("name: x", given),
    "load_run": sim.load_run,
    "points file": sim.Design.from_csv,
}
TITLED: dict[str, Callable[[Any], Any]] = {
    "name": lambda given: Heading(given),
    "title": lambda given: Heading("x", title=given),
    "description": lambda given: Heading("x", description=given),
    "sources": lambda given: Heading("x", sources=(given,)),
}


@pytest.mark.parametrize("given", [3, [1], 0.5, b"x", {1: 2}])
@pytest.mark.parametrize("name", ASKED)
def test_what_is_of_the_wrong_kind_is_refused_in_words(name: str, given: Any) -> None:
    with pytest.raises(sim.SimError) as caught:
        ASKED[name](given)
    assert str(caught.value)


@pytest.mark.parametrize("given", ["a\0b", "\ud800", "x" * 5000])
@pytest.mark.parametrize("place", PLACES)
def test_a_path_that_no_system_takes_is_refused_in_words(place: str, given: str) -> None:
    with pytest.raises(sim.SimError) as caught:
        PLACES[place](given)
    assert str(caught.value)


@pytest.mark.parametrize("given", [None, 1.5, -1, 1, "0", [0], 2**70])
def test_a_point_that_a_design_has_not_is_refused(given: Any) -> None:
    with pytest.raises(sim.InputError, match=r"the point = .* must be a whole number from 0 to 0"):
        DESIGN.row(given)


def test_an_array_without_axes_is_no_list_of_names() -> None:
    with pytest.raises(sim.InputError, match="must be a list of names"):
        sim.Design.latin_hypercube({"slots": (5, 9)}, 3, whole=np.array("slots"))


def test_a_whole_number_in_an_array_without_axes_is_a_seed() -> None:
    given: Any = np.array(5)
    model = sim.AlignmentModel(BASELINE, seed=given)
    assert model.rng.random() == sim.AlignmentModel(BASELINE, seed=5).rng.random()


@pytest.mark.parametrize("given", [3, [1], b"x", {1: 2}])
def test_a_name_of_the_wrong_kind_is_no_stored_table(given: Any, tmp_path: Path) -> None:
    for result in (RESULT, COMPARISON):
        with pytest.raises(sim.RunError, match="has no table"):
            sim.load_run(result.save(tmp_path)).frame(given)


@pytest.mark.parametrize("given", [3, 0.5, b"x"])
@pytest.mark.parametrize("part", TITLED)
def test_a_heading_is_checked_before_a_point_runs(part: str, given: Any, tmp_path: Path) -> None:
    with pytest.raises(sim.InputError, match="in the heading"):
        sim.sweep(BASELINE, DESIGN, 1, heading=TITLED[part](given), out=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_heading_cannot_lead_out_of_the_results(tmp_path: Path) -> None:
    with pytest.raises(sim.InputError, match=r"'\.\./x', must be a short name"):
        sim.sweep(BASELINE, DESIGN, 1, heading=Heading("../x"), out=tmp_path)


@pytest.mark.parametrize("given", ["no", 1, "alignsim run", ("alignsim", 3)])
def test_what_goes_into_a_manifest_is_checked(given: Any, tmp_path: Path) -> None:
    for save in (RESULT.save, COMPARISON.save):
        with pytest.raises(sim.InputError, match="command_line must be a list of texts"):
            save(tmp_path, command_line=given)
    assert list(tmp_path.iterdir()) == []


def test_columns_and_rows_of_a_stored_sweep_are_checked(tmp_path: Path) -> None:
    found = sim.sweep(BASELINE, DESIGN, 1, out=tmp_path)
    with pytest.raises(sim.InputError, match="columns must be a list of names"):
        found.frame("points", columns=[1])  # type: ignore[list-item]
    with pytest.raises(sim.InputError, match="where must be an expression of pyarrow"):
        found.frame("points", where="point == 0")
    with pytest.raises(sim.RunError, match="a sweep has no table a list"):
        found.frame([1])  # type: ignore[arg-type]


def test_two_levers_of_one_number_are_refused() -> None:
    text = (
        "name: x\nextends: baseline\ntitle: X\ndescription: X.\nlevers:\n"
        "  tie: {target: providers.us.linkage, title: Tie, explanation: The same number.}\n"
    )
    scenario = sim.load_scenario_text(text, "scenarios")
    rule = "lever tie moves providers.us.linkage, which lever linkage moves too"
    with pytest.raises(sim.ScenarioError, match=rule):
        scenario.with_levers({"linkage": 0.4, "tie": 0.6})
    assert scenario.with_levers({"tie": 0.6}).value("providers.us.linkage") == 0.6


def test_one_name_in_place_of_a_list_of_names_is_told_so() -> None:
    with pytest.raises(sim.SimError, match=r'whole = "slots" must be a list of names'):
        sim.Design.latin_hypercube({"slots": (5, 9)}, 3, whole="slots")
    with pytest.raises(sim.SimError, match="must be rows of numbers"):
        sim.Design(("linkage",), [["x"]])  # type: ignore[arg-type]
