"""Recovery: true numbers, simulated histories, and what is counted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.analysis.calibration import fitting, recovery
from sim.analysis.calibration.fitting import Fit
from sim.analysis.calibration.layout import Layout, Spreads
from sim.analysis.calibration.numbers import ESTIMATED
from sim.analysis.calibration.record import INTERCEPT
from sim.analysis.calibration.recovery import (
    DESIGNS,
    FROM_PRIOR,
    N_DRAWS,
    OWN,
    PROGRAMMES,
    Recovery,
    RecoveryStudy,
    compared,
    draw_truth,
    recover,
    simulated_answers,
)
from sim.analysis.history.answers import programme_of
from sim.analysis.history.programmes import built_programme, history_scenarios
from sim.errors import RunError

ROOT = Path(__file__).parents[2]
# Votes of one month and a programme that sixteen were asked to join: quick to estimate.
QUICK = ("cyber-norms-us", "cybercrime-2019", "safety-institutes")


def estimates(truth: list[float], mean: float = 0.0, sd: float = 1.0) -> pd.DataFrame:
    """Return estimates of one number that are the same in every replication."""
    n = len(truth)
    return pd.DataFrame(
        {
            "design": "made", "replication": range(n), "number": "w", "kind": "all",
            "truth": truth, "mean": mean, "sd": sd, "sd_share": 0.5,
            "rank": [int(min(N_DRAWS, max(0, 50 + 25 * value))) for value in truth],
        }
    )  # fmt: skip


@pytest.fixture(scope="module")
def found() -> Recovery:
    return recover(2, QUICK, seed=3)


def test_each_replication_says_of_each_number_what_was_true_and_what_was_found(
    found: Recovery,
) -> None:
    table = found.estimates
    assert found.n_failed == 0
    # Eight shared, eight for each of two kinds; intercept and rate: all, two kinds, three of them.
    assert len(table) == 2 * (8 * 3 + 2 * 6)
    assert table["rank"].between(0, N_DRAWS).all()
    assert (table["sd"] > 0).all()
    assert table["sd_share"].between(0, 1.0001).all()
    own = table[(table["kind"] == OWN) & (table["replication"] == 0)]
    assert own["truth"].nunique() == 2 * len(QUICK)
    # Other true numbers in the next replication.
    assert not set(table.loc[table["replication"] == 0, "truth"]) & set(
        table.loc[table["replication"] == 1, "truth"]
    )


def test_it_does_not_depend_on_how_many_run_at_a_time(found: Recovery) -> None:
    other = recover(2, QUICK, seed=3, workers=2)
    pd.testing.assert_frame_equal(other.estimates, found.estimates)


def test_it_does_not_depend_on_where_a_search_begins() -> None:
    # A vote of one month has two modes: few look at it and most agree, or all look and few agree.
    several_months = ("coe-ai-convention", "safety-institutes", "future-internet")
    same = recover(1, several_months, seed=3).estimates
    other = recover(1, several_months, seed=3, from_prior=True).estimates
    gap = (other["mean"].to_numpy() - same["mean"].to_numpy()) / same["sd"].to_numpy()
    assert np.abs(gap).max() < 0.5


def test_a_replication_that_did_not_converge_is_counted_and_not_scored(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fitting, "MOST_STEPS", 1)
    told: list[str] = []
    with pytest.raises(RunError, match="no estimation converged"):
        recover(1, QUICK, progress=told.append)
    assert "did not converge" in told[0]


def test_the_rank_of_a_truth_is_how_many_draws_lie_below_it() -> None:
    layout = Layout(("a",), ("vote",))
    sd = np.linspace(0.5, 2.0, layout.size)
    mode = np.arange(layout.size, dtype=float)
    fit_of_a = Fit(layout, mode, np.diag(sd**2), Spreads.guess(), 0.0)
    above = compared(fit_of_a, mode + 20 * sd, seed=1)
    below = compared(fit_of_a, mode - 20 * sd, seed=1)
    assert (above["rank"] == N_DRAWS).all()
    assert (below["rank"] == 0).all()
    assert compared(fit_of_a, mode, seed=1)["rank"].between(30, 70).all()
    # What a kind has is the sum of what is shared and its own.
    of_kind = above[(above["number"] == "w_ally") & (above["kind"] == "vote")].iloc[0]
    parts = np.array([layout.shared().start + 1, layout.of_kind("vote").start + 1])
    assert of_kind["mean"] == pytest.approx(mode[parts].sum())
    assert of_kind["sd"] == pytest.approx(np.sqrt((sd[parts] ** 2).sum()))
    shared = above[(above["number"] == "w_ally") & (above["kind"] == "all")].iloc[0]
    assert shared["sd_share"] == pytest.approx(sd[1] / ESTIMATED[1].sd)


def test_coverage_counts_truths_inside_the_interval() -> None:
    # Eight within 1.645 deviations, two beyond.
    truth = [-1.6, -1.0, -0.5, 0.0, 0.1, 0.5, 1.0, 1.6, 1.7, -1.7]
    row = Recovery(estimates(truth), 0).table.iloc[0]
    assert row["coverage"] == 0.8
    assert row["coverage_low"] < 0.5 < 0.9 < row["coverage_high"]
    assert row["z_mean"] == pytest.approx(-0.01)
    assert row["bias"] == pytest.approx(-0.01)
    assert row["identification_simulated"] == "weakly identified"


def test_ranks_of_good_estimates_are_flat_and_of_bad_ones_are_not() -> None:
    rng = np.random.default_rng(1)
    flat, heaped = estimates([0.0] * 1000), estimates([0.0] * 1000)
    flat["rank"] = rng.integers(0, N_DRAWS + 1, 1000)
    heaped["rank"] = rng.integers(0, 60, 1000)
    assert Recovery(flat, 0).table.iloc[0]["p_uniform"] > 0.01
    assert Recovery(heaped, 0).table.iloc[0]["p_uniform"] < 1e-6
    ranks = Recovery(heaped, 0).ranks
    assert ranks["rank_from"].tolist() == [*range(0, 100, 10)]
    assert ranks["rank_to"].tolist() == [*range(9, 100, 10)]
    assert ranks["n"].sum() == 1000
    assert (ranks["n"][6:] == 0).all()
    assert (ranks["expected"] == 100).all()


def test_true_numbers_are_around_the_record_and_as_far_apart_as_stated() -> None:
    layout = Layout(("a", "b"), ("vote", "contract"))
    still = RecoveryStudy("still", ESTIMATED, (0.0,) * 8, (0.0,) * 8, (0.0, 0.0))
    x = draw_truth(layout, still, np.random.default_rng(0))
    assert x[layout.shared()].tolist() == list(recovery.CENTRE.values())
    assert not x[layout.of_kind("vote")].any()
    np.testing.assert_array_equal(x[layout.programme(1)], x[layout.centre_of("contract")])
    apart = replace(still, programmes=(1.0, 0.5))
    draws = np.array(
        [draw_truth(layout, apart, np.random.default_rng(seed)) for seed in range(400)]
    )
    gaps = draws[:, layout.programme(0)] - draws[:, layout.centre_of("vote")]
    np.testing.assert_allclose(gaps.std(axis=0), [1.0, 0.5], rtol=0.15)


def test_who_was_not_asked_is_not_scored_and_does_not_join() -> None:
    built = built_programme("openai-for-countries")
    layout = Layout(("openai_for_countries",), ("contract",), FROM_PRIOR.prior)
    x = draw_truth(layout, FROM_PRIOR, np.random.default_rng(2))
    x[layout.programme(0)] = 3.0, -1.0  # so that many join
    found = simulated_answers(built, layout, x, 0, seed=5)
    again = simulated_answers(built, layout, x, 0, seed=5)
    np.testing.assert_array_equal(found.last, again.last)
    outside = found.country.index("AFG")
    assert found.weight[outside] == 0.0
    assert found.last[outside] == -1
    assert found.has_joined.sum() > 50
    assert set(found.weight.tolist()) == {0.0, 1.0}


def test_programmes_are_of_every_kind_and_tables_are_written(
    found: Recovery, tmp_path: Path
) -> None:
    kinds = {
        offer.kind
        for scenario in history_scenarios()
        for _, offer, _ in [programme_of(scenario)]
        if scenario.name in PROGRAMMES
    }
    assert kinds == {"declaration", "membership", "contract", "vote"}
    assert len({design.name for design in DESIGNS}) == len(DESIGNS)
    found.write(tmp_path / "data")
    table = pd.read_csv(tmp_path / "data" / "recovery.csv")
    ranks = pd.read_csv(tmp_path / "data" / "recovery_ranks.csv")
    assert table["n"].tolist() == found.table["n"].tolist()
    assert ranks["n"].sum() == len(found.estimates)


def test_by_the_tables_that_ship_intervals_of_identified_numbers_hold_the_truth() -> None:
    table = pd.read_csv(ROOT / recovery.FOLDER / "recovery.csv")
    ranks = pd.read_csv(ROOT / recovery.FOLDER / "recovery_ranks.csv")
    assert set(table["design"]) == {design.name for design in DESIGNS}
    keys = ["design", "number", "kind"]
    counted = ranks.groupby(keys)["n"].sum()
    pd.testing.assert_series_equal(table.set_index(keys)["n"].sort_index(), counted)
    own = table[table["design"] == FROM_PRIOR.name]
    assert set(own["number"]) == {*recovery.CENTRE, INTERCEPT, recovery.LOG_RATE}
    known = own[own["identification_simulated"] == "identified"]
    assert len(known) > 20
    # As far as so many replications can tell.
    assert (known["coverage_high"] >= 0.85).all()
    assert (known["coverage_low"] <= 0.95).all()
