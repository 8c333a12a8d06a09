"""The Mesa driver: one future, stepped agent by agent through the same rule as the ensemble.

For inspection and for experiments that change an agent's behaviour in Python. Without such
changes its trajectories are those of the ensemble driver for the same seed and replicate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mesa
import numpy as np
from mesa.agent import AgentSet

from sim.model.ensemble import future
from sim.model.layout import NEVER, STAGE_NAMES, make_state
from sim.model.mechanism import entries
from sim.model.mechanism.terms import N_TERMS, TERM_NAMES
from sim.model.requests import check_extras, check_future, check_scenario
from sim.model.world.building import Built, build_world

if TYPE_CHECKING:
    from sim.data import Facts
    from sim.scenario import Scenario


class CountryAgent(mesa.Agent):
    """A country: it reviews its choice, concludes it, and lives with it.

    A view of row `index` of the model's arrays. Override `choose` to give countries another
    rule; `reviews` for another calendar.

    Attributes
    ----------
    iso3 : str
        Code of the country.
    index : int
        Its row in the arrays of the model.
    """

    def __init__(self, model: AlignmentModel, iso3: str, index: int) -> None:
        super().__init__(model)
        self.iso3 = iso3
        self.index = index
        self.has_reviewed = False
        self._intention = NEVER

    @property
    def path(self) -> str:
        """Path on which the country is."""
        model: AlignmentModel = self.model
        return model.axes.path[int(model.state.position["path"][self.index])]

    @property
    def stages(self) -> dict[str, str]:
        """Stage of the country's dealings with each offer, by offer."""
        model: AlignmentModel = self.model
        return {
            offer: STAGE_NAMES[int(model.state.stage[o, self.index])]
            for o, offer in enumerate(model.axes.offer)
        }

    @property
    def invitations(self) -> list[str]:
        """Offers whose invitation is open."""
        model: AlignmentModel = self.model
        return [
            offer
            for o, offer in enumerate(model.axes.offer)
            if model.state.invited_since[o, self.index] >= 0
        ]

    @property
    def concern(self) -> dict[str, float]:
        """Sovereignty concern about each provider."""
        model: AlignmentModel = self.model
        return {
            provider: float(model.state.concern[p, self.index])
            for p, provider in enumerate(model.axes.provider)
        }

    def utilities(self) -> dict[str, float]:
        """Return the systematic utility of each path open to the country now."""
        model: AlignmentModel = self.model
        values = np.zeros(len(model.axes.path))
        is_open = np.zeros(len(model.axes.path), np.bool_)
        entries.fill_utilities(*model.arrays, self.index, model.month_index, values, is_open)
        pairs = zip(model.axes.path, values, is_open, strict=True)
        return {path: float(value) for path, value, usable in pairs if usable}

    def terms(self, path: str) -> dict[str, float]:
        """Return each term of the utility of a path for the country now."""
        model: AlignmentModel = self.model
        out = np.zeros(N_TERMS)
        k = model.axes.path.index(path)
        entries.explain(*model.arrays, self.index, k, model.month_index, out)
        return dict(zip(TERM_NAMES, out.tolist(), strict=True))

    def reviews(self) -> bool:
        """Return whether the country reviews its choice this month."""
        model: AlignmentModel = self.model
        return bool(entries.is_reviewing(*model.arrays, self.index, model.month_index))

    def choose(self, noise: np.ndarray) -> int:
        """Return the index of the path the country takes; `noise` (K,) standard Gumbel."""
        model: AlignmentModel = self.model
        return int(entries.choose(*model.arrays, self.index, model.month_index, noise))

    def review(self) -> None:
        """Form an intention, on the state as it stands after the invitations."""
        model: AlignmentModel = self.model
        self.has_reviewed = self.reviews()
        self._intention = NEVER
        if self.has_reviewed:
            noise = np.zeros(len(model.axes.path))
            entries.draw_noise(*model.arrays, self.index, model.month_index, noise)
            self._intention = self.choose(noise)

    def conclude(self) -> None:
        """Carry out the intention: leave, sign, or stay."""
        model: AlignmentModel = self.model
        if self.has_reviewed:
            entries.conclude(*model.arrays, self.index, self._intention, model.month_index)

    def concede(self) -> None:
        """Let providers improve the terms on the table after a review."""
        model: AlignmentModel = self.model
        if self.has_reviewed:
            entries.concede(model.draw, model.state, self.index)

    def lapse(self) -> None:
        """End invitations left unanswered for too long."""
        model: AlignmentModel = self.model
        entries.lapse(model.draw, model.state, self.index, model.month_index)

    def advance(self) -> None:
        """Advance the country's commitments by a month."""
        model: AlignmentModel = self.model
        entries.advance(*model.arrays, self.index, model.month_index)

    def relax(self) -> None:
        """Let concern relax toward its baseline."""
        model: AlignmentModel = self.model
        entries.relax(*model.arrays, self.index)


