"""Backtests of programmes: the project's own, and those that a user brings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.fitted_rivals import fitted_once
from cards import card_of
from sim.analysis.backtests.backtesting import backtest
from sim.analysis.backtests.forecasting import case, knowledge
from sim.analysis.backtests.forecasting.case import find_programme
from sim.analysis.backtests.from_launch import Backtest
from sim.analysis.backtests.names import RULE
from sim.analysis.backtests.words import backtest_lines
from sim.analysis.calibration.calibrating import Calibration, calibrate
from sim.analysis.history.answers import read_answers
from sim.analysis.history.programmes import history_scenarios
from sim.data import load_facts
from sim.data.relations import latest_months
from sim.errors import InputError

# A pact of the user's own: nothing of it is in the project.
SCENARIO = """
name: quantum-pact
title: A pact on quantum computing
description: Invented for this test.
horizon: {start: 2024-02, end: 2024-07}
paths: {sovereign: false}
providers:
  us:
    title: United States
    home: USA
    offers:
      pact: {title: The pact, kind: membership, open_enrolment: true, dependence: 0}
"""
REPLICATES = 400
JOINED = ("GBR", "CAN", "AUS", "JPN", "FRA", "DEU", "KOR", "NLD", "ITA", "POL", "IND", "ISR")


def own_programme(folder: Path, rows: list[str] | None = None) -> tuple[Path, Path]:
    scenario, events = folder / "quantum-pact.yaml", folder / "joined.csv"
    scenario.write_text(SCENARIO, "utf-8")
    lines = [f"{code},2024-0{3 + place % 4},joined" for place, code in enumerate(JOINED)]
    events.write_text("\n".join(["iso3,date,event", *(rows or lines)]) + "\n", "utf-8")
    return scenario, events


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Backtest:
    with fitted_once():
        return backtest(*own_programme(tmp_path_factory.mktemp("own")), replicates=REPLICATES)


def test_a_programme_of_ones_own_is_forecast_and_scored_with_its_rivals(own: Backtest) -> None:
    rule = own.scores[RULE]
    assert (own.programme, rule.n_joined) == ("quantum-pact", len(JOINED))
    assert own.knowledge.posterior.as_of <= "2024-02"
    # Allies of the United States are easy to tell from the rest.
    assert rule.by_name["auc"].value > 0.8
    assert rule.by_name["log_score_at_count"].value < rule.by_name["log_score_at_count"].reference
    assert set(own.scores) > {"base_rate", "gdp_and_readiness", "boosting"}


def test_the_tables_say_what_was_forecast_and_what_happened(own: Backtest) -> None:
    countries = own.countries().set_index("iso3")
    assert set(countries.index[countries["has_joined"]]) == set(JOINED)
    assert countries.loc["GBR", "month_joined"] == "2024-03"
    chance = countries["p_rule"].to_dict()
    assert chance["RUS"] < chance["GBR"]
    uptake = own.uptake()
    assert uptake["on_record"].tolist() == [0, 3, 6, 9, 12, 12]
    assert (uptake["forecast_low"] <= uptake["forecast_mean"]).all()
    assert (np.diff(uptake["forecast_mean"]) >= 0).all()
    assert own.simulated.by_month()[:, -1] == pytest.approx(own.simulated.probability())


def test_what_is_written_can_be_read(own: Backtest, tmp_path: Path) -> None:
    own.write(tmp_path / "out")
    scores = pd.read_csv(tmp_path / "out" / "scores.csv")
    assert set(scores["forecaster"]) == set(own.scores)
    assert (tmp_path / "out" / "about.json").is_file()
    assert len(pd.read_csv(tmp_path / "out" / "uptake.csv")) == 6


def test_the_words_begin_with_who_forecast_best(own: Backtest) -> None:
    lines = [*backtest_lines(own)]
    assert "12 of" in lines[0]
    assert "a membership led by USA, open to all who are asked" in lines[1]
    assert any("log score" in line for line in lines[4:8])
    assert any("Joined against the odds" in line for line in lines)


def test_a_notebook_shows_who_joined_and_draws_it(own: Backtest) -> None:
    text = card_of(own)
    assert text.startswith(f"Backtest: {own.scenario.title} ")
    assert f"{len(JOINED)} of {own.scores[RULE].n_countries} countries" in text
    figure = own.plot()
    assert figure.name == "programme_uptake"
    rows = figure.spec["data"]["values"]
    assert [row["on_record"] for row in rows] == own.uptake()["on_record"].tolist()
    with pytest.raises(InputError, match=r"no chart 'skill' of a Backtest.\n.*programme_uptake"):
        own.plot("skill")


def test_rows_that_are_left_out_are_counted_with_the_reason(tmp_path: Path) -> None:
    scenario, events = own_programme(tmp_path)
    scenario.write_text(SCENARIO.replace("dependence: 0", "excluded: [BRA]"), "utf-8")
    rows = [
        "GBR,2024-03,joined,high", "CHL,2024-04,joined,low", "CAN,,joined,high",
        "AUS,2023-12,joined,high", "JPN,2023,joined,high", "FRA,2024-08,joined,high",
        "BRA,2024-03,declined,high", "USA,2024-03,joined,high", "DEU,2024,joined,high",
        "KOR,2023-12,declined,high",
    ]  # fmt: skip
    events.write_text("\n".join(["iso3,date,event,confidence", *rows, ""]), "utf-8")
    found = backtest(scenario, events, replicates=40, rivals=False)
    expected = {
        "of low confidence": 1,
        "joining without a date": 1,
        "joining before the launch": 2,
        "joining after the horizon": 1,
        "not among the countries that were asked": 1,
        "not a country that decides in the scenario": 1,
    }
    assert found.left_out == expected
    about = json.loads((found.write(tmp_path / "out") / "about.json").read_text("utf-8"))
    assert about["rows_left_out"] == expected
    said = [*backtest_lines(found)]
    assert "Rows of the events table left out: 7." in said
    assert "  2 joining before the launch" in said


def test_a_programme_by_invitation_says_that_silence_counts_as_refusal(
    own: Backtest, tmp_path: Path
) -> None:
    words = "every country without a row counts as a refusal"
    assert words not in "\n".join(backtest_lines(own))
    scenario, events = own_programme(tmp_path)
    scenario.write_text(SCENARIO.replace("open_enrolment: true", "open_enrolment: false"), "utf-8")
    found = backtest(scenario, events, replicates=40, rivals=False)
    assert words in "\n".join(backtest_lines(found))


def test_the_name_of_a_programme_that_ships_reads_its_file_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    by_table = find_programme("artemis_accords")
    monkeypatch.delattr(case, "history_scenarios")
    assert find_programme("artemis-accords").name == by_table.name == "artemis-accords"


def test_the_same_seed_gives_the_same_forecast_on_any_number_of_threads(tmp_path: Path) -> None:
    files = own_programme(tmp_path)
    first, second = (
        backtest(*files, replicates=80, rivals=False, workers=workers) for workers in (1, 3)
    )
    np.testing.assert_array_equal(first.simulated.month_joined, second.simulated.month_joined)


def test_answers_after_the_launch_change_no_forecast(own: Backtest, tmp_path: Path) -> None:
    few = own_programme(tmp_path, ["GBR,2024-03,joined", "RUS,2024-05,joined"])
    # A rival that learnt from other answers would be fitted anew.
    with fitted_once():
        changed = backtest(*few, replicates=REPLICATES)
    assert changed.probability.keys() == own.probability.keys()
    for name in own.probability:
        np.testing.assert_array_equal(changed.probability[name], own.probability[name])


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (["GBR,2024-03,declined"], "no row of quantum-pact says that a country joined"),
        (["GBR,2023-03,joined"], "nobody who was asked joined quantum-pact"),
        (["GBR,,joined"], "nobody who was asked joined quantum-pact"),
        (["GBR,2025-03,joined"], "nobody who was asked joined quantum-pact"),
    ],
)
def test_a_table_without_a_case_is_refused(tmp_path: Path, rows: list[str], words: str) -> None:
    with pytest.raises(InputError, match=words):
        backtest(*own_programme(tmp_path, rows), replicates=40)


def test_who_joins_after_the_horizon_has_not_joined(tmp_path: Path) -> None:
    files = own_programme(tmp_path, ["GBR,2024-03,joined", "FRA,2025-03,joined"])
    found = backtest(*files, replicates=40, rivals=False)
    assert found.scores[RULE].n_joined == 1


def test_who_joined_without_being_asked_is_named(tmp_path: Path) -> None:
    scenario, events = own_programme(tmp_path)
    text = scenario.read_text("utf-8").replace("dependence: 0", "asked: [GBR, CAN, NATO]")
    scenario.write_text(text, "utf-8")
    with pytest.raises(InputError, match="AUS, IND, ISR, JPN, KOR joined, but the offer"):
        backtest(scenario, events, replicates=40)


def test_a_number_that_the_scenario_sets_is_not_drawn(tmp_path: Path) -> None:
    scenario, events = own_programme(tmp_path)
    drawn = backtest(scenario, events, replicates=80, rivals=False)
    scenario.write_text(SCENARIO + "parameters: {w_likeness: -3.0}\n", "utf-8")
    own_number = backtest(scenario, events, replicates=80, rivals=False)
    chance = [found.probability[RULE] for found in (drawn, own_number)]
    china, canada = (drawn.answers.country.index(code) for code in ("PRK", "CAN"))
    assert chance[1][china] - chance[1][canada] > chance[0][china] - chance[0][canada]


def test_rows_of_another_programme_are_not_taken(tmp_path: Path) -> None:
    scenario, events = own_programme(tmp_path)
    events.write_text("programme,iso3,date,event\nother,GBR,2024-03,joined\n", "utf-8")
    with pytest.raises(InputError, match="no row has programme = 'quantum-pact'"):
        backtest(scenario, events, replicates=40)


def test_nothing_later_than_the_launch_may_be_asked_for(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is after the launch"):
        backtest(*own_programme(tmp_path), as_of="2025-01", replicates=40)


def test_a_launch_before_all_posteriors_is_estimated_for(tmp_path: Path) -> None:
    scenario, events = own_programme(tmp_path)
    for path in (scenario, events):
        path.write_text(path.read_text("utf-8").replace("2024-", "2015-"), "utf-8")
    found = backtest(scenario, events, replicates=80, rivals=False)
    assert found.knowledge.posterior.as_of == "2015-02"
    assert found.scores[RULE].by_name["auc"].value > 0.6


def test_a_launch_before_which_hardly_anything_is_known_is_refused() -> None:
    with pytest.raises(InputError, match="1 programme has answers before 2013-09"):
        backtest("belt-and-road", replicates=40)


def test_a_programme_can_be_left_out_of_all_others(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def seen(as_of: str | None, leave_out: list[str], **rest: Any) -> Calibration:
        asked.append((as_of, leave_out))
        return calibrate("2015-06", **rest)  # quicker than all of them

    monkeypatch.setattr(knowledge, "calibrate", seen)
    found = backtest("bletchley", split="leave-one-out", replicates=40, rivals=False)
    assert asked == [(None, ["bletchley_declaration"])]
    assert "bletchley_declaration" not in set(found.knowledge.history["programme"])
    assert "paris_ai_statement" in set(found.knowledge.history["programme"])


def test_a_split_that_does_not_exist_is_refused() -> None:
    with pytest.raises(InputError, match="split = 'kind' is neither time nor leave-one-out"):
        backtest("bletchley", split="kind")


def test_every_programme_that_ships_has_rows_with_sources() -> None:
    events = load_facts().events
    for scenario in history_scenarios():
        (offer,) = scenario.offers.values()
        rows = events[events["programme"] == offer.programme]
        assert len(rows) > 0, scenario.name
        assert (rows["source"] != "").all(), scenario.name


@pytest.mark.parametrize("month", ["2019-01", "2021-01", "2025-05"])
def test_nothing_later_than_a_month_tells_anything_of_what_was_known_before(month: str) -> None:
    events = load_facts().events
    cut = events[(events["date"] == "") | (latest_months(events["date"]) < month)]
    n_compared = 0
    for scenario in history_scenarios():
        (offer,) = scenario.offers.values()
        if scenario.months[0] >= month or offer.programme not in set(cut["programme"]):
            continue
        whole, known = (read_answers(scenario, table, month) for table in (events, cut))
        for name in ("first", "last", "weight"):
            np.testing.assert_array_equal(getattr(whole, name), getattr(known, name), scenario.name)
        n_compared += 1
    assert n_compared >= 3
