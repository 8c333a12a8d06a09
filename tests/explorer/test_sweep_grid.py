"""Grids of the explorer: their axes, their points, and that they are those of the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

import sim
from sim.analysis.levers import start_value, step_of
from sim.analysis.sweeps.surface import PointRows, measures, rows_of, surface
from sim.experiment.sweeps.finished import list_sweeps
from sim.interfaces.explorer.editor.text import text_of_side
from sim.interfaces.explorer.state.runs import build_side
from sim.interfaces.explorer.state.view import Side, View
from sim.interfaces.explorer.sweep import grid as sweep_grid
from sim.interfaces.explorer.sweep.axes import STEPS, GridAxis, axis_values, grid_design, read_axis
from sim.interfaces.explorer.sweep.files import sweep_file
from sim.interfaces.explorer.sweep.grid import Grid, PointStore
from sim.interfaces.explorer.sweep.to_explore import view_at
from sim.scenario import default_folder, load_scenario

BASELINE = load_scenario("baseline")
AXES = (GridAxis("linkage", 0, 1, 3), GridAxis("cost_share", 0, 0.5, 3))
FUTURES = 40


@pytest.fixture
def grid(monkeypatch: pytest.MonkeyPatch) -> Grid:
    monkeypatch.setattr(sweep_grid, "POINTS", PointStore())
    return Grid(BASELINE, grid_design(AXES, BASELINE), FUTURES, 3)


@given(
    st.sampled_from(sorted(BASELINE.levers)), st.sampled_from(STEPS), st.floats(0, 1),
    st.floats(0, 1),
)  # fmt: skip
def test_an_axis_keeps_its_ends_its_order_and_the_present(
    name: str, steps: int, one: float, other: float
) -> None:
    lever = BASELINE.levers[name]
    step = step_of(lever, start_value(BASELINE, lever))
    n = round((lever.high - lever.low) / step)
    first, last = sorted((round(one * n), round(other * n)))
    assume(first < last)
    low, high = (float(f"{lever.low + step * k:.6g}") for k in (first, last))
    axis = GridAxis(name, low, high, steps)
    assert read_axis(axis.written(), BASELINE) == axis
    values = axis_values(axis, BASELINE)
    assert values == sorted(set(values))
    assert (values[0], values[-1]) == (low, high)
    assert len(values) <= steps + 1
    present = BASELINE.value(lever.target)
    if isinstance(present, int | float) and low <= present <= high:
        assert present in values
    # Every point can run.
    for value in values:
        BASELINE.with_levers({name: int(value) if value == int(value) else value})


@pytest.mark.parametrize(
    "text",
    ["", "linkage", "linkage,0,1", "linkage,0,1,4", "linkage,1,0,5", "linkage,0,2,5",
     "linkage,0,nan,5", "nothing,0,1,5", "linkage,0,1,5,6", "linkage,0,0,5", "slots,1,20.5,5",
     "linkage,0.501,0.502,5"],
)  # fmt: skip
def test_a_link_cannot_ask_for_an_axis_that_is_none(text: str) -> None:
    assert read_axis(text, BASELINE) is None


def test_points_are_those_of_the_command_line(grid: Grid, tmp_path: Path) -> None:
    grid.compute([3])
    grid.compute([point for point in range(grid.n_points) if point != 3])
    stored = sim.sweep(BASELINE, grid.design, FUTURES, 3, tmp_path)
    own = pd.concat([rows.outcomes for rows in grid.known().values()], ignore_index=True)
    pd.testing.assert_frame_equal(own, stored.outcomes, check_exact=False, rtol=1e-5)
    countries = pd.concat([rows.countries for rows in grid.known().values()], ignore_index=True)
    pd.testing.assert_frame_equal(countries, stored.countries, check_exact=False, rtol=1e-5)


def test_a_grid_that_was_stopped_goes_on_and_shares_its_points(grid: Grid) -> None:
    grid.compute([0, 2])
    grid.compute([5])
    assert sorted(grid.known()) == [0, 2, 5]
    again = Grid(load_scenario("baseline"), grid_design(AXES, BASELINE), FUTURES, 3)
    assert sorted(again.known()) == [0, 2, 5]
    assert again.key == grid.key
    # Another grid over the same levers knows the points that they have in common.
    wider = Grid(
        BASELINE, grid_design((GridAxis("linkage", 0, 1, 9), AXES[1]), BASELINE), FUTURES, 3
    )
    assert {wider.cells(point) for point in wider.known() if point} == {
        grid.cells(2), grid.cells(5)
    }  # fmt: skip
    # Futures, seed and scenario are part of a point.
    for other in (
        Grid(BASELINE, grid.design, FUTURES + 1, 3),
        Grid(BASELINE, grid.design, FUTURES, 4),
        Grid(BASELINE.with_changes({"parameters.w_peer": 2.0}), grid.design, FUTURES, 3),
    ):
        assert other.known() == {}


def test_points_are_kept_within_bounds() -> None:
    store, rows = PointStore(most=2), PointRows(pd.DataFrame(), pd.DataFrame())
    for key in (1, 2):
        store.put(key, rows)
    assert store.get(1) is rows
    store.put(3, rows)
    assert [store.get(key) is not None for key in (1, 2, 3)] == [True, False, True]


def test_a_measure_at_all_points(grid: Grid) -> None:
    grid.compute([3, 0, 1])
    known = grid.known()
    cells = {point: grid.cells(point) for point in known}
    table = measures(BASELINE, "BRA", "Brazil")
    for measure in table.values():
        found = surface(rows_of(known, measure), measure, cells, grid.design.names)
        assert found["point"].tolist() == [0, 1, 3], measure.title
        assert found["change"].iloc[0] == 0
        # Both are rounded to six digits.
        change = found["value"] - found["value"].iloc[0]
        rounding = 1e-5 * found["value"].abs().max()
        np.testing.assert_allclose(found["change"], change, atol=rounding)
    assert table["probability:china"].title == "Probability that Brazil is with China"
    run = sim.simulate(BASELINE, FUTURES, 3).countries.set_index("country")
    probability = surface(
        rows_of(known, table["probability:us"]), table["probability:us"], cells, grid.design.names
    )
    assert probability["value"].iloc[0] == run.loc["BRA", "p_committed_us"]


SIDES = {
    "shipped": View(),
    "moved": View(a=Side("baseline", (("slots", 20.0),)), beliefs=(("w_peer", 2.0),)),
}


@pytest.mark.parametrize("view", SIDES.values(), ids=SIDES)
def test_a_point_in_explore_is_the_very_scenario_of_the_point(view: View, grid: Grid) -> None:
    scenario = build_side(view.a, view.beliefs)
    own = Grid(scenario, grid.design, FUTURES, 3)
    for point in (1, own.n_points - 1):
        there = view_at(view, own.fields, own.cells(point))
        changes = dict(zip((field.address for field in own.fields), own.cells(point), strict=True))
        assert build_side(there.a, there.beliefs).hash == scenario.with_changes(changes).hash


def test_numbers_that_are_no_levers_go_to_explore_as_beliefs_and_a_draft() -> None:
    address = "providers.us.offers.infrastructure.patience_months"
    values: dict[str, list[Any]] = {"parameters.w_peer": [2.0], address: [18], "slots": [None]}
    own = Grid(BASELINE, sim.Design.grid(values), FUTURES, 3)
    there = view_at(View(), own.fields, own.cells(1))
    assert there.beliefs == (("w_peer", 2.0),)
    assert "patience_months: 18" in there.a.draft
    built = build_side(there.a, there.beliefs)
    wanted = {"parameters.w_peer": 2.0, address: 18, BASELINE.levers["slots"].target: None}
    for target, value in wanted.items():
        assert built.value(target) == value


@pytest.mark.parametrize("view", SIDES.values(), ids=SIDES)
def test_the_file_of_a_grid_makes_the_same_points(view: View, grid: Grid, tmp_path: Path) -> None:
    folder = tmp_path / "scenarios"
    (folder / "sweeps").mkdir(parents=True)
    (folder / "baseline.yaml").write_text((default_folder() / "baseline.yaml").read_text("utf-8"))
    scenario, name = build_side(view.a, view.beliefs), "baseline"
    if view.a.levers:
        name = "baseline-changed"
        (folder / f"{name}.yaml").write_text(text_of_side(view.a, view.beliefs))
    own = Grid(scenario, grid.design, FUTURES, 3)
    file_name, text = sweep_file(own, name)
    (folder / "sweeps" / file_name).write_text(text)
    plan = sim.load_sweep(folder / "sweeps" / file_name)
    assert plan.design == own.design
    assert (plan.replicates, plan.seed) == (FUTURES, 3)
    assert plan.scenario.with_changes({}).months == scenario.months
    for target in ("providers.us.linkage", "parameters.w_peer", BASELINE.levers["slots"].target):
        assert plan.scenario.value(target) == scenario.value(target)
    assert dict(plan.scenario.uncertainties) == dict(scenario.uncertainties)


def test_a_file_over_levers_of_long_names_can_be_read(tmp_path: Path) -> None:
    names = ["a" * 29 + "_", "b" * 30]
    target = "providers.us.offers.infrastructure."
    levers = {
        name: {
            "target": target + key, "low": 0, "high": 1, "title": key, "explanation": key,
            "source": "Assumption",
        }
        for name, key in zip(names, ("local_control", "cost_share"), strict=True)
    }  # fmt: skip
    head = {"name": "long", "title": "Long", "description": "Long.", "extends": "baseline"}
    folder = tmp_path / "scenarios"
    (folder / "sweeps").mkdir(parents=True)
    (folder / "baseline.yaml").write_text((default_folder() / "baseline.yaml").read_text("utf-8"))
    off = {"local_control": None, "cost_share": None}
    (folder / "long.yaml").write_text(yaml.safe_dump(head | {"levers": levers | off}))
    own = Grid(
        load_scenario(folder / "long.yaml"), sim.Design.grid({name: [0, 1] for name in names}), 8, 1
    )
    file_name, text = sweep_file(own, "long")
    (folder / "sweeps" / file_name).write_text(text)
    assert sim.load_sweep(folder / "sweeps" / file_name).design == own.design


def test_finished_sweeps_are_listed_and_broken_ones_passed_over(tmp_path: Path) -> None:
    design = sim.Design.grid({"linkage": [0, 1]})
    found = sim.sweep(BASELINE, design, 8, 1, tmp_path)
    for name, content in (("broken", "{"), ("empty", ""), ("other", '{"files": {}}')):
        folder = tmp_path / "sweeps" / "x" / name
        folder.mkdir(parents=True)
        (folder / "manifest.json").write_text(content)
    (entry,) = list_sweeps(tmp_path)
    assert (entry.path, entry.name, entry.scenario) == (found.path, "baseline", "baseline")
    assert (entry.n_points, entry.replicates) == (3, 8)
    assert list_sweeps(tmp_path / "nowhere") == ()