class ProviderAgent(mesa.Agent):
    """A provider: it invites countries to its offers.

    Attributes
    ----------
    key : str
        The provider's key in the scenario.
    offers : tuple of int
        Indices of its offers.
    """

    def __init__(self, model: AlignmentModel, key: str, offers: tuple[int, ...]) -> None:
        super().__init__(model)
        self.key = key
        self.offers = offers

    def invite(self) -> None:
        """Invite to each offer, as slots and pace allow."""
        model: AlignmentModel = self.model
        for o in self.offers:
            entries.invite(*model.arrays, o, model.month_index)


class AlignmentModel(mesa.Model):
    """One future of a scenario as a Mesa model.

    Parameters
    ----------
    scenario : Scenario or Built
        A validated scenario, or one that is built already.
    seed : int
        Seed of the keyed random numbers, 0 to 2**32 - 1.
    replicate : int
        Which future of the ensemble with this seed, 0 to 999,999.
    facts : Facts, optional
        The shipped facts unless others are given.

    Raises
    ------
    InputError
        If `seed` or `replicate` is not whole or out of range, or `scenario` is not a loaded one.

    Attributes
    ----------
    countries, providers : AgentSet
        The agents. Subclass `AlignmentModel` and set `country_class` or `provider_class` to use
        agents of your own.
    datacollector : mesa.DataCollector
        Model reporters: month and the number of countries on each path; agent reporter: path.

    Examples
    --------
    >>> from sim.scenario import load_scenario
    >>> model = AlignmentModel(load_scenario("baseline"), seed=1, replicate=0)
    >>> model.step()
    >>> model.month, len(model.countries)
    ('2025-05', 194)
    """

    country_class: type[CountryAgent] = CountryAgent
    provider_class: type[ProviderAgent] = ProviderAgent

    def __init__(
        self,
        scenario: Scenario | Built,
        seed: int = 1,
        replicate: int = 0,
        facts: Facts | None = None,
    ) -> None:
        check_future(seed, replicate)
        check_extras(facts)
        if not isinstance(scenario, Built):
            check_scenario(scenario)
        # Mesa's own generator orders nothing here; it is seeded so that subclasses may use it.
        super().__init__(rng=np.random.default_rng([int(seed), int(replicate)]))
        self.built = scenario if isinstance(scenario, Built) else build_world(scenario, facts)
        self.axes = self.built.axes
        self.world = self.built.world
        self.draw = future(self.built, seed, replicate)
        self.state = make_state(
            len(self.axes.country),
            len(self.axes.path),
            len(self.axes.offer),
            len(self.axes.provider),
            N_TERMS,
        )
        self.month_index = 0
        self.month = ""
        entries.start(*self.arrays)
        countries = [self.country_class(self, c, i) for i, c in enumerate(self.axes.country)]
        owners = self.axes.offer_provider
        providers = [
            self.provider_class(self, key, tuple(o for o, own in enumerate(owners) if own == key))
            for key in self.axes.provider
        ]
        self.countries = AgentSet(countries, random=self.random)
        self.providers = AgentSet(providers, random=self.random)
        self.datacollector = mesa.DataCollector(
            model_reporters={"month": "month", **{p: self._counter(p) for p in self.axes.path}},
            agenttype_reporters={self.country_class: {"iso3": "iso3", "path": "path"}},
        )

    @property
    def arrays(self) -> tuple[Any, Any, Any]:
        """World, draw and state: the first arguments of every step of the rule."""
        return self.world, self.draw, self.state

    def _counter(self, path: str) -> Any:
        k = self.axes.path.index(path)
        return lambda model: int(model.state.path_count[k])

    def step(self) -> None:
        """Carry the model through one month, in the documented order; stop after the last."""
        if self.month_index >= self.world.n_months:
            self.running = False
            return
        self.month = self.axes.month[self.month_index]
        entries.apply_events(*self.arrays, self.month_index)
        self.providers.do("invite")
        for phase in ("review", "conclude", "concede", "lapse", "advance", "relax"):
            self.countries.do(phase)
        self.datacollector.collect(self)
        self.month_index += 1
        self.running = self.month_index < self.world.n_months
