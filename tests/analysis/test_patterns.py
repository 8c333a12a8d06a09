"""Patterns: each statistic on tiny worlds where its value is known."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from itertools import combinations
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from sim.analysis.patterns import simulated
from sim.analysis.patterns.groups import treaty_allies, weak_and_near
from sim.analysis.patterns.simulations import Simulations
from sim.analysis.patterns.statistics import (
    clustering,
    difference_of_means,
    late_or_both,
    months_between,
    s_shape,
)
from sim.data import load_facts
from sim.model.ensemble import Ensemble
from tolerances import ROUNDING

FUTURES = 8


@pytest.fixture(scope="module")
def simulations() -> Simulations:
    return Simulations(FUTURES, seed=1)


def quantiles_of(uptake: str, n: int = 190) -> NDArray[np.float64]:
    """Return the months in which n countries join along a curve, (n,)."""
    share = (np.arange(n) + 0.5) / n
    if uptake == "bass":
        p, q = 0.03, 0.38
        return np.asarray(4 * np.log((1 + q / p * share) / (1 - share)) / (p + q))
    return np.asarray({"saturating": -20 * np.log(1 - share), "steady": 190 * share}[uptake])


def test_only_a_curve_that_speeds_up_and_slows_down_is_s_shaped() -> None:
    months = np.stack([quantiles_of(name) for name in ("bass", "saturating", "steady")])
    bass, saturating, steady = s_shape(months.astype(np.int64))
    assert bass > 0.05
    assert saturating < -0.02
    assert steady == pytest.approx(0.0, abs=0.01)
    speeding_up = months[1].max() - months[1]
    assert s_shape(speeding_up.astype(np.int64)[None])[0] < 0


def test_uptake_by_few_has_no_shape() -> None:
    months = np.full((2, 20), -1)
    months[0, :8], months[1, :7] = np.arange(8), np.arange(7)
    assert np.isnan(s_shape(months)).tolist() == [False, True]
    assert np.isnan(s_shape(months[1:])).all()


def test_answers_dealt_out_at_random_do_not_cluster() -> None:
    region = np.array(["a", "a", "a", "b", "b", "c"])  # and one that is alone
    joined = np.zeros((20, 6), np.bool_)
    for row, chosen in enumerate(combinations(range(6), 3)):
        joined[row, list(chosen)] = True
    assert clustering(joined, region).mean() == pytest.approx(0.0, abs=ROUNDING)


def test_regions_that_answer_as_one_cluster_and_mixed_ones_do_not() -> None:
    region = np.repeat(["a", "b", "c", "d"], 2)
    alike = np.repeat([True, False, True, False], 2)
    mixed = np.tile([True, False], 4)
    nobody = np.zeros(8, np.bool_)
    values = clustering(np.stack([alike, mixed, nobody]), region)
    assert values[:2] == pytest.approx([1 + 1 / 7, -1 + 1 / 7])
    assert np.isnan(values[2])


def test_who_never_joins_has_no_month() -> None:
    is_ally = np.array([True] * 4 + [False] * 4)
    early = [0, 2, 4, -1, 10, 12, 14, -1]
    late = [10, 12, 14, -1, 0, 2, 4, -1]
    too_few = [0, 2, -1, -1, 10, 12, 14, 16]
    values = months_between(np.array([early, late, too_few]), is_ally, ~is_ally)
    assert values[:2].tolist() == [-10.0, 10.0]
    assert np.isnan(values[2])


def test_late_or_both_is_counted_among_those_that_join() -> None:
    is_ally = np.array([True] * 3 + [False] * 4)
    month = np.array([[0, 1, 2, 9, 9, 0, -1], [0, 1, 2, 0, 0, 0, -1], [-1, -1, -1, 5, 5, 5, 5]])
    neither = np.zeros_like(month, dtype=np.bool_)
    values = late_or_both(month, neither, is_ally)
    assert values[:2] == pytest.approx([2 / 3 - 1 / 3, -1 / 3])
    assert np.isnan(values[2])  # no ally has joined
    both = neither.copy()
    both[:, 3:] = True
    assert late_or_both(month, both, is_ally)[:2] == pytest.approx([2 / 3, 2 / 3])


def test_a_treaty_counts_from_its_month_and_not_for_the_home() -> None:
    facts, codes = load_facts(), ("FIN", "IND", "JPN", "PRK", "USA")
    before = treaty_allies(facts, codes, ["USA"], "2022-01").tolist()
    assert before == [False, False, True, False, False]
    assert treaty_allies(facts, codes, ["USA"], "2025-05").tolist() == [
        True, False, True, False, False
    ]  # fmt: skip
    assert treaty_allies(facts, codes, ["CHN"], "2025-05")[3]


def test_countries_that_an_offer_does_not_admit_are_neither_weak_nor_a_measure() -> None:
    gdp = np.array([1.0, 2.0, 3.0, 4.0, 0.5])
    affinity = np.array([0.6, 0.1, 0.7, 0.2, 0.9])
    is_open = np.array([True, True, True, True, False])
    assert weak_and_near(gdp, affinity, is_open).tolist() == [True, False, False, False, False]


# --- made futures of the shipped baseline -----------------------------------------------------


def signed(
    ensemble: Ensemble, months: dict[str, Sequence[bool] | NDArray[np.bool_]], month: int = 0
) -> Ensemble:
    """Return futures in which some countries sign some offers in a month, and nobody else any."""
    found = np.full_like(ensemble.month_signed, -1)
    for offer, chosen in months.items():
        found[:, np.asarray(chosen), ensemble.axes.offer.index(offer)] = month
    return dataclasses.replace(ensemble, month_signed=found)


def merged(first: Ensemble, second: Ensemble) -> Ensemble:
    """Return futures with the signatures of both."""
    month = np.maximum(first.month_signed, second.month_signed)
    return dataclasses.replace(first, month_signed=month)


def on_path(ensemble: Ensemble, path: str) -> Ensemble:
    """Return futures in which every country is on one path in every month."""
    k = ensemble.axes.path.index(path)
    count = np.zeros_like(ensemble.path_count)
    count[:, :, k] = len(ensemble.axes.country)
    final = np.full_like(ensemble.final_path, k)
    return dataclasses.replace(ensemble, final_path=final, path_count=count)


def of(baseline: Ensemble, **others: Any) -> Any:
    """Return what stands in for simulations."""
    return SimpleNamespace(baseline=baseline, shock_month="2026-06", **others)


def allies_of(ensemble: Ensemble) -> NDArray[np.bool_]:
    return treaty_allies(ensemble.facts, ensemble.axes.country, ["USA"], "2025-05")


def test_allies_that_sign_five_months_sooner_are_early(simulations: Simulations) -> None:
    base = simulations.baseline
    allies = allies_of(base)
    world = merged(
        signed(base, {"us_adoption": allies}, 3), signed(base, {"us_infrastructure": ~allies}, 8)
    )
    assert simulated.allies_early(of(world)).tolist() == [-5.0] * FUTURES
    # All others come after the median ally, and no ally does.
    assert simulated.non_aligned_late_or_both(of(on_path(world, "us_adoption"))).min() == 1.0


def test_the_first_of_several_offers_counts(simulations: Simulations) -> None:
    everybody = np.ones(len(simulations.baseline.axes.country), np.bool_)
    late = signed(simulations.baseline, {"us_infrastructure": everybody}, 9)
    early = signed(simulations.baseline, {"us_adoption": everybody}, 4)
    assert (simulated.months_joined(merged(early, late), [0, 1]) == 4).all()
    assert (simulated.months_joined(early, [0]) == -1).all()


def test_one_region_that_signs_as_one_clusters(simulations: Simulations) -> None:
    base = simulations.baseline
    region = base.facts.countries.loc[list(base.axes.country), "un_subregion"].to_numpy(str)
    one = signed(base, {"us_adoption": region == "Northern Europe"})
    every_second = np.arange(len(region)) % 2 == 0
    spread = signed(base, {"us_adoption": every_second})
    assert simulated.regional_clustering(of(one), "us").min() > 0.5
    assert np.abs(simulated.regional_clustering(of(spread), "us")).max() < 0.2


@pytest.mark.parametrize(
    ("path", "share"),
    [("us_adoption_and_china_adoption", 1.0), ("us_adoption_and_sovereign", 0.0)],
)
def test_who_holds_offers_of_both_sides_hedges(
    simulations: Simulations, path: str, share: float
) -> None:
    world = on_path(simulations.baseline, path)
    assert simulated.hedging(of(world)).tolist() == [share] * FUTURES


def test_weak_states_near_china_that_alone_accept_are_seen(simulations: Simulations) -> None:
    base = simulations.baseline
    codes, is_open = list(base.axes.country), base.eligible[:, 2]
    gdp = base.features.country.loc[codes, "gdp_usd"].to_numpy()
    chosen = weak_and_near(gdp, base.features.affinity.loc[codes, "china"].to_numpy(), is_open)
    assert 20 < chosen.sum() < 80
    only_they = signed(base, {"china_infrastructure": chosen})
    all_others = signed(base, {"china_infrastructure": is_open & ~chosen})
    assert simulated.weak_states_accept(of(only_they)).tolist() == [1.0] * FUTURES
    assert simulated.weak_states_accept(of(all_others)).tolist() == [-1.0] * FUTURES


def test_signatures_lost_in_the_window_after_the_shock_are_counted(
    simulations: Simulations,
) -> None:
    base = simulations.baseline
    first_ten = np.arange(len(base.axes.country)) < 10
    shock = base.axes.month.index("2026-06")
    for month, lost in ((shock - 1, 0), (shock, 10), (shock + 23, 10), (shock + 24, 0)):
        without = signed(base, {"us_adoption": first_ten}, month)
        found = simulated.shock_slows(of(without, shocked=signed(base, {})))
        assert found.tolist() == [-lost] * FUTURES


def test_sovereign_ai_and_european_offers_are_where_demand_shifts(
    simulations: Simulations,
) -> None:
    third = simulations.third
    n = len(third.axes.country)
    for path, gained in (
        ("sovereign", n), ("us_adoption_and_sovereign", n), ("europe_infrastructure", n),
        ("us_adoption", 0),
    ):  # fmt: skip
        pair = {"third": on_path(third, "uncommitted"), "third_shocked": on_path(third, path)}
        assert simulated.shock_shifts(of(third, **pair)).tolist() == [gained] * FUTURES


def test_data_centres_given_up_where_power_is_dear_are_seen(simulations: Simulations) -> None:
    base = simulations.baseline
    price = base.features.country.loc[list(base.axes.country), "power_price_rank"].to_numpy()
    exits = np.zeros((FUTURES, 4, price.size), np.bool_)
    exits[:-1, 0, price > 0.8] = True
    world = signed(base, {"us_infrastructure": np.ones(price.size, np.bool_)})
    found = simulated.reversals_where_dear(of(world, supplier_exits=exits))
    assert found[:-1].min() > 0.4
    assert np.isnan(found[-1])  # nothing is given up in the last future


def test_democracies_are_compared_among_those_asked() -> None:
    country = ("A", "B", "C", "D")
    features = pd.DataFrame({"democracy": [0.9, 0.1, 0.3, 0.5]}, index=list(country))
    built = SimpleNamespace(features=SimpleNamespace(country=features))
    month = np.array([[0, -1, -1, 2], [-1, -1, -1, -1]])
    futures = SimpleNamespace(country=country, month_joined=month)
    answers = SimpleNamespace(is_scored=np.array([True, True, True, False]))
    made: Any = SimpleNamespace(declarations=[(built, answers, futures)] * 2)
    first, second = simulated.democracies_join(made)
    assert first == pytest.approx(0.9 - 0.2)
    assert np.isnan(second)


def test_the_difference_of_means_needs_both_sides() -> None:
    inside = np.array([[True, False], [False, False], [True, True]])
    values = difference_of_means(np.array([3.0, 1.0]), inside, ~inside)
    assert values[0] == 2.0
    assert np.isnan(values[1:]).all()
