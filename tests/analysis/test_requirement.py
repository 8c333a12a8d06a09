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
from sim.analysis.requirement.catalogue import find_levers
from sim.analysis.requirement.each.everybody import require_of_each
from sim.analysis.requirement.moving import moves_between
from sim.analysis.requirement.requiring import TermsSearch
from sim.analysis.requirement.searching import cheapest, cost_of, frontier_of
from sim.analysis.requirement.settings import Setting
from sim.analysis.requirement.trials import TrialResult
from sim.analysis.requirement.words import with_interval

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
    assert found.moves.total.mean == -1.0
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


def test_it_is_written_with_its_data_dictionary(both: sim.Requirement, tmp_path: Path) -> None:
    folder = both.write(tmp_path / "found")
    names = {path.stem for path in folder.glob("*.csv")}
    assert names == {"answer", "trials", "frontier", "binding", "moves", "certificate"}
    trials = pd.read_csv(folder / "trials.csv")
    assert trials["cost"].is_monotonic_increasing
    assert len(trials) == len(both.trials)


def test_places_are_whole_and_months_are_months() -> None:
    scenario = one_place(slots=1)
    ranks = {"gdp_rank": [1.0, 0.8, 0.6, 0.4, 0.2]}
    built = distrustful(scenario, 5, 0.0, **ranks)
    setting = Setting(built, REFERENCE, REFERENCE)
    found = require_of_each(question_about(scenario, built, ["slots"]), setting, 16, 1)
    assert found.needed.tolist() == [1.0, 2.0, 3.0, 4.0, 5.0]
    # It reviews every other month: 1/2 by the end if the offer opens in December, 3/4 in November.
    late = one_place(slots=None, open_from="2026-12", patience_months=12).with_changes(
        {"parameters.review_rate": 0.5}
    )
    built = distrustful(late, 1, 0.0)
    setting = Setting(built, REFERENCE, REFERENCE)
    question = question_about(late, built, ["opening"], level=0.65)
    table = require_of_each(question, setting, 80, 1).frame()
    assert table["needed"].tolist() == ["2026-11"]


def test_terms_that_are_given_are_not_searched_for() -> None:
    scenario = one_place()
    facts: dict[str, Any] = {"concern": [CONCERN, 0.0], "gdp_rank": [1.0, 0.5]}
    built = distrustful(scenario, **facts)
    question = question_about(scenario, built, {"local_control": 0.8})
    setting = Setting(built, REFERENCE, REFERENCE)
    found = TermsSearch(question, setting, setting, 16, 0).answer(is_given=True)
    assert (found.state, found.spans[0].value) == ("given", 0.8)
    assert found.answer.chance.mean == 1.0
    assert found.moves.difference.tolist() == [1.0, -1.0]
    assert found.frontier == ()


def test_a_place_set_aside_is_taken_from_the_others() -> None:
    scenario = one_place(slots=2)
    facts: dict[str, Any] = {"concern": [0.0, 0.0, 0.0], "gdp_rank": [0.1, 1.0, 0.5], "n": 3}
    built = distrustful(scenario, **facts)
    question = dataclasses.replace(question_about(scenario, built), is_alone=True)
    apart = apart_of(scenario, built, **(facts | {"n": 3}))
    found = TermsSearch(question, Setting(built, REFERENCE, REFERENCE), apart, 16, 1).answer()
    # Of two places it would have none; with one set aside it signs, and the second has none.
    assert found.as_it_is.mean == 0.0
    assert found.set_aside.mean == 1.0
    assert found.cost == 0.0
    assert found.moves.difference.tolist() == [1.0, 0.0, -1.0]
    assert "if a place were set aside for it" in found.sentences()[0]


