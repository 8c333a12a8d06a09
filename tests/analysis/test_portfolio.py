"""Which countries to ask: known answers on small worlds, exact enumeration, and honest checks."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.analysis.portfolio.additive import best_sum
from sim.analysis.portfolio.asked import Asked, limits_of, market_of, read_question
from sim.analysis.portfolio.blocking import EMPTY_PLACE, blocking_pairs
from sim.analysis.portfolio.choosing import Effort, Portfolio, choose, find, fresh_seed
from sim.analysis.portfolio.found import Choice
from sim.analysis.portfolio.market import Limits, own_draws
from sim.analysis.portfolio.objective import MEASURES, Objective, measures_of, read_objective
from sim.analysis.portfolio.search import Search
from sim.analysis.portfolio.simulated import Luck, Tally
from sim.analysis.verification import matching
from sim.analysis.verification.worlds import (
    FIRST_OFFER,
    make_world,
    offer,
    provider,
    slotted_offer,
    uniform_influence,
    write_scenario,
)
from sim.model.rows import draw_inputs, run_rows
from sim.model.world.building import Built, build_world
from tolerances import ROUNDING

SMALL = Effort(screened=40, confirmed=80, exchanges=30, draws=4, futures_of_draw=10, paired=20)
PARTNERS = read_objective("partners")
# Eight countries: half of them want the offer, and each wants a data centre of another size.
WANTS = np.array([1.0, -1.0, 1.0, -1.0, 1.0, -1.0, 1.0, -1.0])
NEED_MW = np.array([150.0, 900.0, 300.0, 800.0, 200.0, 700.0, 400.0, 600.0])


def sure_world(slots: int = 2, **terms: Any) -> Built:
    """Return a world without chance, in which every other country takes the offer."""
    weights = {"w_tie": 1.0, "w_own_cost": 20.0, "w_hedge": 20.0, "w_data_centre": 0.001}
    large = slotted_offer(slots, patience_months=12, data_centre_mw_max=2000, **terms)
    scenario = write_scenario([provider(0, large), provider(1, offer())], 12, weights)
    relation = {"tie": np.stack([WANTS, np.full(8, -1.0)], axis=1)}
    return make_world(scenario, 8, relation=relation, need_mw=NEED_MW)


def lively_world(instance: int) -> Built:
    """Return a world of seven countries with chance, and peers that carry each other along."""
    rng = np.random.default_rng(instance)
    weights = {
        "w_tie": 1.0, "choice_noise": 0.6, "w_peer": 3.0, "w_own_cost": 20.0, "w_hedge": 20.0,
    }  # fmt: skip
    large = slotted_offer(3, patience_months=12)
    scenario = write_scenario([provider(0, large), provider(1, offer())], 10, weights)
    tie = np.stack([rng.uniform(-1.2, 0.8, 7), np.full(7, -1.0)], axis=1)
    return make_world(scenario, 7, influence=uniform_influence(7), relation={"tie": tie})


def ask(built: Built, places: int, objective: str = "partners", **more: Any) -> Choice:
    asked = Asked("alpha.a", read_objective(objective), places, **more)
    return choose({"": built}, asked, (), 40, 1, 1, SMALL)


def codes(*which: int) -> tuple[str, ...]:
    return tuple(f"C{i:04d}" for i in which)


def luck_of(built: Built, asked: Asked, futures: int, seed: int = 1) -> Luck:
    return Luck(market_of(built, asked), asked.objective, seed, own_draws(futures), 1, Tally(1))


@pytest.fixture(scope="module")
def sure() -> Built:
    return sure_world()


@pytest.fixture(scope="module")
def baseline() -> sim.Scenario:
    return sim.load_scenario("baseline")


@pytest.fixture(scope="module")
def short(baseline: sim.Scenario) -> Portfolio:
    """Return the answer for the first year, from few futures."""
    question = read_question(baseline, None, "partners", 4, 3000, None, ["Japan"], ["Norway"])
    effort = Effort(screened=8, confirmed=16, exchanges=4, draws=4, futures_of_draw=4, paired=4)
    return find({"": baseline}, question, 16, 1, 1, "2026-04", effort)


def test_those_who_want_it_and_need_most_are_asked_for_compute(sure: Built) -> None:
    found = ask(sure, 2, "compute")
    # Of 0, 2, 4 and 6, which take the offer, 6 and 2 need most; 1, 3, 5 and 7 would need more.
    assert found.codes == codes(6, 2)
    sizes = dict(zip(found.codes, (each.size_mw for each in found.members), strict=True))
    total = sum(sizes.values()) / 1000.0
    assert sizes["C0006"] > sizes["C0002"] > 0.0
    assert found.value.mean == pytest.approx(total, rel=ROUNDING)
    assert found.value.low == found.value.high == found.value.mean
    assert [each.holds.mean for each in found.members] == [1.0, 1.0]
    assert found.searched == pytest.approx(found.value.mean, rel=ROUNDING)


def test_each_place_adds_what_its_country_takes(sure: Built) -> None:
    found = ask(sure, 2, "compute")
    sizes = [each.size_mw / 1000.0 for each in found.members]
    assert [each.adds.mean for each in found.slots[:2]] == pytest.approx(sizes, rel=ROUNDING)
    third = found.slots[2]
    assert (third.code, third.is_beyond) == ("C0004", True)
    assert 0.0 < third.adds.mean < sizes[1]


def test_a_limit_makes_a_knapsack(sure: Built) -> None:
    sizes = {each.code: each.size_mw for each in ask(sure, 4, "compute").members}
    # The largest does not fit beside any other: the two next to it hold more together.
    room = sizes["C0002"] + sizes["C0004"]
    assert sizes["C0006"] < room < sizes["C0006"] + sizes["C0000"]
    found = ask(sure, 2, "compute", megawatts=room)
    assert set(found.codes) == set(codes(2, 4))
    (more,) = found.further
    assert more.promised == pytest.approx(room)
    assert more.step == 1000.0
    assert (set(more.joins), set(more.leaves)) == ({"C0006"}, {"C0004"})
    assert more.adds.mean == pytest.approx((sizes["C0006"] - sizes["C0004"]) / 1000.0)


def test_money_counts_the_share_of_the_provider() -> None:
    built = sure_world(cost_share=0.25, fund_usd_m=10.0)
    found = ask(built, 2)
    for member in found.members:
        # 50 million a megawatt in these worlds.
        assert member.bill_usd_m == pytest.approx(0.75 * (50.0 * member.size_mw + 10.0))
    cheap = ask(built, 2, budget_usd_m=min(each.bill_usd_m for each in ask(built, 4).members))
    assert cheap.codes == codes(0)


def test_nobody_who_adds_nothing_is_asked(sure: Built) -> None:
    found = ask(sure, 6)
    assert set(found.codes) == set(codes(0, 2, 4, 6))
    assert not [each for each in found.slots if each.is_beyond]
    assert found.stability.empty_places == 2.0


def test_included_and_excluded(sure: Built) -> None:
    found = ask(sure, 2, "compute", include=codes(1), exclude=codes(6))
    assert set(found.codes) == set(codes(1, 2))


def test_without_uncertainty_who_belongs_is_certain(sure: Built) -> None:
    found = ask(sure, 2, "compute")
    groups = {each.code: (each.group, each.share.mean) for each in found.belonging}
    assert {groups[code] for code in codes(6, 2)} == {("core", 1.0)}
    assert {groups[code] for code in codes(0, 1, 3, 4, 5, 7)} == {("never", 0.0)}


def test_rivals_lose_those_who_would_be_theirs() -> None:
    weights = {"w_tie": 1.0, "w_own_cost": 20.0, "w_hedge": 20.0}
    blocks = [provider(0, slotted_offer(2, patience_months=12)), provider(1, offer())]
    # All want both; 0 to 3 want the rival more.
    tie = np.stack([np.ones(6), np.array([2.0, 2.0, 2.0, 2.0, 0.5, 0.5])], axis=1)
    built = make_world(write_scenario(blocks, 12, weights), 6, relation={"tie": tie})
    found = ask(built, 2, "rival_loss")
    assert set(found.codes) == set(codes(4, 5))
    assert found.value.mean == 2.0
    assert found.measure("rival_loss").unasked.mean == 0.0


def test_the_better_terms_are_chosen_with_their_countries() -> None:
    worlds = {"plain": sure_world(), "strict": sure_world(max_chip_tier=1)}
    worlds["strict"].world.country["chip_tier"][[2, 6]] = 2.0
    asked = Asked("alpha.a", read_objective("compute"), 2)
    found = choose(worlds, asked, (), 20, 1, 1, SMALL)
    chosen = {each.name: (each.codes, each.is_chosen) for each in found.settings}
    assert chosen == {"plain": (codes(6, 2), True), "strict": (codes(4, 0), False)}
    assert {each.name: each.behind.mean for each in found.settings}["strict"] < 0.0


@pytest.mark.parametrize("instance", range(4))
def test_it_comes_close_to_exact_enumeration(instance: int) -> None:
    built = lively_world(instance)
    asked = Asked("alpha.a", PARTNERS, 3)
    screen, confirm = luck_of(built, asked, 80), luck_of(built, asked, 160, seed=2)
    promise = screen.promise(3)
    limits = limits_of(screen.market, asked, promise)
    search = Search(screen, confirm, limits, screen.gains_of_asking_all(3, promise))
    chosen = search.run()
    judge = luck_of(built, asked, 400, seed=3)
    values = {
        frozenset(each): judge.values(each, 3) for each in itertools.combinations(range(7), 3)
    }
    best = max(values, key=lambda each: values[each].mean())
    gap = values[best] - values[chosen]
    error = gap.std(ddof=1) / np.sqrt(gap.size)
    # The best of 35 in these futures is ahead by luck too.
    assert gap.mean() <= max(2.0 * error, 0.02 * values[best].mean())
    others = [each.mean() for each in values.values()]
    assert values[chosen].mean() > np.quantile(others, 0.9)


amounts = st.lists(st.integers(-3, 20).map(float), min_size=6, max_size=6).map(np.array)


@given(amounts, st.lists(st.integers(1, 9).map(float), min_size=6, max_size=6), st.integers(1, 4))
def test_the_additive_optimum_is_that_of_all_sets(
    gains: np.ndarray, load: list[float], places: int
) -> None:
    limits = Limits(places, 12.0, None, np.array(load), np.zeros(6), ())
    found = best_sum(gains, range(6), limits)
    sums = [
        gains[list(each)].sum()
        for size in range(places + 1)
        for each in itertools.combinations(range(6), size)
        if limits.admit(each)
    ]
    assert limits.admit(found)
    assert gains[[*found]].sum() == pytest.approx(max(sums))


def test_no_pair_blocks_a_stable_matching() -> None:
    for instance in matching.INSTANCES[:4]:
        built = matching.market(instance)
        match = matching.deferred_acceptance(instance)
        found, luck, limits = _blocked(built, matching.PLACES[0], np.flatnonzero(match == 0))
        assert found.any_pair["ranking"] == 0
        assert luck.market.provider == "alpha"
        assert limits.places == matching.PLACES[0]


def test_the_pairs_that_block_another_matching_are_those_of_its_definition() -> None:
    n_blocking = 0
    for instance in matching.INSTANCES[:4]:
        built = matching.market(instance)
        of_countries, _ = matching.preferences(instance)
        willing = np.flatnonzero(of_countries[:, 0] > 0.0)[-2:]
        found, luck, limits = _blocked(built, matching.PLACES[0], willing)
        rows = luck.rows(willing.tolist(), limits.places)
        path = rows.final_path[0].astype(np.int64) - FIRST_OFFER
        match = np.where((path >= 0) & (path < 3), path, matching.NOBODY)
        expected = {
            i for i, p in matching.blocking_pairs(instance, match) if p == 0 and i not in willing
        }
        assert {i for i, _ in found.pairs["ranking"]} == expected
        n_blocking += len(expected)
        is_full = (match == 0).sum() == limits.places
        insides = {j for _, j in found.pairs["ranking"]}
        assert (EMPTY_PLACE in insides) == (bool(expected) and not is_full)
    assert n_blocking > 0


def _blocked(built: Built, places: int, chosen: np.ndarray) -> tuple[Any, Luck, Limits]:
    asked = Asked("alpha.a", PARTNERS, places)
    luck = luck_of(built, asked, 1, seed=0)
    limits = limits_of(luck.market, asked, luck.promise(places))
    return blocking_pairs(luck.market, luck, chosen.tolist(), limits), luck, limits


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


def test_measures_are_sums_over_countries(baseline: sim.Scenario) -> None:
    built = build_world(baseline, as_of="2026-04")
    luck = luck_of(built, Asked("us.infrastructure", PARTNERS, 10), 8)
    chosen, market = list(luck.market.candidates)[::8], luck.market
    rows, size = luck.rows(chosen, 10), luck.promise(10).size_mw
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


def test_workers_change_nothing(sure: Built) -> None:
    built, asked = lively_world(1), Asked("alpha.a", PARTNERS, 2)
    one, two = (choose({"": built}, asked, (), 30, 1, n, SMALL) for n in (1, 2))
    assert (one.codes, one.value, one.stability) == (two.codes, two.value, two.stability)
    assert one.fresh_seed == fresh_seed(1) != one.seed
    assert fresh_seed(2**32 - 1) == 0


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
    assert set(short.holders_in_fact) == {"ARE", "NOR", "GBR", "KOR", "ARG", "AUS", "IND"}
    # The school agreement of February 2025 is older than the programme.
    assert rows["EST", "us.adoption"]["since"] == "2026-01-21"


def test_it_says_what_came_out(short: Portfolio) -> None:
    first, second, note, third, *_ = short.sentences()
    assert note == MEASURES["partners"].note
    assert first.startswith("Offer infrastructure of the United States, 4 places: for the most")
    assert "the 4 countries to ask in the model are" in first
    assert "Japan" in first
    assert "on average over the futures of the model (" in second
    assert "in nine futures of ten). Over asking nobody that is +" in second
    assert "(90 %: +" in second
    assert "the largest economies" in second
    assert third.startswith("On record since May 2025, 7 governments accepted this offer")
    for sentence in short.sentences():
        assert not {"utility", "replicate", "nan"} & set(sentence.lower().split())


def test_it_is_written_with_its_data_dictionary(short: Portfolio, tmp_path: Path) -> None:
    folder = short.write(tmp_path / "which")
    names = {path.name for path in folder.iterdir()}
    tables = {f"{table.name}.csv" for table in short.tables()}
    assert {*tables, "datapackage.json"} == names
    countries = pd.read_csv(folder / "countries.csv")
    assert tuple(countries["country"]) == short.codes
    others = pd.read_csv(folder / "others.csv").set_index("set")
    assert others.loc["nobody", "value"] == 0.0
    assert {"gdp", "readiness", "rule", "random", "in_fact", "nobody"} == set(others.index)


def test_partners_on_record_hold_places() -> None:
    today = sim.load_scenario("today")
    question = read_question(today, None, "partners", 6, None, None, (), ())
    effort = Effort(screened=4, confirmed=8, exchanges=2, draws=2, futures_of_draw=2, paired=2)
    found = find({"": today}, question, 8, 1, 1, "2027-06", effort)
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
