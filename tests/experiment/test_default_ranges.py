"""Levers and uncertainties: their roles, and the ranges that a scenario gives them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import sim
from sim.experiment.sweeps.running import plan_sweep
from sim.scenario import Scenario


@pytest.fixture(scope="module")
def baseline() -> Scenario:
    return sim.load_scenario("baseline")


def test_a_lever_has_its_own_range(baseline: Scenario) -> None:
    found = sim.default_ranges(baseline, levers=["slots", "linkage"])
    assert [*found] == ["slots", "linkage"]
    lever = baseline.lever("slots")
    assert (found["slots"].low, found["slots"].high) == (lever.low, lever.high)
    assert found["slots"].is_whole
    assert [*sim.default_ranges(baseline, levers="all")] == [*baseline.levers]


def test_drawn_takes_each_number_that_the_scenario_draws_once(baseline: Scenario) -> None:
    found = sim.default_ranges(baseline, uncertainties="drawn")
    assert {*found} == {*baseline.uncertainties}
    # A lever that sets a drawn number takes its place.
    target = baseline.lever("local_control").target
    assert target in found
    with_lever = sim.default_ranges(baseline, levers=["local_control"], uncertainties="drawn")
    assert target not in with_lever
    assert len(with_lever) == len(found)


def test_all_takes_what_the_scenario_fixes_too(baseline: Scenario) -> None:
    fixed = baseline.with_changes({"parameters.w_peer": 1.5})
    assert "parameters.w_peer" not in sim.default_ranges(fixed, uncertainties="drawn")
    of_table = sim.default_ranges(fixed, uncertainties="all")["parameters.w_peer"]
    assert (
        of_table
        == sim.default_ranges(fixed, uncertainties=["parameters.w_peer"])["parameters.w_peer"]
    )
    assert of_table.kind == "triangular"


def test_ranges_are_the_distributions_of_the_scenario(baseline: Scenario) -> None:
    found = sim.default_ranges(baseline, uncertainties="drawn")
    shares = np.linspace(0, 1, 11)
    for address, spread in found.items():
        given = baseline.uncertainties[address]
        assert spread.kind == given.kind
        values = spread.at(shares)
        assert (np.diff(values) >= 0).all()
        rows = baseline.posterior_rows(address)
        ends = (given.low, given.high) if rows is None else (rows.min(), rows.max())
        assert (values[0], values[-1]) == pytest.approx(ends)
    # A whole sample of all of them breaks no rule.
    plan_sweep(baseline, sim.Design.sobol(found, 2))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"levers": ["linkag"]}, "Did you mean 'linkage'?"),
        ({"uncertainties": ["providers.us.linkage"]}, '"providers.us.linkage" has no range of'),
        ({"uncertainties": "some"}, 'uncertainties = "some" must be a list of names, drawn or all'),
        ({"levers": "linkage"}, 'levers = "linkage" must be a list of names'),
        ({"uncertainties": 3}, "uncertainties = 3 must be a list of names"),
    ],
)
def test_what_has_no_range_is_refused(baseline: Scenario, given: Any, words: str) -> None:
    with pytest.raises(sim.InputError) as caught:
        sim.default_ranges(baseline, **given)
    assert words in str(caught.value)


def test_roles_are_those_of_the_kind_unless_named(baseline: Scenario) -> None:
    drawn = "providers.us.offers.infrastructure.cost_share"
    names = ["linkage", "parameters.w_peer", "corporate_ties.KOR.us", drawn, "providers.us.backing"]
    design = sim.Design.grid({name: [0.25, 0.5] for name in names})
    plain = plan_sweep(baseline, design)
    assert plain.names_of("lever") == ("linkage", "providers.us.backing")
    assert plain.names_of("uncertainty") == (names[1], names[2], drawn)
    named = design.with_roles(levers=[drawn], uncertainties=["linkage"])
    assert plan_sweep(baseline, named).names_of("uncertainty") == tuple(names[:3])
    # They are written into the tables, and so are part of what the sweep is.
    assert named != design
    assert plan_sweep(baseline, named).run_id != plain.run_id


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"levers": ["b"]}, '"b" is not varied by this design'),
        ({"levers": ["a"], "uncertainties": ["a"]}, "a is named as lever and as uncertainty"),
        ({"uncertainties": "a"}, 'uncertainties = "a" must be a list of names'),
    ],
)
def test_roles_of_nothing_are_refused(given: Any, words: str) -> None:
    with pytest.raises(sim.InputError, match=words):
        sim.Design.grid({"a": [0, 1]}).with_roles(**given)


def test_a_zip_pairs_values() -> None:
    design = sim.Design.zip({"a": [1, 2, 2], "b": [True, None, 3]})
    assert [design.row(n) for n in range(3)] == [(1.0, 1.0), (2.0, None), (2.0, 3.0)]
    with pytest.raises(sim.InputError, match=r"lists of the same length; a has 1, b has 2"):
        sim.Design.zip({"a": [1], "b": [1, 2]})
    with pytest.raises(sim.InputError, match="point 2 appears twice"):
        sim.Design.zip({"a": [1, 1]})
