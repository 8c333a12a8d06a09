"""Tables of evidence beside the forecasts from the launch, each of one programme."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sim.analysis.backtests.forecasting import knowledge
from sim.analysis.backtests.forecasting.case import find_programme
from sim.analysis.backtests.names import RULE
from sim.analysis.backtests.onestep.surprise import COLUMNS
from sim.analysis.calibration.calibrating import Calibration, calibrate
from sim.analysis.history.programmes import history_scenarios
from sim.interfaces.generated import evidence_tables
from sim.interfaces.generated.evidence_tables import (
    leave_one_out_table,
    read_evidence_table,
    scored_scenarios,
    step_tables,
)
from sim.interfaces.shipped_documents import generated_part

ROOT = Path(__file__).parents[2]
EARLY = "2015-06"  # three programmes are known before, so that an estimation is quick


def test_programmes_are_scored_from_the_month_on_in_which_a_posterior_ships() -> None:
    names = {scenario.name for scenario in scored_scenarios("2019-01")}
    assert "artemis-accords" in names
    assert "belt-and-road" not in names


def test_steps_have_scores_by_programme_their_means_and_a_surprise_index(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(evidence_tables, "STEP_DRAWS", 1)
    said: list[str] = []
    tables = step_tables([find_programme("reaim")], said.append)
    assert said == ["one step ahead: reaim"]
    shipped = {name: read_evidence_table(ROOT, name) for name in tables}
    for name, table in tables.items():
        assert list(table) == list(shipped[name]), name
    assert tuple(tables["surprise"]) == COLUMNS
    assert set(tables["one_step"]["scenario"]) == {"reaim"}


def test_each_programme_is_left_out_of_an_estimation_that_begins_at_that_of_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    start, begun = calibrate(EARLY).fit, []

    def seen(as_of: str | None, leave_out: list[str], **rest: Any) -> Calibration:
        begun.append((leave_out, rest["start"]))
        return calibrate(EARLY, **rest)

    monkeypatch.setattr(knowledge, "calibrate", seen)
    table = leave_one_out_table([find_programme("reaim")], start, lambda text: None)
    assert begun == [(["reaim_call_2023"], start)]
    assert list(table) == list(read_evidence_table(ROOT, "leave_one_out"))
    assert set(table["forecaster"]) == {"rule"}


def test_all_tables_are_of_the_same_programmes() -> None:
    programmes = set(read_evidence_table(ROOT, "scores")["programme"])
    for name in ("one_step", "leave_one_out", "surprise"):
        found = read_evidence_table(ROOT, name)["programme"].dropna()
        assert set(found) == programmes, name


def test_months_of_all_programmes_are_sums_of_those_of_each() -> None:
    table = read_evidence_table(ROOT, "surprise")
    is_own = table["programme"].notna()
    sums = table[is_own].groupby("month")[["n_answers", "surprise", "expected"]].sum()
    pooled = table[~is_own].set_index("month")[["n_answers", "surprise", "expected"]]
    pd.testing.assert_frame_equal(sums, pooled, check_dtype=False, rtol=1e-3)


def test_the_verdict_says_of_what_its_two_figures_of_skill_are() -> None:
    verdict = generated_part("evidence", "verdict")
    own = read_evidence_table(ROOT, "scores")
    own = own[own["forecaster"] == RULE]
    skill, log = (own[own["score"] == name] for name in ("log_skill", "log_score"))
    saved = 1.0 - log["value"].mean() / log["reference"].mean()
    mean = skill["value"].mean()
    # A mean of ratios is no ratio of means: the two differ, and each is named.
    assert saved - mean > 0.05
    assert f"{100 * saved:.0f} % less than the {log['reference'].mean():.3f}" in verdict
    assert f"its mean over programmes is {mean:+.2f}" in verdict
    worst = skill.nsmallest(3, "value")["scenario"]
    rows = log.set_index("scenario")["reference"]
    assert (rows[worst] < rows.median()).all()


def test_the_verdict_names_programmes_as_readers_know_them() -> None:
    verdict = generated_part("evidence", "verdict")
    keys = {scenario.name for scenario in history_scenarios() if "-" in scenario.name}
    assert not [name for name in keys if name in verdict]
    assert "`" not in verdict
    assert "Bletchley Declaration" in verdict
