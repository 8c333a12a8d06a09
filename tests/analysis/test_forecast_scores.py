"""Scores of forecasts: who was at risk, who signed, how good the odds were; and bad tables."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim.analysis.forecasts.answers import PROGRAMMES, read_answers
from sim.analysis.forecasts.ledger import Ledger
from sim.analysis.forecasts.scoring import ForecastScores
from sim.analysis.history import known_months
from sim.analysis.history.answers import YES
from sim.data.facts import TABLES_FOLDER
from sim.errors import InputError
from tolerances import ROUNDING

FUTURES = 40
US, CHINA = "us,infrastructure", "china,cloud"
BY_OFFER = "provider,offer,iso3,date,event"
BY_PROGRAMME = "programme,kind,iso3,date,event"
OPENAI = "openai_for_countries,infrastructure"
LEFT_AGAIN = [f"{US},KOR,2025-03,signed", f"{US},KOR,2025-04,withdrew"]
OFFERS = {("us", "infrastructure"), ("china", "cloud")}


def write(folder: Path, *rows: str, header: str = BY_OFFER) -> Path:
    path = folder / "events.csv"
    path.write_text("\n".join([header, *rows, ""]), "utf-8")
    return path


def scored(
    frozen: Ledger, folder: Path, *rows: str, header: str = BY_OFFER, known_to: str | None = None
) -> ForecastScores:
    path = write(folder, *rows, header=header)
    return sim.score_forecasts(path, frozen.path.parent, known_to)


def row_of(scores: ForecastScores, months: int, provider: str, offer: str) -> pd.Series:
    table = scores.table
    chosen = (table["months"] == months) & (table["provider"] == provider)
    return table[chosen & (table["offer"] == offer)].iloc[0]


def test_scores_are_those_of_the_formulas(frozen: Ledger, tmp_path: Path) -> None:
    rows = [
        f"{US},KOR,2025-06,signed",
        f"{US},JPN,2025-10-31,announced",
        f"{CHINA},KEN,2025-07,joined",
    ]
    scores = scored(frozen, tmp_path, *rows, known_to="2025-10")
    table = frozen.table[frozen.table["months"] == 6]
    signed = {("us", "KOR"), ("us", "JPN"), ("china", "KEN")}
    happens = np.array(
        [pair in signed for pair in zip(table["provider"], table["iso3"], strict=True)]
    )
    for provider, offer in (*sorted(OFFERS), ("", "all")):
        chosen = np.array(table["provider"] == provider) | (provider == "")
        p, y = table["p_signed"].to_numpy()[chosen], happens[chosen]
        q = (p * FUTURES + 0.5) / (FUTURES + 1)
        rate = y.mean()
        found = row_of(scores, 6, provider, offer)
        assert (found["status"], found["by_month"]) == ("scored", "2025-10")
        assert (found["n_at_risk"], found["n_observed"]) == (len(y), y.sum())
        assert found["n_forecast"] == pytest.approx(p.sum(), rel=ROUNDING)
        expected = {
            "log_score": -(y * np.log(q) + ~y * np.log(1 - q)).mean(),
            "log_score_base_rate": -(rate * np.log(rate) + (1 - rate) * np.log(1 - rate)),
            "brier_score": ((q - y) ** 2).mean(),
        }
        for name, value in expected.items():
            assert found[name] == pytest.approx(value, rel=ROUNDING)


def test_a_horizon_is_open_until_its_last_month_is_known(frozen: Ledger, tmp_path: Path) -> None:
    rows = [f"{US},KOR,2025-06,signed", f"{US},FRA,2025-11-02,signed"]
    states = {}
    for known_to in (None, "2025-09", "2025-10", "2026-04"):
        table = scored(frozen, tmp_path, *rows, known_to=known_to).table
        totals = table[table["offer"] == "all"]
        states[known_to] = totals.set_index("months")["status"].to_dict()
        for row in totals[totals["status"] == "open"].to_dict("records"):
            assert np.isnan(row["log_score"])
            assert row["n_forecast"] > 0
            assert pd.isna(row["n_observed"])
    assert states == {
        # The latest event is of November.
        None: {6: "scored", 12: "open"},
        "2025-09": {6: "open", 12: "open"},
        "2025-10": {6: "scored", 12: "open"},
        "2026-04": {6: "scored", 12: "scored"},
    }


@pytest.mark.parametrize(
    ("rows", "at_risk", "observed"),
    [
        # Before the forecast begins, in April 2025: on record, and not at risk.
        ([f"{US},KOR,2025-04,signed"], False, 0),
        ([f"{US},KOR,2025-03,signed", f"{US},KOR,2025-08,joined"], False, 0),
        (LEFT_AGAIN, True, 0),
        ([*LEFT_AGAIN, f"{US},KOR,2025-05,signed"], True, 1),
        # A signature counts although it did not last, and once.
        ([f"{US},KOR,2025-05,signed", f"{US},KOR,2025-06,withdrew"], True, 1),
        ([f"{US},KOR,2025-05,signed", f"{US},KOR,2025-07,announced"], True, 1),
        # Neither a refusal nor another offer is an acceptance; the window ends in October.
        ([f"{US},KOR,2025-05,declined"], True, 0),
        ([f"{CHINA},KOR,2025-05,signed"], True, 0),
        ([f"{US},KOR,2025-11-01,signed"], True, 0),
    ],
)  # fmt: skip
def test_who_is_at_risk_and_who_has_signed(
    frozen: Ledger, tmp_path: Path, rows: list[str], at_risk: bool, observed: int
) -> None:
    scores = scored(frozen, tmp_path, *rows, known_to="2025-10")
    found = row_of(scores, 6, "us", "infrastructure")
    agents = frozen.table["iso3"].nunique()
    assert (found["n_at_risk"], found["n_observed"]) == (agents - (not at_risk), observed)
    korea = scores.answers[(scores.answers["iso3"] == "KOR") & (scores.answers["provider"] == "us")]
    assert korea["has_signed"].tolist() == [bool(observed)] * at_risk


def test_what_the_ledger_has_on_record_is_not_scored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known_months, "last_month", lambda: "2027-06")
    ledger = sim.forecast(replicates=4, out=tmp_path / "ledgers")
    rows = ["us,infrastructure,ARE,2027-01,joined", "us,infrastructure,FRA,2027-01,joined"]
    scores = sim.score_forecasts(write(tmp_path, *rows), ledger.path.parent, "2027-05")
    found = row_of(scores, 6, "us", "infrastructure")
    on_record = sim.load_scenario("today").initial.commitments
    holders = sum(each.offer == "us.infrastructure" for each in on_record)
    assert found["n_at_risk"] == ledger.table["iso3"].nunique() - holders
    assert found["n_observed"] == 1
    assert "ARE" not in set(scores.answers.loc[scores.answers["has_signed"], "iso3"])


def test_what_nobody_can_know_yet_is_refused(
    frozen: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known_months, "last_month", lambda: "2026-11")
    with pytest.raises(InputError, match=r"known_to = '2026-12' is in the future.*\n.*2026-11"):
        scored(frozen, tmp_path, f"{US},ARE,2025-06,joined", known_to="2026-12")
    with pytest.raises(InputError, match=r":2: date = '2026-12-01' is in the future"):
        scored(frozen, tmp_path, f"{US},ARE,2026-12-01,joined")
    table = scored(frozen, tmp_path, f"{US},ARE,2026-11-30,joined", known_to="2026-11").table
    assert not table.empty


def test_events_of_a_programme_count_for_the_offer_of_their_kind(
    frozen: Ledger, tmp_path: Path
) -> None:
    by_offer = scored(frozen, tmp_path, f"{US},KOR,2025-06,signed", known_to="2025-10")
    rows = [
        f"{OPENAI},KOR,2025-06,signed",
        # Another kind, another programme, and an answer to no offer.
        "openai_for_countries,adoption,JPN,2025-06,signed",
        "openai_for_countries,security,FRA,2025-06,announced",
        "artemis_accords,declaration,NOR,2025-06,signed",
    ]
    by_programme = scored(frozen, tmp_path, *rows, header=BY_PROGRAMME, known_to="2025-10")
    pd.testing.assert_frame_equal(by_programme.table, by_offer.table)


def test_events_in_doubt_do_not_count(frozen: Ledger, tmp_path: Path) -> None:
    header = f"{BY_OFFER},confidence,detail,note"
    rows = [
        f"{US},KOR,2025-06,signed,low,agreement,",
        f"{US},JPN,2025-06,signed,high,subnational,one state",
        f"{US},FRA,2025-06,signed,medium,,",
        # Without a month, but nothing depends on it.
        f"{US},NOR,2025,signed,low,,",
    ]
    scores = scored(frozen, tmp_path, *rows, header=header, known_to="2025-10")
    assert scores.answers.loc[scores.answers["has_signed"], "iso3"].tolist() == ["FRA"]


def test_the_largest_surprises_come_first(frozen: Ledger, tmp_path: Path) -> None:
    scores = scored(frozen, tmp_path, f"{US},NRU,2025-06,signed", known_to="2025-10")
    assert scores.answers.iloc[0]["iso3"] == "NRU"
    assert (np.diff(scores.answers["log_score"]) <= 0).all()
    mean = row_of(scores, 6, "", "all")["log_score"]
    assert scores.answers["log_score"].mean() == pytest.approx(mean, rel=ROUNDING)


def test_every_ledger_is_scored(frozen: Ledger, tmp_path: Path) -> None:
    folder = tmp_path / "ledgers"
    shutil.copytree(frozen.path.parent, folder)
    other = sim.forecast(sim.load_scenario("today"), 4, out=folder)
    scores = sim.score_forecasts(write(tmp_path, f"{US},KOR,2025-06,signed"), folder, "2026-04")
    totals = scores.table[scores.table["offer"] == "all"]
    assert {*totals["ledger"]} == {frozen.name, other.name}
    assert totals.groupby("ledger")["status"].agg(list).to_dict() == {
        frozen.name: ["scored"] * 2,
        other.name: ["open"] * 3,
    }
    assert repr(scores) == "<ForecastScores to 2026-04: 2 of 5 horizons passed>"


def test_the_events_of_the_project_can_be_read() -> None:
    answers = read_answers(TABLES_FOLDER / "events.csv", OFFERS)
    dates = sim.data.load_facts().events["date"]
    assert answers.last_month == max(date[:7] for date in dates if len(date) >= 7)
    made = sim.load_scenario("today").initial.commitments
    # Every partnership on record in the scenario is one of the table as well.
    for each in made:
        provider, offer = each.offer.split(".")
        assert each.country in answers.standing((provider, offer), "2026-11"), each
    # One that was retracted within days is not standing.
    assert "MYS" not in answers.standing(("china", "infrastructure"), "2025-05")


def test_programmes_are_mapped_to_offers_of_today() -> None:
    offers = {tuple(name.split(".")) for name in sim.load_scenario("today").offers}
    facts = sim.data.load_facts()
    kinds = facts.provenance.column("events", "kind").choices
    for programme, mapped in PROGRAMMES.items():
        assert programme in set(facts.events["programme"])
        assert set(mapped) <= set(kinds)
        assert set(mapped.values()) <= offers
    assert {"signed", "joined", "announced"} < YES
    assert not YES & {"declined", "withdrew", "voted_no", "abstained", "invited_not_joined"}


@pytest.mark.parametrize(
    ("header", "rows", "words"),
    [
        (BY_OFFER, [f"{US},KOO,2025-06,signed"], "events.csv:2: iso3 = 'KOO' is not a country"),
        (BY_OFFER, [f"{US},kor,2025-06,signed"], "iso3 = 'kor' must be in capitals.\n  Write KOR."),
        (BY_OFFER, [f"{US},Brazil,2025-06,signed"], "three-letter code of a country.\n  Write BRA"),
        (BY_OFFER, [f"{US},,2025-06,signed"], "iso3 = '' must have a value"),
        (BY_OFFER, [f"{US},KOR,2025-13,signed"], "date = '2025-13' must be a date"),
        (BY_OFFER, [f"{US},KOR,2025-02-30,signed"], "date = '2025-02-30' is not a day of the cal"),
        (BY_OFFER, [f"{US},KOR,soon,signed"], "date = 'soon' must be a date"),
        (BY_OFFER, [f"{US},KOR,2025-06,sinned"], "event = 'sinned' must be one of signed, joined"),
        (BY_OFFER, [f"{US},KOR,2025-06,"], "event = '' must have a value"),
        (BY_OFFER, [f"{US},KOR,2025,signed"], "date = '2025' must have a month"),
        (BY_OFFER, [f"{US},KOR,,signed"], "date = '' must have a month"),
        (BY_OFFER, ["us,chips,KOR,2025-06,signed"], "'us.chips' is not an offer with a forecast"),
        (
            BY_OFFER,
            [f"{US},KOR,2025-06,signed"] * 2,
            "events.csv:3: repeats line 2: KOR signed on 2025-06.",
        ),
        (
            BY_OFFER,
            [f"{US},KOR,2025-06,signed", f"{US},KOR,2025-07,signed"],
            "events.csv:3: KOR signed on 2025-07; line 2 has signed on 2025-06: two dates for one",
        ),
        (
            BY_OFFER,
            ["us,,KOR,2025-06,signed"],
            "offer = '' must have a value.\n  Fill in the offer",
        ),
        (BY_OFFER, [f"{US},KOR,2025-06"], "the row has 4 cells, the header 5"),
        (BY_OFFER, [], "the events table has no rows"),
        (BY_OFFER, [f'{US},KOR,2025-06,"signed'], "this is not plain CSV"),
        (
            "provider,offer,iso3,date",
            [f"{US},KOR,2025-06"],
            "events.csv:1: the column event is mis",
        ),
        ("kind,iso3,date,event", ["vote,KOR,2025-06,signed"], "the column programme is missing"),
        (f"{BY_OFFER},event", [f"{US},KOR,2025-06,signed,"], "the column event stands twice"),
        (
            BY_PROGRAMME,
            ["openai,adoption,KOR,2025-06,signed"],
            "programme = 'openai' is not a prog",
        ),
        (BY_PROGRAMME, ["openai_for_countries,chips,KOR,2025-06,signed"], "kind = 'chips' must be"),
        (BY_PROGRAMME, ["aiib,membership,KOR,2025,joined"], "no event has a date with a month"),
    ],
)
def test_a_bad_events_table_is_refused(
    frozen: Ledger, tmp_path: Path, header: str, rows: list[str], words: str
) -> None:
    with pytest.raises(sim.InputError) as told:
        scored(frozen, tmp_path, *rows, header=header)
    (problem,) = told.value.problems
    assert words in str(problem)
    assert problem.file == str(tmp_path / "events.csv")
    assert problem.remedy


def test_one_act_towards_each_of_two_offers_is_no_repeat(frozen: Ledger, tmp_path: Path) -> None:
    rows = [f"{US},KOR,2025-06,signed", f"{CHINA},KOR,2025-06,signed"]
    scores = scored(frozen, tmp_path, *rows, known_to="2025-10")
    assert row_of(scores, 6, "", "all")["n_observed"] == 2


def test_all_that_is_wrong_is_told_at_once(frozen: Ledger, tmp_path: Path) -> None:
    rows = [
        f"{US},KOO,2025-06,signed",
        f"{US},KOR,2025-02-30,sinned",
        "us,chips,KOR,2025-06,signed",
    ]
    with pytest.raises(sim.InputError) as told:
        scored(frozen, tmp_path, *rows)
    assert [problem.line for problem in told.value.problems] == [2, 3, 3, 4]


@pytest.mark.parametrize("content", [None, b"\xff\xfe", b""])
def test_a_table_that_cannot_be_read_is_refused(
    frozen: Ledger, tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "events.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(sim.InputError, match=r"events\.csv: .*\n  \w+"):
        sim.score_forecasts(path, frozen.path.parent)


@pytest.mark.parametrize("known_to", ["2025", "2025-13", "May 2025", 202505])
def test_a_month_that_is_none_is_refused(frozen: Ledger, tmp_path: Path, known_to: str) -> None:
    with pytest.raises(sim.InputError, match=r"known_to = .* must be a month"):
        scored(frozen, tmp_path, f"{US},KOR,2025-06,signed", known_to=known_to)
