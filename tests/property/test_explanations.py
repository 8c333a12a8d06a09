"""Every decision has an exact explanation, and asking for it changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from random_scenarios import contents, scenario_of, scenarios, seeds
from sim.data.parameters import load_parameters
from sim.model.ensemble import run_built, run_ensemble
from sim.model.mechanism import entries
from sim.model.mechanism.terms import N_TERMS, TERM_NAMES
from sim.model.mesa_model import AlignmentModel
from sim.model.world.building import build_world
from sim.scenario import Scenario, load_scenario

# Which way a term can only push; a term that is not listed may push either way.
SIGN = {
    "gain": 1, "cost": -1, "retaliation": -1, "condition": -1,
    "coordination": -1, "peers": 1, "sovereignty": -1, "switching": -1,
}  # fmt: skip
# Terms whose weights stand in the parameter table under another group than the term's name.
OTHER_WEIGHTS = {
    "coordination": ["w_hedge"],
    "taste": ["taste_sd_provider", "taste_sd_kind", "taste_sd_path"],
    "intercept": [],
}


def weights_of(term: str) -> list[str]:
    """Return the weights that switch a term off: the utilities of its group in the table."""
    rows = load_parameters().values()
    named = [r.name for r in rows if r.group == term and r.unit.startswith("utility")]
    return OTHER_WEIGHTS.get(term, named)


def stepped(scenario: Scenario, seed: int, months: int) -> AlignmentModel:
    """Return a model after some months, before it has chosen in the next one."""
    model = AlignmentModel(build_world(scenario), seed)
    for _ in range(months):
        model.step()
    return model


def every_path(model: AlignmentModel) -> Iterator[tuple[int, int, np.ndarray]]:
    """Yield country, path and terms of the path, for all of a model's countries and paths."""
    out = np.zeros(N_TERMS)
    for i in range(len(model.axes.country)):
        for k in range(len(model.axes.path)):
            entries.explain(*model.arrays, i, k, model.month_index, out)
            yield i, k, out.copy()


def in_order(terms: np.ndarray) -> float:
    """Return the sum of terms, one after the other."""
    total = float(terms[0])
    for value in terms[1:]:
        total += float(value)
    return total


@settings(max_examples=40)
@given(scenarios(), seeds, st.integers(0, 11))
def test_terms_sum_to_the_utility_bit_by_bit_and_keep_their_sign(
    scenario: Scenario, seed: int, months: int
) -> None:
    model = stepped(scenario, seed, months)
    values = np.zeros(len(model.axes.path))
    is_open = np.zeros(values.size, np.bool_)
    for i, k, terms in every_path(model):
        entries.fill_utilities(*model.arrays, i, model.month_index, values, is_open)
        assert in_order(terms) == values[k]
        assert is_open[int(model.state.position["path"][i])]
        assert np.isfinite(terms).all()
        for name, sign in SIGN.items():
            assert terms[TERM_NAMES.index(name)] * sign >= 0, (name, k)


@pytest.mark.parametrize("term", TERM_NAMES)
def test_a_term_without_weight_is_zero(term: str) -> None:
    weights = weights_of(term)
    assert weights or term == "intercept", (
        f"no weight of {term} is known: give its rows of parameters.csv the group {term} and the "
        f"unit utility, or list them in OTHER_WEIGHTS"
    )

    @settings(max_examples=6)
    @given(contents(), seeds)
    def hold(content: dict[str, Any], seed: int) -> None:
        content["parameters"] |= dict.fromkeys(weights, 0.0)
        if term == "intercept":
            content["events"] = []
            for block in content["providers"].values():
                for terms in block["offers"].values():
                    terms["intercept"] = 0
        model = stepped(scenario_of(content), seed, 6)
        for _, _, values in every_path(model):
            assert values[TERM_NAMES.index(term)] == 0.0

    hold()


@pytest.mark.parametrize("term", TERM_NAMES)
def test_a_term_with_its_weights_says_something(term: str) -> None:
    # The converse: in a full scenario every term has a part in some country's utility.
    changes: dict[str, Any] = {f"parameters.{name}": 1.0 for name in weights_of(term)}
    changes["providers.us.offers.adoption.intercept"] = 1.0
    changes["providers.us.offers.infrastructure.democracy_floor"] = 0.9
    model = stepped(load_scenario("today").with_changes(changes), 0, 3)
    column = TERM_NAMES.index(term)
    assert any(values[column] != 0.0 for _, _, values in every_path(model))


