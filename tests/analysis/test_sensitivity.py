"""Sensitivity indices: known answers, chance apart from numbers, and designs that do not fit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from SALib.test_functions import Ishigami, Sobol_G

import sim
from analysis.made_sweeps import NAMES, MadeSweep, unit_ranges
from sim.analysis.sensitivity.analysing import sensitivity
from sim.analysis.sensitivity.noise import noise_share
from sim.errors import InputError
from sim.experiment import Design

Values = NDArray[np.float64]
OUTCOME = "n_countries(us)"
# Analytic indices of the Ishigami function with a = 7 and b = 0.1 (Ishigami and Homma 1990), and of
# a fourth number that changes nothing.
FIRST = (0.3139, 0.4424, 0.0, 0.0)
TOTAL = (0.5576, 0.4424, 0.2437, 0.0)
# Exact to the sampling error of 2,048 base points.
WITHIN = 0.03


def ishigami(points: Values) -> Values:
    return np.asarray(Ishigami.evaluate(np.pi * (2.0 * points[:, :3] - 1.0)))


def straight(points: Values) -> Values:
    """Return 6 times the first number less 2 times the second; the others change nothing."""
    return 6.0 * points[:, 0] - 2.0 * points[:, 1]


@pytest.fixture(scope="module")
def saltelli() -> Design:
    return Design.saltelli(unit_ranges(4), 2048, second_order=True)


def test_sobol_indices_of_ishigami(saltelli: Design) -> None:
    found = sensitivity(MadeSweep(saltelli, ishigami), OUTCOME)
    assert found.method == "sobol"
    table = found.frame("sensitivity").set_index("number").loc[list(NAMES[:4])]
    np.testing.assert_allclose(table["first"], FIRST, atol=WITHIN)
    np.testing.assert_allclose(table["total"], TOTAL, atol=WITHIN)
    for known, index in ((FIRST, "first"), (TOTAL, "total")):
        # Nine intervals in ten hold the truth; the widest error allowed is twice that.
        half = (table[f"{index}_high"] - table[f"{index}_low"]) / 2
        assert (np.abs(table[index] - np.array(known)) <= 2 * half + 1e-9).all()
    pairs = found.frame("sensitivity_pairs").set_index(["number", "other"])["second"]
    assert pairs[NAMES[0], NAMES[2]] == pytest.approx(0.2437, abs=2 * WITHIN)
    assert pairs[NAMES[0], NAMES[1]] == pytest.approx(0.0, abs=2 * WITHIN)


def test_a_number_that_changes_nothing_has_an_interval_with_zero(saltelli: Design) -> None:
    table = sensitivity(MadeSweep(saltelli, ishigami), OUTCOME).frame("sensitivity")
    idle = table.set_index("number").loc[NAMES[3]]
    for index in ("first", "total"):
        assert idle[f"{index}_low"] <= 0.0 <= idle[f"{index}_high"]
    assert not idle["is_above_noise"]
    assert idle["rank"] == 4


def test_sobol_indices_of_the_g_function() -> None:
    a = np.array([0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0])
    design = Design.saltelli(unit_ranges(8), 2048)
    made = MadeSweep(design, lambda points: Sobol_G.evaluate(points, a))
    table = sensitivity(made, OUTCOME).frame("sensitivity").set_index("number").loc[list(NAMES)]
    first = Sobol_G.sensitivity_index(a)
    total = Sobol_G.total_sensitivity_index(a)
    np.testing.assert_allclose(table["first"], first, atol=WITHIN)
    np.testing.assert_allclose(table["total"], total, atol=WITHIN)


def test_morris_effects_of_a_straight_line() -> None:
    found = sensitivity(MadeSweep(Design.morris(unit_ranges(3), 10), straight), OUTCOME)
    table = found.frame("sensitivity").set_index("number").loc[list(NAMES[:3])]
    np.testing.assert_allclose(table["mu_star"], [6.0, 2.0, 0.0], atol=1e-4)
    np.testing.assert_allclose(table["mu"], [6.0, -2.0, 0.0], atol=1e-4)
    np.testing.assert_allclose(table["sigma"], 0.0, atol=1e-4)
    idle = table.loc[NAMES[2]]
    assert idle["mu_star_low"] <= 0.0 <= idle["mu_star_high"]


def test_morris_tells_what_bends_from_what_is_straight() -> None:
    found = sensitivity(MadeSweep(Design.morris(unit_ranges(4), 50), ishigami), OUTCOME)
    table = found.frame("sensitivity").set_index("number")
    assert table["mu"][NAMES[2]] == pytest.approx(0.0, abs=2.5)
    assert table["sigma"][NAMES[2]] > 4.0
    assert table["mu_star"][NAMES[3]] == 0.0


def test_groups_are_ranked_as_one() -> None:
    groups = {"both": NAMES[:2]}
    for design in (
        Design.morris(unit_ranges(3), 10, groups=groups),
        Design.saltelli(unit_ranges(3), 256, groups=groups),
    ):
        table = sensitivity(MadeSweep(design, straight), OUTCOME).frame("sensitivity")
        assert table["number"].tolist() == ["both", NAMES[2]]
        assert table["rank"].tolist() == [1, 2]
        assert table["address"][0].count("providers.") == 2


@pytest.mark.parametrize("kind", ["latin_hypercube", "grid"])
def test_scores_work_on_any_design(kind: str) -> None:
    design = Design.latin_hypercube(unit_ranges(3), 100)
    if kind == "grid":
        design = Design.grid({name: [0.0, 0.25, 0.5, 0.75, 1.0] for name in NAMES[:3]})
    found = sensitivity(MadeSweep(design, straight), OUTCOME)
    assert found.method == "scores"
    table = found.frame("sensitivity").set_index("number")
    assert table["rank"].tolist() == [1, 2, 3]
    idle = table.loc[NAMES[2]]
    assert idle["score_low"] <= 0.0 <= idle["score_high"] or abs(idle["score"]) < 0.01
    assert not idle["is_above_noise"]
    assert table["is_above_noise"][NAMES[0]]
    assert found.frame("sensitivity_outcomes")["explained_share"][0] > 0.9
    # The shares of a straight line are those of its squared slopes.
    assert table["score"][NAMES[0]] == pytest.approx(0.9, abs=0.15)
    assert table["mean_at_high"][NAMES[0]] - table["mean_at_low"][NAMES[0]] > 3.0


def test_what_may_be_noise_is_marked() -> None:
    rng = np.random.default_rng(1)
    design = Design.saltelli(unit_ranges(3), 256)
    sd = 1.0
    made = MadeSweep(design, lambda p: straight(p) + rng.normal(0, sd, len(p)), sd)
    found = sensitivity(made, OUTCOME)
    (each,) = found.studied
    # The line has a variance of (36 + 4) / 12.
    assert each.noise == pytest.approx(1.0 / (1.0 + 40.0 / 12.0), rel=0.1)
    table = found.frame("sensitivity").set_index("number")
    # Noise alone gives the idle number a total order above 0: it is marked, not believed.
    assert table["total_low"][NAMES[2]] > 0.0
    assert not table["is_above_noise"][NAMES[2]]
    assert table["is_above_noise"][NAMES[0]]
    assert any("smaller indices may be chance" in line for line in found.sentences())
    assert not any("may be chance" in line for line in _quiet().sentences())


def _quiet() -> sim.Sensitivity:
    return sensitivity(MadeSweep(Design.saltelli(unit_ranges(3), 64), straight), OUTCOME)


def test_common_luck_is_no_noise() -> None:
    rng = np.random.default_rng(1)
    levels, luck = rng.normal(size=(50, 1)), rng.normal(0, 5, size=40)
    assert noise_share(levels + luck, 4) == pytest.approx(0.0, abs=1e-12)
    own = rng.normal(0, 2, size=(50, 40))
    share = noise_share(levels + luck + own, 4)
    assert share == pytest.approx(0.1 / (1.0 + 0.1), abs=0.05)
    assert np.isnan(noise_share(levels + luck[:4], 4))


def test_blocks_with_a_failed_point_are_left_out() -> None:
    design = Design.saltelli(unit_ranges(3), 64)
    found = sensitivity(MadeSweep(design, straight, failed=(7,)), OUTCOME)
    (each,) = found.studied
    assert (each.n_points, each.n_left_out) == (63 * 5, 5)
    assert any("5 points of 320 left out" in line for line in found.sentences())
    few = MadeSweep(design, straight, failed=tuple(range(0, 285, 5)))
    with pytest.raises(InputError, match="7 base points without a failed point are too few"):
        sensitivity(few, OUTCOME)


def test_the_same_seed_gives_the_same_intervals() -> None:
    made = MadeSweep(Design.saltelli(unit_ranges(3), 64), straight)
    for seed in (0, 1):
        one, two = (sensitivity(made, OUTCOME, seed=seed).frame("sensitivity") for _ in range(2))
        assert one.equals(two)


LATIN = Design.latin_hypercube(unit_ranges(3), 30)
WRONG = [
    (LATIN, {"method": "sobol"}, "needs a saltelli design, and the sweep has Latin hypercube"),
    (LATIN, {"method": "morris"}, "needs a morris design"),
    (LATIN, {"method": "pca"}, '(?s)method = "pca" .*Choose one of sobol, morris, scores'),
    (LATIN, {"outcome": "n_partners(us)"}, "n_partners is not an outcome"),
    (LATIN, {"country": "ZZZ"}, "ZZZ"),
    (LATIN, {"outcome": 3}, "outcome = 3 must be a text or several"),
    (LATIN, {"seed": -1}, "seed = -1 must be a whole number"),
    (Design.latin_hypercube(unit_ranges(3), 10), {}, "10 points are too few for scores"),
    (Design.saltelli(unit_ranges(3), 4), {}, "4 base points are too few for sobol"),
    (Design.morris(unit_ranges(3), 2), {}, "2 trajectories are too few for morris"),
]


@pytest.mark.parametrize(("design", "how", "words"), WRONG)
def test_what_cannot_be_analysed_is_told(design: Design, how: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        sensitivity(MadeSweep(design, straight), **{"outcome": OUTCOME, **how})


def test_an_outcome_that_never_varies_is_told() -> None:
    made = MadeSweep(LATIN, lambda points: np.full(len(points), 12.0))
    with pytest.raises(InputError, match=r"nothing varies: n_countries\(us\) is the same"):
        sensitivity(made, OUTCOME)


def test_what_is_no_sweep_is_told() -> None:
    with pytest.raises(InputError, match="sensitivity needs a finished sweep, not a Design"):
        sensitivity(LATIN)  # type: ignore[arg-type]
