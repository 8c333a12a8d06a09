"""Sweep files: what they mean, what is said when they are wrong, and those that ship."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema  # type: ignore[import-untyped, unused-ignore]
import pytest
import yaml

import sim
from sim.experiment.sweeps.designs.schema import (
    BLOCKS,
    sweep_json_schema_text,
    sweep_reference_markdown,
)
from sim.experiment.sweeps.designs.sweep_files import is_sweep_file
from sim.experiment.sweeps.running import plan_sweep
from sim.scenario import list_scenarios

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "scenarios" / "sweeps"
DATA = ROOT / "tests" / "data" / "sweeps"
EXPECTED = yaml.safe_load((DATA / "expected_messages.yaml").read_text("utf-8"))
SHIPPED = sorted(FOLDER.glob("*.yaml"))


def test_every_broken_file_has_an_expectation_and_the_other_way_round() -> None:
    assert {path.name for path in DATA.glob("bad_*.yaml")} == set(EXPECTED)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_broken_file_says(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(DATA)
    with pytest.raises(sim.InputError) as caught:
        sim.load_sweep(Path(name))
    said = [
        {"at": f"{problem.file}:{problem.line}", "says": problem.message, "remedy": problem.remedy}
        for problem in caught.value.problems
    ]
    assert said == EXPECTED[name]


@pytest.mark.parametrize("problem", [p for listed in EXPECTED.values() for p in listed])
def test_messages_are_sentences_on_one_line(problem: dict[str, str]) -> None:
    assert problem["says"].endswith(".")
    assert problem["says"].isprintable()
    assert problem["remedy"][-1] in ".?"


def test_a_grid_is_read_with_switches_and_no_limit() -> None:
    plan = sim.load_sweep(DATA / "tiny.yaml")
    assert plan.scenario.name == "small"
    assert (plan.replicates, plan.seed) == (8, 1)
    assert [plan.design.row(i) for i in (0, 2, 5)] == [(0.2, 1.0), (0.2, None), (0.6, None)]


def test_a_list_and_its_long_form_are_the_same(tmp_path: Path) -> None:
    head = "title: T\ndescription: D.\nscenario: baseline\n"
    forms = ("[0, 0.25, 0.5]", "{values: [0, 0.25, 0.5]}", "{low: 0, high: 0.5, steps: 3}")
    designs = []
    for place, form in enumerate(forms):
        path = tmp_path / f"s{place}.yaml"
        path.write_text(f"name: s{place}\n{head}grid: {{linkage: {form}}}\n", "utf-8")
        designs.append(sim.load_sweep(path).design)
    assert designs[0] == designs[1] == designs[2]


def test_steps_of_the_logarithm_and_ranges_of_whole_numbers(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    head = "name: s\ntitle: T\ndescription: D.\nscenario: baseline\n"
    axis = "grid: {parameters.w_cost: {low: 1, high: 100, steps: 3, spacing: log}}\n"
    path.write_text(head + axis, "utf-8")
    assert sim.load_sweep(path).design.points.ravel().tolist() == [1, 10, 100]
    path.write_text(
        f"{head}latin_hypercube: {{points: 9, ranges: {{slots: {{low: 5, high: 7}}}}}}\n", "utf-8"
    )
    assert sorted(sim.load_sweep(path).design.points.ravel()) == [5, 5, 5, 6, 6, 6, 7, 7, 7]


def test_points_of_a_table_beside_the_file() -> None:
    plan = sim.load_sweep(DATA / "table.yaml")
    assert plan.design.method == "points of points.csv"
    assert plan.design.row(0) == (0.2, 1.0, None)


def test_points_behind_a_link_are_refused(tmp_path: Path) -> None:
    outside, inside = tmp_path / "outside", tmp_path / "inside"
    outside.mkdir()
    inside.mkdir()
    (outside / "points.csv").write_text("linkage\n0.5\n", "utf-8")
    (inside / "points.csv").symlink_to(outside / "points.csv")
    head = "name: s\ntitle: T\ndescription: D.\nscenario: baseline\n"
    (inside / "s.yaml").write_text(f"{head}points_file: points.csv\n", "utf-8")
    with pytest.raises(sim.InputError, match="is not a file in the same folder or below it"):
        sim.load_sweep(inside / "s.yaml")


def test_a_broken_scenario_is_told_at_its_own_lines(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("name: broken\nproviders: 3\n", "utf-8")
    head = "name: s\ntitle: T\ndescription: D.\nscenario: broken\n"
    (tmp_path / "s.yaml").write_text(f"{head}grid: {{linkage: [0]}}\n", "utf-8")
    with pytest.raises(sim.InputError, match=r"broken\.yaml:2: providers"):
        sim.load_sweep(tmp_path / "s.yaml")


def test_sweeps_are_not_taken_for_scenarios() -> None:
    listed = {summary.path for summary in list_scenarios(ROOT / "scenarios")}
    assert not listed & set(SHIPPED)
    assert all(is_sweep_file(path) for path in SHIPPED)
    assert not any(is_sweep_file(path) for path in listed)
    assert not is_sweep_file(DATA / "none.yaml")


def test_two_sweeps_ship() -> None:
    methods = {sim.load_sweep(path.stem).design.method.split()[0] for path in SHIPPED}
    assert methods >= {"grid", "Latin"}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_sweep_asks_a_question_and_cites_its_ranges(path: Path) -> None:
    plan = sim.load_sweep(path)
    assert "?" in plan.heading.description
    assert plan.heading.sources
    first_line = path.read_text("utf-8").splitlines()[0]
    assert first_line == "# yaml-language-server: $schema=sweep.schema.json"


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_sweep_moves_weights_where_runs_draw_them(path: Path) -> None:
    # The scenario may change under a sweep, whose points then lie beside all that a run shows.
    plan = sim.load_sweep(path)
    for name, column in zip(plan.design.names, plan.design.points.T, strict=True):
        drawn = plan.scenario.uncertainties.get(name)
        if drawn is None or not name.startswith("parameters."):
            continue
        assert drawn.low is not None
        assert drawn.high is not None
        slack = 0.02 * (drawn.high - drawn.low)
        assert drawn.low - slack <= column.min() < plan.scenario.value(name) < column.max()
        assert column.max() <= drawn.high + slack


def test_the_committed_schema_is_current_and_takes_the_shipped_files() -> None:
    text = (FOLDER / "sweep.schema.json").read_text("utf-8")
    assert text == sweep_json_schema_text(), "run: make docs"
    schema = json.loads(text)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for path in (*SHIPPED, DATA / "tiny.yaml", DATA / "table.yaml"):
        assert [e.message for e in validator.iter_errors(yaml.safe_load(path.read_text()))] == []
    for name in ("bad_keys", "bad_scenario", "bad_range", "bad_axis_shape"):
        assert not validator.is_valid(yaml.safe_load((DATA / f"{name}.yaml").read_text()))


def test_the_reference_in_the_docs_is_current() -> None:
    text = (ROOT / "docs" / "sweeps.md").read_text("utf-8")
    begin, end = "<!-- begin reference -->\n", "<!-- end reference -->"
    made = text.split(begin)[1].split(end)[0].strip()
    assert made == sweep_reference_markdown().strip(), "run: make docs"
    assert len(BLOCKS) == 7


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_results_in_the_docs_are_of_the_shipped_sweep(path: Path) -> None:
    plan = sim.load_sweep(path)
    text = (ROOT / "docs" / "sweeps.md").read_text("utf-8")
    origin = next(line for line in text.splitlines() if f"`alignsim sweep {path.stem}`:" in line)
    assert f"{plan.design.n_points} points" in origin
    assert f"{plan.replicates} futures each, seed {plan.seed}." in origin
    assert all(name in text for name in plan.design.names)


def test_a_sweep_with_nearly_our_ending_is_refused_with_the_name_to_give_it(tmp_path: Path) -> None:
    text = (DATA / "tiny.yaml").read_text("utf-8")
    (tmp_path / "tiny.yml").write_text(text, "utf-8")
    for name in ("tiny.yml", "tiny.yaml"):
        with pytest.raises(
            sim.InputError, match=r"must end in \.yaml.\n  Rename the file: tiny.yaml"
        ):
            sim.load_sweep(tmp_path / name)
    (tmp_path / "small.yml").write_text("name: small\n", "utf-8")
    (tmp_path / "tiny.yaml").write_text(text, "utf-8")
    with pytest.raises(sim.InputError, match=r"not a scenario.\n  Rename small.yml to small.yaml"):
        sim.load_sweep(tmp_path / "tiny.yaml")


def test_the_line_that_tells_a_spreadsheet_its_separator_is_passed_over(tmp_path: Path) -> None:
    for n, mark in enumerate(("sep=,\n", "SEP=,\r\n", '"sep=,"\n')):
        path = tmp_path / f"points{n}.csv"
        path.write_bytes(f"\ufeff{mark}slots,linkage\n5,0.3\n".encode())
        assert sim.Design.from_csv(path).names == ("slots", "linkage")


def test_a_misspelt_key_of_a_sweep_is_one_problem(tmp_path: Path) -> None:
    text = "name: s\ntitle: T\ndescription: D\nscenaro: baseline\ngird: {linkage: [0, 1]}\n"
    (tmp_path / "s.yaml").write_text(text, "utf-8")
    with pytest.raises(sim.InputError) as caught:
        sim.load_sweep(tmp_path / "s.yaml")
    assert [problem.remedy for problem in caught.value.problems] == [
        "Did you mean 'scenario'?", "Did you mean 'grid'?",
    ]  # fmt: skip


@pytest.mark.parametrize(("written", "meant"), [("olw", "low"), ("hgih", "high"), ("hih", "high")])
def test_a_key_that_must_be_there_is_meant_by_few_of_its_letters(
    written: str, meant: str, tmp_path: Path
) -> None:
    ends = {"low": "0", "high": "1"}
    ends[written] = ends.pop(meant)
    inside = ", ".join(f"{key}: {value}" for key, value in ends.items())
    text = "name: s\ntitle: T\ndescription: D\nscenario: baseline\nlatin_hypercube:\n"
    text += f"  points: 4\n  seed: 1\n  ranges:\n    linkage: {{{inside}}}\n"
    (tmp_path / "s.yaml").write_text(text, "utf-8")
    with pytest.raises(sim.InputError) as caught:
        sim.load_sweep(tmp_path / "s.yaml")
    assert [problem.remedy for problem in caught.value.problems] == [f"Did you mean '{meant}'?"]


def test_a_sample_varies_what_is_named_and_what_is_drawn() -> None:
    plan = sim.load_sweep(DATA / "sample.yaml")
    design, scenario = plan.design, plan.scenario
    named = ("providers.us.linkage", "providers.us.home_takes_part", "local_control")
    assert design.names[:3] == named
    # The lever stands for the drawn number that it sets.
    drawn = [*scenario.uncertainties]
    drawn.remove(scenario.lever("local_control").target)
    assert {*design.names[3:]} == {*drawn}
    assert {*design.points[:, 1]} == {0.0, 1.0}
    inputs = plan_sweep(plan.scenarios, design)
    assert inputs.names_of("lever") == ("local_control",)
    assert inputs.names_of("uncertainty") == tuple(n for n in design.names if n != "local_control")
    assert design.n_points == 4 * (len(design.names) + 2)


@pytest.mark.parametrize(
    "way",
    [
        "grid: {}",
        "zip: {}",
        "latin_hypercube: {points: 4, optimise: maximin}",
        "sobol: {points: 4}",
        "saltelli: {points: 4, second_order: true}",
        "morris: {trajectories: 2, levels: 6, groups: {both: [linkage, slots]}}",
    ],
)
def test_each_way_takes_the_numbers_of_levers_and_uncertainties(tmp_path: Path, way: str) -> None:
    head = "name: s\ntitle: T\ndescription: D.\nscenario: [baseline, third-way]\n"
    varied = "levers: {linkage: [0, 1], slots: [5, 10]}\n"
    belief = "uncertainties: {parameters.w_peer: [1, 2]}\n"
    path = tmp_path / "s.yaml"
    path.write_text(f"{head}{varied}{belief}{way}\n", "utf-8")
    plan = sim.load_sweep(path)
    assert [scenario.name for scenario in plan.scenarios] == ["baseline", "third-way"]
    assert plan.design.names == ("linkage", "slots", "parameters.w_peer")
    assert dict(plan.design.roles or {}) == {
        "linkage": "lever", "slots": "lever", "parameters.w_peer": "uncertainty",
    }  # fmt: skip
    assert {*plan.design.points[:, 0]} <= {0.0, 1.0}
    assert is_sweep_file(path)


def test_a_role_may_be_given_to_what_the_design_varies_already(tmp_path: Path) -> None:
    head = "name: s\ntitle: T\ndescription: D.\nscenario: baseline\n"
    path = tmp_path / "s.yaml"
    path.write_text(f"{head}uncertainties: [linkage]\ngrid: {{linkage: [0, 1]}}\n", "utf-8")
    plan = sim.load_sweep(path)
    assert plan.design.points.tolist() == [[0], [1]]
    assert dict(plan.design.roles or {}) == {"linkage": "uncertainty"}
    (tmp_path / "points.csv").write_text("linkage\n0.5\n", "utf-8")
    path.write_text(f"{head}uncertainties: [linkage]\npoints_file: points.csv\n", "utf-8")
    assert dict(sim.load_sweep(path).design.roles or {}) == {"linkage": "uncertainty"}


def test_a_file_may_let_invalid_points_fail(tmp_path: Path) -> None:
    head = "name: s\ntitle: T\ndescription: D.\nscenario: baseline\ninvalid_points: fail\n"
    low = "providers.us.offers.infrastructure.data_centre_mw_min"
    path = tmp_path / "s.yaml"
    path.write_text(f"{head}grid: {{{low}: [100, 9000]}}\n", "utf-8")
    plan = sim.load_sweep(path)
    assert (plan.invalid_points, plan.design.n_points) == ("fail", 2)
    path.write_text(path.read_text("utf-8").replace("invalid_points: fail\n", ""), "utf-8")
    with pytest.raises(sim.InputError, match=rf"s\.yaml:5: point 2 \({low} = 9000\)"):
        sim.load_sweep(path)
