"""What all futures say about a country and what a provider offers it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.explanation.all_futures.decisions import ENDS, HAS, Decision, holds_any
from sim.analysis.explanation.all_futures.distinguishing import Distinction, distinctions
from sim.analysis.shared.estimates import Estimate, estimates
from sim.experiment.intervals import Probability, probability
from sim.experiment.outcomes import can_commit
from sim.experiment.probability_interval import probability_interval
from sim.experiment.tables.countries import commitment_probability
from sim.model.ensemble import as_rows
from sim.words.text import with_article
from sim.words.titles import country_names, path_title, provider_name

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.model.ensemble import Ensemble
    from sim.model.world.building import Built

    Array = NDArray[np.float64]


@dataclass(frozen=True)
class Seen:
    """What all futures say about a country and what a provider offers it.

    Parameters
    ----------
    built : Built
    ensemble : Ensemble
        The same futures.
    i : int
        The country.
    offers : tuple of int
        What is asked about: the offers of one provider, or one of them.
    t : int or None
        The month that is looked at; None: in each future that in which it decides.
    decisions : tuple of Decision
        One a future.
    barred : tuple of str
        If it is never asked, what stands in the way of each offer, in the first future at its end.
    """

    built: Built
    ensemble: Ensemble
    i: int
    offers: tuple[int, ...]
    t: int | None
    decisions: tuple[Decision, ...]
    barred: tuple[str, ...] = ()

    @property
    def country(self) -> str:
        """Code of the country."""
        return self.built.axes.country[self.i]

    @property
    def name(self) -> str:
        """The country, as readers know it."""
        return country_names()[self.country]

    @property
    def provider(self) -> str:
        """The provider that is asked about."""
        return self.built.axes.offer_provider[self.offers[0]]

    @property
    def is_of_provider(self) -> bool:
        """Whether all offers of the provider are asked about, and not one of several."""
        return len(self.offers) == self.built.axes.offer_provider.count(self.provider)

    @property
    def partner(self) -> str:
        """What is asked about, in the form it has in a sentence."""
        who = with_article(provider_name(self.built.scenario, self.provider))
        if self.is_of_provider:
            return who
        return f"{who} ({self.built.axes.offer_key[self.offers[0]].replace('_', ' ')})"

    @property
    def happens(self) -> NDArray[np.bool_]:
        """Whether it ends with one of the offers, in each future, shape (R,)."""
        return np.array([each.end == HAS for each in self.decisions])

    @cached_property
    def chance(self) -> Probability:
        """Probability that it ends with one of the offers; see `sim.experiment.intervals`."""
        if self.is_of_provider:
            found = commitment_probability(
                self.ensemble, self.built.axes.provider.index(self.provider)
            )
        else:
            holds = holds_any(self.built, self.offers)
            found = probability(
                holds[self.ensemble.final_path],
                self.ensemble.futures_per_draw,
                bool(self.ensemble.number_names),
                can_commit(as_rows(self.ensemble), self.offers)[:, 0],
            )
        parts = (found.mean, found.low, found.high, found.standard_error)
        return Probability(*(np.asarray(part[self.i]) for part in parts))

    @property
    def interval(self) -> tuple[float, float]:
        """90 % interval of `chance`, uncertain numbers and Monte Carlo error combined."""
        found = self.chance
        low, high = probability_interval(found.mean, found.low, found.high, found.standard_error)
        return float(low), float(high)

    @cached_property
    def ends(self) -> dict[str, float]:
        """Share of futures by how it stands at the end."""
        every = [each.end for each in self.decisions]
        return {end: every.count(end) / len(every) for end in ENDS}

    def share(self, what: Callable[[Decision], bool]) -> float:
        """Return the share of futures of which something holds."""
        return float(np.mean([what(each) for each in self.decisions]))

    def reasons(self, happens: bool | None = None) -> dict[str, Estimate]:
        """Return what each term adds to having one of the offers, against not.

        Parameters
        ----------
        happens : bool, optional
            Only futures that end so; all unless given.

        Returns
        -------
        dict
            Mean over futures, utility, by term; empty without such futures.
        """
        chosen = [r for r, ends in enumerate(self.happens) if happens is None or ends == happens]
        if not chosen:
            return {}
        differences = np.array(
            [
                self.decisions[r].term[self.decisions[r].with_path]
                - self.decisions[r].term[self.decisions[r].without_path]
                for r in chosen
            ]
        )
        # Some futures of a draw may be left out, so each is a unit of its own then.
        size = self.ensemble.futures_per_draw if happens is None else 1
        return dict(zip(self.built.axes.term, estimates(differences, size), strict=True))

    @cached_property
    def mean_terms(self) -> Array:
        """Mean of each term of each path less that of waiting, utility, shape (K, terms)."""
        terms = np.array([each.term for each in self.decisions])
        return np.asarray((terms - terms[:, :1]).mean(axis=0))

    @property
    def share_open(self) -> Array:
        """Share of futures in which each path is open to it, shape (K,)."""
        return np.asarray(np.mean([each.is_open for each in self.decisions], axis=0))

    @cached_property
    def distinctions(self) -> list[Distinction]:
        """What distinguishes the futures in which it ends with one of the offers, best first."""
        return distinctions(self.built, self.ensemble, self.decisions)

    def path_title(self, path: int) -> str:
        """Return the title of a path."""
        return path_title(self.built.axes.path[path], self.built.scenario)
