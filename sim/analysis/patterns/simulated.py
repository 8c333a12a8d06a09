"""The statistics of patterns on simulated futures: from a run to one value for each future."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.patterns.groups import treaty_allies, weak_and_near
from sim.analysis.patterns.statistics import (
    clustering,
    difference_of_means,
    late_or_both,
    months_between,
    s_shape,
    share_difference,
)
from sim.experiment.outcomes import offers_of, path_membership

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.analysis.patterns.simulations import Simulations
    from sim.model.ensemble import Ensemble

    Array = NDArray[np.float64]
    Bools = NDArray[np.bool_]

US, CHINA, EUROPE = "us", "china", "europe"
BUILDS = "infrastructure"  # key of the offers with a data centre
WINDOW_MONTHS = 24  # over which a shock is followed


def months_joined(ensemble: Ensemble, offers: Sequence[int]) -> NDArray[np.int64]:
    """Return the first month in which each country signs one of some offers, (R, n); -1: never."""
    month = ensemble.month_signed[:, :, list(offers)].astype(np.int64)
    never = ensemble.path_count.shape[1]
    first = np.where(month >= 0, month, never).min(axis=2)
    return np.where(first < never, first, -1)


def _partners(ensemble: Ensemble, provider: str) -> NDArray[np.int64]:
    return months_joined(ensemble, offers_of(ensemble.axes, provider))


def _is_open(ensemble: Ensemble, provider: str) -> Bools:
    """Return which countries an offer of a provider admits, (n,)."""
    own = offers_of(ensemble.axes, provider)
    return np.asarray(ensemble.eligible[:, own].any(axis=1))


def _allies(ensemble: Ensemble, *providers: str) -> Bools:
    """Return which countries a defence treaty binds to a home of the providers, (n,)."""
    homes = [home for name in providers for home in ensemble.scenario.homes[name]]
    axes = ensemble.axes
    return treaty_allies(ensemble.facts, axes.country, homes, axes.month[0])


def _holds_both(ensemble: Ensemble) -> Bools:
    """Return which countries end with offers of two providers, (R, n)."""
    holds_two = path_membership(ensemble).sum(axis=1) > 1
    return np.asarray(holds_two[ensemble.final_path])


def uptake(simulations: Simulations, provider: str) -> Array:
    """Return the shape of the uptake of a provider's offers, (R,); see `s_shape`."""
    return s_shape(_partners(simulations.baseline, provider))


def regional_clustering(simulations: Simulations, provider: str) -> Array:
    """Return how far partners of a provider cluster in regions, (R,); see `clustering`."""
    ensemble = simulations.baseline
    is_open = _is_open(ensemble, provider)
    codes = list(ensemble.axes.country)
    region = ensemble.facts.countries.loc[codes, "un_subregion"].to_numpy(str)
    return clustering(_partners(ensemble, provider)[:, is_open] >= 0, region[is_open])


def allies_early(simulations: Simulations) -> Array:
    """Return the mean month in which American allies join less that of others, (R,)."""
    ensemble = simulations.baseline
    allies = _allies(ensemble, US)
    return months_between(_partners(ensemble, US), allies, ~allies)


def non_aligned_late_or_both(simulations: Simulations) -> Array:
    """Return how much more often non-aligned partners come late or hold both, (R,)."""
    ensemble = simulations.baseline
    month, both = _partners(ensemble, US), _holds_both(ensemble)
    allies = _allies(ensemble, US)
    compared = allies | ~_allies(ensemble, CHINA)
    return late_or_both(month[:, compared], both[:, compared], allies[compared])


def hedging(simulations: Simulations) -> Array:
    """Return the share of countries outside the blocs that end with offers of both, (R,)."""
    ensemble = simulations.baseline
    outside = ~_allies(ensemble, US, CHINA)
    return np.asarray(_holds_both(ensemble)[:, outside].mean(axis=1))


def democracies_join(simulations: Simulations) -> Array:
    """Return how much more democratic signatories of declarations are, mean over these, (R,)."""
    found = []
    for built, answers, futures in simulations.declarations:
        democracy = built.features.country.loc[list(futures.country), "democracy"].to_numpy()
        joined = futures.month_joined >= 0
        asked = answers.is_scored
        found.append(difference_of_means(democracy, joined & asked, ~joined & asked))
    return _mean_of_known(np.array(found))


def _mean_of_known(values: Array) -> Array:
    """Return the mean down columns of what is not NaN; NaN where all are."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # all NaN: NaN is the answer
        return np.asarray(np.nanmean(values, axis=0))


def weak_states_accept(simulations: Simulations) -> Array:
    """Return how much more often weak states near China sign its data centres, (R,)."""
    ensemble = simulations.baseline
    axes, features = ensemble.axes, ensemble.features
    build = axes.offer.index(f"{CHINA}_{BUILDS}")
    is_open = ensemble.eligible[:, build]
    codes = list(axes.country)
    chosen = weak_and_near(
        features.country.loc[codes, "gdp_usd"].to_numpy(),
        features.affinity.loc[codes, CHINA].to_numpy(),
        is_open,
    )
    signed = months_joined(ensemble, [build]) >= 0
    return share_difference(signed, chosen[None], (is_open & ~chosen)[None])


def _window(ensemble: Ensemble, first: str) -> tuple[int, int]:
    """Return the first and the last month index of the window after a shock."""
    begin = ensemble.axes.month.index(first)
    return begin, begin + WINDOW_MONTHS - 1


def _n_new_partners(ensemble: Ensemble, provider: str, first: str) -> Array:
    month = _partners(ensemble, provider)
    begin, end = _window(ensemble, first)
    return np.asarray(((month >= begin) & (month <= end)).sum(axis=1), np.float64)


def shock_slows(simulations: Simulations) -> Array:
    """Return the change in new American partners in the window after the shock, (R,)."""
    month = simulations.shock_month
    with_shock = _n_new_partners(simulations.shocked, US, month)
    return with_shock - _n_new_partners(simulations.baseline, US, month)


def _n_elsewhere(ensemble: Ensemble, first: str) -> Array:
    """Return the countries with sovereign AI or a European offer at the window's end."""
    axes = ensemble.axes
    pairs = zip(axes.path_has_own, axes.path_providers, strict=True)
    chosen = np.array([has_own or EUROPE in held for has_own, held in pairs])
    _, end = _window(ensemble, first)
    return np.asarray(ensemble.path_count[:, end, chosen].sum(axis=1), np.float64)


def shock_shifts(simulations: Simulations) -> Array:
    """Return the change in countries with sovereign AI or a European offer, (R,)."""
    month = simulations.shock_month
    with_shock = _n_elsewhere(simulations.third_shocked, month)
    return with_shock - _n_elsewhere(simulations.third, month)


def reversals_where_dear(simulations: Simulations) -> Array:
    """Return how much dearer power is where suppliers give up data centres, rank 0-1, (R,)."""
    ensemble = simulations.baseline
    axes = ensemble.axes
    builds = [o for o, key in enumerate(axes.offer_key) if key == BUILDS]
    given_up = np.asarray(simulations.supplier_exits[:, builds].any(axis=1))
    kept = (months_joined(ensemble, builds) >= 0) & ~given_up
    price = ensemble.features.country.loc[list(axes.country), "power_price_rank"].to_numpy()
    return difference_of_means(price, given_up, kept)
