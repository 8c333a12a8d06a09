"""A difference of two scenarios by country and by what decided: it adds up; answers on paper."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.analysis.explanation.two_scenarios.causes import CAUSES, Run, causes_of
from sim.analysis.explanation.two_scenarios.differing import WhyDifference
from sim.analysis.quantities import in_futures, quantities_of_futures
from sim.model.followed import Trace
from sim.model.tracing import FollowedFutures
from sim.model.world.building import Built
from worlds import make_world, offer, provider, slotted_offer, write_scenario

FUTURES = 24


@pytest.fixture(scope="module")
def pair() -> tuple[sim.Scenario, sim.Scenario]:
    a = sim.load_scenario("baseline")
    return a, a.with_levers({"linkage": 1.0, "us_pressure": 0.9})


@pytest.fixture(scope="module")
def found(pair: tuple[sim.Scenario, sim.Scenario]) -> WhyDifference:
    return sim.explain_difference(*pair, replicates=FUTURES, seed=3)


def test_the_difference_is_that_of_the_comparison(
    pair: tuple[sim.Scenario, sim.Scenario], found: WhyDifference
) -> None:
    totals = sim.compare(*pair, replicates=FUTURES, seed=3).totals
    own = totals[(totals["provider"] == "us") & (totals["outcome"] == "n_countries")].iloc[0]
    assert found.difference.mean == pytest.approx(own["difference"], abs=1e-4)
    assert found.difference.low == pytest.approx(own["difference_low"], abs=1e-3)


def test_parts_add_up_in_every_future_and_every_country(found: WhyDifference) -> None:
    np.testing.assert_allclose(found.parts.sum(axis=2), found.in_b - found.in_a, atol=1e-9)
    for values in (found.by_cause, found.by_country, found.by_region):
        assert sum(each.mean for each in values.values()) == pytest.approx(
            found.difference.mean, abs=1e-9
        )
    assert found.by_both.sum() == pytest.approx(found.difference.mean, abs=1e-9)
    rest = found.rest("cause", ["sovereignty"])
    assert rest is not None
    assert rest.mean == pytest.approx(
        found.difference.mean - found.by_cause["sovereignty"].mean, abs=1e-9
    )


def test_what_no_lever_moved_decides_nothing(found: WhyDifference) -> None:
    # Linkage is read by sovereignty, pressure by retaliation; what others do moves the rest.
    still = ("affinity", "condition", "intercept", "coordination", "waiting", "taste", "luck")
    for cause in still:
        assert not found.parts[:, :, CAUSES.index(cause)].any(), cause
    for cause in ("sovereignty", "retaliation", "peers"):
        assert found.parts[:, :, CAUSES.index(cause)].any(), cause


def test_backwards_it_is_the_same_with_the_other_sign(
    pair: tuple[sim.Scenario, sim.Scenario], found: WhyDifference
) -> None:
    back = sim.explain_difference(*pair[::-1], replicates=FUTURES, seed=3)
    np.testing.assert_allclose(back.parts, -found.parts, atol=1e-12)


@pytest.mark.parametrize(
    "outcome",
    ["gdp_share(china)", "n_partners_at_end(us_infrastructure)", "p_committed(KAZ, us)"],
)
def test_other_totals_add_up_too(outcome: str) -> None:
    a, b = sim.load_scenario("baseline"), sim.load_scenario("sovereignty-guarantees")
    found = sim.explain_difference(a, b, outcome, replicates=8, seed=2)
    runs = [sim.simulate(each, replicates=8, seed=2).ensemble for each in (a, b)]
    for run, values in zip(runs, (found.in_a, found.in_b), strict=True):
        quantity = quantities_of_futures(run, run.scenario).find(outcome)
        np.testing.assert_allclose(values.sum(axis=1), in_futures(run, quantity), atol=1e-12)
    np.testing.assert_allclose(found.parts.sum(axis=2), found.in_b - found.in_a, atol=1e-9)


def test_scenarios_of_other_months_and_actors_are_explained_where_both_run() -> None:
    a, b = sim.load_scenario("third-way"), sim.load_scenario("today")
    found = sim.explain_difference(a, b, "n_countries(us)", replicates=4, as_of="2027-12")
    assert (found.months[0], found.months[-1]) == (b.months[0], "2027-12")
    np.testing.assert_allclose(found.parts.sum(axis=2), found.in_b - found.in_a, atol=1e-9)
    # Members of the European provider take no part in one of the two.
    part = found.parts[:, :, CAUSES.index("part")]
    assert not set(np.array(found.countries)[part.any(axis=0)]) & set(a.agents) & set(b.agents)
    # What is on record at the start of one of them is no choice.
    assert found.by_cause["record"].mean != 0.0


def test_a_scenario_differs_from_itself_in_nothing() -> None:
    a = sim.load_scenario("baseline")
    found = sim.explain_difference(a, a, replicates=4)
    assert not found.parts.any()
    assert found.sentences()[-1] == "Every country ends alike in both, in every future."


# Known answers -------------------------------------------------------------------------------


def traced(built: Built) -> Trace:
    return FollowedFutures(built, 1, [0]).trace(0, range(len(built.axes.country)))


def shares(with_: Built, without: Built, i: int = 0, partner: int = 0) -> dict[str, float]:
    """Return what decided for a country, between a world in which it has the partner and not."""
    runs = [
        Run(
            traced(built), i, i, 0, (built.world.path_offer == partner).any(axis=1), built.axes.path
        )
        for built in (with_, without)
    ]
    found = causes_of(runs[0], runs[1], with_.world.n_months)
    return {name: float(value) for name, value in zip(CAUSES, found, strict=True) if value}


def world(parameters: dict[str, float] | None = None, **terms: Any) -> Built:
    numbers = {"w_waiting": 1.0, "waiting_half_life_months": 1200.0, "w_own_cost": 20.0}
    scenario = write_scenario([provider(0, offer(**terms))], 3, numbers | (parameters or {}))
    return make_world(scenario, 2, base_concern=0.5, relation={"distrust": 1.0})


def test_terms_share_what_turned_the_choice() -> None:
    # Gain of the intercept 1.5 to 0.5; dependence 0.5 x (1 - control): 0.2 to 0.5. Of a margin
    # that falls by 1.3 the intercept has 1.0.
    more = world({"w_sovereignty": 1.0}, intercept=1.5, local_control=0.6)
    less = world({"w_sovereignty": 1.0}, intercept=0.5, local_control=0.0)
    found = shares(more, less)
    assert found == {
        "intercept": pytest.approx(1.0 / 1.3), "sovereignty": pytest.approx(0.3 / 1.3),
    }  # fmt: skip


def test_who_is_not_asked_is_not_asked() -> None:
    kept = world(intercept=2.0)
    closed = world(intercept=2.0, democracy_floor=1.0, democracy_floor_is_hard=True)
    closed.world.country["democracy"] = 0.5
    assert shares(kept, closed) == {"asked": 1.0}


def test_who_does_not_look_does_not_take_it_up() -> None:
    looks, idle = world(intercept=2.0), world({"review_rate": 0.0}, intercept=2.0)
    assert shares(looks, idle) == {"taken_up": 1.0}


def test_a_rival_that_asks_decides() -> None:
    numbers = {"w_waiting": 1.0, "waiting_half_life_months": 1200.0, "w_own_cost": 20.0,
               "w_hedge": 9.0}  # fmt: skip
    lists = [{"democracy_floor": 1.0, "democracy_floor_is_hard": True}, {}]
    built = []
    for terms in lists:
        blocks = [provider(0, offer(intercept=1.2)), provider(1, offer(intercept=1.5, **terms))]
        made = make_world(write_scenario(blocks, 3, numbers), 2)
        made.world.country["democracy"] = 0.5
        built.append(made)
    # The second provider's better offer keeps it from the first.
    with_, without = built
    assert shares(with_, without) == {"asked": 1.0}


def test_a_supplier_that_leaves_decides() -> None:
    numbers = {"stall_rate": 1.0, "price_sensitivity": 0.0, "build_months_base": 600.0}
    terms = {"intercept": 5.0, "data_centre_mw_min": 10, "data_centre_mw_max": 10}
    blocks = [provider(0, slotted_offer(2, **terms, cooldown_months=100))]
    base = {"w_waiting": 0.5, "w_own_cost": 20.0}
    stays = make_world(write_scenario(blocks, 8, base | numbers), 2)
    left = make_world(write_scenario(blocks, 8, base | numbers | {"supplier_exit_rate": 1.0}), 2)
    assert shares(stays, left) == {"supplier": 1.0}


def test_the_record_decides_before_the_run() -> None:
    held, free = world({"review_rate": 0.0}), world({"review_rate": 0.0})
    held.world.start["stage"][0, 0] = 1
    held.world.country["initial_path"][0] = held.axes.path.index("alpha_a")
    assert shares(held, free) == {"record": 1.0}


# Words and errors ----------------------------------------------------------------------------


def test_it_says_what_came_out(found: WhyDifference) -> None:
    first, second, *rest = found.sentences()
    assert first.startswith("In the model, the United States has ")
    assert " partners by 2030 in the scenario baseline as changed, against " in first
    assert "(90 % interval of the mean: " in first
    assert second.startswith("What decides most is ")
    assert not {"utility", "replicate"} & set(f"{first} {second}".lower().split())
    assert any("alignsim split baseline --lever" in line for line in rest)


def test_what_is_not_clear_of_chance_is_not_named() -> None:
    baseline = sim.load_scenario("baseline")
    hardly = baseline.with_levers({"linkage": 0.502})
    found = sim.explain_difference(baseline, hardly, replicates=40, as_of="2026-03")
    clear = [each for each in found.by_cause.values() if each.low > 0.0 or each.high < 0.0]
    second = found.sentences()[1]
    assert second.startswith("What decides most is ") == bool(clear)
    same = sim.explain_difference(baseline, baseline, replicates=8, as_of="2025-09")
    assert "as changed" not in same.sentences()[0]


def test_no_country_moves_by_more_than_itself() -> None:
    baseline, today = map(sim.load_scenario, ("baseline", "today"))
    found = sim.explain_difference(baseline, today, replicates=40)
    assert max(each.high for each in found.by_country.values()) <= 1.0
    assert min(each.low for each in found.by_country.values()) >= -1.0


def test_it_is_written_with_its_data_dictionary(found: WhyDifference, tmp_path: Path) -> None:
    names = {path.stem for path in found.write(tmp_path / "why").glob("*.csv")}
    assert names == {"causes", "countries", "regions", "countries_by_cause"}


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"outcome": "contracted_mw(us)"}, r"(?s)contracted_mw\(us\) is not a sum.*n_countries"),
        ({"outcome": "n_countries_hedging"}, "is not a sum over the countries with a partner"),
        ({"outcome": "n_countries(russia)"}, r"n_countries\(russia\) is not of this result"),
        ({"replicates": 0}, "replicates = 0 must be a whole number"),
        ({"as_of": "2031-01"}, "as_of = 2031-01 must be a month of"),
    ],
    ids=str,
)
def test_wrong_arguments_are_refused(
    pair: tuple[sim.Scenario, sim.Scenario], asked: dict[str, Any], words: str
) -> None:
    with pytest.raises(sim.InputError, match=words):
        sim.explain_difference(*pair, **asked)
