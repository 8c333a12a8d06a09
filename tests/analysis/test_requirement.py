"""What it would take: answers that are known by hand, luck that is shared, and clear refusals."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim
from analysis.requirement_worlds import (
    CONCERN,
    REFERENCE,
    apart_of,
    distrustful,
    one_offer,
    one_place,
    question_about,
    required,
)
from sim.analysis.requirement.bound import NOT_ASKED, NOT_TAKEN_UP, REASONS, SAYS_NO, SIGNS
from sim.analysis.requirement.catalogue import find_levers, lever_kinds
from sim.analysis.requirement.each.everybody import require_of_each
from sim.analysis.requirement.host.bargaining import bargain
from sim.analysis.requirement.searching import cheapest, cost_of, frontier_of
from sim.analysis.requirement.settings import Setting, as_it_is, set_apart
from sim.analysis.requirement.trials import Trials

# Signs where 0.4 > 0.8 (1 - x), so from the first hundredth above one half.
NEEDED = 0.51


def test_one_lever_where_the_choice_is_certain() -> None:
    scenario = one_offer()
    found = required(scenario, distrustful(scenario))
    assert (found.state, found.as_it_is.mean) == ("reached", 0.0)
    assert found.spans[0].value == NEEDED
    assert found.answer.chance.mean == 1.0
    assert found.certificate.after.mean == 1.0
    assert found.certificate.confirms(0.5)
    assert found.certificate.seed != found.seed
    assert found.cost == pytest.approx((NEEDED - 0.2) / 0.8)
    assert 0.2 < found.spans[0].low <= found.spans[0].high <= NEEDED


def test_a_limit_and_a_direction_of_ones_own() -> None:
    scenario = one_offer({"linkage_gain": 1.0}).with_changes({"providers.alpha.linkage": 1.0})
    # 0.4 > 0.2 (1 + linkage): any linkage below 1.
    world = distrustful(scenario, concern=0.25)
    found = required(scenario, world, levers=["linkage"])
    assert found.spans[0].value == pytest.approx(0.99)
    beyond = required(scenario, distrustful(scenario), levers={"local_control": 0.45})
    assert beyond.state == "beyond"
    assert beyond.answer.chance.mean == 0.0
    assert "no terms within the limits" in beyond.sentences()[0]


def logit(level: float) -> float:
    return math.log(level / (1.0 - level))


# One review with noise s: signs with 1 / (1 + exp(-V / s)), V = 0.4 - 0.8 (1 - x).
NOISE = 0.3
KNOWN = 0.5 + NOISE * logit(0.6) / 0.8


def test_the_certificate_usually_holds_and_the_interval_covers() -> None:
    scenario = one_offer({"choice_noise": NOISE}, months=1)
    built = distrustful(scenario, 1)
    confirmed = covered = above = 0
    seeds = range(20)
    for seed in seeds:
        found = required(scenario, built, replicates=200, seed=seed, level=0.6)
        (span,) = found.spans
        confirmed += found.certificate.confirms(0.6)
        covered += span.low <= KNOWN <= span.high
        above += span.value >= KNOWN
    # Nine in ten are aimed at.
    assert confirmed >= 16
    assert covered >= 16
    assert above >= 16


def fund_needed(control: float) -> float:
    """Return the fund at which 0.4 + 0.5 meets(fund, 1000) = 0.8 (1 - control) at least."""
    short = CONCERN * (1.0 - control) - 0.4
    if short <= 0.0:
        return 0.0
    return -1000.0 * math.log(1.0 - short / 0.5) if short < 0.5 else math.inf


@pytest.fixture(scope="module")
def both() -> sim.Requirement:
    scenario = one_offer({"w_fund": 0.5})
    return required(scenario, distrustful(scenario), levers=("local_control", "fund"))


def test_the_frontier_of_price_and_control(both: sim.Requirement) -> None:
    assert len(both.frontier) >= 6
    for each, is_enough in both.frontier:
        control, fund = (
            lever.value(p) for lever, p in zip(both.levers, each.positions, strict=True)
        )
        assert is_enough
        finest = both.levers[1].step + abs(both.levers[1].limit - both.levers[1].start) / 32
        assert fund_needed(control) <= fund <= fund_needed(control) + finest
    table = both.frame("frontier")
    assert {"local_control", "fund", "usd_m", "mw", "cost"} <= {*table.columns}
    # Without a data centre, and nothing asked of the host, a partnership costs the fund.
    assert table["usd_m"].tolist() == pytest.approx(table["fund"].tolist())


def test_the_cheapest_of_two_is_that_of_a_full_grid(both: sim.Requirement) -> None:
    control, fund = both.levers
    least = min(
        control.share(p) + fund_needed(control.value(p)) / abs(fund.limit - fund.start)
        for p in range(control.n_steps + 1)
        if fund_needed(control.value(p)) < fund.limit
    )
    assert least - 1e-9 <= both.cost <= least + 0.02


def test_a_price_turns_the_answer() -> None:
    scenario = one_offer({"w_fund": 0.5})
    dear = required(
        scenario, distrustful(scenario), levers=("local_control", "fund"),
        prices={"local_control": 20.0},
    )  # fmt: skip
    assert dear.answer.positions[0] == 0
    assert dear.levers[1].value(dear.answer.positions[1]) == pytest.approx(
        fund_needed(0.2), abs=1700 / 32
    )


def test_three_levers_cost_no_more_than_any_two() -> None:
    changes = {"providers.alpha.linkage": 0.5}
    scenario = one_offer({"w_fund": 0.5}).with_changes(changes)
    built = distrustful(scenario)
    names = ("local_control", "fund", "linkage")
    three = required(scenario, built, levers=names)
    assert three.state == "reached"
    for pair in (names[:2], names[1:]):
        assert three.cost <= required(scenario, built, levers=pair).cost + 0.02


def test_an_exhaustive_grid_finds_nothing_cheaper() -> None:
    levers = find_levers(one_offer(), REFERENCE, {"local_control": 1, "fund": 100})

    def holds(terms: Any) -> list[bool]:
        return [levers[0].share(a) ** 2 + levers[1].share(b) >= 0.7 for a, b in terms]

    grid = [(a, b) for a in range(levers[0].n_steps + 1) for b in range(levers[1].n_steps + 1)]
    least = min(cost_of(levers, p) for p, ok in zip(grid, holds(grid), strict=True) if ok)
    points = frontier_of(holds, (levers[0].n_steps, levers[1].n_steps))
    best = cheapest(levers, holds, [each.positions for each in points if each.is_enough])
    assert holds([best]) == [True]
    assert cost_of(levers, best) <= least + 0.02


def test_who_is_never_asked_needs_a_place() -> None:
    scenario = one_place()
    # The first is worth more, signs at once and keeps the place.
    built = distrustful(scenario, concern=[0.0, 0.0], gdp_rank=[1.0, 0.5])
    terms = required(scenario, built, i=1)
    assert terms.state == "beyond"
    assert [each.strongest for each in terms.binding] == [NOT_ASKED]
    assert terms.binding[0].shares[NOT_ASKED].mean == 1.0
    assert terms.binding[0].full.mean == 1.0
    places = required(scenario, built, i=1, levers=["slots"])
    assert (places.state, places.spans[0].value) == ("reached", 2.0)


def test_who_says_no_says_no() -> None:
    scenario = one_place(slots=None)
    found = required(scenario, distrustful(scenario))
    now, then = found.binding
    assert now.shares[SAYS_NO].mean == 1.0
    assert now.asked.mean == 1.0
    assert then.shares[SIGNS].mean == 1.0
    for each in found.binding:
        assert sum(share.mean for share in each.shares.values()) == pytest.approx(1.0)
        assert {*each.shares} == {*REASONS}


def test_who_does_not_take_it_up_is_told_apart() -> None:
    slow = {"review_rate": 0.01, "review_rate_invited": 0.0}
    scenario = one_place(slots=None, patience_months=12).with_changes(
        {f"parameters.{name}": value for name, value in slow.items()}
    )
    found = required(scenario, distrustful(scenario, concern=0.0), level=0.9)
    (now,) = found.binding[:1]
    assert now.strongest == NOT_TAKEN_UP
    assert now.shares[SIGNS].mean + now.shares[NOT_TAKEN_UP].mean == pytest.approx(1.0)


def test_one_country_takes_the_place_of_another() -> None:
    scenario = one_place()
    # The first refuses until control is enough; until then the second has the place.
    built = distrustful(scenario, concern=[CONCERN, 0.0], gdp_rank=[1.0, 0.5])
    found = required(scenario, built)
    assert found.spans[0].value == NEEDED
    np.testing.assert_array_equal(found.moves.difference, [1.0, -1.0])
    assert found.moves.movers(-1) == [1]
    assert found.moves.total[0] == -1.0
    assert "1 other country becomes less likely" in " ".join(found.sentences()).replace(
        "becomes less likely to sign", "becomes less likely"
    )
    falling = required(scenario, built, i=1, level=0.9)
    assert falling.state == "already"


def test_better_terms_that_hurt_are_told() -> None:
    scenario = one_place()
    built = distrustful(scenario, concern=[CONCERN, 0.0], gdp_rank=[1.0, 0.5])
    setting = Setting(built, REFERENCE, REFERENCE)
    each = require_of_each(question_about(scenario, built), setting, 16, 1)
    assert [each.state(i) for i in range(2)] == ["reached", "already"]
    assert each.chances[1].tolist()[0] == 1.0
    assert each.chances[1].tolist()[-1] == 0.0
    assert any("less likely to sign at the limit" in line for line in each.sentences())


def test_all_countries_from_the_same_trials() -> None:
    scenario = one_offer()
    concern = [0.0, 0.4, 0.8, 2.0, 1e9]
    built = distrustful(scenario, 5, concern)
    setting = Setting(built, REFERENCE, REFERENCE)
    found = require_of_each(question_about(scenario, built), setting, 16, 1)
    states = [found.state(i) for i in range(5)]
    assert states == ["already", "already", "reached", "reached", "reached"]
    # 0.4 > concern (1 - x)
    assert found.needed[2] == pytest.approx(0.5, abs=0.01)
    assert found.needed[3] == pytest.approx(0.8, abs=0.01)
    assert found.needed[4] == pytest.approx(1.0, abs=0.01)
    table = found.frame()
    assert table["country"].tolist()[:2] == ["C0000", "C0001"]
    assert len(found.frame("values")) == found.chances.size


# --- the other side -------------------------------------------------------------------------


def asked_of(
    concern: list[float], price: float, level: float = 0.5, rank: tuple[float, float] = (1.0, 0.5)
) -> sim.MostAsked:
    scenario = one_place()
    facts: dict[str, Any] = {"concern": concern, "gdp_rank": [*rank]}
    built = distrustful(scenario, **facts)
    question = dataclasses.replace(
        question_about(scenario, built, prices={"local_control": price}, level=level), is_alone=True
    )
    plain = Setting(built, REFERENCE, REFERENCE)
    return bargain(question, plain, apart_of(scenario, built, **facts), 16, 1)


def test_the_most_is_what_it_is_worth_over_the_next() -> None:
    # Worth 2 against 1, both sign: it can ask what costs 1, half of the way from 0.2 to 1 at 2.
    found = asked_of([0.0, 0.0], price=2.0)
    assert found.standing.worth.tolist() == [[2.0, 1.0]] * 16
    assert found.rivals.next.tolist() == [1] * 16
    assert found.rivals.yields.tolist() == [1.0] * 16
    at_half = found.asks.index((40,))
    assert found.accepted[: at_half + 1].tolist() == [1.0] * (at_half + 1)
    assert found.accepted[at_half + 1 :].tolist() == [0.0] * (len(found.asks) - at_half - 1)
    assert found.most == pytest.approx(at_half + 0.5)
    # At 1 for all the way the provider would bear exactly that price, or half of 2.
    assert found.bearable[-1] == pytest.approx(0.5)
    assert "can ask of" in found.sentences()[0]


def test_nobody_next_who_would_sign_means_all_can_be_asked() -> None:
    found = asked_of([0.0, 1.0], price=2.0)
    assert found.others_sign[1] == 0.0
    assert found.accepted.tolist() == [1.0] * len(found.asks)
    assert "all the way to the limit" in found.sentences()[0]


def test_who_is_worth_less_can_ask_nothing() -> None:
    found = asked_of([0.0, 0.0], price=2.0, rank=(0.25, 0.5))
    assert found.most == -1.0
    assert found.rivals.rank.tolist() == [2] * 16
    assert "can ask nothing" in found.sentences()[0]


def test_who_signs_only_on_better_terms_is_given_them() -> None:
    # It signs from 0.51 on, which costs 0.31 / 0.8 of a price of 2: 2 - 0.775 is above 1.
    found = asked_of([CONCERN, 0.0], price=2.0)
    values = [found.value(0, m) for m in range(len(found.asks))]
    expected = [0.5 < value <= 0.6 + 1e-9 for value in values]
    assert (found.accepted == 1.0).tolist() == expected


# --- the shipped world ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def unlimited() -> sim.Scenario:
    prefix = "providers.us.offers.infrastructure"
    return sim.load_scenario("baseline").with_changes(
        {f"{prefix}.slots": None, f"{prefix}.pace_per_quarter": 200}
    )


def test_an_offer_apart_on_the_same_terms_changes_nothing(unlimited: sim.Scenario) -> None:
    month = "2025-12"
    trials = [
        Trials(setting, (), 3, 12)
        for setting in (
            as_it_is(unlimited, "us.infrastructure", month),
            set_apart(unlimited, "us.infrastructure", "IDN", month),
        )
    ]
    first, second = (each.run([()])[0] for each in trials)
    for name in ("signed", "invited", "with_rival"):
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name))
    assert first.signed.any()


def test_terms_apart_are_for_one_country(unlimited: sim.Scenario) -> None:
    levers = find_levers(unlimited, "us.infrastructure", ["fund", "smallest_size", "cost_share"])
    setting = set_apart(unlimited, "us.infrastructure", "IDN", "2025-06")
    trials = Trials(setting, levers, 3, 40)
    now, better = trials.run([trials.start, trials.limit])
    i = setting.built.axes.country.index("IDN")
    assert better.signed[:, i].sum() > now.signed[:, i].sum()
    # In the second month nobody else can have seen it yet but by what a peer signed.
    assert (better.signed != now.signed).any(axis=0).sum() <= 5


def test_a_trial_is_the_run_of_that_scenario() -> None:
    baseline = sim.load_scenario("baseline")
    levers = find_levers(baseline, "us.infrastructure", ["fund", "linkage"])
    trials = Trials(as_it_is(baseline, "us.infrastructure", "2025-10"), levers, 5, 16)
    positions = (levers[0].position(0.5), levers[1].position(0.4))
    own = trials.run([positions])[0]
    moved = baseline.with_levers(
        {lever.name: lever.value(p) for lever, p in zip(levers, positions, strict=True)}
    )
    run = sim.simulate(moved, replicates=16, seed=5, as_of="2025-10").ensemble
    o = run.axes.offer.index("us_infrastructure")
    np.testing.assert_array_equal(own.signed, run.month_signed[..., o] >= 0)


def test_an_earlier_opening_is_a_world_of_its_own() -> None:
    late = sim.load_scenario("baseline").with_changes(
        {"providers.us.offers.infrastructure.open_from": "2025-09"}
    )
    levers = find_levers(late, "us.infrastructure", ["opening"])
    trials = Trials(as_it_is(late, "us.infrastructure", "2025-08"), levers, 5, 8)
    now, earlier = trials.run([(0,), (4,)])
    assert not now.invited.any()
    first = sim.load_scenario("baseline")
    same = Trials(as_it_is(first, "us.infrastructure", "2025-08"), (), 5, 8).run([()])[0]
    np.testing.assert_array_equal(earlier.signed, same.signed)
    assert levers[0].shown(levers[0].value(4)) == "May 2025"


def test_every_lever_is_documented_and_can_move() -> None:
    baseline = sim.load_scenario("baseline").with_changes(
        {"providers.us.offers.infrastructure.open_from": "2025-09"}
    )
    for kind in lever_kinds().values():
        assert kind.status == "assumption" or "http" in kind.status
        assert (
            kind.description.count("Cost to the provider") == (not kind.is_money) or kind.is_money
        )
        (lever,) = find_levers(baseline, "us.infrastructure", [kind.name])
        better = lever.value(lever.n_steps)
        assert better == lever.limit
        assert (better > lever.start) == (kind.favours == "up")
        values = [lever.value(p) for p in range(lever.n_steps + 1)]
        assert values == sorted(values, reverse=kind.favours != "up")
        assert [lever.share(p) for p in (0, lever.n_steps)] == [0.0, 1.0]


def test_a_lever_of_the_scenario_goes_as_far_as_it_says() -> None:
    scenario = sim.load_scenario("baseline")
    (own,) = find_levers(scenario, "us.adoption", ["light_control"])
    assert (own.start, own.limit) == (0.3, 1.0)
    (fund,) = find_levers(scenario, "us.infrastructure", ["fund"])
    assert fund.limit == scenario.levers["fund"].high


INFRASTRUCTURE = "providers.us.offers.infrastructure."
WRONG = [
    ({"country": "Congo"}, "'Congo' is the name of more than one country"),
    ({"country": "Brazzil"}, "Did you mean 'BRA'"),
    ({"country": "USA"}, "home to provider us"),
    ({"country": "Hong Kong"}, "countries.exclude leaves it out"),
    ({"offer": "us.infrastructur"}, "Did you mean 'us.infrastructure'.*us.adoption"),
    ({"offer": "adoption"}, "more than one provider.*us.adoption or china.adoption"),
    ({"by": "2035"}, "by = 2035 is outside the scenario baseline.*2025-05 to 2030-12"),
    ({"by": "soon"}, 'by = "soon" is not a month'),
    ({"probability": 0}, "probability = 0 must be a number above 0 and below 1"),
    ({"probability": 1}, "Nothing is certain"),
    ({"probability": 50}, "For 50 per cent write 0.5"),
    ({"probability": float("nan")}, "probability = nan must be"),
    ({"levers": ["local_contrl"]}, "'local_contrl' is not a lever.*Did you mean 'local_control'"),
    ({"levers": {"fund": 100}}, "lever fund = 100 must be above 300"),
    ({"levers": {"local_control": 2}}, "local_control = 2 must be above 0.35"),
    ({"levers": ["opening"]}, "opening stands at May 2025 and can go no further"),
    ({"levers": ["fund"], "prices": {"linkage": 2}}, "linkage is not one of the levers"),
    ({"levers": ["fund"], "prices": {"fund": -1}}, "price fund = -1 must be a number from 0"),
    ({"levers": ["linkage"], "only_it": True}, "linkage is of the provider as a whole"),
    (
        {"levers": [*[*lever_kinds()][:4], "exclusivity", "linkage"]},
        "6 levers may move, and 5 are the most",
    ),
    ({"replicates": 4}, "replicates = 4 must be at least 8"),
    ({"seed": -1}, "seed = -1"),
    ({"country": "CHN"}, "home to provider china"),
    ({"country": "RUS"}, "can never be invited.*infrastructure.excluded lists it"),
    ({"set": {"asked": ["KOR"]}}, "can never be invited.*infrastructure.asked does not list it"),
    ({"set": {"max_chip_tier": 1}}, "can never be invited.*export tier 2.*admits 1 at most"),
    (
        {"set": {"democracy_floor": 0.9, "democracy_floor_is_hard": True}},
        "can never be invited.*democracy_floor = 0.9.*Let the lever democracy_floor move too",
    ),
    ({"set": {"slots": 0}}, "can never be invited.*no places.*Let the lever slots move too"),
    (
        {"set": {"open_from": "2026-01"}},
        "opens in 2026-01, after 2025-12.*Let the lever opening move too",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("given", "words"), WRONG, ids=lambda given: str(given)[:60])
def test_what_cannot_be_asked_is_told(given: dict[str, Any], words: str) -> None:
    scenario = sim.load_scenario("baseline")
    asked = {"country": "BRA", "offer": "us.infrastructure", "by": "2025-12"} | given
    if changes := asked.pop("set", None):
        scenario = scenario.with_changes(
            {f"{INFRASTRUCTURE}{name}": value for name, value in changes.items()}
        )
    country = asked.pop("country")
    with pytest.raises(sim.InputError, match=f"(?s){words}"):
        sim.what_would_it_take(scenario, country, **asked)


def test_a_lever_that_may_move_lifts_the_rule() -> None:
    scenario = sim.load_scenario("baseline").with_changes(
        {
            f"{INFRASTRUCTURE}democracy_floor": 0.95,
            f"{INFRASTRUCTURE}democracy_floor_is_hard": True,
        }
    )
    found = sim.what_would_it_take(
        scenario, "BRA", by="2025-06", levers=["democracy_floor"], replicates=8
    )
    assert found.state in ("beyond", "reached")


def test_all_wrong_arguments_are_told_at_once() -> None:
    with pytest.raises(sim.InputError) as caught:
        sim.what_would_it_take(
            sim.load_scenario("baseline"), "Atlantis", offer="us.x", by="1999", probability=2
        )
    assert len(caught.value.problems) == 4


def test_an_offer_to_all_turns_nobody_away() -> None:
    with pytest.raises(sim.InputError, match=r"all who are eligible may join us\.adoption"):
        sim.most_it_can_ask(
            sim.load_scenario("baseline"), "KOR", offer="us.adoption", levers=["local_control"]
        )


def test_it_is_written_with_its_data_dictionary(both: sim.Requirement, tmp_path: Path) -> None:
    folder = both.write(tmp_path / "found")
    names = {path.stem for path in folder.glob("*.csv")}
    assert names == {"answer", "trials", "frontier", "binding", "moves", "certificate"}
    trials = pd.read_csv(folder / "trials.csv")
    assert trials["cost"].is_monotonic_increasing
    assert len(trials) == len(both.trials)
