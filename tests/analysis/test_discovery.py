"""Scenario discovery: planted boxes are found, noise has none, conditions mean what they say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import sim
from experiment.short_sweeps import short_scenario
from sim.analysis.discovery.boxes import Box, Sample, box_quality, plain_box, whole_box
from sim.analysis.discovery.conditions import Compare, read_condition
from sim.analysis.discovery.discovering import METHODS, find_boxes
from sim.analysis.discovery.peeling import peel
from sim.analysis.discovery.screening import screen_inputs
from sim.analysis.discovery.searching import PRIM, finder, quasi_p
from sim.analysis.quantities import Quantities, quantities_of_futures, quantities_of_sweep
from sim.errors import InputError

Values = NDArray[np.float64]
EVERY_METHOD = pytest.mark.parametrize("method", METHODS)


def sample_of(values: Values, holds: NDArray[Any]) -> Sample:
    return Sample(values, holds.astype(np.float64), np.ones(len(holds)))


def planted(n: int = 400, seed: int = 7) -> Sample:
    """Return five inputs of which two matter: the second above 0.6 and the fourth below 0.5."""
    rng = np.random.default_rng(seed)
    values = np.round(rng.random((n, 5)), 6)
    holds = (values[:, 1] > 0.6) & (values[:, 3] < 0.5)
    return sample_of(values, np.where(rng.random(n) < 0.05, ~holds, holds))


@EVERY_METHOD
def test_a_planted_box_is_found(method: str) -> None:
    sample = planted()
    (found,) = find_boxes(sample, finder(method, None), resamples=59)
    assert found.is_found
    kept = {limit.input: limit for limit in found.limits if limit.is_kept}
    assert set(kept) == {1, 3}
    # One case in twenty is turned round, so the best limit can lie some cases away: 0.0025 each.
    assert kept[1].low == pytest.approx(0.6, abs=0.04)
    assert kept[3].high == pytest.approx(0.5, abs=0.04)
    assert np.isposinf(kept[1].high)
    assert np.isneginf(kept[3].low)
    assert found.fit.density > 0.85
    assert found.coverage > 0.8
    assert max(limit.p for limit in kept.values()) <= 0.05


def test_peeling_agrees_with_ema_workbench() -> None:
    """The table of `planted` in EMA Workbench 2.5.3, peel_alpha 0.05, mass_min 0.05."""
    (found,) = find_boxes(planted(), finder(PRIM, None), resamples=19)
    # Its box of greatest association: coverage, density, mass, and the two limits.
    assert found.coverage == pytest.approx(0.8352, abs=0.02)
    assert found.fit.density == pytest.approx(0.9157, abs=0.02)
    assert found.fit.mass == pytest.approx(0.2075, abs=0.01)
    assert found.box.low[1] == pytest.approx(0.601954, abs=0.005)
    assert found.box.high[3] == pytest.approx(0.493760, abs=0.005)
    assert found.fit.association == pytest.approx(0.8400, abs=0.002)


@EVERY_METHOD
def test_noise_has_no_significant_limit(method: str) -> None:
    found = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        sample = sample_of(rng.random((60, 8)), rng.random(60) < 0.4)
        (box,) = find_boxes(sample, finder(method, None), resamples=39, seed=seed)
        assert box.is_found == bool(box.box.limited.size and box.p <= 0.05)
        found += box.is_found
    # Of forty tables of noise two are to pass at 0.05; six do with probability 0.01.
    assert found <= 5


def test_of_seventy_inputs_the_one_that_matters_is_found() -> None:
    rng = np.random.default_rng(3)
    values = rng.random((100, 70))
    holds = rng.random(100) < np.where(values[:, 11] > 0.5, 0.85, 0.15)
    (found,) = find_boxes(sample_of(values, holds), finder(PRIM, None), resamples=99)
    assert [limit.input for limit in found.limits if limit.is_kept] == [11]


def test_a_limit_that_matters_only_inside_another_is_found() -> None:
    rng = np.random.default_rng(5)
    values = rng.random((600, 12))
    holds = (values[:, 0] > 0.8) & (values[:, 1] > 0.4)
    (found,) = find_boxes(sample_of(values, holds), finder(PRIM, None), resamples=59)
    assert set(found.box.limited.tolist()) == {0, 1}
    assert found.fit.density > 0.95


@EVERY_METHOD
def test_null_is_a_value_of_its_own(method: str) -> None:
    rng = np.random.default_rng(1)
    values = rng.integers(1, 5, (300, 3)).astype(np.float64)
    values[rng.random(300) < 0.3, 1] = np.nan
    for holds, is_null_inside in ((np.isnan(values[:, 1]), True), (values[:, 1] >= 3, False)):
        (found,) = find_boxes(sample_of(values, holds), finder(method, None), resamples=39)
        assert found.box.limited.tolist() == [1]
        assert found.fit.density == found.coverage == 1.0
        assert bool(found.box.has_null[1]) == is_null_inside


@EVERY_METHOD
def test_a_second_box_is_searched_outside_the_first(method: str) -> None:
    rng = np.random.default_rng(2)
    values = rng.random((500, 4))
    holds = (values[:, 0] > 0.8) | ((values[:, 2] < 0.25) & (values[:, 0] < 0.5))
    boxes = find_boxes(sample_of(values, holds), finder(method, None), boxes=4, resamples=39)
    found = [box for box in boxes if box.is_found]
    assert len(found) >= 2
    assert sum(box.coverage for box in found) > 0.9
    # No case counts twice.
    assert sum(box.coverage for box in found) <= 1.0 + 1e-12


def test_a_density_is_reached_with_the_greatest_coverage() -> None:
    sample = planted()
    dense = finder(PRIM, 0.6)(sample)
    chosen = dense.steps[dense.chosen].fit
    assert chosen.density >= 0.6
    assert all(step.fit.coverage <= chosen.coverage for step in dense.steps
               if step.fit.density >= 0.6)  # fmt: skip
    unreachable = finder(PRIM, 1.0)(sample)
    assert unreachable.steps[unreachable.chosen].fit.density == max(
        step.fit.density for step in unreachable.steps
    )


@given(st.integers(0, 2**32 - 1), st.integers(1, 6), st.integers(2, 5))
@settings(max_examples=40, deadline=None)
def test_every_step_is_the_box_that_it_says(seed: int, n_inputs: int, n_levels: int) -> None:
    rng = np.random.default_rng(seed)
    values = rng.integers(0, n_levels, (80, n_inputs)).astype(np.float64)
    values[rng.random(values.shape) < 0.1] = np.nan
    sample = Sample(values, rng.integers(0, 5, 80) / 4, rng.integers(1, 5, 80).astype(np.float64))
    steps = peel(sample)
    masses = [step.fit.mass for step in steps]
    assert masses == sorted(masses, reverse=True)
    assert len(set(masses)) == len(masses)
    assert masses[-1] >= 0.05 or len(masses) == 1
    for step in steps:
        assert box_quality(sample, step.box.contains(values)) == pytest.approx(
            step.fit, nan_ok=True
        )
        plain = plain_box(step.box, values)
        assert (plain.contains(values) == step.box.contains(values)).all()


def test_the_quasi_p_of_a_limit_by_hand() -> None:
    # Ten of twenty cases hold; all five inside the limit do: 0.5 ** 5.
    values = np.arange(20.0)[:, None]
    holds = np.isin(np.arange(20), [0, 1, 2, 3, 4, 7, 9, 11, 13, 15])
    box = whole_box(1).limits(0, -np.inf, 4.0, True)
    assert quasi_p(sample_of(values, holds), box, 0) == pytest.approx(0.5**5)


def test_coverage_and_density_by_hand() -> None:
    sample = Sample(np.arange(4.0)[:, None], np.array([1, 0.5, 0, 0]), np.array([4.0, 4, 4, 2]))
    found = box_quality(sample, np.array([True, True, False, False]))
    assert (found.coverage, found.density, found.mass, found.n) == (1.0, 0.75, 8 / 14, 8)
    assert box_quality(sample, np.ones(4, np.bool_)).association == 0.0


def test_the_screen_passes_one_table_of_noise_in_twenty() -> None:
    passes = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        sample = sample_of(rng.random((50, 10)), rng.random(50) < 0.5)
        passes += screen_inputs(sample, 59, rng, 0.05).p.min() <= 0.05
    assert passes <= 8


# Conditions

MONTHS = ("2025-05", "2028-12", "2030-11", "2030-12")
READ = [
    ("n_countries(us) < 6", "Partners, United States: below 6 by 2030"),
    ("n_countries( us )>=1,200", "Partners, United States: at least 1,200 by 2030"),
    ("p_committed(KOR, us) > 50%",
     "Probability that South Korea is with the United States: above 0.5 by 2030"),
    ("p_committed(us, South Korea) > .5",
     "Probability that South Korea is with the United States: above 0.5 by 2030"),
    ("difference(n_countries(us)) < 0",
     "Partners, United States (change from the scenario as it stands): below 0 by 2030"),
    ("fewer than six of ten places filled by the end",
     "Partners at the end, United States: infrastructure: below 6 by 2030"),
    ("At least 3 places filled of china.infrastructure",
     "Partners at the end, China: infrastructure: at least 3 by 2030"),
    ("more than twenty partners of china", "Partners, China: above 20 by 2030"),
    ("at most 4 partners of us_adoption",
     "Partners at the end, United States: adoption: at most 4 by 2030"),
    ("KOR signs before JPN", "South Korea signs before Japan by 2030"),
    ("South Korea signs us before Japan by 2028",
     "South Korea signs with the United States before Japan by 2028"),
    ("KOR signs by 2030-11", "South Korea signs by November 2030"),
    ("KOR is not with china", "South Korea is not with China by 2030"),
    ("KOR is with us and n_countries(china) > 80 or JPN is with us",
     "South Korea is with the United States by 2030 and Partners, China: above 80 by 2030 or "
     "Japan is with the United States by 2030"),
    ("TTO signs china_infrastructure and n_countries(us) != 3 and p05(n_countries_hedging) = 2",
     "Trinidad and Tobago signs with China: infrastructure by 2030 and Partners, United States: "
     "other than 3 by 2030 and Countries, with two partners (5 % of futures below): equal to 2 by "
     "2030"),
    ("p_committed(BIH, china) <= 0.25 by 2030-11",
     "Probability that Bosnia and Herzegovina is with China: at most 0.25 by November 2030"),
]  # fmt: skip
UNREADABLE = [
    ("", "is empty"),
    ("rain", "cannot be read"),
    ("n_contries(us) < 6", "Did you mean 'n_countries'"),
    ("n_countries(mars) < 6", r"Choose one of n_countries\(us\), n_countries\(china\)"),
    ("n_countries < 6", "does not say whose"),
    ("n_countries(us) < many", "threshold 'many' is not a number"),
    ("p_committed(us) > 0.5", "must name a country and a provider"),
    ("p_committed(Atlantis, us) > 0.5", "Atlantis"),
    ("USA is with us", "takes no part"),
    ("KOR signs mars", "Choose one of us, china, us_infrastructure"),
    ("KOR signs before JPN by 2040", "no month 2040-12.*covers 2025-05 to 2030-12"),
    ("fewer than six of twelve places filled", "has twelve places; it has 10"),
]


@pytest.fixture(scope="module")
def run() -> sim.Result:
    return sim.simulate(sim.load_scenario("baseline"), replicates=120, seed=1)


@pytest.fixture(scope="module")
def known(run: sim.Result) -> Quantities:
    return quantities_of_futures(run.ensemble, run.scenario)


@pytest.mark.parametrize(("text", "words"), READ)
def test_a_condition_is_read(text: str, words: str, known: Quantities) -> None:
    condition = read_condition(text, known, MONTHS)
    assert condition.words == words
    assert read_condition(words, known, MONTHS).groups == condition.groups


@pytest.mark.parametrize(("text", "says"), UNREADABLE)
def test_a_condition_that_cannot_be_read_is_told(text: str, says: str, known: Quantities) -> None:
    with pytest.raises(InputError, match=f"(?s){says}"):
        read_condition(text, known, MONTHS)


@pytest.fixture(scope="module")
def sweep(tmp_path_factory: pytest.TempPathFactory) -> sim.StoredSweep:
    ranges = {"local_control": (0.1, 0.9), "parameters.w_waiting": (0.5, 3.5)}
    design = sim.Design.latin_hypercube(ranges, points=40, seed=1)
    return sim.sweep(short_scenario(), design, 8, out=tmp_path_factory.mktemp("sweep"))


def test_points_hold_what_the_tables_say(sweep: sim.StoredSweep) -> None:
    rows = sweep.outcomes.query("outcome == 'n_countries' and provider == 'us' and point > 0")
    middle = float(rows["mean"].median())
    found = sim.discover(sweep, f"n_countries(us) > {middle}", resamples=39)
    cases = found.frame("cases").set_index("point")
    assert (cases["share"] == (rows.set_index("point")["mean"] > middle)).all()
    assert [*cases.columns[2:]] == [*sweep.design.names]
    (first, *_) = found.frame("boxes").to_dict("records")
    inside = cases["box"] == 1
    assert first["n_cases"] == inside.sum()
    assert first["density"] == pytest.approx(cases["share"][inside].mean(), rel=1e-5)
    covered = cases["share"][inside].sum() / cases["share"].sum()
    assert first["coverage"] == pytest.approx(covered, rel=1e-5)
    kept = found.frame("limits").query("box == 1 and is_kept")
    assert kept["title"].tolist()[0] in first["words"]


def test_the_same_search_gives_the_same_bytes(sweep: sim.StoredSweep, tmp_path: Path) -> None:
    def files(name: str) -> dict[str, bytes]:
        found = sim.discover(sweep, "n_countries(us) > 1.25", resamples=19, seed=4)
        return {p.name: p.read_bytes() for p in found.write(tmp_path / name).iterdir()}

    once, again = files("once"), files("again")
    assert once == again
    assert set(once) == {
        "boxes.csv", "limits.csv", "trajectory.csv", "cases.csv", "datapackage.json",
    }  # fmt: skip
    package = json.loads(once["datapackage.json"])
    for resource in package["resources"]:
        header = once[resource["path"]].decode("utf-8-sig").splitlines()[0].split(",")
        assert header == [field["name"] for field in resource["schema"]["fields"]]
        assert all(field["description"] for field in resource["schema"]["fields"])


@pytest.mark.parametrize(
    ("condition", "says"),
    [
        ("n_countries(us) < 0", r"holds at none of the 40 points.*lies from .* to .*threshold"),
        ("n_countries(us) >= 0", "holds at every one of the 40 points"),
        ("JPN is with us", r"is about one future.*p_committed\(JPN, us\) > 0.5"),
        ("JPN signs before GBR", "Ask about a run"),
        ("n_countries(us) < 6 by 2025-06", "keeps outcomes at its end"),
        ("p50(p_committed(JPN, us)) < 0.5", "a probability has no p50"),
    ],
)
def test_what_a_sweep_cannot_answer_is_told(
    condition: str, says: str, sweep: sim.StoredSweep
) -> None:
    with pytest.raises(InputError, match=f"(?s){says}"):
        sim.discover(sweep, condition)


def test_few_points_are_refused(tmp_path: Path) -> None:
    design = sim.Design.grid({"local_control": [0.2, 0.6]})
    few = sim.sweep(short_scenario(), design, 8, out=tmp_path)
    with pytest.raises(InputError, match="2 points are too few"):
        sim.discover(few, "n_countries(us) > 6")


def test_futures_of_a_run_are_looked_at_draw_by_draw(run: sim.Result) -> None:
    ensemble = run.ensemble
    korea, japan = (ensemble.axes.country.index(code) for code in ("KOR", "JPN"))
    month = np.where(ensemble.month_signed < 0, 10_000, ensemble.month_signed).min(axis=2)
    before = month[:, korea] < month[:, japan]
    found = sim.discover(run, "KOR signs before JPN", resamples=19)
    cases = found.frame("cases")
    assert len(cases) == 30
    expected = before.reshape(30, 4).mean(axis=1)
    np.testing.assert_allclose(cases["share"], expected, strict=True)
    assert f"{before.sum()} of 120 futures" in found.sentences()[0]
    address = "providers.us.offers.adoption.intercept"
    drawn = ensemble.number_draws[:, ensemble.number_names.index(address)]
    np.testing.assert_allclose(cases[address], drawn, rtol=1e-5)


def test_an_earlier_month_is_that_of_the_run_as_of_it(run: sim.Result) -> None:
    early = run.as_of("2027-12").totals.query("outcome == 'n_countries' and provider == 'us'")
    middle = float(early["p50"].iloc[0])
    by_date = sim.discover(run, f"n_countries(us) > {middle} by 2027", resamples=19)
    as_of = sim.discover(run.as_of("2027-12"), f"n_countries(us) > {middle}", resamples=19)
    assert by_date.frame("cases").equals(as_of.frame("cases"))


def test_a_stored_run_is_simulated_again(run: sim.Result, tmp_path: Path) -> None:
    stored = sim.load_run(run.save(tmp_path))
    assert isinstance(stored, sim.StoredRun)
    own, again = (
        sim.discover(each, "KOR is with us", resamples=19).frame("cases") for each in (run, stored)
    )
    assert own.equals(again)


def test_a_run_without_uncertain_numbers_is_refused() -> None:
    scenario = short_scenario()
    values = {address: scenario.value(address) for address in scenario.uncertainties}
    fixed = sim.simulate(scenario.with_changes(values), 24, 1)
    assert not fixed.ensemble.number_names
    with pytest.raises(InputError, match=r"no number of the scenario .* is uncertain"):
        sim.discover(fixed, "n_countries(us) > 6")


@pytest.mark.parametrize(
    ("given_", "says"),
    [
        ({"method": "magic"}, "Choose one of prim, cart"),
        ({"density": 1.2}, "above 0 and at most 1"),
        ({"boxes": 0}, "boxes = 0 must be"),
        ({"resamples": 3}, "resamples = 3 must be"),
        ({"seed": -1}, "seed = -1 must be"),
    ],
)
def test_arguments_are_checked(given_: dict[str, Any], says: str, run: sim.Result) -> None:
    with pytest.raises(InputError, match=says):
        sim.discover(run, "KOR is with us", **given_)
    anything: Any = run.countries
    with pytest.raises(InputError, match="not a DataFrame"):
        sim.discover(anything, "KOR is with us")


def test_clauses_are_compared_as_they_are_written(sweep: sim.StoredSweep) -> None:
    known = quantities_of_sweep(sweep)
    for sign, expected in (("<", [1, 0, 0]), ("<=", [1, 1, 0]), ("=", [0, 1, 0]), ("!=", [1, 0, 1]),
                           (">=", [0, 1, 1]), (">", [0, 0, 1])):  # fmt: skip
        ((clause,),) = read_condition(f"n_countries(us) {sign} 2", known, ("2025-05",)).groups
        assert isinstance(clause, Compare)
        assert clause.holds(np.array([1.0, 2.0, 3.0])).tolist() == [bool(each) for each in expected]


def test_a_box_without_limits_holds_everything() -> None:
    box: Box = whole_box(3)
    assert box.limited.size == 0
    assert box.contains(np.array([[1.0, np.nan, -1e300]])).tolist() == [True]
