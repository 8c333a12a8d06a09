"""Points that no sweep should run: switches as numbers, the same point twice, slips in Python."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim
from sim.experiment.recent import RecentlyUsed
from sim.experiment.sweeps.designs.csv_points import read_points
from sim.experiment.sweeps.designs.swept import check_points, fields_of
from sim.experiment.sweeps.running import plan_sweep
from sim.scenario import Scenario

SMALL = Path(__file__).parents[1] / "data" / "small.yaml"
SLOTS = "providers.us.offers.infrastructure.slots"
MEGAWATTS = "providers.us.offers.infrastructure.data_centre_mw_max"
HOME = "providers.us.home_takes_part"


@pytest.fixture(scope="module")
def small() -> Scenario:
    return sim.load_scenario(SMALL)


def problems_of(scenario: Scenario, design: sim.Design) -> list[str]:
    with pytest.raises(sim.InputError) as caught:
        check_points(scenario, design, fields_of(scenario, design))
    assert str(caught.value) == "\n".join(map(str, caught.value.problems))
    return [problem.message for problem in caught.value.problems]


def remedies_of(scenario: Scenario, design: sim.Design) -> list[str]:
    with pytest.raises(sim.InputError) as caught:
        check_points(scenario, design, fields_of(scenario, design))
    return [problem.remedy for problem in caught.value.problems]


@pytest.mark.parametrize(
    "design",
    [
        sim.Design.grid({SLOTS: [3, True, False]}),
        sim.Design.table({SLOTS: [3, True, False]}),
        sim.Design.table(pd.DataFrame({SLOTS: [3, True, False]}, dtype="object")),
    ],
)
def test_true_is_no_number(small: Scenario, design: sim.Design) -> None:
    said = "must be a whole number from 0 to 200 countries."
    assert problems_of(small, design) == [
        f"point 2: {SLOTS} = true {said}",
        f"point 3: {SLOTS} = false {said}",
    ]
    # Those of a sound design with the same numbers are refused as well.
    sound = sim.Design.table({SLOTS: [3, 1, 0]})
    check_points(small, sound, fields_of(small, sound))
    assert design.points.tolist() == sound.points.tolist()
    assert len(problems_of(small, design)) == 2


def test_true_and_one_make_the_same_point_of_a_switch(small: Scenario) -> None:
    words, numbers = (sim.Design.grid({HOME: values}) for values in ([True, False], [1, 0]))
    assert words == numbers
    for design in (words, numbers):
        check_points(small, design, fields_of(small, design))
    assert words.switched == (HOME,)
    assert numbers.switches is None


@pytest.mark.parametrize("words", [("True", "False"), ("TRUE", "FALSE"), ("true", "false")])
def test_switches_are_read_as_programs_write_them(
    small: Scenario, tmp_path: Path, words: tuple[str, str]
) -> None:
    path = tmp_path / "points.csv"
    path.write_text(f"{HOME},{SLOTS}\n{words[0]},1\n{words[1]},2\n", "utf-8")
    design = sim.Design.from_csv(path)
    assert [design.row(0), design.row(1)] == [(1.0, 1.0), (0.0, 2.0)]
    check_points(small, design, fields_of(small, design))
    path.write_text(f"{SLOTS}\n{words[0]}\n", "utf-8")
    assert problems_of(small, sim.Design.from_csv(path)) == [
        f"point 1: {SLOTS} = true must be a whole number from 0 to 200 countries."
    ]


def test_a_frame_goes_out_and_comes_back(tmp_path: Path) -> None:
    frame = pd.DataFrame({HOME: [True, False], SLOTS: [1, 2]})
    frame.to_csv(tmp_path / "points.csv", index=False)
    back = sim.Design.from_csv(tmp_path / "points.csv")
    assert back.points.tolist() == sim.Design.table(frame).points.tolist()
    assert back.switched == (HOME,)


def test_switches_of_another_shape_are_refused() -> None:
    with pytest.raises(sim.InputError, match=r"its switches have the shape \(1, 1\)"):
        sim.Design(("a", "b"), np.zeros((1, 2)), switches=np.zeros((1, 1), np.bool_))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: sim.Design.grid({"a": [5, 6, 5]}), ["value 3 of a = 5 is listed twice."]),
        (lambda: sim.Design.grid({"a": [None, 1, None]}), ["value 3 of a = null is listed twice."]),
        (lambda: sim.Design.grid({"a": [1, True]}), ["value 2 of a = true is listed twice."]),
        (lambda: sim.Design.grid({"a": [0.0, -0.0]}), ["value 2 of a = 0 is listed twice."]),
        (
            lambda: sim.Design.grid({"a": [1 / 3, 0.333333]}),
            ["value 2 of a = 0.333333 is listed twice."],
        ),
        (
            lambda: sim.Design.table({"a": [1, 2, 1, 2], "b": [None, 0, None, 0]}),
            [
                "point 3 appears twice: point 1 has the same values.",
                "point 4 appears twice: point 2 has the same values.",
            ],
        ),
    ],
)
def test_a_point_that_comes_twice_is_refused(make: Any, said: list[str]) -> None:
    with pytest.raises(sim.InputError) as caught:
        make()
    assert [problem.message for problem in caught.value.problems] == said
    assert {problem.remedy for problem in caught.value.problems} == {"Keep one of them."}


def test_a_line_that_comes_twice_is_refused_with_both_places(tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    path.write_text("a,b\n1,null\n\n2,0\n1.0,null\n", "utf-8")
    with pytest.raises(sim.InputError) as caught:
        read_points(path, "points.csv")
    assert str(caught.value) == (
        "points.csv:5: point 3 appears twice: points.csv:2 has the same values.\n"
        "  Keep one of them."
    )


def test_at_most_twenty_are_told_the_first_ones() -> None:
    with pytest.raises(sim.InputError) as caught:
        sim.Design.table({"a": [0] * 30})
    told = [problem.message.split(" appears")[0] for problem in caught.value.problems]
    assert told == [f"point {n}" for n in range(2, 22)]


def test_steps_too_close_to_tell_apart_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    head = "name: s\ntitle: T\ndescription: D.\nscenario: baseline\n"
    path.write_text(f"{head}grid: {{linkage: {{low: 0.5, high: 0.500001, steps: 5}}}}\n", "utf-8")
    with pytest.raises(sim.InputError, match=r"s\.yaml:5: grid\.linkage\.steps = 5 makes a value"):
        sim.load_sweep(path)
    path.write_text(f"{head}grid: {{linkage: [0.5, 0.50000001]}}\n", "utf-8")
    with pytest.raises(sim.InputError, match=r"s\.yaml:5: .*0\.50000001 is listed twice"):
        sim.load_sweep(path)


def test_points_of_whole_numbers_may_repeat_where_they_fill_a_space(small: Scenario) -> None:
    design = sim.Design.latin_hypercube({SLOTS: (1, 2)}, 8, whole=[SLOTS])
    check_points(small, design, fields_of(small, design))


def test_broken_points_are_told_in_the_order_of_their_numbers(small: Scenario) -> None:
    values = [0.1 + n / 100 for n in range(30)]
    for row in (2, 10, 12, 0):
        values[row] = 2.0 + row
    alone = sim.Design.table({"local_control": values, "providers.us.linkage": [*range(30)]})
    told = [message.split(":")[0] for message in problems_of(small, alone)]
    # Point 2 breaks the rule of the second number, and stands between the others.
    assert told[:6] == ["point 1", "point 3", "point 3", "point 4", "point 5", "point 6"]
    assert len(told) == 20
    low = "providers.us.offers.infrastructure.data_centre_mw_min"
    together = sim.Design.table({low: [900 + 10 * n for n in range(15)]})
    told = [message.split(" (")[0] for message in problems_of(small, together)]
    assert told == ["point 12", "point 13", "point 14", "point 15"]


def test_whole_numbers_of_a_latin_hypercube_are_asked_for_once(small: Scenario) -> None:
    ranges = {SLOTS: (5, 10), "providers.us.linkage": (0, 2), HOME: (0, 1)}
    design = sim.Design.latin_hypercube(ranges, 4)
    said = problems_of(small, design)
    assert [message.split(" must")[0] for message in said if "every point" in message] == [
        SLOTS, HOME,
    ]  # fmt: skip
    assert sum(SLOTS in message for message in said) == 1
    shown = f"{design.points[0, 0]:g} at point 1"
    assert f"{SLOTS} must be a whole number at every point, but is {shown}." in said
    assert any("linkage" in message for message in said)
    remedy = f"Declare it where the design is made: whole={[SLOTS, HOME]}."
    assert remedies_of(small, design).count(remedy) == 2
    sound = sim.Design.latin_hypercube({SLOTS: (5, 10), HOME: (0, 1)}, 4, whole=[SLOTS, HOME])
    check_points(small, sound, fields_of(small, sound))


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        (0.5, "0.5"),
        ("0.5", '"0.5"'),
        ({0: 1}, "(a map of 1)"),
        (np.array(0.5), '"ndarray"'),
        (None, "null"),
    ],
)
def test_values_that_are_no_list_are_refused(values: Any, shown: str) -> None:
    for make in (sim.Design.grid, sim.Design.table):
        with pytest.raises(sim.InputError) as caught:
            make({"linkage": values})
        assert f"the values of linkage = {shown} must be a list." in str(caught.value)
        assert "For example: {'linkage': [0, 0.5, 1]}." in str(caught.value)


def test_what_is_no_map_of_names_is_refused() -> None:
    names: Any = ["linkage"]
    for make in (sim.Design.grid, sim.Design.table):
        with pytest.raises(sim.InputError, match=r"a map of names(.|\n)*sim\.Design\.grid\("):
            make(names)


@pytest.mark.parametrize("slip", [{"linkage": [0]}, [0.5], None, "linkage"])
def test_what_is_no_design_is_not_swept(small: Scenario, tmp_path: Path, slip: Any) -> None:
    with pytest.raises(sim.InputError, match=r"is not a design\.\n  Make one .*sim\.Design\.grid"):
        sim.sweep(small, slip, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_number_in_quotes_is_shown_in_quotes(small: Scenario) -> None:
    four: Any = "4"
    with pytest.raises(sim.InputError, match='replicates = "4" must be a whole number'):
        plan_sweep(small, sim.Design.grid({MEGAWATTS: [500]}), four)


def test_what_has_passed_is_remembered_within_bounds() -> None:
    kept: RecentlyUsed[str, bool] = RecentlyUsed(most=2)
    kept.put("a", True)
    kept.put("b", True)
    assert kept.get("a")
    kept.put("c", True)
    assert [kept.get(key) for key in "abc"] == [True, None, True]
    many: RecentlyUsed[int, bool] = RecentlyUsed(most=50)

    def fill(first: int) -> None:
        for n in range(first, first + 500):
            many.put(n, True)

    threads = [threading.Thread(target=fill, args=(500 * n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(many._kept) == 50


def test_a_tie_of_who_takes_no_part_is_refused(small: Scenario) -> None:
    left_out = small.with_changes({"countries.exclude": ["HKG"]})
    for scenario, code, remedy in (
        (left_out, "HKG", "countries.exclude of the scenario leaves it out"),
        (small, "USA", f"It takes part where {HOME} is true: vary that too"),
    ):
        tie = f"corporate_ties.{code}.us"
        with pytest.raises(sim.InputError) as caught:
            fields_of(scenario, sim.Design.grid({tie: [0, 1], SLOTS: [1, 2]}))
        (problem,) = caught.value.problems
        assert problem.message == (
            f'"{tie}" is of no use: {code} takes no part in scenario small, so this number '
            "changes nothing."
        )
        assert problem.remedy.startswith(remedy)
    # It counts where the same design lets the country take part, and where the country does.
    ties = [
        ["corporate_ties.USA.us", HOME],
        ["corporate_ties.HKG.us"],
        ["corporate_ties.USA.china"],
    ]
    home_in = small.with_changes({HOME: True})
    for scenario, names in zip((small, small, home_in), ties, strict=True):
        fields = fields_of(scenario, sim.Design.grid({name: [0, 1] for name in names}))
        assert [field.address for field in fields] == names


@pytest.mark.parametrize(
    ("address", "remedy"),
    [
        ("corporate_ties.QQQ.us", "Use three-letter ISO codes such as KOR"),
        ("corporate_ties.Norway.us", "Did you mean 'NOR' (Norway)?"),
        ("corporate_ties.KOR.uss", "Did you mean 'us'?"),
        ("corporate_ties.KOR", "Write corporate_ties, a country and a provider"),
    ],
)
def test_a_tie_that_is_none_is_mended(small: Scenario, address: str, remedy: str) -> None:
    with pytest.raises(sim.InputError) as caught:
        fields_of(small, sim.Design.grid({address: [0, 1]}))
    assert caught.value.problems[0].remedy.startswith(remedy)
