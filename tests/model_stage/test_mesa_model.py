"""The Mesa model as a researcher uses it: inspection, data, subclasses."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.errors import InputError
from sim.model.ensemble import run_built
from sim.model.mesa_model import AlignmentModel, CountryAgent
from sim.model.world.building import build_world
from sim.scenario import load_scenario
from worlds import make_world, offer, provider, write_scenario


class Follower(CountryAgent):
    """A country that takes the highest path open to it, whatever it is worth."""

    def choose(self, noise: np.ndarray) -> int:
        """Return the last of the open paths."""
        model: AlignmentModel = self.model
        return model.axes.path.index(list(self.utilities())[-1])


class Followers(AlignmentModel):
    """A model of followers."""

    country_class = Follower


def small() -> AlignmentModel:
    blocks = [provider(0, offer()), provider(1, offer())]
    scenario = write_scenario(blocks, 5, {"w_own_cost": 20.0, "choice_noise": 1.0})
    return AlignmentModel(make_world(scenario, 6), seed=2)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"seed": -1}, "seed = -1 must be a whole number from 0 to 4294967295"),
        ({"seed": 2**32}, "seed = 4294967296 must be"),
        ({"seed": 1.5}, r"seed = 1\.5 must be"),
        ({"replicate": -1}, "replicate = -1 must be a whole number from 0 to 999999"),
        ({"replicate": True}, "replicate = True must be"),
        ({"replicate": 10**6}, "replicate = 1000000 must be"),
    ],
)
def test_a_future_that_no_ensemble_has_is_refused(asked: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        AlignmentModel(load_scenario("baseline"), **asked)


def test_all_that_is_wrong_with_a_future_is_said_at_once() -> None:
    with pytest.raises(InputError) as caught:
        AlignmentModel(load_scenario("baseline"), seed=-1, replicate=-1)
    assert len(caught.value.problems) == 2


def test_the_data_collector_has_every_month_and_every_country() -> None:
    model = small()
    while model.running:
        model.step()
    by_month = model.datacollector.get_model_vars_dataframe()
    assert by_month["month"].tolist() == list(model.axes.month)
    assert (by_month[list(model.axes.path)].sum(axis=1) == 6).all()
    agents = model.datacollector.get_agenttype_vars_dataframe(CountryAgent)
    assert len(agents) == 5 * 6
    last = agents.loc[agents.index.get_level_values("Step").max()]
    assert dict(zip(last["iso3"], last["path"], strict=True)) == {
        agent.iso3: agent.path for agent in model.countries
    }


def test_a_model_stops_at_the_end_of_the_horizon() -> None:
    model = small()
    for _ in range(5):
        assert model.running
        model.step()
    assert not model.running
    before = model.state.position.copy()
    model.step()
    assert model.month_index == 5
    np.testing.assert_array_equal(model.state.position, before)


def test_a_subclass_brings_its_own_rule_and_only_that() -> None:
    blocks = [provider(0, offer()), provider(1, offer())]
    built = make_world(write_scenario(blocks, 3, paths={"sovereign": False}), 4)
    model = Followers(built)
    model.step()
    assert {agent.path for agent in model.countries} == {"beta_a_and_alpha_a"}
    assert all(set(agent.stages.values()) == {"signed"} for agent in model.countries)


def test_the_order_of_agents_never_matters() -> None:
    built = build_world(load_scenario("baseline"))
    model = AlignmentModel(built, seed=3, replicate=1)
    model.countries.shuffle(inplace=True)
    for _ in range(30):
        model.step()
    counts = run_built(built, 2, 3).path_count[1, 29]
    np.testing.assert_array_equal(model.state.path_count, counts)


def test_a_model_takes_a_scenario_and_facts_or_a_built_world() -> None:
    scenario = load_scenario("baseline")
    built = build_world(scenario)
    one, other = AlignmentModel(scenario, 4, 1), AlignmentModel(built, 4, 1, built.facts)
    for model in (one, other):
        for _ in range(6):
            model.step()
    assert [a.path for a in one.countries] == [a.path for a in other.countries]


def test_agents_show_what_they_know() -> None:
    model = small()
    agent = next(iter(model.countries))
    assert (agent.iso3, agent.path, agent.invitations) == ("C0000", "uncommitted", [])
    assert agent.stages == {"alpha_a": "none", "beta_a": "none"}
    assert agent.concern == {"alpha": 0.0, "beta": 0.0}
    assert list(agent.utilities()) == ["uncommitted", "sovereign"]
    model.providers.do("invite")
    assert agent.invitations == ["alpha_a", "beta_a"]
    assert len(agent.utilities()) == 7
    with pytest.raises(ValueError, match="not in tuple"):
        agent.terms("no such path")
