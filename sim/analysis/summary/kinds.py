"""Partners of a provider by kind: with a data centre, or by a light agreement.

An offer builds a data centre if its terms say so (``data_centre_mw_max`` above zero), whatever its
name; this is how the model tells the kinds apart too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.analysis.standing import Count, count, partners_by_month
from sim.experiment.intervals import probability
from sim.experiment.outcomes import can_commit, offers_of
from sim.experiment.probability_interval import probability_interval
from sim.model.ensemble import as_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.analysis.shown import Shown
    from sim.analysis.standing import Group
    from sim.model.ensemble import Ensemble
    from sim.scenario.schema.offers import Offer

Array = NDArray[np.float64]


def builds_data_centre(offer: Offer) -> bool:
    """Return whether an offer builds a data centre, by its terms."""
    return offer.data_centre_mw_max > 0


def data_centre_offers(ensemble: Ensemble, provider: str) -> list[int]:
    """Return the indices of a provider's offers that build a data centre."""
    offers = list(ensemble.scenario.offers.values())
    own = offers_of(ensemble.axes, provider)
    return [o for o in own if builds_data_centre(offers[o])]


def paths_holding(ensemble: Ensemble, offers: Sequence[int]) -> NDArray[np.bool_]:
    """Return which paths hold at least one of some offers, (K,)."""
    names = {ensemble.axes.offer[o] for o in offers}
    return np.array([bool(names & set(held)) for held in ensemble.axes.path_offers], np.bool_)


def data_centre_paths(ensemble: Ensemble, provider: str) -> NDArray[np.bool_]:
    """Return which paths hold an offer of a provider that builds a data centre, (K,)."""
    return paths_holding(ensemble, data_centre_offers(ensemble, provider))


def with_data_centre_by_month(ensemble: Ensemble, provider: str) -> NDArray[np.int64]:
    """Return the partners of a provider with a data centre at each month's end, (R, T)."""
    chosen = data_centre_paths(ensemble, provider)
    return np.asarray(ensemble.path_count[:, :, chosen].sum(axis=2), np.int64)


def country_data_centres(ensemble: Ensemble, provider: str) -> NDArray[np.int64]:
    """Return in how many futures each country has a provider's data centre, by month, (n, T)."""
    chosen = data_centre_paths(ensemble, provider)
    return np.asarray(ensemble.country_path[:, chosen].sum(axis=1), np.int64)


@dataclass(frozen=True)
class Kinds:
    """Partners of a provider at the end, in all and by kind, each with its change from B."""

    all: Count
    with_data_centre: Count
    light: Count


def partners_by_kind(shown: Shown, provider: str) -> Kinds:
    """Return how many countries end with a provider, in all and by kind."""
    sides = [shown.ensemble, *([] if shown.other is None else [shown.other])]
    totals = [partners_by_month(side, provider)[:, -1] for side in sides]
    large = [with_data_centre_by_month(side, provider)[:, -1] for side in sides]
    light = [total - own for total, own in zip(totals, large, strict=True)]
    size = shown.ensemble.futures_per_draw
    found = (count(own, next(iter(others), None), size) for own, *others in (totals, large, light))
    return Kinds(*found)


def group_with_data_centre(ensemble: Ensemble, group: Group) -> NDArray[np.int64]:
    """Return how many countries of a provider's group end with its data centre, (R,)."""
    chosen = data_centre_paths(ensemble, group.key)
    own = [k for k in group.paths if chosen[k]]
    return np.asarray(ensemble.path_count[:, -1][:, own].sum(axis=1), np.int64)


@dataclass(frozen=True)
class Chance:
    """A probability of each country with the ends of its 90 % interval, (n,) each."""

    p: Array
    low: Array
    high: Array


def chance_of_holding(ensemble: Ensemble, offers: Sequence[int]) -> Chance:
    """Return the probability that each country ends with at least one of some offers."""
    happens = paths_holding(ensemble, offers)[ensemble.final_path]
    is_open = can_commit(as_rows(ensemble), offers)[:, 0]
    found = probability(happens, ensemble.futures_per_draw, bool(ensemble.number_names), is_open)
    ends = probability_interval(found.mean, found.low, found.high, found.standard_error)
    return Chance(found.mean, *ends)
