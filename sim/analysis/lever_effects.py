"""What each lever moves from one end of its range to the other: how many, who, when, how much."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import stats

from sim.analysis.standing import Count, count, partners_by_month
from sim.experiment.outcomes import horizon_outcomes, is_committed, offers_of
from sim.model.ensemble import run_ensemble
from sim.scenario import split_address

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.model.ensemble import Ensemble
    from sim.scenario import Scenario


class LeverEffect(NamedTuple):
    """What a lever does from its low to its high end; changes are high less low.

    Attributes
    ----------
    lever, provider : str
        The lever, and the provider whose number it moves.
    partners, large, contracted_mw, rivals : Count
        Of the provider at the end: its partners, those of them with a data centre of its own, its
        megawatts; and the partners of all others together.
    order : float
        Rank correlation of countries' probabilities of being with the provider, between both ends.
    months : float
        By how many months the median first signature comes later.
    most : str
        ISO3 code of the country whose probability changes most.
    most_change : float
        By how much, -1 to 1.
    """

    lever: str
    provider: str
    partners: Count
    large: Count
    contracted_mw: Count
    rivals: Count
    order: float
    months: float
    most: str
    most_change: float

    @property
    def is_felt(self) -> bool:
        """Whether some number, or some country, moves beyond the error of counting."""
        counts = (self.partners, self.large, self.contracted_mw, self.rivals)
        return any(each.is_clear for each in counts)


def provider_of(target: str) -> str:
    """Return the provider whose number stands at an address.

    Examples
    --------
    >>> provider_of("providers.us.backing"), provider_of("corporate_ties.KOR.us")
    ('us', 'us')
    """
    parts = split_address(target)
    return parts[2] if parts[0] == "corporate_ties" else parts[1]


def _large(ensemble: Ensemble, provider: str) -> NDArray[np.int64]:
    """Return countries with a data centre of the provider under contract at the end, (R,)."""
    offers = list(ensemble.scenario.offers.values())
    chosen = [o for o in offers_of(ensemble.axes, provider) if offers[o].data_centre_mw_max > 0]
    names = {ensemble.axes.offer[o] for o in chosen}
    holds = [bool(names & set(held)) for held in ensemble.axes.path_offers]
    return np.asarray(ensemble.path_count[:, -1][:, holds].sum(axis=1), np.int64)


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


def lever_effects(scenario: Scenario, replicates: int = 400, seed: int = 1) -> list[LeverEffect]:
    """Return what each lever of a scenario does from end to end, on common random numbers."""
    found = []
    for name, lever in scenario.levers.items():
        ends = [
            run_ensemble(scenario.with_levers({name: end}), replicates=replicates, seed=seed)
            for end in (lever.low, lever.high)
        ]
        found.append(_effect(name, provider_of(lever.target), *ends))
    return found


def _effect(name: str, provider: str, low: Ensemble, high: Ensemble) -> LeverEffect:
    size = low.futures_per_draw
    p = low.axes.provider.index(provider)
    shares = [is_committed(each, p).mean(axis=0) for each in (low, high)]
    change = shares[1] - shares[0]
    most = int(np.abs(change).argmax())
    others = [other for other in low.axes.provider if other != provider]

    def partners(ensemble: Ensemble, *providers: str) -> NDArray[np.int64]:
        counts = [partners_by_month(ensemble, each)[:, -1] for each in providers]
        return np.asarray(np.sum(counts, axis=0), np.int64)

    return LeverEffect(
        lever=name,
        provider=provider,
        partners=count(partners(high, provider), partners(low, provider), size),
        large=count(_large(high, provider), _large(low, provider), size),
        contracted_mw=count(_contracted(high, provider), _contracted(low, provider), size),
        rivals=count(partners(high, *others), partners(low, *others), size),
        order=float(stats.spearmanr(*shares).statistic),
        months=_first_month(high, provider) - _first_month(low, provider),
        most=low.axes.country[most],
        most_change=float(change[most]),
    )
