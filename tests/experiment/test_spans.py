"""Results as of a month, and comparisons of scenarios that cover different months."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose
from pandas.testing import assert_frame_equal

import sim
from sim.errors import InputError, ResultError, RunError
from sim.experiment import Comparison, Result
from sim.experiment.store.manifest import DIGEST, MANIFEST_FILE, sealed
from sim.experiment.store.recorded import inputs_of
from sim.experiment.tables import RUN_TABLES
from sim.model.ensemble import from_month
from sim.model.layout import N_ABANDONED
from sim.scenario import Scenario
from tolerances import ROUNDING

FEW = 24
MONTH = "2026-11"


@pytest.fixture(scope="module")
def early(baseline: Scenario) -> Result:
    return sim.simulate(baseline, FEW, seed=3, as_of=MONTH)


@pytest.fixture(scope="module")
def spans(baseline: Scenario) -> Comparison:
    """From a scenario of 2025 to 2030 to one of 2026 to 2031."""
    return sim.compare(baseline, sim.load_scenario("today"), FEW, seed=3)


def words(text: object) -> str:
    return " ".join(str(text).split())


def test_a_run_says_as_of_which_month_it_is(early: Result, baseline: Scenario) -> None:
    assert early.months[-1] == MONTH
    assert set(early.providers["month"]) == set(early.months)
    said = words(early.summary())
    assert (
        "All figures are as of the end of November 2026; the scenario goes on to December 2030."
        in said
    )
    assert "Who signs with whom by November 2026" in said
    assert "South Korea: probabilities in November 2026, and why" in said
    assert "share of futures in which it signs by the end of November 2026" in said
    package = json.loads(dict(early.files())["datapackage.json"])
    assert package["description"].endswith(f"As of the end of {MONTH}.")
    assert "as of the end" not in words(sim.simulate(baseline, 4).summary()).lower()


def test_a_result_answers_as_of_a_month(early: Result, baseline: Scenario) -> None:
    whole = sim.simulate(baseline, FEW, seed=3)
    found = whole.as_of(MONTH)
    assert found.inputs == early.inputs
    for name in RUN_TABLES:
        assert_frame_equal(found.frame(name), early.frame(name), check_exact=True)
    assert whole.as_of(whole.months[-1]) is whole
    assert whole.inputs.as_of is None
    then = whole.timeline[whole.timeline["month"] == MONTH].set_index(["path", "outcome"])["mean"]
    for path in dict.fromkeys(whole.timeline["path"]):
        expected = then[path, "n_countries"]
        assert_allclose(early.countries[f"p_{path}"].sum(), expected, atol=1e-3)


@pytest.mark.parametrize("month", ["2031-01", "2025-04", "2026-1", "", 202611, ["2026-11"]])
def test_a_month_outside_a_run_is_refused(early: Result, baseline: Scenario, month: str) -> None:
    with pytest.raises(InputError, match=r"as_of = .* must be a month of baseline, 2025-05 to"):
        sim.simulate(baseline, 4, as_of=month)
    with pytest.raises(InputError, match=r"a month of this run of baseline, 2025-05 to 2026-11\."):
        early.as_of(month)


def test_the_last_month_is_the_usual_end(baseline: Scenario, tmp_path: Path) -> None:
    usual = sim.simulate(baseline, 4)
    named = sim.simulate(baseline, 4, as_of=baseline.months[-1])
    assert named.inputs.run_id == usual.inputs.run_id
    assert dict(named.files()) == dict(usual.files())


def test_a_run_as_of_a_month_is_stored_apart_and_had_again(early: Result, tmp_path: Path) -> None:
    whole = sim.simulate(early.scenario, FEW, seed=3)
    folders = [whole.save(tmp_path), early.save(tmp_path)]
    assert folders[0] != folders[1]
    stored = sim.load_run(folders[1])
    assert isinstance(stored, sim.StoredRun)
    assert stored.months == early.months
    assert str(stored.summary()) == str(early.summary())
    assert (stored.manifest["first_month"], stored.manifest["last_month"]) == ("2025-05", MONTH)
    assert all(sim.replay(folder).agrees for folder in folders)
    kept = sim.load_run(folders[0])
    assert isinstance(kept, sim.StoredRun)
    again = kept.as_of(MONTH)
    assert_frame_equal(again.countries, early.countries, check_exact=True)
    assert kept.as_of(kept.months[-1]) is kept
    with pytest.raises(InputError, match=r"a month of the run in .*, 2025-05 to 2030-12"):
        kept.as_of("2031-01")


def test_a_stored_run_of_other_code_is_not_simulated_again(
    small: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = small.save(tmp_path)
    monkeypatch.setattr("sim.experiment.stored.code_digest", lambda: "another")
    monkeypatch.setattr("sim.experiment.store.claims.code_digest", lambda: "another")
    stored = sim.load_run(folder)
    assert isinstance(stored, sim.StoredRun)
    with pytest.raises(ResultError, match=r"have changed since .*\n  Run small again as of"):
        stored.as_of(small.months[3])


def test_a_manifest_without_months_covers_the_whole_horizon(run: Path) -> None:
    manifest = json.loads((run / MANIFEST_FILE).read_text("utf-8"))
    assert (manifest["first_month"], manifest["last_month"]) == ("2025-05", "2026-04")
    found = inputs_of({k: v for k, v in manifest.items() if not k.endswith("_month")})
    assert found.as_of is None
    assert found.run_id == manifest["run_id"]


@pytest.mark.parametrize("month", ["2026-03", "2031-01", "soon"])
def test_another_month_in_the_manifest_is_noticed(
    small: Result, tmp_path: Path, month: str
) -> None:
    path = small.save(tmp_path) / MANIFEST_FILE
    manifest = json.loads(path.read_text("utf-8"))
    del manifest[DIGEST]
    path.write_text(json.dumps(sealed(manifest | {"last_month": month})), "utf-8")
    with pytest.raises(ResultError, match="damaged"):
        sim.load_run(path.parent)


def test_other_spans_are_compared_over_the_months_of_both(spans: Comparison) -> None:
    assert (spans.months[0], spans.months[-1]) == ("2026-12", "2030-12")
    for ensemble in (spans.pair.a, spans.pair.b):
        assert ensemble.axes.month == spans.months
        assert ensemble.path_count.shape[1] == ensemble.country_path.shape[2] == len(spans.months)
    a = sim.simulate(spans.scenario_a, FEW, seed=3)
    b = sim.simulate(spans.scenario_b, FEW, seed=3).as_of("2030-12")
    for run, column in ((a, "p_a"), (b, "p_b")):
        rows = spans.countries[spans.countries["outcome"] == "p_committed_us"]
        probability = run.countries.set_index("country")["p_committed_us"]
        assert rows[column].tolist() == probability[rows["country"]].tolist()


def test_withdrawals_are_counted_in_the_months_of_both(spans: Comparison) -> None:
    record = sim.simulate(spans.scenario_a, FEW, seed=3).ensemble.offer_record
    before = spans.scenario_a.months.index("2026-12") - 1
    own = [o for o, p in enumerate(spans.pair.a.axes.offer_provider) if p == "us"]
    left = record[:, -1, own, N_ABANDONED] - record[:, before, own, N_ABANDONED]
    assert record[:, before, own, N_ABANDONED].any()
    totals = spans.totals.set_index(["provider", "outcome"])["mean_a"]
    expected = left.sum(axis=1).mean()
    assert_allclose(totals["us", "n_left_by_supplier"], expected, rtol=1e-5)


def test_a_comparison_says_which_months_it_covers(spans: Comparison, tmp_path: Path) -> None:
    covers = "baseline covers 2025-05 to 2030-12 and today covers 2026-12 to 2031-12"
    assert spans.notes[0] == (
        f"{covers}: the two are compared from 2026-12 to 2030-12. Outcomes are those at the end of "
        "2030-12, and withdrawals are counted from 2026-12 on."
    )
    assert spans.notes[1] == (
        "today starts in 2026-12 from its own record; baseline has run since 2025-05 by then."
    )
    said = words(spans.summary())
    assert (
        "The first covers May 2025 to December 2030, the second December 2026 to December 2031. "
        "They are compared over the months that both have, December 2026 to December 2030." in said
    )
    assert "What it does by December 2030" in said
    package = json.loads(dict(spans.files())["datapackage.json"])
    assert package["description"].endswith("Compared from 2026-12 to 2030-12.")
    folder = spans.save(tmp_path)
    stored = sim.load_run(folder)
    assert isinstance(stored, sim.StoredComparison)
    assert stored.months == spans.months
    assert str(stored.summary()) == str(spans.summary())
    assert stored.manifest["first_month"] == "2026-12"
    assert stored.manifest["last_month"] == "2030-12"
    assert sim.replay(folder).agrees


def test_the_reverse_comparison_is_the_negative(spans: Comparison) -> None:
    back = sim.compare(spans.scenario_b, spans.scenario_a, FEW, seed=3)
    keys = ["provider", "outcome"]
    one, other = (found.totals.set_index(keys)["difference"] for found in (spans, back))
    assert_allclose(one, -other.loc[one.index], atol=ROUNDING)
    assert back.notes[1] == spans.notes[1]


def test_both_can_be_compared_as_of_a_month(spans: Comparison, tmp_path: Path) -> None:
    a, b = spans.scenario_a, spans.scenario_b
    found = sim.compare(a, b, FEW, seed=3, as_of="2028-12")
    assert found.months == spans.months[:25]
    assert found.inputs.run_id != spans.inputs.run_id
    assert "December 2026 to December 2028" in words(found.summary())
    assert sim.replay(found.save(tmp_path)).agrees
    with pytest.raises(InputError, match="a month of both scenarios, 2026-12 to 2030-12"):
        sim.compare(a, b, FEW, as_of="2026-11")
    same = sim.compare(a, a.with_changes({"providers.us.linkage": 0.9}), 8, as_of="2028-12")
    assert same.notes == ()
    said = "All figures are as of the end of December 2028; both scenarios go on to December 2030."
    assert said in words(same.summary())


def test_scenarios_that_share_no_month_are_refused(baseline: Scenario, small: Result) -> None:
    later = small.scenario.with_changes(
        {"horizon.start": "2031-01", "horizon.end": "2031-12", "events": []}
    )
    rule = (
        "the scenarios share no month: baseline covers 2025-05 to 2030-12 and small covers 2031-01 "
        "to 2031-12."
    )
    with pytest.raises(sim.ScenarioError, match="share no month") as caught:
        sim.compare(baseline, later, 4)
    assert caught.value.problems[0].message == rule
    assert "horizon.start or horizon.end" in caught.value.problems[0].remedy


def test_futures_cut_at_the_start_are_not_saved_as_a_run(early: Result, tmp_path: Path) -> None:
    cut = Result(from_month(early.ensemble, "2026-03"))
    assert np.array_equal(cut.countries["p_committed_us"], early.countries["p_committed_us"])
    with pytest.raises(RunError, match="begin in 2026-03"):
        cut.save(tmp_path)
    assert from_month(early.ensemble, early.months[0]) is early.ensemble