def test_what_the_place_does_is_told_from_what_the_terms_do() -> None:
    scenario = one_place(slots=2)
    # It would be second, and refuses until control is enough.
    facts: dict[str, Any] = {"concern": [CONCERN, 0.0, 0.0], "gdp_rank": [0.8, 1.0, 0.5], "n": 3}
    built = distrustful(scenario, **facts)
    question = dataclasses.replace(question_about(scenario, built), is_alone=True)
    apart = apart_of(scenario, built, **facts)
    found = TermsSearch(question, Setting(built, REFERENCE, REFERENCE), apart, 16, 1).answer()
    assert found.spans[0].value == NEEDED
    assert found.set_aside.mean == 0.0
    # The third loses the place that is set aside, whether it is taken or not.
    assert found.moves.difference.tolist() == [1.0, 0.0, -1.0]
    assert found.moves_by_terms is not None
    assert found.moves_by_terms.difference.tolist() == [1.0, 0.0, 0.0]
    assert "by the terms themselves, no other country" in " ".join(found.sentences())


def test_where_the_limits_leave_no_margin_it_says_so() -> None:
    scenario = one_offer({"choice_noise": NOISE}, months=1)
    # At its limit the probability is a little above the level.
    limit = KNOWN + 0.02
    found = required(
        scenario, distrustful(scenario, 1), 400, level=0.6, levers={"local_control": limit}
    )
    assert found.state in ("barely", "beyond")
    words = " ".join(found.sentences())
    if found.state == "barely":
        assert found.answer.chance.mean >= 0.6
        assert "The limits leave no margin" in words
    else:
        assert "no terms within the limits" in words


def test_who_moves_is_told_from_chance() -> None:
    country = tuple("abcd")
    rng = np.random.default_rng(0)
    before = rng.random((400, 4)) < 0.5
    after = before.copy()
    after[:, 0] = True
    after[:, 1] = rng.random(400) < 0.5

    def outcome(signed: np.ndarray) -> TrialResult:
        return TrialResult(
            signed, signed, np.zeros_like(signed), np.zeros(400), np.zeros(400), np.ones(4, bool)
        )

    found = moves_between(country, "a", outcome(before), outcome(after))
    assert found.moves.tolist() == [True, False, False, False]
    assert found.movers(1) == [0]
    assert found.total.mean == pytest.approx(after[:, 1].mean() - before[:, 1].mean())


def test_progress_only_rises() -> None:
    seen: list[tuple[int, int]] = []
    sim.what_would_it_take(
        sim.load_scenario("baseline"), "NOR", by="2025-06", levers=["fund"], replicates=8,
        progress=lambda done, total: seen.append((done, total)),
    )  # fmt: skip
    done = [each for each, _ in seen]
    assert done == sorted(done)
    assert all(each <= total for each, total in seen)


# Words ---------------------------------------------------------------------------------------


def test_what_is_compared_is_from_the_same_futures_whatever_is_asked() -> None:
    scenario = one_offer({"choice_noise": NOISE}, months=1)
    built = distrustful(scenario, 1)
    limits = {"local_control": 0.6}
    asked = [required(scenario, built, 40, level=level, levers=limits) for level in (0.9, 0.99)]
    for found in asked:
        assert found.state == "beyond"
        # In few futures of a search the level as things stand is another one.
        assert found.as_it_is.mean != found.certificate.before.mean
        first, check, stands, *_ = found.sentences()
        before, after = (
            with_interval(p) for p in (found.certificate.before, found.certificate.after)
        )
        assert f"at most it is {after}" in first
        assert f"as things stand {before}, both in the same 1,000 fresh futures" in first
        assert "Monte Carlo error alone" in check
        assert stands.startswith("In the 40 futures of the search, as things stand")
    one, other = asked
    assert one.certificate == other.certificate


def test_who_is_always_asked_is_not_told_that_all_should_be() -> None:
    scenario = one_place(slots=2)
    # The provider asks one country after the other, and both in time.
    built = distrustful(scenario, concern=[CONCERN, 0.0], gdp_rank=[0.5, 1.0])
    for found in (required(scenario, built, i=i) for i in range(2)):
        text = " ".join(found.sentences())
        assert all(each.asked.mean == 1.0 for each in found.binding)
        assert "asked everybody" not in text
