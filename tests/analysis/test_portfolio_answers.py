"""Portfolios of the shipped scenarios: the record, names, words, files, and wrong input."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim
from analysis.made_portfolios import luck_of
from sim.analysis.portfolio.actual import partners_in_fact
from sim.analysis.portfolio.asked import Asked, read_question
from sim.analysis.portfolio.blocking import final_states
from sim.analysis.portfolio.choosing import Effort, Portfolio, find_portfolio
from sim.analysis.portfolio.evaluating import asked_first
from sim.analysis.portfolio.market import own_draws
from sim.analysis.portfolio.objective import MEASURES, Objective, measures_of, read_objective
from sim.analysis.portfolio.words import portfolio_sentences, signed_change
from sim.analysis.shared.estimates import Estimate
from sim.interfaces.charts import chart
from sim.model.rows import draw_inputs, run_rows
from sim.model.world.building import build_world

PARTNERS = read_objective("partners")


@pytest.fixture(scope="module")
def baseline() -> sim.Scenario:
    return sim.load_scenario("baseline")


@pytest.fixture(scope="module")
def short(baseline: sim.Scenario) -> Portfolio:
    """Return the answer for the first year, from few futures."""
    question = read_question(baseline, None, "partners", 4, 3000, None, ["Japan"], ["Norway"])
    effort = Effort(screened=8, confirmed=16, exchanges=4, draws=4, futures_of_draw=4, paired=4)
    return find_portfolio({"": baseline}, question, 16, 1, 1, "2026-04", effort)


def test_asking_a_set_is_the_scenario_that_asks_it(baseline: sim.Scenario) -> None:
    chosen = ("JPN", "KOR", "BRA", "ARE")
    head = "providers.us.offers.infrastructure"
    listed = baseline.with_changes({f"{head}.asked": list(chosen), f"{head}.slots": 4})
    own, there = (build_world(each, as_of="2026-04") for each in (baseline, listed))
    asked = Asked("us.infrastructure", PARTNERS, 4)
    luck = luck_of(own, asked, 8)
    where = [own.axes.country.index(code) for code in chosen]
    found = luck.rows(where, 4)
    expected = run_rows(there, 1, draw_inputs(there, 1, own_draws(8)))
    np.testing.assert_array_equal(found.final_path, expected.final_path)
    np.testing.assert_array_equal(found.month_signed, expected.month_signed)
    invited = (found.month_invited[:, :, luck.market.o] >= 0).any(axis=0)
    assert set(np.flatnonzero(invited)) <= set(where)


def test_futures_that_are_followed_end_as_those_that_are_run(baseline: sim.Scenario) -> None:
    built = build_world(baseline, as_of="2026-04")
    luck = luck_of(built, Asked("us.infrastructure", PARTNERS, 10), 4)
    chosen, market = list(luck.market.candidates)[::5], luck.market
    asking = market.asking(chosen)
    paths = [end.path for end in final_states(asking, luck, market.o, 10)]
    np.testing.assert_array_equal(np.array(paths), luck.rows(chosen, 10).final_path)


def test_measures_are_sums_over_countries(baseline: sim.Scenario) -> None:
    built = build_world(baseline, as_of="2026-04")
    luck = luck_of(built, Asked("us.infrastructure", PARTNERS, 10), 8)
    chosen, market = list(luck.market.candidates)[::8], luck.market
    rows, size = luck.rows(chosen, 10), luck.packages(10).size_mw
    measured = measures_of(rows, market.worth, market.o, market.p)
    for name in MEASURES:
        if name in ("live_compute", "rival_loss"):
            continue
        each = market.worth.of_countries(Objective({name: 1.0}), rows.final_path, size)
        np.testing.assert_allclose(each.sum(axis=1), measured[name], rtol=1e-9, err_msg=name)
    assert measured["partners"].sum() > 0.0
    lost = market.worth.of_countries(Objective({"rival_loss": 1.0}), rows.final_path, size)
    np.testing.assert_array_equal(-lost.sum(axis=1), measured["rivals"])


def test_batches_join_to_the_same_futures(
    baseline: sim.Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = build_world(baseline, as_of="2025-09")
    luck = luck_of(built, Asked("us.infrastructure", PARTNERS, 10), 10)
    whole = luck.rows(luck.market.candidates, 10)
    monkeypatch.setattr("sim.analysis.portfolio.simulated.BATCH", 4)
    parts = luck.rows(luck.market.candidates, 10)
    for name in ("final_path", "month_signed", "offer_record", "path_share"):
        np.testing.assert_array_equal(getattr(whole, name), getattr(parts, name))


def test_included_countries_come_by_any_name_and_limits_hold(short: Portfolio) -> None:
    assert "JPN" in short.codes
    assert "NOR" not in short.codes
    assert sum(each.size_mw for each in short.members) <= 3000.0
    assert len(short.codes) <= 4
    assert short.months[-1] == "2026-04"


def test_the_record_stands_beside_it(short: Portfolio) -> None:
    rows = {(row["country"], row["offer"]): row for row in short.frame("record").to_dict("records")}
    emirates = rows["ARE", "us.infrastructure"]
    assert emirates["since"] == "2025-05-22"
    assert "introducing-stargate-uae" in emirates["source"]
    assert rows["GBR", "us.infrastructure"]["ended"] == "2026-04-09"
    assert {"ARE", "NOR", "GBR", "KOR"} <= set(short.holders_in_fact)
    # The answer is that of April 2026: what happened later is not in its record.
    assert max(each.since for each in short.record) < "2026-05"
    later = {each.code for each in partners_in_fact(short.scenario, "us")}
    assert {each.code for each in short.record} < later
    # The school agreement of February 2025 is older than the programme.
    assert rows["EST", "us.adoption"]["since"] == "2026-01-21"


def test_it_says_what_came_out(short: Portfolio) -> None:
    first, second, note, third, *_ = short.sentences()
    assert note == MEASURES["partners"].note
    assert first.startswith("For the most partners by April 2026, the model would have the United")
    assert "make its infrastructure offer, with its 4 places, to" in first
    assert "Japan" in first
    assert "on average over the futures of the model (" in second
    assert "in nine futures of ten); compared with asking nobody, that is +" in second
    assert "(90 %: +" in second
    assert "Other sets, asked in the same way, would bring: the largest economies" in second
    assert "those that its own ranking asks first" in second
    rule = short.other("rule")
    assert rule is not None
    with_rule = signed_change(short.adds.mean - rule.ahead.mean)
    assert f"refusal (beyond the limits), it would be {with_rule}" in second
    assert third.startswith("On record since May 2025, 7 governments accepted this offer")
    for sentence in short.sentences():
        assert not {"utility", "replicate", "nan"} & set(sentence.lower().split())


def test_a_rule_that_does_better_than_the_best_set_comes_first(short: Portfolio) -> None:
    rule = short.other("rule")
    assert rule is not None

    def told(low: float, high: float, *, fits: bool = True) -> list[str]:
        ahead = Estimate((low + high) / 2, low, high, 0.05)
        others = [
            replace(each, ahead=ahead, fits=fits) if each is rule else each for each in short.others
        ]
        return portfolio_sentences(replace(short, others=tuple(others)))

    first, second, third, *_ = told(-0.5, -0.3)
    assert first.startswith("For the most partners by April 2026, the United States does better to")
    assert "asks others after a refusal" in first
    assert first.endswith("by +0.40 (90 %: +0.30 to +0.50) over the best set that was found.")
    assert second.startswith("Of sets that are asked alone, for the most partners")
    assert third.startswith("If it asks these and no others")
    # Within chance, or beyond the limits of the question, it does not.
    for other in (told(-0.5, 0.1), told(0.3, 0.5), told(-0.5, -0.3, fits=False)):
        assert other[0].startswith("For the most partners by April 2026, the model would have")


def test_those_asked_first_are_counted_in_each_future(baseline: sim.Scenario) -> None:
    built = build_world(baseline, as_of="2025-12")
    luck = luck_of(built, Asked("us.infrastructure", PARTNERS, 10), 16)
    rows = luck.run(built, luck.inputs(10))
    month = rows.month_invited[:, :, luck.market.o]
    for n in (3, 10):
        found = asked_first(rows, luck.market.o, n)
        asked = np.minimum((month >= 0).sum(axis=1), n)
        assert found.sum() == pytest.approx(asked.mean())
        assert found.max() <= 1.0
        assert (found[~(month >= 0).any(axis=0)] == 0.0).all()
    # Who is always asked in the first month is always among as many as are asked then.
    first = (month == 0).sum(axis=1)
    always = (month == 0).all(axis=0)
    assert (asked_first(rows, luck.market.o, int(first.max()))[always] == 1.0).all()


def test_it_is_written_with_its_data_dictionary(short: Portfolio, tmp_path: Path) -> None:
    folder = short.write(tmp_path / "which")
    names = {path.name for path in folder.iterdir()}
    tables = {f"{table.name}.csv" for table in short.tables()}
    assert {*tables, "datapackage.json"} == names
    countries = pd.read_csv(folder / "countries.csv")
    assert tuple(countries["country"]) == short.codes
    others = pd.read_csv(folder / "others.csv").set_index("set")
    assert others.loc["nobody", "value"] == 0.0
    sets = {"gdp", "readiness", "rule", "ranking", "random", "in_fact", "nobody"}
    assert sets == set(others.index)


def test_a_single_fresh_future_has_no_intervals(baseline: sim.Scenario) -> None:
    question = read_question(baseline, None, "gdp", 2, None, 60_000, (), ())
    effort = Effort(screened=4, confirmed=8, exchanges=2, draws=2, futures_of_draw=2, paired=2)
    found = find_portfolio({"": baseline}, question, 1, 2**32 - 1, 1, "2025-10", effort)
    assert found.fresh_seed == 0
    assert np.isnan(found.adds.low)
    assert not any("nan" in sentence for sentence in found.sentences())
    assert chart(found, "portfolio")["data"]["values"]
    assert found.frame("limits")["limit"].tolist() == ["budget_usd_m"]


def test_partners_on_record_hold_places() -> None:
    today = sim.load_scenario("today")
    question = read_question(today, None, "partners", 6, None, None, (), ())
    effort = Effort(screened=4, confirmed=8, exchanges=2, draws=2, futures_of_draw=2, paired=2)
    found = find_portfolio({"": today}, question, 8, 1, 1, "2027-06", effort)
    assert set(found.held) == {"ARE", "KOR", "ARG", "AUS", "IND"}
    assert len(found.codes) <= 1
    assert not set(found.codes) & set(found.held)
    with pytest.raises(sim.InputError, match=r"slots = 5: 5 partners on record.*\n.*at least 6"):
        sim.portfolio(today, slots=5, as_of="2027-01")


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"objective": "readines"}, "objective 'readines' is not known.\n  Did you mean 'readiness'"),
    ({"objective": "money"}, "objective 'money' is not known.\n  .*partners"),
    ({"objective": ""}, "objective '' cannot be read"),
    ({"objective": "partners=0"}, "its weight '0' must be a number above 0"),
    ({"objective": "partners,partners=2"}, "partners is given twice"),
    ({"objective": {}}, "the objective is empty"),
    ({"objective": 3}, "objective must be a text, not a int"),
    ({"offer": "us.adoption"}, "us.adoption has open enrolment.*\n.*us.infrastructure"),
    ({"offer": "us.infrastructur"}, "is not one of.*\n.*Did you mean 'us.infrastructure'"),
    ({"offer": 3}, "offer must be a text"),
    ({"slots": 0}, "slots = 0 must be a whole number from 1 to 200"),
    ({"slots": True}, "slots = True must be a whole number"),
    ({"slots": 200}, r"slots = 200: the offer can be made to \d+ countries.*\n  Give at most"),
    ({"megawatts": 100}, "megawatts = 100 admits nobody: the country that takes least.*200 MW"),
    ({"megawatts": -1}, "megawatts = -1 must be a number above 0"),
    ({"megawatts": "many"}, 'megawatts = "many" must be a number'),
    ({"budget_usd_m": 5}, "budget_usd_m = 5 admits nobody.*USD million.\n  Give at least"),
    ({"include": ["Holand"]}, "include 'Holand' is not a country.*\n.*'NLD'"),
    ({"include": ["USA"]}, "include 'USA' takes no part"),
    ({"include": ["China"]}, "include 'China' takes no part"),
    ({"include": ["Russia"]}, "include RUS: offer us.infrastructure cannot be made to it: a list"),
    ({"include": ["JPN"], "exclude": ["Japan"]}, "include and exclude both name JPN"),
    ({"include": ["JPN", "KOR"], "slots": 1}, "include names 2 countries, and 1 places are free"),
    ({"include": ["JPN", "BRA"], "megawatts": 250}, "JPN, BRA, which together exceed"),
    ({"as_of": "2031-01"}, "as_of = 2031-01 must be a month of"),
    ({"replicates": 0}, "replicates = 0 must be a whole number"),
    ({"replicates": 20_001}, "replicates = 20001 must be a whole number from 1 to 20000"),
    ({"terms": {"more": {"local_contrl": 0.8}}}, "terms more: lever .*\n.*local_control"),
    ({"terms": ["more"]}, "terms must be a mapping"),
]


@pytest.mark.parametrize(("given", "words"), WRONG, ids=lambda value: str(value)[:40])
def test_wrong_arguments_are_refused(
    baseline: sim.Scenario, given: dict[str, Any], words: str
) -> None:
    with pytest.raises(sim.InputError, match=words):
        sim.portfolio(baseline, **({"as_of": "2025-08"} | given))


def test_everything_wrong_is_told_at_once(baseline: sim.Scenario) -> None:
    with pytest.raises(sim.InputError) as caught:
        sim.portfolio(baseline, slots=0, objective="x", megawatts=0, include=["Atlantis"])
    assert len(caught.value.problems) == 4


def test_an_offer_that_opens_later_is_told(baseline: sim.Scenario) -> None:
    later = baseline.with_changes({"providers.us.offers.infrastructure.open_from": "2026-01"})
    with pytest.raises(sim.InputError, match="opens in January 2026, and the run ends in August"):
        sim.portfolio(later, as_of="2025-08")