def frozen(model: AlignmentModel) -> list[bytes]:
    """Return all arrays of a model as bytes, but for the kernels' work space."""
    work = {
        "reviewer",
        "underway",
        "agenda",
        "chance",
        "passed",
        "luck",
        "topic",
        "option",
        "term",
        "has_moved",
    }
    return [
        np.asarray(getattr(part, name)).tobytes()
        for part in model.arrays
        for name in part._fields
        if name not in work
    ]


@settings(max_examples=15)
@given(scenarios(), seeds, st.integers(0, 11))
def test_looking_changes_nothing(scenario: Scenario, seed: int, months: int) -> None:
    model = stepped(scenario, seed, months)
    before = frozen(model)
    list(every_path(model))
    for agent in model.countries:
        agent.reviews()
        agent.utilities()
        agent.terms(agent.path)
        noise = np.zeros(len(model.axes.path))
        entries.draw_noise(*model.arrays, agent.index, model.month_index, noise)
        agent.choose(noise)
    assert frozen(model) == before


def test_an_agent_explains_itself_by_name() -> None:
    model = stepped(load_scenario("baseline"), 0, 4)
    agent = next(a for a in model.countries if a.iso3 == "KOR")
    for path, value in agent.utilities().items():
        terms = agent.terms(path)
        assert list(terms) == list(TERM_NAMES)
        assert in_order(np.array(list(terms.values()))) == value


@settings(max_examples=10)
@given(scenarios(), seeds)
def test_drivers_are_the_terms_at_the_decision_less_those_of_staying_as_it_was(
    scenario: Scenario, seed: int
) -> None:
    built = build_world(scenario)
    ensemble = run_built(built, 1, seed)
    model = AlignmentModel(built, seed, 0)
    n, n_providers = ensemble.decided.shape
    kept = np.zeros((n, n_providers, N_TERMS))
    decided = np.zeros((n, n_providers), np.int64)
    out, idle = np.zeros(N_TERMS), np.zeros(N_TERMS)
    # Whoever is on record with a provider has decided before: its terms are those of the start.
    on_record = built.world.path_provider[built.world.country["initial_path"]].astype(bool)
    for i, p in np.argwhere(on_record):
        entries.explain(*model.arrays, i, built.world.country["initial_path"][i], 0, out)
        entries.explain(*model.arrays, i, 0, 0, idle)
        kept[i, p] = out - idle
    for _ in range(built.world.n_months):
        t = model.month_index
        entries.apply_events(*model.arrays, t)
        model.providers.do("invite")
        model.countries.do("review")
        for agent in model.countries:
            i, k = agent.index, agent._intention
            if agent.has_reviewed and k != model.state.position["path"][i]:
                entries.explain(*model.arrays, i, k, t, out)
                entries.explain(*model.arrays, i, model.state.position["path"][i], t, idle)
                for p in range(n_providers):
                    holds = built.world.path_provider[k, p]
                    if holds and not decided[i, p] and not on_record[i, p]:
                        kept[i, p] = out - idle
                        decided[i, p] = 1
        for phase in ("conclude", "concede", "lapse", "advance", "relax"):
            model.countries.do(phase)
        model.month_index += 1
    np.testing.assert_array_equal(ensemble.decided, decided)
    was = decided.astype(bool) | on_record
    np.testing.assert_array_equal(ensemble.driver_sum[was], kept[was])


def test_partners_on_record_decide_nothing_again() -> None:
    ensemble = run_ensemble(load_scenario("today"), replicates=40)
    held = {made.country for made in ensemble.scenario.initial.commitments}
    us = ensemble.axes.provider.index("us")
    decided = dict(zip(ensemble.axes.country, ensemble.decided[:, us].tolist(), strict=True))
    assert {decided[country] for country in held} == {0}
    assert decided["NOR"] > 0
    switching = ensemble.driver_sum[:, us, ensemble.axes.term.index("switching")]
    # What holds a partner at the start includes what leaving would cost; nobody else has a partner.
    assert all(switching[ensemble.axes.country.index(country)] > 0 for country in held)


def test_a_second_partner_is_weighed_without_the_first() -> None:
    ensemble = run_ensemble(load_scenario("today"), replicates=40)
    china = ensemble.axes.provider.index("china")
    held = {made.country for made in ensemble.scenario.initial.commitments}
    drivers = dict(zip(ensemble.axes.country, ensemble.driver_sum[:, china] / 40, strict=True))
    switching = ensemble.axes.term.index("switching")
    # None is on record with China: nobody gains what leaving another partner would cost.
    assert len(held) > 10
    assert all(drivers[country][switching] <= 0 for country in held)
