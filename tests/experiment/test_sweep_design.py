"""Designs: what their points are, and what is refused."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.experiment.sweeps.designs import csv_points
from sim.experiment.sweeps.designs.csv_points import MOST_BYTES, read_points
from sim.experiment.sweeps.designs.swept import check_points, fields_of

SMALL = Path(__file__).parents[1] / "data" / "small.yaml"


def test_a_grid_has_every_combination_the_last_name_fastest() -> None:
    design = sim.Design.grid({"a": [1, 2], "b": [True, None, 0.5]})
    assert [design.row(i) for i in range(design.n_points)] == [
        (1.0, 1.0), (1.0, None), (1.0, 0.5), (2.0, 1.0), (2.0, None), (2.0, 0.5),
    ]  # fmt: skip
    assert design.method == "grid of 2 x 3"


@settings(max_examples=30)
@given(st.integers(1, 60), st.integers(1, 6), st.integers(0, 2**32 - 1))
def test_every_slice_of_a_latin_hypercube_holds_one_point(n: int, d: int, seed: int) -> None:
    ranges = {f"x{j}": (0.0, 1.0) for j in range(d)}
    design = sim.Design.latin_hypercube(ranges, n, seed)
    # A value that rounding puts on the edge of its slice is moved by less than a slice.
    slices = np.floor(np.clip(design.points, 0, 1 - 1e-9) * n - 1e-5 * n).clip(0)
    assert design.points.shape == (n, d)
    assert all(len(set(column)) >= n - 1 for column in slices.T.tolist())
    assert design == sim.Design.latin_hypercube(ranges, n, seed)


def test_the_seed_of_a_latin_hypercube_moves_its_points() -> None:
    one, other = (sim.Design.latin_hypercube({"a": (0, 1)}, 5, seed) for seed in (0, 1))
    assert one != other


def test_whole_numbers_are_equally_likely_and_logarithms_evenly_spread() -> None:
    ranges = {"whole": (1, 4), "log": (0.001, 1000)}
    design = sim.Design.latin_hypercube(ranges, 400, whole=["whole"], log=["log"])
    whole, log = design.points.T
    assert np.unique(whole, return_counts=True)[1].tolist() == [100] * 4
    assert np.histogram(np.log10(log), bins=6, range=(-3, 3))[0].min() >= 65


def test_values_are_what_tables_show() -> None:
    assert sim.Design.grid({"a": [1 / 3]}).row(0) == (0.333333,)


def test_a_design_cannot_be_changed() -> None:
    design = sim.Design.grid({"a": [1, 2]})
    with pytest.raises(ValueError, match="read-only"):
        design.points[0, 0] = 3.0


def test_points_of_a_frame_and_of_a_mapping_agree() -> None:
    columns: dict[str, list[float]] = {"a": [1, 2], "b": [0.5, 0.25]}
    assert sim.Design.table(columns) == sim.Design.table(pd.DataFrame(columns))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: sim.Design.grid({}), "must vary 1 to 100"),
        (lambda: sim.Design.grid({"a": []}), "points = 0 must be"),
        (lambda: sim.Design.grid({"a": [math.nan]}), "value 1 of a = .nan must be a finite"),
        (lambda: sim.Design.grid({"a": ["x"]}), 'value 1 of a = "x" must be a finite'),
        (lambda: sim.Design.grid({"a": range(10_000), "b": range(10_000)}), "points = 100,000,000"),
        (lambda: sim.Design.grid({"": [1]}), '"" is not a lever or an address'),
        (lambda: sim.Design.table({"a": [1, 2], "b": [1]}), "must have the same length"),
        (lambda: sim.Design.table({"a": [1.0, math.inf]}), "value 2 of a = .inf"),
        (lambda: sim.Design.table({}), "must vary 1 to 100"),
        (lambda: sim.Design.latin_hypercube({"a": (1, 1)}, 5), "from a number to a greater one"),
        (lambda: sim.Design.latin_hypercube({"a": (0, 1)}, 0), "points = 0 must be"),
        (lambda: sim.Design.latin_hypercube({"a": (0, 1)}, 5, seed=-1), "the seed of a design"),
        (lambda: sim.Design.latin_hypercube({"a": (0, 1)}, 5, log=["a"]), "must be above 0"),
        (lambda: sim.Design.latin_hypercube({"a": (0, 1)}, 5, whole=["b"]), '"b" has no range'),
        (lambda: sim.Design(("a", "a"), np.zeros((1, 2))), '"a" appears twice'),
        (lambda: sim.Design(("a",), np.full((1, 1), np.inf)), "a must be a finite number"),
        (lambda: sim.Design(("a",), np.zeros((1, 2))), "as many columns"),
    ],
)
def test_what_is_no_design_is_refused(make: Any, words: str) -> None:
    with pytest.raises(sim.InputError, match=words.replace("(", r"\(")):
        make()


def write(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "points.csv"
    path.write_bytes(content)
    return path


def test_points_of_a_file(tmp_path: Path) -> None:
    text = b"\xef\xbb\xbfa, b\r\n0.5,true\r\n\r\n null ,-2e1\r\n"
    points = read_points(write(tmp_path, text), "points.csv")
    assert points.names == ("a", "b")
    design = sim.Design.of_file(points)
    assert [design.row(i) for i in range(2)] == [(0.5, 1.0), (None, -20.0)]
    assert points.lines == (2, 4)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "has no names in its first line"),
        (b"a,b\n", "has no points below its first line"),
        (b"a,\n1,2\n", "column 2 has no name"),
        (b"a,a\n1,2\n", '"a" appears twice'),
        (b"a\n\xff\n", "is not text in UTF-8"),
        (b'a\n"1\n', "this is not plain CSV"),
        (b"a\n1,2\n", "points.csv:2: 2 of 1 cells"),
        (",".join(f"x{j}" for j in range(101)).encode() + b"\n", "has 101 columns"),
    ],
)
def test_what_is_no_file_of_points_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    with pytest.raises(sim.InputError, match=words):
        read_points(write(tmp_path, content), "points.csv")


def test_a_file_with_too_many_points_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_points, "MOST_ROWS", 100)
    path = write(tmp_path, b"a\n" + b"".join(b"%d\n" % n for n in range(100)))
    assert len(read_points(path, "points.csv").points) == 100
    path.write_bytes(path.read_bytes() + b"100\n")
    with pytest.raises(sim.InputError, match=r"points\.csv:102: has more than 100 points"):
        read_points(path, "points.csv")


def test_a_large_file_is_refused_unread(tmp_path: Path) -> None:
    path = write(tmp_path, b"")
    with path.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(sim.InputError, match="must have at most"):
        sim.Design.from_csv(path)
    for other in (tmp_path, tmp_path / "none.csv"):
        with pytest.raises(sim.InputError):
            sim.Design.from_csv(other)


@settings(max_examples=150)
@given(st.text(max_size=60) | st.sampled_from(["a\n1\n", "a,b\n1,2\n3\n", "a\n1\x00\n"]))
def test_any_text_is_a_design_or_a_list_of_problems(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.mktemp("any") / "points.csv"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    problems: tuple[sim.Problem, ...] = ()
    try:
        assert len(read_points(path, "p").points) > 0
    except sim.InputError as error:
        problems = error.problems
    assert all(problem.message.isprintable() for problem in problems)


def test_an_invalid_point_names_its_number_and_value() -> None:
    scenario = sim.load_scenario(SMALL)
    address = "providers.us.offers.infrastructure.data_centre_mw_min"
    beyond = sim.Design.table(
        {"local_control": [0.2, 0.3, 1.5], "providers.us.linkage": [0, -1, 0]}
    )
    with pytest.raises(sim.InputError) as caught:
        check_points(scenario, beyond, fields_of(scenario, beyond))
    said = str(caught.value)
    assert "point 3: local_control = 1.5 must be at most 1" in said
    assert "point 2: providers.us.linkage = -1 must be at least 0" in said
    together = sim.Design.grid({address: [100, 1500]})
    with pytest.raises(sim.InputError, match=rf"point 2 \({address} = 1500\): .*must be at most"):
        check_points(scenario, together, fields_of(scenario, together))


def test_the_range_of_a_lever_holds_and_its_address_goes_further() -> None:
    scenario = sim.load_scenario("baseline")
    address = "providers.us.offers.infrastructure.slots"
    for name, is_refused in (("slots", True), (address, False)):
        design = sim.Design.grid({name: [41]})
        fields = fields_of(scenario, design)
        assert (fields[0].broken(41) is not None) == is_refused
        assert fields[0].broken(40) is None


def test_names_that_are_no_numbers_are_told_together() -> None:
    scenario = sim.load_scenario(SMALL)
    design = sim.Design.grid({"local_contrl": [1], "name": [1], "horizon.start": [1]})
    with pytest.raises(sim.InputError) as caught:
        fields_of(scenario, design)
    assert len(caught.value.problems) == 3
    assert "Did you mean 'local_control'?" in str(caught.value)


def test_a_lever_named_like_a_column_is_swept_by_its_address() -> None:
    scenario = sim.load_scenario(SMALL)
    lever = scenario.to_dict()["levers"]["local_control"]
    changed = scenario.with_changes({"levers.mean": lever})
    with pytest.raises(sim.InputError, match="is also a column of the results"):
        fields_of(changed, sim.Design.grid({"mean": [0.3]}))
