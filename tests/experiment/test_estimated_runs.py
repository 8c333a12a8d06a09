"""Runs that draw from a posterior: their tables, their replay, comparisons and sweeps."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from posteriors import INTERCEPT, estimated_scenario, rows, use_table, written
from sim.data.posterior import PosteriorTable
from sim.errors import ResultError
from sim.experiment import Result

N_FUTURES = 48


@pytest.fixture(autouse=True)
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PosteriorTable:
    return use_table(monkeypatch, written(tmp_path, rows()))


@pytest.fixture
def estimated() -> Result:
    return sim.simulate(estimated_scenario(), N_FUTURES, seed=5)


def numbers(result: Result) -> pd.DataFrame:
    return result.parameters.set_index("address")


def test_the_table_of_inputs_names_the_posterior(estimated: Result, table: PosteriorTable) -> None:
    posterior = table.find("2025-03", "contract")
    assert posterior is not None
    found = numbers(estimated)
    row = found.loc["parameters.w_likeness"]
    assert (row["distribution"], row["status"]) == ("posterior", "estimated")
    assert row["source"] == "posterior of contracts, as of 2025-03"
    # Tables are written with six digits.
    ends = row[["dist_low", "dist_high"]].astype(float)
    np.testing.assert_allclose(ends, posterior.intervals["w_likeness"], rtol=1e-5)
    assert row["value"] == row["dist_mean"] == pytest.approx(posterior.means["w_likeness"], 1e-5)
    assert np.isnan(row["dist_mode"])
    assert found.loc[INTERCEPT, "source"] == "posterior of contracts, as of 2025-03, less 1.5"
    assert found.loc[INTERCEPT, "status"] == "estimated"
    assert found.loc["parameters.w_peer", "status"] == "assumption"


def test_the_summary_says_what_is_estimated(estimated: Result) -> None:
    text = " ".join(str(estimated.summary()).split())
    assert (
        "4 of them are estimated on history and drawn jointly, from the posterior of contracts, "
        "as of 2025-03." in text
    )


def test_a_run_can_be_had_again(estimated: Result, tmp_path: Path) -> None:
    folder = estimated.save(tmp_path / "results")
    assert sim.replay(folder).agrees
    stored = sim.load_run(folder)
    assert isinstance(stored, sim.StoredRun)
    assert stored.scenario == estimated.scenario


def test_a_changed_posterior_is_noticed(
    estimated: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = estimated.save(tmp_path / "results")
    (tmp_path / "other").mkdir()
    use_table(monkeypatch, written(tmp_path / "other", rows(seed=1)))
    report = sim.replay(folder)
    assert not report.agrees
    assert "countries.csv" in report.different
    assert "scenarios" in report.unfounded
    assert estimated_scenario().hash != estimated.scenario.hash


def test_a_posterior_that_is_no_longer_there_is_named(
    estimated: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = estimated.save(tmp_path / "results")
    (tmp_path / "other").mkdir()
    late = [line for line in rows() if line[0] == "2025-09"]
    use_table(monkeypatch, written(tmp_path / "other", late))
    with pytest.raises(ResultError, match=r"estimated\.as_of .* is before the earliest posterior"):
        sim.replay(folder)


def test_scenarios_under_one_seed_take_the_same_rows(estimated: Result) -> None:
    other = estimated.scenario.with_changes({"providers.us.linkage": 0.9})
    pair = sim.compare(estimated.scenario, other, N_FUTURES, seed=5)
    a, b = pair.pair.a, pair.pair.b
    assert a.number_names == b.number_names
    np.testing.assert_array_equal(a.number_draws, b.number_draws)


def test_a_comparison_says_what_another_posterior_changes(estimated: Result) -> None:
    late = estimated.scenario.with_changes({"estimated.as_of": "2025-09"})
    changes = sim.compare(estimated.scenario, late, N_FUTURES).changes.set_index("address")
    assert [*changes.loc["estimated.as_of", ["value_a", "value_b"]]] == ["2025-03", "2025-09"]
    assert "parameters.w_likeness" in changes.index


def test_an_estimated_number_can_be_swept(estimated: Result, tmp_path: Path) -> None:
    design = sim.Design.grid({"parameters.w_likeness": [0.0, 4.0], INTERCEPT: [-2.0, 1.0]})
    found = sim.sweep(estimated.scenario, design, 8, seed=5, out=tmp_path)
    fields = pd.read_csv(found.path / "fields.csv").set_index("address")
    assert [*fields["distribution"]] == ["posterior", "posterior"]
    present = estimated.scenario.value(INTERCEPT)
    assert fields.loc[INTERCEPT, "value"] == pytest.approx(present, rel=1e-5)
    # A point is a run with its numbers set; the other numbers keep the rows of their draws.
    last = {"parameters.w_likeness": 4.0, INTERCEPT: 1.0}
    run = sim.simulate(estimated.scenario.with_changes(last), 8, seed=5)
    assert found.points["scenario_hash"][4] == run.scenario.hash
    at_last = found.countries[
        (found.countries["point"] == 4) & (found.countries["provider"] == "us")
    ]
    np.testing.assert_array_equal(at_last["p_committed"], run.countries["p_committed_us"])
