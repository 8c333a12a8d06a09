"""What a lever or a scenario moves: how many partners, who, when, and how much."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from scipy import stats

from sim.analysis.standing import Count, count, partners_by_month
from sim.analysis.summary.kinds import data_centre_paths, with_data_centre_by_month
from sim.experiment.outcomes import horizon_outcomes, is_committed, offers_of
from sim.model.ensemble import run_ensemble
from sim.scenario import split_address

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from sim.model.ensemble import Ensemble
    from sim.scenario import Scenario


class Effect(NamedTuple):
    """What changes for one provider from one run to another; changes are the second less the first.

    Attributes
    ----------
    cause, provider : str
        The lever or scenario that makes the change, and the provider looked at.
    partners, large, contracted_mw, rivals : Count
        Of the provider at the end: its partners, those of them with a data centre of its own, its
        megawatts; and the partners of all others together.
    order : float
        Rank correlation of countries' probabilities of being with the provider, between both runs.
    months : float
        By how many months the median first signature comes later.
    most : str
        ISO3 code of the country whose probability of being with the provider, or of a data centre
        of its own, changes most.
    most_change : float
        By how much, -1 to 1.
    most_is_large : bool
        Whether that is the probability of a data centre.
    """

    cause: str
    provider: str
    partners: Count
    large: Count
    contracted_mw: Count
    rivals: Count
    order: float
    months: float
    most: str
    most_change: float
    most_is_large: bool


def provider_of(target: str) -> str:
    """Return the provider whose number stands at an address.

    Examples
    --------
    >>> provider_of("providers.us.backing"), provider_of("corporate_ties.KOR.us")
    ('us', 'us')
    """
    parts = split_address(target)
    return parts[2] if parts[0] == "corporate_ties" else parts[1]


def _contracted(ensemble: Ensemble, provider: str) -> NDArray[np.float64]:
    (found,) = [
        outcome.values
        for outcome in horizon_outcomes(ensemble)
        if outcome.key == (provider, "", "contracted_mw")
    ]
    return np.asarray(found, np.float64)


def _first_month(ensemble: Ensemble, provider: str) -> float:
    """Return the median month of first signatures with the provider, over countries and futures."""
    months = ensemble.month_signed[:, :, offers_of(ensemble.axes, provider)].astype(float)
    months = np.where(months < 0, np.inf, months).min(axis=2)
    signed = months[np.isfinite(months)]
    return float(np.median(signed)) if signed.size else float("nan")


def lever_effects(scenario: Scenario, replicates: int = 400, seed: int = 1) -> list[Effect]:
    """Return what each lever of a scenario does from end to end, on common random numbers."""
    found = []
    for name, lever in scenario.levers.items():
        low, high = (
            run_ensemble(scenario.with_levers({name: end}), replicates=replicates, seed=seed)
            for end in (lever.low, lever.high)
        )
        found.append(effect(name, provider_of(lever.target), low, high))
    return found


def scenario_effects(
    base: Scenario, others: Iterable[Scenario], replicates: int = 400, seed: int = 1
) -> list[Effect]:
    """Return what each scenario changes for each provider of its base, on common random numbers.

    Parameters
    ----------
    base : Scenario
        What they are compared with.
    others : iterable of Scenario
        Of the same months, with the providers of the base at least.
    """
    before = run_ensemble(base, replicates=replicates, seed=seed)
    found = []
    for other in others:
        after = run_ensemble(other, replicates=replicates, seed=seed)
        found += [effect(other.name, provider, before, after) for provider in base.providers]
    return found


def effect(cause: str, provider: str, before: Ensemble, after: Ensemble) -> Effect:
    """Return what changes for a provider from one run to another of equal futures.

    Parameters
    ----------
    cause : str
        What makes the difference, for the reader.
    provider : str
        A provider of both runs.
    before, after : Ensemble
        Of the same months, seed and number of futures.

    Raises
    ------
    ValueError
        If no country is in both runs.
    """
    size = before.futures_per_draw
    codes = [code for code in before.axes.country if code in set(after.axes.country)]
    if not codes:
        raise ValueError("no country is in both runs")
    shares = [
        _share_of(each, is_committed(each, each.axes.provider.index(provider)), codes)
        for each in (before, after)
    ]
    large = [
        _share_of(each, data_centre_paths(each, provider)[each.final_path], codes)
        for each in (before, after)
    ]
    change = np.stack([shares[1] - shares[0], large[1] - large[0]])
    kind, most = np.unravel_index(np.abs(change).argmax(), change.shape)

    def counts(of: Callable[[Ensemble], NDArray[Any]]) -> Count:
        return count(of(after), of(before), size)

    return Effect(
        cause=cause,
        provider=provider,
        partners=counts(lambda each: _partners(each, [provider])),
        large=counts(lambda each: with_data_centre_by_month(each, provider)[:, -1]),
        contracted_mw=counts(lambda each: _contracted(each, provider)),
        rivals=counts(lambda each: _partners(each, {*each.axes.provider} - {provider})),
        order=float(stats.spearmanr(shares[0], shares[1]).statistic),
        months=_first_month(after, provider) - _first_month(before, provider),
        most=codes[most],
        most_change=float(change[kind, most]),
        most_is_large=bool(kind),
    )


def _share_of(
    ensemble: Ensemble, holds: NDArray[np.bool_], codes: Sequence[str]
) -> NDArray[np.float64]:
    """Return the share of futures in which it holds, of (R, n), for some countries, 0-1."""
    rows = [ensemble.axes.country.index(code) for code in codes]
    return np.asarray(holds.mean(axis=0)[rows], np.float64)


def _partners(ensemble: Ensemble, providers: Iterable[str]) -> NDArray[np.int64]:
    """Return how many partners some providers have at the end, summed, (R,)."""
    found = np.zeros(ensemble.path_count.shape[0], np.int64)
    for provider in providers:
        found += partners_by_month(ensemble, provider)[:, -1]
    return found
