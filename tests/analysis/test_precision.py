"""How many futures are enough: the law of the square root, and a run of that many."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from experiment.short_sweeps import short_scenario
from sim.analysis.precision.futures_needed import (
    as_futures,
    draws_needed,
    draws_needed_unseen,
    half_width,
)
from sim.analysis.precision.requirements import FuturesNeeded
from sim.errors import InputError
from sim.experiment.intervals import NORMAL_95, unseen_error

PARTNERS = "n_countries(us)"


def only(found: sim.Precision) -> FuturesNeeded:
    (row,) = found.requirements
    return row


@pytest.fixture(scope="module")
def run() -> sim.Result:
    return sim.simulate(sim.load_scenario("baseline"), replicates=400, seed=1)


def test_four_times_as_many_draws_halve_the_error() -> None:
    # Far from few draws, where Student's t is wider than the normal.
    once, half = (draws_needed(1.0, 4000, within).draws for within in (0.2, 0.1))
    assert half / once == pytest.approx(4.0, rel=1e-3)
    assert half_width(1.0 * math.sqrt(4000 / once), once) == pytest.approx(0.2, rel=1e-6)


def test_few_draws_need_the_wider_t() -> None:
    needed = draws_needed(1.0, 10, 3.0).draws
    assert half_width(math.sqrt(10 / needed), needed) == pytest.approx(3.0, rel=1e-4)
    assert needed > (NORMAL_95 / 3.0) ** 2 * 10


def test_the_interval_of_the_number_holds_its_coverage() -> None:
    """Nine samples in ten have an interval with the number that the true variance gives."""
    rng, within, inside = np.random.default_rng(1), 0.1, 0
    truth = draws_needed(1.0 / math.sqrt(50), 50, within).draws
    for _ in range(400):
        sample = rng.normal(size=50)
        error = float(sample.std(ddof=1) / math.sqrt(50))
        found = draws_needed(error, 50, within)
        inside += found.low <= truth <= found.high
    # 360 are expected; the standard deviation is 6.
    assert 335 <= inside <= 385


def test_what_was_never_seen_is_bounded() -> None:
    needed = draws_needed_unseen(0.02).draws
    assert NORMAL_95 * float(unseen_error(needed)) == pytest.approx(0.02, rel=1e-3)


def test_numbers_of_futures_are_rounded_up() -> None:
    for draws in (2.0, 2.1, 33.0, 899.9, 12345.6):
        futures = as_futures(draws, 4)
        assert futures >= 4 * draws
        assert futures % 4 == 0
        assert futures <= max(4 * draws * 1.15, 4 * draws + 8)


def test_the_error_in_hand_is_that_of_the_tables(run: sim.Result) -> None:
    row = only(sim.enough(run, PARTNERS, within=2))
    total = run.totals.query("outcome == 'n_countries' and provider == 'us'").iloc[0]
    assert row.estimate.value == pytest.approx(total["mean"], rel=1e-5)
    assert row.estimate.error == pytest.approx(total["mean_se"], rel=1e-5)
    chance = only(sim.enough(run, "p_committed(KOR, us)", within="1 %"))
    korea = run.countries.set_index("country").loc["KOR"]
    assert chance.estimate.error == pytest.approx(korea["p_committed_us_se_chance"], rel=1e-5)
    assert chance.within == pytest.approx(0.01)


def test_a_run_of_as_many_is_as_precise_as_was_asked(run: sim.Result) -> None:
    first = only(sim.enough(run, PARTNERS, within=4.0))
    assert first.half_width > 4.0
    again = sim.simulate(run.scenario, int(first.futures), seed=2)
    reached = only(sim.enough(again, PARTNERS, within=4.0))
    # Both numbers are estimates: their intervals overlap.
    assert first.low < reached.high
    assert reached.low < first.high
    assert reached.half_width == pytest.approx(4.0, rel=0.25)


def test_a_stored_run_says_the_same(run: sim.Result, tmp_path: Path) -> None:
    stored = sim.load_run(run.save(tmp_path))
    own, again = (sim.enough(each, PARTNERS).frame() for each in (run, stored))
    assert own.equals(again)


def test_paired_differences_need_fewer(run: sim.Result) -> None:
    other = run.scenario.with_levers({"linkage": 0.9})
    pair = sim.compare(run.scenario, other, 400, 1)
    change = only(sim.enough(pair, PARTNERS, within=0.5))
    row = pair.totals.query("outcome == 'n_countries' and provider == 'us'").iloc[0]
    assert change.estimate.error == pytest.approx(row["difference_se"], rel=1e-5)
    assert change.futures < only(sim.enough(run, PARTNERS, within=0.5)).futures / 10
    # A percentage is one of the mean, not of the difference, which may be 0.
    share = only(sim.enough(pair, PARTNERS, within="1 %"))
    assert share.within == pytest.approx(0.01 * row["mean_b"], rel=1e-5)
    assert only(sim.enough(pair, "p_committed(KOR, us)")).estimate.what == "difference"


def test_every_point_of_a_sweep_is_told(tmp_path: Path) -> None:
    design = sim.Design.grid({"local_control": [0.2, 0.6]})
    found = sim.sweep(short_scenario(), design, 40, out=tmp_path)
    frame = sim.enough(found, PARTNERS, within=0.5).frame()
    assert frame["point"].tolist() == [0, 1, 1, 2, 2]
    rows = found.outcomes.query("outcome == 'n_countries' and provider == 'us'")
    np.testing.assert_allclose(frame.query("what == 'mean'")["se"], rows["mean_se"], rtol=1e-5)
    np.testing.assert_allclose(
        frame.query("what == 'difference'")["se"], rows["difference_se"].iloc[1:], rtol=1e-5
    )


def test_what_never_varies_has_no_error_to_reduce(run: sim.Result) -> None:
    found = sim.enough(run, "p_committed(TWN, china)")
    row = only(found)
    assert row.is_constant
    assert row.futures == run.replicates
    assert "Nothing varies" in found.sentences()[0]
    assert math.isnan(row.low)


def test_what_happened_in_no_future_is_bounded() -> None:
    run = sim.simulate(sim.load_scenario("baseline"), replicates=12, seed=1)
    countries = run.countries.set_index("country")
    unseen = countries[
        countries["p_committed_us"].isin([0.0, 1.0]) & (countries["p_committed_us_se_chance"] > 0)
    ]
    assert not unseen.empty
    found = sim.enough(run, f"p_committed({unseen.index[0]}, us)", within="1 %")
    row = only(found)
    assert row.estimate.is_unseen
    assert row.futures == as_futures(draws_needed_unseen(0.01).draws, 4)
    assert "no rule makes it certain" in found.sentences()[0]


def test_a_share_of_zero_is_no_precision(run: sim.Result) -> None:
    other = run.scenario.with_changes({"parameters.w_peer": 0.5})
    pair = sim.compare(run.scenario, other, 40, 1)
    found = sim.enough(pair, "n_left_by_country(us)", within="5 %")
    row = only(found)
    assert row.within == pytest.approx(0.05 * abs(row.estimate.mean))


def test_the_table_is_written_with_its_dictionary(run: sim.Result, tmp_path: Path) -> None:
    folder = sim.enough(run).write(tmp_path / "enough")
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    (table,) = package["resources"]
    header = (folder / "precision.csv").read_text("utf-8-sig").splitlines()[0].split(",")
    assert header == [field["name"] for field in table["schema"]["fields"]]
    assert all(field["description"] for field in table["schema"]["fields"])


@pytest.mark.parametrize("within", [0, -1, "0 %", "much", None, True, float("nan"), float("inf")])
def test_a_precision_must_be_above_zero(within: Any, run: sim.Result) -> None:
    with pytest.raises(InputError, match="must be a number above 0"):
        sim.enough(run, within=within)


def test_one_draw_tells_no_error() -> None:
    with pytest.raises(InputError, match=r"share one draw.*\n.*Simulate at least 40"):
        sim.enough(sim.simulate(short_scenario(), 4, 1))
    anything: Any = short_scenario()
    with pytest.raises(InputError, match="not a Scenario"):
        sim.enough(anything)


def test_an_unknown_outcome_names_what_there_is(run: sim.Result) -> None:
    with pytest.raises(InputError, match="Did you mean 'n_countries'"):
        sim.enough(run, "n_contries(us)")


def test_the_law_holds_in_runs_of_the_model() -> None:
    """The spread of means over seeds is what one run says, and falls with the square root."""
    scenario = short_scenario()
    spreads, said = [], []
    for replicates in (40, 160):
        runs = [sim.simulate(scenario, replicates, seed) for seed in range(30)]
        rows = [only(sim.enough(each, PARTNERS)) for each in runs]
        spreads.append(np.std([row.estimate.value for row in rows], ddof=1))
        said.append(np.sqrt(np.mean([row.estimate.error**2 for row in rows])))
    # A standard deviation of thirty values is known to an eighth.
    np.testing.assert_allclose(spreads, said, rtol=0.4)
    assert said[0] / said[1] == pytest.approx(2.0, rel=0.15)
