"""Samples: that they nest, fill space, and give SALib what its analyses need."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose
from SALib.analyze import morris, sobol
from SALib.test_functions import Ishigami
from scipy.stats import qmc

import sim
from experiment.short_sweeps import short_scenario
from sim.experiment.sweeps.designs.samples.needed import sampling_for
from sim.experiment.sweeps.designs.samples.sampling import Sampling
from sim.experiment.sweeps.designs.samples.spreads import spread_of

UNIT = {"a": (0.0, 1.0), "b": (0.0, 1.0), "c": (0.0, 1.0)}
NO_RANGE: Any = {"a": "x"}
# Points are rounded to six significant digits.
ROUNDING = 1e-5


@pytest.mark.parametrize(
    ("small", "large"),
    [
        (sim.Design.sobol(UNIT, 128), sim.Design.sobol(UNIT, 256)),
        (sim.Design.saltelli(UNIT, 16), sim.Design.saltelli(UNIT, 32)),
        (
            sim.Design.saltelli(UNIT, 16, second_order=True),
            sim.Design.saltelli(UNIT, 32, second_order=True),
        ),
        (sim.Design.morris(UNIT, 5), sim.Design.morris(UNIT, 10)),
    ],
    ids=lambda design: design.method,
)
def test_what_can_grow_begins_with_what_it_was(small: sim.Design, large: sim.Design) -> None:
    assert large.n_points == 2 * small.n_points
    assert (large.points[: small.n_points] == small.points).all()


def test_a_latin_hypercube_shares_no_point_with_a_larger_one() -> None:
    small, large = (sim.Design.latin_hypercube(UNIT, n).points.tolist() for n in (128, 256))
    assert not {tuple(row) for row in small} & {tuple(row) for row in large}


@pytest.mark.parametrize("make", [sim.Design.sobol, sim.Design.saltelli, sim.Design.morris])
def test_the_seed_moves_a_sample_and_nothing_else_does(make: Any) -> None:
    zero, again, other = (make(UNIT, 8, seed) for seed in (0, 0, 1))
    assert zero == again
    assert zero != other


def test_rows_are_as_many_as_the_methods_say() -> None:
    assert sim.Design.saltelli(UNIT, 8).n_points == 8 * (3 + 2)
    assert sim.Design.saltelli(UNIT, 8, second_order=True).n_points == 8 * (2 * 3 + 2)
    assert sim.Design.morris(UNIT, 8).n_points == 8 * (3 + 1)
    grouped = {"terms": ["a", "b"]}
    assert sim.Design.saltelli(UNIT, 8, groups=grouped).n_points == 8 * (2 + 2)
    assert sim.Design.morris(UNIT, 8, groups=grouped).n_points == 8 * (2 + 1)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_an_optimised_hypercube_is_better_and_still_one(seed: int) -> None:
    n = 30
    plain, apart, even = (
        sim.Design.latin_hypercube(UNIT, n, seed, optimise=how).points
        for how in (None, "maximin", "discrepancy")
    )

    def least(points: Any) -> float:
        return float(qmc.geometric_discrepancy(points, method="mindist"))

    assert least(apart) > 1.1 * least(plain)
    assert qmc.discrepancy(even) < qmc.discrepancy(plain)
    for points in (apart, even):
        slices = np.floor(points * n * (1 - ROUNDING))
        assert all(len({*column}) >= n - 1 for column in slices.T.tolist())


def rebuilt(design: sim.Design) -> sim.Design:
    """Return a design as a finished sweep has it: its points, and what its manifest says."""
    assert design.sampling is not None
    record = json.loads(json.dumps(design.sampling.record()))
    sampling = Sampling.of_record(record)
    return sim.Design(design.names, design.points, design.method, sampling=sampling)


@pytest.mark.parametrize("second_order", [False, True])
def test_sobol_indices_of_ishigami(second_order: bool) -> None:
    ranges = {f"x{j}": (-np.pi, np.pi) for j in (1, 2, 3)}
    design = rebuilt(sim.Design.saltelli(ranges, 2048, seed=0, second_order=second_order))
    about = sampling_for(design, "saltelli")
    found = sobol.analyze(
        about.problem,
        Ishigami.evaluate(design.points),
        calc_second_order=bool(about.second_order),
        seed=1,
    )
    # Analytic values for a = 7, b = 0.1 (Ishigami and Homma 1990).
    assert_allclose(found["S1"], [0.3139, 0.4424, 0.0], atol=0.03)
    assert_allclose(found["ST"], [0.5576, 0.4424, 0.2437], atol=0.03)
    if second_order:
        assert_allclose(found["S2"][0, 2], 0.2437, atol=0.05)


def test_elementary_effects_of_a_plane() -> None:
    design = rebuilt(sim.Design.morris({"a": (0, 2), "b": (-1, 1), "c": (5, 6)}, 10))
    about = sampling_for(design, "morris")
    assert about.levels is not None
    a, b, c = design.points.T
    found = morris.analyze(
        about.problem, about.shares, 3 * a - 2 * b + 0 * c, num_levels=about.levels
    )
    # Over the whole range of each number: 3 * 2, 2 * 2, and nothing.
    assert_allclose(found["mu"], [6, -4, 0], atol=1e-3)
    assert_allclose(found["sigma"], 0, atol=1e-3)


def test_effects_are_told_apart_where_a_whole_number_does_not_move() -> None:
    ranges = {"a": (0.0, 1.0), "b": (0, 1), "c": (0.0, 1.0)}
    design = rebuilt(sim.Design.morris(ranges, 20, whole=["b"]))
    about = sampling_for(design, "morris")
    stays = (np.diff(design.points, axis=0) == 0).all(axis=1)
    assert stays.any()
    a, _, c = design.points.T
    found = morris.analyze(about.problem, about.shares, a + 10 * c, num_levels=4)
    assert_allclose(found["mu_star"], [1, 0, 10], atol=1e-4)


def test_groups_move_together() -> None:
    design = rebuilt(sim.Design.morris(UNIT, 10, groups={"both": ["a", "c"]}))
    about = sampling_for(design, "morris")
    assert about.problem["groups"] == ["both", "b", "both"]
    found = morris.analyze(about.problem, about.shares, design.points[:, 1] * 5, num_levels=4)
    assert dict(zip(found["names"], found["mu_star"].tolist(), strict=True)) == pytest.approx(
        {"both": 0, "b": 5}, abs=1e-4
    )


def test_a_finished_sweep_keeps_what_its_analysis_needs(tmp_path: Path) -> None:
    ranges = {"local_control": (0.1, 0.9), "providers.us.linkage": (0, 1)}
    for design, method in (
        (sim.Design.saltelli(ranges, 4, seed=7, second_order=True), "saltelli"),
        (sim.Design.morris(ranges, 3, seed=7), "morris"),
    ):
        made = sim.sweep(short_scenario(), design, 4, out=tmp_path)
        found = sim.load_run(made.path)
        assert isinstance(found, sim.StoredSweep)
        assert found.design == design
        about = sampling_for(found.design, method)
        assert about == design.sampling
        assert about.problem["bounds"] == [[0.1, 0.9], [0, 1]]
        assert about.seed == 7
        stored = found.points[["point", *design.names]].query("point > 0")
        assert stored["point"].tolist() == [*range(1, design.n_points + 1)]
        assert (stored[list(design.names)].to_numpy() == design.points).all()


def test_an_analysis_says_which_design_it_needs() -> None:
    with pytest.raises(sim.InputError) as caught:
        sampling_for(sim.Design.grid({"a": [0, 1]}), "saltelli")
    said = "this analysis needs a saltelli design, and the sweep has grid of 2."
    remedy = "Make one: 'saltelli' in the sweep file, or sim.Design.saltelli(ranges, 256)."
    assert str(caught.value) == f"{said}\n  {remedy}"


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: sim.Design.sobol(UNIT, 100), "points = 100 must be a power of two.\n  Use 128,"),
        (lambda: sim.Design.saltelli(UNIT, 3), "points = 3 must be a power of two.\n  Use 4,"),
        (lambda: sim.Design.sobol(UNIT, 0), "points = 0 must be a whole number"),
        (lambda: sim.Design.sobol({"a": (1, 0)}, 8), "from a number to a greater one.\n  Swap"),
        (lambda: sim.Design.sobol({"a": (1.2, 1.8)}, 8, whole=["a"]), "holds no whole number"),
        (lambda: sim.Design.sobol(NO_RANGE, 8), "must be two numbers"),
        (lambda: sim.Design.morris(UNIT, 0), "trajectories = 0 must be"),
        (lambda: sim.Design.morris(UNIT, 4, levels=5), "levels = 5 must be one of 4, 6, 8"),
        (lambda: sim.Design.morris(UNIT, 4, groups={"g": ["d"]}), '"d", which is not varied'),
        (lambda: sim.Design.morris(UNIT, 4, groups={"g": [*"abc"]}), "all numbers are in one"),
        (lambda: sim.Design.morris(UNIT, 4, groups={"g": ["a"], "h": ["a"]}), "in two groups"),
        (lambda: sim.Design.morris(UNIT, 4, groups={"b": ["a"]}), "has the name of a number"),
        (lambda: sim.Design.morris(UNIT, 4, groups={"g": "a"}), "must be a list of names"),
        (lambda: sim.Design.latin_hypercube(UNIT, 5, optimise="best"), 'optimise = "best" must'),
        (lambda: sim.Design.latin_hypercube(UNIT, 5000, optimise="maximin"), "cannot be optim"),
        (
            lambda: sim.Design.sobol({f"x{j}": (0, 1) for j in range(50)}, 2**20),
            "are 52,428,800 cells, and a design must have at most 50,000,000.\n"
            "  Use at most 1,000,000 points",
        ),
        (
            lambda: sim.Design.saltelli({f"x{j}": (0, 1) for j in range(50)}, 2**16),
            "points = 3,407,872 over 50 numbers",
        ),
    ],
)
def test_what_is_no_sample_is_refused(make: Any, words: str) -> None:
    with pytest.raises(sim.InputError) as caught:
        make()
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("spread", "shares", "values"),
    [
        (sim.Spread("uniform", 2, 4), [0, 0.5, 1], [2, 3, 4]),
        (sim.Spread("loguniform", 1, 100), [0, 0.5, 1], [1, 10, 100]),
        # The share below the mode is (2 - 0) / 8.
        (sim.Spread("triangular", 0, 8, mode=2), [0, 0.25, 1], [0, 2, 8]),
        (sim.Spread("normal", -1, 1, mean=0, sd=5), [0, 0.5, 1], [-1, 0, 1]),
        (sim.Spread("posterior", 0, 9, values=(0.0, 1.0, 9.0)), [0, 0.25, 0.5, 1], [0, 0.5, 1, 9]),
        (sim.Spread.one_of([5, None, 7]), [0, 0.32, 0.5, 0.7, 1], [5, 5, np.nan, 7, 7]),
        (sim.Spread("uniform", 0.5, 2.5, is_whole=True), [0, 0.49, 0.51, 1], [1, 1, 2, 2]),
    ],
)
def test_quantiles(spread: sim.Spread, shares: list[float], values: list[float]) -> None:
    assert_allclose(spread.at(np.array(shares, float)), values, atol=1e-12)


def test_a_distribution_is_neither_whole_nor_log() -> None:
    for option in ({"is_whole": True}, {"is_log": True}):
        with pytest.raises(sim.InputError, match="has a distribution, to which"):
            spread_of("a", sim.Spread("uniform", 0, 1), **option)


@pytest.mark.parametrize("values", [[1], [1, 1], [1, "x"]])
def test_a_choice_needs_two_numbers(values: list[Any]) -> None:
    with pytest.raises(sim.InputError):
        sim.Spread.one_of(values)
