"""The commands calibrate and backtest, and the page that their output makes."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from cards import card_of
from shell import Shell
from sim.analysis.calibration.posteriors import MONTHS, evidence_digest
from sim.analysis.evidence import load_evidence, read_evidence, read_surprise
from sim.analysis.history.answers import read_answers
from sim.analysis.history.launches import LAUNCHES, launch_table, load_launches
from sim.analysis.history.programmes import built_programme
from sim.data import load_facts
from sim.data.parameters import load_parameters
from sim.data.posterior import load_posteriors
from sim.interfaces.generated.evidence_page import PAGE, page_text
from sim.interfaces.generated.evidence_tables import FOLDER
from sim.interfaces.generated.pictures import PICTURES, svg, svg_files

ROOT = Path(__file__).parents[2]
EARLY = "2015-06"  # three programmes are known before, so that an estimation is quick


def test_an_estimation_is_printed_written_and_the_same_from_python(
    shell: Shell, tmp_path: Path
) -> None:
    said = shell("calibrate", "--as-of", EARLY, "--out", str(tmp_path / "found"))
    assert said.status == 0
    assert f"what was known before {EARLY}" in said.out
    assert "Importance sampling" in said.out
    numbers = pd.read_csv(tmp_path / "found" / "numbers.csv")
    found = sim.calibrate(EARLY)
    np.testing.assert_allclose(numbers["mean"], found.numbers["mean"], rtol=1e-4, atol=1e-5)
    assert "programmes, what was known before June 2015" in card_of(found)
    estimates = found.plot()
    assert estimates.name == "estimates"
    drawn = [row["mean"] for row in estimates.spec["data"]["values"]]
    assert sorted(drawn) == sorted(found.numbers["mean"])
    assert set(pd.read_csv(tmp_path / "found" / "posterior.csv")["as_of"]) == {EARLY}
    about = json.loads((tmp_path / "found" / "about.json").read_text("utf-8"))
    assert about["programmes"] == list(found.fit.layout.programmes)


def test_a_programme_that_does_not_exist_cannot_be_left_out(shell: Shell) -> None:
    said = shell("calibrate", "--leave-out", "artemis")
    assert said.status == 2
    assert "leave_out = 'artemis' is not a programme that ships" in said.err
    assert "artemis_accords" in said.err


def test_too_little_history_is_said_to_be_too_little(shell: Shell) -> None:
    said = shell("calibrate", "--as-of", "2014-01")
    assert said.status == 1
    assert "choose a later month" in said.err


def test_a_backtest_says_who_forecast_best_and_writes_its_tables(
    shell: Shell, tmp_path: Path
) -> None:
    command = ("backtest", "military-ai", "-n", "200", "--out", str(tmp_path / "found"))
    said = shell(*command)
    assert said.status == 0
    assert "This model" in said.out
    assert "Size and readiness" in said.out
    assert "Joined against the odds" in said.out
    assert {path.name for path in (tmp_path / "found").iterdir()} == {
        "scores.csv", "countries.csv", "uptake.csv", "about.json",
    }  # fmt: skip
    again = shell("backtest", "military-ai", "-n", "200", "--no-rivals", "--json").data
    alone = {row["score"]: row["value"] for row in again["scores"]}
    assert (
        again["rows_left_out"]
        == json.loads((tmp_path / "found" / "about.json").read_text("utf-8"))["rows_left_out"]
    )
    written = pd.read_csv(tmp_path / "found" / "scores.csv")
    rule = written[written["forecaster"] == "rule"].set_index("score")["value"]
    assert alone["auc"] == pytest.approx(rule["auc"], rel=1e-4)


def test_a_backtest_one_step_ahead_is_printed_written_and_the_same_from_python(
    shell: Shell, tmp_path: Path
) -> None:
    command = ("backtest", "reaim", "--task", "one-step-ahead", "-n", "1")
    said = shell(*command, "--out", str(tmp_path / "found"))
    assert said.status == 0
    assert "one step ahead" in said.out
    assert "Share that joined so far" in said.out
    assert {path.name for path in (tmp_path / "found").iterdir()} == {
        "scores.csv", "countries.csv", "months.csv", "surprise.csv", "about.json",
    }  # fmt: skip
    found = sim.backtest("reaim", task="one-step-ahead", replicates=1)
    written = pd.read_csv(tmp_path / "found" / "scores.csv")
    np.testing.assert_allclose(written["value"], found.table()["value"], rtol=1e-5, atol=1e-6)
    again = shell(*command, "--json").data
    assert [row["value"] for row in again["scores"]] == pytest.approx(found.table()["value"])


def test_a_task_that_does_not_exist_is_refused(shell: Shell) -> None:
    said = shell("backtest", "reaim", "--task", "next")
    assert said.status == 2
    assert "task = 'next' is neither from-launch nor one-step-ahead" in said.err


@pytest.mark.parametrize("name", ["artemis-accords", "artemis_accords"])
def test_a_programme_goes_by_the_name_of_its_file_or_of_its_rows(shell: Shell, name: str) -> None:
    said = shell("backtest", name, "-n", "40", "--no-rivals")
    assert said.status == 0
    assert said.out.startswith("Artemis Accords")


def test_a_name_that_is_no_programme_is_refused(shell: Shell) -> None:
    said = shell("backtest", "artemis-acords")
    assert said.status == 2


def test_the_evidence_is_of_this_code_these_facts_and_these_programmes() -> None:
    origin = json.loads((ROOT / FOLDER / "origin.json").read_text("utf-8"))
    remedy = "run python -m sim.interfaces.generated.evidence"
    assert origin["evidence_digest"] == evidence_digest(), remedy
    assert load_posteriors().months == MONTHS


def test_the_parameter_table_says_what_history_says_of_each_number() -> None:
    found = pd.read_csv(ROOT / FOLDER / "numbers.csv").query("kind == 'all'").set_index("number")
    told = {row.name: row for row in load_parameters().values() if row.estimate is not None}
    assert sorted(told) == sorted(found.index)
    for name, row in told.items():
        values = found.loc[name, ["mean", "low", "high", "n_programmes"]]
        said = (row.estimate, row.estimate_low, row.estimate_high, row.programmes)
        # Three digits of the number there, five here.
        assert said == pytest.approx(tuple(values), rel=6e-3)


def test_the_page_of_evidence_is_as_its_tables_make_it() -> None:
    assert (ROOT / PAGE).read_text("utf-8") == page_text(ROOT)


def test_the_pictures_of_evidence_are_as_its_tables_make_them() -> None:
    made = dict(svg_files(read_evidence(ROOT / FOLDER)))
    there = {path.name: path.read_text("utf-8") for path in (ROOT / FOLDER).glob("*.svg")}
    remedy = "run python -m sim.interfaces.generated.evidence_page"
    assert there.keys() == made.keys(), remedy
    assert [name for name, text in made.items() if there[name] != text] == [], remedy
    page = (ROOT / PAGE).read_text("utf-8")
    assert {*re.findall(r"evidence/([a-z-]+\.svg)", page)} == {*made}


def test_a_picture_does_not_depend_on_the_place_of_its_maker() -> None:
    code = (
        "from sim.analysis.evidence import load_evidence\n"
        "from sim.interfaces.generated.pictures import PICTURES, svg\n"
        "print(svg(load_evidence(), PICTURES['programmes'][0], 'light'), end='')"
    )
    elsewhere = {**os.environ, "TZ": "Asia/Tokyo", "LC_ALL": "C.UTF-8"}
    drawn = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, env=elsewhere,
        cwd=ROOT,
    )  # fmt: skip
    assert drawn.stdout == (ROOT / FOLDER / "uptake-light.svg").read_text("utf-8")


def test_a_picture_is_of_its_tables(tmp_path: Path) -> None:
    copied = shutil.copytree(ROOT / FOLDER, tmp_path / "evidence")
    pooled = pd.read_csv(copied / "pooled.csv")
    own = (pooled["forecaster"] == "rule") & (pooled["score"] == "auc")
    pooled.loc[own, ["value", "low", "high"]] = [0.95, 0.94, 0.96]
    pooled.to_csv(copied / "pooled.csv", index=False)
    auc, log_score = PICTURES["skill"]
    other, evidence = read_evidence(copied), load_evidence()
    assert svg(other, auc, "light") != svg(evidence, auc, "light")
    assert svg(other, log_score, "light") == svg(evidence, log_score, "light")


def test_the_surprise_index_is_read_where_it_has_been_made(tmp_path: Path) -> None:
    assert read_surprise(tmp_path) is None
    header = "month,programme,n_answers,surprise,expected,z\n"
    row = "2026-09,openai_for_countries,2,1.5,1.1,0.8\n"
    (tmp_path / "surprise.csv").write_text(header + row, "utf-8")
    found = read_surprise(tmp_path)
    assert found is not None
    assert found["z"].tolist() == [0.8]


def test_the_facts_at_launch_that_ship_are_those_of_the_programmes() -> None:
    shipped = pd.read_csv(LAUNCHES).set_index(["programme", "iso3"])
    built = built_programme("xinjiang-support-2020")
    answers = read_answers(built.scenario, load_facts().events)
    made = launch_table(built, answers).set_index(["programme", "iso3"]).drop(columns="joined")
    rows = shipped.loc[made.index]
    numeric = made.select_dtypes("number").columns
    np.testing.assert_allclose(rows[numeric], made[numeric], atol=6e-5)


def test_rivals_know_no_answer_of_the_month_or_later() -> None:
    before = load_launches("2020-06")
    assert "artemis_accords" not in set(before["programme"])
    assert (before["month"] < "2020-06").all()
    # Of the Clean Network many joined later.
    early = before[before["programme"] == "clean_network"]["joined"].sum()
    late = load_launches()
    assert 0 < early < late[late["programme"] == "clean_network"]["joined"].sum()
