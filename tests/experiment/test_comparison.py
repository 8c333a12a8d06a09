"""Comparisons: paired future by future, and honest about what cannot be paired."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.testing import assert_allclose
from pandas.testing import assert_frame_equal

import sim
from sim.experiment import Comparison
from sim.experiment.intervals import mean_interval
from sim.scenario import Scenario
from tolerances import ROUNDING

SIX_DIGITS = 5e-6
COUNTRY_COLUMNS = (
    "scenario_a scenario_b country name outcome p_a p_b difference difference_low difference_high "
    "difference_se p_gained p_lost"
)


def test_a_scenario_does_not_differ_from_itself(baseline: Scenario) -> None:
    same = sim.compare(baseline, baseline, 8, seed=0)
    for column in ("difference", "difference_se", "p_gained", "p_lost"):
        assert (same.countries[column] == 0).all()
    assert (same.totals["difference"] == 0).all()
    assert same.changes.empty
    assert same.notes == ()


def test_the_summary_tells_draws_and_events_apart(baseline: Scenario) -> None:
    control = "providers.us.offers.infrastructure.local_control"
    event = {"date": "2026-01", "title": "An election", "shock": {"provider": "us", "size": 0.1}}
    one = baseline.with_changes({"events": [event]})
    other = baseline.with_changes({"events": [{**event, "probability": 0.5}], control: 0.7})

    def changes(a: Scenario, b: Scenario) -> str:
        return " ".join(" ".join(sim.compare(a, b, 4).summary().sections[1].lines).split())

    assert "An election" not in changes(baseline, baseline)
    assert changes(baseline, one).endswith("event added: An election (2026-01)")
    assert changes(one, baseline).endswith("event removed: An election (2026-01)")
    said = changes(one, other)
    assert "event changed: An election (2026-01)" in said
    assert f"uncertainties.{control}: triangular from 0.25 to 0.45, mode 0.35 -> not drawn" in said
    twin = {**event, "title": "Another"}
    orders = [baseline.with_changes({"events": list(e)}) for e in ((event, twin), (twin, event))]
    assert changes(*orders) == "events: another order within a month"


def test_differences_are_those_of_the_two_runs(baseline: Scenario) -> None:
    more = baseline.with_changes({"providers.us.offers.infrastructure.slots": 20})
    found = sim.compare(baseline, more, 40, seed=5)
    a, b = (sim.simulate(scenario, 40, seed=5) for scenario in (baseline, more))
    rows = found.countries[found.countries["outcome"] == "p_committed_us"]
    for run, column in ((a, "p_a"), (b, "p_b")):
        assert rows[column].tolist() == run.countries["p_committed_us"].tolist()
    assert_allclose(rows["difference"], rows["p_gained"] - rows["p_lost"], atol=SIX_DIGITS)
    funds = found.totals[found.totals["outcome"] == "fund_usd_m"].iloc[0]
    assert funds["difference"] > 0
    assert funds["difference_low"] <= funds["difference"] <= funds["difference_high"]
    assert found.changes["address"].tolist() == ["providers.us.offers.infrastructure.slots"]
    assert found.changes[["value_a", "value_b"]].iloc[0].tolist() == ["10", "20"]


def test_pairing_takes_out_what_both_share(baseline: Scenario) -> None:
    more = baseline.with_changes({"providers.us.offers.infrastructure.slots": 12})
    found = sim.compare(baseline, more, 80, seed=5)
    counts = [e.path_count[:, -1].astype(float)[:, 2] for e in (found.pair.a, found.pair.b)]
    alone = np.hypot(*(mean_interval(values, 4)[3] for values in counts))
    paired = mean_interval(counts[1] - counts[0], 4)[3]
    assert paired < alone


def test_the_country_table_is_described(comparison: Comparison) -> None:
    table = comparison.table("countries")
    assert list(table.frame) == COUNTRY_COLUMNS.split()
    assert [column.name for column in table.columns] == list(table.frame)
    low, mid, high = (
        table.frame[name] for name in ("difference_low", "difference", "difference_high")
    )
    assert ((low <= mid) & (mid <= high)).all()
    assert (low >= -1).all()
    assert (high <= 1).all()


def test_what_one_scenario_lacks_counts_as_zero_and_is_said(comparison: Comparison) -> None:
    europe = comparison.countries[comparison.countries["outcome"] == "p_committed_europe"]
    assert (europe["p_a"] == 0).all()
    assert europe["p_b"].sum() > 1
    assert (europe["p_lost"] == 0).all()
    notes = " ".join(comparison.notes)
    assert "baseline has no provider europe" in notes
    assert "Not the same in both" in str(comparison.summary())
    assert "provider europe: added" in str(comparison.summary())


def test_countries_of_only_one_scenario_count_as_zero(baseline: Scenario) -> None:
    fewer = baseline.with_changes({"countries.exclude": ["KOR"]})
    found = sim.compare(baseline, fewer, 8, seed=1)
    korea = found.countries[found.countries["country"] == "KOR"]
    assert (korea["p_b"] == 0).all()
    assert (
        "these countries do not take part; their probabilities count as zero: KOR" in found.notes[0]
    )


def test_a_comparison_reads_back_as_it_was(comparison: Comparison, tmp_path: Path) -> None:
    folder = comparison.save(tmp_path)
    assert folder.parts[-3:-1] == ("comparisons", "baseline_vs_third-way")
    assert comparison.save(tmp_path) == folder
    stored = sim.load_run(folder)
    assert isinstance(stored, sim.StoredComparison)
    for name in ("countries", "totals", "changes", "notes"):
        assert_frame_equal(stored.frame(name), comparison.frame(name), check_exact=True)
    assert str(stored.summary()) == str(comparison.summary())
    assert max(len(line) for line in str(stored.summary()).splitlines()) <= 100


def test_the_paired_error_is_that_of_the_differences(comparison: Comparison) -> None:
    pair = comparison.pair
    i, j = pair.a.axes.country.index("IRL"), pair.b.axes.country.index("IRL")
    k = pair.a.axes.path.index("uncommitted")
    change = (pair.b.final_path[:, j] == k).astype(float) - (pair.a.final_path[:, i] == k)
    mean, _, _, error = mean_interval(change, pair.a.futures_per_draw)
    table = comparison.countries
    rows = table[(table["country"] == "IRL") & (table["outcome"] == "p_uncommitted")]
    row = rows.to_dict("records")[0]
    assert_allclose(row["difference"], mean, rtol=SIX_DIGITS, atol=ROUNDING)
    assert_allclose(row["difference_se"], error, rtol=SIX_DIGITS)
